"""files.getUploadURLExternal, files.completeUploadExternal, files.info."""

import json

from sandbox.blocks import all_blocks
from sandbox.errors import Json, SlackError
from sandbox.message_rules import LONGEST_TEXT, check_message_blocks, read_list
from sandbox.methods.registry import Call, method
from sandbox.normal import normal_blocks
from sandbox.posting import app_fields, post
from sandbox.state import Conversation

_LONGEST_ALT_TEXT = 1000
_MOST_PLACES = 100
_PLACE = "^[CGDZ][A-Z0-9]{8,}$"
_PLACES = {"public": "channels", "private": "groups", "mpim": "groups", "im": "ims"}


@method("files.getUploadURLExternal", scopes=("files:write",), tier=4)
async def get_upload_url(call: Call) -> Json:
    """Announce a file and get the URL for its bytes."""
    name, alt_text = call.need("filename"), call.text("alt_txt") or ""
    length = call.text("length")
    if length is None or not length.isdigit() or int(length) == 0:
        raise SlackError("missing_argument")
    if len(alt_text) > _LONGEST_ALT_TEXT:
        raise SlackError("alt_txt_too_large")
    file_id, url = call.services.uploads.new_ticket(name, int(length), alt_text)
    return {"upload_url": url, "file_id": file_id}


def _files(call: Call) -> list[Json]:
    given = call.get("files")
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            given = None
    if not isinstance(given, list) or not given:
        raise SlackError("invalid_arguments", ["missing required field: files"])
    found: list[Json] = []
    for entry in given:
        file_id = entry.get("id") if isinstance(entry, dict) else None
        file = call.workspace.state.files.get(str(file_id))
        if file is None or not call.services.uploads.has_bytes(str(file_id)):
            raise SlackError("file_not_found")
        file["title"] = entry.get("title") or file["name"]
        found.append(file)
    return found


def _destinations(call: Call) -> list[Conversation]:
    one = call.text("channel_id")
    if one is not None and one[0] not in "CGDZ":
        # A person's id is none: their DM has one of its own.
        raise SlackError(
            "invalid_arguments", [f"[ERROR] input must match regex pattern: {_PLACE} [json-pointer:/channel_id]"]
        )
    named = [one] if one is not None else call.names("channels")
    if len(named) > _MOST_PLACES or (len(named) > 1 and call.text("thread_ts")):
        raise SlackError("invalid_arguments", ["too many channels"])
    found = [call.workspace.conversation(name) for name in named]
    places = [place for place in found if place is not None and call.can_see(place)]
    if len(places) != len(named):
        raise SlackError("channel_not_found")
    if not all(call.is_member(place) for place in places):
        raise SlackError("not_in_channel")
    return places


@method("files.completeUploadExternal", scopes=("files:write",), tier=4)
async def complete_upload(call: Call) -> Json:
    """Finish uploads and share them."""
    places = _destinations(call)
    files = _files(call)
    comment = call.text("initial_comment") or ""
    # Slack ignores blocks beside a comment.
    blocks = [] if comment else read_list(call.get("blocks"), "invalid_blocks")
    check_message_blocks(blocks)
    if len(comment) > LONGEST_TEXT:
        raise SlackError("msg_too_long")
    if any(block["type"] == "markdown" for block in all_blocks(blocks)):
        # Seen in 2026: every other block is taken.
        raise SlackError("internal_error")
    fields: Json = {**app_fields(call.workspace), "text": comment, "upload": True}
    if blocks:
        fields["blocks"] = normal_blocks(blocks, call.workspace.ids)
    for place in places:
        for file in files:
            file[_PLACES[place.kind]].append(place.id)
            file["is_public"] = file["is_public"] or place.kind == "public"
        shared = {**fields, "subtype": "file_share", "files": [dict(file) for file in files]}
        post(call.workspace, place, shared, thread_ts=call.text("thread_ts"))
    call.workspace.touch()
    return {"files": files}


@method("files.info", scopes=("files:read",), tier=4)
async def files_info(call: Call) -> Json:
    """Describe a file."""
    file = call.workspace.state.files.get(call.need("file"))
    if file is None:
        raise SlackError("file_not_found")
    return {"file": file, "comments": [], "response_metadata": {"next_cursor": ""}}
