"""Modals and the Home by the Web API: triggers, the stack, hashes, external ids."""

from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import App, Person, Sandbox, Seed
from tests.sandbox.support import (
    Connect,
    Json,
    actions,
    button,
    error_of,
    field,
    modal,
    plain,
    refused,
    section,
)


class Triggers:
    """Gets trigger ids as an app gets them: by a slash command, and by a button in a modal."""

    def __init__(self, ana: Person, seen: list[Json]) -> None:
        self.ana = ana
        self.seen = seen

    async def fresh(self) -> str:
        assert (await self.ana.command("/plan")).ok
        return str(self.seen[-1]["trigger_id"])

    async def from_modal(self) -> str:
        view = self.ana.view
        assert view is not None
        assert (await self.ana.click(view, "go")).ok
        return str(self.seen[-1]["trigger_id"])


@pytest.fixture
async def triggers(sandbox: Sandbox, bolt: AsyncApp, connect: Connect) -> Triggers:
    seen: list[Json] = []

    @bolt.command("/plan")
    @bolt.action("go")
    async def note(ack: Any, body: Json) -> None:
        seen.append(body)
        await ack()

    await connect(bolt)
    return Triggers(sandbox.person("U0ANA"), seen)


PRESSABLE = modal(actions(button()))


async def test_an_opened_modal_has_every_key_that_slack_gives(triggers: Triggers, client: AsyncWebClient) -> None:
    answer = await client.views_open(trigger_id=await triggers.fresh(), view=modal(field()))
    assert set(answer["view"]) == {
        "id",
        "team_id",
        "type",
        "blocks",
        "private_metadata",
        "callback_id",
        "state",
        "hash",
        "title",
        "clear_on_close",
        "notify_on_close",
        "close",
        "submit",
        "previous_view_id",
        "root_view_id",
        "app_id",
        "external_id",
        "app_installed_team_id",
        "bot_id",
    }
    assert triggers.ana.view == answer["view"]


