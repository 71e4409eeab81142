"""What the ledger says of every huddle day, and how it follows what changes: through ticks."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, func, select
from sqlalchemy.orm import Session

from bot.huddle import openings
from rituals import calendar
from rituals.huddle import Slot
from rituals.people import Part
from storage import huddles, occurrences, people
from storage.occurrences import Occurrence, State
from storage.tables import Absences, Occurrences
from tests import factories
from tests.bot.steps import card, file
from tests.bot.world import MONDAY, TUESDAY, World, words, world

CHRISTMAS = date(2026, 12, 25)
EVE = CHRISTMAS - timedelta(days=1)
BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that reach a database meanwhile."""
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", see)


async def becomes(world: World, name: str, **facts: Any) -> None:
    """Somebody changes, and what is planned follows."""
    changed = replace(await world.read(people.find, world.people[name].id), **facts)
    await world.cadence.deps.database.write(people.change, changed, world.clock.now)


async def huddle_becomes(world: World, **facts: Any) -> None:
    changed = replace(await world.read(huddles.of_team, world.team.id), **facts)
    await world.cadence.deps.database.write(huddles.change, changed, world.clock.now)


async def entry(world: World, name: str, day: date = MONDAY, slot: Slot = Slot.PROMPT) -> Occurrence:
    """What the ledger says of somebody on a date; of the team when it is called so."""
    one = await world.read(huddles.of_team, world.team.id)
    subject = world.team.id if name == "team" else world.people[name].id
    found = await world.read(occurrences.find, one.id, subject, day, slot)
    assert isinstance(found, Occurrence)
    return found


async def outcome(world: World, name: str, day: date = MONDAY, slot: Slot = Slot.PROMPT) -> tuple[str, str | None]:
    found = await entry(world, name, day, slot)
    return found.state, found.reason


def prompts(world: World, name: str) -> list[str]:
    """The first lines of the prompts that somebody has."""
    return [message["text"] for message in world.dm(name) if message["text"].startswith("Your plan for")]


def moment(wall: str, day: date = MONDAY, zone: str = BERLIN) -> datetime:
    found = calendar.instant(day, time.fromisoformat(wall), zone)
    assert found is not None
    return found


# Days off


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        ("not one of their working days", {"working_days": "23456"}),
        ("holiday: Thanksgiving Day", {"holidays": "US"}),
    ],
)
async def test_a_day_off_is_a_row_with_its_reason_and_away_on_the_card(
    expected: str, facts: dict[str, str], morning: World
) -> None:
    thursday = MONDAY + timedelta(days=3)
    off = MONDAY if "working_days" in facts else thursday
    await becomes(morning, "Ana", **facts)
    for wall in ("08:30", "08:50", "09:00"):
        await morning.at(wall, off)

    assert await outcome(morning, "Ana", off) == (State.SKIPPED, expected)
    assert await outcome(morning, "Ana", off, Slot.REMINDER) == (State.SKIPPED, expected)
    assert await outcome(morning, "Tom", off) == (State.OPENED, None)
    assert morning.dm("Ana") == []
    head = words(morning.dm("Dana")[-1]).splitlines()[0]
    assert "Ana away" in head
    assert "Tom open" in head


async def test_the_company_closes_a_day_and_opens_a_holiday(database_url: str) -> None:
    async with world(database_url, moment("12:00", EVE - timedelta(days=1))) as built:
        for name in ("Ana", "Tom"):
            await becomes(built, name, holidays="DE-BE" if name == "Ana" else "DE-BY")
        await built.write(factories.company_day(CHRISTMAS, "stocktaking", calendar="DE-BE", working=True))
        await built.write(factories.company_day(EVE, "winter break"))
        for day in (EVE, CHRISTMAS):
            await built.at("08:30", day)

        assert await outcome(built, "Ana", EVE) == (State.SKIPPED, "company day: winter break")
        assert await outcome(built, "Ana", CHRISTMAS) == (State.OPENED, None)
        assert await outcome(built, "Tom", CHRISTMAS) == (State.SKIPPED, "holiday: Christmas Day")
        assert len(prompts(built, "Ana")) == 1
        assert prompts(built, "Tom") == []


async def test_half_a_day_off_excuses_from_its_own_half(morning: World) -> None:
    for name, part in (("Ana", Part.MORNING), ("Tom", Part.AFTERNOON)):
        await morning.write(factories.absence(morning.people[name].id, MONDAY, MONDAY, "dentist", part))
    for wall in ("08:30", "09:00"):
        await morning.at(wall)

    assert await outcome(morning, "Ana") == (State.SKIPPED, "away: dentist")
    assert await outcome(morning, "Tom") == (State.OPENED, None)
    head = words(card(morning)).splitlines()[0]
    assert "Ana away" in head
    assert "Tom open" in head


