"""The month: what was filed for it, reviews, explanations, digests, and whose message is stale.

The number of statements never grows with people, KPIs or months.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, func, literal, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from rituals.actions import Action
from rituals.kpis import Colour, Filed, Kpi, Reading, Terms
from rituals.kpis_periods import Period, Span
from rituals.stoplight import SHOWN, Answered, Explanation, Review, standing
from rituals.stoplight_digest import Digest
from storage.tables import (
    Actions,
    Digests,
    Explanations,
    Kpis,
    KpiTerms,
    KpiValues,
    MonthPlans,
    Reviews,
    StaleMonths,
    UtcDateTime,
)
from storage.values import TABLES, UNSYNCED, add_new, by_id, columns_of, cut, fetch, find_by, selecting, to_columns

_REVIEWS = TABLES[Review].c
_ACTIVE = Kpis.retired_on.is_(None)


# What stands


def filed_between(tx: Session, ids: Collection[UUID], first: date, last: date) -> list[Filed]:
    """What stands of KPIs for the periods that begin between two dates: the last revision of each."""
    later = aliased(KpiValues)
    newer = select(later.id).where(
        later.kpi_id == KpiValues.kpi_id, later.period == KpiValues.period, later.revision > KpiValues.revision
    )
    within = (KpiValues.kpi_id.in_(list(ids)), KpiValues.period >= first, KpiValues.period <= last)
    return fetch(tx, Filed, *within, ~newer.exists())


def readings(tx: Session, some: Collection[Kpi], month: Period, back: int = SHOWN) -> Mapping[UUID, Reading]:
    """How KPIs stood in a month, by id, with the values of the months before: two statements."""
    ids = [kpi.id for kpi in some]
    terms: dict[UUID, list[Terms]] = {}
    for one in terms_of(tx, ids):
        terms.setdefault(one.kpi_id, []).append(one)
    values: dict[UUID, list[Filed]] = {}
    for each in filed_between(tx, ids, month.shifted(-back).first, month.last):
        values.setdefault(each.kpi_id, []).append(each)
    stood = (standing(kpi, terms.get(kpi.id, ()), values.get(kpi.id, ()), month) for kpi in some)
    return {one.kpi.id: one for one in stood if one is not None}


def terms_of(tx: Session, ids: Collection[UUID]) -> list[Terms]:
    """All terms of KPIs."""
    return fetch(tx, Terms, KpiTerms.kpi_id.in_(list(ids)))


def owned(tx: Session, owners: Collection[UUID]) -> Mapping[UUID, Sequence[Kpi]]:
    """The KPIs that people own, by owner, in order of number."""
    by_owner: dict[UUID, list[Kpi]] = {}
    for kpi in fetch(tx, Kpi, _ACTIVE, Kpis.owner_id.in_(owners), order=[Kpis.number]):
        if kpi.owner_id is not None:
            by_owner.setdefault(kpi.owner_id, []).append(kpi)
    return by_owner


# Reviews


def find_review(tx: Session, kpi_id: UUID, month: date, *, lock: bool = False) -> Review | None:
    """A KPI's review of a month; `lock` makes a second answer wait for the first."""
    query = selecting(Review).where(Reviews.kpi_id == kpi_id, Reviews.month == month)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Review(*row)


def reviews_by_id(tx: Session, ids: Collection[UUID]) -> Mapping[UUID, Review]:
    """The reviews with these ids."""
    return by_id(fetch(tx, Review, Reviews.id.in_(ids)))


def reviews_of(tx: Session, kpis: Collection[UUID], first: date, last: date) -> list[Review]:
    """The reviews of KPIs in the months from one to another, oldest first."""
    within = (Reviews.kpi_id.in_(kpis), Reviews.month >= first, Reviews.month <= last)
    return fetch(tx, Review, *within, order=[Reviews.month])


def reviews_in(
    tx: Session, workspace: str, month: date, colours: Collection[Colour], leader: UUID | None = None
) -> list[Review]:
    """The reviews of a month with one of these colours: everybody's, or a leader's and those that climbed to them."""
    mine = [or_(Reviews.leader_id == leader, Reviews.climbed_to_id == leader)] if leader is not None else []
    of_month = (Reviews.workspace == workspace, Reviews.month == month, Reviews.colour.in_(list(colours)), *mine)
    return fetch(tx, Review, *of_month)