async def test_a_trigger_opens_one_view_only(triggers: Triggers, client: AsyncWebClient) -> None:
    trigger = await triggers.fresh()
    await client.views_open(trigger_id=trigger, view=modal())
    assert await error_of(client.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"


async def test_a_trigger_dies_after_three_seconds(sandbox: Sandbox, triggers: Triggers, client: AsyncWebClient) -> None:
    trigger = await triggers.fresh()
    sandbox.expire_triggers()
    assert await error_of(client.views_open(trigger_id=trigger, view=modal())) == "expired_trigger_id"


async def test_an_invented_trigger_is_invalid(client: AsyncWebClient) -> None:
    assert await error_of(client.views_open(trigger_id="1.2.abc", view=modal())) == "invalid_trigger_id"


async def test_a_refused_view_does_not_use_the_trigger_up(triggers: Triggers, client: AsyncWebClient) -> None:
    trigger = await triggers.fresh()
    wrong = modal(field())
    del wrong["submit"]
    answer = await refused(client.views_open(trigger_id=trigger, view=wrong))
    assert answer["error"] == "invalid_arguments"
    assert "submit" in answer["response_metadata"]["messages"][0]
    assert (await client.views_open(trigger_id=trigger, view=modal(field())))["ok"]


@pytest.mark.parametrize("part", ["title", "submit", "close"])
async def test_titles_and_buttons_of_a_modal_hold_twenty_four_characters(
    triggers: Triggers, client: AsyncWebClient, part: str
) -> None:
    trigger = await triggers.fresh()
    too_long = client.views_open(trigger_id=trigger, view=modal(**{part: plain("x" * 25)}))
    assert await error_of(too_long) == "invalid_arguments"
    assert (await client.views_open(trigger_id=trigger, view=modal(**{part: plain("x" * 24)})))["ok"]


async def test_the_stack_is_three_deep(triggers: Triggers, client: AsyncWebClient) -> None:
    first = (await client.views_open(trigger_id=await triggers.fresh(), view=PRESSABLE))["view"]
    second = (await client.views_push(trigger_id=await triggers.from_modal(), view=PRESSABLE))["view"]
    await client.views_push(trigger_id=await triggers.from_modal(), view=PRESSABLE)
    assert second["previous_view_id"] == first["id"]
    assert second["root_view_id"] == first["id"]
    fourth = client.views_push(trigger_id=await triggers.from_modal(), view=PRESSABLE)
    assert await error_of(fourth) == "push_limit_reached"
    assert len(triggers.ana.stack) == 3


async def test_a_push_needs_a_trigger_from_inside_a_modal(triggers: Triggers, client: AsyncWebClient) -> None:
    push = client.views_push(trigger_id=await triggers.fresh(), view=modal())
    assert await error_of(push) == "not_found"


async def test_an_update_with_an_old_hash_conflicts(triggers: Triggers, client: AsyncWebClient) -> None:
    view = (await client.views_open(trigger_id=await triggers.fresh(), view=modal()))["view"]
    newer = (await client.views_update(view_id=view["id"], hash=view["hash"], view=modal()))["view"]
    assert newer["id"] == view["id"]
    assert newer["hash"] != view["hash"]
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert await error_of(stale) == "hash_conflict"


async def test_an_update_of_a_closed_view_finds_nothing(triggers: Triggers, client: AsyncWebClient) -> None:
    view = (await client.views_open(trigger_id=await triggers.fresh(), view=modal()))["view"]
    await triggers.ana.close()
    assert await error_of(client.views_update(view_id=view["id"], view=modal())) == "not_found"


async def test_an_external_id_finds_its_view_and_is_taken_once(triggers: Triggers, client: AsyncWebClient) -> None:
    named = {**PRESSABLE, "external_id": "mine"}
    await client.views_open(trigger_id=await triggers.fresh(), view=named)
    assert (await client.views_update(external_id="mine", view=named))["ok"]
    second = client.views_push(trigger_id=await triggers.from_modal(), view=named)
    assert await error_of(second) == "duplicate_external_id"


async def test_typed_values_survive_an_update_where_both_ids_stay(triggers: Triggers, client: AsyncWebClient) -> None:
    before = modal(field("kept"), field("changed"), actions(button()))
    view = (await client.views_open(trigger_id=await triggers.fresh(), view=before))["view"]
    refusal = await triggers.ana.submit(view, {"kept": "stay"})
    assert list(refusal.errors) == ["changed"]
    after = modal(field("kept"), field("fresh", initial_value="new"))
    updated = (await client.views_update(view_id=view["id"], view=after))["view"]
    values = updated["state"]["values"]
    assert values["kept"]["kept_value"] == {"type": "plain_text_input", "value": "stay"}
    assert values["fresh"]["fresh_value"]["value"] == "new"
    assert "changed" not in values


async def test_a_home_is_published_for_one_person(sandbox: Sandbox, client: AsyncWebClient) -> None:
    view = {"type": "home", "blocks": [section("Yours")]}
    first = (await client.views_publish(user_id="U0ANA", view=view))["view"]
    assert sandbox.person("U0ANA").home == first
    assert sandbox.person("U0BEN").home is None
    again = (await client.views_publish(user_id="U0ANA", view=view, hash=first["hash"]))["view"]
    assert again["id"] == first["id"]
    stale = client.views_publish(user_id="U0ANA", view=view, hash=first["hash"])
    assert await error_of(stale) == "hash_conflict"
    nobody = client.views_publish(user_id="U0NOBODY", view=view)
    assert await error_of(nobody) == "user_not_found"


async def test_a_home_cannot_be_published_when_the_tab_is_off() -> None:
    async with Sandbox(Seed(app=App(home_tab=False))) as sandbox:
        client = AsyncWebClient(token=sandbox.seed.app.bot_token, base_url=sandbox.api_url)
        publish = client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": []})
        assert await error_of(publish) == "not_enabled"
