"""Caps, links and the tree: what may stand beside what, and what is missing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals.kpis import Link, Paid
from rituals.kpis_registry import (
    FunctionFull,
    LinkLoops,
    NameTaken,
    TeamFull,
    check_link,
    check_name,
    check_room,
    tree,
    warnings,
)
from rituals.people import Role
from tests import factories
from tests.factories import FUNCTION, OBJECTIVE, WORKSPACE

TEAM = new_id()


def room(count: int, **facts: Any) -> bool:
    active = [factories.kpi(f"KPI {n}", **facts) for n in range(count)]
    return check_room(factories.kpi("One more", **facts), OBJECTIVE, FUNCTION, "EMEA", active)


def scattered(count: int) -> list[Any]:
    return [factories.kpi(f"KPI {n}", team_id=TEAM, function_id=new_id()) for n in range(count)]


def test_a_function_has_room_for_five_and_the_sixth_is_refused_with_their_names() -> None:
    assert not room(4)
    with pytest.raises(FunctionFull) as refused:
        room(5)

    assert [kpi.name for kpi in refused.value.kpis] == [f"KPI {n}" for n in range(5)]
    assert (refused.value.objective, refused.value.function) == (OBJECTIVE, FUNCTION)


def test_five_count_for_one_objective_of_one_function_only() -> None:
    others = [factories.kpi(f"a{n}", objective_id=new_id()) for n in range(5)]
    others += [factories.kpi(f"b{n}", function_id=new_id()) for n in range(5)]

    assert not check_room(factories.kpi(), OBJECTIVE, FUNCTION, "", others)


def test_a_team_is_warned_at_ten_and_the_eleventh_is_refused() -> None:
    new = factories.kpi("One more", team_id=TEAM)

    assert not check_room(new, OBJECTIVE, FUNCTION, "EMEA", scattered(8))
    assert check_room(new, OBJECTIVE, FUNCTION, "EMEA", scattered(9))
    with pytest.raises(TeamFull) as refused:
        check_room(new, OBJECTIVE, FUNCTION, "EMEA", scattered(10))
    assert len(refused.value.kpis) == 10


def test_the_companys_own_kpis_fill_no_team() -> None:
    company = [factories.kpi(f"c{n}", function_id=new_id()) for n in range(20)]

    assert not check_room(factories.kpi("One more"), OBJECTIVE, FUNCTION, "", company)


def test_a_name_is_taken_whatever_its_case() -> None:
    with pytest.raises(NameTaken):
        check_room(factories.kpi("NEW  bookings"), OBJECTIVE, FUNCTION, "", [factories.kpi("New bookings")])
    with pytest.raises(NameTaken):
        check_name(" marketing ", ["Marketing"])
    assert check_name("  Customer   success ", ["Marketing"]) == "Customer success"


def link(leading: Any, lagging: Any) -> Link:
    return Link(new_id(), WORKSPACE, leading.id, lagging.id)


def test_a_kpi_never_leads_itself_not_even_by_way_of_others() -> None:
    a, b, c = (factories.kpi(name) for name in "abc")

    check_link(a, c, [link(a, b), link(b, c)])
    for leading, lagging in ((a, a), (b, a), (c, a)):
        with pytest.raises(LinkLoops):
            check_link(leading, lagging, [link(a, b), link(b, c)])


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=40))
def test_links_that_were_accepted_never_form_a_loop(wanted: list[tuple[int, int]]) -> None:
    kpis = [factories.kpi(str(n)) for n in range(7)]
    kept: list[Link] = []
    for leading, lagging in wanted:
        try:
            check_link(kpis[leading], kpis[lagging], kept)
        except LinkLoops:
            continue
        kept.append(link(kpis[leading], kpis[lagging]))

    left = list(kept)
    while ends := [one for one in left if not any(other.leading_id == one.lagging_id for other in left)]:
        left = [one for one in left if one not in ends]
    assert left == []


def test_a_red_leading_kpi_is_told_to_its_lagging_one() -> None:
    red, far, green, lagging = (factories.reading(name, value) for name, value in RED_FAR_GREEN_LAG)
    standing = {one.kpi.id: one for one in (red, far, green, lagging)}
    links = [link(one.kpi, lagging.kpi) for one in (red, far, green)]

    assert warnings(standing, links) == {lagging.kpi.id: [far, red]}
    assert warnings(standing, [link(lagging.kpi, red.kpi)]) == {}


RED_FAR_GREEN_LAG = [("red", "80"), ("far red", "10"), ("green", "100"), ("lagging", "100")]


def test_the_tree_names_what_is_missing() -> None:
    marketing, keep = factories.function("Marketing"), factories.objective("Keep")
    ana, tom, gone, watcher = (
        factories.person("Ana Torres"),
        factories.person("Tom Becker"),
        factories.person("Left Behind", active=False),
        factories.person("Olga View", role=Role.OBSERVER),
    )
    red, green = factories.reading("Red", "10"), factories.reading("Green", "100")
    shares = [
        factories.share(red.kpi.id, ana.id, paid=Paid.OPPOSITE),
        factories.share(green.kpi.id, gone.id),
        factories.share(green.kpi.id, tom.id, ended_on=factories.DAY),
    ]
    people = {person.id: person for person in (ana, tom, gone, watcher)}

    grown = tree([OBJECTIVE, keep], [FUNCTION, marketing], [green, red], shares, people)

    (first, branches, bare), (second, none, all_bare) = grown.objectives
    assert (first, second) == (OBJECTIVE, keep)
    assert [one.kpi.name for one, _ in branches[0].readings] == ["Red", "Green"]
    assert [person.name for _, person in branches[0].readings[0][1]] == ["Ana Torres"]
    assert list(bare) == [marketing]
    assert (list(none), list(all_bare)) == ([], [FUNCTION, marketing])
    assert list(grown.without_share) == [tom]
    assert [(one.person, one.share.paid) for one in grown.mismatches] == [(ana, Paid.OPPOSITE)]
