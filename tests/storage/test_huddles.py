"""Huddles, and the cards that are drawn again while answers arrive."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.ids import new_id
from storage import huddles
from storage.database import Database
from storage.huddles import Card, ToPlan
from storage.values import add
from tests import factories
from tests.storage.support import DANA, MONDAY, NOW, TEAM, WORKSPACE, put

MINUTE = timedelta(minutes=1)
URL = "https://hooks.example/1"


def card(**facts: Any) -> Card:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "team_id": TEAM.id,
        "day": MONDAY,
        "reader_id": DANA.id,
        "page": 0,
        "composed_at": NOW,
        "stale_since": None,
        "response_url": None,
        "response_until": None,
    }
    return Card(**(given | facts))


async def test_huddles_are_found_by_id_and_by_team(company: Database) -> None:
    south = factories.team("South")
    running, paused = factories.huddle(TEAM.id), factories.huddle(south.id, paused=True)
    await company.write(put, south, running, paused)

    assert await company.read(huddles.find, [paused.id, new_id()]) == [paused]
    assert await company.read(huddles.of_team, south.id) == paused
    assert await company.read(huddles.of_team, new_id()) is None


async def test_a_team_has_one_huddle(company: Database) -> None:
    await company.write(add, factories.huddle(TEAM.id))
    with pytest.raises(IntegrityError):
        await company.write(add, factories.huddle(TEAM.id))


async def test_every_huddle_is_planned_in_turn_until_all_are_up_to_date(company: Database) -> None:
    south = factories.team("South")
    one, paused = factories.huddle(TEAM.id), factories.huddle(south.id, paused=True)
    await company.write(put, south, one, paused)
    first = await company.write(huddles.next_to_plan, NOW)
    assert first is not None
    assert first in (ToPlan(one, None), ToPlan(paused, None))

    await company.write(huddles.planned_to, first.huddle.id, DANA.id, NOW)
    await company.write(huddles.planned_to, (paused if first.huddle == one else one).id, None, NOW + MINUTE)
    assert await company.write(huddles.next_to_plan, NOW) == ToPlan(first.huddle, DANA.id)
    await company.write(huddles.planned_to, first.huddle.id, None, NOW + 2 * MINUTE)
    assert await company.write(huddles.next_to_plan, NOW) is None
    second = await company.write(huddles.next_to_plan, NOW + MINUTE)
    assert second is not None
    assert {first.huddle.id, second.huddle.id} == {one.id, paused.id}


async def test_a_change_is_kept_and_planned_again_at_once_and_a_new_huddle_is_added(company: Database) -> None:
    one = factories.huddle(TEAM.id)
    await company.write(huddles.change, one, NOW)
    await company.write(huddles.next_to_plan, NOW)
    await company.write(huddles.planned_to, one.id, DANA.id, NOW + 60 * MINUTE)

    later = replace(one, asks_at=time(10))
    await company.write(huddles.change, later, NOW)
    assert await company.write(huddles.next_to_plan, NOW) == ToPlan(later, None)


async def test_after_a_pause_a_huddle_goes_on_from_that_moment(company: Database) -> None:
    one = factories.huddle(TEAM.id)
    await company.write(huddles.change, one, NOW)
    await company.write(huddles.change, replace(one, paused=True), NOW + MINUTE)
    assert await company.read(huddles.of_team, TEAM.id) == replace(one, paused=True)

    await company.write(huddles.change, one, NOW + 2 * MINUTE)
    assert await company.read(huddles.everything) == [replace(one, since=NOW + 2 * MINUTE)]


async def test_a_change_has_a_teams_huddle_planned_again_from_the_first_person(company: Database) -> None:
    running = factories.huddle(TEAM.id)
    await company.write(add, running)
    await company.write(huddles.next_to_plan, NOW)
    await company.write(huddles.planned_to, running.id, DANA.id, NOW + 60 * MINUTE)
    await company.write(huddles.plan_again, TEAM.id, NOW)

    assert await company.write(huddles.next_to_plan, NOW) == ToPlan(running, None)


@pytest.mark.parametrize(
    "facts", [{}, {"page": 3, "stale_since": NOW, "response_url": URL, "response_until": NOW + MINUTE}]
)
async def test_a_card_is_read_back_as_it_was_written(facts: dict[str, Any], company: Database) -> None:
    written = card(**facts)
    await company.write(huddles.add_card, written)

    assert await company.read(huddles.card, written.id) == written
    assert await company.read(huddles.card, new_id()) is None


async def test_one_message_may_show_several_dates_and_is_drawn_and_turned_as_one(company: Database) -> None:
    days = [MONDAY, MONDAY + timedelta(days=1)]
    rows = [card(day=day, shown_in="owed:one") for day in days]
    of_the_day = card()
    await company.write(huddles.add_card, *rows, of_the_day)
    assert await company.read(huddles.in_message, "owed:one") == rows
    assert {row.key for row in rows} == {"owed:one"}
    assert of_the_day.key == f"card:{of_the_day.id}"

    await company.write(huddles.turn_card, rows[0], 1)
    assert [row.page for row in await company.read(huddles.in_message, "owed:one")] == [1, 1]
    assert await company.read(huddles.card, of_the_day.id) == of_the_day

    await company.write(huddles.mark_stale, TEAM.id, MONDAY, NOW + MINUTE)
    stale = await company.write(huddles.stale_cards, NOW, 10)
    assert {row.id for row in stale} == {rows[0].id, of_the_day.id}
    await company.write(huddles.composed, stale, NOW + 2 * MINUTE)
    assert await company.write(huddles.stale_cards, NOW + 2 * MINUTE, 10) == []


async def test_a_press_is_answered_where_it_was_made_and_all_else_is_drawn_again_in_time(company: Database) -> None:
    of_the_day, other = card(), card(shown_in="owed:one")
    await company.write(huddles.add_card, of_the_day, other)

    def press(tx: Any) -> None:
        until = NOW + 29 * MINUTE
        huddles.touch_card(tx, TEAM.id, MONDAY, NOW + MINUTE, response_url=URL, until=until, on=other.id)

    await company.write(press)
    waits = await company.write(huddles.stale_cards, NOW, 10)
    assert {(one.id, one.stale_since, one.response_url) for one in waits} == {
        (of_the_day.id, NOW + MINUTE, None),
        (other.id, NOW + MINUTE, URL),
    }


async def test_a_card_is_stale_since_the_first_change_until_it_is_drawn(company: Database) -> None:
    written = card()
    await company.write(huddles.add_card, written)
    for late in (1, 2):
        await company.write(huddles.mark_stale, TEAM.id, MONDAY, NOW + late * MINUTE)
    assert await company.read(huddles.card, written.id) == replace(written, stale_since=NOW + MINUTE)

    await company.write(huddles.composed, [written], NOW + 3 * MINUTE)
    assert await company.read(huddles.card, written.id) == replace(written, composed_at=NOW + 3 * MINUTE)


async def test_a_change_before_there_is_a_card_is_fine(company: Database) -> None:
    await company.write(huddles.mark_stale, TEAM.id, MONDAY, NOW)


async def test_a_page_is_turned(company: Database) -> None:
    written = card()
    await company.write(huddles.add_card, written)
    await company.write(huddles.turn_card, written, 2)

    assert await company.read(huddles.card, written.id) == replace(written, page=2)


async def test_a_stale_card_waits_its_minute_and_one_that_was_pressed_on_does_not(company: Database) -> None:
    written = card()
    await company.write(huddles.add_card, written)
    assert await company.write(huddles.stale_cards, NOW, 10) == []
    await company.write(huddles.mark_stale, TEAM.id, MONDAY, NOW + MINUTE)
    assert await company.write(huddles.stale_cards, NOW - MINUTE, 10) == []
    assert [one.id for one in await company.write(huddles.stale_cards, NOW, 10)] == [written.id]

    def press(tx: Any) -> None:
        huddles.touch_card(tx, TEAM.id, MONDAY, NOW + MINUTE, response_url=URL, until=NOW + 29 * MINUTE)

    await company.write(press)
    (pressed,) = await company.write(huddles.stale_cards, NOW - MINUTE, 10)
    assert (pressed.response_url, pressed.response_until) == (URL, NOW + 29 * MINUTE)


async def test_the_longest_stale_card_is_drawn_first(company: Database) -> None:
    days = [MONDAY + timedelta(days=late) for late in range(3)]
    cards = [card(day=day, stale_since=NOW - late * MINUTE) for late, day in enumerate(days)]
    for one in cards:
        await company.write(huddles.add_card, one)

    drawn = await company.write(huddles.stale_cards, NOW, 2)
    assert [one.id for one in drawn] == [cards[2].id, cards[1].id]
