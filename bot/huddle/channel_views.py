"""What a team's channel hears of a huddle."""

from typing import Any

from bot import blocks
from bot.catalogue import count, join, plain, say
from bot.huddle.card_views import Day


def post(day: Day) -> dict[str, Any]:
    """The one quiet line for everybody: counts, no mention, and never a name that is missing (F17)."""
    parts = [say("{n} planned", n=len(day.attendance.answered))]
    if day.attendance.excused:
        parts.append(say("{n} away", n=len(day.attendance.excused)))
    stuck = sum(len(pairs) for pairs in day.stuck.values())
    if stuck:
        parts.append(say("{blockers}", blockers=count(stuck, "blocker")))
    words = say(
        "*{team} huddle, {day}* · {parts}.", team=day.team.name, day=blocks.short_day(day.day), parts=join(parts, ", ")
    )
    title = plain("{team} huddle, {day}", team=day.team.name, day=blocks.short_day(day.day))
    return blocks.message(title, [blocks.section(words)])


def thread(day: Day) -> dict[str, Any] | None:
    """What people ticked for the team, for the post's thread; None when nobody did."""
    lines = [
        say("*{who}*: {note}", who=person.given_name, note=plan.note)
        for person in day.attendance.answered
        if (plan := day.plans[person.id]).note_shared and plan.note
    ]
    if not lines:
        return None
    return blocks.message("For the team", [blocks.section(join(lines, "\n"))])
