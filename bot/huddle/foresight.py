"""What huddles will send, told beforehand by the rules that the planner and the openers go by."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from bot.catalogue import plain
from bot.huddle import dotted, owed
from bot.huddle.planning import anywhere, zone_of
from bot.ritual import Foreseen
from rituals import good_week, hours, huddle
from rituals.calendar import DaysOff
from rituals.due import Due
from rituals.huddle import Huddle, Slot
from rituals.people import Person, Team, chain_above
from rituals.plans import Plan
from storage import calendars, directory, huddles, occurrences, people, plans
from storage.occurrences import Occurrence, State

DONE = {State.OPENED: "was sent already", State.EXPIRED: "its time had passed"}
"""What an entry means that nobody gave a reason for."""
TEAM_SLOTS = (Slot.CARD, Slot.POST, Slot.OWED)
Key = tuple[UUID, date, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the huddles of one workspace share, for the dates from `first` to `last`; plans by person and date."""

    first: date
    last: date
    everybody: Mapping[UUID, Person]
    days_off: DaysOff
    plans: Mapping[tuple[UUID, date], Plan]


@dataclass(frozen=True, slots=True)
class View:
    """One huddle as it stands, with its part of the ledger."""

    huddle: Huddle
    team: Team
    roster: Sequence[Person]
    ledger: Mapping[Key, Occurrence]
    known: Known
    dotted: Sequence[UUID]

    @property
    def manager(self) -> Person | None:
        """Who manages the team."""
        return None if self.team.manager_id is None else self.known.everybody.get(self.team.manager_id)


def foresee(tx: Session, now: datetime, until: datetime) -> Sequence[Foreseen]:
    """Every message due in that time, and every one that will be left out with the reason; writes nothing."""
    found: list[Foreseen] = []
    for workspace, of_workspace in groupby(huddles.everything(tx), key=lambda one: one.workspace):
        known = _know(tx, workspace, *anywhere(now, until))
        told = [pair for one in of_workspace for pair in _of_huddle(_load(tx, one, known), now, until)]
        found += _once(told)
    return found


def _once(told: Sequence[tuple[Due, Foreseen]]) -> list[Foreseen]:
    """Leave a dotted-line card to the first of the teams that it spans, as the opener does."""
    had: set[tuple[UUID, date]] = set()
    found = []
    for due, message in sorted(told, key=lambda pair: pair[0].due_at):
        again = due.slot is Slot.DOTTED and message.skipped is None and (due.subject, due.day) in had
        if due.slot is Slot.DOTTED and message.skipped is None:
            had.add((due.subject, due.day))
        found.append(replace(message, skipped=dotted.HAVE_IT) if again else message)
    return found


def _know(tx: Session, workspace: str, first: date, last: date) -> Known:
    return Known(
        first=first,
        last=last,
        everybody=people.everybody(tx, workspace),
        days_off=calendars.days_off(tx, workspace, None, first, last),
        plans={(plan.person_id, plan.day): plan for plan in plans.between(tx, workspace, first, last)},
    )


def _load(tx: Session, one: Huddle, known: Known) -> View:
    team = people.team(tx, one.team_id)
    if team is None:
        raise RuntimeError("a huddle without a team")
    rows = occurrences.of_ritual(tx, one.id, known.first, known.last)
    ledger = {(row.subject, row.day, row.slot): row for row in rows}
    return View(one, team, people.roster(tx, team.id), ledger, known, directory.dotted_over(tx, team.id))


def _of_huddle(view: View, now: datetime, until: datetime) -> Iterator[tuple[Due, Foreseen]]:
    dues = huddle.coming(view.huddle, view.roster, now, until, view.known.days_off)
    dues += good_week.coming(view.huddle, view.roster, now, until)
    dues += huddle.coming_of_team(view.huddle, zone_of(view.manager, view.roster), now, until, view.dotted)
    dues += _left_behind(view)
    prompted: set[tuple[UUID, date]] = set()
    for due in sorted(dues, key=lambda due: due.due_at):
        row = view.ledger.get((due.subject, due.day, due.slot))
        if due.due_at > until or not _is_ahead(due, row, now):
            continue
        why = _why_not(view, due, row, prompted)
        if due.slot is Slot.PROMPT and why is None:
            prompted.add((due.subject, due.day))
        yield due, _told(view, due, why)


def _left_behind(view: View) -> list[Due]:
    """What is planned though no rule plans it: for people who have left since, to be skipped, and what is snoozed."""
    here = {person.id for person in view.roster} | {view.team.id, *view.dotted}
    return [
        Due(Slot(row.slot), row.subject, row.day, row.due_at, row.expires_at, row.zone)
        for row in view.ledger.values()
        if row.state == State.PLANNED and (row.subject not in here or row.slot == Slot.SNOOZED)
    ]


def _is_ahead(due: Due, row: Occurrence | None, now: datetime) -> bool:
    """Whether it is still to come: after `now`, or overdue and not opened yet."""
    waiting = row is None or row.state in (State.PLANNED, State.CANCELLED)
    return due.due_at > now or (waiting and due.expires_at > now)


