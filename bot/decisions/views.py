"""Decisions as people read them: one line in a list, and the record card with its buttons."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.decisions.capture_views import link
from rituals.decisions import UNDECIDED, Decision, Held, State
from rituals.decisions_clock import days_undecided
from rituals.decisions_lanes import Guardrail
from rituals.decisions_readers import Reader, Response

PAGE = "decide.page"
REPLY = "decide.reply"
AT_ONCE = 10
"""Decisions on one page of a list."""
HELD: Mapping[Held, str] = {Held.CENTRAL: "in one place for all", Held.UNITS: "by each unit"}
"""Where a capability lies, in words."""
LOG_BLOCKS = 30
LONGEST_FACT = 200
LONGEST_ASKED, MOST_ASKED = 100, 5
SAYS: Mapping[Response | None, str] = {
    Response.QUESTION: "{who} asks: “{text}”",
    Response.OBJECT: "{who} objects: “{text}”",
}
"""How what a reader says begins."""
TOLD = frozenset(
    {
        *("title", "context", "options", "chosen", "because", "consequences", "will_not"),
        *("state", "lane", "owner_id", "approver_id", "decide_by", "review_on", "outcome", "killed_because"),
        *("restricted", "capability", "held"),
    }
)
"""Fields whose changes a reader of the log is shown."""
Answer = tuple[Mrkdwn, Sequence[Block]]


@dataclass(frozen=True, slots=True)
class Record:
    """A decision with the names of whoever and whatever it points at, as seen by somebody today."""

    decision: Decision
    names: Mapping[UUID, str]
    readers: Sequence[Reader]
    left: Collection[UUID]
    guardrail: Guardrail | None
    affects: Sequence[str]
    labels: Mapping[UUID, str]
    today: date
    zone: str
    now: datetime

    def name(self, person_id: UUID | None) -> str:
        """Somebody's given name."""
        found = None if person_id is None else self.names.get(person_id)
        return "somebody" if found is None else found.split(maxsplit=1)[0]

    @property
    def responses(self) -> tuple[int, int]:
        """How many readers have answered, and of how many; one who left without a word is waited for no more."""
        counted = [one for one in self.readers if one.response is not None or one.person_id not in self.left]
        return sum(one.response is not None for one in counted), len(counted)


def standing(record: Record) -> Mrkdwn:
    """*Commitment, waiting for Priya* · by Fri 5 Dec · readers 3 of 5."""
    one = record.decision
    lane = "" if one.lane is None else one.lane.capitalize() + ", "
    parts = [say("*{lane}{state}*", lane=lane, state=_state(record))]
    if one.state in UNDECIDED:
        if days := days_undecided(one, record.now):
            parts.append(say("{days} undecided", days=count(days, "day")))
        if one.decide_by is not None:
            parts.append(say("by {day}", day=blocks.short_day(one.decide_by)))
    if record.guardrail is not None:
        limit = record.guardrail
        parts.append(say("within {name}: {limit}", name=limit.name, limit=limit.limit))
    done, of = record.responses
    if of:
        parts.append(say("readers {done} of {of}", done=done, of=of))
    return join(parts)


def _state(record: Record) -> str:
    one = record.decision
    if one.state is State.PROPOSED:
        return plain("waiting for {who}", who=record.name(one.approver_id))
    if one.state is State.APPROVED:
        return plain("approved by {who}", who=record.name(one.settled_by_id))
    if one.state is State.SUPERSEDED and one.superseded_by_id is not None:
        return plain("superseded by {label}", label=record.labels.get(one.superseded_by_id, "another"))
    return {State.DRAFT: "draft", State.RECORDED: "decided", State.KILLED: "killed"}.get(one.state, one.state)


def line(record: Record) -> Mrkdwn:
    """One decision in a list."""
    one = record.decision
    head = say("*{label} {title}* · {owner}", label=one.label, title=one.title, owner=record.name(one.owner_id))
    return join([head, standing(record)], "\n")


