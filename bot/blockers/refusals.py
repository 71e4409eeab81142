"""Refusals about blockers as sentences, each with a next step."""

from datetime import datetime, timedelta

from bot.blockers.views import Shown
from bot.blocks import moment
from bot.catalogue import plain
from bot.errors import sentence, told_ago
from rituals import blockers, ladder
from rituals.blockers import LONGEST_SNOOZE, Blocker, BlockerState
from rituals.people import Person
from rituals.refusals import Refusal


class Already(Refusal):
    """Somebody was faster: it is closed, or somebody has it. `shown` is how it stands, to whoever was slower."""

    def __init__(self, shown: Shown, now: datetime) -> None:
        super().__init__(shown.blocker.id)
        self.shown = shown
        self.now = now


class Faster(Refusal):
    """`by` changed it so long `ago`, after what was pressed on was drawn; `shown` is how it stands now."""

    def __init__(self, shown: Shown, by: Person | None, ago: timedelta) -> None:
        super().__init__(shown.blocker.id)
        self.shown = shown
        self.by = by
        self.ago = ago


class NoSuchBlocker(Refusal):
    """No blocker that the asker may read has the number that was typed."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed


class ToldAlready(Refusal):
    """A resolve can't be taken back after ten minutes: everybody counts on it."""

    def __init__(self, blocker: Blocker) -> None:
        super().__init__(blocker.id)
        self.blocker = blocker


class NothingToMerge(Refusal):
    """There is no other live blocker that it could be the same as."""


class WhatIsIt(Refusal):
    """A command that lacks what it needs; `usage` is how it is typed."""

    def __init__(self, usage: str) -> None:
        super().__init__(usage)
        self.usage = usage


@sentence.register
def _(refusal: Already) -> str:
    shown = refusal.shown
    blocker = shown.blocker
    if blocker.live:
        word, who, when = "acked", shown.acker, blocker.acked_at
        word = "parked for the weekly" if blocker.state is BlockerState.PARKED else word
    else:
        word = "resolved" if blocker.state is BlockerState.RESOLVED else "dropped"
        word = "merged into another one" if blocker.merged_into_id is not None else word
        who, when = shown.closer, blocker.closed_at
    by = "" if who is None else plain(" by {who}", who=who.given_name)
    at = "" if when is None else f" {moment(when, refusal.now, shown.zone)}"
    return plain("{label} was {word}{by}{at}. Nothing changed.", label=blocker.label, word=word, by=by, at=at)


@sentence.register
def _(refusal: NoSuchBlocker) -> str:
    typed = refusal.typed[:40]
    if not typed:
        return plain("Which one? Give its number, like 42. /blockers lists those that you may see.")
    return plain("I don't know the blocker “{typed}”. /blockers lists those that you may see.", typed=typed)


@sentence.register
def _(refusal: ToldAlready) -> str:
    words = "Ten minutes have passed, and others count on it. If {label} is still there, whoever reported it presses "
    words += "Still stuck, or type /blockers new and raise it again."
    return plain(words, label=refusal.blocker.label)


@sentence.register
def _(_: NothingToMerge) -> str:
    return plain("The team has no other open blocker. To merge with one of another team, type /blockers merge 42 47.")


@sentence.register
def _(refusal: WhatIsIt) -> str:
    return plain("Type it like this: {usage}. Nothing changed.", usage=refusal.usage)


@sentence.register
def _(refusal: blockers.Closed) -> str:
    return plain("{label} is closed already. Nothing changed.", label=refusal.blocker.label)


@sentence.register
def _(refusal: Faster) -> str:
    who = plain("Somebody") if refusal.by is None else refusal.by.given_name
    return plain("{who} changed this {ago}. Here is the current card.", who=who, ago=told_ago(refusal.ago))


@sentence.register
def _(_: blockers.BadSnooze) -> str:
    return plain("Pick a day after today, at most {days} days ahead.", days=LONGEST_SNOOZE.days)


@sentence.register
def _(refusal: blockers.DueInThePast) -> str:
    day = f"{refusal.due_on:%a} {refusal.due_on.day} {refusal.due_on:%b %Y}"
    return plain("{day} is over. Pick today or a later day.", day=day)


@sentence.register
def _(_: blockers.SameBlocker) -> str:
    return plain("That is the same blocker twice. Name the other one.")


@sentence.register
def _(refusal: blockers.NeedsOwner) -> str:
    words = "{label} was said {times} times and nobody has it. Before you say it again, it needs an owner or goes up: "
    words += "choose in the plan's form, or type /blockers escalate {number} and what you ask."
    blocker = refusal.blocker
    return plain(words, label=blocker.label, times=blocker.restated, number=blocker.number)


@sentence.register
def _(_: ladder.NobodyAbove) -> str:
    return plain("Nobody stands above whoever has it. Ask an admin to set a manager, or give it to somebody.")