def _why_not(view: View, due: Due, row: Occurrence | None, prompted: set[tuple[UUID, date]]) -> str | None:
    if row is not None and row.state not in (State.PLANNED, State.CANCELLED):
        return row.reason or DONE.get(State(row.state), row.state)
    known = view.known
    if due.slot in TEAM_SLOTS:
        of_day = (known.plans.get((person.id, due.day)) for person in view.roster)
        anybody = any(plan is not None and plan.answered for plan in of_day)
        why = huddle.why_no_report(
            due.slot, view.huddle, view.team, view.roster, due.day, known.days_off, answered=anybody
        )
        return why or (_nobody_there(view, due) if due.slot is Slot.OWED else None)
    if due.slot is Slot.DOTTED:
        return _not_to_dotted(view, due)
    if due.slot is Slot.WEEK:
        person = known.everybody.get(due.subject)
        return good_week.why_not(view.huddle, person, due.due_at, due.expires_at, known.days_off)
    plan = known.plans.get((due.subject, due.day))
    asked = plan is not None or (due.subject, due.day) in prompted
    person = known.everybody.get(due.subject)
    answered = huddle.needs_nothing(due.slot, plan, person)
    return huddle.why_not(
        due.slot, view.huddle, person, due.day, known.days_off, asked=asked, answered=answered, at=due.due_at
    )


def _not_to_dotted(view: View, due: Due) -> str | None:
    """Why somebody gets no dotted-line card, but for one that another team has brought; the rest the opener knows."""
    reader = view.known.everybody.get(due.subject)
    off = None if reader is None else view.known.days_off.at(reader, due.due_at)
    if view.huddle.paused:
        return huddle.PAUSED
    return None if off is None else off.reason


def _nobody_there(view: View, due: Due) -> str | None:
    """Why nobody is told of what waits, though the team works."""
    at = huddle.wall(view.huddle, due.slot)
    manager = view.manager
    line = {} if manager is None else _line(view, manager)
    reader = huddle.reader(view.huddle, view.team, line, due.day, view.known.days_off, at)
    off = reader is not None and view.known.days_off.on(reader, due.day, at) is not None
    return owed.ALL_OFF if off else None


def _told(view: View, due: Due, why: str | None) -> Foreseen:
    at = due.due_at
    zone = due.zone
    match due.slot:
        case Slot.CARD | Slot.OWED:
            to, zone, what = _reader(view, due)
        case Slot.POST:
            to, what = plain("{team}, in its channel", team=view.team.name), plain("the huddle's line")
        case Slot.DOTTED:
            reader = view.known.everybody.get(due.subject)
            to, what = view.team.name, plain("the dotted-line card, if any of its people work")
            if reader is not None:
                to, zone, at = reader.name, reader.zone, hours.opens(reader, at)
        case _:
            person = view.known.everybody.get(due.subject)
            to = view.team.name if person is None else person.name
            what = plain("the prompt for the plan")
            if due.slot is Slot.WEEK:
                what = plain("what the week came to, and whether it was a good one")
                at = at if person is None else hours.opens(person, at)
            elif due.slot is Slot.REMINDER:
                what = plain("the reminder, if the plan is still open")
            elif due.slot is Slot.SNOOZED:
                what = plain("the prompt that was snoozed, if the plan is still open")
            elif person is not None:
                at = hours.opens(person, at + huddle.spread(view.huddle, person))
                if huddle.filed_ahead(view.known.plans.get((person.id, due.day)), person):
                    what = plain("a line that the plan is filed already")
    return Foreseen(view.team.workspace, "huddle", due.slot, view.team.name, to, zone, at, what, why)


def _line(view: View, manager: Person) -> Mapping[UUID, Person]:
    """The manager, those above, and the deputies of each."""
    everybody = view.known.everybody
    line = [manager, *chain_above(manager, everybody)]
    named = (None if one.deputy_id is None else everybody.get(one.deputy_id) for one in line)
    deputies = [deputy for deputy in named if deputy is not None]
    return {person.id: person for person in (*line, *deputies)}


def _reader(view: View, due: Due) -> tuple[str, str, str]:
    """Who reads what a team's manager gets, on which clock, and what it is to them."""
    manager = view.manager
    what = plain("the huddle card of {team}", team=view.team.name)
    if due.slot is Slot.OWED:
        what = plain("the plans of {team} that nobody has answered, if any wait", team=view.team.name)
    if manager is None:
        return view.team.name, due.zone, what
    at = huddle.wall(view.huddle, due.slot)
    reader = huddle.reader(view.huddle, view.team, _line(view, manager), due.day, view.known.days_off, at) or manager
    if reader.id != manager.id:
        off = view.known.days_off.on(manager, due.day, at)
        reason = off.reason if off is not None else plain("no longer here")
        what = plain("{what}, for {manager} ({reason})", what=what, manager=manager.given_name, reason=reason)
    return reader.name, reader.zone, what
