"""When a week ends, and what it came to by then (F43)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals import calendar, good_week
from rituals.calendar import NEVER_OFF
from rituals.huddle import Huddle
from rituals.people import Person
from rituals.plans import Outcome
from rituals.week import Day, Week
from tests import factories

MONDAY = date(2026, 11, 23)
WEEK = [MONDAY + timedelta(days=ahead) for ahead in range(7)]
HUDDLE = factories.huddle(new_id())
ANA = factories.person(team_id=HUDDLE.team_id)


def closing(huddle_days: str = "12345", working_days: str = "12345") -> list[int]:
    """The weekdays, from 1, that end a week."""
    huddle, person = replace(HUDDLE, weekdays=huddle_days), replace(ANA, working_days=working_days)
    return [day.isoweekday() for day in WEEK if good_week.closes(huddle, person, day)]


def test_a_week_ends_on_friday_or_on_the_last_day_before_it_that_is_worked() -> None:
    assert closing() == [5]
    assert closing("1234") == [4]
    assert closing("71234") == [4]
    assert closing("12345", "123") == [3]
    assert closing("1234567", "1234567") == [5]
    assert closing("67", "67") == [7]
    assert closing("12345", "67") == []


@given(st.sets(st.sampled_from("1234567")), st.sets(st.sampled_from("1234567")))
def test_every_week_has_one_end_as_long_as_anybody_works(huddle: set[str], person: set[str]) -> None:
    assert len(closing("".join(huddle), "".join(person))) == bool(huddle & person)


def wall(**facts: object) -> time | None:
    due = good_week.for_person(HUDDLE, replace(ANA, **facts), WEEK[4])  # type: ignore[arg-type]
    return None if due is None else due.due_at.astimezone(calendar.zone(due.zone)).time()


def test_the_question_comes_at_four_on_their_own_clock_or_an_hour_before_they_go() -> None:
    assert wall() == time(16)
    assert wall(zone="Pacific/Auckland") == time(16)
    assert wall(works_from=time(8), works_to=time(17)) == time(16)
    assert wall(works_from=time(7), works_to=time(15)) == time(14)
    assert wall(team_since=MONDAY + timedelta(days=5)) is None
    later = replace(HUDDLE, since=datetime(2027, 1, 1, tzinfo=UTC))
    assert good_week.for_person(later, ANA, WEEK[4]) is None


def test_whoever_goes_before_they_could_be_reached_is_left_alone_and_so_is_whoever_left_the_team() -> None:
    due = good_week.for_person(HUDDLE, ANA, WEEK[4])
    assert due is not None

    def why(person: Person | None, huddle: Huddle = HUDDLE) -> str | None:
        return good_week.why_not(huddle, person, due.due_at, due.expires_at, NEVER_OFF)

    assert why(ANA) is None
    assert why(replace(ANA, works_from=time(8), works_to=time(12))) == good_week.OUTSIDE_HOURS
    assert why(replace(ANA, working_days="1")) == "not one of their working days"
    assert why(None) == why(replace(ANA, team_id=None)) == "left the team"
    assert why(ANA, replace(HUDDLE, paused=True)) == "the huddle is paused"


def day(*outcomes: Outcome) -> Day:
    return Day(True, True, tuple(factories.item(new_id(), outcome=one) for one in outcomes))


def test_what_the_last_plan_leaves_open_is_not_counted_before_it_is_settled() -> None:
    days = [day(Outcome.DONE, Outcome.OPEN), day(Outcome.DONE, Outcome.OPEN, Outcome.OPEN), Day(False, False, ())]

    assert (good_week.so_far(days).met, good_week.so_far(days).promised) == (2, 3)
    assert good_week.so_far([]).promised == 0


def test_weeks_of_several_people_add_up() -> None:
    assert good_week.together([Week(1, 2, 3, 4), Week(10, 20, 30, 40)]) == Week(11, 22, 33, 44)
    assert good_week.together([]) == Week(0, 0, 0, 0)


def test_a_later_word_replaces_an_earlier_and_an_empty_line_takes_it_back() -> None:
    asked = good_week.GoodWeek(new_id(), "T0TEST", HUDDLE.team_id, ANA.id, WEEK[4], None, None, None)
    yes = good_week.said(asked, factories.NOW, good=True)
    assert (yes.good, yes.said_at) == (True, factories.NOW)
    assert good_week.said(yes, factories.NOW, good=False).good is False
    line = good_week.worded(yes, "  Legal answered  ", factories.NOW)
    assert line.words == "Legal answered"
    assert good_week.worded(line, " ", factories.NOW).words is None