def listing(records: Sequence[Record], heading: str, page: int, again: str, *, more: bool) -> Answer:
    """A page of decisions; `again` is what the buttons ask for."""
    if not records:
        nothing = say("{heading}: none. `/decide new` captures one.", heading=heading)
        return nothing, [blocks.section(nothing)]
    head = say("*{heading}*", heading=heading)
    body = [blocks.section(head), *(blocks.section(line(record)) for record in records)]
    turns = [
        blocks.button(label, f"{PAGE}.{way}", f"{number}:{again}")
        for label, way, number, shown in (
            ("Earlier page", "back", page - 1, page > 0),
            ("Next page", "next", page + 1, more),
        )
        if shown
    ]
    return head, [*body, *([blocks.actions(*turns)] if turns else [])]


def capabilities(records: Sequence[Record]) -> Answer:
    """What is decided of each capability: where it lies, by which decision, and when that is looked at again (C11)."""
    head = say("*Capabilities, and where they lie*")
    if not records:
        return head, [blocks.section(say("{head}\nNone is decided yet: the memo has a field for it.", head=head))]
    return head, [blocks.section(head), *(blocks.section(_capability(record)) for record in records)]


def _capability(record: Record) -> Mrkdwn:
    one = record.decision
    where = "" if one.held is None else HELD[one.held]
    parts = [say("*{capability}*: {where}", capability=one.capability, where=where)]
    parts.append(say("{label}, {owner}", label=one.label, owner=record.name(one.owner_id)))
    if one.review_on is not None:
        words = "review on {day}" if one.outcome is None else "reviewed"
        late = one.outcome is None and one.review_on < record.today
        parts.append(say("⚠ review was due on {day}" if late else words, day=blocks.short_day(one.review_on)))
    return join(parts)


def paragraphs(heading: str, words: str) -> list[Block]:
    """A field of a memo under its heading, whole, however long: as many blocks as it takes."""
    if not words.strip():
        return []
    whole = say("*{heading}*\n{words}", heading=heading, words=words)
    return [blocks.section(part) for part in pieces(whole)]


def pieces(markup: Mrkdwn, most: int = blocks.SECTION_LIMIT) -> list[Mrkdwn]:
    """Markup in parts that a block holds, cut at the end of a line or a word where there is one, never in an entity."""
    found = []
    rest = str(markup)
    while len(rest) > most:
        end = max(rest.rfind("\n", 1, most), rest.rfind(" ", most - 200, most))
        end = end + 1 if end > 0 else most
        entity = rest.rfind("&", end - 6, end)
        if entity >= 0 and ";" not in rest[entity:end]:
            end = entity
        found.append(Mrkdwn(rest[:end]))
        rest = rest[end:]
    return [*found, Mrkdwn(rest)]


def memo(record: Record) -> list[Block]:
    """What the memo says, whole."""
    one = record.decision
    said = (
        ("Context", one.context),
        ("Options", "\n".join(f"• {option}" for option in one.considered)),
        ("Chosen", one.chosen),
        ("Because", one.because),
        ("Consequences", one.consequences),
        ("We will not", one.will_not),
    )
    return [block for heading, words in said for block in paragraphs(heading, words)]


def heading(record: Record) -> Mrkdwn:
    """The name of a record and where it stands, with the banner of one that gave way (F74)."""
    one = record.decision
    parts = [say("*{label} {title}*", label=one.label, title=one.title), standing(record)]
    if one.state is State.SUPERSEDED and one.superseded_by_id is not None:
        banner = say("⚠ This gave way to *{label}*.", label=record.labels.get(one.superseded_by_id, "another"))
        parts.insert(0, banner)
    return join(parts, "\n")


