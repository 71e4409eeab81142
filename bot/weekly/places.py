"""Whose a weekly, a theme and an action are, and which team somebody means."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting
from bot.errors import Gone
from bot.payloads import Who
from bot.standing import about_team, standing, teams_of
from rituals.actions import Action
from rituals.meetings import Meeting, require_open
from rituals.people import Person, Team
from rituals.policy import About, require
from rituals.policy import Action as Deed
from rituals.teams import meant
from rituals.weekly import Weekly
from storage import actions, people, weeklies


def meeting_key(meeting_id: UUID) -> str:
    """Outbox key of the lead's one message."""
    return f"weekly:{meeting_id}"


def channel_key(meeting_id: UUID) -> str:
    """Outbox key of the agenda in the channel."""
    return f"weekly-agenda:{meeting_id}"


def ask_key(meeting_id: UUID, person_id: UUID) -> str:
    """Outbox key of the question to one person."""
    return f"weekly-ask:{meeting_id}:{person_id}"


def owed_key(meeting_id: UUID, person_id: UUID) -> str:
    """Outbox key of what a weekly left somebody."""
    return f"weekly-owed:{meeting_id}:{person_id}"


def given_key(action_id: UUID, owner_id: UUID, by_id: UUID) -> str:
    """Outbox key of the word that somebody was given an action."""
    return f"action-given:{action_id}:{owner_id}:{by_id}"


def themes_key(team_id: UUID, day: date) -> str:
    """Outbox key of the "Themes I see" of a day."""
    return f"weekly-themes:{team_id}:{day.isoformat()}"


def about_action(tx: Session, action: Action, now: datetime) -> About:
    """An action as what is acted on: its owner's, of those above them, and of whoever leads its team's weekly."""
    owner = people.find(tx, action.owner_id)
    team = None if action.team_id is None else people.team(tx, action.team_id)
    above = () if owner is None else tuple(standing(tx, owner, now).about.above)
    if team is not None:
        led = about_team(tx, team, now)
        above += tuple(one for one in (led.owner, *led.above) if one is not None)
    return About(action.workspace, owner, above)


def led(tx: Session, meeting_id: UUID, who: Who, now: datetime) -> tuple[Meeting, Weekly, Team, Person]:
    """An open meeting that somebody may lead, held until the transaction ends: two presses wait for each other.

    Raises Stranger, Gone, NotAllowed or AlreadyClosed.
    """
    person = acting(tx, who, now)
    meeting, weekly, team = found(tx, meeting_id, person.workspace, lock=True)
    require(Deed.WEEKLY_LEAD, person, about_team(tx, team, now))
    return require_open(meeting), weekly, team, person


def found(tx: Session, meeting_id: UUID, workspace: str, *, lock: bool = False) -> tuple[Meeting, Weekly, Team]:
    """A meeting, its weekly and its team; raises Gone."""
    meeting = weeklies.meeting(tx, meeting_id, lock=lock)
    weekly = None if meeting is None else weeklies.find(tx, meeting.weekly_id)
    team = None if meeting is None else people.team(tx, meeting.team_id)
    if meeting is None or weekly is None or team is None or meeting.workspace != workspace:
        raise Gone
    return meeting, weekly, team


def action_of(tx: Session, action_id: UUID, workspace: str, *, lock: bool = False) -> Action:
    """An action; raises Gone."""
    action = actions.find(tx, action_id, lock=lock)
    if action is None or action.workspace != workspace:
        raise Gone
    return action


def team_of(tx: Session, person: Person, named: str | None, now: datetime) -> Team:
    """The team that somebody means: without a name the only one that it can be.

    Raises NoSuchTeam, WhichTeam or ManagesNobody.
    """
    return meant(named, people.teams(tx, person.workspace), [] if named else teams_of(tx, person, now))
