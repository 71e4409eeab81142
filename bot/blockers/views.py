"""What people see of a blocker: its card, what a leader is asked, the lines that say what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from rituals import calendar
from rituals.blockers import HELD, Blocker, BlockerState, Update
from rituals.cadence import WEEK
from rituals.people import Person
from rituals.policy import Action

ACK = "blocker.ack"
HAVE = "blocker.have"
ASSIGN = "blocker.assign"
RESOLVE = "blocker.resolve"
PARK = "blocker.park"
MORE = "blocker.more"
ASK = "blocker.ask"
SNOOZE = "blocker.snooze"
SEND = "blocker.send"
UPDATE = "blocker.update"
ANSWER = "blocker.answer"
UNDO = "blocker.undo"
SOLVED = "blocker.solved"
STILL = "blocker.still"

LONGEST_LINE = 300
MOST_TRIED = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a blocker's card shows; `age` in the reporter's working days, `may` what its reader may do.

    `ends_at` is when an ack, or its time in the weekly, runs out; `weekly_on` is that weekly's ISO weekday. `tried` is
    what was said, oldest first.
    """

    blocker: Blocker
    reporter: Person
    age: int
    owner: Person | None
    acker: Person | None
    closer: Person | None
    asker: Person | None
    holder: Person | None
    climbs_to: Person | None
    climbs_at: datetime | None
    ends_at: datetime | None
    weekly_on: int | None
    kpi: str | None
    team: str | None
    merged: tuple[str, ...]
    tried: tuple[Update, ...]
    zone: str
    reader: Person | None
    may: frozenset[Action]

    def name(self, person: Person | None) -> str:
        """Somebody as the reader calls them: "You" of themselves."""
        if person is None:
            return "Somebody"
        return "You" if self.reader is not None and person.id == self.reader.id else person.given_name


def value_of(blocker: Blocker) -> str:
    """What a button of a blocker carries: which, and the version that its presser saw."""
    return f"{blocker.id}:{blocker.version}"


def aged(days: int) -> str:
    """An age in working days."""
    return count(days, "working day") if days else "new today"


# The card


def card(shown: Shown) -> list[Block]:
    """A blocker with what its reader may do about it."""
    found = [blocks.section(text(shown))]
    buttons = _buttons(shown)
    return [*found, blocks.actions(*buttons, block_id=f"blocker:{shown.blocker.id}")] if buttons else found


def text(shown: Shown) -> Mrkdwn:
    """What a card says: the blocker and how it stands, who needs whom, what happens next."""
    blocker = shown.blocker
    head = say(
        "{mark} *{label}* {text} · _{state}_",
        mark=_mark(blocker),
        label=blocker.label,
        text=blocks.cut(blocker.text, LONGEST_LINE),
        state=state(shown),
    )
    return join([head, join(_facts(shown))], "\n")


def _mark(blocker: Blocker) -> str:
    if not blocker.live:
        return "⚪"
    return "🔺" if blocker.level else "🟠"


def state(shown: Shown) -> Mrkdwn:
    """How a blocker stands, in a few words."""
    blocker = shown.blocker
    if not blocker.live:
        return closed(shown)
    age = aged(shown.age)
    if blocker.snoozed and blocker.snoozed_until is not None:
        until = blocks.short_day(blocker.snoozed_until)
        return say("snoozed until {until}: {why}", until=until, why=blocker.snooze_reason or "")
    if blocker.state is BlockerState.PARKED:
        day = shown.weekly_on
        weekly = plain("the weekly") if day is None else plain("{day}'s weekly", day=WEEK[day - 1])
        return say("parked for {weekly}, {age}", weekly=weekly, age=age)
    if blocker.state is BlockerState.ACKED:
        return say("acked, {age}", age=age)
    return say("open, {age}", age=age)


def closed(shown: Shown) -> Mrkdwn:
    """How a blocker was closed, by whom and when."""
    blocker = shown.blocker
    word = "resolved" if blocker.state is BlockerState.RESOLVED else "dropped"
    if blocker.merged_into_id is not None:
        word = "merged into another"
    how = say(": {how}", how=blocks.cut(blocker.closing, LONGEST_LINE)) if blocker.closing else Mrkdwn("")
    if blocker.closed_at is None or shown.closer is None:
        return say("{word}{how}", word=word, how=how)
    at = blocks.day_and_time(blocker.closed_at, shown.zone)
    who = shown.name(shown.closer)
    return say("{word} by {who}, {at}{how}", word=word, who=who if who != "You" else "you", at=at, how=how)


