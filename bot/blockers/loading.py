"""Reading what stands around blockers. The number of queries does not grow with the number of blockers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.blockers.views import Shown
from bot.standing import away_now, off_now, placed
from rituals import calendar, ladder, policy, working_time
from rituals.blockers import Blocker, BlockerState, Said, Update
from rituals.kpis import Kpi
from rituals.ladder import LEVELS, Line
from rituals.people import Person, Team, chain_above, first_present
from rituals.policy import About, Action, may
from storage import blockers, calendars, directory, kpis, ladders, people, weeklies
from storage.ladders import Standing

RIGHTS_SHOWN = (Action.BLOCKER_TRIAGE, Action.BLOCKER_ASK, Action.BLOCKER_SETTLE)
"""What of the rights decides which buttons somebody sees."""


def around(tx: Session, found: Sequence[Blocker], now: datetime) -> Mapping[UUID, Line]:
    """Who stands around each of these blockers of one workspace, by blocker, with their calendars."""
    if not found:
        return {}
    by_hand = (one for b in found for one in (b.reporter_id, b.owner_id, b.acked_by_id, b.snoozed_by_id))
    named = people.some(tx, {one for one in by_hand if one is not None})
    teams = people.some_teams(tx, {one.team_id for one in named.values() if one.team_id is not None})
    named = {one.id: placed(one, teams.get(one.team_id) if one.team_id else None) for one in named.values()}
    reporters = {b.reporter_id: named[b.reporter_id] for b in found}
    known = {**people.lines_above(tx, reporters.values()), **named}
    first = min(day for b in found for day in (b.opened_on, calendar.local_day(b.since, named[b.reporter_id].zone)))
    last = now.date() + timedelta(days=working_time.HORIZON)
    days_off = calendars.days_off(tx, found[0].workspace, list(known), first - timedelta(days=7), last)
    away = frozenset(off_now(known, days_off, now))
    levels = {team.id: (team.climb_days, team.leader_days) for team in teams.values()}
    return {
        b.id: Line(who, known, away, days_off, levels.get(who.team_id, LEVELS) if who.team_id else LEVELS)
        for b in found
        for who in (reporters[b.reporter_id],)
    }


@dataclass(frozen=True, slots=True)
class Book:
    """Blockers with all that their cards show, by blocker; `known` also holds whoever is named on them."""

    lines: Mapping[UUID, Line]
    known: Mapping[UUID, Person]
    standings: Mapping[UUID, Standing]
    kpis: Mapping[UUID, Kpi]
    teams: Mapping[UUID, Team]
    updates: Mapping[UUID, Sequence[Update]]
    merged: Mapping[UUID, Sequence[Blocker]]
    dotted: Mapping[UUID, Sequence[Person]]
    weeklies: Mapping[UUID, int]
    needed: Mapping[UUID, tuple[Person, ...]]
    now: datetime

    def about(self, blocker: Blocker) -> About:
        """A blocker as what is acted on."""
        line = self.lines[blocker.id]
        return replace(
            policy.about(line.reporter, line.people, line.away),
            assignee=self.known.get(blocker.owner_id) if blocker.owner_id else None,
            needed=self.needed.get(blocker.needs_team_id, ()) if blocker.needs_team_id else (),
            dotted=tuple(self.dotted.get(blocker.reporter_id, ())),
        )

    def shown(self, blocker: Blocker, reader: Person | None) -> Shown:
        """A blocker as its card shows it to somebody; to nobody in particular without buttons."""
        line, standing = self.lines[blocker.id], self.standings.get(blocker.id)
        about = self.about(blocker)
        who = self._name
        held = not blocker.snoozed and blocker.acked_by_id is not None and blocker.live
        team = self.teams.get(blocker.needs_team_id) if blocker.needs_team_id else None
        kpi = self.kpis.get(blocker.kpi_id) if blocker.kpi_id else None
        today = calendar.local_day(self.now, line.reporter.zone)
        return Shown(
            blocker=blocker,
            reporter=line.reporter,
            age=line.days_off.worked(line.reporter, blocker.opened_on, today),
            owner=who(blocker.owner_id),
            acker=who(blocker.acked_by_id),
            closer=who(blocker.closed_by_id),
            asker=who(blocker.ask_by_id),
            holder=line.holder(blocker.level),
            climbs_to=who(standing.climbs_to_id) if standing else None,
            climbs_at=standing.climbs_at if standing else None,
            ends_at=ladder.ack_ends(blocker, line) if held else None,
            weekly_on=self.weeklies.get(line.reporter.team_id) if line.reporter.team_id is not None else None,
            kpi=kpi.name if kpi is not None else None,
            team=team.name if team is not None else None,
            merged=tuple(one.label for one in self.merged.get(blocker.id, ())),
            tried=tuple(one for one in self.updates.get(blocker.id, ()) if one.kind is not Said.ASK),
            zone=(reader or line.reporter).zone,
            reader=reader,
            may=frozenset(right for right in RIGHTS_SHOWN if reader is not None and may(right, reader, about)),
        )

    def involved(self, blocker: Blocker) -> list[Person]:
        """Reporter, owner, whoever acked, and whoever reported what was merged into it: each once, those here (F36)."""
        merged = (one.reporter_id for one in self.merged.get(blocker.id, ()))
        ids = dict.fromkeys((blocker.reporter_id, blocker.owner_id, blocker.acked_by_id, *merged))
        found = (self.known.get(one) for one in ids if one is not None)
        return [person for person in found if person is not None and person.active]

    def by_slack(self, slack_id: str) -> Person | None:
        """Whoever has this Slack id, of those who are named."""
        return next((person for person in self.known.values() if person.slack_id == slack_id), None)

    def _name(self, person_id: UUID | None) -> Person | None:
        return None if person_id is None else self.known.get(person_id)


def book(tx: Session, found: Iterable[Blocker], now: datetime, also: Collection[UUID] = ()) -> Book:
    """All that the cards of some blockers of one workspace show; `also` are further people to know."""
    listed = list(found)
    ids = [blocker.id for blocker in listed]
    lines = around(tx, listed, now)
    standings = ladders.standings(tx, ids)
    teams = people.some_teams(tx, {b.needs_team_id for b in listed if b.needs_team_id is not None})
    merged: dict[UUID, list[Blocker]] = {}
    for one in blockers.merged_into(tx, ids):
        if one.merged_into_id is not None:
            merged.setdefault(one.merged_into_id, []).append(one)
    dotted = directory.dotted_from_some(tx, {b.reporter_id for b in listed})
    named = {one for b in listed for one in (b.closed_by_id, b.ask_by_id)} | set(also)
    named |= {line.manager_id for line in dotted}
    named |= {one.reporter_id for several in merged.values() for one in several}
    named |= {one.climbs_to_id for one in standings.values()}
    near = next(iter(lines.values())).people if lines else {}
    needed = _needed(tx, teams.values(), now)
    answer = {person.id: person for several in needed.values() for person in several}
    known = {**people.some(tx, filter(None, named)), **answer, **near}
    pointing: dict[UUID, list[Person]] = {}
    for line_to in dotted:
        if line_to.manager_id in known:
            pointing.setdefault(line_to.person_id, []).append(known[line_to.manager_id])
    return Book(
        lines=lines,
        known=known,
        standings=standings,
        kpis=kpis.some(tx, {b.kpi_id for b in listed if b.kpi_id is not None}),
        teams=teams,
        updates=blockers.updates(tx, ids),
        merged=merged,
        dotted=pointing,
        weeklies=_weeklies(tx, listed, lines),
        needed=needed,
        now=now,
    )


def _needed(tx: Session, teams: Iterable[Team], now: datetime) -> Mapping[UUID, tuple[Person, ...]]:
    """Who answers for each of these teams, first whoever does today: while its manager is off, who stands in (F90)."""
    led = {team.id: team.manager_id for team in teams if team.manager_id is not None}
    managers = people.some(tx, set(led.values()))
    off = away_now(tx, managers, now) | {one.id for one in managers.values() if not one.active}
    # Whoever would answer to the manager: above them stand the manager, those above, and the deputies of each.
    line = people.lines_above(tx, [replace(managers[one], manager_id=one) for one in off])
    away = off | away_now(tx, line, now)
    found = {}
    for team, manager_id in led.items():
        manager = managers[manager_id]
        stands_in = first_present([manager, *chain_above(manager, line)], line, away) if manager_id in off else None
        found[team] = (manager,) if stands_in is None else (stands_in, manager)
    return found


def _weeklies(tx: Session, found: Iterable[Blocker], lines: Mapping[UUID, Line]) -> Mapping[UUID, int]:
    """On which ISO weekday the team of each reporter whose blocker is parked has its weekly."""
    parked = (lines[blocker.id].reporter.team_id for blocker in found if blocker.state is BlockerState.PARKED)
    teams = {team for team in parked if team is not None}
    return weeklies.meeting_days(tx, teams) if teams else {}
