"""Every limit of blocks and elements, just inside and just outside."""

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.support import Json, actions, button, field, modal, plain, refused, section


def option(number: int = 0, **more: Any) -> Json:
    return {"text": plain("Option"), "value": str(number), **more}


def options(count: int) -> list[Json]:
    return [option(number) for number in range(count)]


def select(kind: str = "static_select", **more: Any) -> Json:
    return {"type": kind, "action_id": "pick", **more}


def confirm(**more: Any) -> Json:
    return {
        "title": plain("Sure?"),
        "text": plain("Really"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
        **more,
    }


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A", **more}


def table(rows: int, columns: int, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def data_table(rows: int, text: str = "x", **more: Any) -> Json:
    cells = [[{"type": "raw_text", "text": text}]] * rows
    return {"type": "data_table", "caption": "Numbers", "rows": cells, **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


FITTING_IN_A_MESSAGE: list[list[Json]] = [
    [section("x" * 3000)],
    [{"type": "section", "fields": [plain("x" * 2000)] * 6}],
    [{"type": "header", "text": plain("x" * 150)}],
    [{"type": "divider"}] * 50,
    [{"type": "context", "elements": [plain("x")] * 9 + [image()]}],
    [actions(*[button(str(number)) for number in range(25)])],
    [actions(button(text=plain("x" * 75), value="x" * 2000, url="https://example.com", style="primary"))],
    [actions(button(confirm=confirm(title=plain("x" * 100), text=plain("x" * 300), deny=plain("x" * 30))))],
    [actions(select(options=options(100), initial_option=option(7), placeholder=plain("x" * 150)))],
    [actions(select(option_groups=[{"label": plain("x" * 75), "options": options(100)}]))],
    [actions(select("multi_static_select", options=options(3), max_selected_items=2))],
    [actions(select("users_select"), select("conversations_select", action_id="b", filter={"include": ["im"]}))],
    [actions(select("external_select", min_query_length=2), select("channels_select", action_id="b"))],
    [actions({"type": "overflow", "action_id": "more", "options": options(5)})],
    [section(accessory={"type": "radio_buttons", "action_id": "r", "options": options(10)})],
    [section(accessory={"type": "checkboxes", "action_id": "c", "options": options(10)})],
    [section(accessory={"type": "datepicker", "action_id": "d", "initial_date": "2026-03-01"})],
    [section(accessory={"type": "timepicker", "action_id": "t", "initial_time": "09:30"})],
    [section(accessory=image())],
    [image(title=plain("A picture"))],
    [field()],
    [rich({"type": "text", "text": "Bold", "style": {"bold": True}}, {"type": "user", "user_id": "U0ANA"})],
    [{"type": "markdown", "text": "# Title"}],
    [table(100, 20)],
    [data_table(101, page_size=100)],
    [{"type": "card", "title": {"type": "mrkdwn", "text": "x" * 150}, "actions": [button()]}],
    [{"type": "carousel", "elements": [{"type": "card", "body": {"type": "mrkdwn", "text": "x"}}] * 10}],
    [{"type": "container", "title": plain("Box"), "child_blocks": [section()] * 10}],
    [
        {
            "type": "plan",
            "title": "Steps",
            "tasks": [{"type": "task_card", "task_id": "1", "title": "One", "status": "complete"}],
        }
    ],
]

TOO_MUCH_FOR_A_MESSAGE: list[tuple[str, list[Json]]] = [
    ("blocks", [{"type": "divider"}] * 51),
    ("a section's text", [section("x" * 3001)]),
    ("an empty section", [{"type": "section"}]),
    ("a section's fields", [{"type": "section", "fields": [plain("x")] * 11}]),
    ("a field's text", [{"type": "section", "fields": [plain("x" * 2001)]}]),
    ("a header", [{"type": "header", "text": plain("x" * 151)}]),
    ("a header in mrkdwn", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]),
    ("context elements", [{"type": "context", "elements": [plain("x")] * 11}]),
    ("a button in a context", [{"type": "context", "elements": [button()]}]),
    ("actions elements", [actions(*[button(str(number)) for number in range(26)])]),
    ("no actions elements", [{"type": "actions", "elements": []}]),
    ("a button's text", [actions(button(text=plain("x" * 76)))]),
    ("a button's value", [actions(button(value="x" * 2001))]),
    ("a button's url", [actions(button(url="https://example.com/" + "x" * 3000))]),
    ("a button's style", [actions(button(style="loud"))]),
    ("a button's label", [actions(button(accessibility_label="x" * 76))]),
    ("a button's mrkdwn", [actions(button(text={"type": "mrkdwn", "text": "x"}))]),
    ("an action id", [actions(button("x" * 256))]),
    ("a block id", [section(block_id="x" * 256)]),
    ("a confirm title", [actions(button(confirm=confirm(title=plain("x" * 101))))]),
    ("a confirm text", [actions(button(confirm=confirm(text=plain("x" * 301))))]),
    ("a confirm button", [actions(button(confirm=confirm(confirm=plain("x" * 31))))]),
    ("options", [actions(select(options=options(101)))]),
    ("no options", [actions(select())]),
    ("options beside groups", [actions(select(options=options(1), option_groups=[]))]),
    ("an option's text", [actions(select(options=[option(text=plain("x" * 76))]))]),
    ("an option's value", [actions(select(options=[option(value="x" * 151)]))]),
    ("an option's description", [actions(select(options=[option(description=plain("x" * 76))]))]),
    ("a group's label", [actions(select(option_groups=[{"label": plain("x" * 76), "options": options(1)}]))]),
    ("groups", [actions(select(option_groups=[{"label": plain("x"), "options": options(1)}] * 101))]),
    (
        "an initial option that is not offered",
        [actions(select(options=options(2), initial_option=option(7)))],
    ),
    ("a placeholder", [actions(select("users_select", placeholder=plain("x" * 151)))]),
    ("overflow options", [actions({"type": "overflow", "action_id": "more", "options": options(6)})]),
    (
        "radio buttons",
        [section(accessory={"type": "radio_buttons", "action_id": "r", "options": options(11)})],
    ),
    ("checkboxes", [section(accessory={"type": "checkboxes", "action_id": "c", "options": options(11)})]),
    (
        "a date that is none",
        [section(accessory={"type": "datepicker", "action_id": "d", "initial_date": "soon"})],
    ),
    (
        "a time that is none",
        [section(accessory={"type": "timepicker", "action_id": "t", "initial_time": "25:00"})],
    ),
    ("a typed input as accessory", [section(accessory={"type": "plain_text_input", "action_id": "t"})]),
    ("a datetimepicker as accessory", [section(accessory={"type": "datetimepicker", "action_id": "t"})]),
    ("an image's address", [image(image_url="https://example.com/" + "x" * 3000)]),
    ("an image's alt text", [image(alt_text="x" * 2001)]),
    ("an image without alt text", [{"type": "image", "image_url": "https://example.com/a.png"}]),
    ("an input's label", [{**field(), "label": plain("x" * 2001)}]),
    ("an input's hint", [{**field(), "hint": plain("x" * 2001)}]),
    ("an input's max_length", [field(max_length=3001)]),
    ("min_length over max_length", [field(min_length=5, max_length=4)]),
    ("a button as input", [{**field(), "element": button()}]),
    ("a file input in a message", [field(kind="file_input")]),
    ("a rich text element of an unknown type", [rich({"type": "shout"})]),
    ("table rows", [table(101, 1)]),
    ("table columns", [table(1, 21)]),
    ("an empty cell", [table(1, 1, "")]),
    ("data table rows", [data_table(102)]),
    ("a data table of its header alone", [data_table(1)]),
    ("data table characters", [data_table(101, "x" * 100)]),
    ("a card's body", [{"type": "card", "body": {"type": "mrkdwn", "text": "x" * 201}}]),
    ("an alert in a message", [{"type": "alert", "text": plain("x")}]),
    ("an unknown block", [{"type": "shout", "text": plain("x")}]),
    ("a block without a type", [{"text": plain("x")}]),
    ("an unknown key of a block", [section(colour="red")]),
    ("an unknown key of an element", [actions(button(colour="red"))]),
    ("an unknown key of a text", [{"type": "section", "text": {**plain("x"), "bold": True}}]),
    ("a block id used twice", [section(block_id="a"), section(block_id="a")]),
    ("an action id used twice in a block", [actions(button("a"), button("a"))]),
    ("a confirm without a text", [actions(button(confirm={"title": plain("x")}))]),
]


@pytest.mark.parametrize("blocks", FITTING_IN_A_MESSAGE, ids=lambda blocks: str(blocks[0]["type"]))
async def test_blocks_at_their_limit_are_posted(client: AsyncWebClient, blocks: list[Json]) -> None:
    assert (await client.chat_postMessage(channel="C0TEAM", text="x", blocks=blocks))["ok"]


@pytest.mark.parametrize(("what", "blocks"), TOO_MUCH_FOR_A_MESSAGE, ids=[what for what, _ in TOO_MUCH_FOR_A_MESSAGE])
async def test_blocks_over_a_limit_are_refused_as_invalid(
    client: AsyncWebClient, what: str, blocks: list[Json]
) -> None:
    answer = await refused(client.chat_postMessage(channel="C0TEAM", text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks", what
    assert answer["response_metadata"]["messages"]


async def test_a_second_table_in_a_message_is_refused(client: AsyncWebClient) -> None:
    answer = await refused(client.chat_postMessage(channel="C0TEAM", text="x", blocks=[table(1, 1)] * 2))
    assert answer["error"] == "invalid_attachments"
    assert "only_one_table_allowed" in answer["response_metadata"]["messages"][0]


HOME = {"type": "home", "blocks": [section()]}
TOO_MUCH_FOR_A_VIEW: list[tuple[str, Json]] = [
    ("blocks", {**HOME, "blocks": [{"type": "divider"}] * 101}),
    ("private metadata", {**HOME, "private_metadata": "x" * 3001}),
    ("a callback id", {**HOME, "callback_id": "x" * 256}),
    ("an unknown key", {**HOME, "colour": "red"}),
    ("no blocks", {"type": "home"}),
    ("a modal published as Home", modal()),
    ("a table on the Home", {**HOME, "blocks": [table(1, 1)]}),
    ("markdown on the Home", {**HOME, "blocks": [{"type": "markdown", "text": "x"}]}),
    ("a file input on the Home", {**HOME, "blocks": [field(kind="file_input")]}),
    (
        "two focused inputs",
        {**HOME, "blocks": [field("a", focus_on_load=True), field("b", focus_on_load=True)]},
    ),
]


@pytest.mark.parametrize(("what", "view"), TOO_MUCH_FOR_A_VIEW, ids=[what for what, _ in TOO_MUCH_FOR_A_VIEW])
async def test_a_home_over_a_limit_is_refused(client: AsyncWebClient, what: str, view: Json) -> None:
    answer = await refused(client.views_publish(user_id="U0ANA", view=view))
    assert answer["error"] == "invalid_arguments", what
    assert "[json-pointer:/view" in answer["response_metadata"]["messages"][0]


async def test_a_home_may_hold_a_hundred_blocks(client: AsyncWebClient) -> None:
    answer = await client.views_publish(user_id="U0ANA", view={**HOME, "blocks": [{"type": "divider"}] * 100})
    assert len(answer["view"]["blocks"]) == 100


async def test_a_view_over_two_hundred_and_fifty_kilobytes_is_too_large(client: AsyncWebClient) -> None:
    view = {**HOME, "blocks": [section("x" * 3000)] * 90}
    assert (await refused(client.views_publish(user_id="U0ANA", view=view)))["error"] == "view_too_large"
