"""Who may do what to what."""

from uuid import UUID

import pytest

from rituals.people import Person, Role
from rituals.policy import NotAllowed, require_answering, require_own, require_reader
from tests import factories

PRIYA = factories.person("Priya Raman", role=Role.LEADER)
DANA = factories.person("Dana Weiss", role=Role.MANAGER, manager_id=PRIYA.id)
ANA = factories.person("Ana Torres", manager_id=DANA.id)
TOM = factories.person("Tom Becker", manager_id=DANA.id)
LEE = factories.person("Lee Chan", role=Role.MANAGER)
ADMIN = factories.person("Ada Ops", role=Role.ADMIN)
STRANGER = factories.person("Eve Else", role=Role.ADMIN, workspace="T0OTHER")
PEOPLE: dict[UUID, Person] = {one.id: one for one in (PRIYA, DANA, ANA, TOM, LEE, ADMIN)}


def test_a_person_writes_their_own_plan() -> None:
    require_own(ANA, ANA)


@pytest.mark.parametrize("actor", [TOM, DANA, PRIYA, ADMIN], ids=lambda actor: actor.given_name)
def test_nobody_writes_the_plan_of_another_and_the_refusal_names_who_can(actor: Person) -> None:
    with pytest.raises(NotAllowed) as refusal:
        require_own(actor, ANA)

    assert (refusal.value.actor, refusal.value.who_can) == (actor, (ANA,))


@pytest.mark.parametrize("actor", [DANA, ADMIN], ids=lambda actor: actor.given_name)
def test_a_card_is_its_readers_or_an_admins(actor: Person) -> None:
    require_reader(actor, DANA)


@pytest.mark.parametrize("actor", [ANA, PRIYA, LEE, STRANGER], ids=lambda actor: actor.given_name)
def test_a_card_is_nobody_elses_and_the_refusal_names_its_reader(actor: Person) -> None:
    with pytest.raises(NotAllowed) as refusal:
        require_reader(actor, DANA)

    assert (refusal.value.actor, refusal.value.who_can) == (actor, (DANA,))


@pytest.mark.parametrize("actor", [DANA, PRIYA, ADMIN], ids=lambda actor: actor.given_name)
def test_a_plan_is_answered_by_everybody_above_its_writer_and_by_an_admin(actor: Person) -> None:
    require_answering(actor, ANA, PEOPLE)


@pytest.mark.parametrize("actor", [ANA, TOM, LEE, STRANGER], ids=lambda actor: actor.given_name)
def test_anybody_else_is_told_that_the_nearest_manager_can(actor: Person) -> None:
    with pytest.raises(NotAllowed) as refusal:
        require_answering(actor, ANA, PEOPLE)

    assert (refusal.value.actor, refusal.value.who_can) == (actor, (DANA,))


def test_for_a_rep_without_a_manager_the_refusal_names_nobody() -> None:
    alone = factories.person("Zoe Hart")
    with pytest.raises(NotAllowed) as refusal:
        require_answering(TOM, alone, PEOPLE)

    assert refusal.value.who_can == ()


def test_a_manager_of_another_workspace_answers_nothing_here() -> None:
    elsewhere = factories.person("Dana Weiss", id=DANA.id, workspace="T0OTHER")
    with pytest.raises(NotAllowed):
        require_answering(elsewhere, ANA, PEOPLE)
