"""Who may do what to what."""

from dataclasses import replace
from itertools import product

import pytest

from bot import rights
from rituals.people import Person, Role
from rituals.policy import RIGHTS, About, Action, NotAllowed, Relation, about, may, require
from tests import factories

PRIYA = factories.person("Priya Raman", role=Role.LEADER)
DANA = factories.person("Dana Weiss", role=Role.MANAGER, manager_id=PRIYA.id)
ANA = factories.person("Ana Torres", manager_id=DANA.id)
TOM = factories.person("Tom Becker", manager_id=DANA.id)
LEE = factories.person("Lee Chan", role=Role.MANAGER)
ADMIN = factories.person("Ada Ops", role=Role.ADMIN)
STRANGER = factories.person("Eve Else", role=Role.ADMIN, workspace="T0OTHER")
PEOPLE = {one.id: one for one in (PRIYA, DANA, ANA, TOM, LEE, ADMIN)}
ANAS = about(ANA, PEOPLE)


def refused(action: Action, actor: Person, thing: About) -> NotAllowed:
    with pytest.raises(NotAllowed) as refusal:
        require(action, actor, thing)
    return refusal.value


def test_a_person_writes_their_own_plan() -> None:
    require(Action.PLAN_WRITE, ANA, ANAS)


@pytest.mark.parametrize("actor", [TOM, DANA, PRIYA, ADMIN], ids=lambda actor: actor.given_name)
def test_nobody_writes_the_plan_of_another_and_the_refusal_names_who_can(actor: Person) -> None:
    refusal = refused(Action.PLAN_WRITE, actor, ANAS)

    assert (refusal.actor, refusal.who_can, refusal.roles) == (actor, (ANA,), ())


@pytest.mark.parametrize("actor", [DANA, ADMIN], ids=lambda actor: actor.given_name)
def test_a_card_is_its_readers_or_an_admins(actor: Person) -> None:
    require(Action.CARD_USE, actor, about(DANA))


@pytest.mark.parametrize("actor", [ANA, PRIYA, LEE, STRANGER], ids=lambda actor: actor.given_name)
def test_a_card_is_nobody_elses_and_the_refusal_names_its_reader(actor: Person) -> None:
    refusal = refused(Action.CARD_USE, actor, about(DANA))

    assert (refusal.who_can, refusal.roles) == ((DANA,), (Relation.ADMIN,))


@pytest.mark.parametrize("actor", [DANA, PRIYA, ADMIN], ids=lambda actor: actor.given_name)
def test_a_plan_is_answered_by_everybody_above_its_writer_and_by_an_admin(actor: Person) -> None:
    require(Action.PLAN_ANSWER, actor, ANAS)


@pytest.mark.parametrize("actor", [ANA, TOM, LEE, STRANGER], ids=lambda actor: actor.given_name)
def test_anybody_else_is_told_that_the_nearest_manager_can(actor: Person) -> None:
    assert refused(Action.PLAN_ANSWER, actor, ANAS).who_can == (DANA,)


def test_for_a_rep_without_a_manager_the_refusal_names_only_a_role() -> None:
    refusal = refused(Action.PLAN_ANSWER, TOM, about(factories.person("Zoe Hart"), PEOPLE))

    assert (refusal.who_can, refusal.roles) == ((), (Relation.ADMIN,))


def test_a_refusal_never_sends_anybody_to_a_person_who_may_not_either() -> None:
    left = replace(ANA, active=False)

    assert refused(Action.PLAN_WRITE, TOM, about(left, PEOPLE)).who_can == ()


@pytest.mark.parametrize(("action", "relation"), list(product(Action, Relation)))
def test_nobody_may_do_anything_in_another_workspace_or_after_leaving(action: Action, relation: Relation) -> None:
    owner = {Relation.OWNER: LEE, Relation.ABOVE: replace(ANA, manager_id=LEE.id)}.get(relation, ANA)
    people = PEOPLE | {LEE.id: LEE}
    for actor in (replace(LEE, workspace="T0OTHER"), replace(LEE, active=False)):
        assert not may(action, actor, about(owner, people))


def test_every_action_has_a_right_and_somebody_has_it() -> None:
    assert set(RIGHTS) == set(Action)
    assert all(right.may for right in RIGHTS.values())


def test_whoever_may_never_may_not_even_by_another_relation() -> None:
    assert RIGHTS[Action.KPI_APPROVE].never == (Relation.OWNER,)

    assert not may(Action.KPI_APPROVE, ADMIN, about(ADMIN))
    assert may(Action.KPI_APPROVE, ADMIN, ANAS)


def test_the_documented_table_is_the_one_that_decides(pytestconfig: pytest.Config) -> None:
    written = (pytestconfig.rootpath / "docs" / "rights.md").read_text()

    assert written.strip() == rights.table(), "run `cadence rights > docs/rights.md`"
