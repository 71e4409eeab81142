"""Whose plan it is, of which day: found or made, for the person who presses and types."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot import grammar
from bot.acting import acting, actor, stranger
from bot.huddle import loading
from bot.ids import same_id
from bot.payloads import Who
from rituals import calendar
from rituals.people import Person, WritesNoPlan
from rituals.plans import NoSuchDay, Plan, PlanState, TooFarAhead
from rituals.policy import Action, about, require
from storage import calendars, huddles, plans, values
from storage.plans import Written

AHEAD = timedelta(days=14)
"""How far ahead somebody may plan."""


def to_write(tx: Session, plan_id: UUID, who: Who, now: datetime) -> Written:
    """A plan that the person who pressed may write; raises Stranger, Gone or NotAllowed."""
    found = loading.written(tx, plan_id, who.workspace, lock=True)
    writer = acting(tx, who, now, found.person)
    require(Action.PLAN_WRITE, writer, about(found.person))
    return found


def to_read(tx: Session, plan_id: UUID, who: Who) -> Written:
    """The same for a form that only shows; raises Stranger, Gone or NotAllowed."""
    found = loading.written(tx, plan_id, who.workspace)
    reader = actor(tx, who, found.person)
    require(Action.PLAN_WRITE, reader, about(found.person))
    return found


def plan_for(tx: Session, person: Person, day: date, now: datetime) -> Plan:
    """A person's plan for a date, made when nobody has asked yet; two at once get the same one."""
    found = plans.find_on(tx, person.id, day)
    if found is None:
        team, _ = loading.team_of(tx, person)
        values.add_new(tx, values.TABLES[Plan], [values.to_columns(blank(person, team.id, day, now))])
        found = plans.find_on(tx, person.id, day)
    if found is None:
        raise RuntimeError("a plan that was just written is not there")
    return found


def blank(person: Person, team_id: UUID, day: date, now: datetime) -> Plan:
    """A plan that is asked for and has no answer yet."""
    return Plan(
        id=same_id("plan", person.id, day),
        workspace=person.workspace,
        person_id=person.id,
        team_id=team_id,
        day=day,
        state=PlanState.OPEN,
        filed_at=None,
        late=False,
        revision=0,
        note=None,
        note_shared=False,
        excuse=None,
        opened_at=now,
    )


def find(tx: Session, who: Who, now: datetime, typed: str = "") -> UUID:
    """The plan of whoever asks for today or a day ahead, by their own calendar, made when it is not there (F12, F23).

    Raises Stranger, WritesNoPlan, NoSuchDay or TooFarAhead.
    """
    person = actor(tx, who)
    if not person.plans:
        raise WritesNoPlan
    if person.team_id is None or huddles.of_team(tx, person.team_id) is None:
        raise stranger(tx, who)
    return plan_for(tx, person, _day_meant(tx, person, typed, calendar.local_day(now, person.zone)), now).id


def _day_meant(tx: Session, person: Person, typed: str, today: date) -> date:
    """Today, a day that was typed, or for "tomorrow" the next day that the person works."""
    if typed.strip().casefold() == "tomorrow":
        off = calendars.days_off(tx, person.workspace, [person.id], today, today + AHEAD)
        following = calendar.next_working_day(today, lambda day: off.on(person, day) is None)
        day = following or today + timedelta(days=1)
    else:
        read = grammar.when(typed, today) if typed else (today, "")
        if read is None or read[1]:
            raise NoSuchDay(typed)
        day = read[0]
    if not today <= day <= today + AHEAD:
        raise TooFarAhead(day)
    return day
