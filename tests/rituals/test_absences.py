"""How days away join, and what a Slack status excuses from."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals import calendar
from rituals.absences import AlreadyAway, BadDays, Status, back_from, by_status, excuses, join, require_days, said
from rituals.calendar import DaysOff
from rituals.people import Absence, Part
from tests import factories

ANA = factories.person()
DAY = date(2026, 12, 3)
NOW = datetime(2026, 12, 3, 9, tzinfo=UTC)
TONIGHT = NOW + timedelta(hours=8)
PALM = Status("", ":palm_tree:", TONIGHT)
WORDS = ("vacation", ":palm_tree:")


def away(first: int, last: int, part: Part = Part.WHOLE, reason: str = "holiday") -> Absence:
    return factories.absence(ANA.id, DAY + timedelta(days=first), DAY + timedelta(days=last), reason, part)


def span(absence: Absence) -> tuple[int, int]:
    return (absence.first_day - DAY).days, (absence.last_day - DAY).days


@pytest.mark.parametrize(
    ("expected", "known", "new"),
    [
        ((5, 6), [(0, 2)], (5, 6)),
        ((0, 6), [(0, 2)], (2, 6)),
        ((0, 6), [(0, 2)], (3, 6)),
        ((0, 9), [(0, 2), (4, 9)], (3, 3)),
        ((0, 9), [(2, 3)], (0, 9)),
        ((0, 6), [(5, 6), (2, 4), (0, 1)], (2, 5)),
    ],
    ids=["apart", "overlapping", "touching", "closing a gap", "around", "in a row"],
)
def test_whole_days_that_overlap_or_touch_become_one(
    expected: tuple[int, int], known: list[tuple[int, int]], new: tuple[int, int]
) -> None:
    joined = join(ANA, [away(*each) for each in known], away(*new, reason="newer"))

    assert span(joined.kept) == expected
    assert joined.kept.reason == "newer"


HALVES = [(Part.WHOLE, Part.WHOLE), (Part.MORNING, Part.WHOLE), (Part.MORNING, Part.MORNING)]


@pytest.mark.parametrize(("part", "standing"), HALVES)
def test_days_that_are_off_already_are_refused_with_those_days(part: Part, standing: Part) -> None:
    known = away(0, 5, standing)
    with pytest.raises(AlreadyAway) as refusal:
        join(ANA, [known], away(1, 2, part))

    assert (refusal.value.person, refusal.value.absence) == (ANA, known)


def test_whole_days_take_in_the_halves_among_them_and_leave_others() -> None:
    inside, outside, afternoon = away(1, 1, Part.MORNING), away(9, 9, Part.MORNING), away(2, 2, Part.AFTERNOON)
    joined = join(ANA, [inside, outside, afternoon], away(0, 3))

    assert set(joined.gone) == {inside, afternoon}
    assert span(joined.kept) == (0, 3)


def test_the_two_halves_of_a_day_stay_two() -> None:
    assert join(ANA, [away(0, 0, Part.MORNING)], away(0, 0, Part.AFTERNOON)).gone == ()


def test_what_a_status_says_stays_apart() -> None:
    shown = replace(away(0, 5), since=NOW, until=TONIGHT, shown_until=TONIGHT)

    assert join(ANA, [shown], away(1, 2)).gone == ()


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 5)), max_size=6),
    st.tuples(st.integers(0, 20), st.integers(0, 5)),
)
def test_joining_never_loses_or_adds_a_day(known: list[tuple[int, int]], new: tuple[int, int]) -> None:
    standing: list[Absence] = []
    for first, length in [*known, new]:
        try:
            joined = join(ANA, standing, away(first, first + length))
        except AlreadyAway:
            continue
        standing = [each for each in standing if each not in joined.gone] + [joined.kept]

    off = {d for first, length in [*known, new] for d in range(first, first + length + 1)}
    spans = sorted(span(each) for each in standing)
    assert {d for first, last in spans for d in range(first, last + 1)} == off
    assert all(later[0] > earlier[1] + 1 for earlier, later in pairwise(spans))


@pytest.mark.parametrize(("first", "last"), [(-1, 2), (2, 1), (0, 366)], ids=["over", "backwards", "too long"])
def test_days_that_are_over_backwards_or_too_many_are_refused(first: int, last: int) -> None:
    with pytest.raises(BadDays) as refusal:
        require_days(DAY + timedelta(days=first), DAY + timedelta(days=last), DAY)

    assert (refusal.value.first, refusal.value.last) == (DAY + timedelta(days=first), DAY + timedelta(days=last))


def test_a_day_and_a_year_are_fine() -> None:
    require_days(DAY, DAY, DAY)
    require_days(DAY, DAY + timedelta(days=365), DAY)


@pytest.mark.parametrize(
    ("expected", "status"),
    [
        (True, PALM),
        (True, Status("On VACATION till Monday", ":car:", TONIGHT)),
        (False, Status("Vacationing", "", TONIGHT)),
        (False, Status("palm tree", ":coffee:", TONIGHT)),
        (False, Status("vacation", "", None)),
        (False, Status("vacation", "", NOW)),
        (False, Status("", "", TONIGHT)),
    ],
)
def test_a_status_excuses_by_a_chosen_whole_word_or_emoji_with_an_end_ahead(expected: bool, status: Status) -> None:
    assert excuses(status, [*WORDS, "", " "], NOW) is expected


def begun() -> Absence:
    (made,) = by_status(ANA, [], PALM, WORDS, NOW, new_id())
    return made


def test_a_status_begins_an_absence_of_its_own() -> None:
    made = begun()

    assert (made.since, made.until, made.shown_until, made.reason) == (NOW, TONIGHT, TONIGHT, "palm tree")
    assert (made.first_day, made.last_day) == (DAY, DAY)


def test_the_same_status_again_changes_nothing_and_a_longer_one_lasts_longer() -> None:
    tomorrow = TONIGHT + timedelta(days=1)
    made = begun()
    assert by_status(ANA, [made], PALM, WORDS, NOW, new_id()) == []

    (longer,) = by_status(ANA, [made], replace(PALM, until=tomorrow), WORDS, NOW, new_id())
    assert (longer.id, longer.until, longer.last_day) == (made.id, tomorrow, DAY + timedelta(days=1))


def test_a_cleared_status_ends_it_and_the_next_one_is_a_new_absence() -> None:
    made, later = begun(), NOW + timedelta(hours=1)
    (ended,) = by_status(ANA, [made], Status("", "", None), WORDS, later, new_id())
    assert (ended.until, ended.shown_until) == (later, None)
    assert by_status(ANA, [ended], Status("", "", None), WORDS, later, new_id()) == []

    (again,) = by_status(ANA, [ended], PALM, WORDS, later, new_id())
    assert again.id != made.id


def test_one_ended_by_hand_does_not_begin_again_while_it_is_shown() -> None:
    ended = replace(begun(), until=NOW)
    assert by_status(ANA, [ended], PALM, WORDS, NOW, new_id()) == []

    (longer,) = by_status(ANA, [ended], replace(PALM, until=TONIGHT + timedelta(hours=1)), WORDS, NOW, new_id())
    assert longer.until == NOW


def test_an_absence_by_status_excuses_from_instants_not_from_days() -> None:
    made = begun()

    def off(at: time | None, day: date = DAY) -> bool:
        return calendar.day_off(ANA, day, [made], [], at) is not None

    assert not off(time(9, 59))  # 10:00 in Berlin is 09:00 UTC
    assert off(time(10))
    assert off(time(17, 59))
    assert not off(time(18))
    assert not off(None)


def test_a_status_over_a_whole_day_takes_all_of_it() -> None:
    made = replace(
        begun(),
        since=NOW - timedelta(days=1),
        until=NOW + timedelta(days=3),
        first_day=date(2026, 12, 2),
        last_day=date(2026, 12, 6),
    )

    assert calendar.day_off(ANA, DAY, [made], []) is not None


def test_the_words_of_a_status_come_before_its_emoji() -> None:
    assert said(Status("At the sea", ":palm_tree:", None)) == "At the sea"
    assert said(PALM) == "palm tree"


BACK = date(2026, 11, 30)  # a Monday


@pytest.mark.parametrize(
    ("first", "last", "part", "back"),
    [
        (BACK - timedelta(days=1), BACK - timedelta(days=1), Part.WHOLE, False),  # a Sunday off changes nothing
        (BACK - timedelta(days=3), BACK - timedelta(days=3), Part.WHOLE, True),
        (BACK - timedelta(days=40), BACK - timedelta(days=2), Part.WHOLE, True),
        (BACK - timedelta(days=3), BACK - timedelta(days=3), Part.MORNING, False),
        (BACK - timedelta(days=7), BACK - timedelta(days=4), Part.WHOLE, False),
        (BACK - timedelta(days=30), BACK - timedelta(days=20), Part.WHOLE, False),
    ],
)
def test_somebody_is_back_when_no_working_day_lies_between(first: date, last: date, part: Part, back: bool) -> None:
    ana = factories.person()
    absence = factories.absence(ana.id, first, last, part=part)

    assert back_from(ana, BACK, DaysOff({ana.id: [absence]}, ())) == (absence if back else None)


def test_a_fortnight_without_a_working_day_is_no_absence() -> None:
    nobody_works = factories.person(working_days="")

    assert back_from(nobody_works, BACK, DaysOff({}, ())) is None
