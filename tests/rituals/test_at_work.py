"""A word about somebody's work waits until they are there (F86, F87)."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rituals import hours
from rituals.calendar import NEVER_OFF, DaysOff
from rituals.people import Absence, Part
from tests import factories

MONDAY = date(2026, 11, 23)
ANA = factories.person(zone="UTC")


def at(wall: int, ahead: int = 0) -> datetime:
    return datetime(2026, 11, 23, wall, tzinfo=UTC) + timedelta(days=ahead)


def off(first: int, last: int, part: Part = Part.WHOLE) -> DaysOff:
    begins, ends = (MONDAY + timedelta(days=ahead) for ahead in (first, last))
    return DaysOff({ANA.id: [factories.absence(ANA.id, begins, ends, part=part)]}, ())


def test_whoever_works_is_reached_now() -> None:
    assert hours.at_work(ANA, at(14), NEVER_OFF) == at(14)


def test_an_afternoon_off_waits_for_the_next_morning_and_a_morning_off_for_one_o_clock() -> None:
    assert hours.at_work(ANA, at(14), off(0, 0, Part.AFTERNOON)) == at(9, 1)
    assert hours.at_work(ANA, at(10), off(0, 0, Part.MORNING)) == at(13)


def test_days_off_and_a_weekend_are_waited_for_and_own_hours_begin_the_day() -> None:
    friday = at(14, 4)

    assert hours.at_work(ANA, friday, off(4, 7)) == at(9, 8)
    early = factories.person(zone="UTC", id=ANA.id, works_from=time(7), works_to=time(15))
    assert hours.at_work(early, friday, off(4, 7)) == at(7, 8)


def test_an_absence_without_an_end_in_sight_holds_nothing_back_for_ever() -> None:
    assert hours.at_work(ANA, at(9), off(0, 400)) <= at(13, hours.LONGEST_OFF.days + 3)


@given(
    st.integers(0, 24 * 14),
    st.lists(st.tuples(st.integers(0, 13), st.integers(0, 3), st.sampled_from(Part)), max_size=5),
    st.sampled_from([(None, None), (time(8), time(17)), (time(10), time(12)), (time(14), time(20))]),
)
def test_it_is_never_earlier_never_outside_hours_and_never_on_a_day_off(
    hour: int, away: list[tuple[int, int, Part]], works: tuple[time | None, time | None]
) -> None:
    person = factories.person(zone="UTC", works_from=works[0], works_to=works[1])
    absences: list[Absence] = [
        factories.absence(person.id, MONDAY + timedelta(days=first), MONDAY + timedelta(days=first + more), part=part)
        for first, more, part in away
    ]
    days_off = DaysOff({person.id: absences}, ())
    moment = at(0) + timedelta(hours=hour)

    found = hours.at_work(person, moment, days_off)

    assert found >= moment
    assert hours.within(person, found)
    assert days_off.at(person, found) is None
