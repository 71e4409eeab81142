"""`/plan` and its verbs."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot import grammar
from bot.acting import acting
from bot.blocks import cut, day_name, short_day
from bot.catalogue import Mrkdwn, count, say
from bot.commands import Call, Noun, Verb
from bot.errors import Stranger
from bot.grammar import Span
from bot.huddle import filing, handlers, loading, running, views, weeks
from bot.huddle.filing import Pressed
from bot.ids import new_id
from bot.payloads import Who
from rituals import calendar
from rituals.people import Absence, Part, Person
from rituals.policy import Action, about, require
from storage import calendars, huddles, outbox, people, plans, values

LONGEST_REASON = 150
LONGEST_ABSENCE = 366


async def write(call: Call) -> None:
    """`/plan [day]`: the form of today or of a day ahead, also to edit (F12, F23)."""
    await call.accept()
    await handlers.open_plan(call.deps, call, None, call.text)


async def same(call: Call) -> None:
    """`/plan same` (F9)."""
    await _file(call, filing.same_plan)
    await call.answer(say("Saved. The receipt is in our DM."))


async def skip(call: Call) -> None:
    """`/plan skip [reason]` (F10)."""
    await _file(call, filing.skip_today, cut(call.text, views.LONGEST_EXCUSE) or views.EXCUSES[-1])
    await call.answer(say("You are excused for today."))


async def _file(call: Call, transaction: Callable[..., None], *details: str) -> None:
    now = call.deps.clock()
    plan_id = await call.deps.database.write(filing.find_plan, call.who, now)
    await call.deps.database.write(transaction, plan_id, *details, Pressed.of(call.who, None, None), now)
    call.deps.wake()


async def away(call: Call) -> None:
    """`/plan away [@person] span [reason]`: for oneself, or for somebody whose manager one is (F87)."""
    await call.answer(await call.deps.database.write(go_away, call.who, call.text, call.deps.clock()))
    call.deps.wake()


def go_away(tx: Session, who: Who, text: str, now: datetime) -> Mrkdwn:
    """Write an absence and say it back with weekdays; words that name no days change nothing. Raises NotAllowed."""
    actor = acting(tx, who, now)
    named = grammar.person(text, who.slack_id)
    absent = actor if named is None else people.find_by_slack(tx, who.workspace, named[0])
    if absent is None:
        raise Stranger(who)
    require(Action.ABSENCE, actor, about(absent, people.lines_above(tx, [absent])))
    read = grammar.span(text if named is None else named[1], calendar.local_day(now, absent.zone))
    if read is None:
        return say("From when until when? For example: `/plan away 3 Dec - 7 Dec holiday`. Nothing changed.")
    span, reason = read
    days = (span.last - span.first).days + 1
    if span.first < calendar.local_day(now, absent.zone) or days > LONGEST_ABSENCE:
        return say("I read {days}. That is in the past or longer than a year. Nothing changed.", days=_said(span))
    _write_absence(tx, absent, span, cut(reason, LONGEST_REASON) or "away", now)
    whose = say("You are") if absent.id == actor.id else say("{who} is", who=absent.given_name)
    return say(
        "{whose} away {days}. Nobody is asked or reminded on those days. `/plan back` ends it.",
        whose=whose,
        days=_said(span),
    )


def _said(span: Span) -> Mrkdwn:
    if span.first == span.last:
        return say("on {day}", day=day_name(span.first))
    days = count((span.last - span.first).days + 1, "day")
    return say("{first} to {last} ({days})", first=short_day(span.first), last=short_day(span.last), days=days)


def _write_absence(tx: Session, absent: Person, span: Span, reason: str, now: datetime) -> None:
    absence = Absence(new_id(), absent.workspace, absent.id, span.first, span.last, reason, Part.WHOLE)
    values.add(tx, absence)
    today = calendar.local_day(now, absent.zone)
    plan = plans.find_on(tx, absent.id, today)
    if span.first <= today <= span.last and plan is not None:
        outbox.withdraw(tx, absent.workspace, loading.reminder_key(plan.id))
    _redraw(tx, absent, now)


def _redraw(tx: Session, absent: Person, now: datetime) -> None:
    if absent.team_id is not None:
        huddles.mark_stale(tx, absent.team_id, calendar.local_day(now, absent.zone), now)


async def back(call: Call) -> None:
    """`/plan back`: the absence that runs now ends, and those to come are forgotten."""
    await call.answer(await call.deps.database.write(come_back, call.who, call.deps.clock()))
    call.deps.wake()


def come_back(tx: Session, who: Who, now: datetime) -> Mrkdwn:
    """End the person's own absences from today on. Raises Stranger."""
    actor = acting(tx, who, now)
    ended = calendars.end_absences(tx, actor.id, calendar.local_day(now, actor.zone))
    _redraw(tx, actor, now)
    if not ended:
        return say("You were not away. Nothing changed.")
    return say("Welcome back. You are asked again from now on; `/plan` opens today's form.")


PLAN = Noun(
    "plan",
    (
        Verb("", "[tomorrow | friday]", "opens today's form or that of a day ahead", write, also=("today", "edit")),
        Verb("same", "", "files yesterday's open results again", same),
        Verb("skip", "[reason]", "excuses you for today", skip),
        Verb(
            "away",
            "3 Dec - 7 Dec [reason]",
            "nobody asks you on those days; name a report first to say it for them",
            away,
        ),
        Verb("back", "", "ends your absence", back),
        *running.VERBS,
        *weeks.VERBS,
    ),
    dated=True,
)
