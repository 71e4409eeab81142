"""Huddles, and the cards that are drawn again while answers arrive."""

from dataclasses import replace
from datetime import timedelta
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


async def test_every_running_huddle_is_planned_in_turn_until_all_are_up_to_date(company: Database) -> None:
    south = factories.team("South")
    running, paused = factories.huddle(TEAM.id), factories.huddle(south.id, paused=True)
    await company.write(put, south, running, paused)
    assert await company.write(huddles.next_to_plan, NOW) == ToPlan(running, None)

    await company.write(huddles.planned_to, running.id, DANA.id, NOW)
    assert await company.write(huddles.next_to_plan, NOW) == ToPlan(running, DANA.id)
    await company.write(huddles.planned_to, running.id, None, NOW + MINUTE)
    assert await company.write(huddles.next_to_plan, NOW) is None
    assert await company.write(huddles.next_to_plan, NOW + MINUTE) == ToPlan(running, None)


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


async def test_a_team_has_one_card_a_date(company: Database) -> None:
    await company.write(huddles.add_card, card())
    await company.write(huddles.add_card, card(day=MONDAY + timedelta(days=1)))
    with pytest.raises(IntegrityError):
        await company.write(huddles.add_card, card())


async def test_a_card_is_stale_since_the_first_change_until_it_is_drawn(company: Database) -> None:
    written = card()
    await company.write(huddles.add_card, written)
    for late in (1, 2):
        await company.write(huddles.mark_stale, TEAM.id, MONDAY, NOW + late * MINUTE)
    assert await company.read(huddles.card, written.id) == replace(written, stale_since=NOW + MINUTE)

    await company.write(huddles.composed, written.id, NOW + 3 * MINUTE)
    assert await company.read(huddles.card, written.id) == replace(written, composed_at=NOW + 3 * MINUTE)


async def test_a_change_before_there_is_a_card_is_fine(company: Database) -> None:
    await company.write(huddles.mark_stale, TEAM.id, MONDAY, NOW)


async def test_a_page_is_turned(company: Database) -> None:
    written = card()
    await company.write(huddles.add_card, written)
    await company.write(huddles.turn_card, written.id, 2)

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
