"""Commands, presses, modals and answers, seen from both ends."""

from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from sandbox import Sandbox
from tests.sandbox.support import Connect, Json, actions, button, field, modal, plain, section


@pytest.fixture
def seen(bolt: AsyncApp) -> list[Json]:
    """Collect the bodies of everything that is acked plainly."""
    bodies: list[Json] = []

    @bolt.action("go")
    @bolt.shortcut("start")
    @bolt.shortcut("keep")
    async def note(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    return bodies


async def test_nobody_connected_fails_at_once(sandbox: Sandbox) -> None:
    outcome = await sandbox.person("U0ANA").command("/plan", channel="C0TEAM")
    assert not outcome.ok
    assert outcome.error == "dispatch_failed"
    assert outcome.text == '/plan failed with the error "dispatch_failed"'


async def test_a_command_that_is_not_acked_times_out_after_three_seconds(
    sandbox: Sandbox, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.command("/silent")
    async def say_nothing() -> None:
        """Do not ack."""

    await connect(bolt)
    outcome = await sandbox.person("U0ANA").command("/silent")
    assert outcome.text == '/silent failed with the error "operation_timeout"'


async def test_a_command_that_the_app_does_not_have_never_reaches_it(sandbox: Sandbox) -> None:
    outcome = await sandbox.person("U0ANA").command("/other")
    assert outcome.error == "unknown_command"


async def test_a_person_of_another_company_presses_buttons_but_has_no_commands(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, seen: list[Json]
) -> None:
    await connect(bolt)
    sandbox.admin.add_member("C0TEAM", "U0FAR")
    await client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(button())])
    far = sandbox.person("U0FAR")
    assert (await far.command("/plan", channel="C0TEAM")).error == "unknown_command"
    assert (await far.click(far.messages("C0TEAM")[0], "go")).ok
    assert seen[0]["user"]["team_id"] == "T0FOREIGN"


async def test_text_reaches_a_command_as_markup_with_ids_when_it_asks_for_that(
    sandbox: Sandbox, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.command("/plan")
    @bolt.command("/silent")
    async def note(ack: Any) -> None:
        await ack()

    await connect(bolt)
    ana = sandbox.person("U0ANA")
    typed = "ask @ben in #team, not @nobody or me@home.example, about R&D <soon>"
    await ana.command("/plan", typed)
    await ana.command("/silent", typed)
    assert [delivery.payload["text"] for delivery in sandbox.deliveries] == [
        typed,
        "ask <@U0BEN|ben> in <#C0TEAM|team>, not @nobody or me@home.example, about R&amp;D &lt;soon&gt;",
    ]


async def test_a_command_may_be_answered_in_its_ack(sandbox: Sandbox, bolt: AsyncApp, connect: Connect) -> None:
    @bolt.command("/plan")
    async def answer(ack: Any, command: Json) -> None:
        if command["text"] == "loud":
            await ack(text="For all", response_type="in_channel")
        else:
            await ack("For you")

    await connect(bolt)
    ana, ben = sandbox.person("U0ANA"), sandbox.person("U0BEN")
    await ana.command("/plan", "quiet", channel="C0TEAM")
    await ana.command("/plan", "loud", channel="C0TEAM")
    assert [message["text"] for message in ana.messages("C0TEAM")] == ["For you", "For all"]
    assert [message["text"] for message in ben.messages("C0TEAM")] == ["For all"]


async def test_a_press_in_a_message_carries_the_message_and_what_stands_in_its_menus(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, seen: list[Json]
) -> None:
    day = {"type": "datepicker", "action_id": "day", "initial_date": "2026-03-02"}
    await connect(bolt)
    await client.chat_postMessage(
        channel="C0TEAM", text="Do it?", blocks=[actions(button(value="7", style="primary"), day)]
    )
    ana = sandbox.person("U0ANA")
    (message,) = ana.messages("C0TEAM")
    assert (await ana.click(message, "go")).ok
    (body,) = seen
    (action,) = body["actions"]
    assert action["value"] == "7"
    assert action["style"] == "primary"
    assert action["text"]["text"] == "Go"
    assert body["container"] == {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": "C0TEAM",
        "is_ephemeral": False,
    }
    assert body["channel"] == {"id": "C0TEAM", "name": "team"}
    assert body["message"]["text"] == "Do it?"
    assert body["state"]["values"]["row"]["day"]["selected_date"] == "2026-03-02"
    assert body["user"] == {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T0NORD"}


async def test_inputs_beside_a_button_come_with_its_press(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, seen: list[Json]
) -> None:
    await connect(bolt)
    day = {"type": "datepicker", "action_id": "go", "initial_date": "2026-03-02"}
    blocks = [field("line"), section(block_id="day", accessory=day), actions(button())]
    await client.chat_postMessage(channel="C0TEAM", text="x", blocks=blocks)
    ana = sandbox.person("U0ANA")
    (message,) = ana.messages("C0TEAM")
    await ana.click(message, "go", block_id="row", values={"line": "five calls"})
    await ana.click(message, "go", "2026-03-09", block_id="day")
    first, second = (body["state"]["values"] for body in seen)
    assert first["line"]["line_value"]["value"] == "five calls"
    assert first["day"]["go"]["selected_date"] == "2026-03-02"
    assert second["day"]["go"]["selected_date"] == "2026-03-09"
    assert second["line"]["line_value"]["value"] is None


async def test_a_press_in_an_ephemeral_does_not_repeat_the_message(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, seen: list[Json]
) -> None:
    await connect(bolt)
    await client.chat_postEphemeral(channel="C0TEAM", user="U0ANA", text="x", blocks=[actions(button())])
    ana = sandbox.person("U0ANA")
    assert (await ana.click(ana.ephemerals("C0TEAM")[0], "go")).ok
    assert seen[0]["container"]["is_ephemeral"] is True
    assert "message" not in seen[0]


async def test_payloads_name_a_dm_and_a_private_channel_by_slacks_fixed_words(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, seen: list[Json]
) -> None:
    await connect(bolt)
    await client.chat_postMessage(channel="U0ANA", text="x", blocks=[actions(button())])
    ana = sandbox.person("U0ANA")
    await ana.click(ana.dm()[0], "go")
    assert seen[0]["channel"]["name"] == "directmessage"


async def test_a_press_on_what_is_gone_never_reaches_the_app(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, seen: list[Json]
) -> None:
    await connect(bolt)
    posted = await client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(button())])
    ana = sandbox.person("U0ANA")
    (message,) = ana.messages("C0TEAM")
    await client.chat_delete(channel="C0TEAM", ts=str(posted["ts"]))
    assert (await ana.click(message, "go")).error == "not_found"
    assert seen == []


