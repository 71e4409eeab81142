"""What an absence changes for the huddle at once: what waits to be sent, what is planned, the card (F87)."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from bot import keys
from rituals import calendar
from rituals.people import Absence, Person
from storage import calendars, huddles, ladders, outbox, plans


def went_away(tx: Session, person: Person, absence: Absence, now: datetime) -> None:
    """Take back what waits to ask somebody about a day that they are away for now, and redraw the card."""
    days_off = calendars.days_off(tx, person.workspace, [person.id], absence.first_day, absence.last_day)
    today = calendar.local_day(now, person.zone)
    for plan in plans.of_person(tx, person.id, max(absence.first_day, today), absence.last_day):
        huddle = huddles.of_team(tx, plan.team_id)
        if huddle is not None and days_off.on(person, plan.day, huddle.asks_at) is not None:
            outbox.withdraw(tx, person.workspace, keys.plan_key(plan.id))
            outbox.withdraw(tx, person.workspace, keys.reminder_key(plan.id))
    planned_anew(tx, person, absence.first_day, now)


def planned_anew(tx: Session, person: Person, first_day: date, now: datetime) -> None:
    """Plan again what an absence from `first_day` on may move, an evening's prompt for one, and redraw the card."""
    ladders.plan_again_around(tx, person.id, now)
    if person.team_id is None:
        return
    huddles.plan_again(tx, person.team_id, now)
    today = calendar.local_day(now, person.zone)
    if first_day <= today:
        huddles.mark_stale(tx, person.team_id, today, now)
