"""The daily huddle: when it asks, reminds, closes and reports (D1-D7)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from rituals import calendar
from rituals.calendar import DaysOff
from rituals.people import Person, Team, chain_above
from rituals.plans import Item, Plan, PlanState
from rituals.refusals import Refusal

SHARES = 10_007
"""Into how many moments a lead is divided; a prime, so that ids spread evenly."""

PAUSED = "the huddle is paused"
ANSWERED = "answered before it was asked"


class Changed(Refusal):
    """The plan was edited after the card that the manager pressed on was drawn."""

    def __init__(self, rep: Person) -> None:
        super().__init__(rep.id)
        self.rep = rep


class Slot(StrEnum):
    """What a huddle does at a minute of somebody's day."""

    PROMPT = "huddle.prompt"
    REMINDER = "huddle.reminder"
    CARD = "huddle.card"
    POST = "huddle.post"


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


@dataclass(frozen=True, slots=True)
class Due:
    """Something that a huddle will do: for a person (prompt, reminder) or a team (card, post)."""

    slot: Slot
    subject: UUID
    day: date
    due_at: datetime
    expires_at: datetime
    zone: str


def for_person(huddle: Huddle, person: Person, day: date) -> list[Due]:
    """Prompt and reminder of one person on one date, each at their own wall time; both end with the cut-off.

    A day off is not looked at: its occurrences are planned and skipped (`why_not`), so that the ledger has the reason.
    """
    closes = cut_off(huddle, person.zone, day)
    if closes is None or str(day.isoweekday()) not in huddle.weekdays:
        return []
    lead = timedelta(minutes=huddle.lead_minutes)
    times = ((Slot.PROMPT, huddle.asks_at, lead), (Slot.REMINDER, huddle.reminds_at, timedelta(0)))
    found = [
        Due(slot, person.id, day, at - ahead, closes, person.zone)
        for slot, wall, ahead in times
        if wall < huddle.closes_at and (at := calendar.instant(day, wall, person.zone)) is not None
    ]
    return [due for due in found if huddle.since <= due.due_at < due.expires_at]


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


def spread(huddle: Huddle, person_id: UUID) -> timedelta:
    """How long after the lead begins this person is asked: always the same for the same person."""
    return timedelta(minutes=huddle.lead_minutes) * share(person_id)


def share(person_id: UUID) -> float:
    """A person's place in any lead: 0 is its beginning, 1 (never reached) its end."""
    return person_id.int % SHARES / SHARES


def for_team(huddle: Huddle, zone: str, day: date) -> list[Due]:
    """Manager's card and channel post of one date, at the wall time of the manager's zone; void next midnight."""
    if str(day.isoweekday()) not in huddle.weekdays:
        return []
    midnight = calendar.end_of(day, zone)
    times = ((Slot.CARD, huddle.card_at), (Slot.POST, huddle.posts_at))
    found = [
        Due(slot, huddle.team_id, day, at, midnight, zone)
        for slot, wall in times
        if (at := calendar.instant(day, wall, zone)) is not None
    ]
    return [due for due in found if huddle.since <= due.due_at < due.expires_at]


def coming(huddle: Huddle, people: Iterable[Person], now: datetime, until: datetime) -> list[Due]:
    """What is due for each of `people` on the dates that their calendars show from `now` to `until`."""
    return [
        due for person in people for day in _dates(now, until, person.zone) for due in for_person(huddle, person, day)
    ]


def coming_of_team(huddle: Huddle, zone: str, now: datetime, until: datetime) -> list[Due]:
    """The same for the team itself, by the manager's zone."""
    return [due for day in _dates(now, until, zone) for due in for_team(huddle, zone, day)]


def _dates(now: datetime, until: datetime, zone: str) -> list[date]:
    return calendar.days_between(calendar.local_day(now, zone), calendar.local_day(until, zone))


def wall(huddle: Huddle, slot: str) -> time:
    """The wall time that a slot stands for, by which half a day off is judged; without any lead."""
    times = {
        Slot.PROMPT: huddle.asks_at,
        Slot.REMINDER: huddle.reminds_at,
        Slot.CARD: huddle.card_at,
        Slot.POST: huddle.posts_at,
    }
    return times[Slot(slot)]