async def test_a_reminder_in_the_half_that_is_off_is_left_out(morning: World) -> None:
    await huddle_becomes(morning, asks_at=time(12, 30), reminds_at=time(13, 10), closes_at=time(13, 30))
    await morning.write(factories.absence(morning.people["Ana"].id, MONDAY, MONDAY, "school", Part.AFTERNOON))
    for wall in ("12:30", "13:10"):
        await morning.at(wall)

    assert await outcome(morning, "Ana") == (State.OPENED, None)
    assert await outcome(morning, "Ana", slot=Slot.REMINDER) == (State.SKIPPED, "away: school")
    assert await outcome(morning, "Tom", slot=Slot.REMINDER) == (State.OPENED, None)


async def test_an_absence_that_comes_and_goes_between_planning_and_opening_counts_as_it_stands_then(
    morning: World,
) -> None:
    gone = factories.absence(morning.people["Tom"].id, MONDAY, MONDAY)
    await morning.write(gone)
    await morning.at("07:00")
    await morning.write(factories.absence(morning.people["Ana"].id, MONDAY, MONDAY, "fever"))

    def remove(tx: Session) -> None:
        tx.execute(delete(Absences).where(Absences.id == gone.id))

    await morning.cadence.deps.database.write(remove)
    await morning.at("08:30")

    assert await outcome(morning, "Ana") == (State.SKIPPED, "away: fever")
    assert await outcome(morning, "Tom") == (State.OPENED, None)


async def test_whoever_falls_ill_after_the_prompt_is_not_reminded(morning: World) -> None:
    await morning.at("08:30")
    await morning.write(factories.absence(morning.people["Ana"].id, MONDAY, MONDAY, "fever"))
    await morning.at("08:50")

    assert await outcome(morning, "Ana", slot=Slot.REMINDER) == (State.SKIPPED, "away: fever")
    assert len(morning.dm("Ana")) == 1


async def test_on_a_managers_public_holiday_the_one_above_has_the_card_and_the_receipt_says_so(morning: World) -> None:
    thursday = MONDAY + timedelta(days=3)
    await becomes(morning, "Dana", holidays="US")
    await morning.at("08:30", thursday)
    assert (await file(morning, "Ana", "Three renewals called")).ok
    await morning.at("09:00", thursday)

    assert morning.dm("Dana") == []
    assert "You have this huddle while the team's manager is away." in words(card(morning, "Priya"))
    assert "Dana is away until Thu 26 Nov. Priya sees it at" in words(morning.dm("Ana")[0])


async def test_on_a_day_on_which_the_whole_team_is_off_there_is_no_card_and_no_line(morning: World) -> None:
    await morning.write(factories.company_day(MONDAY, "summer party"))
    for wall in ("08:30", "09:00", "09:30"):
        await morning.at(wall)

    for slot in (Slot.CARD, Slot.POST):
        assert await outcome(morning, "team", slot=slot) == (State.SKIPPED, "the whole team is off")
    assert (morning.dm("Priya"), morning.dm("Dana"), morning.channel()) == ([], [], [])


async def test_a_plan_from_a_day_off_still_reaches_the_card(morning: World) -> None:
    await morning.write(factories.company_day(MONDAY, "summer party", calendar=None))
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Three renewals called")).ok
    await morning.at("09:00")

    assert await outcome(morning, "team", slot=Slot.CARD) == (State.OPENED, None)


async def test_asking_more_people_takes_no_more_statements(morning: World) -> None:
    taken = {}
    dana = morning.people["Dana"]
    for day, more in ((MONDAY, 0), (TUESDAY, 60)):
        reps = [
            factories.person(f"P{n:03} Rep", slack_id=f"U1P{n:03}", manager_id=dana.id, team_id=morning.team.id)
            for n in range(more)
        ]
        away = [factories.absence(one.id, day, day) for one in reps[::3]]
        await morning.write(*reps, *away)
        await morning.at("07:00", day)
        morning.clock.now = moment("08:30", day)
        with counted() as seen:
            await morning.cadence.deps.database.write(_ask_all, morning.clock.now)
        taken[more] = len(seen)

    assert taken[60] == taken[0]


def _ask_all(tx: Session, now: datetime) -> None:
    due = [one for one in occurrences.due(tx, now, 500) if one.slot == Slot.PROMPT and one.expires_at > now]
    skipped = openings.ask(tx, due, now)
    occurrences.close(tx, {one.id: (State.OPENED, None) for one in due if one.id not in skipped})


# Zones


