"""A decision as one Markdown file in the shape of MADR, which any Markdown reader gives back as it was written (F76).

People's words stand in it literally: what Markdown would take for markup is escaped, line for line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rituals.decisions import Decision, State
from rituals.decisions_readers import Response
from rituals.search_words import words_of

STATUS = {
    State.DRAFT: "draft",
    State.PROPOSED: "proposed",
    State.APPROVED: "accepted",
    State.RECORDED: "accepted",
    State.KILLED: "rejected",
    State.SUPERSEDED: "superseded",
}
"""MADR's words for where a decision stands."""
LONGEST_SLUG = 60
PARAGRAPH = 2
"""Line feeds that make a new paragraph."""
_LINE_FEED = "&#10;"

_MARKUP = re.compile(r"([\\`*_\[\]<>&~|])")
_OPENING = re.compile(r"^([#+=-]|\d{1,9}(?=[.)]))")
_CLOSING = re.compile(r"(?<!\\)#$")
"""Markdown takes "#" at the end of a title for its frame."""
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Heard:
    """What one reader answered, by name; None while they owe it."""

    name: str
    response: Response | None
    words: str


@dataclass(frozen=True, slots=True)
class Export:
    """A decision with the names of whoever and whatever it points at; "" where there is nobody or nothing."""

    decision: Decision
    owner: str
    author: str
    approver: str
    limit: str
    affects: Sequence[str]
    readers: Sequence[Heard]
    supersedes: str
    superseded_by: str
    takes_up: str


def file_name(decision: Decision) -> str:
    """A name that sorts by number and tells what is in it."""
    slug = "-".join(word for word in words_of(decision.title) if word.isascii())[:LONGEST_SLUG].strip("-")
    return f"D-{decision.number:04}{'-' if slug else ''}{slug}.md"


def markdown(export: Export) -> str:
    """The whole record as one Markdown text."""
    one = export.decision
    facts = "\n".join(f"* {name}: {literal(fact)}" for name, fact in _facts(export))
    parts = [f"# {one.label} {literal(one.title)}", facts]
    confirmed = "" if one.outcome is None else f"{one.outcome}\n{one.learned or ''}".rstrip("\n")
    sections = (
        ("## Context and Problem Statement", literal(one.context)),
        ("## Considered Options", "\n".join(f"* {literal(option)}" for option in one.considered)),
        ("## Decision Outcome\n\n### Chosen Option", literal(one.chosen)),
        ("### Because", literal(one.because)),
        ("### Consequences", literal(one.consequences)),
        ("### We Will Not", literal(one.will_not)),
        ("## Confirmation", literal(confirmed)),
        ("## Why It Was Killed", literal(one.killed_because or "")),
    )
    parts += [f"{heading}\n\n{words}" for heading, words in sections if words]
    if export.readers:
        heard = "\n".join(f"* {literal(_heard(reader))}" for reader in export.readers)
        parts.append(f"## Readers\n\n{heard}")
    return "\n\n".join(parts) + "\n"


def _facts(export: Export) -> Iterator[tuple[str, str]]:
    one = export.decision
    when = one.settled_at or one.proposed_at or one.captured_at
    facts = (
        ("Status", STATUS[one.state]),
        ("Date", when.date().isoformat()),
        ("Captured", one.captured_at.date().isoformat()),
        ("Lane", one.lane or ""),
        ("Limit", export.limit),
        ("Capability", f"{one.capability}, {one.held}" if one.held is not None else one.capability),
        ("Decision-makers", ", ".join(name for name in (export.owner, export.approver) if name)),
        ("Owner", export.owner),
        ("Approver", export.approver),
        ("Written by", export.author),
        ("Decide by", "" if one.decide_by is None else one.decide_by.isoformat()),
        ("Review on", "" if one.review_on is None else one.review_on.isoformat()),
        ("Affects", ", ".join(export.affects)),
        ("Supersedes", export.supersedes),
        ("Superseded by", export.superseded_by),
        ("Takes up again", export.takes_up),
        ("From", one.source or ""),
        ("Kept to", "those it names" if one.restricted else ""),
    )
    return ((name, fact) for name, fact in facts if fact)


def _heard(reader: Heard) -> str:
    if reader.response is None:
        return f"{reader.name}: not yet"
    words = " ".join(reader.words.split())
    return f"{reader.name}: {reader.response}{', ' if words else ''}{words}"


def literal(text: str) -> str:
    """People's words, so that Markdown shows them as they are: markup escaped, lines kept, blanks at the edges kept.

    Characters that no Markdown can hold (control characters but for tab and line feed) are left out.
    """
    known = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    found, gap = "", 0
    for number, line in enumerate(known.split("\n")):
        gap += number > 0
        if line:
            found += (_gap(gap) if found else _LINE_FEED * gap) + _line(line)
            gap = 0
    return found + _LINE_FEED * gap


def _gap(lines: int) -> str:
    """What stands between two lines of words that are so many line feeds apart: a break, a new paragraph, more."""
    return ("", "\\\n", "\n\n")[lines] if lines <= PARAGRAPH else "\n\n" + _LINE_FEED * (lines - PARAGRAPH)


def _line(line: str) -> str:
    """One line, escaped; blanks at its ends as character references, or Markdown would cut them off."""
    body = line.strip()
    start = len(line) - len(line.lstrip())
    before, after = line[:start], line[start + len(body) :]
    escaped = _OPENING.sub(_escaped_opening, _MARKUP.sub(r"\\\1", body))
    return "".join((_references(before), _CLOSING.sub(r"\\#", escaped), _references(after)))


def _escaped_opening(match: re.Match[str]) -> str:
    # A number is escaped behind its digits: "1\." is no list.
    return f"{match[1]}\\" if match[1][0].isdigit() else f"\\{match[1]}"


def _references(blanks: str) -> str:
    return "".join(f"&#{ord(blank)};" for blank in blanks)
