"""Pairs are fair: leaders first, never a manager with their report, another one next month (F45)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ids import new_id
from rituals.calendar import NEVER_OFF, DaysOff
from rituals.partners import (
    STOPPED,
    AlreadySaid,
    Kind,
    NoWords,
    Pair,
    Promise,
    PromiseState,
    Slot,
    Wish,
    comes,
    coming,
    ended,
    mondays_from,
    month_of,
    pair,
    regroup,
    until,
    why_not,
    written,
)
from rituals.people import Absence, Part, Person, Role
from tests import factories
from tests.factories import NOW, WORKSPACE

PEOPLE = [factories.person(f"{name} X") for name in ("Ana", "Ben", "Cora", "Dev", "Eve", "Finn")]
LEADERS = [factories.person(f"{name} Lead", role=Role.LEADER) for name in ("Lia", "Max")]


def ids(pairs: list[tuple[Person, Person]]) -> set[frozenset[UUID]]:
    return {frozenset((one.id, other.id)) for one, other in pairs}


def test_leaders_are_paired_first_and_with_each_other() -> None:
    found = pair([*PEOPLE, *LEADERS], {}, [])

    assert ids(found[:1]) == {frozenset(one.id for one in LEADERS)}
    assert len(found) == 4


def test_a_manager_is_never_paired_with_their_own_report_even_when_nobody_else_is_free() -> None:
    ana, ben = PEOPLE[:2]

    assert pair([ana, ben], {ben.id: ana.id}, []) == []
    assert len(pair(PEOPLE[:4], {each.id: ana.id for each in PEOPLE[1:3]}, [])) == 2


def test_pairs_change_every_month_while_somebody_else_is_free() -> None:
    before: list[set[frozenset[UUID]]] = []
    for _ in range(3):
        found = ids(pair(PEOPLE[:4], {}, before))
        assert not before or not found & before[0]
        before.insert(0, found)
    assert len(set.union(*before)) == 6
    assert ids(pair(PEOPLE[:2], {}, [ids(pair(PEOPLE[:2], {}, []))]))


@settings(max_examples=60)
@given(st.integers(0, 6), st.sets(st.integers(0, 5)), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5))))
def test_nobody_is_in_two_pairs_or_with_their_manager(many: int, led: set[int], lines: list[tuple[int, int]]) -> None:
    some = [factories.person(f"P{n} X", role=Role.LEADER if n in led else Role.REP) for n in range(many)]
    managers: dict[UUID, UUID | None] = {some[a].id: some[b].id for a, b in lines if a != b and max(a, b) < many}

    found = pair(some, managers, [])

    held = [one.id for couple in found for one in couple]
    assert len(set(held)) == len(held)
    for one, other in found:
        assert managers.get(one.id) != other.id
        assert managers.get(other.id) != one.id
    if not managers:
        assert len(found) == many // 2


@settings(max_examples=150)
@given(
    many=st.integers(2, 7),
    gone=st.sets(st.integers(0, 6), max_size=3),
    lines=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=3),
)
def test_within_a_month_only_those_part_who_must_and_whoever_is_free_is_paired_again(
    many: int, gone: set[int], lines: list[tuple[int, int]]
) -> None:
    some = [factories.person(f"P{n} X") for n in range(many)]
    first = [_standing(one, other) for one, other in pair(some, {}, [])]
    coming = {person.id: person for n, person in enumerate(some) if n not in gone}
    managers: dict[UUID, UUID | None] = {some[a].id: some[b].id for a, b in lines if a != b and max(a, b) < many}

    over, found = regroup(first, coming, managers, [])

    kept = [one for one in first if one not in over]
    for one in first:
        manage = managers.get(one.one_id) == one.other_id or managers.get(one.other_id) == one.one_id
        assert (one in over) == (manage or any(who not in coming for who in one.both))
    held = [who for one in kept for who in one.both] + [one.id for couple in found for one in couple]
    assert len(set(held)) == len(held)
    assert set(held) <= set(coming)
    assert all(managers.get(one.id) != other.id and managers.get(other.id) != one.id for one, other in found)
    if not managers:
        assert len(coming) - len(held) <= 1


def _standing(one: Person, other: Person) -> Pair:
    return Pair(new_id(), WORKSPACE, date(2026, 11, 1), one.id, other.id, None)


def test_whoever_is_away_on_each_monday_left_of_the_month_is_nobodys_partner() -> None:
    ana, third = PEOPLE[0], mondays_from(date(2026, 11, 16))
    away = Absence(new_id(), WORKSPACE, ana.id, date(2026, 11, 16), date(2026, 11, 29), "leave", Part.WHOLE)

    assert third == [date(2026, 11, day) for day in (16, 23, 30)]
    assert comes(ana, third, DaysOff({ana.id: [away]}, ()))
    assert not comes(ana, third[:2], DaysOff({ana.id: [away]}, ()))
    assert not comes(replace(ana, working_days="2345"), third, NEVER_OFF)


def test_monday_asks_and_friday_asks_back_by_the_persons_own_clock() -> None:
    mia = factories.person("Mia Keller", zone="Pacific/Auckland")
    start = datetime(2026, 11, 22, 11, tzinfo=UTC)
    found = coming(mia, start, start, start + timedelta(days=7))

    assert [(due.slot, f"{due.due_at:%a %H:%M}") for due in found] == [
        (Slot.MONDAY, "Sun 20:30"),
        (Slot.FRIDAY, "Fri 02:00"),
    ]


def test_whoever_opted_out_is_not_asked() -> None:
    wish = Wish(new_id(), WORKSPACE, PEOPLE[0].id, Kind.PARTNER, None, NOW, None)
    day = date(2026, 11, 23)

    assert why_not(wish, PEOPLE[0], day, time(9, 30), NEVER_OFF) is None
    assert why_not(None, PEOPLE[0], day, time(9, 30), NEVER_OFF) == STOPPED
    assert why_not(wish, PEOPLE[0], day - timedelta(days=1), time(9), NEVER_OFF) == "not one of their working days"


def test_months() -> None:
    assert month_of(date(2026, 12, 2)) == date(2026, 11, 1)
    assert until(month_of(date(2026, 12, 7))) == date(2026, 12, 31)
    assert until(date(2028, 2, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize("kind", list(Kind))
def test_a_commitment_is_written_and_ends_once(kind: Kind) -> None:
    asked = Promise(
        new_id(), WORKSPACE, PEOPLE[0].id, kind, date(2026, 11, 23), None, None, "", PromiseState.ASKED, None
    )
    with pytest.raises(AlreadySaid):
        ended(asked, PromiseState.DONE)
    with pytest.raises(NoWords):
        written(asked, " ")
    wrote = written(written(asked, "one"), " two  words ")
    assert (wrote.text, wrote.state) == ("two words", PromiseState.OPEN)
    if kind is Kind.FIRST:
        with pytest.raises(NoWords):
            ended(wrote, PromiseState.DROPPED, " ")
    over = ended(wrote, PromiseState.DROPPED, "no budget")
    assert over.because == ("no budget" if kind is Kind.FIRST else None)
    with pytest.raises(AlreadySaid):
        written(over, "x")
    with pytest.raises(AlreadySaid):
        ended(over, PromiseState.DONE)
