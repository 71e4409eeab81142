"""The question before a weekly, and what it becomes once it is answered; what somebody owes out of weeklies."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.kpis.lines import kpi_line
from bot.weekly import action_views
from bot.weekly.views import title
from rituals.actions import Action
from rituals.kpis import Reading
from rituals.meetings import Input, Meeting, OffTrack
from rituals.people import Person, Team
from rituals.weekly import Weekly

WRITE = "weekly.write"
NOTHING = "weekly.nothing"


def prompt(
    weekly: Weekly, meeting: Meeting, team: Team, off: Sequence[Reading], closes: datetime, zone: str
) -> dict[str, Any]:
    """One question, once a person (F38); owners of what is off track are asked why and by next week (W4)."""
    head = say("*{title}*", title=title(team, meeting.day))
    body = [blocks.section(join([head, say("{question}", question=weekly.question)], "\n"))]
    if off:
        asked = [say("{kpi}: why, and what changes by next week?", kpi=kpi_line(reading)) for reading in off]
        body.append(blocks.section(join(asked, "\n")))
    value = str(meeting.id)
    buttons = [blocks.button("Write", WRITE, value, "primary")]
    if not off:
        buttons.append(blocks.button("Nothing from me", NOTHING, value))
    body += [blocks.actions(*buttons), blocks.context(say("Closes {at}.", at=blocks.clock_time(closes, zone)))]
    return blocks.message(plain("{title}: what should we talk about?", title=title(team, meeting.day)), body)


def receipt(
    meeting: Meeting, team: Team, said: Input, why: Sequence[tuple[Reading, OffTrack]], zone: str, lead: str
) -> dict[str, Any]:
    """The same message once it is answered."""
    saved = blocks.clock_time(said.at, zone)
    words = [say("✅ *Saved {at}* for the {title}", at=saved, title=title(team, meeting.day))]
    words += [say("{kpi}: {why} → {next}", kpi=r.kpi.name, why=one.why, next=one.next_week) for r, one in why]
    words.append(say("“{text}”", text=said.text) if said.text else say("Nothing from you this week."))
    body = [blocks.section(join(words, "\n")), blocks.actions(blocks.button("Edit", WRITE, str(meeting.id)))]
    body.append(blocks.context(say("It stands on the agenda that {lead} gets two hours before.", lead=lead)))
    return blocks.message(plain("Saved for the weekly"), body)


def mine(actions: Iterable[tuple[Action, Person]], today: date) -> tuple[Mrkdwn, list[Block]]:
    """What somebody owes, each with its menu."""
    owed = list(actions)
    if not owed:
        nothing = say("You owe no action. The next ones come out of a weekly.")
        return nothing, [blocks.section(nothing)]
    words = say("You owe {n}", n=count(len(owed), "action"))
    body = [blocks.section(say("*{words}*", words=words))]
    for one, owner in owed[: blocks.PAGE_BLOCKS - 2]:
        shown = action_views.line(one, owner, warns=one.due < today)
        body.append(blocks.section(shown, action_views.menu(one), f"action:{one.id}"))
    return words, body