def _facts(shown: Shown) -> list[Mrkdwn]:
    blocker = shown.blocker
    needs = [blocker.needs] if blocker.needs and blocker.needs != shown.team else []
    needs += [plain("the team {team}", team=shown.team)] if shown.team else []
    verb = "need" if shown.name(shown.reporter) == "You" else "needs"
    who = say("{who} {verb} {needs}", who=shown.name(shown.reporter), verb=verb, needs=", ".join(needs))
    found = [who] if needs else [say("from {who}", who=shown.reporter.given_name)]
    found += [say("impact: {impact}", impact=blocker.impact.lower())] if blocker.impact else []
    found += [say("KPI: {kpi}", kpi=shown.kpi)] if shown.kpi else []
    if shown.owner is not None and blocker.live:
        by = say(", by {day}", day=blocks.short_day(blocker.due_on)) if blocker.due_on else Mrkdwn("")
        found.append(say("owner: {who}{by}", who=shown.owner.given_name, by=by))
    found += [say("said again {n} times", n=blocker.restated)] if blocker.restated > 1 else []
    found += [say("with {labels}", labels=", ".join(shown.merged))] if shown.merged else []
    found += [Mrkdwn(f"<{blocker.link}|the message>")] if blocker.link else []
    following = what_next(shown)
    return [*found, following] if following else found


def what_next(shown: Shown) -> Mrkdwn | None:
    """What happens if nobody moves."""
    blocker = shown.blocker
    if not blocker.live or blocker.snoozed:
        return None
    if shown.ends_at is not None and blocker.acked_at is not None:
        word = "parked it" if blocker.state is BlockerState.PARKED else "acked"
        return say(
            "{who} {word} {at}. Reopens {ends} if nothing moves.",
            who=shown.name(shown.acker),
            word=word,
            at=blocks.day_and_time(blocker.acked_at, shown.zone),
            ends=blocks.day_and_time(shown.ends_at, shown.zone),
        )
    if shown.climbs_at is not None and shown.climbs_to is not None:
        to = shown.climbs_to
        at = blocks.day_and_time(shown.climbs_at, shown.zone)
        return say("Next: {who} ({role}), {at}", who=to.given_name, role=to.role.value, at=at)
    return None


def _buttons(shown: Shown) -> list[Block]:
    blocker, value = shown.blocker, value_of(shown.blocker)
    if not blocker.live:
        return []
    triage, settle = Action.BLOCKER_TRIAGE in shown.may, Action.BLOCKER_SETTLE in shown.may
    found = []
    if triage and (blocker.state is not BlockerState.ACKED or blocker.snoozed):
        found.append(blocks.button("Ack", ACK, value, "primary"))
    if triage:
        found.append(blocks.button("Assign…", ASSIGN, value))
    if settle:
        found.append(blocks.button("Resolve…", RESOLVE, value))
    if triage and (blocker.state is not BlockerState.PARKED or blocker.snoozed):
        found.append(blocks.button("Park to weekly", PARK, value))
    # Once somebody has it, news is what keeps it theirs: the button stands where `Ack` stood.
    if settle and (not triage or (blocker.state in HELD and not blocker.snoozed)):
        found.append(blocks.button("Update…", UPDATE, value))
    menu = _menu(shown)
    return [*found, blocks.overflow(MORE, menu)] if menu else found


def _menu(shown: Shown) -> list[Block]:
    blocker = shown.blocker
    found = []
    if Action.BLOCKER_ASK in shown.may:
        found.append(("ask", plain("Ask {who}", who=shown.reporter.given_name)))
    if Action.BLOCKER_TRIAGE in shown.may:
        found += [("snooze", "Snooze…"), ("merge", "Merge…")]
    if Action.BLOCKER_SETTLE in shown.may:
        found += [("escalate", "Escalate now…"), ("decide", "Make it a decision…")]
    return [blocks.option(label, f"{verb}:{blocker.id}") for verb, label in found]


