"""`/plan week`: what somebody's week came to; `/plan weeks`: a team's, beside how good they were."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from bot import blocks, grammar
from bot.acting import actor
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, say
from bot.commands import Call, Verb
from bot.errors import Stranger
from bot.huddle import good_week_views
from bot.huddle.good_week_views import TeamWeek
from bot.huddle.running import TEAM, team_for
from bot.payloads import Who
from rituals import calendar, good_week
from rituals.calendar import DaysOff
from rituals.huddle import Huddle
from rituals.people import Person, Team
from rituals.plans import Item, Outcome, Plan, PlanState
from rituals.policy import Action, about, require
from rituals.week import Day, Week, tally
from storage import calendars, good_weeks, huddles, people, plans


async def week(call: Call) -> None:
    """`/plan week [@person] [last week]` (F44, F114)."""
    await call.answer(await call.deps.database.read(load, call.who, call.text, call.deps.clock()))


def load(tx: Session, who: Who, text: str, now: datetime) -> Mrkdwn:
    """What a week came to, in a sentence or two; raises Stranger or NotAllowed."""
    reader = actor(tx, who)
    named = grammar.person(text, who.slack_id)
    person = reader if named is None else people.find_by_slack(tx, who.workspace, named[0])
    if person is None:
        raise Stranger(who)
    require(Action.WEEK_READ, reader, about(person, people.lines_above(tx, [person])))
    today = calendar.local_day(now, person.zone)
    rest = text if named is None else named[1]
    read = grammar.span(rest or "this week", today)
    if read is None or read[1]:
        return say("Which week? For example: `/plan week`, `/plan week last week`, `/plan week 16 Nov - 20 Nov`.")
    first, last = read[0].first, min(read[0].last, today)
    days = days_of(tx, [person], first, last, now)[person.id]
    told = [_told(person, reader, first, last, tally(days)), *_left_undone(days)]
    return join(told, "\n")


def _left_undone(days: Sequence[Day]) -> list[Mrkdwn]:
    """What was moved to a later plan, and what was dropped and why (D9): the person's own and their line's to read."""
    items = [item for day in days for item in day.items]
    moved = sum(item.outcome is Outcome.CARRIED for item in items)
    lines = [say("{results} moved to a later plan", results=count(moved, "result"))] if moved else []
    dropped = [item for item in items if item.outcome is Outcome.DROPPED]
    lines += [
        say("dropped: {text} _({why})_", text=one.text, why=one.dropped_because or "no reason") for one in dropped
    ]
    return lines


def days_of(tx: Session, some: Sequence[Person], first: date, last: date, now: datetime) -> Mapping[UUID, list[Day]]:
    """The days of people of one workspace from `first` to `last`, by person; as many queries for many as for one.

    Today counts once its cut-off has passed.
    """
    days = calendar.days_between(first, last)
    if not some or not days:
        return {person.id: [] for person in some}
    off = calendars.days_off(tx, some[0].workspace, [person.id for person in some], first, last)
    found = plans.of_people(tx, [person.id for person in some], first, last)
    items = plans.items(tx, [plan.id for mine in found.values() for plan in mine])
    held = {one.team_id: one for one in huddles.of_teams(tx, {person.team_id for person in some if person.team_id})}
    told = {}
    for person in some:
        huddle = None if person.team_id is None else held.get(person.team_id)
        filed = {plan.day: plan for plan in found[person.id]}
        told[person.id] = [_day(filed.get(day), items, worked=_worked(person, huddle, day, off, now)) for day in days]
    return told


def _day(plan: Plan | None, items: Mapping[UUID, Sequence[Item]], *, worked: bool) -> Day:
    state = None if plan is None else plan.state
    if plan is None or state is not PlanState.FILED:
        return Day(worked and state is not PlanState.EXCUSED, answered=False, items=())
    return Day(worked, answered=True, items=tuple(items[plan.id]))


def _worked(person: Person, huddle: Huddle | None, day: date, off: DaysOff, now: datetime) -> bool:
    """Whether a day's huddle was held by now, and they were there."""
    closes = None if huddle is None else calendar.instant(day, huddle.closes_at, person.zone)
    if huddle is None or closes is None or closes > now:
        return False
    return str(day.isoweekday()) in huddle.weekdays and off.on(person, day, huddle.asks_at) is None


def _told(person: Person, reader: Person, first: date, last: date, week: Week) -> Mrkdwn:
    whose = "Your" if person.id == reader.id else f"{person.given_name}'s"
    days = " to ".join(dict.fromkeys(map(blocks.short_day, (first, last))))  # on a Monday the week is one day long
    head = say("*{whose} {days}*", whose=whose, days=days)
    if week.kept is None and week.participation is None:
        return say("{head}: nothing was asked and nothing was planned.", head=head)
    lines = [head]
    if week.kept is not None:
        results = count(week.promised, "result")
        lines.append(say("{met} of {results} met ({n} %)", met=week.met, results=results, n=round(100 * week.kept)))
    if week.participation is not None:
        asked = count(week.asked, "day")
        lines.append(say("answered on {n} of {days}; days off don't count", n=week.answered, days=asked))
    return join(lines, "\n")


MOST_WEEKS = 8
"""Weeks that are shown side by side."""


async def team_weeks(call: Call) -> None:
    """`/plan weeks [--team]` (W7)."""
    await call.answer(
        *await call.deps.database.read(load_team_weeks, call.who, call.options.get("team"), call.deps.clock())
    )


def load_team_weeks(tx: Session, who: Who, named: str | None, now: datetime) -> tuple[Mrkdwn, list[Block]]:
    """How a team's last weeks were, beside what they came to; raises Stranger and what `team_for` raises."""
    team, today = team_for(tx, actor(tx, who), named, now)
    first = good_week.monday(today) - timedelta(weeks=MOST_WEEKS - 1)
    said = good_weeks.of_team(tx, team.id, first, today)
    known = people.some(tx, {week.person_id for week in said})
    found = []
    done = _done(tx, team, first, today)
    for monday, weeks in groupby(said, key=lambda week: good_week.monday(week.day)):
        answers = list(weeks)
        tally = good_week.together(done.get(monday, {}).values())
        last = max(week.day for week in answers)
        found.append(TeamWeek(last, tally, [(known[week.person_id], week) for week in answers]))
    return good_week_views.trend(team, found)


def _done(tx: Session, team: Team, first: date, last: date) -> Mapping[date, Mapping[UUID, Week]]:
    """What a team's weeks came to, by their Monday and person."""
    filed = [plan for plan in plans.of_team_between(tx, team.id, first, last) if plan.state is PlanState.FILED]
    items = plans.items(tx, [plan.id for plan in filed])
    days: dict[date, dict[UUID, list[Day]]] = {}
    for plan in filed:
        of_week = days.setdefault(good_week.monday(plan.day), {})
        of_week.setdefault(plan.person_id, []).append(Day(worked=True, answered=True, items=tuple(items[plan.id])))
    return {monday: {who: good_week.so_far(mine) for who, mine in of_week.items()} for monday, of_week in days.items()}


VERBS = (
    Verb("week", "[@person] [last week]", "tells what a week came to", week),
    Verb("weeks", "", "shows your team's weeks: how many were good, beside the results met", team_weeks, options=TEAM),
)