async def test_a_choice_that_a_menu_does_not_offer_is_refused(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    chosen: list[str] = []

    @bolt.action("pick")
    async def pick(ack: Any, action: Json) -> None:
        chosen.append(action["selected_option"]["value"])
        await ack()

    await connect(bolt)
    menu = {"type": "static_select", "action_id": "pick", "options": [{"text": plain("A"), "value": "a"}]}
    await client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(menu)])
    ana = sandbox.person("U0ANA")
    (message,) = ana.messages("C0TEAM")
    assert (await ana.click(message, "pick", "z")).error == "invalid_option"
    assert (await ana.click(message, "pick", "a")).ok
    assert chosen == ["a"]


async def test_a_response_url_replaces_then_deletes_and_works_five_times(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, seen: list[Json]
) -> None:
    await connect(bolt)
    await client.chat_postMessage(channel="C0TEAM", text="Old", blocks=[actions(button())])
    ana = sandbox.person("U0ANA")
    await ana.click(ana.messages("C0TEAM")[0], "go")
    webhook = AsyncWebhookClient(seen[0]["response_url"])

    assert (await webhook.send(text="New", replace_original=True)).body == "ok"
    (message,) = ana.messages("C0TEAM")
    assert message["text"] == "New"
    assert "blocks" not in message
    await webhook.send(text="Psst")
    assert sandbox.person("U0BEN").messages("C0TEAM")[-1]["text"] == "New"
    assert ana.ephemerals("C0TEAM")[0]["text"] == "Psst"
    await webhook.send(text="All", response_type="in_channel")
    wrong = await webhook.send(blocks=[section("")])
    assert (wrong.status_code, "invalid_blocks" in wrong.body) == (200, True)
    await webhook.send(delete_original=True)
    await webhook.send(text="Five")
    over = await webhook.send(text="Six")
    assert over.status_code == 404
    assert "used_url" in over.body


async def test_a_response_url_dies_after_half_an_hour(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, seen: list[Json]
) -> None:
    await connect(bolt)
    await client.chat_postMessage(channel="C0TEAM", text="Old", blocks=[actions(button())])
    ana = sandbox.person("U0ANA")
    await ana.click(ana.messages("C0TEAM")[0], "go")
    sandbox.expire_triggers()
    answer = await AsyncWebhookClient(seen[0]["response_url"]).send(text="Late")
    assert answer.status_code == 404
    assert "expired_url" in answer.body


async def test_a_response_url_wants_json(sandbox: Sandbox) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.url}/response/T/1/x", data="text=hello") as answer,
    ):
        assert answer.status == 400


ANSWERS: dict[str, Json] = {
    "errors": {"response_action": "errors", "errors": {"line": "No."}},
    "update": {"response_action": "update", "view": modal(section("Updated"))},
    "push": {"response_action": "push", "view": modal(section("Pushed"))},
    "clear": {"response_action": "clear"},
    "errors elsewhere": {"response_action": "errors", "errors": {"nowhere": "No."}},
    "a wrong view": {"response_action": "update", "view": modal(section(""))},
    "nonsense": {"response_action": "dance"},
}


