"""Who of a Slack workspace is one of its people, and what their changes there mean (F91)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from rituals import calendar
from rituals.absences import Status
from rituals.people import Person, Role
from rituals.refusals import Refusal

MANY = 5_000
"""Above this many people the roster is read hourly: Slack drops events of very large workspaces."""
NIGHT = time(3)
LONGEST_NAME = 120
SLACKBOT = "USLACKBOT"


class LeftOut(StrEnum):
    """Why a Slack account is none of the people, in words that follow a name."""

    GONE = "is deactivated in Slack"
    BOT = "is an app or a bot"
    GUEST = "is a guest in Slack"
    STRANGER = "is from another company"
    INVITED = "has not accepted the invitation to Slack yet"


@dataclass(frozen=True, slots=True)
class Profile:
    """A Slack account as Slack tells of it at `updated`; `zone` None when it tells none that we know."""

    slack_id: str
    name: str
    zone: str | None
    updated: datetime
    left_out: LeftOut | None
    status: Status


class News(StrEnum):
    """What a profile means for whoever it is about."""

    JOINED = "joined"
    RETURNED = "returned"
    LEFT = "left"
    CHANGED = "changed"


class LastAdmin(Refusal):
    """`person` is the only admin: without them nobody could make another."""

    def __init__(self, person: Person) -> None:
        super().__init__(person.id)
        self.person = person


def read(
    profile: Profile, known: Person | None, workspace: str, home_zone: str, now: datetime, new_id: UUID
) -> tuple[News, Person] | None:
    """What changes for the person behind a profile; None when nothing does.

    A joiner is a rep on no team, so nobody asks them anything before somebody puts them on one. Whoever leaves is
    inactive from that minute and keeps their place, in case they return.
    """
    name = profile.name[:LONGEST_NAME]
    if known is None:
        if profile.left_out is not None:
            return None
        return News.JOINED, _joiner(new_id, workspace, profile.slack_id, name, profile.zone or home_zone)
    if profile.left_out is not None:
        if not known.active:
            return None
        return News.LEFT, replace(known, active=False, left_on=calendar.local_day(now, known.zone))
    # A zone that Slack names no longer is kept: a wrong guess would ask at the wrong hour.
    told = replace(known, name=name, zone=profile.zone or known.zone, active=True, left_on=None)
    if told == known:
        return None
    return (News.CHANGED if known.active else News.RETURNED), told


def _joiner(new_id: UUID, workspace: str, slack_id: str, name: str, zone: str) -> Person:
    return Person(
        id=new_id,
        workspace=workspace,
        slack_id=slack_id,
        name=name,
        zone=zone,
        role=Role.REP,
        team_id=None,
        manager_id=None,
        working_days="12345",
        active=True,
        holidays=None,
    )


def home_zone(people: Iterable[Person]) -> str:
    """Where most of the people are: the zone of whoever Slack names none for, and whose night is the night."""
    zones = Counter(person.zone for person in people if person.active)
    return max(zones, key=lambda name: (zones[name], name)) if zones else "UTC"


def next_reading(people: Iterable[Person], now: datetime) -> datetime:
    """When the whole roster is read again: the coming night, for more than 5,000 people within the hour (F91)."""
    active = [person for person in people if person.active]
    if len(active) > MANY:
        return now + timedelta(hours=1)
    zone = home_zone(active)
    today = calendar.local_day(now, zone)
    nights = (calendar.instant(today + timedelta(days=ahead), NIGHT, zone) for ahead in (0, 1, 2))
    return next(night for night in nights if night is not None and night > now)


def placed(person: Person, team_id: UUID | None, today: date, *, asked_today: bool) -> Person:
    """The person on another team: tomorrow belongs to it, and today too unless they were asked for today already.

    Whoever changes teams answers to the manager of the new one from then on.
    """
    if person.team_id == team_id:
        return person
    since = today + timedelta(days=1) if asked_today else today
    return replace(person, team_id=team_id, team_since=since, manager_id=None)


def require_an_admin(everybody: Iterable[Person], changed: Person) -> None:
    """Somebody is an admin after a change of `changed`, or nobody was before; raises LastAdmin."""
    admins = [person for person in everybody if person.active and person.has(Role.ADMIN)]
    others = [person for person in admins if person.id != changed.id]
    if admins and not others and not (changed.active and changed.has(Role.ADMIN)):
        raise LastAdmin(changed)
