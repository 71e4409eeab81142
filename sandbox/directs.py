"""DMs: found by who is in them, opened the first time."""

from sandbox.page_shapes import tell_channel
from sandbox.state import Conversation
from sandbox.workspace import Workspace

_PAIR = 2


def find_direct(workspace: Workspace, members: list[str]) -> Conversation | None:
    """Return the DM or group DM of exactly these people."""
    return workspace.directs.get(frozenset(members))


def direct(workspace: Workspace, members: list[str]) -> Conversation:
    """Return the DM or group DM of these people, opening it the first time."""
    found = find_direct(workspace, members)
    if found is not None:
        return found
    names = [user.name for user in map(workspace.user, members) if user is not None]
    pair = len(members) <= _PAIR
    conversation = Conversation(
        id=workspace.ids.new("D" if pair else "G"),
        name="" if pair else f"mpdm-{'--'.join(names)}-1",
        kind="im" if pair else "mpim",
        members=list(members),
        created=int(workspace.now().timestamp()),
        creator=workspace.seed.app.bot_user_id,
    )
    workspace.state.conversations[conversation.id] = conversation
    workspace.directs[frozenset(members)] = conversation
    tell_channel(workspace, conversation)
    workspace.touch()
    return conversation


def app_dm(workspace: Workspace, user_id: str) -> Conversation:
    """Return the app's DM with a person, opening it the first time."""
    return direct(workspace, [user_id, workspace.seed.app.bot_user_id])
