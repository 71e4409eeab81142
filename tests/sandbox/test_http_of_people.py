"""The HTTP and WebSocket API that the page uses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Addon, Sandbox, Seed, User
from tests.sandbox.support import SEED, Connect, Json, actions, button, field, modal, plain, section


class Page:
    """The requests that the page makes for one person."""

    def __init__(self, session: aiohttp.ClientSession, base: str, user_id: str) -> None:
        self.session = session
        self.base = base
        self.user_id = user_id

    async def get(self, path: str, **query: str) -> Json:
        params = {"as": self.user_id, **query}
        async with self.session.get(f"{self.base}/page/{path}", params=params) as response:
            answer: Json = await response.json()
            return answer

    async def post(self, path: str, **body: Any) -> Json:
        given = {"as": self.user_id, **body}
        async with self.session.post(f"{self.base}/page/{path}", json=given) as response:
            answer: Json = await response.json()
            return answer

    @asynccontextmanager
    async def live(self) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
        async with self.session.ws_connect(f"{self.base}/page/live", params={"as": self.user_id}) as socket:
            yield socket


@pytest.fixture
async def ana(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(session, sandbox.url, "U0ANA")


async def heard(socket: aiohttp.ClientWebSocketResponse, kind: str) -> Json:
    """Return the next event of a kind."""
    while True:
        event: Json = await socket.receive_json(timeout=5)
        if event["type"] == kind:
            return event


async def test_the_state_holds_all_that_a_page_starts_with(ana: Page) -> None:
    state = await ana.get("state")
    assert state["team"]["name"] == "Nordlicht"
    assert state["me"]["user"]["initials"] == "AT"
    kinds = {channel["name"]: channel["kind"] for channel in state["channels"]}
    assert kinds == {
        "team": "channel",
        "open": "channel",
        "secret": "private",
        "old": "channel",
        "Test app": "app_dm",
    }
    assert state["commands"][0] == {
        "command": "/plan",
        "description": "Write a plan",
        "usage_hint": "[today]",
    }
    assert [shortcut["type"] for shortcut in state["shortcuts"]] == ["global", "message"]
    assert state["app"] == {"id": "A0APP", "name": "Test app", "bot_user_id": "U0BOT", "home_tab": True}
    assert state["connected"] is False
    assert state["views"] == []


async def test_nobody_acts_as_a_stranger_or_a_bot(ana: Page) -> None:
    for user_id in ("U0NOBODY", "U0OTHER", "U0GONE", "U0BOT"):
        ana.user_id = user_id
        assert (await ana.get("messages", channel="C0TEAM"))["error"] == "user_not_found"
        assert (await ana.post("message", channel="C0TEAM", text="x"))["error"] == "user_not_found"
        assert (await ana.get("state"))["me"]["user"]["id"] == "U0ANA"


async def test_a_page_without_a_person_is_the_first_who_can_act(ana: Page, sandbox: Sandbox) -> None:
    async with ana.session.get(f"{sandbox.url}/page/state") as response:
        assert (await response.json())["me"]["user"]["id"] == "U0ANA"
    sandbox.admin.deactivate("U0ANA")
    async with ana.session.get(f"{sandbox.url}/page/state") as response:
        assert (await response.json())["me"]["user"]["id"] == "U0BEN"


async def test_where_nobody_can_act_the_page_is_told(ana: Page) -> None:
    seed = Seed(users=[User(id="U0ROBOT", name="robot", is_bot=True)], channels=[])
    async with Sandbox(seed) as empty:
        ana.base = empty.url
        assert (await ana.get("state"))["error"] == "user_not_found"


async def test_a_dm_is_opened_for_two_and_found_again(ana: Page, sandbox: Sandbox) -> None:
    ben = Page(ana.session, sandbox.url, "U0BEN")
    async with ben.live() as socket:
        opened = await ana.post("open", user="U0BEN")
        heard_of = (await heard(socket, "channel"))["channel"]
    assert opened["ok"]
    assert (opened["channel"]["kind"], opened["channel"]["user"]) == ("dm", "U0BEN")
    assert (heard_of["id"], heard_of["user"]) == (opened["channel"]["id"], "U0ANA")
    assert (await ben.post("open", user="U0ANA"))["channel"]["id"] == opened["channel"]["id"]
    assert (await ana.post("message", channel=opened["channel"]["id"], text="Hello"))["ok"]
    found = (await ben.post("open", user="U0ANA"))["channel"]
    assert found["unread"] == 1
    assert (await ana.post("open", user="U0BOT"))["channel"]["kind"] == "app_dm"
    assert (await ana.post("open", user="U0ANA"))["channel"]["user"] == "U0ANA"
    assert (await ana.post("open", user="U0NOBODY"))["error"] == "user_not_found"
    assert (await ana.post("open", user="U0GONE"))["error"] == "user_disabled"
    assert not [one for one in sandbox.deliveries if one.payload.get("event", {}).get("type") == "app_home_opened"]


async def upload(page: Page, name: str, content: bytes) -> Json:
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("as", page.user_id)
    form.add_field("file", BytesIO(content), filename=name)
    async with page.session.post(f"{page.base}/page/upload", data=form) as response:
        answer: Json = await response.json()
        return answer


async def test_a_chosen_file_is_in_the_workspace(ana: Page, client: AsyncWebClient) -> None:
    file = (await upload(ana, "The plan.TXT", b"one"))["file"]
    assert (file["name"], file["filetype"], file["size"], file["user"]) == ("The plan.TXT", "txt", 3, "U0ANA")
    assert (await client.files_info(file=file["id"]))["file"] == file
    async with ana.session.get(file["url_private"]) as response:
        assert await response.read() == b"one"
    assert (await upload(ana, "large", b"x" * (10 * 1024 * 1024 + 1)))["error"] == "file_too_large"
    async with ana.session.post(f"{ana.base}/page/upload", data={"as": "U0ANA", "file": "no file"}) as response:
        assert (await response.json())["error"] == "no_file_data"
    ana.user_id = "U0GONE"
    assert (await upload(ana, "x", b"x"))["error"] == "user_not_found"


async def test_the_pages_own_files_are_asked_for_anew_and_sent_once(ana: Page) -> None:
    url = f"{ana.base}/page/static/app.js"
    async with ana.session.get(url) as response:
        assert response.headers["Cache-Control"] == "no-cache"
        etag = response.headers["ETag"]
    async with ana.session.get(url, headers={"If-None-Match": etag}) as response:
        assert (response.status, response.headers["Cache-Control"]) == (304, "no-cache")
    async with ana.session.get(f"{ana.base}/page/static/nothing.js") as response:
        assert response.status == 404


async def test_a_message_is_live_for_members_and_unread_for_the_others(sandbox: Sandbox, ana: Page) -> None:
    ben = Page(ana.session, sandbox.url, "U0BEN")
    async with ben.live() as socket:
        sent = await ana.post("message", channel="C0TEAM", text="Hello")
        event = await heard(socket, "message")
    assert event["channel"] == "C0TEAM"
    assert event["message"]["ts"] == sent["ts"]
    unread = {one["id"]: one["unread"] for one in (await ben.get("state"))["channels"]}
    assert unread["C0TEAM"] == 1
    assert (await ben.post("read", channel="C0TEAM"))["ok"]
    unread = {one["id"]: one["unread"] for one in (await ben.get("state"))["channels"]}
    assert unread["C0TEAM"] == 0
    mine = {one["id"]: one["unread"] for one in (await ana.get("state"))["channels"]}
    assert mine["C0TEAM"] == 0


async def test_messages_come_in_pages_and_threads_apart(ana: Page) -> None:
    parent = (await ana.post("message", channel="C0TEAM", text="Parent"))["ts"]
    await ana.post("message", channel="C0TEAM", text="Reply", thread_ts=parent)
    for number in range(100):
        await ana.post("message", channel="C0TEAM", text=str(number))
    page = await ana.get("messages", channel="C0TEAM")
    assert page["has_more"] is True
    assert len(page["messages"]) == 100
    older = await ana.get("messages", channel="C0TEAM", before=page["messages"][0]["ts"])
    assert [message["text"] for message in older["messages"]] == ["Parent"]
    assert older["messages"][0]["reply_count"] == 1
    thread = await ana.get("messages", channel="C0TEAM", thread=parent)
    assert [message["text"] for message in thread["messages"]] == ["Parent", "Reply"]


async def test_an_ephemeral_stands_in_order_and_says_that_it_is_one(ana: Page, client: AsyncWebClient) -> None:
    await ana.post("message", channel="C0TEAM", text="One")
    await client.chat_postEphemeral(channel="C0TEAM", user="U0ANA", text="Two")
    await ana.post("message", channel="C0TEAM", text="Three")
    found = (await ana.get("messages", channel="C0TEAM"))["messages"]
    assert [(message["text"], message.get("ephemeral")) for message in found] == [
        ("One", None),
        ("Two", True),
        ("Three", None),
    ]


async def test_a_failure_is_answered_and_shown_live(ana: Page) -> None:
    async with ana.live() as socket:
        answer = await ana.post("command", channel="C0TEAM", command="/plan", text="")
        event = await heard(socket, "failure")
    assert answer == {
        "ok": False,
        "error": "dispatch_failed",
        "text": '/plan failed with the error "dispatch_failed"',
    }
    assert event["where"] == {"command": "/plan"}


async def test_a_modal_is_opened_filled_and_closed_live(
    ana: Page, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.action("go")
    async def go(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(field(), callback_id="form"))

    @bolt.view("form")
    async def saved(ack: Any) -> None:
        await ack()

    await connect(bolt)
    posted = await client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(button(value="1"))])
    async with ana.live() as socket:
        container = {"type": "message", "channel": "C0TEAM", "ts": posted["ts"]}
        pressed = await ana.post("action", container=container, block_id="row", action_id="go", element={"value": "1"})
        assert pressed == {"ok": True}
        (view,) = (await heard(socket, "view"))["stack"]
        empty = await ana.post("submit", view_id=view["id"], state={"values": {}})
        assert empty == {"ok": False, "errors": {"line": "Please complete this required field."}}
        typed = {"line": {"line_value": {"type": "plain_text_input", "value": "Done"}}}
        assert await ana.post("submit", view_id=view["id"], state={"values": typed}) == {"ok": True}
        assert (await heard(socket, "view"))["stack"] == []


async def test_a_press_in_a_home_reaches_the_app(
    ana: Page, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    bodies: list[Json] = []

    @bolt.action("go")
    async def go(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    await connect(bolt)
    async with ana.live() as socket:
        await client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": [actions(button())]})
        view = (await heard(socket, "home"))["view"]
    assert (await ana.get("home"))["view"]["id"] == view["id"]
    container = {"type": "view", "view_id": view["id"]}
    assert (await ana.post("action", container=container, block_id="row", action_id="go", element={}))["ok"]
    assert bodies[0]["view"]["type"] == "home"
    assert bodies[0]["container"] == {"type": "view", "view_id": view["id"]}


async def test_external_options_are_asked_for(
    ana: Page, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.options("find")
    async def find(ack: Any) -> None:
        await ack(options=[{"text": plain("A"), "value": "a"}])

    await connect(bolt)
    menu = {"type": "external_select", "action_id": "find"}
    posted = await client.chat_postMessage(channel="C0TEAM", text="x", blocks=[section(accessory=menu)])
    container = {"type": "message", "channel": "C0TEAM", "ts": posted["ts"]}
    answer = await ana.post("suggest", container=container, block_id=None, action_id="find", value="a")
    assert answer == {"options": [{"text": plain("A"), "value": "a"}]}


async def test_connection_changes_edits_and_deletions_are_told_live(
    ana: Page, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, sandbox: Sandbox
) -> None:
    async with ana.live() as socket:
        await connect(bolt)
        assert (await heard(socket, "connected"))["connected"] is True
        ts = str((await client.chat_postMessage(channel="C0TEAM", text="x"))["ts"])
        await client.chat_update(channel="C0TEAM", ts=ts, text="y")
        assert (await heard(socket, "message_changed"))["message"]["text"] == "y"
        await client.chat_delete(channel="C0TEAM", ts=ts)
        assert (await heard(socket, "message_deleted"))["ts"] == ts
        sandbox.tell_now()
        assert (await heard(socket, "now"))["now"].endswith("+00:00")


async def test_what_cannot_be_read_is_refused(sandbox: Sandbox, ana: Page) -> None:
    async with ana.session.post(f"{sandbox.url}/page/message", data="{") as response:
        assert response.status == 400
    assert (await ana.get("messages", channel="C0NOWHERE"))["error"] == "channel_not_found"


async def test_an_addon_brings_a_script_and_routes(tmp_path: Path) -> None:
    script = tmp_path / "clock.js"
    script.write_text("export function mount(slot) {}\n")

    async def now(_request: web.Request) -> web.Response:
        return web.json_response({"now": "later"})

    addon = Addon(script=script, routes=[web.get("/clock", now)])
    async with Sandbox(SEED, addons=[addon]) as sandbox, aiohttp.ClientSession() as session:
        state = await Page(session, sandbox.url, "U0ANA").get("state")
        assert state["addons"] == [{"script": "/addon/clock.js"}]
        async with session.get(f"{sandbox.url}/addon/clock.js") as response:
            assert response.content_type in {"text/javascript", "application/javascript"}
        async with session.get(f"{sandbox.url}/addon/clock") as response:
            assert await response.json() == {"now": "later"}


async def test_closing_shortcuts_and_opening_go_through_the_page_too(
    ana: Page, sandbox: Sandbox, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.shortcut("start")
    async def start(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    await connect(bolt)
    async with ana.live() as socket:
        assert await ana.post("shortcut", callback_id="start") == {"ok": True}
        (view,) = (await heard(socket, "view"))["stack"]
        assert await ana.post("close", view_id=view["id"]) == {"ok": True}
        assert (await heard(socket, "view"))["stack"] == []
    dm = sandbox.person("U0ANA").dm_id
    assert (await ana.post("open", channel=dm))["ok"]
    await sandbox.until(lambda: [one for one in sandbox.deliveries if one.kind == "events_api"])
    assert sandbox.deliveries[-1].payload["event"]["tab"] == "messages"
    assert (await ana.post("open", channel="C0NOWHERE"))["error"] == "channel_not_found"
    assert (await ana.post("message", channel="C0TEAM", text="  "))["error"] == "no_text"
    lost = await ana.post("message", channel="C0TEAM", text="x", thread_ts="1.000001")
    assert lost["error"] == "thread_not_found"
