"""Days off for many at once: company days, public holidays, statuses that excuse (F88, F89)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.errors import Gone
from bot.ids import new_id
from bot.payloads import Who
from bot.people import holiday_views as views
from bot.people.holiday_views import DayForm, HolidaysMeta, HolidaysPage
from rituals import calendar
from rituals.absences import ExcusingWord
from rituals.calendar import CompanyDay, UnknownCalendar, is_calendar
from rituals.people import Person
from rituals.policy import About, Action, may, require
from rituals.settings import NoName
from storage import calendars, directory, huddles, ladders, people, roster, values

YEAR = timedelta(days=366)


def load(tx: Session, who: Who, now: datetime) -> HolidaysPage:
    """The room; raises Stranger."""
    reader = actor(tx, who)
    today = calendar.local_day(now, reader.zone)
    return HolidaysPage(
        days=calendars.company_days(tx, who.workspace, today, today + YEAR),
        calendars=directory.by_calendar(tx, who.workspace),
        words=directory.excusing_words(tx, who.workspace),
        may_change=may(Action.HOLIDAYS, reader, About(who.workspace)),
    )


def load_form(tx: Session, action_id: str, meta: HolidaysMeta, who: Who) -> dict[str, Any]:
    """The form behind one of the room's buttons; raises Stranger or NotAllowed."""
    require(Action.HOLIDAYS, actor(tx, who), About(who.workspace))
    if action_id == views.ASSIGN:
        return views.assign_form(meta, [team for team in people.teams(tx, who.workspace) if not team.archived])
    if action_id == views.WORDS:
        return views.words_form(meta, directory.excusing_words(tx, who.workspace))
    return views.day_form(meta)


def _admin(tx: Session, who: Who, now: datetime) -> Person:
    person = acting(tx, who, now)
    require(Action.HOLIDAYS, person, About(who.workspace))
    return person


def _code(said: str | None) -> str | None:
    code = (said or "").strip().upper() or None
    if code is not None and not is_calendar(code):
        raise UnknownCalendar(code)
    return code


def add_day(tx: Session, form: DayForm, who: Who, now: datetime) -> None:
    """Keep a company day; the same sent again changes nothing. Raises NoName, UnknownCalendar, Stranger, NotAllowed."""
    _admin(tx, who, now)
    name = form.name.strip()
    if not name:
        raise NoName
    if form.day is None:
        raise Gone
    code = _code(form.calendar)
    made = CompanyDay(new_id(), who.workspace, code, form.day, name, form.kind == "open")
    known = calendars.company_days(tx, who.workspace, form.day, form.day)
    if any(replace(each, id=made.id) == made for each in known):
        return
    # One word about a date for the same people: the newer replaces the older.
    values.remove(tx, *(each for each in known if each.calendar == code))
    values.add(tx, made)
    _planned_again(tx, who.workspace, now)


def remove_day(tx: Session, day_id: UUID, who: Who, now: datetime) -> None:
    """Forget a company day; one that is gone already is fine. Raises Stranger or NotAllowed."""
    _admin(tx, who, now)
    found = values.find_by(tx, CompanyDay, id=day_id)
    if found is not None and found.workspace == who.workspace:
        values.remove(tx, found)
        _planned_again(tx, who.workspace, now)


def assign(tx: Session, whom: str, said: str | None, who: Who, now: datetime) -> None:
    """Put a team's people, or everybody, on a calendar. Raises UnknownCalendar, Gone, Stranger or NotAllowed."""
    _admin(tx, who, now)
    code = _code(said)
    look = directory.Look(who.workspace, None if whom == views.EVERYBODY else UUID(whom))
    for person in directory.everybody(tx, look):
        held = people.find(tx, person.id, lock=True)
        if held is not None and held.holidays != code:
            values.save(tx, replace(held, holidays=code, version=held.version + 1))
    _planned_again(tx, who.workspace, now)


def set_words(tx: Session, said: str | None, who: Who, now: datetime) -> None:
    """Choose the statuses that excuse; the roster is read again soon, for those that show one already."""
    _admin(tx, who, now)
    lines = [" ".join(line.split())[: views.LONGEST_WORD] for line in (said or "").splitlines()]
    words = list(dict.fromkeys(line for line in lines if line))[: views.MOST_WORDS]
    directory.set_excusing_words(tx, who.workspace, [ExcusingWord(new_id(), who.workspace, word) for word in words])
    roster.next_reading(tx, who.workspace, now)


def _planned_again(tx: Session, workspace: str, now: datetime) -> None:
    ladders.plan_all_again(tx, workspace, now)
    for team in people.teams(tx, workspace):
        huddles.plan_again(tx, team.id, now)
        manager = None if team.manager_id is None else people.find(tx, team.manager_id)
        huddles.mark_stale(tx, team.id, calendar.local_day(now, "UTC" if manager is None else manager.zone), now)
