"""The first screen of a leader's digest: counts, and how long it takes (F56)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import blocks
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.stoplight.collect_views import name_of
from rituals.actions import Action, ActionState
from rituals.kpis import Colour
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.stoplight import Answered
from rituals.stoplight_digest import Digest, minutes

START = "month.start"
REPORT = "month.report"

SYMBOLS = {Colour.RED: "🔴", Colour.YELLOW: "🟡", Colour.SLIPPING: "▽", Colour.GREEN: "🟢", Colour.GREY: "⚪"}

Counts = Mapping[tuple[Colour, Answered], int]


def summed(several: Iterable[Counts]) -> Counts:
    """Several counts in one."""
    total: Counter[tuple[Colour, Answered]] = Counter()
    for one in several:
        total.update(one)
    return total


@dataclass(frozen=True, slots=True)
class Front:
    """What the first screen says.

    `counts` are those of the leader's own reviews, `below` those of the leaders below them; `climbed` is how many reds
    of others came to them and wait.
    """

    leader: Person
    month: Period
    counts: Counts
    below: Counts
    climbed: int
    unprepared: int
    last: Sequence[Action]
    agreed: Sequence[Action]
    digest: Digest | None
    triggers: int = 0

    @property
    def reds(self) -> int:
        """Reds that nobody acknowledged, those that climbed to them included."""
        return self.counts.get((Colour.RED, Answered.NONE), 0) + self.climbed

    @property
    def yellows(self) -> int:
        """Yellows that wait for a choice."""
        return self.counts.get((Colour.YELLOW, Answered.NONE), 0)


def front(page: Front, late: str = "") -> dict[str, Any]:
    """Counts, minutes, `Start`: all of the first screen."""
    head = _headline(page)
    body = [blocks.section(say("{late}*{head}*", late=say("{late}\n", late=late) if late else "", head=head))]
    body.append(blocks.section(_counts(page)))
    if page.unprepared:
        reds = count(page.unprepared, "red")
        body.append(blocks.context(say("{reds} without cause and proposal yet; they come first.", reds=reds)))
    month = page.month.first.isoformat()
    buttons = [blocks.button("Start", START, month, "primary"), blocks.button("Open the whole report", REPORT, month)]
    body.append(blocks.actions(*buttons, block_id="digest"))
    return blocks.message(head, body)


def _headline(page: Front) -> str:
    month = name_of(page.month)
    if page.digest is not None and page.digest.closed_at is not None:
        agreed = count(len(page.agreed), "action")
        return plain("{month} is closed: {agreed} agreed.", month=month, agreed=agreed)
    parts = []
    if page.reds:
        need = "need" if page.reds > 1 else "needs"
        parts.append(plain("{reds} {need} you", reds=count(page.reds, "red"), need=need))
    if page.yellows:
        parts.append(plain("{yellows} to choose", yellows=count(page.yellows, "yellow")))
    if page.triggers:
        parts.append(plain("{triggers} fired", triggers=count(page.triggers, "trigger")))
    needs = ", ".join(parts) or plain("nothing needs you")
    about = count(minutes(page.reds, page.yellows, page.triggers, len(page.last)), "minute")
    return plain("{month}: {needs}. About {about}.", month=month, needs=needs, about=about)


def _counts(page: Front) -> Mrkdwn:
    """The leader's own numbers, and those of everybody below in one line of their own."""
    parts = _colours(page.counts)
    if page.climbed:
        parts.append(plain("{reds} climbed to you", reds=count(page.climbed, "red")))
    if page.last:
        done = sum(action.state is ActionState.DONE for action in page.last)
        parts.append(plain("last month's actions: {done} of {all} done", done=done, all=len(page.last)))
    if not page.below:
        return join(parts)
    return say(
        "{own}\nWith the leaders below you: {all}",
        own=join(parts),
        all=join(_colours(summed([page.counts, page.below]))),
    )


def _colours(counts: Counts) -> list[str]:
    order = (Colour.RED, Colour.YELLOW, Colour.SLIPPING, Colour.GREEN, Colour.GREY)
    words = {Colour.RED: "red", Colour.YELLOW: "yellow", Colour.SLIPPING: "slipping", Colour.GREEN: "green"}
    found = {colour: sum(n for (one, _), n in counts.items() if one is colour) for colour in order}
    return [
        plain("{symbol} {n} {word}", symbol=SYMBOLS[one], n=found[one], word=words.get(one, "not filed"))
        for one in order
        if found[one] or one in {Colour.RED, Colour.GREEN}
    ]