# What is said


def message(shown: Shown, above: Mrkdwn | None = None) -> dict[str, Any]:
    """A blocker as a message of its own, with a line about what is new."""
    summary = plain("{label} {text}", label=shown.blocker.label, text=shown.blocker.text)
    head = [] if above is None else [blocks.section(above)]
    return blocks.message(summary, [*head, *card(shown)])


def note(words: Mrkdwn, buttons: Sequence[Block] = ()) -> dict[str, Any]:
    """A line in the thread of what somebody has of a blocker already."""
    body = [blocks.section(words), *([blocks.actions(*buttons)] if buttons else [])]
    return {**blocks.message("", body), "text": words}


def warning(shown: Shown) -> dict[str, Any]:
    """What whoever must act hears four working hours before it climbs (F29)."""
    blocker, to = shown.blocker, shown.climbs_to
    at = Mrkdwn("") if shown.climbs_at is None else blocks.day_and_time(shown.climbs_at, shown.zone)
    words = say(
        "*{label}* {text} goes to {who} {at}.",
        label=blocker.label,
        text=blocks.cut(blocker.text, LONGEST_LINE),
        who="" if to is None else to.given_name,
        at=at,
    )
    value = value_of(blocker)
    buttons = (blocks.button("Ack", ACK, value, "primary"), blocks.button("Send with my ask…", SEND, value))
    return note(words, buttons)


def for_help(shown: Shown) -> dict[str, Any]:
    """What the next level up is asked (F29): neutral, and in nobody's name but theirs who wrote it (M16)."""
    blocker = shown.blocker
    if blocker.ask and shown.asker is not None:
        ask = say("{who} asks: _{ask}_", who=shown.asker.given_name, ask=blocker.ask)
    elif shown.asker is not None:
        ask = say("{who} sent it up.", who=shown.asker.given_name)
    else:
        ask = say("_Climbed by the clock; no ask written yet._")
    age = aged(shown.age)
    head = say("*For your help: {label}*, {age}. {ask}", label=blocker.label, age=age, ask=ask)
    lines = [head, say("{text}", text=blocks.cut(blocker.text, LONGEST_LINE)), join(_facts(shown)), _tried(shown)]
    summary = plain("For your help: {label} {text}", label=blocker.label, text=blocker.text)
    body = [blocks.section(join([line for line in lines if line], "\n"))]
    if blocker.state is not BlockerState.OPEN or blocker.snoozed:
        return blocks.message(summary, [*body, blocks.context(say("_{state}_", state=state(shown))), *card(shown)[1:]])
    value = value_of(blocker)
    buttons = (
        blocks.button("I have it", HAVE, value, "primary"),
        blocks.button("Ask", ASK, value),
        blocks.button("Give to…", ASSIGN, value),
        blocks.button("Not now…", SNOOZE, value),
    )
    return blocks.message(summary, [*body, blocks.actions(*buttons, block_id=f"blocker:{blocker.id}")])


def _tried(shown: Shown) -> Mrkdwn:
    tried = [
        say("{text} {day}", text=blocks.cut(one.text, 80), day=blocks.short_day(calendar.local_day(one.at, shown.zone)))
        for one in shown.tried[-MOST_TRIED:]
    ]
    parts = [say("Tried: {tried}", tried=join(tried, ", "))] if tried else []
    parts += [say("Worth: {worth}", worth=shown.blocker.worth)] if shown.blocker.worth else []
    return join(parts)


def answer_button(blocker: Blocker) -> Block:
    """The way to answer what was asked."""
    return blocks.button("Answer", ANSWER, value_of(blocker), "primary")


def still_stuck_buttons(blocker: Blocker) -> list[Block]:
    """What a reporter is asked who no longer names a blocker that others work on (F32)."""
    value = value_of(blocker)
    return [blocks.button("Solved", SOLVED, value, "primary"), blocks.button("Still", STILL, value)]


def still_button(blocker: Blocker) -> Block:
    """What a reporter says whose blocker somebody else closed too early."""
    return blocks.button("Still stuck", STILL, value_of(blocker))


def undo_button(act_id: object) -> Block:
    """Take a resolve back, for ten minutes (F142)."""
    return blocks.button("Undo", UNDO, str(act_id))
