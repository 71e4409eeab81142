"""`/stoplight` and its verbs: the report on demand, and one-line answers."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from bot import blocks, grammar, reviews
from bot.acting import actor
from bot.catalogue import Mrkdwn
from bot.commands import Call, Noun, Verb
from bot.kpis import loading as kpi_loading
from bot.payloads import Who
from bot.stoplight import agree_views, answering, digest_views, narrating, reporting, walking
from bot.stoplight.report_views import Answer
from rituals import calendar
from rituals.kpis_periods import Period, PeriodUnclear, Span, read_period
from rituals.policy import About, Action, may
from rituals.stoplight import Answered
from storage import people, stoplight

REPORTS = frozenset({"public", "page", "team"})


def reads(text: str, today: date) -> bool:
    """Whether a text begins with a month, "november", "last month", "last quarter", or is a team's channel."""
    return split(text, today)[0] is not None or text.startswith(("#", "<#"))


def names(tx: Session, who: Who, text: str) -> bool:
    """Whether a text is the name of a team, whose month is meant then."""
    return any(team.name.casefold() == text.casefold() for team in people.teams(tx, who.workspace))


def split(text: str, today: date) -> tuple[Period | None, str]:
    """The month that a text begins with, None without one, and what follows it: a team."""
    words = text.split()
    for end in range(len(words), 0, -1):
        if (month := month_named(" ".join(words[:end]), today)) is not None:
            return month, " ".join(words[end:])
    return None, " ".join(words)


def month_named(text: str, today: date) -> Period | None:
    """The month that a text names, or the last one of the span that it names."""
    try:
        return read_period(text, Span.MONTH, today)
    except PeriodUnclear:
        span = grammar.span(text, today)
        return None if span is None or span[1] else reviews.month_of(min(span[0].last, today))


def load(tx: Session, who: Who, text: str, options: dict[str, str], now: datetime, *, reds: bool = False) -> Answer:
    """The report that a command asks for; for a leader with the way into their digest. Raises NoSuchTeam."""
    reader = actor(tx, who)
    named, team = split(text, calendar.local_day(now, reader.zone))
    month = named or walking.month_of_reader(tx, reader, now)
    number = options.get("page", "")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < len("1000000") else 1
    words, body = reporting.report(tx, who, month, at, reds=reds, team=options.get("team", "") or team)
    mine = stoplight.digest(tx, reader.id, month.first)
    if mine is not None and may(Action.MONTH_READ, reader, About(reader.workspace)):
        start = blocks.button("Start", digest_views.START, month.first.isoformat(), "primary")
        body.append(blocks.actions(start, block_id="digest"))
    return words, body


async def report(call: Call) -> None:
    """`/stoplight`: every KPI of the month under review, worst first."""
    options = dict(call.options)
    words, body = await call.deps.database.read(load, call.who, call.text, options, call.deps.clock())
    await call.answer(words, body)


async def reds(call: Call) -> None:
    """`/stoplight reds`."""

    def look(tx: Session) -> Answer:
        return load(tx, call.who, call.text, dict(call.options), call.deps.clock(), reds=True)

    words, body = await call.deps.database.read(look)
    await call.answer(words, body)


def answering_with(how: Answered) -> Callable[[Call], Any]:
    """One line that answers one KPI."""

    def work(tx: Session, who: Who, text: str, now: datetime) -> Mrkdwn:
        kpi, _ = kpi_loading.named(tx, who.workspace, text)
        month = walking.month_of_reader(tx, actor(tx, who), now)
        return reporting.said(*answering.give(tx, who, kpi.id, month, how, now))

    async def run(call: Call) -> None:
        await call.answer(await call.deps.database.write(work, call.who, call.text, call.deps.clock()))
        call.deps.wake()

    return run


async def act(call: Call) -> None:
    """`/stoplight act K-3 [@lee] [by friday] what will be done`."""
    kept = await call.deps.database.write(answering.act, call.who, call.text, call.deps.clock())
    await call.answer(agree_views.agreed_words(kept))
    call.deps.wake()


STOPLIGHT = Noun(
    "stoplight",
    (
        Verb(
            "report",
            "[november | last month] [EMEA]",
            "every KPI of a month, worst first; so does `/stoplight` alone",
            report,
            options=REPORTS,
        ),
        Verb("reds", "[november] [EMEA]", "the reds of a month", reds, options=REPORTS),
        Verb("ack", "K-3", "acknowledges a red; it no longer climbs", answering_with(Answered.ACK)),
        Verb("watch", "K-3", "watches a yellow; it comes back if it gets worse", answering_with(Answered.WATCH)),
        Verb("tell", "[Marketing]", "a function's month in its head's words", narrating.tell),
        Verb("act", "K-3 [@lee] [by friday] text", "agrees on an action for a red or a yellow", act),
    ),
    reads=reads,
    names=names,
)
