"""Who works when, and who answers to whom."""

from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals.people import Person, Role, chain_above, responder, with_manager, works_on
from tests import factories

SATURDAY = date(2026, 11, 28)
MONDAY = date(2026, 11, 30)


def ladder(*names: str) -> tuple[list[Person], dict[UUID, Person]]:
    """People of whom each answers to the next, and all of them by id."""
    people = [factories.person(name) for name in names]
    chained = [replace(low, manager_id=high.id) for low, high in pairwise(people)] + people[-1:]
    return chained, {person.id: person for person in chained}


@st.composite
def companies(draw: st.DrawFn) -> tuple[list[Person], dict[UUID, Person]]:
    """People who answer to anybody of them, to themselves, to nobody, or to somebody who is not there."""
    ids = [new_id() for _ in range(draw(st.integers(1, 6)))]
    above = st.sampled_from([*ids, None, new_id()])
    people = [factories.person(id=one, manager_id=draw(above), active=draw(st.booleans())) for one in ids]
    return people, {person.id: person for person in people}


def test_colleagues_use_the_first_name() -> None:
    assert factories.person("Ana María Torres").given_name == "Ana"
    assert factories.person("Cher").given_name == "Cher"


@pytest.mark.parametrize(
    ("expected", "role", "active"),
    [
        (True, Role.REP, True),
        (False, Role.REP, False),
        *[(False, role, True) for role in Role if role is not Role.REP],
    ],
)
def test_active_reps_write_plans_and_nobody_else_does(expected: bool, role: Role, active: bool) -> None:
    assert factories.person(role=role, active=active).plans is expected


@pytest.mark.parametrize(("expected", "day"), [(True, SATURDAY), (False, MONDAY)])
def test_somebody_who_works_tuesday_to_saturday_works_on_saturday_and_not_on_monday(expected: bool, day: date) -> None:
    assert works_on(factories.person(working_days="23456"), day) is expected


def test_a_person_without_a_manager_answers_to_the_teams() -> None:
    dana = factories.person("Dana Weiss")
    ana = factories.person()

    assert with_manager(ana, factories.team(manager_id=dana.id)).manager_id == dana.id
    assert with_manager(ana, factories.team()).manager_id is None


def test_a_persons_own_manager_counts_before_the_teams() -> None:
    dana, lee = factories.person("Dana Weiss"), factories.person("Lee Chan")
    ana = factories.person(manager_id=lee.id)

    assert with_manager(ana, factories.team(manager_id=dana.id)) == ana


def test_the_chain_above_goes_from_the_nearest_to_the_top() -> None:
    (ana, dana, priya), people = ladder("Ana Torres", "Dana Weiss", "Priya Raman")

    assert chain_above(ana, people) == [dana, priya]
    assert chain_above(priya, people) == []


def test_a_manager_who_left_is_passed_over() -> None:
    (ana, dana, priya), people = ladder("Ana Torres", "Dana Weiss", "Priya Raman")

    assert chain_above(ana, people | {dana.id: replace(dana, active=False)}) == [priya]


def test_a_loop_ends_the_chain_before_it_comes_back() -> None:
    (ana, dana, priya), people = ladder("Ana Torres", "Dana Weiss", "Priya Raman")
    looping = replace(priya, manager_id=ana.id)

    assert chain_above(ana, people | {priya.id: looping}) == [dana, looping]


def test_whoever_manages_themselves_has_nobody_above() -> None:
    ana = factories.person()
    own = replace(ana, manager_id=ana.id)

    assert chain_above(own, {own.id: own}) == []


def test_a_manager_who_is_not_there_ends_the_chain() -> None:
    ana = factories.person(manager_id=new_id())

    assert chain_above(ana, {ana.id: ana}) == []


@given(companies())
def test_a_chain_holds_only_active_people_each_once_and_never_the_person(
    company: tuple[list[Person], dict[UUID, Person]],
) -> None:
    everybody, people = company
    for person in everybody:
        chain = chain_above(person, people)

        assert all(manager.active for manager in chain)
        assert len({manager.id for manager in chain}) == len(chain)
        assert person.id not in {manager.id for manager in chain}


def test_the_nearest_manager_who_is_present_owes_the_answer() -> None:
    (ana, dana, priya), people = ladder("Ana Torres", "Dana Weiss", "Priya Raman")

    assert responder(ana, people, away=()) == dana
    assert responder(ana, people, away={dana.id}) == priya


def test_when_everybody_above_is_away_the_direct_manager_keeps_it() -> None:
    (ana, dana, priya), people = ladder("Ana Torres", "Dana Weiss", "Priya Raman")

    assert responder(ana, people, away={dana.id, priya.id}) == dana


def test_without_a_manager_nobody_owes_an_answer() -> None:
    ana = factories.person()

    assert responder(ana, {ana.id: ana}, away=()) is None


@given(companies(), st.data())
def test_an_answer_is_owed_by_somebody_above_who_is_present_if_there_is_one(
    company: tuple[list[Person], dict[UUID, Person]], data: st.DataObject
) -> None:
    everybody, people = company
    away = data.draw(st.sets(st.sampled_from(sorted(people))))
    for person in everybody:
        chain = chain_above(person, people)
        owing = responder(person, people, away)

        assert (owing is None) == (not chain)
        if owing is not None:
            assert owing in chain
            assert owing.id not in away or all(manager.id in away for manager in chain)
