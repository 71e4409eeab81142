"""A weekly as it stands, with a number of queries that does not grow with the team."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.huddle import receipts
from bot.huddle.planning import zone_of
from bot.ids import new_id
from bot.pressed import Pressed
from bot.weekly import places, views
from bot.weekly.theme_views import Idling, Recurring
from bot.weekly.views import Sheet
from rituals import calendar, meetings
from rituals import themes as rules
from rituals.actions import Action
from rituals.blockers import Blocker
from rituals.kpis import Reading, badness
from rituals.meetings import Meeting
from rituals.people import Person, Team
from rituals.themes import FLOW_LOOKS_BACK, Theme, ThemeState
from rituals.weekly import Weekly
from storage import actions, calendars, kpis, people, themes, values, weeklies
from storage.outbox import Message, Policy, Rank

FIRST = timedelta(days=7)
"""How far back a team's first weekly looks for what was settled."""


def zone(tx: Session, team: Team) -> str:
    """Whose clock a team's weekly goes by: its manager's."""
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    return zone_of(manager, () if manager is not None else people.roster(tx, team.id))


def sheet(tx: Session, meeting: Meeting, weekly: Weekly, team: Team, now: datetime) -> Sheet:
    """Everything that the running message shows."""
    clock = zone(tx, team)
    today = calendar.local_day(now, clock)
    last = weeklies.before(tx, meeting)
    since = now - FIRST if last is None or last.closed_at is None else last.closed_at
    stands = actions.of_team(tx, team.id, since)
    named = themes.of_team(tx, team.id, ThemeState.PROPOSED, ThemeState.MADE)
    agreed = themes.of_team(tx, team.id, ThemeState.AGREED, since=meeting.day - FIRST)
    held = recurring(tx, [*named, *agreed], team, now)
    waiting = themes.dependencies(tx, team.id)
    parked = themes.parked(tx, team.id)
    elsewhere = {one.id for one in (*waiting, *(b for each in held for b in each.blockers))}
    untouched = [one for one in themes.untouched(tx, team.id) if one.id not in elsewhere]
    said = weeklies.inputs(tx, meeting.id)
    off = weeklies.off_track(tx, meeting.id)
    lines = weeklies.lines(tx, meeting.id)
    scorecard = readings(tx, team, today)
    named_people = {
        *(one.owner_id for one in stands),
        *(blocker.reporter_id for blocker in (*waiting, *parked, *untouched)),
        *(one.person_id for one in said),
        *(one.by_id for one in off.values()),
        *(one.owner_id for one in lines),
        *(one.kpi.owner_id for one in scorecard),
    }
    known = people.some(tx, filter(None, named_people))
    new = [one for one in stands if calendar.local_day(one.made_at, clock) >= meeting.day]
    return Sheet(
        weekly=weekly,
        meeting=meeting,
        team=team,
        zone=clock,
        people=known,
        teams=values.by_id(people.teams(tx, team.workspace)),
        scorecard=scorecard,
        off_track=off,
        old=[one for one in stands if one not in new],
        new=new,
        themes=[one for one in held if one.theme.state is ThemeState.MADE],
        proposed=[one for one in held if one.theme.state is ThemeState.PROPOSED],
        flows=flows(tx, themes.in_flows(tx, team.id, meeting.day - FLOW_LOOKS_BACK), team, now),
        dependencies=waiting,
        parked=parked,
        untouched=untouched,
        inputs=said,
        lines=lines,
        lacking=frozenset(one.id for one in meetings.lacking(stands, known, today)),
        now=now,
    )


def readings(tx: Session, team: Team, today: date) -> list[Reading]:
    """A team's numbers, worst first (F61)."""
    found = kpis.readings(tx, list(kpis.of_team(tx, team.workspace, team.id).values()), today)
    return sorted(found.values(), key=badness)


def recurring(tx: Session, some: Sequence[Theme], team: Team, now: datetime) -> list[Recurring]:
    """Themes with their blockers, what they cost and what was agreed."""
    ids = [one.id for one in some]
    held = themes.blockers_of(tx, ids)
    agreed: dict[UUID, list[Action]] = {}
    for action in actions.of_subjects(tx, ids):
        agreed.setdefault(action.subject_id, []).append(action)
    cost = _cost(tx, team, [blocker for each in held.values() for blocker in each], now)
    return [
        Recurring(one, held[one.id], sum(cost[blocker.id] for blocker in held[one.id]), agreed.get(one.id, ()))
        for one in some
    ]


def flows(tx: Session, some: Sequence[Theme], team: Team, now: datetime) -> list[Idling]:
    """Where the flows that themes of a team hold up idle most, with whoever owns what is done about it (W12)."""
    if not some:
        return []
    held = {one.theme.id: one for one in recurring(tx, some, team, now)}
    owners = people.some(tx, {action.owner_id for one in held.values() for action in one.actions})
    found = rules.flows((one.theme, one.days) for one in held.values())
    return [Idling(flow.name, [held[theme] for theme in flow.worst], owners) for flow in found]


def _cost(tx: Session, team: Team, some: Iterable[Blocker], now: datetime) -> Mapping[UUID, int]:
    """Working days that each blocker has cost so far, or did until it was closed, by its reporter's calendar (F28)."""
    blockers = list(some)
    if not blockers:
        return {}
    reporters = people.some(tx, {blocker.reporter_id for blocker in blockers})
    first = min(blocker.opened_on for blocker in blockers)
    days_off = calendars.days_off(tx, team.workspace, list(reporters), first, now.date() + timedelta(days=1))
    return {blocker.id: _worked(blocker, reporters[blocker.reporter_id], days_off, now) for blocker in blockers}


def _worked(blocker: Blocker, person: Person, days_off: calendar.DaysOff, now: datetime) -> int:
    until = calendar.local_day(blocker.closed_at or now, person.zone)
    return days_off.worked(person, blocker.opened_on, until)


def draw(tx: Session, shown: Sheet, pressed: Pressed | None, now: datetime) -> None:
    """Have the lead's one message show how the weekly stands."""
    meeting = shown.meeting
    lead = None if meeting.lead_id is None else people.find(tx, meeting.lead_id)
    if lead is None:
        return
    body = views.running(shown)
    key = places.meeting_key(meeting.id)
    message = Message(new_id(), meeting.workspace, key, Policy.RESEND, Rank.REPLY, body, now)
    # Messages in two DMs may bear one stamp: only the reader's own press may draw over theirs.
    own = pressed if pressed is not None and pressed.who.slack_id == lead.slack_id else None
    receipts.show(tx, message, lead.slack_id, own)


def redraw_of_team(tx: Session, team_id: UUID, pressed: Pressed | None, now: datetime) -> None:
    """Redraw the open meeting of a team whose agenda is out, if there is one: something on it has changed."""
    for meeting in weeklies.open_of_team(tx, team_id):
        meeting_, weekly, team = places.found(tx, meeting.id, meeting.workspace, lock=True)
        if meeting_.closed_at is None and meeting_.lead_id is not None:
            draw(tx, sheet(tx, meeting_, weekly, team, now), pressed, now)
