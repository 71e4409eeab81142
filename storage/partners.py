"""Who takes part, who is paired with whom, and what people commit to."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.partners import Kind, Pair, Promise, Wish
from storage.tables import Pairs, Promises, Wishes, WishPlans
from storage.values import TABLES, UNSYNCED, add_new, fetch, fetch_one, selecting, to_columns


def wish(tx: Session, person_id: UUID, kind: Kind) -> Wish | None:
    """Whether somebody takes part, or did."""
    return fetch_one(tx, Wish, Wishes.person_id == person_id, Wishes.kind == kind)


def wishes(tx: Session, workspace: str) -> list[Wish]:
    """Everybody who takes part in a workspace."""
    return fetch(tx, Wish, Wishes.workspace == workspace, Wishes.ended_at.is_(None), order=[Wishes.id])


def of_people(tx: Session, people: Iterable[UUID]) -> list[Wish]:
    """What these people wished, also what has ended."""
    return fetch(tx, Wish, Wishes.person_id.in_(list(people)))


def next_to_plan(tx: Session, now: datetime) -> str | None:
    """A workspace whose wishes are due for a look, locked for this transaction; None when all are up to date."""
    query = select(WishPlans.workspace).where(WishPlans.again_at <= now).order_by(WishPlans.again_at).limit(1)
    return tx.execute(query.with_for_update(skip_locked=True)).scalar_one_or_none()


def plan_again(tx: Session, workspace: str, at: datetime) -> None:
    """Have the planner look at a workspace's wishes at an instant."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    row = dialect.insert(WishPlans).values(workspace=workspace, again_at=at)
    tx.execute(row.on_conflict_do_update(index_elements=["workspace"], set_={"again_at": at}))


def claim_week(tx: Session, workspace: str, monday: date) -> bool:
    """Whether this transaction is the one that pairs in a week: the first that asks."""
    unpaired = or_(WishPlans.paired.is_(None), WishPlans.paired < monday)
    mine = (WishPlans.workspace == workspace, unpaired)
    claim = update(WishPlans).where(*mine).values(paired=monday).returning(WishPlans.workspace)
    return tx.execute(claim, **UNSYNCED).first() is not None


def pairs(tx: Session, workspace: str, since: date) -> list[Pair]:
    """The pairs of a workspace from a month on, newest first."""
    return fetch(tx, Pair, Pairs.workspace == workspace, Pairs.month >= since, order=[Pairs.month.desc(), Pairs.id])


def pair(tx: Session, pair_id: UUID) -> Pair | None:
    """The pair with this id."""
    return fetch_one(tx, Pair, Pairs.id == pair_id)


def promise(tx: Session, promise_id: UUID, *, lock: bool = False) -> Promise | None:
    """The promise with this id; `lock` makes others who would change it wait."""
    query = selecting(Promise).where(Promises.id == promise_id)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Promise(*row)


def of_week(tx: Session, people: Collection[UUID], monday: date) -> list[Promise]:
    """What people commit to in a week."""
    return fetch(tx, Promise, Promises.person_id.in_(people), Promises.monday == monday, order=[Promises.id])


def of_pair(tx: Session, pair_id: UUID, monday: date) -> list[Promise]:
    """What two partners commit to in a week."""
    return fetch(tx, Promise, Promises.pair_id == pair_id, Promises.monday == monday, order=[Promises.id])


def ask(tx: Session, promises: Collection[Promise]) -> None:
    """Keep what is asked for; asked again, what was written stays."""
    add_new(tx, TABLES[Promise], [to_columns(one) for one in promises])
