"""Who of a Slack workspace is one of its people, and what their changes mean."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.ids import new_id
from rituals.absences import Status
from rituals.people import Person, Role
from rituals.roster import (
    LONGEST_NAME,
    LastAdmin,
    LeftOut,
    News,
    Profile,
    home_zone,
    next_reading,
    placed,
    read,
    require_an_admin,
)
from tests import factories

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
NONE = Status("", "", None)
ANA = factories.person()
TEAM = new_id()


def profile(**facts: object) -> Profile:
    given = {"slack_id": "U0ANA", "name": "Ana Torres", "zone": "Europe/Berlin", "updated": NOW, "left_out": None}
    return Profile(**(given | {"status": NONE} | facts))  # type: ignore[arg-type]


def news(told: Profile, known: Person | None) -> tuple[News, Person] | None:
    return read(told, known, factories.WORKSPACE, "Asia/Tokyo", NOW, new_id())


def some_news(told: Profile, known: Person | None) -> tuple[News, Person]:
    found = news(told, known)
    assert found is not None
    return found


def test_a_joiner_is_a_rep_on_no_team_in_their_own_zone_or_at_home() -> None:
    kind, person = some_news(profile(), None)
    assert (kind, person.role, person.team_id, person.zone) == (News.JOINED, Role.REP, None, "Europe/Berlin")

    _, person = some_news(profile(zone=None), None)
    assert person.zone == "Asia/Tokyo"


@pytest.mark.parametrize("why", LeftOut)
def test_whoever_is_left_out_does_not_join_and_leaves(why: LeftOut) -> None:
    assert news(profile(left_out=why), None) is None
    assert news(profile(left_out=why), replace(ANA, active=False)) is None

    kind, person = some_news(profile(left_out=why), ANA)
    assert (kind, person.active, person.left_on) == (News.LEFT, False, date(2026, 11, 24))
    assert person.team_id == ANA.team_id


def test_a_return_gives_the_place_back() -> None:
    gone = replace(ANA, active=False, left_on=date(2026, 11, 1), team_id=TEAM)

    assert news(profile(), gone) == (News.RETURNED, replace(gone, active=True, left_on=None))


def test_a_new_name_or_zone_is_a_change_and_the_same_is_none() -> None:
    assert news(profile(), ANA) is None
    assert news(profile(zone=None), ANA) is None
    assert news(profile(name="Ana Ruiz"), ANA) == (News.CHANGED, replace(ANA, name="Ana Ruiz"))
    assert news(profile(name="A" * 300), ANA) == (News.CHANGED, replace(ANA, name="A" * LONGEST_NAME))


def test_home_is_where_most_are() -> None:
    people = [ANA, factories.person("Bo Xi"), factories.person("Cy Li", zone="Asia/Tokyo")]
    gone = [factories.person(f"G {n}", zone="Asia/Tokyo", active=False) for n in range(5)]

    assert home_zone([*people, *gone]) == "Europe/Berlin"
    assert home_zone([]) == "UTC"


def test_the_roster_is_read_at_three_in_the_night_at_home() -> None:
    assert next_reading([ANA], NOW) == datetime(2026, 11, 24, 2, tzinfo=UTC)
    assert next_reading([ANA], datetime(2026, 11, 24, 2, tzinfo=UTC)) == datetime(2026, 11, 25, 2, tzinfo=UTC)


def test_a_large_company_is_read_every_hour() -> None:
    crowd = [replace(ANA, id=new_id()) for _ in range(5001)]

    assert next_reading(crowd, NOW) == NOW + timedelta(hours=1)
    assert next_reading(crowd[1:], NOW) != NOW + timedelta(hours=1)


@pytest.mark.parametrize(("expected", "asked"), [(date(2026, 11, 24), True), (date(2026, 11, 23), False)])
def test_a_move_begins_tomorrow_when_today_was_asked_about(expected: date, asked: bool) -> None:
    moved = placed(replace(ANA, manager_id=new_id()), TEAM, date(2026, 11, 23), asked_today=asked)

    assert (moved.team_id, moved.team_since, moved.manager_id) == (TEAM, expected, None)
    assert moved.on_team(expected)
    assert not moved.on_team(expected - timedelta(days=1))


def test_staying_changes_nothing() -> None:
    there = replace(ANA, team_id=TEAM)

    assert placed(there, TEAM, date(2026, 11, 23), asked_today=True) == there


def test_somebody_stays_an_admin() -> None:
    ada, bo = factories.person("Ada Ops", role=Role.ADMIN), factories.person("Bo Xi", also=frozenset({Role.ADMIN}))
    plain = replace(ada, role=Role.REP)
    require_an_admin([ada, bo], plain)
    require_an_admin([], plain)
    require_an_admin([ada], ada)
    with pytest.raises(LastAdmin) as refusal:
        require_an_admin([ada, replace(bo, active=False)], plain)

    assert refusal.value.person == plain