async def test_whoever_flies_from_berlin_to_new_york_is_not_asked_twice_for_one_day(morning: World) -> None:
    await morning.at("08:30")
    await morning.at("12:00")
    await becomes(morning, "Ana", zone=NEW_YORK)
    await morning.at("12:01")
    assert (await entry(morning, "Ana", TUESDAY)).due_at == moment("08:30", TUESDAY, NEW_YORK)
    assert (await entry(morning, "Ana")).due_at == moment("08:30")
    await morning.at("08:30", zone=NEW_YORK)
    assert len(prompts(morning, "Ana")) == 1

    await morning.at("08:30", TUESDAY)
    assert len(prompts(morning, "Ana")) == 1
    await morning.at("08:30", TUESDAY, NEW_YORK)
    assert len(prompts(morning, "Ana")) == 2


async def test_whoever_flies_east_over_a_date_is_not_asked_for_it_in_the_night_and_coming_back_restores_it(
    morning: World,
) -> None:
    # Nobody else has a Monday left either, so nothing but Ravi's own row recalls that date.
    for name in ("Dana", "Ana", "Tom"):
        await becomes(morning, name, zone="Pacific/Auckland")
    await morning.at("04:00", zone="America/Los_Angeles")
    await becomes(morning, "Ravi", zone="Pacific/Auckland")
    await morning.at("04:05", zone="America/Los_Angeles")
    assert await outcome(morning, "Ravi") == (State.CANCELLED, "the schedule changed")

    await becomes(morning, "Ravi", zone="America/Los_Angeles")
    await morning.at("04:10", zone="America/Los_Angeles")
    assert await outcome(morning, "Ravi") == (State.PLANNED, None)

    await becomes(morning, "Ravi", zone="Pacific/Auckland")
    await morning.at("08:30", zone="America/Los_Angeles")
    assert prompts(morning, "Ravi") == []
    await morning.at("08:30", TUESDAY + timedelta(days=1), "Pacific/Auckland")
    assert prompts(morning, "Ravi") == ["Your plan for Wednesday 25 November"]


async def test_in_a_zone_whose_midnight_is_a_gap_the_prompt_shifts_forward_and_comes_once(database_url: str) -> None:
    friday = date(2026, 4, 24)
    async with world(database_url, datetime(2026, 4, 22, 12, tzinfo=UTC)) as built:
        await huddle_becomes(built, asks_at=time(0, 15), reminds_at=time(0, 40), closes_at=time(2))
        await becomes(built, "Ana", zone="Africa/Cairo")
        await built.at("23:59", friday - timedelta(days=1), "Africa/Cairo")
        before = len(prompts(built, "Ana"))
        await built.at("01:14", friday, "Africa/Cairo")
        assert len(prompts(built, "Ana")) == before
        for wall in ("01:15", "01:30", "03:00"):
            await built.at(wall, friday, "Africa/Cairo")

        assert len(prompts(built, "Ana")) == before + 1
        assert (await entry(built, "Ana", friday)).due_at == datetime(2026, 4, 23, 22, 15, tzinfo=UTC)


async def test_in_apia_the_date_that_never_was_has_no_prompt_and_its_neighbours_have_one_each(
    database_url: str,
) -> None:
    async with world(database_url, datetime(2011, 12, 28, 12, tzinfo=UTC)) as built:
        await huddle_becomes(built, weekdays="1234567")
        await becomes(built, "Ana", zone="Pacific/Apia", working_days="1234567")
        now, end = built.clock.now, datetime(2012, 1, 1, tzinfo=UTC)
        while now < end:
            built.clock.now = now = now + timedelta(hours=3, minutes=30)
            await built.cadence.scheduler.tick()
        one = await built.read(huddles.of_team, built.team.id)
        rows = await built.read(occurrences.of_ritual, one.id, date(2011, 12, 28), date(2012, 1, 1))

        mine = [row.day.day for row in rows if row.subject == built.people["Ana"].id and row.slot == Slot.PROMPT]
        assert mine == [28, 29, 31, 1]


# Huddle and roster


async def test_a_pause_is_in_the_ledger_and_resuming_does_not_send_what_was_missed(morning: World) -> None:
    await morning.at("07:00")
    await huddle_becomes(morning, paused=True)
    await morning.at("08:30")
    assert await outcome(morning, "Ana") == (State.SKIPPED, "the huddle is paused")

    await morning.at("08:40")
    await huddle_becomes(morning, paused=False)
    await morning.at("08:41")
    await morning.at("08:50")
    assert (morning.dm("Ana"), morning.dm("Tom")) == ([], [])
    await morning.at("08:30", TUESDAY)
    assert prompts(morning, "Ana") == ["Your plan for Tuesday 24 November"]


