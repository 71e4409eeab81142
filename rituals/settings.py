"""What a person's and a team's settings must be: names, roles, huddle times (F86, F89, F92)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

from rituals import hours
from rituals.calendar import UnknownCalendar, is_calendar
from rituals.huddle import Huddle
from rituals.people import Person, Role, Team, chain_above
from rituals.refusals import Refusal


class EditedMeanwhile(Refusal):
    """What a form was opened on was changed by somebody else since: `version` is the one of now."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class NoSuchPerson(Refusal):
    """Somebody who was chosen in `field` is none of the people; `why` says it in words that follow a name, if known."""

    def __init__(self, field: str, slack_id: str, why: str | None) -> None:
        super().__init__(field, slack_id)
        self.field = field
        self.why = why


class OwnDeputy(Refusal):
    """Nobody stands in for themselves."""


class NoWorkingDays(Refusal):
    """Somebody, or a huddle, needs a weekday at least."""


class NoTime(Refusal):
    """Another time than the offered ones was chosen, and not said."""


class AskedTooLate(Refusal):
    """The chosen time is not before the cut-off of the team's huddle, at `closes_at`."""

    def __init__(self, closes_at: time) -> None:
        super().__init__(closes_at)
        self.closes_at = closes_at


class AskedOutsideHours(Refusal):
    """The chosen time is outside the chosen hours."""


class NoName(Refusal):
    """A team needs a name."""


class NameTaken(Refusal):
    """Another team has this name."""

    def __init__(self, team: Team) -> None:
        super().__init__(team.id)
        self.team = team


class NoManager(Refusal):
    """A team's ritual does not start while nobody manages the team."""


class NobodyAbove(Refusal):
    """A team's ritual does not start while its ladder ends with `manager`, who is no leader."""

    def __init__(self, manager: Person) -> None:
        super().__init__(manager.id)
        self.manager = manager


class HuddleOrder(Refusal):
    """A huddle's time in `field` is not after the one before it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


ORDER = ("asks_at", "reminds_at", "closes_at", "meets_at", "posts_at")
"""A huddle's times in the order of a morning; the last three may fall together."""


def require_settings(person: Person, huddle: Huddle | None) -> Person:
    """What somebody chose about themselves holds together; return it tidied.

    Raises NoWorkingDays, BackwardHours, UnknownCalendar, OwnDeputy, AskedTooLate or AskedOutsideHours.
    """
    if not person.working_days:
        raise NoWorkingDays
    hours.require_hours(person.works_from, person.works_to)
    if person.holidays is not None and not is_calendar(person.holidays):
        raise UnknownCalendar(person.holidays)
    if person.deputy_id == person.id:
        raise OwnDeputy
    if person.ask_at is not None:
        _require_ask(person, person.ask_at, huddle)
    return replace(person, working_days="".join(sorted(set(person.working_days))))


def _require_ask(person: Person, at: time, huddle: Huddle | None) -> None:
    if huddle is not None and not person.ask_before and at >= huddle.closes_at:
        raise AskedTooLate(huddle.closes_at)
    if person.works_from is not None and person.works_to is not None and not person.works_from <= at < person.works_to:
        raise AskedOutsideHours


def require_name(team: Team, others: Iterable[Team]) -> Team:
    """A team has a name that no other has, whatever its case; return it tidied. Raises NoName or NameTaken."""
    name = " ".join(team.name.split())
    if not name:
        raise NoName
    for other in others:
        if other.id != team.id and other.name.casefold() == name.casefold():
            raise NameTaken(other)
    return replace(team, name=name)


LONGEST_CLIMB = 10
"""Working days that a blocker may wait before it is the leader's."""


class ClimbOrder(Refusal):
    """A blocker reaches the leader after it has climbed once, within ten working days."""


def require_climb(team: Team) -> Team:
    """A team's blockers climb after a working day at least, and later reach the leader; raises ClimbOrder."""
    if not 1 <= team.climb_days < team.leader_days <= LONGEST_CLIMB:
        raise ClimbOrder
    return team


def require_ladder(manager: Person | None, people: Mapping[UUID, Person]) -> None:
    """A ritual starts with an owner who is there, and a ladder above them; `people` holds those above (C13).

    Raises NoManager or NobodyAbove.
    """
    if manager is None or not manager.active:
        raise NoManager
    if not chain_above(manager, people) and not manager.has(Role.LEADER):
        raise NobodyAbove(manager)


def require_morning(huddle: Huddle) -> Huddle:
    """A huddle asks, reminds, closes, meets and posts in that order; its card comes when it closes.

    Raises NoWorkingDays or HuddleOrder.
    """
    if not huddle.weekdays:
        raise NoWorkingDays
    times = [getattr(huddle, name) for name in ORDER]
    for number in range(1, len(ORDER)):
        later, strict = times[number], ORDER[number] in {"reminds_at", "closes_at"}
        if later < times[number - 1] or (strict and later == times[number - 1]):
            raise HuddleOrder(ORDER[number])
    return replace(huddle, weekdays="".join(sorted(set(huddle.weekdays))), card_at=huddle.closes_at)


def first_huddle(new_id: UUID, team: Team, now: datetime) -> Huddle:
    """The huddle that a new team begins with: asked 08:30, closed 09:00, on working days."""
    return Huddle(
        id=new_id,
        workspace=team.workspace,
        team_id=team.id,
        weekdays="12345",
        asks_at=time(8, 30),
        reminds_at=time(8, 50),
        closes_at=time(9),
        card_at=time(9),
        meets_at=time(9, 15),
        posts_at=time(9, 30),
        since=now,
        paused=False,
        lead_minutes=0,
    )
