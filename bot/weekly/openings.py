"""What a weekly does by the clock: ask, show the themes, send the agenda, begin."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from bot.ids import new_id, same_id
from bot.keys import plan_key
from bot.ritual import Opener, Skips
from bot.weekly import collect_views, collecting, loading, places, theming, views
from rituals import calendar, hours, meetings
from rituals import weekly as rules
from rituals.budget import Turn
from rituals.calendar import DaysOff
from rituals.kpis import Reading, colour
from rituals.meetings import Meeting
from rituals.people import Person, Team
from rituals.weekly import Slot, Weekly
from storage import calendars, directory, outbox, people, plans, values, weeklies
from storage.occurrences import Occurrence
from storage.outbox import Message, Policy, Rank


@dataclass(frozen=True, slots=True)
class Group:
    """Occurrences of one slot and meeting, with what all of them share."""

    weekly: Weekly
    team: Team
    zone: str
    day: date
    members: Sequence[Person]
    days_off: DaysOff
    rows: Sequence[Occurrence]

    @property
    def why_not(self) -> str | None:
        """Why the meeting does not take place."""
        roster = [person for person in self.members if person.plans]
        return rules.why_no_meeting(self.weekly, self.team, roster, self.day, self.days_off)


def _groups(tx: Session, due: Sequence[Occurrence]) -> Iterator[Group]:
    known = values.by_id(weeklies.some(tx, {item.ritual for item in due}))
    ordered = sorted(due, key=lambda item: (item.ritual, item.day))
    for (ritual, day), rows in groupby(ordered, key=lambda item: (item.ritual, item.day)):
        weekly = known[ritual]
        team = people.team(tx, weekly.team_id)
        if team is None:
            raise RuntimeError("a weekly without a team")
        members = directory.members(tx, team.id)
        first = min(rules.asks_day(weekly, day), day)
        days_off = calendars.days_off(tx, team.workspace, [one.id for one in members], first, day)
        yield Group(weekly, team, loading.zone(tx, team), day, members, days_off, list(rows))


def meeting_of(tx: Session, weekly: Weekly, day: date) -> Meeting:
    """The meeting of a date, made when nobody has needed it before."""
    blank = Meeting(
        id=same_id("meeting", weekly.id, day),
        workspace=weekly.workspace,
        weekly_id=weekly.id,
        team_id=weekly.team_id,
        day=day,
        lead_id=None,
        started_at=None,
        closed_at=None,
        closed_by_id=None,
        minutes=None,
        made_none=False,
        needed_none=False,
    )
    return weeklies.open_meeting(tx, blank)


def ask(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Send the one question to each, with what is off track and theirs to explain (F38, W4).

    It stands below the day's plan, so that the day has one message; alone where there is none. Whoever leads has the
    agenda, and is asked only about a KPI of theirs.
    """
    skips: dict[UUID, str] = {}
    for group in _groups(tx, due):
        today = calendar.local_day(now, group.zone)
        off = [r for r in loading.readings(tx, group.team, today) if colour(r) in views.OFF]
        why = _why_not_asked(group, _lead(tx, group, now), {reading.kpi.owner_id for reading in off})
        skips |= {row: reason for row, reason in why.items() if reason is not None}
        asked = [row for row in group.rows if why[row.id] is None]
        if not asked:
            continue
        meeting = meeting_of(tx, group.weekly, group.day)
        known = {person.id: person for person in group.members}
        planned = plans.on_day(tx, [row.subject for row in asked], rules.asks_day(group.weekly, group.day))
        keys = {who: plan_key(plan.id) for who, plan in planned.items()}
        standing = outbox.standing(tx, meeting.workspace, keys.values())
        alone = []
        for row in asked:
            person, key = known[row.subject], keys.get(row.subject, "")
            message = _question(group, meeting, person, off, row, now)
            if key in standing and standing[key].state == outbox.State.SENT:
                outbox.reply(tx, message, key)
            else:
                alone.append((message, person.slack_id))
        outbox.post_many(tx, alone)
    return skips


def _why_not_asked(group: Group, lead: Person | None, owners: Collection[UUID | None]) -> Mapping[UUID, str | None]:
    known = {person.id: person for person in group.members}
    found: dict[UUID, str | None] = {}
    for row in group.rows:
        leads = lead is not None and row.subject == lead.id and lead.id not in owners
        person = known.get(row.subject)
        why = rules.why_not_asked(group.weekly, person, group.day, group.days_off, group.zone)
        found[row.id] = group.why_not or why or (rules.LEADS if leads else None)
    return found