async def test_a_pause_during_a_downtime_is_not_made_up_for_either(morning: World) -> None:
    await morning.at("07:00")
    await huddle_becomes(morning, paused=True)
    morning.clock.now = moment("08:40")
    await huddle_becomes(morning, paused=False)
    await morning.at("08:41")

    assert await outcome(morning, "Ana") == (State.CANCELLED, "the schedule changed")
    assert morning.dm("Ana") == []


async def test_changed_times_move_what_is_planned_and_do_not_ask_again(morning: World) -> None:
    await morning.at("08:30")
    await huddle_becomes(morning, asks_at=time(10), reminds_at=time(10, 20), closes_at=time(10, 30), card_at=time(11))
    await morning.at("08:50")
    assert len(morning.dm("Ana")) == 1
    await morning.at("10:00")
    assert len(prompts(morning, "Ana")) == 1
    await morning.at("10:20")
    assert len(morning.dm("Ana")) == 2
    assert (await entry(morning, "team", slot=Slot.CARD)).due_at == moment("11:00")
    assert prompts(morning, "Ravi") == []
    await morning.at("10:00", zone="America/Los_Angeles")
    assert len(prompts(morning, "Ravi")) == 1


async def test_a_weekday_that_is_taken_away_is_cancelled_and_given_back_is_planned_again(morning: World) -> None:
    await morning.at("07:00")
    for weekdays, expected in (("1345", State.CANCELLED), ("12345", State.PLANNED)):
        await huddle_becomes(morning, weekdays=weekdays)
        await morning.at("07:01")
        assert (await entry(morning, "Ana", TUESDAY)).state == expected
    await morning.at("08:30", TUESDAY)

    assert prompts(morning, "Ana")[-1] == "Your plan for Tuesday 24 November"


async def test_whoever_has_left_the_team_is_neither_asked_nor_reminded(morning: World) -> None:
    await morning.at("07:00")
    await becomes(morning, "Ana", team_id=None)
    await morning.at("08:30")
    await becomes(morning, "Tom", active=False)
    await morning.at("08:50")

    assert await outcome(morning, "Ana") == (State.SKIPPED, "left the team")
    assert await outcome(morning, "Tom", slot=Slot.REMINDER) == (State.SKIPPED, "left the team")
    assert (len(morning.dm("Ana")), len(morning.dm("Tom"))) == (0, 1)


async def test_a_new_manager_in_another_zone_moves_the_card(morning: World) -> None:
    await morning.at("07:00")
    await becomes(morning, "Dana", zone="Europe/London")
    await morning.at("09:00")
    assert morning.dm("Dana") == []
    await morning.at("09:00", zone="Europe/London")

    assert len(morning.dm("Dana")) == 1


# Downtime and races


async def test_after_a_downtime_inside_the_window_the_prompt_comes_with_an_apology(morning: World) -> None:
    await morning.at("08:25")
    await morning.at("08:40")

    said = words(morning.dm("Ana")[0])
    assert "Sorry, 10 minutes late: I was down from <!date^" in said
    assert re.findall(r"\|(\d\d:\d\d) Europe/Berlin", said)[:2] == ["08:25", "08:40"]
    assert await outcome(morning, "Ana") == (State.OPENED, None)


@pytest.mark.parametrize(("wall", "day"), [("09:05", MONDAY), ("10:00", TUESDAY)])
async def test_after_a_downtime_past_the_cut_off_nobody_is_asked_and_it_is_counted(
    wall: str, day: date, morning: World
) -> None:
    await morning.at("08:25")
    await morning.at(wall, day)

    expired = (State.EXPIRED, "its time had passed")
    for name in ("Ana", "Tom"):
        assert [await outcome(morning, name, slot=slot) for slot in (Slot.PROMPT, Slot.REMINDER)] == [expired] * 2
        assert "Your plan for Monday 23 November" not in prompts(morning, name)


async def test_two_planners_and_openers_at_once_write_each_row_and_send_each_prompt_once(morning: World) -> None:
    for wall in ("07:00", "08:30", "08:50"):
        morning.clock.now = moment(wall)
        await asyncio.gather(*(morning.cadence.scheduler.tick() for _ in range(4)))
        await morning.deliver()

    def doubled(tx: Session) -> int:
        key = (Occurrences.ritual, Occurrences.subject, Occurrences.day, Occurrences.slot)
        return len(
            tx.execute(select(func.count()).select_from(Occurrences).group_by(*key).having(func.count() > 1)).all()
        )

    assert await morning.read(doubled) == 0
    for name in ("Ana", "Tom"):
        assert len(morning.dm(name)) == 2
