"""The daily huddle: when it asks, reminds, closes and reports (D1-D7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from rituals import calendar, hours
from rituals.calendar import NEVER_OFF, DaysOff
from rituals.due import Due
from rituals.people import Person, Team, chain_above, first_present
from rituals.plans import Plan, PlanState
from rituals.refusals import Refusal

SHARES = 10_007
"""Into how many moments a lead is divided; a prime, so that ids spread evenly."""

PAUSED = "the huddle is paused"
ANSWERED = "answered before it was asked"
NO_CHANNEL = "no channel is set"
OUTSIDE = "outside their working hours until the cut-off"

OWED_AT = time(14)
"""When a manager hears of plans that wait for an answer; by four hours later the day is over (experience.md)."""
OWED_FOR = timedelta(hours=4)
MOST_DAYS_BEFORE = 3
"""How far back "the working day before" may lie: Friday for Monday."""
MISSED = timedelta(hours=2)
"""An evening's prompt that is later than this waits for the morning."""


class Changed(Refusal):
    """The plan was edited, so long `ago`, after the card that the manager pressed on was drawn."""

    def __init__(self, rep: Person, ago: timedelta) -> None:
        super().__init__(rep.id)
        self.rep = rep
        self.ago = ago


class Slot(StrEnum):
    """What a huddle does at a minute of somebody's day. `SNOOZED`: a prompt comes back, in the reminder's place."""

    PROMPT = "huddle.prompt"
    REMINDER = "huddle.reminder"
    SNOOZED = "huddle.snoozed"
    CARD = "huddle.card"
    POST = "huddle.post"
    OWED = "huddle.owed"
    DOTTED = "huddle.dotted"
    WEEK = "huddle.week"


@dataclass(frozen=True, slots=True)
class Huddle:
    """One team's huddle. Times are wall times: a rep's own for asking, the manager's for meeting.

    Nothing is due before `since`, so a huddle that starts at noon does not ask for this morning. A large team is asked
    over the `lead_minutes` before `asks_at`, so that Slack's pace lets everybody be asked by then.
    """

    id: UUID
    workspace: str
    team_id: UUID
    weekdays: str
    asks_at: time
    reminds_at: time
    closes_at: time
    card_at: time
    meets_at: time
    posts_at: time
    since: datetime
    paused: bool
    lead_minutes: int


def for_person(
    huddle: Huddle, person: Person, day: date, days_off: DaysOff = NEVER_OFF, now: datetime | None = None
) -> list[Due]:
    """Prompt and reminder of one person on one date, each at their own wall time; both end with the cut-off.

    A day off is not looked at: its occurrences are planned and skipped (`why_not`), so that the ledger has the reason.
    """
    closes = cut_off(huddle, person.zone, day)
    if closes is None or str(day.isoweekday()) not in huddle.weekdays or not person.on_team(day):
        return []
    asked = asks(huddle, person, day, days_off, now)
    reminds = None
    if huddle.reminds_at < huddle.closes_at:
        reminds = calendar.instant(day, huddle.reminds_at, person.zone)
    found = [
        Due(slot, person.id, day, at, closes, person.zone)
        for slot, at in ((Slot.PROMPT, asked), (Slot.REMINDER, reminds))
        if at is not None
    ]
    return [due for due in found if huddle.since <= due.due_at < due.expires_at]


def asks(
    huddle: Huddle, person: Person, day: date, days_off: DaysOff = NEVER_OFF, now: datetime | None = None
) -> datetime | None:
    """When a person is asked for the plan of a date: at the team's time, less the lead, or when they chose (F86).

    "The day before" is the last day that they work before it. Where that was missed, it is over already at `now`, it
    is more than three days back or outside their hours, the morning counts. A time before their hours moves to where
    they begin, if that is before the cut-off.
    """
    if person.ask_at is not None and person.ask_before:
        evening = _evening_before(person, person.ask_at, day, days_off)
        missed = evening is None or evening < huddle.since or (now is not None and evening < now - MISSED)
        if not missed:
            return evening
    own = person.ask_at if not person.ask_before and (person.ask_at or huddle.closes_at) < huddle.closes_at else None
    at = calendar.instant(day, own or huddle.asks_at, person.zone)
    closes = cut_off(huddle, person.zone, day)
    if at is None or closes is None or huddle.asks_at >= huddle.closes_at:
        return None
    at -= timedelta(0) if own else timedelta(minutes=huddle.lead_minutes)
    moved = hours.opens(person, at)
    return moved if moved < closes else at