@pytest.fixture
async def open_modal(sandbox: Sandbox, bolt: AsyncApp, connect: Connect) -> None:
    """Open a modal for Ana whose submit is answered by what she typed."""

    @bolt.command("/plan")
    async def open_it(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = modal(field(), callback_id="form", notify_on_close=True)
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @bolt.view("form")
    async def submitted(ack: Any, view: Json) -> None:
        typed = view["state"]["values"]["line"]["line_value"]["value"]
        if typed != "silence":
            await ack(**ANSWERS.get(typed, {}))

    await connect(bolt)
    ana = sandbox.person("U0ANA")
    assert (await ana.command("/plan")).ok
    await sandbox.until(lambda: ana.view)


@pytest.mark.usefixtures("open_modal")
async def test_an_empty_ack_closes_the_view(sandbox: Sandbox) -> None:
    ana = sandbox.person("U0ANA")
    assert (await ana.submit(values={"line": "fine"})).ok
    assert ana.stack == []


@pytest.mark.usefixtures("open_modal")
async def test_errors_in_the_ack_stand_at_their_block_and_the_view_stays(sandbox: Sandbox) -> None:
    ana = sandbox.person("U0ANA")
    outcome = await ana.submit(values={"line": "errors"})
    assert outcome.errors == {"line": "No."}
    assert ana.view is not None
    assert ana.view["state"]["values"]["line"]["line_value"]["value"] == "errors"


@pytest.mark.usefixtures("open_modal")
async def test_the_ack_may_update_push_and_clear(sandbox: Sandbox) -> None:
    ana = sandbox.person("U0ANA")
    assert (await ana.submit(values={"line": "push"})).ok
    assert [view["blocks"][0]["type"] for view in ana.stack] == ["input", "section"]
    await ana.close()
    assert (await ana.submit(values={"line": "update"})).ok
    assert ana.view is not None
    assert ana.view["blocks"][0]["text"]["text"] == "Updated"


@pytest.mark.usefixtures("open_modal")
async def test_clear_closes_every_view(sandbox: Sandbox) -> None:
    ana = sandbox.person("U0ANA")
    assert (await ana.submit(values={"line": "clear"})).ok
    assert ana.stack == []


@pytest.mark.usefixtures("open_modal")
@pytest.mark.parametrize("typed", ["errors elsewhere", "a wrong view", "nonsense", "silence"])
async def test_an_ack_that_slack_would_reject_is_trouble_connecting_and_the_modal_stays(
    sandbox: Sandbox, typed: str
) -> None:
    ana = sandbox.person("U0ANA")
    outcome = await ana.submit(values={"line": typed})
    assert outcome.error == "trouble_connecting"
    assert outcome.text == "We had some trouble connecting. Try again?"
    assert ana.view is not None


@pytest.mark.usefixtures("open_modal")
async def test_required_inputs_are_checked_before_the_app_is_asked(sandbox: Sandbox) -> None:
    outcome = await sandbox.person("U0ANA").submit()
    assert outcome.errors == {"line": "Please complete this required field."}
    assert outcome.response is None


@pytest.mark.usefixtures("open_modal")
async def test_a_modal_that_is_closed_cannot_be_submitted(sandbox: Sandbox) -> None:
    ana = sandbox.person("U0ANA")
    view = ana.view
    await ana.close()
    assert (await ana.submit(view, {"line": "fine"})).error == "not_found"


@pytest.mark.usefixtures("open_modal")
async def test_closing_tells_the_app_when_it_asked_for_it(sandbox: Sandbox, bolt: AsyncApp) -> None:
    closed: list[Json] = []

    @bolt.view_closed("form")
    async def note(ack: Any, body: Json) -> None:
        closed.append(body)
        await ack()

    assert (await sandbox.person("U0ANA").close()).ok
    assert closed[0]["is_cleared"] is False
    assert closed[0]["view"]["callback_id"] == "form"


async def test_shortcuts_are_global_or_on_a_message(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, seen: list[Json]
) -> None:
    await connect(bolt)
    await client.chat_postMessage(channel="C0TEAM", text="Keep me")
    ana = sandbox.person("U0ANA")
    assert (await ana.shortcut("start")).ok
    assert (await ana.shortcut("keep", ana.messages("C0TEAM")[0])).ok
    assert (await ana.shortcut("keep")).error == "unknown_shortcut"
    assert [body["type"] for body in seen] == ["shortcut", "message_action"]
    assert seen[1]["message"]["text"] == "Keep me"
    assert seen[1]["channel"]["id"] == "C0TEAM"


async def test_an_external_menu_gets_its_options_from_the_app(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    @bolt.options("find")
    async def find(ack: Any, payload: Json) -> None:
        count = 101 if payload["value"] == "many" else 2
        await ack(options=[{"text": plain(payload["value"]), "value": str(n)} for n in range(count)])

    await connect(bolt)
    menu = {"type": "external_select", "action_id": "find", "min_query_length": 1}
    await client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(menu)])
    ana = sandbox.person("U0ANA")
    (message,) = ana.messages("C0TEAM")
    answer = (await ana.suggest(message, "find", "abc")).response
    assert answer is not None
    assert [option["text"]["text"] for option in answer["options"]] == ["abc", "abc"]
    assert (await ana.suggest(message, "find", "many")).text == "Options could not be loaded."
