"""Three messages a day that nobody asked for, and where the fourth goes (F109)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from rituals import calendar
from rituals.budget import ASKED_FOR, MOST, Sent, thread_of
from tests import factories

ANA = factories.person()
MORNING = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
KINDS = ("plan", "reminder", "redirect", "question", "week", *ASKED_FOR)


def sent(kind: str, minutes: int, *, is_out: bool = True) -> Sent:
    return Sent(f"{kind}:{minutes}", MORNING + timedelta(minutes=minutes), is_out)


def test_the_first_three_stand_alone_and_the_fourth_goes_under_the_newest_that_is_out() -> None:
    had = [sent("plan", 0), sent("reminder", 20)]
    assert thread_of(ANA, had, MORNING + timedelta(minutes=30)) is None

    had += [sent("redirect", 35), sent("receipt", 40)]
    assert thread_of(ANA, had, MORNING + timedelta(minutes=50)) == "redirect:35"
    assert thread_of(ANA, [*had[:2], sent("week", 45, is_out=False)], MORNING + timedelta(minutes=50)) == "reminder:20"


def test_a_new_day_by_their_own_clock_is_a_new_budget() -> None:
    had = [sent(kind, 0) for kind in ("plan", "reminder", "redirect")]
    evening = MORNING + timedelta(hours=6)

    assert thread_of(ANA, had, evening) is not None
    assert thread_of(replace(ANA, zone="Pacific/Auckland"), had, evening) is None
    assert thread_of(ANA, had, MORNING + timedelta(days=1)) is None


def test_whoever_is_asked_in_the_evening_keeps_room_for_that_prompt() -> None:
    late = replace(ANA, ask_before=True)
    had = [sent("reminder", 0), sent("redirect", 1)]

    assert thread_of(late, had, MORNING + timedelta(hours=1)) == "redirect:1"
    assert thread_of(late, [*had[:1], sent("plan", 1)], MORNING + timedelta(hours=1)) is None


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 3 * 24 * 60)), max_size=30), st.booleans())
def test_nobody_gets_a_fourth_whatever_comes_in_whatever_order(coming: list[tuple[str, int]], evening: bool) -> None:
    """Prompts come always, one a day; all else is decided as it comes."""
    person = replace(ANA, ask_before=evening)
    had: list[Sent] = []
    prompted = set()
    for kind, minutes in sorted(coming, key=lambda one: one[1]):
        new = sent(kind, minutes)
        day = calendar.local_day(new.at, person.zone)
        if kind == "plan" and (day in prompted or not evening):
            continue
        if kind == "plan":
            prompted.add(day)
        thread = None if kind in {*ASKED_FOR, "plan"} else thread_of(person, had, new.at)
        if thread is None:
            had.append(new)
        else:
            assert thread in {one.key for one in had}

    counted = [calendar.local_day(one.at, person.zone) for one in had if one.kind not in ASKED_FOR]
    assert all(counted.count(day) <= MOST for day in counted)
