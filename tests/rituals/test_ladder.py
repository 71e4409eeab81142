"""Who must act on a blocker, and when it goes to somebody else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from rituals import blockers_life as life
from rituals import calendar, ladder
from rituals.blockers import Blocker
from rituals.calendar import NEVER_OFF, DaysOff
from rituals.ladder import Line, Next, Step
from rituals.people import Person, Role
from tests import factories

LEO = factories.person("Leo Marsh", role=Role.LEADER)
VERA = factories.person("Vera Lind", role=Role.MANAGER, manager_id=LEO.id)
PRIYA = factories.person("Priya Raman", role=Role.MANAGER, manager_id=VERA.id)
LEE = factories.person("Lee Chan", role=Role.MANAGER)
DANA = factories.person("Dana Weiss", role=Role.MANAGER, manager_id=PRIYA.id, deputy_id=LEE.id)
ANA = factories.person("Ana Torres", manager_id=DANA.id)
PEOPLE = (LEO, VERA, PRIYA, LEE, DANA, ANA)
MONDAY = date(2026, 11, 23)


def at(wall: str, day: int = 0) -> datetime:
    """A wall time in Berlin, `day` days after Monday."""
    moment = calendar.instant(MONDAY + timedelta(days=day), time.fromisoformat(wall), "Europe/Berlin")
    assert moment is not None
    return moment


def line(*changed: Person, away: Iterable[Person] = (), days_off: DaysOff = NEVER_OFF) -> Line:
    people = {person.id: person for person in (*PEOPLE, *changed)}
    return Line(people[ANA.id], people, frozenset(person.id for person in away), days_off)


def stuck(**facts: Any) -> Blocker:
    given: dict[str, Any] = {"opened_at": at("10:30"), "opened_on": MONDAY}
    return factories.blocker(ANA.id, **(given | facts))


def following(blocker: Blocker, around: Line | None = None, now: datetime | None = None) -> Next:
    found = ladder.next_step(blocker, around or line(), now or blocker.since)
    assert found is not None
    return found


def test_manager_then_their_manager_then_the_leader() -> None:
    assert line().rungs == [DANA, PRIYA, LEO]
    assert line(replace(LEO, role=Role.MANAGER)).rungs == [DANA, PRIYA, VERA]
    alone = replace(PRIYA, manager_id=None)
    assert line(alone).rungs == [DANA, alone]
    assert line(replace(ANA, manager_id=None)).rungs == []


def test_the_manager_is_warned_four_working_hours_before_it_climbs_after_two_working_days() -> None:
    warning = following(stuck())
    assert (warning.step, warning.holder, warning.to, warning.level) == (Step.WARN, DANA, PRIYA, 1)
    assert (warning.at, warning.climbs_at) == (at("14:30", 1), at("10:30", 2))

    told = life.warned(stuck(), DANA, warning.at)
    climb = following(told, now=warning.at)
    assert (climb.step, climb.at, climb.to) == (Step.CLIMB, at("10:30", 2), PRIYA)


def test_after_two_more_it_goes_to_the_leader_and_no_further() -> None:
    up = life.climbed(stuck(), 1, at("10:30", 2), by_clock=True)
    warning = following(up)
    assert (warning.holder, warning.to, warning.climbs_at) == (PRIYA, LEO, at("10:30", 4))

    assert ladder.next_step(life.climbed(up, 2, at("10:30", 4), by_clock=True), line(), at("11:00", 4)) is None


def test_it_is_the_working_days_of_whoever_must_act_that_count() -> None:
    off = DaysOff({DANA.id: [factories.absence(DANA.id, MONDAY + timedelta(days=1), MONDAY + timedelta(days=1))]}, ())
    assert following(stuck(), line(days_off=off)).climbs_at == at("10:30", 3)
    friday = stuck(opened_at=at("17:00", -3))
    assert following(friday).climbs_at == at("09:00", 2)


def test_a_deputy_acts_for_whoever_is_away_and_without_one_the_next_one_up() -> None:
    assert line(away=[DANA]).holder(0) == LEE
    assert line(away=[DANA, LEE]).holder(0) == PRIYA
    assert line(away=[DANA, LEE]).above(0) == (2, LEO)
    assert line(away=[DANA, LEE, PRIYA, LEO]).holder(0) == DANA
    own = replace(DANA, deputy_id=ANA.id)
    assert line(own, away=[DANA]).holder(0) == PRIYA


def test_whoever_left_is_climbed_over() -> None:
    assert line(replace(DANA, active=False)).holder(0) == PRIYA
    assert line(replace(PRIYA, active=False)).rungs[1] == VERA


def test_somebody_it_comes_to_late_is_warned_and_has_four_hours_all_the_same() -> None:
    warned = life.warned(stuck(), DANA, at("14:30", 1))
    now = at("10:00", 4)
    found = following(warned, line(away=[DANA]), now)
    assert (found.step, found.holder, found.at, found.climbs_at) == (Step.WARN, LEE, now, at("14:00", 4))


def test_a_climb_that_was_missed_for_a_week_is_announced_anew() -> None:
    warned = life.warned(stuck(), DANA, at("14:30", 1))
    assert following(warned, now=at("12:00", 4)).step is Step.CLIMB
    assert following(warned, now=at("12:00", 9)).step is Step.WARN


def test_an_ack_stops_the_chain_and_runs_out_after_three_working_days_without_progress() -> None:
    acked = life.ack(stuck(), DANA, at("11:00"))
    found = following(acked)
    assert (found.step, found.at, found.holder) == (Step.LAPSE, at("11:00", 3), DANA)
    news = life.moved(acked, at("09:30", 2))
    assert following(news).at == at("09:30", 7)
    again = life.lapse(acked, found.at)
    assert (again.climb, following(again).climbs_at) == (2, at("11:00", 7))


def test_what_was_given_away_by_a_date_is_left_alone_until_then() -> None:
    due = MONDAY + timedelta(days=10)
    given = life.assign(stuck(), DANA, LEE, due, MONDAY, at("11:00"))
    assert following(given).at == at("17:00", 10)


def test_the_weekly_may_keep_it_for_five_working_days() -> None:
    assert following(life.park(stuck(), DANA, at("11:00"))).at == at("11:00", 7)


def test_an_ack_of_somebody_who_has_left_is_none() -> None:
    acked = life.ack(stuck(), DANA, at("11:00"))
    found = following(acked, line(replace(DANA, active=False)), at("12:00"))
    assert (found.step, found.at, found.holder) == (Step.LAPSE, at("12:00"), PRIYA)


def test_a_snooze_ends_in_the_morning_of_its_day_for_whoever_set_it() -> None:
    slept = life.snooze(stuck(), DANA, MONDAY + timedelta(days=3), "audit", MONDAY)
    found = following(slept)
    assert (found.step, found.at, found.holder) == (Step.WAKE, at("09:00", 3), DANA)
    assert following(slept, line(replace(DANA, active=False))).holder == PRIYA


def test_nothing_is_pending_for_what_is_closed_or_has_nobody_above() -> None:
    assert ladder.next_step(life.resolve(stuck(), DANA, None, at("11:00")), line(), at("11:00")) is None
    assert ladder.next_step(stuck(), line(replace(ANA, manager_id=None)), at("11:00")) is None


def test_whoever_never_works_keeps_it() -> None:
    never = line(replace(DANA, working_days=""))
    assert ladder.next_step(stuck(), never, at("11:00")) is None
    acked = life.ack(stuck(), DANA, at("11:00"))
    assert ladder.next_step(acked, never, at("11:00")) is None


def test_what_falls_due_does_not_depend_on_when_one_looks() -> None:
    first = following(stuck())
    for hours in range(1, 24):
        assert following(stuck(), now=at("10:30") + timedelta(hours=hours)) == first
    assert first.at.tzinfo is UTC
