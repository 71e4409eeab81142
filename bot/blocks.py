"""The block vocabulary: small functions that return Block Kit, cut to Slack's limits where text has no bound."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from bot.catalogue import Mrkdwn, escape
from rituals import calendar

Block = dict[str, Any]

SECTION_LIMIT = 3000
BUTTON_LIMIT = 75
OPTION_LIMIT = 75
MENU_OPTIONS = 100
LABEL_LIMIT = 2000
TITLE_LIMIT = 24
TABLE_ROWS = 100
PAGE_BLOCKS = 40
PAGE_CHARACTERS = 9000
"""Slack refuses messages from about 13,200 characters without documenting it; our pages end well before (F107)."""


def cut(text: str, limit: int) -> str:
    """The text, shortened with an ellipsis when it is longer than `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def cut_markup(text: Mrkdwn, limit: int) -> Mrkdwn:
    """Markup cut without leaving half an entity or half a link behind."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    for opening, closing in (("<", ">"), ("&", ";")):
        start = head.rfind(opening)
        if start > head.rfind(closing):
            head = head[:start]
    return Mrkdwn(head.rstrip() + "…")


def text(words: str) -> Block:
    """A plain text object."""
    return {"type": "plain_text", "text": words, "emoji": True}


def section(words: Mrkdwn, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """A paragraph of markup."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": cut_markup(words, SECTION_LIMIT)}}
    if accessory is not None:
        block["accessory"] = accessory
    if block_id is not None:
        block["block_id"] = block_id
    return block


def preformatted(words: str) -> Block:
    """Text as it is, to copy."""
    element = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": words}]}
    return {"type": "rich_text", "elements": [element]}


def context(words: Mrkdwn) -> Block:
    """A small grey line."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut_markup(words, SECTION_LIMIT)}]}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """A row of buttons."""
    block: Block = {"type": "actions", "elements": list(elements)}
    if block_id is not None:
        block["block_id"] = block_id
    return block


def button(label: str, action_id: str, value: str, style: str | None = None) -> Block:
    """A button that carries `value`, an id and never a state."""
    element: Block = {
        "type": "button",
        "text": text(cut(label, BUTTON_LIMIT)),
        "action_id": action_id,
        "value": value,
    }
    if style is not None:
        element["style"] = style
    return element


def overflow(action_id: str, options: Sequence[Block]) -> Block:
    """A ⋯ with one to five things that are done at once."""
    return {"type": "overflow", "action_id": action_id, "options": list(options)}


def option(label: str, value: str) -> Block:
    """One choice."""
    return {"text": text(cut(label, OPTION_LIMIT)), "value": value}


def radios(action_id: str, options: Sequence[Block], chosen: str | None) -> Block:
    """Radio buttons with a preset."""
    element: Block = {"type": "radio_buttons", "action_id": action_id, "options": list(options)}
    preset = next((option for option in options if option["value"] == chosen), None)
    if preset is not None:
        element["initial_option"] = preset
    return element


def users(action_id: str, chosen: str | None, placeholder: str | None = None) -> Block:
    """A menu of Slack's people, by Slack id."""
    element: Block = {"type": "users_select", "action_id": action_id}
    element |= {} if chosen is None else {"initial_user": chosen}
    return element | ({} if placeholder is None else {"placeholder": text(placeholder)})


def many_users(action_id: str, chosen: Sequence[str]) -> Block:
    """A menu of Slack's people that takes several."""
    element: Block = {"type": "multi_users_select", "action_id": action_id}
    return element | ({"initial_users": list(chosen)} if chosen else {})


def time_picker(action_id: str, chosen: time | None) -> Block:
    """A time of the day."""
    element: Block = {"type": "timepicker", "action_id": action_id}
    return element | ({} if chosen is None else {"initial_time": f"{chosen:%H:%M}"})


def date_picker(action_id: str, chosen: date | None) -> Block:
    """A date."""
    element: Block = {"type": "datepicker", "action_id": action_id}
    return element | ({} if chosen is None else {"initial_date": chosen.isoformat()})


def checkboxes(action_id: str, options: Sequence[Block], ticked: Collection[str]) -> Block:
    """Boxes to tick, ten at most."""
    element: Block = {"type": "checkboxes", "action_id": action_id, "options": list(options)}
    chosen = [one for one in options if one["value"] in ticked]
    return element | ({"initial_options": chosen} if chosen else {})


def select(action_id: str, options: Sequence[Block], chosen: str | None) -> Block:
    """A menu with a preset; one of more than 100 choices is divided into groups."""
    element = radios(action_id, options, chosen)
    element["type"] = "static_select"
    if len(options) > MENU_OPTIONS:
        del element["options"]
        element["option_groups"] = [_group(options[n : n + MENU_OPTIONS]) for n in range(0, len(options), MENU_OPTIONS)]
    return element


def many(action_id: str, options: Sequence[Block], chosen: Collection[str]) -> Block:
    """A menu that takes several of its choices, at most 100."""
    element: Block = {"type": "multi_static_select", "action_id": action_id, "options": list(options)[:MENU_OPTIONS]}
    picked = [one for one in element["options"] if one["value"] in chosen]
    return element | ({"initial_options": picked} if picked else {})


def _group(options: Sequence[Block]) -> Block:
    """Part of a long menu, named by where it begins and ends."""
    first, last = (cut(option["text"]["text"], 30) for option in (options[0], options[-1]))
    return {"label": text(f"{first} – {last}"), "options": list(options)}


def checkbox(action_id: str, label: str, *, ticked: bool) -> Block:
    """One box to tick; its value is "yes"."""
    choice = option(label, "yes")
    element: Block = {"type": "checkboxes", "action_id": action_id, "options": [choice]}
    if ticked:
        element["initial_options"] = [choice]
    return element


def text_input(
    action_id: str, initial: str | None, *, multiline: bool = False, most: int = 3000, placeholder: str | None = None
) -> Block:
    """A box to type in, of at most `most` characters; `placeholder` shows while it is empty."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": most,
    }
    if initial:
        element["initial_value"] = initial[:most]
    if placeholder is not None:
        element["placeholder"] = text(placeholder)
    return element


def field(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """A labelled input. `dispatch` tells us of each change, so that the form can show what depends on it."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": text(cut(label, LABEL_LIMIT)),
        "element": element,
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = text(hint)
    if dispatch:
        block["dispatch_action"] = True
    return block


def modal(
    title: str, callback_id: str, blocks: Iterable[Block], *, metadata: str, submit: str, close: str = "Cancel"
) -> Block:
    """A form. It tells us when it is closed by hand."""
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": text(cut(title, TITLE_LIMIT)),
        "submit": text(submit),
        "close": text(close),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }


def room(title: str, blocks: Iterable[Block], metadata: str, callback_id: str | None = None) -> Block:
    """A view to look around in: its buttons act at once, and there is nothing to send."""
    view: Block = {
        "type": "modal",
        "title": text(cut(title, TITLE_LIMIT)),
        "close": text("Close"),
        "private_metadata": metadata,
        "blocks": list(blocks),
    }
    return view | ({} if callback_id is None else {"callback_id": callback_id})


def notice(title: str, words: Mrkdwn, metadata: str = "") -> Block:
    """A modal that only tells something."""
    return {
        "type": "modal",
        "title": text(cut(title, TITLE_LIMIT)),
        "close": text("Close"),
        "private_metadata": metadata,
        "blocks": [section(words)],
    }


def message(summary: str, blocks: Sequence[Block] = ()) -> dict[str, Any]:
    """The body of a message; `summary` is the notification and what screen readers read."""
    words = summary if isinstance(summary, Mrkdwn) else escape(summary)
    body: dict[str, Any] = {"text": cut_markup(words, SECTION_LIMIT), "unfurl_links": False}
    return body | ({"blocks": list(blocks)} if blocks else {})


def table(rows: Sequence[Sequence[str]], aligned: Sequence[str]) -> Block:
    """A table of plain text, its head first: TABLE_ROWS at most, one to a message. Only messages take one."""
    cells = [[{"type": "raw_text", "text": words or "–"} for words in row] for row in rows]
    return {"type": "table", "rows": cells, "column_settings": [{"align": one, "is_wrapped": True} for one in aligned]}


def pages(groups: Sequence[Sequence[Block]], blocks: int, characters: int) -> list[list[Block]]:
    """Spread groups of blocks over pages of bounded size; a group stays whole. At least one page."""
    found: list[list[Block]] = [[]]
    used = 0
    for group in groups:
        size = weight(group)
        if found[-1] and (len(found[-1]) + len(group) > blocks or used + size > characters):
            found.append([])
            used = 0
        found[-1].extend(group)
        used += size
    return found


def weight(value: Any) -> int:
    """Characters of text that somebody sees in blocks."""
    if isinstance(value, Mapping):
        return sum(
            len(kept) if name == "text" and isinstance(kept, str) else weight(kept) for name, kept in value.items()
        )
    if isinstance(value, list | tuple):
        return sum(weight(kept) for kept in value)
    return 0


@lru_cache(1000)
def day_name(day: date) -> str:
    """A date as people say it: Tuesday 2 December."""
    return f"{day:%A} {day.day} {day:%B}"


@lru_cache(1000)
def short_day(day: date) -> str:
    """A date in little room: Tue 2 Dec."""
    return f"{day:%a} {day.day} {day:%b}"


@lru_cache(10_000)
def clock_time(moment: datetime, zone: str) -> Mrkdwn:
    """An instant as the time on the reader's own wall, whichever zone they read it in; `zone` is the fallback's."""
    local = moment.astimezone(calendar.zone(zone))
    return Mrkdwn(f"<!date^{int(moment.timestamp())}^{{time}}|{local:%H:%M} {zone}>")


def day_and_time(moment: datetime, zone: str) -> Mrkdwn:
    """An instant as a day and a time on the reader's own wall; `zone` is the fallback's."""
    local = moment.astimezone(calendar.zone(zone))
    fallback = f"{short_day(local.date())}, {local:%H:%M} {zone}"
    return Mrkdwn(f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}, {{time}}|{fallback}>")


def day_of(moment: datetime) -> Mrkdwn:
    """An instant as the day that it is on the reader's own wall; whoever sees no markup reads UTC's."""
    return Mrkdwn(f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}|{short_day(moment.date())}>")


def moment(when: datetime, now: datetime, zone: str) -> str:
    """An instant on somebody's own wall, for a sentence without markup: at 09:14, on another day with its date."""
    local = when.astimezone(calendar.zone(zone))
    day = "" if local.date() == calendar.local_day(now, zone) else f"on {short_day(local.date())} "
    return f"{day}at {local:%H:%M}"


def mention(slack_id: str) -> Mrkdwn:
    """A mention: only for somebody who owes something."""
    return Mrkdwn(f"<@{slack_id}>")
