"""What weeklies will send, told beforehand by the rules that the planner and the openers go by."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.catalogue import plain
from bot.huddle.planning import OFFSET
from bot.ritual import Foreseen
from bot.weekly.collecting import off_of
from bot.weekly.planning import askable, coming
from rituals import hours
from rituals import weekly as rules
from rituals.due import Due
from rituals.people import Person, Team
from rituals.weekly import Slot, Weekly
from storage import calendars, directory, occurrences, people, weeklies
from storage.occurrences import State

DONE = {State.OPENED: "was sent already", State.EXPIRED: "its time had passed"}
WHAT: Mapping[str, str] = {
    Slot.COLLECT: "the question for the weekly",
    Slot.THEMES: "the themes of the week, if anything recurs",
    Slot.AGENDA: "the agenda of the weekly",
}


def foresee(tx: Session, now: datetime, until: datetime) -> Sequence[Foreseen]:
    """Every message due in that time, and every one that will be left out with the reason; writes nothing."""
    found: list[Foreseen] = []
    for weekly in weeklies.everything(tx):
        found += _of_weekly(tx, weekly, now, until)
    return found


def _of_weekly(tx: Session, weekly: Weekly, now: datetime, until: datetime) -> list[Foreseen]:
    team = people.team(tx, weekly.team_id)
    if team is None or team.archived:
        return []
    members = askable(directory.members(tx, team.id))
    known = {person.id: person for person in members}
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    ids = [*known, *([] if manager is None else [manager.id])]
    first, last = (now - OFFSET).date(), (until + OFFSET).date()
    days_off = calendars.days_off(tx, team.workspace, ids, first, last)
    ledger = {(row.subject, row.day, row.slot): row for row in occurrences.of_ritual(tx, weekly.id, first, last)}
    roster = [person for person in members if person.plans]
    told = []
    for due in coming(tx, weekly, team, members, now, until):
        row = ledger.get((due.subject, due.day, due.slot))
        waiting = row is None or row.state in (State.PLANNED, State.CANCELLED)
        if due.slot is Slot.MEET or not (due.due_at > now or (waiting and due.expires_at > now)):
            continue
        person = known.get(due.subject)
        why = rules.why_no_meeting(weekly, team, roster, due.day, days_off)
        if why is None and due.slot is Slot.COLLECT:
            why = rules.why_not_asked(weekly, person, due.day, days_off, due.zone)
            leads = manager is not None and due.subject == manager.id and not off_of(tx, team, manager, now)
            why = why or (rules.LEADS if leads else None)
        if row is not None and not waiting:
            why = row.reason or DONE.get(State(row.state), row.state)
        told.append(_told(due, team, person if due.slot is Slot.COLLECT else manager, why))
    return told


def _told(due: Due, team: Team, to: Person | None, why: str | None) -> Foreseen:
    name, zone = (team.name, due.zone) if to is None else (to.name, to.zone)
    at = due.due_at if to is None else hours.opens(to, due.due_at)
    return Foreseen(team.workspace, "weekly", due.slot, team.name, name, zone, at, plain(WHAT[due.slot]), why)
