"""What is told beforehand is what comes, and telling it changes nothing."""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import preview
from bot.cli import cadence
from bot.clock import machine_clock
from bot.huddle import owed
from bot.ritual import Foreseen
from rituals.huddle import Slot
from rituals.people import Part
from storage import huddles, occurrences, people
from storage.database import Database
from storage.occurrences import Occurrence, State
from storage.tables import Base
from storage.values import add
from tests import factories
from tests.bot.steps import file
from tests.bot.world import MONDAY, TUESDAY, World

WEEK = timedelta(days=7)
THURSDAY = MONDAY + timedelta(days=3)


async def foreseen(world: World, until: timedelta = WEEK) -> list[Foreseen]:
    now = world.clock.now
    found: list[Foreseen] = await world.read(preview.foresee, now, now + until)
    return found


def told(found: Sequence[Foreseen], to: str, day: date, slot: Slot = Slot.PROMPT) -> list[tuple[str, str | None]]:
    """When a message to somebody comes on a date, by their clock, and why not."""
    return [
        (f"{preview.local(one):%H:%M}", one.skipped)
        for one in found
        if one.to == to and one.slot == slot and preview.local(one).date() == day
    ]


async def everything(world: World) -> dict[str, list[Any]]:
    """Every row of every table."""

    def look(tx: Session) -> dict[str, list[Any]]:
        tables = Base.metadata.sorted_tables
        return {table.name: sorted(map(repr, tx.execute(select(table)))) for table in tables}

    found: dict[str, list[Any]] = await world.read(look)
    return found


async def becomes(world: World, name: str, **facts: Any) -> None:
    changed = replace(world.people[name], **facts)
    await world.cadence.deps.database.write(people.change, changed, world.clock.now)


async def odd_week(world: World) -> None:
    """Something of everything that keeps a message from being sent."""
    await becomes(world, "Tom", working_days="23456")
    await becomes(world, "Dana", holidays="US")
    await becomes(world, "Mia", holidays="US")
    ana, ravi = world.people["Ana"].id, world.people["Ravi"].id
    await world.write(
        factories.absence(ana, TUESDAY, TUESDAY, "dentist", Part.MORNING),
        factories.absence(ravi, TUESDAY, TUESDAY, "school", Part.AFTERNOON),
    )
    await world.write(factories.company_day(MONDAY + timedelta(days=4), "winter break"))


async def test_everybody_is_told_by_their_own_clock_with_the_reason_for_each_skip(morning: World) -> None:
    await odd_week(morning)

    found = await foreseen(morning)

    assert told(found, "Ana Torres", MONDAY) == [("08:30", None)]
    assert told(found, "Ana Torres", MONDAY, Slot.REMINDER) == [("08:50", None)]
    assert told(found, "Mia Keller", MONDAY) == [("08:30", None)]
    assert told(found, "Tom Becker", MONDAY) == [("08:30", "not one of their working days")]
    assert told(found, "Ana Torres", TUESDAY) == [("08:30", "away: dentist")]
    assert told(found, "Ravi Shah", TUESDAY) == [("08:30", None)]
    assert told(found, "Mia Keller", THURSDAY) == [("08:30", "holiday: Thanksgiving Day")]
    friday = THURSDAY + timedelta(days=1)
    assert told(found, "Ravi Shah", friday, Slot.REMINDER) == [("08:50", "company day: winter break")]
    assert told(found, "Dana Weiss", MONDAY, Slot.CARD) == [("09:00", None)]
    assert told(found, "EMEA, in its channel", friday, Slot.POST) == [("09:30", "the whole team is off")]


async def test_a_stand_in_is_told_on_their_own_clock_for_whom_they_stand_in(morning: World) -> None:
    await odd_week(morning)

    found = await foreseen(morning)

    assert told(found, "Dana Weiss", THURSDAY, Slot.CARD) == []
    assert told(found, "Priya Raman", THURSDAY, Slot.CARD) == [("08:00", None)]
    (card,) = (one for one in found if one.to == "Priya Raman" and one.slot == Slot.CARD)
    assert card.what == "the huddle card of EMEA, for Dana (holiday: Thanksgiving Day)"


