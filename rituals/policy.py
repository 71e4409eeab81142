"""Who may do what to what: the one place that answers (F98)."""

from collections.abc import Mapping
from uuid import UUID

from rituals.people import Person, Role, chain_above
from rituals.refusals import Refusal


class NotAllowed(Refusal):
    """`actor` may not; those in `who_can` may, and so may an admin."""

    def __init__(self, actor: Person, who_can: tuple[Person, ...]) -> None:
        super().__init__(actor.id)
        self.actor = actor
        self.who_can = who_can


def require_own(actor: Person, owner: Person) -> None:
    """Only the person themselves writes their plan; raises NotAllowed."""
    if actor.id != owner.id:
        raise NotAllowed(actor, (owner,))


def require_reader(actor: Person, reader: Person) -> None:
    """A card is its reader's, or an admin's of the workspace; raises NotAllowed."""
    if actor.id != reader.id and (actor.workspace, actor.role) != (reader.workspace, Role.ADMIN):
        raise NotAllowed(actor, (reader,))


def require_answering(actor: Person, rep: Person, people: Mapping[UUID, Person]) -> None:
    """A plan is answered by those above its writer, or by an admin of the workspace; raises NotAllowed."""
    chain = chain_above(rep, people)
    if actor.workspace == rep.workspace and (actor.role is Role.ADMIN or any(m.id == actor.id for m in chain)):
        return
    raise NotAllowed(actor, tuple(chain[:1]))


def require_absence(actor: Person, absent: Person, people: Mapping[UUID, Person]) -> None:
    """An absence is written by the person, by somebody above them, or by an admin (F87); raises NotAllowed."""
    if actor.id != absent.id:
        require_answering(actor, absent, people)
