"""What a team's channel hears of its numbers that turned green: one message a day, edited when there is more (F55)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from bot.ids import new_id
from bot.stoplight import loading, word_views
from rituals import calendar
from rituals.kpis import Colour, Kpi, Reading, colour
from rituals.people import Person, Team
from rituals.stoplight_greens import TurnedGreen
from rituals.undo import UNDO_FOR
from storage import kpis, outbox, people, stoplight_greens, values
from storage.outbox import Message, Policy, Rank

BATCH = 50


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around some KPIs: how they stand, their owners, teams, and those teams' managers."""

    readings: Mapping[UUID, Reading]
    people: Mapping[UUID, Person]
    teams: Mapping[UUID, Team]

    def team(self, kpi: Kpi) -> Team | None:
        """Whose channel hears of a KPI: its own team's, else its owner's."""
        owner = self.people.get(kpi.owner_id) if kpi.owner_id else None
        found = kpi.team_id or (owner.team_id if owner is not None else None)
        team = self.teams.get(found) if found else None
        return None if team is None or team.archived or team.channel is None else team

    def day(self, team: Team, now: datetime) -> date:
        """The date where a team's manager is."""
        manager = self.people.get(team.manager_id) if team.manager_id else None
        return calendar.local_day(now, manager.zone) if manager is not None else now.date()


def tell(tx: Session, now: datetime) -> int:
    """Tell of what turned green once its ten minutes for a correction are over; return how many there were."""
    due = stoplight_greens.untold(tx, now - UNDO_FOR, BATCH)
    for workspace, some in groupby(sorted(due, key=lambda one: one.workspace), key=lambda one: one.workspace):
        _tell(tx, workspace, list(some), now)
    return len(due)


def _tell(tx: Session, workspace: str, some: Sequence[TurnedGreen], now: datetime) -> None:
    around = _around(tx, kpis.some(tx, {one.kpi_id for one in some}).values(), now)
    after = []
    for one in some:
        reading = around.readings.get(one.kpi_id)
        team = None if reading is None or colour(reading) is not Colour.GREEN else around.team(reading.kpi)
        channel, day = (None, None) if team is None else (team.channel, around.day(team, now))
        after.append(replace(one, told_at=now, channel=channel, told_on=day))
    values.save(tx, *after, was=some)
    places: dict[date, set[str]] = {}
    for one in after:
        if one.channel is not None and one.told_on is not None:
            places.setdefault(one.told_on, set()).add(one.channel)
    for day, channels in places.items():
        _post(tx, workspace, day, channels, now)


def _around(tx: Session, known: Collection[Kpi], now: datetime) -> Around:
    owners = people.some(tx, {kpi.owner_id for kpi in known if kpi.owner_id})
    ids = {kpi.team_id for kpi in known} | {one.team_id for one in owners.values()}
    teams = people.some_teams(tx, filter(None, ids))
    managers = people.some(tx, filter(None, {team.manager_id for team in teams.values()}))
    return Around(kpis.readings(tx, known, now.date()), {**owners, **managers}, teams)


def _post(tx: Session, workspace: str, day: date, channels: Collection[str], now: datetime) -> None:
    """One message a channel with all that it heard of on this day; what is out already is edited."""
    told = stoplight_greens.told(tx, workspace, day, channels)
    stood = kpis.readings(tx, kpis.some(tx, {one.kpi_id for one in told}).values(), now.date())
    names = _names(tx, stood)
    for channel in sorted(channels):
        rows = [
            (stood[one.kpi_id], one.before, names[one.kpi_id])
            for one in told
            if one.channel == channel and one.kpi_id in stood
        ]
        key, body = f"green:{channel}:{day.isoformat()}", word_views.turned_green(rows)
        message = Message(new_id(), workspace, key, Policy.DROP, Rank.DIGEST, body, now)
        if not outbox.post(tx, message, channel):
            outbox.edit(tx, replace(message, key=loading.edit_key(key)), key)


def _names(tx: Session, stood: Mapping[UUID, Reading]) -> Mapping[UUID, list[str]]:
    """Whoever owns a KPI or has a share in it, is here, and wants to be named: by KPI."""
    holders = {one: {*filter(None, [reading.kpi.owner_id])} for one, reading in stood.items()}
    for share in kpis.shares(tx, list(stood)):
        holders[share.kpi_id].add(share.person_id)
    wanted = stoplight_greens.named(tx, {who for mine in holders.values() for who in mine})
    known = people.some(tx, wanted)
    return {
        kpi_id: sorted(known[who].given_name for who in mine if who in known and known[who].active)
        for kpi_id, mine in holders.items()
    }