def _question(
    group: Group, meeting: Meeting, person: Person, off: Sequence[Reading], row: Occurrence, now: datetime
) -> Message:
    own = [reading for reading in off if reading.kpi.owner_id == person.id][: collecting.MOST_KPIS]
    body = collect_views.prompt(group.weekly, meeting, group.team, own, row.expires_at, person.zone)
    key, at = places.ask_key(meeting.id, person.id), hours.opens(person, now)
    return Message(
        new_id(), meeting.workspace, key, Policy.RESEND, Rank.PROMPT, body, at, row.expires_at, Turn.REMINDER
    )


def show_themes(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """What recurs ("Themes I see"), to whoever leads (W2, F33); nothing when nothing recurs."""
    skips: dict[UUID, str] = {}
    for group in _groups(tx, due):
        lead = _lead(tx, group, now)
        today = calendar.local_day(now, group.zone)
        why = group.why_not or (None if lead is not None else rules.NO_MANAGER)
        found = theming.propose(tx, group.team, lead, today) if why is None and lead is not None else []
        if lead is None or not found:
            skips |= {row.id: why or rules.NOTHING_RECURS for row in group.rows}
            continue
        body = theming.message(tx, group.team, today, now)
        key, at = places.themes_key(group.team.id, today), hours.opens(lead, now)
        message = Message(
            new_id(),
            group.team.workspace,
            key,
            Policy.RESEND,
            Rank.DIGEST,
            body,
            at,
            group.rows[0].expires_at,
            Turn.REST,
        )
        outbox.post(tx, message, lead.slack_id)
    return skips


def _lead(tx: Session, group: Group, now: datetime) -> Person | None:
    """Who leads on the team's date of now: the manager, their deputy, or the nearest above (F90)."""
    manager = None if group.team.manager_id is None else people.find(tx, group.team.manager_id)
    if manager is None:
        return None
    named = [manager.deputy_id] if manager.deputy_id is not None else []
    line = {manager.id: manager, **people.some(tx, named), **people.lines_above(tx, [manager])}
    moment = now.astimezone(calendar.zone(group.zone))
    today = moment.date()
    days_off = calendars.days_off(tx, group.team.workspace, list(line), today, today)
    return rules.lead(group.team, line, today, moment.time(), days_off)


def send_agenda(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Two hours before, the agenda: whole to the lead, to the channel without the names that are missing (F39)."""
    skips: dict[UUID, str] = {}
    for group in _groups(tx, due):
        lead = _lead(tx, group, now)
        why = group.why_not
        if why is not None or lead is None:
            skips |= {row.id: why or rules.NO_MANAGER for row in group.rows}
            continue
        meeting = meeting_of(tx, group.weekly, group.day)
        if meeting.closed_at is not None:
            skips |= {row.id: rules.CLOSED for row in group.rows}
            continue
        before, meeting = meeting, replace(meeting, lead_id=lead.id)
        values.save(tx, meeting, was=[before])
        shown = loading.sheet(tx, meeting, group.weekly, group.team, now)
        until = calendar.end_of(group.day, group.zone)
        whole = Message(
            new_id(),
            meeting.workspace,
            places.meeting_key(meeting.id),
            Policy.RESEND,
            Rank.DIGEST,
            views.running(shown),
            hours.opens(lead, now),
            until,
            Turn.PROMPT,
        )
        outbox.post(tx, whole, lead.slack_id)
        if group.team.channel is not None:
            key = places.channel_key(meeting.id)
            said = Message(
                new_id(), meeting.workspace, key, Policy.DROP, Rank.DIGEST, views.announced(shown), now, until
            )
            outbox.post(tx, said, group.team.channel)
    return skips


def begin(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """The meeting begins: the agenda becomes the running message, and its minutes count (W8)."""
    skips: dict[UUID, str | None] = {}
    for group in _groups(tx, due):
        meeting = meeting_of(tx, group.weekly, group.day)
        why = group.why_not or (rules.CLOSED if meeting.closed_at is not None else None)
        if why is None and meeting.lead_id is None:
            skips |= send_agenda(tx, group.rows, now)
            meeting = meeting_of(tx, group.weekly, group.day)
        if why is not None or meeting.lead_id is None:
            skips |= {row.id: why or rules.NO_MANAGER for row in group.rows}
            continue
        begun = meetings.started(meeting, group.rows[0].due_at)
        values.save(tx, begun, was=[meeting])
        loading.draw(tx, loading.sheet(tx, begun, group.weekly, group.team, now), None, now)
    return skips


OPENERS: Mapping[str, Opener] = {
    Slot.COLLECT: ask,
    Slot.THEMES: show_themes,
    Slot.AGENDA: send_agenda,
    Slot.MEET: begin,
}
