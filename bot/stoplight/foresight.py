"""What the month will send, told beforehand by the rules that the planner goes by."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.catalogue import plain
from bot.ritual import Foreseen
from bot.stoplight import planning
from bot.stoplight.collect_views import name_of
from rituals import calendar
from rituals import stoplight_cycle as cycle
from rituals.calendar import DaysOff
from rituals.due import Due
from rituals.kpis_periods import Period
from rituals.people import Person, Role
from rituals.stoplight_cycle import Slot
from storage import calendars, directory, month_plans, occurrences, people
from storage.occurrences import Occurrence, State

WHAT: dict[str, str] = {
    Slot.ASK: "what you owe of {month}, if something is missing",
    Slot.REMIND: "the reminder for {month}, if something is open",
    Slot.DIGEST: "the digest of {month}",
}


def foresee(tx: Session, now: datetime, until: datetime) -> Sequence[Foreseen]:
    """Every message of the month that is due in that time, and every one left out with the reason; writes nothing."""
    return [one for workspace in month_plans.workspaces(tx) for one in _of(tx, workspace, now, until)]


def _of(tx: Session, workspace: str, now: datetime, until: datetime) -> Iterable[Foreseen]:
    known = people.everybody(tx, workspace)
    months = cycle.months(now, until)
    first = months[0].shifted(1).first
    days_off = calendars.days_off(tx, workspace, None, first, months[-1].shifted(2).first)
    leaders = directory.with_role(tx, workspace, Role.LEADER)
    asking = [
        (known[owner], month)
        for owner, found in month_plans.owing_after(tx, workspace).items()
        for month in months
        if known[owner].active and planning.asks_in(found, month)
    ]
    dues = cycle.coming(asking, [(one, month) for one in leaders for month in months], days_off)
    ledger = {
        (row.subject, row.day, row.slot): row
        for row in occurrences.of_ritual(tx, planning.ritual_of(workspace), months[0].first, months[-1].last)
    }
    for due in dues:
        row = ledger.get((due.subject, due.day, due.slot))
        if due.slot in WHAT and _ahead(due, row, now) and due.due_at <= until:
            yield _told(due, known[due.subject], row, days_off, months)


def _ahead(due: Due, row: Occurrence | None, now: datetime) -> bool:
    waiting = row is None or row.state in (State.PLANNED, State.CANCELLED)
    return due.due_at > now or (row is not None and waiting and due.expires_at > now)


def _told(due: Due, person: Person, row: Occurrence | None, days_off: DaysOff, months: Sequence[Period]) -> Foreseen:
    month = next(one for one in months if one.first == due.day)
    off = days_off.on(person, calendar.local_day(due.due_at, person.zone))
    why = None if off is None else off.reason
    if row is not None and row.state not in (State.PLANNED, State.CANCELLED):
        why = row.reason or "was sent already"
    what = plain(WHAT[due.slot], month=name_of(month))
    return Foreseen(person.workspace, "month", due.slot, "", person.name, person.zone, due.due_at, what, why)