@pytest.mark.parametrize("paused", [False, True])
@pytest.mark.parametrize("planned", [False, True])
async def test_what_was_told_on_sunday_is_what_the_ledger_says_when_the_week_is_over(
    paused: bool, planned: bool, morning: World
) -> None:
    await odd_week(morning)
    if paused:
        one = await morning.read(huddles.of_team, morning.team.id)
        await morning.cadence.deps.database.write(huddles.change, replace(one, paused=True), morning.clock.now)
    if planned:
        await morning.cadence.scheduler.tick()
    began = morning.clock.now
    found = await foreseen(morning)
    expected = {(one.slot, one.to, one.at): one.skipped for one in found}
    assert len(expected) == len(found)

    for at in sorted({one.at for one in found}):
        morning.clock.now = at
        await morning.cadence.scheduler.tick()
    assert await _happened(morning, expected, began) == expected


async def _happened(world: World, expected: dict[Any, Any], began: datetime) -> dict[Any, str | None]:
    """What the ledger holds of the time, in the terms of the preview."""
    one = await world.read(huddles.of_team, world.team.id)
    rows: list[Occurrence] = await world.read(occurrences.of_ritual, one.id, MONDAY, MONDAY + 2 * WEEK)
    names = {person.id: person.name for person in world.people.values()}
    happened: dict[Any, str | None] = {}
    for row in rows:
        if not began < row.due_at <= began + WEEK:
            continue
        assert row.state in (State.OPENED, State.SKIPPED)
        to = names.get(row.subject, "EMEA, in its channel")
        if row.slot in (Slot.CARD, Slot.OWED):
            off = row.day == THURSDAY
            to = "Priya Raman" if off else "Dana Weiss"
        # What people will write nobody can tell beforehand, so it is foreseen "if any wait".
        happened[row.slot, to, row.due_at] = None if row.reason == owed.NOTHING else row.reason
    assert set(happened) == set(expected)
    return happened


async def test_looking_writes_nothing(morning: World) -> None:
    await odd_week(morning)
    await morning.at("08:30")
    before = await everything(morning)

    assert await foreseen(morning)
    assert await preview.look(morning.cadence.deps.database.url, morning.clock.now, 7)
    assert await everything(morning) == before
    assert before["outbox"]
    assert before["occurrences"]