def why_not(
    slot: str, huddle: Huddle, person: Person | None, day: date, days_off: DaysOff, *, asked: bool, answered: bool
) -> str | None:
    """Why a person gets no prompt or no reminder, in the ledger's words; None when they do.

    `asked` says whether there is a plan that was asked for, which a reminder needs.
    """
    if huddle.paused:
        return PAUSED
    if person is None or not person.plans or person.team_id != huddle.team_id:
        return "left the team"
    off = days_off.on(person, day, wall(huddle, slot))
    if off is not None:
        return off.reason
    if slot == Slot.PROMPT:
        return ANSWERED if answered else None
    if not asked:
        return "was not asked"
    return "answered already" if answered else None


def why_no_report(
    slot: str, huddle: Huddle, team: Team, roster: Sequence[Person], day: date, days_off: DaysOff, *, answered: bool
) -> str | None:
    """Why a team gets no card or no post, in the ledger's words; None when it does.

    `answered` says whether anybody has: that is shown even on a date on which the whole team is off.
    """
    if huddle.paused:
        return PAUSED
    if slot == Slot.CARD and team.manager_id is None:
        return "nobody manages this team"
    if slot == Slot.POST and team.channel is None:
        return "no channel is set"
    # Without the first condition a team that nobody is on yet would be off for ever.
    if roster and not answered and all(days_off.on(person, day, huddle.asks_at) for person in roster):
        return "the whole team is off"
    return None


def reader(huddle: Huddle, team: Team, line: Mapping[UUID, Person], day: date, days_off: DaysOff) -> Person | None:
    """Who gets the card: the manager, or while they are off the nearest one above who is not (F90).

    `line` holds the manager and everybody above; None when the team has no manager. When all of them are off the
    nearest keeps it, like the answers that are owed (`people.responder`).
    """
    manager = None if team.manager_id is None else line.get(team.manager_id)
    if manager is None:
        return None
    chain = [person for person in (manager, *chain_above(manager, line)) if person.active]
    present = (person for person in chain if days_off.on(person, day, huddle.card_at) is None)
    return next(present, chain[0] if chain else manager)


def resumed(huddle: Huddle, now: datetime) -> Huddle:
    """The huddle as it goes on after a pause: what fell due in between is not made up for (F97)."""
    return replace(huddle, paused=False, since=max(huddle.since, now))


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who answered, who is excused, who is missing, and whose own morning has not come yet.

    Excused people never appear as missing (F16), and nobody is missing before they were asked.
    """

    answered: tuple[Person, ...]
    excused: tuple[Person, ...]
    missing: tuple[Person, ...]
    later: tuple[Person, ...]


def attendance(
    huddle: Huddle,
    roster: Sequence[Person],
    plans: Mapping[UUID, Plan],
    away: Collection[UUID],
    day: date,
    now: datetime,
) -> Attendance:
    """Sort the roster of one date. `plans` is by person; a plan that was filed counts even from a day off.

    `away` are those who have the day off when the huddle asks, for whichever reason (`calendar.DaysOff`).
    """
    lead = timedelta(minutes=huddle.lead_minutes)
    answered: list[Person] = []
    excused: list[Person] = []
    missing: list[Person] = []
    later: list[Person] = []
    for person in roster:
        plan = plans.get(person.id)
        asked = calendar.instant(day, huddle.asks_at, person.zone)
        if plan is not None and plan.state is PlanState.FILED:
            answered.append(person)
        elif (plan is not None and plan.state is PlanState.EXCUSED) or person.id in away:
            excused.append(person)
        elif asked is not None and asked - lead >= huddle.since:
            (later if now < asked else missing).append(person)
    return Attendance(tuple(answered), tuple(excused), tuple(missing), tuple(later))


def oldest_worry_first(
    people: Sequence[Person], items: Mapping[UUID, Sequence[Item]], stuck: Mapping[UUID, int]
) -> list[Person]:
    """Order for the card: stuck longest, then ⚠, then what still owes an answer, then names.

    `items` and `stuck` are by person; `stuck` holds the age of their oldest blocker in working days.
    """

    def worry(person: Person) -> tuple[int, int, int, str]:
        mine = items.get(person.id, ())
        return (
            -stuck.get(person.id, -1),
            -sum(item.warns for item in mine),
            -sum(item.agreeable for item in mine),
            person.name,
        )

    return sorted(people, key=worry)


def is_late(huddle: Huddle, person: Person, day: date, now: datetime) -> bool:
    """Whether a plan filed at `now` comes after the person's cut-off; only the manager sees it (F15)."""
    closes = cut_off(huddle, person.zone, day)
    return closes is not None and now >= closes