def late_by(huddle: Huddle, person: Person, day: date, now: datetime) -> timedelta:
    """How long after their time somebody is asked at `now`; negative when it is before."""
    at = asks(huddle, person, day, now=now) or now
    return now - at - timedelta(minutes=0 if person.ask_at else huddle.lead_minutes)


def _evening_before(person: Person, wall: time, day: date, days_off: DaysOff) -> datetime | None:
    for back in range(1, MOST_DAYS_BEFORE + 1):
        before = day - timedelta(days=back)
        if days_off.on(person, before, wall) is None:
            at = calendar.instant(before, wall, person.zone)
            return at if at is not None and hours.within(person, at) else None
    return None


def spread(huddle: Huddle, person: Person) -> timedelta:
    """How long after the lead begins this person is asked: always the same for the same person.

    Whoever chose a time of their own is asked at it.
    """
    lead = timedelta(minutes=huddle.lead_minutes if person.ask_at is None else 0)
    return lead * share(person.id)


def cut_off(huddle: Huddle, zone: str, day: date) -> datetime | None:
    """When plans of a date are late in a zone; None on a date that the zone skipped.

    A time inside a spring gap shifts forward and would overtake a cut-off that stands at the gap's end. The cut-off
    then shifts with it, so that whoever is asked always has as long to answer as on any other day.
    """
    closes = calendar.instant(day, huddle.closes_at, zone)
    last = max((wall for wall in (huddle.asks_at, huddle.reminds_at) if wall < huddle.closes_at), default=None)
    begins = None if last is None else calendar.instant(day, last, zone)
    if closes is None or last is None or begins is None or begins < closes:
        return closes
    return begins + (datetime.combine(day, huddle.closes_at) - datetime.combine(day, last))


def share(person_id: UUID) -> float:
    """A person's place in any lead: 0 is its beginning, 1 (never reached) its end."""
    return person_id.int % SHARES / SHARES


def for_team(huddle: Huddle, zone: str, day: date) -> list[Due]:
    """Manager's card, channel post and what waits for an answer, of one date, at the wall time of the manager's zone.

    Card and post are void next midnight, what waits a few hours later.
    """
    if str(day.isoweekday()) not in huddle.weekdays:
        return []
    midnight = calendar.end_of(day, zone)
    times = ((Slot.CARD, huddle.card_at), (Slot.POST, huddle.posts_at), (Slot.OWED, OWED_AT))
    found = [
        Due(slot, huddle.team_id, day, at, midnight if slot is not Slot.OWED else at + OWED_FOR, zone)
        for slot, wall in times
        if (at := calendar.instant(day, wall, zone)) is not None
    ]
    return [due for due in found if huddle.since <= due.due_at < due.expires_at]


def coming(
    huddle: Huddle, people: Iterable[Person], now: datetime, until: datetime, days_off: DaysOff = NEVER_OFF
) -> list[Due]:
    """What is due for each of `people` on the dates that their calendars show from `now` to `until`."""
    return [
        due
        for person in people
        for day in _dates(now, until, person.zone)
        for due in for_person(huddle, person, day, days_off, now)
    ]


def coming_of_team(
    huddle: Huddle, zone: str, now: datetime, until: datetime, dotted: Collection[UUID] = ()
) -> list[Due]:
    """The same for the team itself, by the manager's zone, and for those `dotted` lines from its people end at."""
    found = [due for day in _dates(now, until, zone) for due in for_team(huddle, zone, day)]
    cards = [due for due in found if due.slot is Slot.CARD]
    return found + [replace(due, slot=Slot.DOTTED, subject=one) for due in cards for one in dotted]


def _dates(now: datetime, until: datetime, zone: str) -> list[date]:
    return calendar.days_between(calendar.local_day(now, zone), calendar.local_day(until, zone))


def wall(huddle: Huddle, slot: str) -> time:
    """The wall time that a slot stands for, by which half a day off is judged; without any lead."""
    times = {
        Slot.PROMPT: huddle.asks_at,
        Slot.REMINDER: huddle.reminds_at,
        Slot.SNOOZED: huddle.asks_at,
        Slot.CARD: huddle.card_at,
        Slot.POST: huddle.posts_at,
        Slot.OWED: OWED_AT,
        Slot.DOTTED: huddle.card_at,
        Slot.WEEK: time(16),
    }
    return times[Slot(slot)]


