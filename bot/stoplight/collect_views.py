"""What the owner of numbers reads of a month: what is asked, what is in, what is still missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot import blocks
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.kpis.lines import line
from rituals.cadence import MONTHS
from rituals.kpis import Colour, Function, Kpi, Reading, colour
from rituals.kpis_numbers import shown
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.stoplight import Explanation

ENTER = "month.enter"
ENTER_ALL = "month.enter_all"
NARRATE = "month.narrate"
INFORM = "month.inform"
MOST_SHOWN = 15
"""KPIs that one message lists; whoever owns more walks through all of them by `Enter all`."""
A_DAY = 24 * 60
OFF_TRACK = (Colour.RED, Colour.YELLOW)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One KPI of a collection: how it stands in that month, and what its owner says of it."""

    reading: Reading
    period: Period
    said: Explanation | None

    @property
    def filed(self) -> bool:
        """Whether the value is in."""
        return self.reading.filed is not None

    @property
    def explained(self) -> bool:
        """Whether nothing more is owed: a value, and for what is off track cause and proposal."""
        off = colour(self.reading) in OFF_TRACK
        return self.filed and (not off or (self.said is not None and self.said.prepared))


@dataclass(frozen=True, slots=True)
class Collected:
    """What somebody owes for a month; `closes` is the last date, `over` says that it has passed.

    `heads` are the functions that they head: each has a narrative (F64), and `untold` are those still without theirs.
    `idle` are the numbers that nothing came of in the quarter that ended with the month (M14).
    """

    owner: Person
    month: Period
    rows: Sequence[Wanted]
    closes: date
    over: bool
    heads: Sequence[Function] = ()
    idle: Sequence[Kpi] = ()
    untold: Sequence[Function] = ()

    @property
    def missing(self) -> list[Wanted]:
        """The KPIs without a value."""
        return [row for row in self.rows if not row.filed]

    @property
    def unexplained(self) -> list[Wanted]:
        """Those off track without cause and proposal."""
        return [row for row in self.rows if row.filed and not row.explained]


def sorry(late: timedelta) -> str:
    """The apology for what comes later than it should."""
    minutes = int(late.total_seconds() // 60)
    much = count(minutes, "minute") if minutes < A_DAY // 12 else count(minutes // 60, "hour")
    return plain("Sorry, {much} late: the bot was down.", much=much)


def name_of(month: Period) -> str:
    """A month as it is called in its own messages: "November"."""
    return MONTHS[month.first.month - 1]


def collection(page: Collected, late: str = "") -> dict[str, Any]:
    """The one message about a month, as it stands: ask, what is in, or that it is closed."""
    head = _head(page)
    body = [blocks.section(say("{late}*{head}*", late=say("{late}\n", late=late) if late else "", head=head))]
    for row in page.rows[:MOST_SHOWN]:
        value = f"{row.reading.kpi.id}:{row.period.first.isoformat()}"
        body.append(blocks.section(_row(row), blocks.button("Enter", ENTER, value), f"kpi:{value}"))
    if left := len(page.rows[MOST_SHOWN:]):
        body.append(blocks.context(say("… and {left} more: `Enter all` brings each.", left=left)))
    buttons = []
    if page.idle:
        body.append(blocks.section(_idle(page), blocks.button("Name it…", INFORM, page.month.first.isoformat())))
    if len(page.rows) > 1 and page.missing:
        buttons.append(blocks.button("Enter all", ENTER_ALL, page.month.first.isoformat(), "primary"))
    for one in (page.untold or page.heads)[:1]:
        # An action id stands once in a row: whoever heads several tells one after the other.
        value = f"{one.id}:{page.month.first.isoformat()}"
        buttons.append(blocks.button(plain("Tell {name}'s month…", name=one.name), NARRATE, value))
    if buttons:
        body.append(blocks.actions(*buttons, block_id="month"))
    body.append(blocks.context(_foot(page)))
    return blocks.message(head, body)


def _idle(page: Collected) -> Mrkdwn:
    names = join((one.name for one in page.idle[:MOST_SHOWN]), ", ")
    return say("*Which decision did these inform this quarter?* So far none: {names}.", names=names)


def _head(page: Collected) -> str:
    month, missing = name_of(page.month), len(page.missing)
    if page.heads and not page.rows:
        return _telling(page)
    if not missing:
        return plain("{month}: all your numbers are in.", month=month)
    if page.over:
        return plain("{month} is closed. Not filed: {numbers}.", month=month, numbers=count(missing, "number"))
    by = blocks.short_day(page.closes)
    return plain("{month}: {n} from you, by the end of {by}", month=month, n=count(missing, "number"), by=by)


def _telling(page: Collected) -> str:
    """The head for whoever owes no number and is asked how the month of their function went."""
    month, names = name_of(page.month), ", ".join(one.name for one in page.untold)
    if not page.untold:
        return plain("{month} is told.", month=month)
    if page.over:
        return plain("{month} is closed. Not told: {names}.", month=month, names=names)
    by = blocks.short_day(page.closes)
    return plain("{month}: how did it go for {names}? By the end of {by}", month=month, names=names, by=by)


def _row(row: Wanted) -> Mrkdwn:
    if row.filed:
        owed = Mrkdwn("") if row.explained else say("\n_Cause and proposal are not in yet._")
        return say("✅ {line}{owed}", line=line(row.reading), owed=owed)
    terms, kpi = row.reading.terms, row.reading.kpi
    before = row.reading.past[-2] if len(row.reading.past) > 1 else None
    last = say("; {when} {value}", when=row.period.shifted(-1).label, value=shown(before)) if before is not None else ""
    target = f"{shown(terms.target)} {kpi.unit}".strip()
    return say("*{name}* (target {target}{last})", name=kpi.name, target=target, last=last)


def _foot(page: Collected) -> Mrkdwn:
    if page.heads and not page.rows:
        return say("Three questions, 1,200 characters together. The leaders' digest quotes them.")
    if page.over:
        words = (
            "What is missing stands as ⚪ not filed. `Enter` still takes it, and the digest shows it within a minute."
        )
        return say(words)
    if not page.missing and not page.unexplained:
        return say("Leaders get the digest on working day 6. `Enter` corrects a number until then and after.")
    return say("Red and yellow ask for cause and proposal in the same form. One reminder on working day 4.")


def reminder(page: Collected) -> dict[str, Any]:
    """What is still open on working day 4, each with its button."""
    month, by = name_of(page.month), blocks.short_day(page.closes)
    head = plain("{month} closes at the end of {by}. Still open:", month=month, by=by)
    body = [blocks.section(say("*{head}*", head=head))]
    for row in [*page.missing, *page.unexplained][:MOST_SHOWN]:
        value = f"{row.reading.kpi.id}:{row.period.first.isoformat()}"
        body.append(blocks.section(_row(row), blocks.button("Enter", ENTER, value), f"kpi:{value}"))
    if len(page.missing) > 1:
        button = blocks.button("Enter all", ENTER_ALL, page.month.first.isoformat(), "primary")
        body.append(blocks.actions(button, block_id="month"))
    names = join((row.reading.kpi.name for row in [*page.missing, *page.unexplained]), ", ")
    return blocks.message(f"{head} {names}", body)
