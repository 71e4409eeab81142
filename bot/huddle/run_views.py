"""What a manager holds the huddle by: who is open, and the sheet with its clock."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.huddle.card_views import Day
from rituals.people import Person
from rituals.run_sheet import Point, Run, Topic, current, length

END = "run.end"
MOST_LINES = 12
"""Points of one topic that are written out; whoever has more people reads their names."""

TOPICS: Mapping[Topic, str] = {
    Topic.REDIRECT: "Redirected: is it clear?",
    Topic.NO_NUMBER: "⚠ Moves no number: keep it or redirect it",
    Topic.BLOCKER: "New blockers: name them, park them",
    Topic.REST: "The rest, a word each",
}


def who_is_open(day: Day) -> tuple[Mrkdwn, list[Block]]:
    """Who has not answered, for whoever asked and nobody else."""
    shown = day.attendance
    lines = [
        say("*{team}, {day}*", team=day.team.name, day=blocks.day_name(day.day)),
        _people("Open", shown.missing, "nobody"),
        _people("Away or excused", shown.excused, "nobody"),
    ]
    if shown.later:
        lines.append(_people("Asked later today, by their own clock", shown.later, ""))
    words = join(lines, "\n")
    return words, [blocks.section(words)]


def _people(what: str, people: Sequence[Person], nobody: str) -> Mrkdwn:
    return say("{what}: {names}", what=what, names=", ".join(person.name for person in people) or nobody)


def sheet(run: Run, day: Day, points: Sequence[Point], zone: str, now: datetime) -> dict[str, Any]:
    """The huddle in order, with where the clock stands (F22)."""
    title = plain("{team} huddle, {day}", team=day.team.name, day=blocks.short_day(day.day))
    body = [blocks.section(_head(run, day, points, zone, now))]
    at = None if run.ended_at is not None else current(points, run.started_at, now)
    for topic, words in TOPICS.items():
        chosen = [(number, point) for number, point in enumerate(points) if point.topic is topic]
        if chosen:
            body.append(blocks.section(join([say("*{words}*", words=words), *_lines(chosen, at)], "\n")))
    if not points:
        body.append(blocks.section(say("Nobody has planned yet. `/plan missing` shows who is open.")))
    if run.ended_at is None:
        body.append(blocks.actions(blocks.button("End", END, str(run.id))))
    return blocks.message(plain("Run sheet: {title}", title=title), body)


def _head(run: Run, day: Day, points: Sequence[Point], zone: str, now: datetime) -> Mrkdwn:
    title = say("*{team} huddle, {day}*", team=day.team.name, day=blocks.short_day(day.day))
    if run.ended_at is not None:
        return say("{title} · held in {time}", title=title, time=_minutes(run.ended_at - run.started_at))
    # Whole minutes, as the clock counts them: it must not end before the minutes that it names.
    ends = blocks.clock_time(run.started_at + timedelta(minutes=_count(length(points))), zone)
    return say(
        "{title} · {time} for {points} · ends by {ends}\n{clock}",
        title=title,
        time=_minutes(length(points)),
        points=count(len(points), "point"),
        ends=ends,
        clock=_clock(run, points, now),
    )


def _clock(run: Run, points: Sequence[Point], now: datetime) -> Mrkdwn:
    passed, whole = now - run.started_at, length(points)
    if passed >= whole:
        return say("⏱ Time is over. What is left is parked, or answered on the card.")
    return say("⏱ minute {minute} of {whole}", minute=int(passed.total_seconds() // 60) + 1, whole=_count(whole))


def _lines(chosen: Sequence[tuple[int, Point]], at: int | None) -> Iterable[Mrkdwn]:
    for number, point in chosen[:MOST_LINES]:
        line = say("*{who}* {about}", who=point.person.given_name, about=_about(point))
        yield say("▶ {line}", line=line) if number == at else line
    others = chosen[MOST_LINES:]
    if others:
        mark = "▶ " if at is not None and others[0][0] <= at <= others[-1][0] else ""
        names = ", ".join(point.person.given_name for _, point in others)
        yield say("{mark}then {names}", mark=mark, names=blocks.cut(names, 600))


def _about(point: Point) -> Mrkdwn:
    texts = [blocks.cut(item.text, 90) for item in point.items]
    texts += [f"{blocker.label} {blocks.cut(blocker.text, 80)}" for blocker in point.blockers]
    return join(texts)


def _minutes(time: timedelta) -> str:
    return count(_count(time), "minute")


def _count(time: timedelta) -> int:
    return max(1, -(-int(time.total_seconds()) // 60))


def team_day(day: Day, body: Sequence[Block]) -> tuple[Mrkdwn, list[Block]]:
    """A team's card of a date to read, without its buttons: those stand on the card itself."""
    words = say("{team} huddle, {day}", team=day.team.name, day=blocks.short_day(day.day))
    kept = [block for block in body if block["type"] != "actions"]
    return words, [*kept, blocks.context(say("To answer, use the card in our DM."))]
