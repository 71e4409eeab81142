"""What a person's and a team's settings must be, and the hours in which somebody is reached."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals import handover, hours, huddle, settings
from rituals.calendar import DaysOff, UnknownCalendar
from rituals.handover import NotHere
from rituals.hours import BackwardHours
from rituals.huddle import Slot
from rituals.people import Loop, deputy_of, first_present, require_no_loop, responder
from rituals.policy import about
from rituals.settings import (
    AskedOutsideHours,
    AskedTooLate,
    HuddleOrder,
    NameTaken,
    NoName,
    NoWorkingDays,
    OwnDeputy,
    first_huddle,
    require_morning,
    require_name,
    require_settings,
)
from tests import factories

ANA = factories.person()
TEAM = factories.team()
HUDDLE = factories.huddle(TEAM.id)
MONDAY = date(2026, 11, 23)
NINE_TO_FIVE = replace(ANA, works_from=time(9), works_to=time(17))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        (NoWorkingDays, {"working_days": ""}),
        (BackwardHours, {"works_from": time(17), "works_to": time(9)}),
        (BackwardHours, {"works_from": time(17)}),
        (UnknownCalendar, {"holidays": "XX"}),
        (OwnDeputy, {"deputy_id": ANA.id}),
        (AskedTooLate, {"ask_at": time(9)}),
        (AskedOutsideHours, {"ask_at": time(8), "works_from": time(9), "works_to": time(17)}),
    ],
)
def test_settings_that_do_not_hold_together_are_refused(expected: type[Exception], facts: dict[str, Any]) -> None:
    with pytest.raises(expected):
        require_settings(replace(ANA, **facts), HUDDLE)


def test_settings_are_tidied() -> None:
    assert require_settings(replace(ANA, working_days="5421"), None).working_days == "1245"
    assert require_settings(replace(ANA, ask_at=time(17, 30), ask_before=True), HUDDLE).ask_before
    assert require_settings(replace(NINE_TO_FIVE, ask_at=time(9)), None).ask_at == time(9)


def test_a_team_has_a_name_of_its_own() -> None:
    other = factories.team("APAC")
    assert require_name(replace(TEAM, name="  E  MEA "), [TEAM, other]).name == "E MEA"
    with pytest.raises(NoName):
        require_name(replace(TEAM, name=" "), [])
    with pytest.raises(NameTaken) as refusal:
        require_name(replace(TEAM, name="apac"), [TEAM, other])

    assert refusal.value.team == other


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("reminds_at", {"reminds_at": time(8, 30)}),
        ("closes_at", {"closes_at": time(8, 50)}),
        ("meets_at", {"meets_at": time(8, 59)}),
        ("posts_at", {"posts_at": time(9)}),
    ],
)
def test_a_huddles_times_follow_each_other(field: str, facts: dict[str, Any]) -> None:
    with pytest.raises(HuddleOrder) as refusal:
        require_morning(replace(HUDDLE, **facts))

    assert refusal.value.field == field


def test_a_huddle_has_a_weekday_and_its_card_comes_when_it_closes() -> None:
    with pytest.raises(NoWorkingDays):
        require_morning(replace(HUDDLE, weekdays=""))
    kept = require_morning(replace(HUDDLE, weekdays="51", closes_at=time(9, 10)))

    assert (kept.weekdays, kept.card_at) == ("15", time(9, 10))


def test_a_new_team_begins_with_a_huddle_that_holds_together() -> None:
    first = first_huddle(new_id(), TEAM, utc(2026, 11, 23, 12))

    assert require_morning(first) == first
    assert (first.team_id, first.since) == (TEAM.id, utc(2026, 11, 23, 12))


def test_whoever_set_no_hours_is_reached_at_any_time() -> None:
    midnight = utc(2026, 11, 22)

    assert hours.opens(ANA, midnight) == midnight
    assert hours.within(ANA, midnight)


@pytest.mark.parametrize(
    ("expected", "moment"),
    [
        (utc(2026, 11, 23, 8), utc(2026, 11, 23, 5)),
        (utc(2026, 11, 23, 12), utc(2026, 11, 23, 12)),
        (utc(2026, 11, 24, 8), utc(2026, 11, 23, 16)),
        (utc(2026, 11, 30, 8), utc(2026, 11, 27, 18)),
    ],
    ids=["before", "within", "at the end", "over the weekend"],
)
def test_hours_open_at_their_beginning_on_the_next_weekday(expected: datetime, moment: datetime) -> None:
    assert hours.opens(NINE_TO_FIVE, moment) == expected


def test_whoever_works_on_no_day_is_reached_at_any_time() -> None:
    moment = utc(2026, 11, 23, 5)

    assert hours.opens(replace(NINE_TO_FIVE, working_days=""), moment) == moment


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001 - made aware below
def test_what_lands_lands_within_the_hours_and_never_earlier(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC)
    landed = hours.opens(NINE_TO_FIVE, moment)

    assert landed >= moment
    assert hours.within(NINE_TO_FIVE, landed)


def prompt_of(person: Any, days_off: DaysOff | None = None, now: datetime | None = None) -> datetime:
    dues = huddle.for_person(HUDDLE, person, MONDAY, days_off or DaysOff({}, ()), now)
    return next(due.due_at for due in dues if due.slot is Slot.PROMPT)


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        (utc(2026, 11, 23, 7, 30), {}),
        (utc(2026, 11, 23, 6, 15), {"ask_at": time(7, 15)}),
        (utc(2026, 11, 23, 7, 30), {"ask_at": time(9, 15)}),
        (utc(2026, 11, 20, 16, 30), {"ask_at": time(17, 30), "ask_before": True}),
        (utc(2026, 11, 23, 7, 30), {"ask_at": time(17, 30), "ask_before": True, "working_days": "1"}),
        (utc(2026, 11, 23, 7, 45), {"works_from": time(8, 45), "works_to": time(17)}),
        (utc(2026, 11, 23, 7, 30), {"works_from": time(10), "works_to": time(17)}),
        (
            utc(2026, 11, 23, 7, 30),
            {"ask_at": time(17, 30), "ask_before": True, "works_from": time(8), "works_to": time(16)},
        ),
    ],
)
def test_when_somebody_is_asked(expected: datetime, facts: dict[str, Any]) -> None:
    assert prompt_of(replace(ANA, **facts)) == expected


def test_an_evening_off_moves_to_the_one_before_and_a_missed_one_to_the_morning() -> None:
    eve = replace(ANA, ask_at=time(17, 30), ask_before=True)
    friday = MONDAY - timedelta(days=3)
    off = DaysOff({ANA.id: [factories.absence(ANA.id, friday, friday)]}, ())
    assert prompt_of(eve, off) == utc(2026, 11, 23, 7, 30)

    assert prompt_of(eve, now=utc(2026, 11, 20, 18)) == utc(2026, 11, 20, 16, 30)
    assert prompt_of(eve, now=utc(2026, 11, 21, 9)) == utc(2026, 11, 23, 7, 30)


def test_nobody_is_asked_for_a_day_before_they_were_on_the_team() -> None:
    assert huddle.for_person(HUDDLE, replace(ANA, team_since=MONDAY + timedelta(days=1)), MONDAY) == []


@pytest.mark.parametrize(
    ("expected", "slot", "person", "at"),
    [
        (None, Slot.PROMPT, NINE_TO_FIVE, None),
        (huddle.OUTSIDE, Slot.PROMPT, NINE_TO_FIVE, utc(2026, 11, 23, 7, 30)),
        (None, Slot.PROMPT, ANA, utc(2026, 11, 23, 7, 30)),
        (huddle.OUTSIDE, Slot.REMINDER, NINE_TO_FIVE, utc(2026, 11, 23, 7, 50)),
        (None, Slot.REMINDER, ANA, utc(2026, 11, 23, 7, 50)),
        (None, Slot.REMINDER, NINE_TO_FIVE, None),
        (
            "was only just asked",
            Slot.REMINDER,
            replace(ANA, works_from=time(8, 50), works_to=time(17)),
            utc(2026, 11, 23, 7, 50),
        ),
    ],
)
def test_why_nothing_lands_outside_the_hours(
    expected: str | None, slot: Slot, person: Any, at: datetime | None
) -> None:
    placed = replace(person, team_id=TEAM.id)
    asked = slot is Slot.REMINDER
    why = huddle.why_not(slot, HUDDLE, placed, MONDAY, DaysOff({}, ()), asked=asked, answered=False, at=at)

    assert why == expected


def test_lateness_counts_from_ones_own_time() -> None:
    early = replace(ANA, ask_at=time(7))

    assert huddle.late_by(HUDDLE, early, MONDAY, utc(2026, 11, 23, 6, 10)) == timedelta(minutes=10)
    assert huddle.late_by(HUDDLE, ANA, MONDAY, utc(2026, 11, 23, 7, 30)) == timedelta(0)


def test_a_circle_is_refused_however_long() -> None:
    priya = factories.person("Priya Raman", manager_id=ANA.id)
    dana = factories.person("Dana Weiss", manager_id=priya.id)
    line = {one.id: one for one in (ANA, priya, dana)}
    for manager in (ANA, priya, dana):
        with pytest.raises(Loop) as refusal:
            require_no_loop(ANA, manager, line)
        assert (refusal.value.person, refusal.value.manager) == (ANA, manager)

    require_no_loop(factories.person("Bo Xi"), dana, line)
    looping = factories.person("Lo Op")
    own = replace(looping, manager_id=looping.id)
    require_no_loop(ANA, own, {own.id: own})


def test_a_deputy_stands_in_while_here_and_present_and_never_for_what_they_wrote() -> None:
    dana = factories.person("Dana Weiss", deputy_id=ANA.id)
    priya = factories.person("Priya Raman")
    dana = replace(dana, manager_id=priya.id)
    tom, ana = (replace(factories.person(name), manager_id=dana.id) for name in ("Tom Becker", "Ana Torres"))
    dana = replace(dana, deputy_id=ana.id)
    known = {one.id: one for one in (ana, dana, priya, tom)}

    assert responder(tom, known, {dana.id}) == ana
    assert responder(ana, known, {dana.id}) == priya
    assert responder(tom, known, {dana.id, ana.id}) == priya
    assert responder(tom, {**known, ana.id: replace(ana, active=False)}, {dana.id}) == priya
    assert responder(tom, known, set()) == dana
    assert responder(tom, known, {dana.id, ana.id, priya.id}) == dana
    assert deputy_of(priya, known, ()) is None
    assert first_present([], known, ()) is None
    assert about(tom, known, {dana.id}).above == (ana, dana, priya)
    assert about(ana, known, {dana.id}).above == (dana, priya)
    assert about(tom, known).above == (dana, priya)


def test_nothing_is_given_to_somebody_who_left() -> None:
    handover.require_here(ANA)
    with pytest.raises(NotHere) as refusal:
        handover.require_here(replace(ANA, active=False))

    assert refusal.value.person.id == ANA.id
    assert settings.ORDER[0] == "asks_at"
