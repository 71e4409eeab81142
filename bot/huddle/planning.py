"""The huddle's part of the ledger: which rows there are for the coming days, kept true while things change."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.ids import new_id
from rituals import calendar, good_week, huddle
from rituals.due import Due
from rituals.huddle import Huddle, Slot
from rituals.people import Person
from storage import calendars, directory, huddles, occurrences, people

AHEAD = timedelta(days=4)
"""How far ahead the ledger is written: "what is next" has an answer over a weekend."""
LOOK_AGAIN = timedelta(hours=1)
"""How often the planner looks at a huddle that nobody has changed."""
PEOPLE_AT_ONCE = 500
OFFSET = timedelta(hours=15)
"""No zone is further from UTC than this."""
CHANGED = "the schedule changed"


def plan(tx: Session, now: datetime) -> int:
    """Bring the ledger up to date for the next people of one huddle; return 0 when every huddle is.

    A large team is planned a batch a transaction, so that nobody's press waits behind it.
    """
    todo = huddles.next_to_plan(tx, now)
    if todo is None:
        return 0
    one = todo.huddle
    batch = people.roster_after(tx, one.team_id, todo.cursor, PEOPLE_AT_ONCE)
    days_off = calendars.days_off(tx, one.workspace, [person.id for person in batch], *anywhere(now, now + AHEAD))
    dues = huddle.coming(one, batch, now, now + AHEAD, days_off)
    dues += good_week.coming(one, batch, now, now + AHEAD)
    subjects = [person.id for person in batch]
    if len(batch) < PEOPLE_AT_ONCE:
        team = people.team(tx, one.team_id)
        manager = None if team is None or team.manager_id is None else people.find(tx, team.manager_id)
        dotted = directory.dotted_over(tx, one.team_id)
        dues += huddle.coming_of_team(one, zone_of(manager, batch), now, now + AHEAD, dotted)
        subjects += [one.team_id, *dotted]
        huddles.planned_to(tx, one.id, None, now + LOOK_AGAIN)
    else:
        huddles.planned_to(tx, one.id, batch[-1].id, now)
    _write(tx, one, subjects, dues, now)
    return 1


def zone_of(manager: Person | None, roster: Sequence[Person]) -> str:
    """Whose clock a team goes by: its manager's, or without one that of the first on the roster."""
    return manager.zone if manager is not None else next((person.zone for person in roster), "UTC")


def anywhere(now: datetime, until: datetime) -> tuple[date, date]:
    """The first and the last date that a calendar shows anywhere on earth between two instants."""
    return (now - OFFSET).date(), (until + OFFSET).date()


def _write(tx: Session, one: Huddle, subjects: Sequence[UUID], dues: Sequence[Due], now: datetime) -> None:
    """New rows go in, planned rows get their new time, and planned rows that nothing asks for are cancelled.

    What was opened or skipped stays as it is: whoever changes zones is not asked twice for one date.
    """
    # All dates, not only those of today's zones: who flies east leaves a planned date of the old zone behind.
    days = calendar.days_between(*anywhere(now, now + AHEAD))
    ledger = occurrences.known(tx, one.id, subjects, days)
    wanted = [
        occurrences.planned(new_id(), one.workspace, one.id, due)
        for due in dues
        if due.due_at <= now + AHEAD or (due.subject, due.day, due.slot) in ledger
    ]
    # What somebody asked for by a press stands until its time comes: no rule of ours wants it, and none takes it back.
    occurrences.agree(tx, one.id, wanted, subjects, days, now, but={Slot.SNOOZED})
