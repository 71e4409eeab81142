"""The page's own HTTP API: what it shows and what people do on it."""

import json
from pathlib import Path

from aiohttp import web

from sandbox.acting import Acting
from sandbox.addons import Addon
from sandbox.directs import app_dm
from sandbox.errors import Json
from sandbox.modals import Modals
from sandbox.outcome import Outcome, refused
from sandbox.page_shapes import page_channel, page_message, page_user
from sandbox.seed import User
from sandbox.state import Conversation
from sandbox.uploads import LARGEST_CHOSEN_FILE, keep_file
from sandbox.workspace import Workspace

PAGE_FOLDER = Path(__file__).parent / "page"
_MOST_MESSAGES = 100


class PageApi:
    """Routes below `/page/`, and the page itself."""

    def __init__(self, workspace: Workspace, acting: Acting, modals: Modals, addons: list[Addon]) -> None:
        self._workspace = workspace
        self._acting = acting
        self._modals = modals
        self._addons = addons

    def add_to(self, application: web.Application) -> None:
        """Serve everything."""
        router = application.router
        router.add_get("/", _index)
        if PAGE_FOLDER.is_dir():
            application.add_subapp("/page/static/", _static_files())
        router.add_get("/page/state", self._state)
        router.add_get("/page/messages", self._messages)
        router.add_get("/page/home", self._home)
        router.add_get("/page/live", self._live)
        router.add_post("/page/message", self._message)
        router.add_post("/page/command", self._command)
        router.add_post("/page/action", self._action)
        router.add_post("/page/submit", self._submit)
        router.add_post("/page/close", self._close)
        router.add_post("/page/shortcut", self._shortcut)
        router.add_post("/page/suggest", self._suggest)
        router.add_post("/page/open", self._open)
        router.add_post("/page/read", self._read)
        router.add_post("/page/upload", self._upload)

    def _actor(self, user_id: object) -> User:
        """Return who acts, or end the request."""
        user = self._workspace.user(user_id)
        if user is None or user.deleted or user.is_bot:
            raise web.HTTPNotFound(
                text=json.dumps({"ok": False, "error": "user_not_found"}), content_type="application/json"
            )
        return user

    def _anybody(self) -> str | None:
        """Return the first person who can act, for a page whose address names nobody that can."""
        people = map(self._workspace.user, self._workspace.state.users)
        return next((one.id for one in people if one is not None and not one.deleted and not one.is_bot), None)

    async def _given(self, request: web.Request) -> tuple[User, Json]:
        try:
            given = await request.json()
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise web.HTTPBadRequest(
                text=json.dumps({"ok": False, "error": "invalid_json"}), content_type="application/json"
            )
        return self._actor(given.get("as")), given

    async def _state(self, request: web.Request) -> web.Response:
        try:
            user = self._actor(request.query.get("as"))
        except web.HTTPNotFound:
            user = self._actor(self._anybody())
        workspace, app = self._workspace, self._workspace.seed.app
        app_dm(workspace, user.id)
        people = [person for user_id in workspace.state.users if (person := workspace.user(user_id))]
        mine = [one for one in workspace.state.conversations.values() if user.id in one.members]
        return web.json_response(
            {
                "team": {
                    "id": workspace.seed.team.id,
                    "name": workspace.seed.team.name,
                    "domain": workspace.seed.team.domain,
                },
                "now": workspace.now().isoformat(),
                "me": {"user": page_user(user, workspace)},
                "users": [page_user(person, workspace) for person in people],
                "channels": [page_channel(one, user.id, workspace) for one in mine],
                "commands": [
                    {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
                    for one in app.commands
                ],
                "shortcuts": [
                    {"name": one.name, "callback_id": one.callback_id, "type": one.type} for one in app.shortcuts
                ],
                "addons": [{"script": addon.script_url} for addon in self._addons],
                "app": {
                    "id": app.id,
                    "name": app.name,
                    "bot_user_id": app.bot_user_id,
                    "home_tab": app.home_tab,
                },
                "views": workspace.state.stacks.get(user.id, []),
                "connected": workspace.transport.connected,
            }
        )

    async def _messages(self, request: web.Request) -> web.Response:
        user = self._actor(request.query.get("as"))
        conversation = self._acting.place(user, request.query.get("channel", ""))
        if conversation is None:
            return _answer(refused("channel_not_found", "You are not in this conversation."))
        found = visible_messages(conversation, user.id, request.query.get("thread"))
        before = request.query.get("before")
        if before:
            found = [message for message in found if message["ts"] < before]
        page = found[-_MOST_MESSAGES:]
        return web.json_response({"messages": [page_message(one) for one in page], "has_more": len(found) > len(page)})

    async def _home(self, request: web.Request) -> web.Response:
        user = self._actor(request.query.get("as"))
        return web.json_response({"view": self._acting.open_home(user)})

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        user = self._actor(request.query.get("as"))
        return await self._workspace.hub.serve(user.id, request)

    async def _message(self, request: web.Request) -> web.Response:
        user, given = await self._given(request)
        channel, text = str(given.get("channel")), str(given.get("text") or "")
        return _answer(self._acting.say(user, channel, text, given.get("thread_ts") or None))

    async def _command(self, request: web.Request) -> web.Response:
        user, given = await self._given(request)
        words = str(given.get("text") or "")
        return _answer(await self._acting.command(user, str(given.get("channel")), str(given.get("command")), words))

    async def _action(self, request: web.Request) -> web.Response:
        user, given = await self._given(request)
        container: Json = given.get("container") or {}
        block_id, action_id = given.get("block_id"), str(given.get("action_id"))
        chosen: Json = given.get("element") or {}
        values = (given.get("state") or {}).get("values")
        if container.get("type") == "view":
            view_id = str(container.get("view_id"))
            return _answer(
                await self._acting.press_in_view(
                    user, view_id, block_id=block_id, action_id=action_id, chosen=chosen, state=values
                )
            )
        channel, ts = str(container.get("channel")), str(container.get("ts"))
        return _answer(
            await self._acting.press_in_message(
                user, channel, ts, block_id=block_id, action_id=action_id, chosen=chosen, state=values
            )
        )

    async def _submit(self, request: web.Request) -> web.Response:
        user, given = await self._given(request)
        values = (given.get("state") or {}).get("values") or {}
        return _answer(await self._modals.submit(user, str(given.get("view_id")), values))

    async def _close(self, request: web.Request) -> web.Response:
        user, given = await self._given(request)
        is_cleared = bool(given.get("is_cleared"))
        return _answer(await self._modals.close(user, str(given.get("view_id")), is_cleared=is_cleared))

    async def _shortcut(self, request: web.Request) -> web.Response:
        user, given = await self._given(request)
        callback_id = str(given.get("callback_id"))
        return _answer(await self._acting.shortcut(user, callback_id, given.get("channel"), given.get("ts") or None))

    async def _suggest(self, request: web.Request) -> web.Response:
        user, given = await self._given(request)
        outcome = await self._acting.suggest(
            user,
            given.get("container") or {},
            given.get("block_id"),
            str(given.get("action_id")),
            str(given.get("value") or ""),
        )
        return web.json_response(outcome.response) if outcome.ok else _answer(outcome)

    async def _open(self, request: web.Request) -> web.Response:
        """Take `{"channel": …}`, or `{"user": …}` for the DM with a person, which is made the first time."""
        user, given = await self._given(request)
        if "user" not in given:
            return _answer(self._acting.open_conversation(user, str(given.get("channel"))))
        found = self._acting.open_direct(user, str(given["user"]))
        if isinstance(found, Outcome):
            return _answer(found)
        return web.json_response({"ok": True, "channel": page_channel(found, user.id, self._workspace)})

    async def _read(self, request: web.Request) -> web.Response:
        user, given = await self._given(request)
        return _answer(self._acting.mark_read(user, str(given.get("channel"))))

    async def _upload(self, request: web.Request) -> web.Response:
        """Take a form with `as` and `file`: what a person chose in a `file_input`."""
        form = await request.post()
        user, chosen = self._actor(form.get("as")), form.get("file")
        if not isinstance(chosen, web.FileField):
            return _answer(refused("no_file_data", "There is no file to upload."))
        content = chosen.file.read()
        if len(content) > LARGEST_CHOSEN_FILE:
            return _answer(refused("file_too_large", f"{chosen.filename} is larger than 10 MB."))
        file = keep_file(self._workspace, user.id, chosen.filename, content)
        return web.json_response({"ok": True, "file": file})


def visible_messages(conversation: Conversation, reader: str, thread: str | None = None) -> list[Json]:
    """Return what a person sees of a channel or of one thread, ephemerals included, oldest first."""
    said = conversation.top_level() if not thread else conversation.thread(thread)
    whispered = [
        message
        for message in conversation.ephemerals.values()
        if message["to"] == reader and message.get("thread_ts") == (thread or None)
    ]
    return sorted([*said, *whispered], key=lambda message: str(message["ts"])) if whispered else said


def _answer(outcome: Outcome) -> web.Response:
    return web.json_response(outcome.body())


def _static_files() -> web.Application:
    """Return the page's own files, asked for anew each time: modules of two versions do not fit together."""

    async def ask_again(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Cache-Control"] = "no-cache"

    application = web.Application()
    application.router.add_static("/", PAGE_FOLDER)
    application.on_response_prepare.append(ask_again)
    return application


async def _index(_request: web.Request) -> web.StreamResponse:
    index = PAGE_FOLDER / "index.html"
    if not index.exists():
        return web.Response(text="The sandbox is running; its page is not installed.")
    return web.FileResponse(index, headers={"Cache-Control": "no-store"})
