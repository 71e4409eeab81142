"""The hand of a person, for tests: the same code path as the page, without a browser."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from sandbox.acting import Acting, blocks_of
from sandbox.directs import app_dm
from sandbox.element_state import as_value, find_element, inputs_of
from sandbox.errors import Json
from sandbox.modals import Modals
from sandbox.outcome import Outcome
from sandbox.page_api import visible_messages
from sandbox.page_shapes import page_message
from sandbox.seed import User
from sandbox.typed_text import text_of
from sandbox.uploads import keep_file

__all__ = ["Outcome", "Person"]

_PATIENCE_SECONDS = 10.0


class Person:
    """One person of the workspace. Channels are given by id; without one, the app's DM is meant."""

    def __init__(self, user: User, acting: Acting, modals: Modals) -> None:
        self.id = user.id
        self._user = user
        self._acting = acting
        self._modals = modals
        self._workspace = acting.workspace

    @property
    def dm_id(self) -> str:
        """The id of the DM with the app."""
        return app_dm(self._workspace, self.id).id

    @property
    def view(self) -> Json | None:
        """The modal on top, or None."""
        stack = self.stack
        return stack[-1] if stack else None

    @property
    def stack(self) -> list[Json]:
        """All open modals, the top one last."""
        return [dict(view) for view in self._workspace.state.stacks.get(self.id, [])]

    @property
    def home(self) -> Json | None:
        """The published Home of the app, without looking at it."""
        view = self._workspace.state.homes.get(self.id)
        return None if view is None else dict(view)

    def messages(self, channel: str | None = None, thread: str | None = None) -> list[Json]:
        """Return what this person sees in a channel or thread, each with its `channel`."""
        channel = channel or self.dm_id
        conversation = self._acting.place(self._user, channel)
        if conversation is None:
            return []
        found = visible_messages(conversation, self.id, thread)
        return [{**page_message(message), "channel": channel} for message in found]

    def dm(self) -> list[Json]:
        """Return the messages in the DM with the app."""
        return self.messages(self.dm_id)

    def ephemerals(self, channel: str | None = None) -> list[Json]:
        """Return what only this person sees in a channel, threads included."""
        conversation = self._acting.place(self._user, channel or self.dm_id)
        if conversation is None:
            return []
        mine = [message for message in conversation.ephemerals.values() if message["to"] == self.id]
        return [{**page_message(message), "channel": conversation.id} for message in mine]

    async def say(self, text: str, channel: str | None = None, thread_ts: str | None = None) -> Outcome:
        """Write a message; what would be markup reaches the app escaped, as from Slack's own clients."""
        return self._acting.say(self._user, channel or self.dm_id, text_of(text), thread_ts)

    async def command(self, command: str, text: str = "", channel: str | None = None) -> Outcome:
        """Run a slash command."""
        return await self._acting.command(self._user, channel or self.dm_id, command, text)

    async def click(
        self,
        where: Mapping[str, Any],
        action_id: str,
        value: Any = None,
        block_id: str | None = None,
        *,
        values: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """Press or choose something in a message (from `messages`) or a view.

        `value` is plain: an option's value, a user id, a date, a list of them; a button needs none.
        `values` fill the inputs that stand beside it, as for `submit`.
        """
        is_message = "ts" in where
        blocks = blocks_of(dict(where)) if is_message else list(where["blocks"])
        chosen = self._chosen(blocks, block_id, action_id, value)
        held = {} if is_message else where["state"]["values"]
        state = None if values is None else _filled(blocks, held, values)
        if is_message:
            return await self._acting.press_in_message(
                self._user,
                where["channel"],
                where["ts"],
                block_id=block_id,
                action_id=action_id,
                chosen=chosen,
                state=state,
            )
        return await self._acting.press_in_view(
            self._user, where["id"], block_id=block_id, action_id=action_id, chosen=chosen, state=state
        )

    def _chosen(self, blocks: list[Json], block_id: str | None, action_id: str, value: Any) -> Json:
        found = find_element(blocks, block_id, action_id)
        if found is None:
            raise LookupError(f"nothing here has the action_id {action_id!r}")
        return as_value(found[1], value)

    async def submit(self, view: Mapping[str, Any] | None = None, values: Mapping[str, Any] | None = None) -> Outcome:
        """Submit a modal, the top one when none is given.

        `values` are plain, under a block id or an action id; inputs not named keep what they hold. A modal without any
        input is taken for one that is still loading, and waited for as a person would.
        """
        shown = await self._loaded() if view is None else view
        if shown is None:
            raise LookupError(f"{self.id} has no open modal")
        return await self._modals.submit(
            self._user, shown["id"], _filled(shown["blocks"], shown["state"]["values"], values or {})
        )

    async def _loaded(self) -> Json | None:
        def loaded() -> Json | None:
            shown = self.view
            return shown if shown is not None and list(inputs_of(shown["blocks"])) else None

        if self.view is None:
            return None
        with suppress(TimeoutError):
            return await self._workspace.changes.until(loaded, _PATIENCE_SECONDS)
        return self.view

    def upload(self, name: str, content: bytes) -> Json:
        """Choose a file for a `file_input`; put what this returns in a list into `values`."""
        return keep_file(self._workspace, self.id, name, content)

    async def close(self, view: Mapping[str, Any] | None = None, *, is_cleared: bool = False) -> Outcome:
        """Dismiss a modal, the top one when none is given."""
        shown = self.view if view is None else view
        if shown is None:
            raise LookupError(f"{self.id} has no open modal")
        return await self._modals.close(self._user, shown["id"], is_cleared=is_cleared)

    async def shortcut(self, callback_id: str, message: Mapping[str, Any] | None = None) -> Outcome:
        """Use a global shortcut, or a message shortcut on a message."""
        if message is None:
            return await self._acting.shortcut(self._user, callback_id)
        return await self._acting.shortcut(self._user, callback_id, message["channel"], message["ts"])

    async def suggest(
        self, where: Mapping[str, Any], action_id: str, typed: str = "", block_id: str | None = None
    ) -> Outcome:
        """Type into a menu whose options come from the app; `response` holds them."""
        container: Json = {"type": "view", "view_id": where.get("id")}
        if "ts" in where:
            container = {"type": "message", "channel": where["channel"], "ts": where["ts"]}
        return await self._acting.suggest(self._user, container, block_id, action_id, typed)

    def open_home(self) -> Json | None:
        """Look at the app's Home; the app hears of it. Return what is published so far."""
        return self._acting.open_home(self._user)

    def open(self, channel: str | None = None) -> Outcome:
        """Look at a conversation, which marks it read."""
        return self._acting.open_conversation(self._user, channel or self.dm_id)


def _filled(blocks: list[Json], held: Mapping[str, Any], values: Mapping[str, Any]) -> Json:
    """Return `state.values` with plain values put in, found by block id or action id."""
    state: Json = {block_id: dict(inside) for block_id, inside in held.items()}
    unused = set(values)
    for block, element in inputs_of(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        for name in (block_id, action_id):
            if name in values:
                unused.discard(name)
                given = values[name]
                if isinstance(given, Mapping) and action_id in given:
                    given = given[action_id]
                filled = {"type": element["type"], **as_value(element, given)}
                state.setdefault(block_id, {})[action_id] = filled
    if unused:
        raise LookupError(f"no input has the block or action id {', '.join(sorted(unused))}")
    return state