def footnotes(record: Record) -> list[Block]:
    """Who, when and where from, in grey."""
    one = record.decision
    parts: list[Mrkdwn] = [say("owner {name}", name=record.name(one.owner_id))]
    if one.author_id != one.owner_id:
        parts.append(say("written by {name}", name=record.name(one.author_id)))
    if one.approver_id is not None:
        parts.append(say("approver {name}", name=record.name(one.approver_id)))
    if one.review_on is not None:
        parts.append(say("review on {day}", day=blocks.short_day(one.review_on)))
    if one.held is not None:
        parts.append(say("{capability}: done {where}", capability=one.capability, where=HELD[one.held]))
    if record.affects:
        parts.append(say("affects {names}", names=", ".join(record.affects)))
    for words, linked in (("replaces {label}", one.supersedes_id), ("takes up {label} again", one.revives_id)):
        if linked is not None and linked in record.labels:
            parts.append(say(words, label=record.labels[linked]))
    if one.source is not None:
        parts.append(link(one.source, "where it came up"))
    if one.restricted:
        parts.append(say("kept to those it names"))
    return [blocks.context(join(parts))]


def reasons(record: Record) -> list[Block]:
    """Why it was returned or killed, and what came of it."""
    one = record.decision
    said = []
    if one.state is State.DRAFT and one.returned_because is not None:
        said += paragraphs("Returned", one.returned_because)
    if one.killed_because is not None:
        said += paragraphs(plain("Killed by {who}", who=record.name(one.settled_by_id)), one.killed_because)
    if one.outcome is not None:
        words = one.outcome if one.learned is None else f"{one.outcome}, {one.learned}"
        said += paragraphs("As expected?", words)
    return said


def responses(record: Record, *, replies: bool = False) -> list[Block]:
    """What readers asked and objected, and what they were told, newest last; with `replies` to answer them (F73)."""
    said = sorted((one for one in record.readers if one.words), key=lambda one: one.said)
    lines = [
        blocks.section(_response(record, one), reply_button(one) if replies and one.reply is None else None)
        for one in said[-MOST_ASKED:]
    ]
    if left := len(said[:-MOST_ASKED]):
        words = say("… and {left} before: `/decide log {label}`", left=left, label=record.decision.label)
        lines.insert(0, blocks.context(words))
    return lines


def reply_button(one: Reader) -> Block:
    """`Answer…` to what a reader said, or another answer than the one there is."""
    label, style = ("Answer…", "primary") if one.reply is None else ("Change the answer…", None)
    return blocks.button(label, REPLY, f"{one.id}:{one.said}", style)


def _response(record: Record, one: Reader) -> Mrkdwn:
    text = blocks.cut(one.words or "", LONGEST_ASKED)
    asked = say(SAYS[one.response], who=record.name(one.person_id), text=text)
    if one.reply is None:
        return say("{asked} _(no answer yet)_", asked=asked)
    reply = blocks.cut(one.reply, LONGEST_FACT)
    return say("{asked} → {who}: “{reply}”", asked=asked, who=record.name(one.replied_by_id), reply=reply)


@dataclass(frozen=True, slots=True)
class Logged:
    """One line of a change log, with people by name."""

    at: datetime
    by: str
    act: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    approver: str | None
    reason: str | None


def change_log(decision: Decision, entries: Sequence[Logged], zone: str) -> Answer:
    """Every change with before, after, approver, time and reason (F71)."""
    head = say("*{label} {title}*, every change of it", label=decision.label, title=decision.title)
    shown = blocks.pages([[blocks.section(_logged(one, zone))] for one in entries], LOG_BLOCKS, blocks.PAGE_CHARACTERS)
    # The newest are what is asked for when all do not fit.
    return head, [blocks.section(head), *shown[-1]]


def _logged(one: Logged, zone: str) -> Mrkdwn:
    parts = [say("{at} · *{by}* · {act}", at=blocks.day_and_time(one.at, zone), by=one.by, act=one.act)]
    for name in one.after:
        if name in TOLD:
            was, now = (_short(facts.get(name)) for facts in (one.before, one.after))
            called = name.removesuffix("_id").replace("_", " ")
            parts.append(say("{name}: {was} → {now}", name=called, was=was, now=now))
    if one.approver is not None:
        parts.append(say("approver: {name}", name=one.approver))
    if one.reason:
        parts.append(say("why: {reason}", reason=_short(one.reason)))
    return join(parts, "\n")


def _short(fact: Any) -> str:
    return "nothing" if fact is None or fact == "" else blocks.cut(str(fact), LONGEST_FACT)
