"""The whole report, paged, and all that is known of one KPI (F61, F107)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from bot import blocks
from bot.blockers.views import Shown, state
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from bot.decisions.views import Record, standing
from bot.kpis.lines import line
from bot.stoplight.collect_views import name_of
from bot.stoplight.one_views import action_line, more_button, warnings
from rituals.actions import Action
from rituals.kpis import Kpi, Reading
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.stoplight import Explanation

PAGE = "month.page"
LONGEST_QUOTE = 200
MOST_TOLD = 12
HEAD = 2
"""Blocks of `/kpi show` that say how a KPI stands and whose it is."""

Answer = tuple[Mrkdwn, list[Block]]


@dataclass(frozen=True, slots=True)
class Report:
    """Every KPI of a month that somebody looks at, worst first. `team` narrows it, as it was asked for."""

    month: Period
    readings: Sequence[Reading]
    warned: Mapping[UUID, Sequence[Reading]]
    names: Mapping[UUID, str]
    team: str
    reds: bool


def report(page: Report, number: int) -> Answer:
    """One page of it: a line a KPI with `More`, worst first; grey without a name to anybody but leaders."""
    title = plain("{month} {year}", month=name_of(page.month), year=page.month.first.year)
    month = page.month.first
    rows = [[blocks.section(_line(one, page), more_button(one.kpi.id, month))] for one in page.readings]
    paged = blocks.pages(rows, blocks.PAGE_BLOCKS - 3, blocks.PAGE_CHARACTERS - 500)
    number = min(max(number, 1), len(paged))
    what = plain("{title}, reds", title=title) if page.reds else title
    body = [
        blocks.section(say("*{what}*{team}", what=what, team=say(" · {team}", team=page.team) if page.team else ""))
    ]
    body += paged[number - 1]
    if not page.readings:
        body.append(blocks.section(say("No KPI is here." if not page.reds else "No red. 🟢")))
    if len(paged) > 1:
        following = number % len(paged) + 1
        value = f"{page.month.first.isoformat()}:{following}:{'reds' if page.reds else 'all'}:{page.team}"
        label = "Next page" if following > 1 else "First page"
        words = say("Page {n} of {of}", n=number, of=len(paged))
        body += [blocks.actions(blocks.button(label, PAGE, value), block_id="report"), blocks.context(words)]
    return say("{what}", what=what), body


def _line(one: Reading, page: Report) -> Mrkdwn:
    head = say("{label} {line} · {function}", label=one.kpi.label, line=line(one), function=page.names[one.kpi.id])
    return join([head, *warnings(page.warned.get(one.kpi.id, ()))], "\n")


@dataclass(frozen=True, slots=True)
class Told:
    """What was said, agreed, stuck and decided about one KPI, newest first: as much as its reader may know."""

    kpi: Kpi
    said: Sequence[Explanation] = ()
    actions: Sequence[Action] = ()
    people: Mapping[UUID, Person] = field(default_factory=dict)
    blockers: Sequence[Shown] = ()
    decisions: Sequence[Record] = ()


def more(detail: Sequence[Block], told: Told) -> Block:
    """How it stands, what was said and done about it; then values, changes, shares and links as in `/kpi show`."""
    known = [block for block in detail if block["type"] != "actions"]
    body = known[:HEAD]
    for head, rows in (
        ("Causes and proposals", [_said(one, told) for one in told.said[:MOST_TOLD]]),
        ("Actions", [_agreed(one, told) for one in told.actions[:MOST_TOLD]]),
        ("Blockers", [_stuck(one) for one in told.blockers]),
        ("Decisions", [_decided(one) for one in told.decisions]),
    ):
        if rows:
            body.append(blocks.section(say("*{head}*\n{rows}", head=head, rows=join(rows, "\n"))))
    title = plain("{label} {name}", label=told.kpi.label, name=told.kpi.name)
    return blocks.room(title, [*body, *known[HEAD:]], "")


def _stuck(one: Shown) -> Mrkdwn:
    text = blocks.cut(one.blocker.text, LONGEST_QUOTE)
    return say("*{label}* {text} · _{state}_", label=one.blocker.label, text=text, state=state(one))


def _decided(one: Record) -> Mrkdwn:
    memo = one.decision
    return say("*{label}* {title} · {standing}", label=memo.label, title=memo.title, standing=standing(one))


def _said(one: Explanation, told: Told) -> Mrkdwn:
    period = Period(one.period, told.kpi.cadence).label
    cause, proposal = (blocks.cut(words, LONGEST_QUOTE) for words in (one.cause, one.proposal))
    return say("{period}: {cause} → {proposal}", period=period, cause=cause or "–", proposal=proposal or "–")


def _agreed(one: Action, told: Told) -> Mrkdwn:
    owner = told.people.get(one.owner_id)
    who = owner.name if owner is not None else plain("nobody")
    return say("{who}: {line}", who=who, line=action_line(one, told.people))


def day_of(value: str) -> tuple[date, int, bool, str]:
    """What `Next page` carries: month, page, only reds, team."""
    month, page, which, team = (*value.split(":", 3), "", "", "")[:4]
    return date.fromisoformat(month), int(page or 1), which == "reds", team
