"""`/plan week`: what somebody's week came to."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from bot import blocks, grammar
from bot.acting import actor
from bot.catalogue import Mrkdwn, count, join, say
from bot.commands import Call, Verb
from bot.errors import Stranger
from bot.payloads import Who
from rituals import calendar
from rituals.people import Person
from rituals.plans import PlanState
from rituals.policy import Action, about, require
from rituals.week import Day, Week, tally
from storage import calendars, huddles, people, plans


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
    return _told(person, reader, first, last, counted(tx, person, first, last, now))


def counted(tx: Session, person: Person, first: date, last: date, now: datetime) -> Week:
    """One person's days from `first` to `last`, both included; today counts once its cut-off has passed."""
    days = calendar.days_between(first, last)
    off = calendars.days_off(tx, person.workspace, [person.id], first, last) if days else None
    found = {plan.day: plan for plan in plans.of_person(tx, person.id, first, last)}
    items = plans.items(tx, [plan.id for plan in found.values()])
    huddle = None if person.team_id is None else huddles.of_team(tx, person.team_id)
    told = []
    for day in days:
        plan = found.get(day)
        closes = None if huddle is None else calendar.instant(day, huddle.closes_at, person.zone)
        held = huddle is not None and str(day.isoweekday()) in huddle.weekdays and closes is not None and closes <= now
        excused = plan is not None and plan.state is PlanState.EXCUSED
        there = off is not None and off.on(person, day, huddle.asks_at if huddle else None) is None
        filed = plan is not None and plan.state is PlanState.FILED
        told.append(Day(held and there and not excused, filed, tuple(items[plan.id]) if plan and filed else ()))
    return tally(told)


def _told(person: Person, reader: Person, first: date, last: date, week: Week) -> Mrkdwn:
    whose = "Your" if person.id == reader.id else f"{person.given_name}'s"
    head = say("*{whose} {first} to {last}*", whose=whose, first=blocks.short_day(first), last=blocks.short_day(last))
    if week.kept is None and week.participation is None:
        return say("{head}: nothing was asked and nothing was planned.", head=head)
    lines = [head]
    if week.kept is not None:
        results = count(week.promised, "result")
        lines.append(say("{met} of {results} met ({n} %)", met=week.met, results=results, n=round(100 * week.kept)))
    if week.participation is not None:
        days = count(week.asked, "day")
        lines.append(say("answered on {n} of {days}; days off don't count", n=week.answered, days=days))
    return join(lines, "\n")


VERBS = (Verb("week", "[@person] [last week]", "tells what a week came to", week),)
