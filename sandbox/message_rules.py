"""What a message may hold: text, blocks, attachments, metadata, and their limits."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sandbox.blocks import all_blocks, check_blocks
from sandbox.errors import Json, SlackError
from sandbox.normal import normal_blocks
from sandbox.schema import Report
from sandbox.stamps import Identifiers

LONGEST_TEXT = 40_000
LONGEST_EDIT_BYTES = 4_000
LONGEST_MARKDOWN = 12_000
# Not documented; third parties saw `msg_blocks_too_long` from about this many characters.
LONGEST_BLOCKS = 13_200
LONGEST_DATA_TABLES = 10_000
MOST_ATTACHMENTS = 100
# Slack names the error and not the size; this is our conservative guess.
LARGEST_METADATA_BYTES = 8_000
_TABLES = {"table", "data_table"}


@dataclass(frozen=True)
class Content:
    """The checked content of a message, ready to be stored."""

    text: str
    blocks: list[Json] | None = None
    attachments: list[Json] | None = None
    metadata: Json | None = None

    def fields(self) -> Json:
        """Return the message keys that this content fills."""
        found: Json = {"text": self.text}
        for name in ("blocks", "attachments", "metadata"):
            value = getattr(self, name)
            if value:
                found[name] = value
        return found


def read_content(arguments: Json, ids: Identifiers, *, editing: bool = False) -> Content:
    """Return the content of a post or an edit, or raise Slack's refusal."""
    text = arguments.get("text") or ""
    if not isinstance(text, str):
        raise SlackError("invalid_arguments", ["text must be a string"])
    blocks = read_list(arguments.get("blocks"), "invalid_blocks_format")
    attachments = read_list(arguments.get("attachments"), "invalid_attachments")
    markdown = arguments.get("markdown_text")
    if markdown:
        if not isinstance(markdown, str):
            raise SlackError("invalid_arguments", ["markdown_text must be a string"])
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > LONGEST_MARKDOWN:
            raise SlackError("msg_too_long")
        blocks = [{"type": "markdown", "text": markdown}]
        text = markdown
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    if editing and len(text.encode()) > LONGEST_EDIT_BYTES:
        raise SlackError("msg_too_long")
    check_message_blocks(blocks)
    _check_attachments(attachments)
    return Content(
        text=text[:LONGEST_TEXT],
        blocks=normal_blocks(blocks, ids) or None,
        attachments=_numbered(attachments) or None,
        metadata=read_metadata(arguments.get("metadata")),
    )


def read_list(value: Any, error: str) -> list[Json]:
    """Return a list argument, which form posts carry as JSON text."""
    if value in (None, ""):
        return []
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise SlackError(error) from None
    if not isinstance(value, list):
        raise SlackError(error)
    return value


def check_message_blocks(blocks: list[Json]) -> None:
    """Raise Slack's refusal of blocks that no message may hold."""
    report = Report()
    check_blocks(blocks, "message", "/blocks", report)
    if report.messages:
        raise SlackError("invalid_blocks", report.messages, errors=list(report.messages))
    everything = all_blocks(blocks)
    if sum(block["type"] in _TABLES for block in everything) > 1:
        raise SlackError("invalid_attachments", ["only_one_table_allowed"])
    if _letters(block for block in everything if block["type"] == "markdown") > LONGEST_MARKDOWN:
        raise SlackError("msg_blocks_too_long")
    if _letters(block["rows"] for block in everything if block["type"] == "data_table") > LONGEST_DATA_TABLES:
        raise SlackError("invalid_blocks", ["data_table cells hold more than 10000 characters"])
    if _letters(blocks) > LONGEST_BLOCKS:
        raise SlackError("msg_blocks_too_long")


def _letters(value: Any) -> int:
    """Count the characters that a reader sees in any piece of blocks."""
    if isinstance(value, dict):
        own = value.get("text")
        inside = sum(_letters(part) for part in value.values() if isinstance(part, dict | list))
        return inside + (len(own) if isinstance(own, str) else 0)
    if isinstance(value, list | Iterator):
        return sum(_letters(part) for part in value)
    return 0


def _check_attachments(attachments: list[Json]) -> None:
    if len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for index, attachment in enumerate(attachments):
        if not isinstance(attachment, dict):
            raise SlackError("invalid_attachments")
        report = Report()
        check_blocks(attachment.get("blocks") or [], "message", f"/attachments/{index}/blocks", report)
        if report.messages:
            raise SlackError("invalid_attachments", report.messages)


def _numbered(attachments: list[Json]) -> list[Json]:
    return [{"id": index, "fallback": "", **item} for index, item in enumerate(attachments, 1)]


def read_metadata(value: Any) -> Json | None:
    """Return message metadata, or raise Slack's refusal."""
    if value in (None, ""):
        return None
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise SlackError("invalid_metadata_format") from None
    if not isinstance(value, dict) or set(value) - {"event_type", "event_payload", "entities"}:
        raise SlackError("invalid_metadata_format")
    payload = value.get("event_payload")
    if not value.get("event_type") or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if not all(_fits_metadata(item) for item in payload.values()):
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(value).encode()) > LARGEST_METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return value


def _fits_metadata(item: Any) -> bool:
    if isinstance(item, list):
        return all(_is_scalar(part) or _is_flat(part) for part in item)
    return _is_scalar(item) or _is_flat(item)


def _is_scalar(item: Any) -> bool:
    return isinstance(item, str | int | float | bool)


def _is_flat(item: Any) -> bool:
    return isinstance(item, dict) and all(_is_scalar(part) for part in item.values())
