"""Reading what the month's views show. The number of statements does not grow with people, KPIs or months."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.stoplight.collect_views import Collected, Wanted
from bot.stoplight.digest_views import Front, summed
from rituals import calendar
from rituals import stoplight as rules
from rituals import stoplight_cycle as cycle
from rituals.kpis_periods import Period
from rituals.people import Person, Role, chain_above
from storage import calendars, directory, kpi_uses, kpis, people, stoplight, stoplight_words, triggers

FURTHEST = 23
"""Months before a month that the period of a value may have begun which still speaks for it: last year's first."""


def collect_key(person_id: UUID, month: date) -> str:
    """Outbox key of an owner's one message about a month."""
    return f"month:{month.isoformat()}:{person_id}"


def remind_key(person_id: UUID, month: date) -> str:
    """Outbox key of an owner's one reminder."""
    return f"month-reminder:{month.isoformat()}:{person_id}"


def digest_key(person_id: UUID, month: date) -> str:
    """Outbox key of a leader's digest."""
    return f"month-digest:{month.isoformat()}:{person_id}"


def below_key(what: str, person_id: UUID, month: date) -> str:
    """Outbox key of what follows a leader's digest into its thread: "table" or "picture"."""
    return f"month-{what}:{month.isoformat()}:{person_id}"


def edit_key(key: str) -> str:
    """Outbox key of the edits of a message: one row, the newest wins."""
    return f"edit:{key}"


def collected(
    tx: Session, workspace: str, month: Period, owners: Sequence[Person], now: datetime
) -> Mapping[UUID, Collected]:
    """What each of these people owes for a month, and what of it is in."""
    ids = [one.id for one in owners]
    owned = stoplight.owned(tx, ids)
    wanted = {
        owner: [(kpi, period) for kpi in mine if (period := rules.asked(kpi, month)) is not None]
        for owner, mine in owned.items()
    }
    everything = [kpi for pairs in wanted.values() for kpi, _ in pairs]
    stood = stoplight.readings(tx, everything, month)
    told = stoplight.explanations(tx, list(stood), month.shifted(-FURTHEST).first, month.last)
    said = {(one.kpi_id, one.period): one for one in told}
    headed = kpis.headed_by(tx, workspace, ids)
    narrated = {one.function_id for one in stoplight_words.narratives(tx, workspace, month.first)}
    idle = kpi_uses.idle(tx, [kpi.id for mine in owned.values() for kpi in mine], month)
    first = month.shifted(1)
    days_off = calendars.days_off(tx, workspace, ids, first.first, first.last)
    found = {}
    for person in owners:
        rows = [
            Wanted(stood[kpi.id], period, said.get((kpi.id, period.first)))
            for kpi, period in wanted.get(person.id, ())
            if kpi.id in stood
        ]
        closes = cycle.working_day(person, month, cycle.CLOSED, days_off) or first.last
        over = calendar.end_of(closes, person.zone) <= now
        mine = [kpi for kpi in owned.get(person.id, ()) if kpi.id in idle]
        heads = headed.get(person.id, ())
        untold = [one for one in heads if one.id not in narrated]
        found[person.id] = Collected(person, month, rows, closes, over, heads, mine, untold)
    return found


def fronts(tx: Session, workspace: str, month: Period, leaders: Collection[Person]) -> Mapping[UUID, Front]:
    """The first screen of each of these leaders' digests: counts, and how long it takes."""
    ids = [one.id for one in leaders]
    counts = stoplight.counts(tx, workspace, month.first)
    climbed = stoplight.climbed(tx, workspace, month.first, ids)
    below = _below(tx, workspace, ids)
    bare = stoplight.unprepared(tx, workspace, month, ids)
    last = stoplight.actions(tx, workspace, month.shifted(-1), ids)
    agreed = stoplight.actions(tx, workspace, month, ids)
    waiting = triggers.fired_for(tx, workspace, month.first, ids)
    fired = [leader for leader, firing, _ in waiting if firing.answered_at is None]
    digests = {one.leader_id: one for one in stoplight.digests(tx, workspace, month.first)}
    return {
        one.id: Front(
            leader=one,
            month=month,
            counts=counts.get(one.id, {}),
            below=summed([counts.get(each, {}) for each in below[one.id]]),
            climbed=climbed.get(one.id, 0),
            unprepared=bare.get(one.id, 0),
            last=[action for leader, action in last if leader == one.id],
            agreed=[action for leader, action in agreed if leader == one.id],
            digest=digests.get(one.id),
            triggers=fired.count(one.id),
        )
        for one in leaders
    }


def _below(tx: Session, workspace: str, leaders: Collection[UUID]) -> Mapping[UUID, Sequence[UUID]]:
    """Which other leaders stand below each of these."""
    everybody = directory.with_role(tx, workspace, Role.LEADER)
    line = {**people.lines_above(tx, everybody), **{one.id: one for one in everybody}}
    found: dict[UUID, list[UUID]] = {leader: [] for leader in leaders}
    for one in everybody:
        for above in chain_above(one, line):
            if above.id in found:
                found[above.id].append(one.id)
    return found


def prepared(tx: Session, ids: Collection[UUID], month: Period) -> set[UUID]:
    """Which KPIs have cause and proposal for a month."""
    known = kpis.some(tx, ids)
    said = stoplight.explanations(tx, ids, month.shifted(-FURTHEST).first, month.last)
    return {one.kpi_id for one in said if one.prepared and rules.concerns(known[one.kpi_id], one.period, month)}


def owner(_tx: Session, _key: str) -> Person | None:
    """Who must know when a message of the month can't be delivered: none of them goes to a channel."""
    return None


def rehome(_tx: Session, _key: str, _channel: str) -> None:
    """Nothing of the month lives in a channel."""
