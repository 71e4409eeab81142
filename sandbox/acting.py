"""What people do in messages and conversations: say, command, press, use shortcuts, look things up."""

from sandbox.delivery import Answer, Envelope
from sandbox.directs import app_dm, direct, find_direct
from sandbox.element_state import find_element, offers, with_choice
from sandbox.errors import Json, SlackError
from sandbox.escaping import escape_names
from sandbox.events import home_opened_event
from sandbox.outcome import Outcome, command_failed, press_failed, refused
from sandbox.payloads import (
    action,
    block_actions_in_message,
    block_actions_in_view,
    block_suggestion,
    global_shortcut,
    message_shortcut,
    slash_command,
)
from sandbox.posting import person_fields, post
from sandbox.response_urls import ResponseUrl, ResponseUrls, respond
from sandbox.seed import User
from sandbox.state import Conversation
from sandbox.suggestions import check_suggestions
from sandbox.typed_text import text_of
from sandbox.views import keep_values
from sandbox.workspace import Workspace

_GONE = refused("not_found", "This is no longer here.")


class Acting:
    """The one code path behind the page and behind `person()`."""

    def __init__(self, workspace: Workspace, response_urls: ResponseUrls) -> None:
        self.workspace = workspace
        self.response_urls = response_urls

    async def interact(self, payload: Json, *, accepts_response: bool = False) -> Answer:
        """Deliver an interaction once; interactions are never retried."""
        return await self.workspace.transport.deliver(Envelope("interactive", payload, accepts_response))

    def fail(self, user_id: str, where: Json, outcome: Outcome) -> Outcome:
        """Show a failure on the person's pages."""
        event = {"type": "failure", "where": where, "error": outcome.error, "text": outcome.text}
        self.workspace.hub.tell(event, [user_id])
        return outcome

    def place(self, user: User, channel_id: str) -> Conversation | None:
        """Return a conversation that the person is in."""
        conversation = self.workspace.conversation(channel_id)
        return conversation if conversation is not None and user.id in conversation.members else None

    def say(self, user: User, channel_id: str, text: str, thread_ts: str | None = None) -> Outcome:
        """Post as a person."""
        conversation = self.place(user, channel_id)
        if conversation is None:
            return refused("channel_not_found", "You are not in this conversation.")
        if conversation.is_archived:
            return refused("is_archived", "This channel is archived.")
        if not text.strip():
            return refused("no_text", "There is nothing to send.")
        if thread_ts is not None and thread_ts not in conversation.messages:
            return refused("thread_not_found", "The thread is no longer here.")
        is_app_dm = self.workspace.seed.app.bot_user_id in conversation.members and conversation.kind == "im"
        if is_app_dm and not self.workspace.seed.app.messages_tab:
            return refused("messages_tab_disabled", "Sending messages to this app has been turned off.")
        fields = person_fields(self.workspace, user.id, text)
        message = post(self.workspace, conversation, fields, thread_ts=thread_ts)
        self.mark_read(user, channel_id)
        return Outcome(ok=True, ts=message["ts"])

    async def command(self, user: User, channel_id: str, command: str, text: str) -> Outcome:
        """Run a slash command."""
        conversation = self.place(user, channel_id)
        if conversation is None:
            return refused("channel_not_found", "You are not in this conversation.")
        app = self.workspace.seed.app
        entry = next((one for one in app.commands if one.command == command), None)
        # People of another company see a shared channel but have none of the app's commands.
        if entry is None or user.is_stranger or "commands" not in app.scopes:
            return refused("unknown_command", f"{command} is not a valid command.")
        if entry.should_escape:
            text = text_of(escape_names(self.workspace, text))
        url = self.response_urls.make(conversation, user.id)
        payload = slash_command(self.workspace, user, conversation, (command, text), response_url=url)
        envelope = Envelope("slash_commands", payload, accepts_response=True)
        answer = await self.workspace.transport.deliver(envelope)
        if answer.ok and answer.payload:
            answer = self._answer_command(ResponseUrl(conversation.id, user.id), answer.payload)
        if not answer.ok:
            return self.fail(user.id, {"command": command}, command_failed(command, answer))
        return Outcome(ok=True, response=answer.payload)

    def _answer_command(self, target: ResponseUrl, payload: Json) -> Answer:
        try:
            respond(self.workspace, target, payload)
        except SlackError:
            return Answer(ok=False, payload=payload, error="dispatch_failed")
        return Answer(ok=True, payload=payload)

    async def press_in_message(
        self,
        user: User,
        channel_id: str,
        ts: str,
        *,
        block_id: str | None,
        action_id: str,
        chosen: Json,
        state: Json | None = None,
    ) -> Outcome:
        """Press or choose something in a message."""
        conversation = self.place(user, channel_id)
        message = None if conversation is None else seen_message(conversation, user.id, ts)
        if conversation is None or message is None:
            return _GONE
        found = find_element(blocks_of(message), block_id, action_id)
        if found is None:
            return _GONE
        block, element = found
        if not offers(element, chosen):
            return refused("invalid_option", "That is not one of the options.")
        done = action(self.workspace, block, element, chosen)
        url = self.response_urls.make(conversation, user.id, message)
        values = with_choice(state or {}, block, element, chosen)
        payload = block_actions_in_message(
            self.workspace, user, (conversation, message), done, values, response_url=url
        )
        answer = await self.interact(payload)
        if answer.ok:
            return Outcome(ok=True, response=answer.payload)
        where = {"channel": channel_id, "ts": ts, "block_id": block["block_id"], "action_id": action_id}
        return self.fail(user.id, where, press_failed(answer))

    async def press_in_view(
        self,
        user: User,
        view_id: str,
        *,
        block_id: str | None,
        action_id: str,
        chosen: Json,
        state: Json | None = None,
    ) -> Outcome:
        """Press or choose something in a modal or the Home."""
        view = self.own_view(user, view_id)
        found = None if view is None else find_element(view["blocks"], block_id, action_id)
        if view is None or found is None:
            return _GONE
        block, element = found
        if not offers(element, chosen):
            return refused("invalid_option", "That is not one of the options.")
        known = view["state"]["values"] if state is None else state
        keep_values(self.workspace, view, with_choice(known, block, element, chosen))
        done = action(self.workspace, block, element, chosen)
        answer = await self.interact(block_actions_in_view(self.workspace, user, dict(view), done))
        if answer.ok:
            return Outcome(ok=True, response=answer.payload)
        where = {"view_id": view_id, "block_id": block["block_id"], "action_id": action_id}
        return self.fail(user.id, where, press_failed(answer))

    def own_view(self, user: User, view_id: str) -> Json | None:
        """Return a view that this person has open, or their Home."""
        found = self.workspace.state.find_view(view_id)
        return found[1] if found is not None and found[0] == user.id else None

    async def shortcut(
        self, user: User, callback_id: str, channel_id: str | None = None, ts: str | None = None
    ) -> Outcome:
        """Use a global shortcut, or a message shortcut when a message is named."""
        wanted = "global" if ts is None else "message"
        entries = self.workspace.seed.app.shortcuts
        entry = next((one for one in entries if (one.callback_id, one.type) == (callback_id, wanted)), None)
        if entry is None:
            return refused("unknown_shortcut", "There is no such shortcut.")
        if ts is None:
            payload = global_shortcut(self.workspace, user, callback_id)
        else:
            conversation = self.place(user, channel_id or "")
            message = None if conversation is None else seen_message(conversation, user.id, ts)
            if conversation is None or message is None:
                return _GONE
            url = self.response_urls.make(conversation, user.id, message)
            payload = message_shortcut(self.workspace, user, callback_id, (conversation, message), response_url=url)
        answer = await self.interact(payload)
        if answer.ok:
            return Outcome(ok=True, response=answer.payload)
        return self.fail(user.id, {"command": entry.name}, command_failed(entry.name, answer))

    async def suggest(self, user: User, container: Json, block_id: str | None, action_id: str, typed: str) -> Outcome:
        """Ask the app for the options of an external menu; `response` holds them."""
        view: Json | None = None
        place: tuple[Conversation, Json] | None = None
        if container.get("type") == "view":
            view = self.own_view(user, container.get("view_id", ""))
            blocks = [] if view is None else view["blocks"]
        else:
            conversation = self.place(user, container.get("channel", ""))
            message = None if conversation is None else seen_message(conversation, user.id, container.get("ts", ""))
            if conversation is not None and message is not None:
                place = (conversation, message)
            blocks = [] if message is None else blocks_of(message)
        found = find_element(blocks, block_id, action_id)
        if found is None:
            return _GONE
        block, element = found
        payload = block_suggestion(self.workspace, user, block, element, typed, view=view, place=place)
        answer = await self.interact(payload, accepts_response=True)
        if not answer.ok or not check_suggestions(answer.payload):
            return Outcome(ok=False, error=answer.error or "dispatch_failed", text="Options could not be loaded.")
        return Outcome(ok=True, response=answer.payload)

    def open_home(self, user: User) -> Json | None:
        """Look at the app's Home; the app hears of it."""
        if not self.workspace.seed.app.home_tab:
            return None
        conversation = app_dm(self.workspace, user.id)
        home_opened_event(self.workspace, user.id, conversation.id, "home")
        return self.workspace.state.homes.get(user.id)

    def mark_read(self, user: User, channel_id: str) -> Outcome:
        """Note that a person has seen everything in a conversation."""
        conversation = self.place(user, channel_id)
        if conversation is None:
            return refused("channel_not_found", "You are not in this conversation.")
        if conversation.last_ts is not None:
            self.workspace.state.read_marks.setdefault(user.id, {})[channel_id] = conversation.last_ts
            self.workspace.touch()
        return Outcome(ok=True)

    def open_conversation(self, user: User, channel_id: str) -> Outcome:
        """Look at a conversation; the app hears when it is its own messages."""
        outcome = self.mark_read(user, channel_id)
        conversation = self.place(user, channel_id)
        bot = self.workspace.seed.app.bot_user_id
        if conversation is not None and conversation.kind == "im" and bot in conversation.members:
            home_opened_event(self.workspace, user.id, channel_id, "messages")
        return outcome

    def open_direct(self, user: User, other_id: str) -> Conversation | Outcome:
        """Return the DM of two people, opened the first time; the app hears of none but its own."""
        other = self.workspace.user(other_id)
        if other is None:
            return refused("user_not_found", "There is nobody by that id.")
        pair = [user.id] if other.id == user.id else [user.id, other.id]
        found = find_direct(self.workspace, pair)
        if found is None and other.deleted:
            return refused("user_disabled", "This account is deactivated.")
        return found or direct(self.workspace, pair)


def seen_message(conversation: Conversation, user_id: str, ts: str) -> Json | None:
    """Return a message that a person can see: posted, or ephemeral for them."""
    ephemeral = conversation.ephemerals.get(ts)
    if ephemeral is not None and ephemeral["to"] == user_id:
        return ephemeral
    return conversation.messages.get(ts)


def blocks_of(message: Json) -> list[Json]:
    """Return a message's blocks, those of its attachments included."""
    blocks = list(message.get("blocks") or [])
    for attachment in message.get("attachments") or []:
        blocks.extend(attachment.get("blocks") or [])
    return blocks
