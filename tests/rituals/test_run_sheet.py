"""Twenty minutes, the hard things first, everybody once."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from rituals.people import Person
from rituals.plans import Answer, Item
from rituals.run_sheet import LONGEST, Point, Topic, current, length, points
from tests import factories

ANA, TOM, MIA, RAVI = (factories.person(name) for name in ("Ana Torres", "Tom Becker", "Mia Keller", "Ravi Shah"))
KPI = uuid4()
START = datetime(2026, 11, 23, 8, 15, tzinfo=UTC)


def item(**facts: Any) -> Item:
    return factories.item(uuid4(), **{"kpi_id": KPI, **facts})


def topics(sheet: Sequence[Point]) -> list[tuple[Topic, str]]:
    return [(point.topic, point.person.given_name) for point in sheet]


def test_redirects_come_first_then_warnings_then_new_blockers_then_the_rest() -> None:
    items = {
        ANA.id: [item()],
        TOM.id: [item(kpi_id=None), item()],
        MIA.id: [item(answer=Answer.REDIRECTED)],
        RAVI.id: [item()],
    }
    stuck = {RAVI.id: [factories.blocker(RAVI.id)]}

    sheet = points([ANA, TOM, MIA, RAVI], items, stuck)

    assert topics(sheet) == [
        (Topic.REDIRECT, "Mia"),
        (Topic.NO_NUMBER, "Tom"),
        (Topic.BLOCKER, "Ravi"),
        (Topic.REST, "Ana"),
    ]


def test_whoever_planned_nothing_is_not_called() -> None:
    assert points([ANA], {}, {}) == []


def test_a_small_team_is_done_early() -> None:
    sheet = points([ANA, TOM], {ANA.id: [item()], TOM.id: [item()]}, {})

    assert length(sheet) == timedelta(seconds=80)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans(), st.booleans()), max_size=120))
def test_however_many_people_it_never_takes_more_than_twenty_minutes_and_names_each(
    team: list[tuple[int, int, bool, bool]],
) -> None:
    people: list[Person] = [factories.person(f"P{n} X") for n in range(len(team))]
    items = {
        person.id: [item() for _ in range(plain)]
        + [item(kpi_id=None) for _ in range(warned)]
        + ([item(answer=Answer.REDIRECTED)] if redirected else [])
        for person, (plain, warned, redirected, _) in zip(people, team, strict=True)
    }
    stuck = {
        person.id: [factories.blocker(person.id)]
        for person, (_, _, _, is_stuck) in zip(people, team, strict=True)
        if is_stuck
    }

    sheet = points(people, items, stuck)

    assert length(sheet) <= LONGEST
    order = [point.topic for point in sheet]
    assert order == sorted(order, key=list(Topic).index)
    named = {point.person.id for point in sheet}
    assert named == {person.id for person in people if items[person.id] or person.id in stuck}


@given(st.integers(0, 3000))
def test_the_clock_walks_from_the_first_point_past_the_last(seconds: int) -> None:
    sheet = points([ANA, TOM], {ANA.id: [item(kpi_id=None)], TOM.id: [item()]}, {})
    at = current(sheet, START, START + timedelta(seconds=seconds))

    assert at == (0 if seconds < 120 else 1 if seconds < 160 else 2)
