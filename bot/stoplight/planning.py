"""The month's part of the ledger: who is asked for values, who gets the digest, kept true while calendars change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.ids import new_id, same_id
from bot.stoplight import firing
from rituals import stoplight_cycle as cycle
from rituals.due import Due
from rituals.kpis_periods import Period, Span, period_of
from rituals.people import Role
from storage import calendars, directory, month_plans, occurrences, people
from storage.month_plans import ToPlan
from storage.occurrences import State

AHEAD = timedelta(days=4)
"""How long before its month begins a cycle is written down."""
LOOK_AGAIN = timedelta(hours=1)
OWNERS_AT_ONCE = 500
LONGEST = timedelta(days=45)
"""From the first day of a month to the last thing that its cycle could do."""
CHANGED = "the schedule changed"


def ritual_of(workspace: str) -> UUID:
    """The month's own id in the ledger of a workspace."""
    return same_id("month", workspace)


def plan(tx: Session, now: datetime) -> int:
    """Bring the ledger up to date for the next people of one workspace; return 0 when every workspace is."""
    todo = month_plans.next_to_plan(tx, now)
    if todo is None:
        return 0
    owing = month_plans.owing_after(tx, todo.workspace, todo.cursor, OWNERS_AT_ONCE)
    owners = [one for one in people.some(tx, owing).values() if one.active]
    through = len(owing) < OWNERS_AT_ONCE
    leaders = directory.with_role(tx, todo.workspace, Role.LEADER) if through else []
    months = cycle.months(now, now + AHEAD)
    subjects = [person.id for person in (*owners, *leaders)]
    first = months[0].shifted(1).first
    days_off = calendars.days_off(tx, todo.workspace, subjects, first, first + 2 * LONGEST)
    dues = cycle.coming(
        [(person, month) for person in owners for month in months if asks_in(owing[person.id], month)],
        [(person, month) for person in leaders for month in months],
        days_off,
    )
    _write(tx, todo, subjects, months, [due for due in dues if due.due_at >= todo.since], now)
    if through:
        firing.tell_weekly(tx, todo.workspace, now.date(), now)
        month_plans.planned_to(tx, todo.workspace, None, now + LOOK_AGAIN)
    else:
        month_plans.planned_to(tx, todo.workspace, max(owing), now)
    return 1


def asks_in(spans: frozenset[Span], month: Period) -> bool:
    """Whether what is due so often is due for a month."""
    return any(span is not Span.WEEK and period_of(span, month.last).last == month.last for span in spans)


def _write(
    tx: Session, todo: ToPlan, subjects: Sequence[UUID], months: Sequence[Period], dues: Sequence[Due], now: datetime
) -> None:
    """New rows go in, planned rows get their new time, and planned rows that nothing asks for are cancelled."""
    ritual = ritual_of(todo.workspace)
    wanted = {(due.subject, due.day, due.slot): due for due in dues}
    known = occurrences.known(tx, ritual, subjects, [month.first for month in months])
    new = (due for key, due in wanted.items() if key not in known and due.expires_at > now)
    occurrences.plan(tx, [occurrences.planned(new_id(), todo.workspace, ritual, due) for due in new])
    cancelled = {}
    for key, row in known.items():
        due = wanted.get(key)
        if due is not None and row.state in (State.PLANNED, State.CANCELLED) and due.expires_at > now:
            moved = replace(row, due_at=due.due_at, expires_at=due.expires_at, zone=due.zone)
            if moved != row or row.state == State.CANCELLED:
                occurrences.move(tx, moved)
        elif due is None and row.state == State.PLANNED and row.expires_at > now:
            cancelled[row.id] = (State.CANCELLED, CHANGED)
    occurrences.close(tx, cancelled)


def write(tx: Session, workspace: str, dues: Sequence[Due]) -> None:
    """Write what is due into the ledger; what is there already stays."""
    ritual = ritual_of(workspace)
    occurrences.plan(tx, [occurrences.planned(new_id(), workspace, ritual, due) for due in dues])
