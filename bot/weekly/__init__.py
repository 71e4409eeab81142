"""The weekly in Slack."""

from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from bot.doors import Doors
from bot.ritual import Ritual
from bot.weekly import (
    collecting,
    commands,
    foresight,
    openings,
    planning,
    running,
    sentences,
    setting,
    settling,
    theming,
)
from rituals.people import Person
from storage import people, values, weeklies

__all__ = ["RITUAL", "sentences"]


def _register(doors: Doors) -> None:
    for part in (collecting, running, settling, theming, setting):
        part.register(doors)


def owner(tx: Session, key: str) -> Person | None:
    """Who must know when a weekly's message can't be delivered: whoever leads; None for a key of something else."""
    kind, _, rest = key.partition(":")
    if kind not in {"weekly", "weekly-agenda", "weekly-ask", "weekly-closed", "weekly-owed"}:
        return None
    meeting = weeklies.meeting(tx, UUID(rest.partition(":")[0]))
    team = None if meeting is None else people.team(tx, meeting.team_id)
    return None if team is None or team.manager_id is None else people.find(tx, team.manager_id)


def rehome(tx: Session, key: str, channel: str) -> None:
    """Have the team of an agenda use another channel from now on."""
    kind, _, rest = key.partition(":")
    if kind != "weekly-agenda":
        return
    meeting = weeklies.meeting(tx, UUID(rest))
    team = None if meeting is None else people.team(tx, meeting.team_id, lock=True)
    if team is not None:
        values.save(tx, replace(team, channel=channel), was=[team])


RITUAL = Ritual(
    name="weekly",
    register=_register,
    commands=[commands.WEEKLY, commands.ACTIONS],
    plan=planning.plan,
    openers=openings.OPENERS,
    foresee=foresight.foresee,
    owner=owner,
    rehome=rehome,
)
