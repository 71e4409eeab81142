"""What a rep sees once a day is answered: the receipt, and a redirect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot import blocks
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.huddle.views import ACCEPT, ADD, DISCUSS, KPIS, WRITE, Frame, blocker_line, kpi_of
from rituals.blockers import Blocker
from rituals.cadence import WEEK
from rituals.kpis import Kpi
from rituals.people import Person
from rituals.plans import MOST_RESULTS, Answer, Item, Plan, PlanState, Redirect
from rituals.team_questions import Asked, Kind


def reminder_answered() -> dict[str, Any]:
    """What a reminder becomes once the plan is there."""
    words = say("Answered. Nothing more to do here.")
    return blocks.message(words, [blocks.context(words)])


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that a filed plan shows to its writer."""

    plan: Plan
    person: Person
    frame: Frame
    items: Sequence[Item]
    redirects: Mapping[UUID, Redirect]
    kpis: Mapping[UUID, Kpi]
    blocker: Blocker | None
    asked: Sequence[Asked]
    weekly_on: int | None


def _stuck(blocker: Blocker, weekly_on: int | None) -> Mrkdwn:
    """A blocker in a few words: a huddle solves no problems, the weekly of that ISO weekday does (D5)."""
    day = plain("on the huddle card")
    if weekly_on is not None:
        day = plain("parked for {day}'s weekly", day=WEEK[weekly_on - 1])
    where = day if blocker.live else plain("closed")
    return say(", 1 blocker ({label}, {where})", label=blocker.label, where=where)


def heading(plan: Plan) -> str:
    """The message in one line, for a notification."""
    if plan.state is PlanState.EXCUSED:
        return plain("Excused for {day}", day=blocks.day_name(plan.day))
    return plain("Saved: your plan for {day}", day=blocks.day_name(plan.day))


def receipt(shown: Receipt) -> dict[str, Any]:
    """The same message, once the plan is saved or the day is excused."""
    plan = shown.plan
    value = str(plan.id)
    if plan.state is PlanState.EXCUSED:
        excuse = say("*Excused for {day}*: {why}.", day=blocks.day_name(plan.day), why=plan.excuse)
        words = say("{excuse} Nobody asks again today. If that changes, write the plan.", excuse=excuse)
        body = [blocks.section(words), blocks.actions(blocks.button("Write plan", WRITE, value))]
        return blocks.message(heading(plan), body)
    saved = blocks.clock_time(plan.filed_at, shown.person.zone) if plan.filed_at else Mrkdwn("")
    stuck = Mrkdwn("") if shown.blocker is None else _stuck(shown.blocker, shown.weekly_on)
    title = say(
        "✅ *Saved {saved}* · {day} · {results}{stuck}",
        saved=saved,
        day=blocks.short_day(plan.day),
        results=count(len(shown.items), "result"),
        stuck=stuck,
    )
    lines = [title, *(_receipt_line(n, item, shown) for n, item in enumerate(shown.items, 1))]
    if shown.blocker is not None:
        lines.append(say("Stuck: {blocker}", blocker=blocker_line(shown.blocker)))
    lines += answer_lines(shown.asked)
    body = [blocks.section(join(lines, "\n"))]
    buttons = [blocks.button("Edit", WRITE, value), blocks.button("Change KPIs", KPIS, value)]
    buttons += [blocks.button("Add", ADD, value)] if len(shown.items) < MOST_RESULTS else []
    body.append(blocks.actions(*buttons))
    body.append(blocks.context(_what_happens_next(shown)))
    return blocks.message(heading(plan), body)


def answer_lines(asked: Sequence[Asked]) -> list[Mrkdwn]:
    """What a plan says to its team's questions, and which it must still answer; never how its writer feels."""
    texts = [one for one in asked if one.question.kind is Kind.TEXT]
    return [
        say("_{question}_: {answer}", question=one.question.text, answer=one.text or "not answered yet")
        for one in texts
        if one.text or one.question.required
    ]


def _receipt_line(number: int, item: Item, shown: Receipt) -> Mrkdwn:
    kpi = kpi_of(item, shown.kpis)
    redirect = shown.redirects.get(item.id)
    if redirect is not None:
        return say("{n}  ~{was}~ → *{text}*{kpi}", n=number, was=redirect.was, text=item.text, kpi=kpi)
    # The ⚠ is for the manager's eyes; its writer is asked (F7).
    if item.kpi_id is None and not item.why_no_kpi and item.answer is Answer.NONE:
        kpi = say(" · _Which number does this move? None is fine; say why._")
    return say("{n}  {text}{kpi}", n=number, text=item.text, kpi=kpi)


def _what_happens_next(shown: Receipt) -> Mrkdwn:
    frame = shown.frame
    if frame.answers is None:
        return say("Your plan is kept. Nobody is set as your manager, so nobody answers yet: ask an admin to set one.")
    answered = sum(item.answer is not Answer.NONE for item in shown.items)
    who = frame.answers.given_name
    parts = []
    if frame.instead_of is not None:
        manager, last = frame.instead_of
        until = blocks.short_day(last)
        parts.append(say("{manager} is away until {until}.", manager=manager.given_name, until=until))
    if answered:
        agreed = count(answered, "result")
        parts.append(say("{who} answered {agreed}.", who=who, agreed=agreed))
    elif frame.has_run:
        parts.append(say("The huddle has run. {who} gets this now.", who=who))
    else:
        parts.append(say("{who} sees it at {at}.", who=who, at=blocks.clock_time(frame.card, shown.person.zone)))
    parts.append(say("Nobody else sees edits or times."))
    return join(parts, " ")


@dataclass(frozen=True, slots=True)
class Redirected:
    """All that a rep sees of a redirect."""

    redirect: Redirect
    by: Person
    agreed: int


ACCEPTED = "accepted"
DISCUSSED = "discuss"


def redirected(shown: Redirected) -> dict[str, Any]:
    """The DM about a redirect; after the rep's word it keeps the pair and loses its buttons (F8)."""
    redirect, who = shown.redirect, shown.by.given_name
    agreed = say(" agreed {n} and", n=shown.agreed) if shown.agreed else Mrkdwn("")
    pair = say(
        "{who}{agreed} redirected 1:\n~{was}~ → *{instead}*\n“{why}”",
        who=who,
        agreed=agreed,
        was=redirect.was,
        instead=redirect.instead,
        why=redirect.why,
    )
    body = [blocks.section(pair)]
    if redirect.reply is None:
        value = str(redirect.id)
        accept = blocks.button("Accept", ACCEPT, value, "primary")
        body.append(blocks.actions(accept, blocks.button("Discuss", DISCUSS, value)))
    elif redirect.reply == ACCEPTED:
        body.append(blocks.context(say("✅ You accepted. Your plan shows the new result.")))
    else:
        body.append(blocks.context(say("You asked to discuss it. {who} has both lines.", who=who)))
    return blocks.message(plain("{who} redirected one of your results", who=who), body)
