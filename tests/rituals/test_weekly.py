"""When a weekly asks, proposes, sends its agenda and meets: by the team's clock, once a week (F38, F39)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals import calendar
from rituals.calendar import NEVER_OFF, DaysOff
from rituals.weekly import (
    NO_MANAGER,
    OUTSIDE,
    PAUSED,
    TEAM_OFF,
    Slot,
    WeeklyOrder,
    asks_day,
    for_person,
    for_team,
    lead,
    meetings,
    require_order,
    why_no_meeting,
    why_not_asked,
)
from tests import factories

BERLIN = "Europe/Berlin"
TEAM = factories.team(manager_id=new_id())
WEEKLY = factories.weekly(TEAM.id)
ANA = factories.person("Ana Torres", team_id=TEAM.id)
DANA = factories.person("Dana Weiss", id=TEAM.manager_id, team_id=TEAM.id)
THURSDAY = date(2026, 11, 26)


def off(*days: date) -> DaysOff:
    return DaysOff({}, [factories.company_day(day) for day in days])


def local(moment: datetime) -> str:
    return moment.astimezone(calendar.zone(BERLIN)).strftime("%a %H:%M")


def test_a_usual_week_asks_on_thursday_at_ten_and_proposes_themes_the_day_before() -> None:
    (ask,) = for_person(WEEKLY, ANA, THURSDAY, BERLIN)
    assert (local(ask.due_at), local(ask.expires_at)) == ("Thu 10:00", "Thu 14:00")

    found = for_team(WEEKLY, DANA, THURSDAY, BERLIN, NEVER_OFF)
    assert [(due.slot, local(due.due_at)) for due in found] == [
        (Slot.THEMES, "Wed 15:00"),
        (Slot.AGENDA, "Thu 14:00"),
        (Slot.MEET, "Thu 16:00"),
    ]


def test_themes_move_to_the_managers_last_working_day_before() -> None:
    wednesday, tuesday = THURSDAY - timedelta(days=1), THURSDAY - timedelta(days=2)
    monday = replace(WEEKLY, meets_on=1)

    found = for_team(WEEKLY, DANA, THURSDAY, BERLIN, off(wednesday, tuesday))
    assert local(found[0].due_at) == "Mon 15:00"
    assert local(for_team(monday, DANA, date(2026, 11, 30), BERLIN, NEVER_OFF)[0].due_at) == "Fri 15:00"


@given(
    st.integers(1, 7),
    st.integers(1, 7),
    st.sampled_from(["UTC", BERLIN, "Pacific/Auckland", "America/Los_Angeles", "Asia/Kolkata"]),
    st.integers(0, 800),
)
def test_every_week_collects_before_its_agenda_and_all_of_it_in_order(
    asks_on: int, meets_on: int, zone: str, days: int
) -> None:
    weekly = require_order(replace(WEEKLY, asks_on=asks_on, meets_on=meets_on))
    now = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=days)
    found = meetings(weekly, zone, now, now + timedelta(days=7))

    assert {day.isoweekday() for day in found} == {meets_on}
    for day in found:
        assert 0 <= (day - asks_day(weekly, day)).days < 7
        assert asks_day(weekly, day).isoweekday() == asks_on
        asked = for_person(weekly, ANA, day, zone)
        themes, agenda, meet = for_team(weekly, DANA, day, zone, NEVER_OFF)
        assert themes.due_at < agenda.due_at < meet.due_at < meet.expires_at
        assert meet.due_at - agenda.due_at == timedelta(hours=2)
        assert all(due.due_at < due.expires_at <= agenda.due_at for due in asked)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"closes_at": time(10)}, "closes_at"),
        ({"meets_at": time(15, 59)}, "meets_at"),
        ({"meets_at": time(1)}, "meets_at"),
        ({"minutes": 61}, "minutes"),
        ({"minutes": 14}, "minutes"),
    ],
)
def test_times_that_cannot_be_are_refused_on_their_field(facts: dict[str, Any], field: str) -> None:
    with pytest.raises(WeeklyOrder) as refused:
        require_order(replace(WEEKLY, **facts))
    assert refused.value.field == field


def test_a_collection_of_another_day_may_close_at_any_time() -> None:
    later = replace(WEEKLY, asks_on=3, closes_at=time(18))

    assert require_order(later) == later


def test_nothing_is_due_before_the_weekly_began() -> None:
    began = replace(WEEKLY, since=datetime(2026, 11, 26, 12, tzinfo=UTC))

    assert for_person(began, ANA, THURSDAY, BERLIN) == []
    assert [due.slot for due in for_team(began, DANA, THURSDAY, BERLIN, NEVER_OFF)] == [Slot.AGENDA, Slot.MEET]


def test_why_somebody_is_not_asked() -> None:
    late = replace(ANA, works_from=time(15), works_to=time(20))

    assert why_not_asked(WEEKLY, ANA, THURSDAY, NEVER_OFF, BERLIN) is None
    assert why_not_asked(replace(WEEKLY, paused=True), ANA, THURSDAY, NEVER_OFF, BERLIN) == PAUSED
    assert why_not_asked(WEEKLY, None, THURSDAY, NEVER_OFF, BERLIN) == "left the team"
    assert why_not_asked(WEEKLY, replace(ANA, team_id=None), THURSDAY, NEVER_OFF, BERLIN) == "left the team"
    assert why_not_asked(WEEKLY, ANA, THURSDAY, off(THURSDAY), BERLIN) == "company day: summer party"
    assert why_not_asked(WEEKLY, late, THURSDAY, NEVER_OFF, BERLIN) == OUTSIDE


def test_why_a_meeting_does_not_take_place() -> None:
    assert why_no_meeting(WEEKLY, TEAM, [ANA], THURSDAY, NEVER_OFF) is None
    assert why_no_meeting(WEEKLY, TEAM, [ANA], THURSDAY, off(THURSDAY)) == TEAM_OFF
    assert why_no_meeting(WEEKLY, TEAM, [], THURSDAY, off(THURSDAY)) is None
    assert why_no_meeting(WEEKLY, replace(TEAM, manager_id=None), [ANA], THURSDAY, NEVER_OFF) == NO_MANAGER
    assert why_no_meeting(replace(WEEKLY, paused=True), TEAM, [ANA], THURSDAY, NEVER_OFF) == PAUSED


def test_whoever_is_present_leads() -> None:
    priya = factories.person("Priya Raman")
    ravi = factories.person("Ravi Shah")
    dana = replace(DANA, manager_id=priya.id, deputy_id=ravi.id)
    line = {one.id: one for one in (dana, priya, ravi)}
    away = DaysOff({dana.id: [factories.absence(dana.id, THURSDAY, THURSDAY)]}, [])

    assert lead(TEAM, line, THURSDAY, time(14), NEVER_OFF) == dana
    assert lead(TEAM, line, THURSDAY, time(14), away) == ravi
    assert lead(TEAM, {one.id: one for one in (dana, priya)}, THURSDAY, time(14), away) == priya
    assert lead(TEAM, line, THURSDAY, time(14), off(THURSDAY)) == dana
    assert lead(replace(TEAM, manager_id=None), line, THURSDAY, time(14), NEVER_OFF) is None
