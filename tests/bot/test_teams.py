"""Teams, days off for many, and days away, through commands, presses and submissions."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from bot.people import holiday_views, team_views
from rituals.absences import ExcusingWord
from rituals.calendar import CompanyDay
from rituals.people import Absence, Part, Role, Team
from storage import huddles
from storage.occurrences import State
from tests import factories
from tests.bot.people_steps import becomes, joiner, joins, known, now
from tests.bot.steps import Json, card, carded, change, stored, submitted
from tests.bot.test_planning import outcome, prompts
from tests.bot.world import MONDAY, TUESDAY, World, words

CHRISTMAS = date(2026, 12, 25)


@pytest.fixture
async def office(morning: World) -> AsyncIterator[World]:
    """The company with Priya as an admin."""
    await change(morning, replace(morning.people["Priya"], also=frozenset({Role.ADMIN})))
    yield morning
    await morning.cadence.deps.background.drained(10)


async def shown(world: World, name: str) -> Json:
    """The view on top, once it is more than "One moment"."""

    def look() -> Json | None:
        view = world.hand(name).view
        return view if view is not None and "One moment" not in words(view) else None

    return await world.sandbox.until(look)


async def room(world: World, name: str, text: str, command: str = "/cadence") -> Json:
    assert (await world.hand(name).command(command, text)).ok
    return await shown(world, name)


async def pressed(world: World, name: str, view: Json, action_id: str, block_id: str | None = None) -> Json:
    assert (await world.hand(name).click(view, action_id, block_id=block_id)).ok
    return await shown(world, name)


async def teams(world: World) -> dict[str, Team]:
    return {team.name: team for team in await stored(world, Team)}


async def test_a_new_team_has_a_huddle_and_asks_its_people_the_next_morning(office: World) -> None:
    await pressed(office, "Priya", await room(office, "Priya", "teams"), team_views.NEW)
    sent = {"name": "South <1>", "manager": "U0PRIYA", "people": ["U0TOM", "U0ZOE"], "asks_at": "08:40"}
    assert (await submitted(office, "Priya", sent)).ok
    made = (await teams(office))["South <1>"]
    await office.at("08:40")

    assert (await office.read(huddles.of_team, made.id)).asks_at == time(8, 40)
    assert [(await now(office, name)).team_id for name in ("Tom", "Zoe")] == [made.id] * 2
    assert "huddle with Priya" in words(office.dm("Zoe")[0])
    assert len(prompts(office, "Tom")) == 1
    await office.cadence.deps.background.drained(10)
    assert "South &lt;1&gt;" in words(await room(office, "Priya", "teams"))


@pytest.mark.parametrize(
    ("field", "expected", "fields"),
    [
        ("name", "There is a team called EMEA already", {"name": "emea"}),
        ("weekdays", "Tick one day at least", {"name": "South", "weekdays": []}),
        ("closes_at", "This must come after the time above it", {"name": "South", "closes_at": "08:45"}),
        ("manager", "Nobody manages this team. Name a manager first", {"name": "South"}),
        ("manager", "Nobody stands above Zoe", {"name": "South", "manager": "U0ZOE"}),
        ("people", "is a guest in Slack", {"name": "South", "people": ["U1009"]}),
    ],
)
async def test_a_bad_team_is_a_sentence_on_its_field(
    field: str, expected: str, fields: dict[str, Any], office: World
) -> None:
    await joins(office, joiner(9, is_restricted=True))
    await pressed(office, "Priya", await room(office, "Priya", "teams"), team_views.NEW)
    refused = await submitted(office, "Priya", fields)

    assert list(refused.errors) == [field]
    assert expected in refused.errors[field]
    assert list(await teams(office)) == ["EMEA"]


async def test_a_manager_changes_their_own_team_and_the_card_says_so_at_once(office: World) -> None:
    await carded(office)
    view = await room(office, "Dana", "teams")
    assert team_views.NEW not in str(view)
    await pressed(office, "Dana", view, team_views.EDIT, f"team:{office.team.id}")
    assert (await submitted(office, "Dana", {"name": "Europe", "posts_at": "10:00"})).ok
    await office.at("09:05")

    assert "*Europe huddle, Mon 23 Nov*" in words(office.dm("Dana")[-1])
    assert office.channel() == []
    await office.at("10:00")
    assert "Europe huddle" in words(office.channel()[0])


async def test_somebody_taken_out_of_a_team_is_on_none(office: World) -> None:
    view = await room(office, "Priya", "teams")
    await pressed(office, "Priya", view, team_views.EDIT, f"team:{office.team.id}")
    assert (await submitted(office, "Priya", {"people": ["U0DANA", "U0ANA"]})).ok
    await office.at("08:30")

    assert (await now(office, "Tom")).team_id is None
    assert prompts(office, "Tom") == []
    assert len(prompts(office, "Ana")) == 1


async def test_an_archived_team_asks_nobody_and_comes_back(office: World) -> None:
    view = await room(office, "Priya", "teams")
    assert (await office.hand("Priya").click(view, team_views.ARCHIVE)).ok
    await office.at("08:30")
    assert office.dm("Ana") == []
    assert (await now(office, "Ana")).team_id is None
    assert (await teams(office))["EMEA"].archived
    hand = office.hand("Priya")
    view = await office.sandbox.until(lambda: hand.view if "Bring back" in words(hand.view or {}) else None)
    assert (await office.hand("Priya").click(view, team_views.RESTORE)).ok

    assert not (await teams(office))["EMEA"].archived
    assert not (await office.read(huddles.of_team, office.team.id)).paused


async def test_of_two_who_change_a_team_the_second_sees_the_first(office: World) -> None:
    for name in ("Priya", "Dana"):
        view = await room(office, name, "teams")
        await pressed(office, name, view, team_views.EDIT, f"team:{office.team.id}")
    assert (await submitted(office, "Dana", {"name": "Europe"})).ok
    assert (await submitted(office, "Priya", {"posts_at": "11:00"})).ok
    seen = words(await shown(office, "Priya"))

    assert "*Dana changed this 0 seconds ago.*" in seen
    assert "• Name: now Europe" in seen
    assert (await submitted(office, "Priya", {"name": "Europe"})).ok
    assert (await office.read(huddles.of_team, office.team.id)).posts_at == time(11)


# Days off for many


async def test_a_company_day_closes_the_company_and_is_taken_back(office: World) -> None:
    await pressed(office, "Priya", await room(office, "Priya", "holidays"), holiday_views.ADD)
    assert (await submitted(office, "Priya", {"day": MONDAY.isoformat(), "name": "Founders' day"})).ok
    await office.at("08:30")
    assert prompts(office, "Ana") == []
    assert await outcome(office, "Ana") == (State.SKIPPED, "company day: Founders' day")
    await pressed(office, "Priya", await room(office, "Priya", "holidays"), holiday_views.ADD)
    assert (await submitted(office, "Priya", {"day": TUESDAY.isoformat(), "name": "A mistake"})).ok
    view = await room(office, "Priya", "holidays")
    (gone,) = [day for day in await stored(office, CompanyDay) if day.name == "A mistake"]
    await pressed(office, "Priya", view, holiday_views.REMOVE, f"day:{gone.id}")
    await office.at("08:30", TUESDAY)

    assert len(prompts(office, "Ana")) == 1


async def test_a_holiday_calendar_excuses_only_those_who_are_on_it(office: World) -> None:
    south = factories.team("South")
    await office.write(south, factories.huddle(south.id))
    await change(office, replace(await now(office, "Tom"), team_id=south.id))
    await pressed(office, "Priya", await room(office, "Priya", "holidays"), holiday_views.ASSIGN)
    assert (await submitted(office, "Priya", {"whom": str(south.id), "code": "de"})).ok
    office.clock.now += timedelta(days=31)
    await office.at("08:30", CHRISTMAS)

    assert (await now(office, "Tom")).holidays == "DE"
    assert prompts(office, "Tom") == []
    assert len(prompts(office, "Ana")) == 1


async def test_the_words_of_an_admin_excuse_whoever_shows_them_already(office: World) -> None:
    until = int((office.clock.now + timedelta(days=2)).timestamp())
    await becomes(office, "Ana", status_text="Sick today", status_expiration=until)
    await pressed(office, "Priya", await room(office, "Priya", "holidays"), holiday_views.WORDS)
    assert (await submitted(office, "Priya", {"words": "sick\n\n :palm_tree: \nsick"})).ok
    await office.cadence.roster.look()
    await office.at("08:30")

    assert sorted(one.word for one in await stored(office, ExcusingWord)) == [":palm_tree:", "sick"]
    assert await outcome(office, "Ana") == (State.SKIPPED, "away: Sick today")


async def test_a_rep_sees_the_holidays_and_no_way_to_change_them(office: World) -> None:
    assert holiday_views.ADD not in str(await room(office, "Tom", "holidays"))


# Days away


async def test_half_a_day_away_leaves_the_other_half(office: World) -> None:
    assert (await office.hand("Ana").command("/plan", "away tomorrow afternoon dentist")).ok
    assert (await office.hand("Tom").command("/plan", "away tomorrow morning")).ok
    await office.at("08:30")

    assert len(prompts(office, "Ana")) == 1
    assert prompts(office, "Tom") == []
    kept = {one.part: one.reason for one in await stored(office, Absence)}
    assert kept == {Part.AFTERNOON: "dentist", Part.MORNING: "away"}


async def test_overlapping_absences_become_one_and_the_same_again_is_explained(office: World) -> None:
    ana = office.hand("Ana")
    for text in ("away 3 Dec - 7 Dec", "away 7 Dec - 9 Dec by the sea", "away 4 Dec"):
        assert (await ana.command("/plan", text)).ok

    (kept,) = await stored(office, Absence)
    assert (kept.first_day, kept.last_day, kept.reason) == (date(2026, 12, 3), date(2026, 12, 9), "by the sea")
    assert words(ana.ephemerals()[-1]) == "Ana is away then already: Thu 3 Dec to Wed 9 Dec. Nothing changed."


async def test_a_manager_says_it_in_a_form_and_what_waits_to_be_sent_is_taken_back(office: World) -> None:
    await office.at("08:30")
    await room(office, "Dana", "away", "/plan")
    fields = {"who": "U0ANA", "first": MONDAY.isoformat(), "last": TUESDAY.isoformat(), "reason": "flu"}
    assert (await submitted(office, "Dana", fields)).ok
    await office.at("08:50")
    await office.at("09:00")

    assert len(office.dm("Ana")) == 1
    assert "Ana away" in words(card(office)).splitlines()[0]
    assert words(office.hand("Dana").ephemerals()[-1]).startswith("Ana is away Mon 23 Nov to Tue 24 Nov (2 days).")


async def test_days_that_end_before_they_begin_are_refused_in_the_form(office: World) -> None:
    await room(office, "Ana", "away", "/plan")
    refused = await submitted(office, "Ana", {"first": TUESDAY.isoformat(), "last": MONDAY.isoformat()})

    assert "ends before it begins" in refused.errors["last"]
    assert await stored(office, Absence) == []


async def test_a_joiner_who_types_a_command_is_told_who_can_help(office: World) -> None:
    await joins(office, joiner(4))
    assert await known(office, "U1004") is not None
    nia = office.sandbox.person("U1004")
    assert (await nia.command("/plan", "same")).ok

    assert "Ask Priya to add you with /cadence people" in words(nia.ephemerals()[-1])