async def test_what_is_over_is_not_told_and_what_is_answered_says_so(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Three renewals called")).ok

    found = await foreseen(morning)

    assert told(found, "Ana Torres", MONDAY) == []
    assert told(found, "Ana Torres", MONDAY, Slot.REMINDER) == [("08:50", "answered already")]
    assert told(found, "Tom Becker", MONDAY, Slot.REMINDER) == [("08:50", None)]
    assert told(found, "Ana Torres", TUESDAY) == [("08:30", None)]


async def test_whoever_was_asked_and_flies_west_is_told_that_nothing_comes_again(morning: World) -> None:
    await morning.at("08:30")
    await becomes(morning, "Ana", zone="America/New_York")

    assert told(await foreseen(morning), "Ana Torres", MONDAY) == [("08:30", "was sent already")]


async def test_whoever_left_the_team_is_told_as_the_opener_will_say(morning: World) -> None:
    await morning.at("07:00")
    await becomes(morning, "Ana", team_id=None)

    assert told(await foreseen(morning), "Ana Torres", MONDAY) == [("08:30", "left the team")]


async def test_a_prompt_that_is_overdue_is_still_to_come(morning: World) -> None:
    await morning.at("08:25")
    morning.clock.now += timedelta(minutes=10)

    assert told(await foreseen(morning), "Ana Torres", MONDAY) == [("08:30", None)]


async def test_a_lead_is_told_at_each_persons_own_moment(morning: World) -> None:
    one = await morning.read(huddles.of_team, morning.team.id)
    await morning.cadence.deps.database.write(huddles.change, replace(one, lead_minutes=30), morning.clock.now)

    ((at, _),) = told(await foreseen(morning), "Ana Torres", MONDAY)
    assert "08:00" <= at < "08:30"


async def test_a_team_without_manager_and_channel_says_both(morning: World) -> None:
    team = factories.team("South", channel=None)
    await morning.write(team, factories.huddle(team.id, asks_at=time(8)))

    reasons = {(one.slot, one.skipped) for one in await foreseen(morning) if one.team == "South"}
    nobody = "nobody manages this team"
    assert reasons == {(Slot.CARD, nobody), (Slot.OWED, nobody), (Slot.POST, "no channel is set")}


# The command


@pytest.fixture
async def company(database_url: str) -> str:
    """Ana, who is away, and Tom, in a team whose huddle is every day."""
    team = factories.team()
    names = ("Ana Torres", "Tom Becker")
    ana, tom = (factories.person(name, team_id=team.id, working_days="1234567") for name in names)
    today = machine_clock().date()
    away = factories.absence(ana.id, today - WEEK, today + 2 * WEEK, "parental leave")

    def fill(tx: Session) -> None:
        for value in (team, ana, tom, away, factories.huddle(team.id, weekdays="1234567")):
            add(tx, value)

    database = Database(database_url)
    await database.write(fill)
    await database.close()
    return database_url


async def run(url: str, *arguments: str) -> Any:
    """The command, on a thread of its own: it begins an event loop."""
    runner = CliRunner()
    return await asyncio.to_thread(runner.invoke, cadence, ["preview", *arguments], env={"DATABASE_URL": url})


async def test_the_table_has_a_heading_a_date_a_name_a_person_and_a_line_a_message(company: str) -> None:
    said = await run(company, "2")

    assert said.exit_code == 0
    lines = said.output.splitlines()
    assert re.fullmatch(r"\d+ messages due in the coming 2 days, \d+ left out\.", lines[0])
    assert re.fullmatch(r"[A-Z][a-z]+day \d+ [A-Z][a-z]+ \d{4}", lines[2])
    assert re.search(
        r"  Ana Torres \(Europe/Berlin\) +08:30  not sent: the prompt for the plan \(away: parental leave\)\n"
        r" {36}  08:50  not sent: the reminder, if the plan is still open \(away: parental leave\)\n",
        said.output,
    )
    assert re.search(r"  Tom Becker \(Europe/Berlin\) +08:30  the prompt for the plan\n", said.output)


async def test_one_person_is_asked_for_by_any_part_of_their_name(company: str) -> None:
    said = await run(company, "--person", "tom b")

    assert "Tom Becker" in said.output
    assert "Ana" not in said.output
    nobody = await run(company, "--person", "Nobody")
    assert (nobody.exit_code, nobody.output) == (1, "Nothing is due for anybody called 'Nobody' in that time.\n")


async def test_programs_get_json(company: str) -> None:
    said = await run(company, "3", "--json", "--person", "Ana")

    found = json.loads(said.output)
    assert 6 <= len(found) <= 8  # by the hour, today may still have its two
    assert {one["skipped"] for one in found} == {"away: parental leave"}
    assert datetime.fromisoformat(found[0]["at"]).tzinfo is not None
    assert {one["slot"] for one in found} == {Slot.PROMPT, Slot.REMINDER}


async def test_an_empty_database_has_a_sentence_and_empty_json(database_url: str) -> None:
    said = await run(database_url)
    assert said.output == "Nothing is due in the coming 7 days: no huddle is set for any of them.\n"
    assert said.exit_code == 0

    assert (await run(database_url, "1", "--json")).output == "[]\n"


@pytest.mark.parametrize("days", ["0", "367", "x"])
def test_days_that_cannot_be_are_refused(days: str) -> None:
    assert CliRunner().invoke(cadence, ["preview", days]).exit_code == 2


def test_the_simulation_tells_who_is_late_and_proves_its_lead() -> None:
    arguments = ["--people", "1000", "--zones", "Europe/Berlin", "--at", "08:30", "--rate", "300"]
    said = CliRunner().invoke(cadence, ["simulate", *arguments, "--day", "2026-11-24"])

    assert said.exit_code == 0
    assert "1000 people to be asked at 08:30 on Tuesday 24 November 2026" in said.output
    before, after = said.output.split("With a lead of ")
    assert re.search(r"late: \d+ of 1000 \(person \d+, person \d+, person \d+ … person \d+, ", before)
    assert "asked more than 60 s late: nobody" in after


@pytest.mark.parametrize("wrong", [["--zones", "Berlin"], ["--zones", "UTC", "--at", "25:00"], []])
def test_a_simulation_of_nothing_that_is_says_what_to_write(wrong: list[str]) -> None:
    said = CliRunner().invoke(cadence, ["simulate", "--people", "5", *wrong])

    assert said.exit_code == 2
    assert "Error: " in said.output
