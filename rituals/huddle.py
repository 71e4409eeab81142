"""The daily huddle: when it asks, reminds, closes and reports (D1-D7)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from rituals import calendar
from rituals.people import Person, works_on
from rituals.plans import Item, Plan, PlanState
from rituals.refusals import Refusal

SHARES = 10_007
"""Into how many moments a lead is divided; a prime, so that ids spread evenly."""


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
    """Prompt and reminder of one person on one date, each at their own wall time; both end with the cut-off."""
    closes = calendar.instant(day, huddle.closes_at, person.zone)
    if closes is None or not works_on(person, day) or str(day.isoweekday()) not in huddle.weekdays:
        return []
    lead = timedelta(minutes=huddle.lead_minutes)
    times = ((Slot.PROMPT, huddle.asks_at, lead), (Slot.REMINDER, huddle.reminds_at, timedelta(0)))
    found = [
        Due(slot, person.id, day, at - ahead, closes, person.zone)
        for slot, wall, ahead in times
        if (at := calendar.instant(day, wall, person.zone)) is not None
    ]
    return [due for due in found if huddle.since <= due.due_at < due.expires_at]


def spread(huddle: Huddle, person_id: UUID) -> timedelta:
    """How long after the lead begins this person is asked: always the same for the same person."""
    share = person_id.int % SHARES / SHARES
    return timedelta(minutes=huddle.lead_minutes) * share


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
    """Sort the roster of one date. `plans` is by person; a plan that was filed counts even from a day off."""
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
        elif works_on(person, day) and asked is not None:
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
    closes = calendar.instant(day, huddle.closes_at, person.zone)
    return closes is not None and now >= closes
