"""Three days of a dozen people, lived like the whole month; and each bar fails when it should."""

import shutil
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from bot.ids import new_id
from rituals import calendar
from rituals.blockers import BlockerState
from rituals.meetings import Kind
from storage import outbox
from storage.audit import Act, Entry
from storage.outbox import Message, Policy, Rank
from storage.values import add
from tests import factories
from tests.databases import sqlite_url
from tests.month import ladders
from tests.month.__main__ import opened
from tests.month.company import HOLIDAYS, Away, Company, small, whole
from tests.month.tally import BUDGET, Tally


@pytest.fixture
def lived_in(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database."""
    path = tmp_path / "month.db"
    shutil.copyfile(sqlite_template, path)
    return sqlite_url(path)


async def test_three_days_keep_every_bar_and_what_is_slipped_in_afterwards_is_caught(lived_in: str) -> None:
    async with opened(lived_in, small(), seed=4) as month:
        tally = await month.live()

        assert tally.misses() == []
        assert tally.plans > 10
        assert {"plan", "agree all", "say of one's week"} <= tally.presses.keys()
        assert {"+ Action", "decision", "close a weekly"} <= tally.presses.keys()
        assert tally.blockers
        assert tally.weeklies == 1
        assert tally.private
        assert tally.said.keys() >= {"C0NORTH", "C0WEST"}

        told = next(iter(tally.private))
        rep = month.office.company.reps("North")[1]
        poison = [("C0NORTH", f"Anton was told: {told}"), *((rep.slack_id, f"And {n}") for n in range(5))]
        month.asks_back(rep.given_name, "And 0")
        await month.office.cadence.deps.database.write(_slip_in, poison, month.now)
        await month.office.cadence.deps.database.write(_forgotten, rep.id, rep.team_id)
        await month.settle()
        await month.judge_plans()

    caught = tally.misses()
    assert any(f"{rep.given_name} got 4 messages" in miss for miss in caught)
    assert any(f"{rep.given_name} was reached while off, Sat" in miss for miss in caught)
    assert any(miss.startswith(f"C0NORTH: {told!r} in") for miss in caught)
    assert any(miss.startswith("C0NORTH: 'Anton' in") for miss in caught)
    assert f"neither answered nor nudged: {rep.given_name}, 2027-04-20" in caught


def _slip_in(tx: Session, poison: list[tuple[str, str]], now: datetime) -> None:
    for to, text in poison:
        message = Message(new_id(), "T0TEST", f"poison:{to}:{text}", Policy.DROP, Rank.REPLY, {"text": text}, now)
        outbox.post(tx, message, to)


def _forgotten(tx: Session, person_id: Any, team_id: Any) -> None:
    plan = factories.plan(person_id, team_id, day=date(2027, 4, 20))
    add(tx, plan)
    add(tx, factories.item(plan.id))


def test_what_ladders_and_weeklies_promise_is_caught_when_it_is_broken() -> None:
    gone = factories.blocker(new_id(), 7, state=BlockerState.RESOLVED, closed_at=factories.NOW)
    climbs = [_climb(gone.id, warned) for warned in (new_id(), None)]
    meeting = factories.meeting(new_id(), new_id(), closed_at=factories.NOW, minutes=40, made_none=True)
    tally = Tally()
    for text in ("For your help: B-7 No NDA", *(["EMEA weekly, Thu 6 May: what should we talk about?"] * 2)):
        tally.comes("Ana", factories.NOW + timedelta(hours=1), "UTC", text, alone=True, asked_for=False)
    rows = {"blockers": [gone], "entries": climbs, "planned": Counter([gone.id]), "meetings": [meeting], "lines": []}

    ladders.judge(tally, rows | {"unsent": ["owed:1"]})

    assert tally.broken == [
        "B-7 climbed to 1 and nobody was warned",
        "B-7 reached level 1 2 times",
        "B-7 is resolved with 1 steps pending",
        "Ana was asked about B-7, resolved before: For your help: B-7 No NDA",
        "Ana was asked 2 times: EMEA weekly, Thu 6 May: what should we talk about?",
        "Slack refused owed:1",
        f"the weekly of {meeting.day} closed with set() and {{{Kind.MADE!r}}}",
    ]
    assert set(tally.broken) <= set(tally.misses())


def _climb(blocker_id: UUID, warned_id: UUID | None) -> Entry:
    act = Act(new_id(), "T0TEST", None, "clock", factories.NOW)
    return Entry(act, "blockers", blocker_id, {"level": 0, "warned_id": warned_id}, {"level": 1, "warned_id": None})


def test_escalations_to_a_leader_are_outside_the_budget_and_reach_nobody_who_is_off() -> None:
    tally = Tally()
    for text in ("For your help: B-7 No NDA", "D-1 has been undecided for 9 days", "D-1 has been undecided for 7 days"):
        tally.comes("Priya", datetime(2027, 5, 22, 9, tzinfo=UTC), "UTC", text, alone=True, asked_for=False)

    assert (tally.most, len(tally.while_off())) == (1, 3)


def test_every_press_above_the_budget_is_a_miss() -> None:
    tally = Tally()
    for task, presses in BUDGET.items():
        tally.takes(task, presses)
    assert tally.misses() == []

    tally.takes("redirect", BUDGET["redirect"] + 1)

    assert tally.misses() == ["redirect: 4 presses, may take 3"]


def test_a_half_day_a_holiday_and_a_weekend_are_days_off_by_the_tallys_own_calendar() -> None:
    thursday = date(2027, 5, 20)
    tally = Tally(away=[Away("Ana", thursday, thursday)], calendars={"Ben": "DE-BE"})

    def off(name: str, day: date) -> bool:
        return tally.is_off(name, datetime(day.year, day.month, day.day, 9))  # noqa: DTZ001 - a wall time

    assert [off("Ana", thursday), off("Ben", thursday)] == [True, False]
    assert [off("Ana", date(2027, 5, 17)), off("Ben", date(2027, 5, 17))] == [False, True]
    assert off("Cem", date(2027, 5, 22))


def test_the_months_holidays_are_those_that_people_are_given() -> None:
    for code, days in HOLIDAYS.items():
        weekdays = {day for day in calendar.public_holidays(code, [2027]) if day.month == 5 and day.isoweekday() < 6}
        assert weekdays == days


def test_sixty_people_are_sixty_with_teams_of_eight_and_forty() -> None:
    built: Company = whole()

    assert len(built.people) == 60
    assert sorted(len(built.reps(team)) for team in built.teams) == [6, 8, 40]
    assert len({person.slack_id for person in built.people.values()}) == 60
    assert built.last - built.first >= timedelta(days=27)
    assert {gone.name for gone in built.away} <= built.people.keys()
