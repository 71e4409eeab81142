"""The weekly's part of the ledger: which rows there are for the coming days, kept true while things change."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.huddle.planning import OFFSET, zone_of
from bot.ids import new_id
from rituals import calendar
from rituals import weekly as rules
from rituals.due import Due
from rituals.people import Person, Role, Team
from rituals.weekly import Weekly
from storage import calendars, directory, occurrences, people, weeklies

AHEAD = timedelta(days=8)
"""How far ahead the ledger is written: the next weekly always stands in it."""
LOOK_AGAIN = timedelta(hours=1)


def plan(tx: Session, now: datetime) -> int:
    """Bring the ledger up to date for the next weekly; return 0 when every one is."""
    weekly = weeklies.next_to_plan(tx, now)
    if weekly is None:
        return 0
    team = people.team(tx, weekly.team_id)
    members = [] if team is None or team.archived else askable(directory.members(tx, weekly.team_id))
    dues = [] if team is None or team.archived else coming(tx, weekly, team, members, now, now + AHEAD)
    days = calendar.days_between((now - OFFSET).date(), (now + AHEAD + AHEAD).date())
    # Whoever left the team since has rows of their own: those are cancelled with the rest that nothing asks for.
    subjects = {weekly.team_id, *(one.id for one in members), *occurrences.subjects(tx, weekly.id, days)}
    wanted = [occurrences.planned(new_id(), weekly.workspace, weekly.id, due) for due in dues if due.expires_at > now]
    occurrences.agree(tx, weekly.id, wanted, subjects, days, now)
    weeklies.plan_again(tx, weekly.id, now + LOOK_AGAIN)
    return 1


def askable(members: list[Person]) -> list[Person]:
    """Who of a team is asked: everybody but its observers (F92)."""
    return [person for person in members if person.active and person.role is not Role.OBSERVER]


def coming(tx: Session, weekly: Weekly, team: Team, members: list[Person], now: datetime, until: datetime) -> list[Due]:
    """What is due of a weekly until an instant."""
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    zone = zone_of(manager, members)
    days = rules.meetings(weekly, zone, now, until)
    ids: list[UUID] = [] if manager is None else [manager.id]
    first, last = (now - OFFSET).date(), (until + AHEAD).date()
    days_off = calendars.days_off(tx, team.workspace, ids, first, last)
    found = [due for day in days for due in rules.for_team(weekly, manager, day, zone, days_off)]
    found += [due for day in days for person in members for due in rules.for_person(weekly, person, day, zone)]
    return [due for due in found if due.due_at <= until]