def reviewed_kpis(tx: Session, workspace: str, month: date) -> set[UUID]:
    """Which KPIs have a review of a month."""
    of_month = (Reviews.workspace == workspace, Reviews.month == month)
    return set(tx.execute(select(Reviews.kpi_id).where(*of_month)).scalars())


def add_reviews(tx: Session, reviews: Iterable[Review]) -> None:
    """Write reviews where there is none yet; two that begin a month at once write each once."""
    add_new(tx, TABLES[Review], [to_columns(review) for review in reviews])


_COUNTS = (
    select(_REVIEWS.leader_id, _REVIEWS.colour, _REVIEWS.answer, func.count())
    .where(
        _REVIEWS.workspace == bindparam("workspace"),
        _REVIEWS.month == bindparam("month"),
        _REVIEWS.leader_id.in_(bindparam("leaders", expanding=True)),
    )
    .group_by(_REVIEWS.leader_id, _REVIEWS.colour, _REVIEWS.answer)
)


def counts(
    tx: Session, workspace: str, month: date, leaders: Collection[UUID]
) -> Mapping[UUID, Mapping[tuple[Colour, Answered], int]]:
    """How many reviews of a month each leader has, by colour and answer."""
    found_counts: dict[UUID, dict[tuple[Colour, Answered], int]] = {}
    rows = tx.execute(_COUNTS, {"workspace": workspace, "month": month, "leaders": list(leaders)})
    for leader, colour, answered, number in rows:
        found_counts.setdefault(leader, {})[colour, answered] = number
    return found_counts


_BEFORE = TABLES[Review].alias("before")
_WATCHED = (
    select(*columns_of(Review), *(_BEFORE.c[name] for name in Review.__slots__))
    .join(_BEFORE, and_(_BEFORE.c.kpi_id == _REVIEWS.kpi_id, _BEFORE.c.month == bindparam("before")))
    .where(
        _REVIEWS.workspace == bindparam("workspace"),
        _REVIEWS.month == bindparam("month"),
        _REVIEWS.leader_id.in_(bindparam("leaders", expanding=True)),
        _REVIEWS.colour == Colour.YELLOW,
        _REVIEWS.answer == Answered.NONE,
        _BEFORE.c.answer == Answered.WATCH,
    )
)


def watched(tx: Session, workspace: str, month: Period, leaders: Collection[UUID]) -> list[tuple[Review, Review]]:
    """Yellows without an answer that were watched the month before, as (now, then)."""
    wanted = {"workspace": workspace, "month": month.first, "before": month.shifted(-1).first, "leaders": list(leaders)}
    return [(now, then) for now, then in (cut(row, Review, Review) for row in tx.execute(_WATCHED, wanted))]


# What owners say


def explanations(tx: Session, kpis: Collection[UUID], first: date, last: date) -> list[Explanation]:
    """What was said of KPIs for the periods that begin between two dates."""
    within = (Explanations.kpi_id.in_(list(kpis)), Explanations.period >= first, Explanations.period <= last)
    return fetch(tx, Explanation, *within)


def explanation(tx: Session, kpi_id: UUID, period: date) -> Explanation | None:
    """What was said of a KPI for a period."""
    return find_by(tx, Explanation, kpi_id=kpi_id, period=period)


# What came out of it


def actions(tx: Session, workspace: str, month: date, leaders: Collection[UUID]) -> list[tuple[UUID, Action]]:
    """What was agreed for the KPIs of these leaders in a month's review, with the leader, the first due first."""
    joined = select(*columns_of(Action), Reviews.leader_id).join(Reviews, Reviews.id == Actions.subject_id)
    mine = (Reviews.workspace == workspace, Reviews.month == month, Reviews.leader_id.in_(list(leaders)))
    rows = tx.execute(joined.where(*mine).order_by(Actions.due, Actions.made_at, Actions.id))
    return [(row[-1], cut(row, Action)[0]) for row in rows]


# Leaders' digests


def digest(tx: Session, leader: UUID, month: date) -> Digest | None:
    """A leader's digest of a month."""
    return find_by(tx, Digest, leader_id=leader, month=month)


def digest_by_id(tx: Session, digest_id: UUID, *, lock: bool = False) -> Digest | None:
    """The digest with this id; `lock` makes a second who would close it wait for the first."""
    query = selecting(Digest).where(Digests.id == digest_id)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Digest(*row)