def why_not(
    slot: str,
    huddle: Huddle,
    person: Person | None,
    day: date,
    days_off: DaysOff,
    *,
    asked: bool,
    answered: bool,
    at: datetime | None = None,
) -> str | None:
    """Why a person gets no prompt or no reminder, in the ledger's words; None when they do.

    `asked` says whether there is a plan that was asked for, which a reminder needs; `at` when it would land, by which
    their hours are judged (F86).
    """
    if huddle.paused:
        return PAUSED
    if person is None or not person.plans or person.team_id != huddle.team_id:
        return "left the team"
    due = wall(huddle, slot)
    if slot == Slot.SNOOZED and at is not None and calendar.local_day(at, person.zone) == day:
        due = at.astimezone(calendar.zone(person.zone)).time()
    off = days_off.on(person, day, due)
    if off is not None:
        return off.reason
    if slot == Slot.PROMPT:
        return ANSWERED if answered else _outside(huddle, person, day, at)
    if not asked or answered:
        return "answered already" if asked else "was not asked"
    return _too_soon(huddle, person, day, at)


def filed_ahead(plan: Plan | None, person: Person) -> bool:
    """Whether a plan was filed before its own day came: its prompt is then a line that says so (F12)."""
    if plan is None or plan.state is not PlanState.FILED or plan.filed_at is None:
        return False
    return calendar.local_day(plan.filed_at, person.zone) < plan.day


def needs_nothing(slot: str, plan: Plan | None, person: Person | None) -> bool:
    """Whether what is due at a slot has nothing left to say, because the plan is there."""
    answered = plan is not None and plan.answered
    return answered and not (slot == Slot.PROMPT and person is not None and filed_ahead(plan, person))


def _too_soon(huddle: Huddle, person: Person, day: date, at: datetime | None) -> str | None:
    prompt = asks(huddle, person, day)
    if at is not None and prompt is not None and at <= prompt:
        return "was only just asked"
    return None if at is None or hours.within(person, at) else OUTSIDE


def _outside(huddle: Huddle, person: Person, day: date, at: datetime | None) -> str | None:
    closes = cut_off(huddle, person.zone, day)
    return OUTSIDE if at is not None and closes is not None and hours.opens(person, at) >= closes else None


def why_no_report(
    slot: str, huddle: Huddle, team: Team, roster: Sequence[Person], day: date, days_off: DaysOff, *, answered: bool
) -> str | None:
    """Why a team gets no card or no post, in the ledger's words; None when it does.

    `answered` says whether anybody has: that is shown even on a date on which the whole team is off.
    """
    if huddle.paused:
        return PAUSED
    if slot != Slot.POST and team.manager_id is None:
        return "nobody manages this team"
    if slot == Slot.POST and team.channel is None:
        return NO_CHANNEL
    # Without the first condition a team that nobody is on yet would be off for ever.
    if roster and not answered and all(days_off.on(person, day, huddle.asks_at) for person in roster):
        return "the whole team is off"
    return None


def reader(
    huddle: Huddle,
    team: Team,
    line: Mapping[UUID, Person],
    day: date,
    days_off: DaysOff,
    at: time | None = None,
) -> Person | None:
    """Who gets the card: the manager, or while they are off their deputy, or the nearest one above who is not (F90).

    `at` is the wall time of what else comes to them that day.

    `line` holds the manager, everybody above and their deputies; None when the team has no manager. When all of them
    are off the nearest keeps it, like the answers that are owed (`people.responder`).
    """
    manager = None if team.manager_id is None else line.get(team.manager_id)
    if manager is None:
        return None
    chain = [person for person in (manager, *chain_above(manager, line)) if person.active]
    off = {person.id for person in line.values() if days_off.on(person, day, at or huddle.card_at) is not None}
    return first_present(chain, line, off) or (chain[0] if chain else manager)


def resumed(huddle: Huddle, now: datetime) -> Huddle:
    """The huddle as it goes on after a pause: what fell due in between is not made up for (F97)."""
    return replace(huddle, paused=False, since=max(huddle.since, now))


def is_late(huddle: Huddle, person: Person, day: date, now: datetime) -> bool:
    """Whether a plan filed at `now` comes after the person's cut-off; only the manager sees it (F15)."""
    closes = cut_off(huddle, person.zone, day)
    return closes is not None and now >= closes
