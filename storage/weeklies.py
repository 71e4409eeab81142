"""Weeklies and the meetings held: what was collected for them, and what they decided."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from rituals.meetings import Input, Line, Meeting, OffTrack
from rituals.weekly import Weekly
from storage import audit
from storage.tables import MeetingInputs, MeetingLines, MeetingOffTrack, Meetings, UtcDateTime, Weeklies, WeeklyPlans
from storage.values import TABLES, UNSYNCED, add, add_new, fetch, fetch_one, save, selecting, to_columns


def next_to_plan(tx: Session, now: datetime) -> Weekly | None:
    """One weekly whose plan is due for a look, locked for this transaction; None when all are up to date."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    unseen = select(Weeklies.id, Weeklies.workspace, literal(now, UtcDateTime)).where(
        Weeklies.id.not_in(select(WeeklyPlans.weekly_id))
    )
    tx.execute(
        dialect.insert(WeeklyPlans).from_select(["weekly_id", "workspace", "again_at"], unseen).on_conflict_do_nothing()
    )
    found = tx.execute(
        select(WeeklyPlans.weekly_id)
        .where(WeeklyPlans.again_at <= now)
        .order_by(WeeklyPlans.again_at)
        .limit(1)
        .with_for_update(skip_locked=True, of=WeeklyPlans)
    ).scalar_one_or_none()
    return None if found is None else find(tx, found)


def plan_again(tx: Session, weekly_id: UUID, at: datetime) -> None:
    """Have the planner look at a weekly at an instant."""
    tx.execute(update(WeeklyPlans).where(WeeklyPlans.weekly_id == weekly_id).values(again_at=at), **UNSYNCED)


def change(tx: Session, weekly: Weekly, now: datetime) -> None:
    """Save a weekly, new or known, and have it planned again at once."""
    (add if find(tx, weekly.id) is None else save)(tx, weekly)
    plan_again(tx, weekly.id, now)


def find(tx: Session, weekly_id: UUID) -> Weekly | None:
    """The weekly with this id."""
    return fetch_one(tx, Weekly, Weeklies.id == weekly_id)


def some(tx: Session, ids: Collection[UUID]) -> list[Weekly]:
    """The weeklies with these ids."""
    return fetch(tx, Weekly, Weeklies.id.in_(ids))


def of_team(tx: Session, team_id: UUID) -> Weekly | None:
    """A team's weekly."""
    return fetch_one(tx, Weekly, Weeklies.team_id == team_id)


def meeting_days(tx: Session, teams: Collection[UUID]) -> Mapping[UUID, int]:
    """The ISO weekday on which each of these teams meets; none for one that has no weekly, or a paused one."""
    running = (Weeklies.team_id.in_(teams), Weeklies.paused.is_(False))
    rows = tx.execute(select(Weeklies.team_id, Weeklies.meets_on).where(*running))
    return {team: weekday for team, weekday in rows}  # noqa: C416 - `dict` takes no rows


def everything(tx: Session) -> list[Weekly]:
    """Every weekly of every workspace."""
    return fetch(tx, Weekly, order=[Weeklies.workspace, Weeklies.id])


def meeting(tx: Session, meeting_id: UUID, *, lock: bool = False) -> Meeting | None:
    """The meeting with this id; `lock` makes others who would change it, or what it decides, wait."""
    query = selecting(Meeting).where(Meetings.id == meeting_id)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Meeting(*row)


def open_meeting(tx: Session, meeting: Meeting) -> Meeting:
    """The meeting of a date, made by whoever needs it first."""
    if add_new(tx, TABLES[Meeting], [to_columns(meeting)]) and audit.underway(tx):
        audit.record(tx, TABLES[Meeting], [(meeting.id, None, to_columns(meeting))])
    found = fetch_one(tx, Meeting, Meetings.weekly_id == meeting.weekly_id, Meetings.day == meeting.day)
    return meeting if found is None else found


def before(tx: Session, meeting: Meeting) -> Meeting | None:
    """The last closed meeting of the same team before this one."""
    earlier = select(func.max(Meetings.day)).where(
        Meetings.team_id == meeting.team_id, Meetings.day < meeting.day, Meetings.closed_at.is_not(None)
    )
    return fetch_one(tx, Meeting, Meetings.team_id == meeting.team_id, Meetings.day == earlier.scalar_subquery())


def inputs(tx: Session, meeting_id: UUID) -> list[Input]:
    """What people want talked about, in the order they said it."""
    return fetch(tx, Input, MeetingInputs.meeting_id == meeting_id, order=[MeetingInputs.at, MeetingInputs.id])


def off_track(tx: Session, meeting_id: UUID) -> Mapping[UUID, OffTrack]:
    """What owners said of their KPIs, by KPI."""
    return {one.kpi_id: one for one in fetch(tx, OffTrack, MeetingOffTrack.meeting_id == meeting_id)}


def lines(tx: Session, meeting_id: UUID) -> list[Line]:
    """What a meeting decided or found undecided, in the order it was written."""
    return fetch(tx, Line, MeetingLines.meeting_id == meeting_id, order=[MeetingLines.at, MeetingLines.id])


def keep(tx: Session, value: Any, standing: Any | None) -> None:
    """Write what a form said over what it said before (`standing`), or as new."""
    if standing is None:
        add(tx, value)
    else:
        save(tx, value, was=[standing])


def add_once(tx: Session, line: Line) -> bool:
    """Keep a new line; one whose form was sent before is left as it is, and False."""
    if not add_new(tx, TABLES[Line], [to_columns(line)]):
        return False
    audit.record(tx, TABLES[Line], [(line.id, None, to_columns(line))])
    return True


def open_of_team(tx: Session, team_id: UUID) -> list[Meeting]:
    """The meetings of a team whose agenda is out and that nobody has closed, newest first; two at most."""
    where = (Meetings.team_id == team_id, Meetings.closed_at.is_(None), Meetings.lead_id.is_not(None))
    return fetch(tx, Meeting, *where, order=[Meetings.day.desc()])[:2]


def input_of(tx: Session, meeting_id: UUID, person_id: UUID) -> Input | None:
    """What somebody wants talked about."""
    return fetch_one(tx, Input, MeetingInputs.meeting_id == meeting_id, MeetingInputs.person_id == person_id)