def latest_digest(tx: Session, leader: UUID) -> Digest | None:
    """The newest digest of a leader."""
    query = selecting(Digest).where(Digests.leader_id == leader).order_by(Digests.month.desc()).limit(1)
    row = tx.execute(query).one_or_none()
    return None if row is None else Digest(*row)


def digests(tx: Session, workspace: str, month: date) -> list[Digest]:
    """Every digest of a month."""
    return fetch(tx, Digest, Digests.workspace == workspace, Digests.month == month)


# What the planner looks at


@dataclass(frozen=True, slots=True)
class ToPlan:
    """A workspace whose month must be looked at, from the owner after `cursor` on."""

    workspace: str
    since: datetime
    cursor: UUID | None


def next_to_plan(tx: Session, now: datetime) -> ToPlan | None:
    """One workspace with KPIs whose month is due for a look, locked; None when all are up to date."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    instant = literal(now, UtcDateTime)
    unseen = (
        select(Kpis.workspace, instant, instant)
        .where(_ACTIVE, Kpis.workspace.not_in(select(MonthPlans.workspace)))
        .distinct()
    )
    columns = ["workspace", "since", "again_at"]
    tx.execute(dialect.insert(MonthPlans).from_select(columns, unseen).on_conflict_do_nothing())
    row = tx.execute(
        select(MonthPlans.workspace, MonthPlans.since, MonthPlans.cursor)
        .where(MonthPlans.again_at <= now)
        .order_by(MonthPlans.again_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    return None if row is None else ToPlan(*row)


def planned_to(tx: Session, workspace: str, cursor: UUID | None, again_at: datetime) -> None:
    """Note how far the planner got: to an owner, or (None) through, with the instant of its next look."""
    row = update(MonthPlans).where(MonthPlans.workspace == workspace)
    tx.execute(row.values(cursor=cursor, again_at=again_at), **UNSYNCED)


def owners_after(tx: Session, workspace: str, cursor: UUID | None, limit: int) -> Mapping[UUID, frozenset[Span]]:
    """The next owners of KPIs by id, after `cursor`, each with how often their KPIs are filed."""
    after = [] if cursor is None else [Kpis.owner_id > cursor]
    mine = (Kpis.workspace == workspace, _ACTIVE, Kpis.owner_id.is_not(None), *after)
    first = select(Kpis.owner_id).where(*mine).distinct().order_by(Kpis.owner_id).limit(limit).subquery()
    pairs = select(Kpis.owner_id, Kpis.cadence).join(first, first.c.owner_id == Kpis.owner_id).where(_ACTIVE)
    spans: dict[UUID, set[Span]] = {}
    for owner, cadence in tx.execute(pairs.distinct().order_by(Kpis.owner_id)):
        if owner is not None:
            spans.setdefault(owner, set()).add(cadence)
    return {owner: frozenset(found) for owner, found in spans.items()}


# Messages that no longer show the truth


def mark_stale(tx: Session, workspace: str, month: date, people: Iterable[UUID | None], now: datetime) -> None:
    """Have the messages of these people about a month drawn again; None among them is nobody."""
    rows = [
        {"workspace": workspace, "month": month, "person_id": one, "since": now}
        for one in sorted({*people} - {None})  # type: ignore[type-var]
    ]
    if rows:
        dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
        tx.execute(dialect.insert(StaleMonths).on_conflict_do_nothing(), rows)


def take_stale(tx: Session, before: datetime, limit: int) -> list[tuple[str, date, UUID]]:
    """Whose message about which month has been stale since `before`, as (workspace, month, person); taken off."""
    rows = tx.execute(
        select(StaleMonths.workspace, StaleMonths.month, StaleMonths.person_id)
        .where(StaleMonths.since <= before)
        .order_by(StaleMonths.since)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for workspace, month, person in rows:
        key = (StaleMonths.workspace == workspace, StaleMonths.month == month, StaleMonths.person_id == person)
        tx.execute(delete(StaleMonths).where(*key), **UNSYNCED)
    return [(workspace, month, person) for workspace, month, person in rows]


def workspaces(tx: Session) -> list[str]:
    """Every workspace with a KPI that is not retired."""
    return list(tx.execute(select(Kpis.workspace).where(_ACTIVE).distinct().order_by(Kpis.workspace)).scalars())
