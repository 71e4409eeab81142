"""People and teams as they are asked for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.ids import new_id
from rituals.people import Person, Role
from storage import huddles, kpis, people
from storage.database import Database
from storage.values import add, save
from tests import factories
from tests.storage.support import ANA, DANA, KPI, NOW, TEAM, TOM, WORKSPACE, put


async def test_a_person_is_found_by_id_and_by_slack_id_in_their_workspace(company: Database) -> None:
    assert await company.read(people.find, ANA.id) == ANA
    assert await company.read(people.find, new_id()) is None
    assert await company.read(people.find_by_slack, WORKSPACE, "U0ANA") == ANA
    assert await company.read(people.find_by_slack, "T0OTHER", "U0ANA") is None


async def test_somebody_who_left_is_behind_no_slack_id(company: Database) -> None:
    await company.write(save, replace(ANA, active=False))

    assert await company.read(people.find_by_slack, WORKSPACE, "U0ANA") is None


async def test_a_slack_id_is_one_person_of_a_workspace(company: Database) -> None:
    await company.write(add, factories.person("Ana Torres", workspace="T0OTHER"))
    with pytest.raises(IntegrityError):
        await company.write(add, factories.person("Ana Again"))


async def test_the_roster_is_whoever_writes_plans_in_the_team_by_name(company: Database) -> None:
    left = factories.person("Bo Left", team_id=TEAM.id, active=False)
    observer = factories.person("Cy Watch", team_id=TEAM.id, role=Role.OBSERVER)
    elsewhere = factories.person("Al Else")
    await company.write(put, left, observer, elsewhere)

    assert await company.read(people.roster, TEAM.id) == [ANA, TOM]


async def test_everybody_of_a_workspace_includes_who_left(company: Database) -> None:
    left = factories.person("Bo Left", active=False)
    await company.write(put, left, factories.person("Xi Far", workspace="T0OTHER"))

    assert await company.read(people.everybody, WORKSPACE) == {one.id: one for one in (ANA, DANA, TOM, left)}
    assert sorted(await company.read(people.workspaces)) == ["T0OTHER", WORKSPACE]


async def test_the_lines_above_go_to_the_top_and_end_at_a_loop(company: Database) -> None:
    priya = factories.person("Priya Raman")
    managed = replace(DANA, manager_id=priya.id)
    await company.write(add, priya)
    await company.write(save, managed)
    assert await company.read(people.lines_above, [ANA, TOM]) == {DANA.id: managed, priya.id: priya}
    assert await company.read(people.lines_above, [priya]) == {}

    await company.write(save, replace(priya, manager_id=DANA.id))
    assert set(await company.read(people.lines_above, [ANA])) == {DANA.id, priya.id}


async def test_a_large_roster_is_read_in_parts_by_id(company: Database) -> None:
    reps = [factories.person(f"Rep {number}", team_id=TEAM.id, slack_id=f"U{number}") for number in range(5)]
    left = factories.person("Bo Left", team_id=TEAM.id, active=False)
    await company.write(put, *reps, left)
    expected = sorted([ANA, TOM, *reps], key=lambda person: person.id)

    read: list[Person] = []
    while part := await company.read(people.roster_after, TEAM.id, read[-1].id if read else None, 3):
        assert len(part) <= 3
        read += part
    assert read == expected


async def test_some_people_are_found_by_their_ids(company: Database) -> None:
    assert await company.read(people.some, [ANA.id, new_id()]) == {ANA.id: ANA}


async def test_teams_are_found_and_listed_by_name(company: Database) -> None:
    apac = factories.team("APAC")
    await company.write(put, apac, factories.team("Other", workspace="T0OTHER"))

    assert await company.read(people.team, TEAM.id) == TEAM
    assert await company.read(people.teams, WORKSPACE) == [apac, TEAM]


async def test_a_change_is_kept_and_has_the_old_the_new_and_the_managed_team_planned_again(company: Database) -> None:
    south, managed, quiet = (factories.team(name) for name in ("South", "Managed", "Quiet"))
    managed = replace(managed, manager_id=ANA.id)
    await company.write(put, south, managed, quiet)
    concerned = {factories.huddle(team.id) for team in (TEAM, south, managed)}
    await company.write(put, *concerned, factories.huddle(quiet.id))
    hour = timedelta(hours=1)
    for _ in range(4):
        todo = await company.write(huddles.next_to_plan, NOW)
        assert todo is not None
        await company.write(huddles.planned_to, todo.huddle.id, None, NOW + hour)

    moved = replace(ANA, team_id=south.id, zone="America/New_York")
    await company.write(people.change, moved, NOW)

    assert await company.read(people.find, ANA.id) == moved
    again = set()
    while todo := await company.write(huddles.next_to_plan, NOW):
        again.add(todo.huddle)
        await company.write(huddles.planned_to, todo.huddle.id, None, NOW + hour)
    assert again == concerned


async def test_somebody_new_is_added(company: Database) -> None:
    new = factories.person("New Here")
    await company.write(people.change, new, NOW)

    assert await company.read(people.find, new.id) == new


async def test_a_teams_results_move_its_own_and_the_companys_kpis(company: Database) -> None:
    whole, foreign = factories.kpi("Churn"), factories.kpi("Churn", workspace="T0OTHER")
    south = factories.team("South")
    await company.write(put, whole, foreign, south, factories.kpi("Souths", team_id=south.id))

    found = await company.read(kpis.of_team, WORKSPACE, TEAM.id)
    assert list(found.values()) == [whole, KPI]
