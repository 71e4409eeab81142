"""Every kind of input: what a person puts in, what the client refuses, what the app receives."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox import Person, Sandbox
from tests.sandbox.support import Connect, Json, actions, button, field, modal, plain

OPTIONS = [{"text": plain(word), "value": word} for word in ("one", "two", "three")]
CHOSEN = [{"text": {**plain(word), "emoji": True}, "value": word} for word in ("one", "two", "three")]


@pytest.fixture
async def submissions(bolt: AsyncApp, connect: Connect) -> list[Json]:
    """Collect what is submitted; every modal is closed by it."""
    bodies: list[Json] = []

    @bolt.view("form")
    async def saved(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    @bolt.view_closed("form")
    async def closed(ack: Any) -> None:
        await ack()

    @bolt.action("go")
    async def pressed(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    await connect(bolt)
    return bodies


async def show(sandbox: Sandbox, client: AsyncWebClient, *blocks: Json, **more: Any) -> Person:
    view = modal(*blocks, callback_id="form", **more)
    await client.views_open(trigger_id=sandbox.new_trigger("U0ANA"), view=view)
    return sandbox.person("U0ANA")


@pytest.mark.parametrize(
    ("kind", "element", "given", "received"),
    [
        ("plain_text_input", {}, "words", ("value", "words")),
        ("email_text_input", {}, "ana@home.example", ("value", "ana@home.example")),
        ("url_text_input", {}, "https://example.com", ("value", "https://example.com")),
        ("number_input", {"is_decimal_allowed": True}, "2.5", ("value", "2.5")),
        ("datepicker", {}, "2026-03-02", ("selected_date", "2026-03-02")),
        ("timepicker", {}, "09:30", ("selected_time", "09:30")),
        ("datetimepicker", {}, 1_770_000_000, ("selected_date_time", 1_770_000_000)),
        ("static_select", {"options": OPTIONS}, "two", ("selected_option", CHOSEN[1])),
        ("radio_buttons", {"options": OPTIONS}, "two", ("selected_option", CHOSEN[1])),
        ("checkboxes", {"options": OPTIONS}, ["one", "three"], ("selected_options", [CHOSEN[0], CHOSEN[2]])),
        ("multi_static_select", {"options": OPTIONS}, ("one",), ("selected_options", [CHOSEN[0]])),
        ("external_select", {}, "new", ("selected_option", {"text": {**plain("new"), "emoji": True}, "value": "new"})),
        ("users_select", {}, "U0BEN", ("selected_user", "U0BEN")),
        ("multi_users_select", {}, ["U0BEN"], ("selected_users", ["U0BEN"])),
        ("channels_select", {}, "C0TEAM", ("selected_channel", "C0TEAM")),
        ("conversations_select", {}, "C0TEAM", ("selected_conversation", "C0TEAM")),
        ("multi_conversations_select", {}, ["C0TEAM"], ("selected_conversations", ["C0TEAM"])),
        ("multi_channels_select", {}, ["C0TEAM"], ("selected_channels", ["C0TEAM"])),
    ],
)
async def test_what_is_put_in_arrives_under_the_key_of_its_kind(
    sandbox: Sandbox,
    client: AsyncWebClient,
    submissions: list[Json],
    *,
    kind: str,
    element: Json,
    given: Any,
    received: tuple[str, Any],
) -> None:
    ana = await show(sandbox, client, field("line", kind, **element))
    assert (await ana.submit()).errors == {"line": "Please complete this required field."}
    assert (await ana.submit(values={"line": given})).ok
    held = submissions[0]["view"]["state"]["values"]["line"]["line_value"]
    assert held == {"type": kind, **dict([received])}


@pytest.mark.parametrize(
    ("kind", "element", "given"),
    [
        ("plain_text_input", {"min_length": 3}, "ab"),
        ("plain_text_input", {"max_length": 3}, "abcd"),
        ("plain_text_input", {}, "x" * 3001),
        ("plain_text_input", {}, "   "),
        ("email_text_input", {}, "ana at home"),
        ("url_text_input", {}, "example"),
        ("number_input", {"is_decimal_allowed": False}, "2.5"),
        ("number_input", {"is_decimal_allowed": True, "min_value": "3"}, "2.5"),
        ("number_input", {"is_decimal_allowed": True, "max_value": "2"}, "2.5"),
        ("multi_users_select", {"max_selected_items": 1}, ["U0ANA", "U0BEN"]),
    ],
)
async def test_what_slacks_client_refuses_never_reaches_the_app(
    sandbox: Sandbox, client: AsyncWebClient, submissions: list[Json], kind: str, element: Json, given: Any
) -> None:
    ana = await show(sandbox, client, field("line", kind, **element))
    outcome = await ana.submit(values={"line": given})
    assert list(outcome.errors) == ["line"]
    assert submissions == []


async def test_chosen_files_arrive_as_the_workspace_has_them(
    sandbox: Sandbox, client: AsyncWebClient, submissions: list[Json]
) -> None:
    ana = await show(sandbox, client, field("papers", "file_input", max_files=2, filetypes=["txt", "PDF"]))
    assert (await ana.submit()).errors == {"papers": "Please complete this required field."}
    one, two, three = (ana.upload(name, b"content") for name in ("one.txt", "two.pdf", "three.txt"))
    picture = ana.upload("picture.png", b"")
    assert "picture.png" in (await ana.submit(values={"papers": [picture]})).errors["papers"]
    assert (await ana.submit(values={"papers": [one, two, three]})).errors == {"papers": "Choose at most 2."}
    invented = {"id": "F0NOTHING", "name": "nothing.txt", "filetype": "txt"}
    assert (await ana.submit(values={"papers": [{**one, "name": "forged"}, two, invented]})).ok
    (submitted,) = submissions
    assert submitted["view"]["state"]["values"]["papers"]["papers_value"] == {
        "type": "file_input",
        "files": [one, two],
    }
    assert {"url_private", "mimetype", "size", "user_team", "file_access"} <= set(one)


async def test_an_optional_input_may_stay_empty(
    sandbox: Sandbox, client: AsyncWebClient, submissions: list[Json]
) -> None:
    ana = await show(
        sandbox, client, {**field(), "optional": True}, {**field("days", "multi_users_select"), "optional": True}
    )
    assert (await ana.submit()).ok
    values = submissions[0]["view"]["state"]["values"]
    assert values["line"]["line_value"]["value"] is None
    assert values["days"]["days_value"]["selected_users"] == []


async def test_a_choice_in_a_modal_is_in_the_state_that_comes_with_it(
    sandbox: Sandbox, client: AsyncWebClient, submissions: list[Json]
) -> None:
    menu = {"type": "static_select", "action_id": "go", "options": OPTIONS}
    ana = await show(sandbox, client, field(), actions(menu))
    view = ana.view
    assert view is not None
    assert (await ana.click(view, "go", "two", values={"line": "typed"})).ok
    state = submissions[0]["view"]["state"]["values"]
    assert state["row"]["go"]["selected_option"]["value"] == "two"
    assert state["line"]["line_value"]["value"] == "typed"
    assert submissions[0]["actions"][0]["selected_option"]["value"] == "two"


async def test_a_conversation_menu_can_ask_for_a_response_url(
    sandbox: Sandbox, client: AsyncWebClient, submissions: list[Json]
) -> None:
    ana = await show(sandbox, client, field("where", "conversations_select", response_url_enabled=True))
    assert (await ana.submit(values={"where": "C0TEAM"})).ok
    (entry,) = submissions[0]["response_urls"]
    assert (entry["channel_id"], entry["block_id"], entry["action_id"]) == ("C0TEAM", "where", "where_value")
    await AsyncWebhookClient(entry["response_url"]).send(text="There", response_type="in_channel")
    assert sandbox.messages("C0TEAM")[0]["text"] == "There"


async def test_clear_on_close_takes_the_whole_stack_away(
    sandbox: Sandbox, client: AsyncWebClient, submissions: list[Json]
) -> None:
    ana = await show(sandbox, client, actions(button()), notify_on_close=True)
    view = ana.view
    assert view is not None
    await ana.click(view, "go")
    pushed = modal(clear_on_close=True, notify_on_close=True, callback_id="form")
    await client.views_push(trigger_id=submissions[0]["trigger_id"], view=pushed)
    assert len(ana.stack) == 2
    assert (await ana.close()).error is None
    assert ana.stack == []
    closed = [one.payload for one in sandbox.deliveries if one.payload["type"] == "view_closed"]
    assert [payload["is_cleared"] for payload in closed] == [True, True]


async def test_a_test_that_fills_what_is_not_there_is_told(sandbox: Sandbox, client: AsyncWebClient) -> None:
    ana = await show(sandbox, client, field())
    with pytest.raises(LookupError, match="other"):
        await ana.submit(values={"other": "x"})
    view = ana.view
    assert view is not None
    with pytest.raises(LookupError, match="nothing"):
        await ana.click(view, "nothing")
    await ana.close()
    with pytest.raises(LookupError, match="no open modal"):
        await ana.submit()
    with pytest.raises(LookupError, match="U0NOBODY"):
        sandbox.person("U0NOBODY")
