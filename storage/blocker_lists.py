"""Lists of live blockers, a page at a time: the number of statements and of rows read does not grow with the list."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from rituals.blockers import LIVE, Blocker
from storage.ladders import below
from storage.tables import Blockers, People, Teams
from storage.values import selecting


@dataclass(frozen=True, slots=True)
class Look:
    """Which live blockers somebody looks at: of a team (`team_id`), their own (`mine`), or all that concern them.

    `over` are the reader and those they stand in for: what is reported below them, or needs their team, concerns them.
    """

    workspace: str
    reader_id: UUID
    over: Collection[UUID] = ()
    team_id: UUID | None = None
    mine: bool = False

    def where(self) -> list[ColumnElement[bool]]:
        """The same as conditions."""
        live = [Blockers.workspace == self.workspace, Blockers.state.in_(LIVE)]
        own = or_(Blockers.reporter_id == self.reader_id, Blockers.owner_id == self.reader_id)
        if self.team_id is not None:
            mates = select(People.id).where(People.team_id == self.team_id)
            return [*live, or_(Blockers.reporter_id.in_(mates), Blockers.needs_team_id == self.team_id)]
        if self.mine:
            return [*live, own]
        managed = select(Teams.id).where(Teams.manager_id.in_(self.over))
        below_me = Blockers.reporter_id.in_(below(self.over))
        return [*live, or_(own, below_me, Blockers.needs_team_id.in_(managed))]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are; how many of them climbed, are new today, and are the reader's own."""

    all: int
    escalated: int
    new: int
    mine: int


def counts(tx: Session, look: Look, today: date) -> Counts:
    """How many live blockers a look finds."""
    own = or_(Blockers.reporter_id == look.reader_id, Blockers.owner_id == look.reader_id)

    def those(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    asked = (func.count(), those(Blockers.level > 0), those(Blockers.opened_on == today), those(own))
    return Counts(*map(int, tx.execute(select(*asked).where(*look.where())).one()))


def page(tx: Session, look: Look, first: int, limit: int) -> list[Blocker]:
    """A part of them from number `first` on, counted from 0: those that climbed, then the rest, oldest first."""
    climbed = case((Blockers.level > 0, 0), else_=1)
    oldest = (Blockers.opened_on, Blockers.opened_at, Blockers.number)
    order = oldest if look.mine else (climbed, *oldest)
    query = selecting(Blocker).where(*look.where()).order_by(*order).offset(first).limit(limit)
    return [Blocker(*row) for row in tx.execute(query)]


def stood_in_for(tx: Session, person_id: UUID) -> list[UUID]:
    """Whose named deputy somebody is."""
    return list(tx.execute(select(People.id).where(People.deputy_id == person_id)).scalars())
