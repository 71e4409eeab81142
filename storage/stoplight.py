"""The month: what was filed for it, reviews, explanations, digests, and whose message is stale.

The number of statements never grows with people, KPIs or months.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from rituals.actions import Action, Source
from rituals.kpis import Colour, Filed, Kpi, Reading, Terms
from rituals.kpis_periods import Period, Span
from rituals.stoplight import SHOWN, Answered, Climb, Explanation, Review, oldest, standing
from rituals.stoplight_digest import Digest
from storage.tables import (
    Actions,
    Climbs,
    Digests,
    Explanations,
    Kpis,
    KpiTerms,
    KpiValues,
    Reviews,
)
from storage.values import TABLES, add_new, by_id, columns_of, cut, fetch, find_by, found, selecting, to_columns

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
    known = on_record(tx, [kpi.id for kpi in some], month, back)
    stood = (standing(kpi, *known[kpi.id], month) for kpi in some)
    return {one.kpi.id: one for one in stood if one is not None}


def on_record(
    tx: Session, ids: Collection[UUID], month: Period, back: int
) -> Mapping[UUID, tuple[Sequence[Terms], Sequence[Filed]]]:
    """All terms of KPIs and what stands of them from so many months back to a month, by id: two statements."""
    known: dict[UUID, tuple[list[Terms], list[Filed]]] = {kpi_id: ([], []) for kpi_id in ids}
    for one in terms_of(tx, ids):
        known[one.kpi_id][0].append(one)
    for each in filed_between(tx, ids, month.shifted(-back).first, month.last):
        known[each.kpi_id][1].append(each)
    return known


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


def climbs(tx: Session, reviews: Collection[UUID]) -> list[Climb]:
    """To whom these reviews climbed, in the order in which they did."""
    return fetch(tx, Climb, Climbs.review_id.in_(reviews), order=[Climbs.at, Climbs.id])


def add_reviews(tx: Session, reviews: Iterable[Review]) -> None:
    """Write reviews where there is none yet; two that begin a month at once write each once."""
    add_new(tx, TABLES[Review], [to_columns(review) for review in reviews])


_IN_MONTH = (_REVIEWS.workspace == bindparam("workspace"), _REVIEWS.month == bindparam("month"))
_COUNTS = (
    select(_REVIEWS.leader_id, _REVIEWS.colour, _REVIEWS.answer, func.count())
    .where(*_IN_MONTH, _REVIEWS.leader_id.is_not(None))
    .group_by(_REVIEWS.leader_id, _REVIEWS.colour, _REVIEWS.answer)
)


def counts(tx: Session, workspace: str, month: date) -> Mapping[UUID, Mapping[tuple[Colour, Answered], int]]:
    """How many reviews of a month each leader has, by colour and answer."""
    found_counts: dict[UUID, dict[tuple[Colour, Answered], int]] = {}
    for leader, colour, answered, number in tx.execute(_COUNTS, {"workspace": workspace, "month": month}):
        found_counts.setdefault(leader, {})[colour, answered] = number
    return found_counts


_CLIMBED = (
    select(_REVIEWS.climbed_to_id, func.count())
    .where(
        *_IN_MONTH,
        _REVIEWS.climbed_to_id.in_(bindparam("leaders", expanding=True)),
        _REVIEWS.colour == Colour.RED,
        _REVIEWS.answer == Answered.NONE,
    )
    .group_by(_REVIEWS.climbed_to_id)
)


def climbed(tx: Session, workspace: str, month: date, leaders: Collection[UUID]) -> Mapping[UUID, int]:
    """How many reds of others climbed to each of these leaders and wait."""
    rows = tx.execute(_CLIMBED, {"workspace": workspace, "month": month, "leaders": list(leaders)})
    return {leader: number for leader, number in rows if leader is not None}


_SPEAKS = or_(
    *(
        and_(Kpis.cadence == span, Explanations.period >= bindparam(f"since_{span.value}"))
        for span in (Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR)
    )
)
_UNPREPARED = (
    select(_REVIEWS.leader_id, func.count())
    .join(Kpis, Kpis.id == _REVIEWS.kpi_id)
    .where(
        _REVIEWS.workspace == bindparam("workspace"),
        _REVIEWS.month == bindparam("month"),
        _REVIEWS.leader_id.in_(bindparam("leaders", expanding=True)),
        _REVIEWS.colour == Colour.RED,
        ~select(Explanations.id)
        .where(
            Explanations.kpi_id == _REVIEWS.kpi_id,
            Explanations.cause != "",
            Explanations.proposal != "",
            Explanations.period <= bindparam("until"),
            _SPEAKS,
        )
        .exists(),
    )
    .group_by(_REVIEWS.leader_id)
)


def unprepared(tx: Session, workspace: str, month: Period, leaders: Collection[UUID]) -> Mapping[UUID, int]:
    """How many reds of a month each leader has without both cause and proposal (F53)."""
    since = {f"since_{span.value}": oldest(span, month) for span in Span}
    wanted = {"workspace": workspace, "month": month.first, "until": month.last, "leaders": list(leaders)}
    return {leader: number for leader, number in tx.execute(_UNPREPARED, wanted | since) if leader is not None}


# What owners say


def explanations(tx: Session, kpis: Collection[UUID], first: date, last: date) -> list[Explanation]:
    """What was said of KPIs for the periods that begin between two dates."""
    within = (Explanations.kpi_id.in_(list(kpis)), Explanations.period >= first, Explanations.period <= last)
    return fetch(tx, Explanation, *within)


def explanation(tx: Session, kpi_id: UUID, period: date) -> Explanation | None:
    """What was said of a KPI for a period."""
    return find_by(tx, Explanation, kpi_id=kpi_id, period=period)


# What came out of it


_LEADERS = _REVIEWS.leader_id.in_(bindparam("leaders", expanding=True))
_OF_MONTH = (_REVIEWS.workspace == bindparam("workspace"), _REVIEWS.month == bindparam("month"), _LEADERS)
_AGREED = select(*columns_of(Action), _REVIEWS.leader_id).join(Reviews, _REVIEWS.id == Actions.subject_id)
_STARTED = (
    select(*columns_of(Action), _REVIEWS.leader_id)
    .join(Reviews, _REVIEWS.kpi_id == Actions.kpi_id)
    .where(
        Actions.source == Source.TRIGGER,
        Actions.made_at >= bindparam("since"),
        Actions.made_at < bindparam("until"),
    )
)
_ACTIONS = union_all(_AGREED.where(*_OF_MONTH), _STARTED.where(*_OF_MONTH))


def actions(tx: Session, workspace: str, month: Period, leaders: Collection[UUID]) -> list[tuple[UUID, Action]]:
    """What came out of a month's review for the KPIs of these leaders, with the leader, the first due first.

    That is what they agreed on, and what triggers had agreed beforehand and was started while the month was reviewed.
    """
    after = month.shifted(1)
    since, until = (datetime.combine(one.first, time(), UTC) for one in (after, after.shifted(1)))
    wanted = {"workspace": workspace, "month": month.first, "leaders": list(leaders), "since": since, "until": until}
    rows = [(row[-1], cut(row, Action)[0]) for row in tx.execute(_ACTIONS, wanted)]
    return sorted(rows, key=lambda row: (row[1].due, row[1].made_at, row[1].id))


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


_DIGESTS = selecting(Digest).where(
    TABLES[Digest].c.workspace == bindparam("workspace"), TABLES[Digest].c.month == bindparam("month")
)


def digests(tx: Session, workspace: str, month: date) -> list[Digest]:
    """Every digest of a month."""
    return found(tx, Digest, _DIGESTS, workspace=workspace, month=month)
