"""Who answered the huddle of a date, who is excused, who is missing, and in which order they are looked at (F16)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from rituals.huddle import Huddle, asks
from rituals.people import Person
from rituals.plans import Item, Plan, PlanState


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
    answered: list[Person] = []
    excused: list[Person] = []
    missing: list[Person] = []
    later: list[Person] = []
    for person in roster:
        plan = plans.get(person.id)
        asked = asks(huddle, person, day)
        # Whoever chose a time of their own is asked at it, everybody else within the lead before the team's.
        lead = timedelta(minutes=huddle.lead_minutes if person.ask_at is None else 0)
        if plan is not None and plan.state is PlanState.FILED:
            answered.append(person)
        elif (plan is not None and plan.state is PlanState.EXCUSED) or person.id in away:
            excused.append(person)
        elif asked is not None and asked >= huddle.since:
            (later if now < asked + lead else missing).append(person)
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
