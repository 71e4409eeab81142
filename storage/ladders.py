"""What the planner knows of each live blocker's next step, and which blockers it must look at again."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, bindparam, delete, insert, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from rituals.blockers import LIVE, Blocker
from storage.tables import Blockers, BlockerSteps, People, Teams, UtcDateTime
from storage.values import UNSYNCED, selecting, to_columns


@dataclass(frozen=True, slots=True)
class Standing:
    """A live blocker's next step: the ledger's row, what and when; who must act; when it goes to whom if they don't."""

    blocker_id: UUID
    workspace: str
    again_at: datetime
    occurrence_id: UUID | None
    step: str | None
    due_at: datetime | None
    holder_id: UUID | None
    climbs_at: datetime | None
    climbs_to_id: UUID | None


_TABLE = BlockerSteps.metadata.tables["blocker_steps"]
_ALL = select(*(_TABLE.c[name] for name in Standing.__slots__))
_SOME = _ALL.where(_TABLE.c.blocker_id.in_(bindparam("ids", expanding=True)))


def standings(tx: Session, blocker_ids: Iterable[UUID]) -> Mapping[UUID, Standing]:
    """What is known of these blockers, by id."""
    rows = tx.execute(_SOME, {"ids": list(blocker_ids)})
    return {row.blocker_id: Standing(*row) for row in rows}


def coming(tx: Session, until: datetime) -> list[Standing]:
    """All that falls due until an instant, earliest first."""
    return [Standing(*row) for row in tx.execute(_ALL.where(_TABLE.c.due_at <= until).order_by(_TABLE.c.due_at))]


def to_plan(tx: Session, now: datetime, limit: int) -> list[Blocker]:
    """Live blockers whose next step must be worked out, of one workspace, locked for this transaction."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    unseen = select(Blockers.id, Blockers.workspace, literal(now, UtcDateTime)).where(
        Blockers.state.in_(LIVE), Blockers.id.not_in(select(BlockerSteps.blocker_id))
    )
    names = ["blocker_id", "workspace", "again_at"]
    tx.execute(dialect.insert(BlockerSteps).from_select(names, unseen).on_conflict_do_nothing())
    waiting = BlockerSteps.again_at <= now
    workspace = select(BlockerSteps.workspace).where(waiting).order_by(BlockerSteps.again_at).limit(1)
    rows = tx.execute(
        selecting(Blocker)
        .join(BlockerSteps, BlockerSteps.blocker_id == Blockers.id)
        .where(waiting, BlockerSteps.workspace == workspace.scalar_subquery())
        .order_by(Blockers.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=(Blockers, BlockerSteps))
    )
    return [Blocker(*row) for row in rows]


def keep(tx: Session, known: Collection[Standing], closed: Collection[UUID]) -> None:
    """Write what was worked out; a closed blocker has no next step."""
    gone = [*closed, *(one.blocker_id for one in known)]
    if gone:
        tx.execute(delete(BlockerSteps).where(BlockerSteps.blocker_id.in_(gone)), **UNSYNCED)
    if known:
        tx.execute(insert(_TABLE), [to_columns(one) for one in known])


def plan_again(tx: Session, blocker_ids: Collection[UUID], now: datetime) -> None:
    """Have the next step of these blockers worked out again at once."""
    mine = update(BlockerSteps).where(BlockerSteps.blocker_id.in_(blocker_ids))
    tx.execute(mine.values(again_at=now), **UNSYNCED)


def plan_again_around(tx: Session, person_id: UUID, now: datetime) -> None:
    """The same for every blocker that somebody's calendar or place may concern.

    Those are the blockers of whoever answers to them, over however many others, or to somebody whose deputy they are;
    and those that they reported, own, acked or snoozed.
    """
    theirs = Blockers.reporter_id.in_(below([person_id], deputies=True))
    by_hand = (Blockers.owner_id, Blockers.acked_by_id, Blockers.snoozed_by_id)
    mine = [column == person_id for column in by_hand]
    concerned = select(Blockers.id).where(Blockers.state.in_(LIVE), theirs | mine[0] | mine[1] | mine[2])
    tx.execute(update(BlockerSteps).where(BlockerSteps.blocker_id.in_(concerned)).values(again_at=now), **UNSYNCED)


def plan_all_again(tx: Session, workspace: str, now: datetime) -> None:
    """The same for every blocker of a workspace: a company day has changed."""
    tx.execute(update(BlockerSteps).where(BlockerSteps.workspace == workspace).values(again_at=now), **UNSYNCED)


def below(person_ids: Collection[UUID], *, deputies: bool = False) -> Select[tuple[UUID]]:
    """A query for the ids of these people and of all who answer to them, over however many others.

    With `deputies` also of those who answer to somebody whose deputy one of them is.
    """
    stands_in = People.deputy_id.in_(person_ids) & deputies
    line = select(People.id).where(People.id.in_(person_ids) | stands_in).cte("below", recursive=True)
    other = aliased(People)
    by_team = select(Teams.id).where(Teams.manager_id == line.c.id)
    answers = (other.manager_id == line.c.id) | (other.manager_id.is_(None) & other.team_id.in_(by_team))
    # UNION, not UNION ALL: a loop in the data ends.
    return select(line.union(select(other.id).where(answers)).c.id)
