"""What the ladders and the weeklies of a month came to, read from the record and judged by what they promise."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from rituals.blockers import Blocker
from rituals.ladder import Step
from rituals.meetings import Kind, Line, Meeting
from storage import audit, values
from storage.audit import Entry
from storage.occurrences import State
from storage.outbox import State as Sent
from storage.tables import Occurrences, Outbox
from tests.month.tally import Tally

Rows = Mapping[str, Any]
QUESTION = "what should we talk about?"
HELP = "For your help: "


def look(tx: Session) -> Rows:
    """Blockers with their record, what the ladder has planned, and the meetings with what they decided."""
    found = values.fetch(tx, Blocker)
    planned = select(Occurrences.subject).where(Occurrences.state == State.PLANNED, Occurrences.slot.in_(list(Step)))
    return {
        "blockers": found,
        "entries": audit.of(tx, [one.id for one in found]),
        "planned": Counter(tx.execute(planned).scalars()),
        "meetings": values.fetch(tx, Meeting),
        "lines": values.fetch(tx, Line),
        "unsent": list(tx.execute(select(Outbox.key).where(Outbox.state == Sent.DEAD)).scalars()),
    }


def judge(tally: Tally, rows: Rows) -> None:
    """Write down what was promised and not kept."""
    by_blocker: dict[UUID, list[Entry]] = {}
    for entry in rows["entries"]:
        by_blocker.setdefault(entry.subject, []).append(entry)
    tally.blockers = len(rows["blockers"])
    for one in rows["blockers"]:
        tally.broken += _climbs(tally, one, by_blocker.get(one.id, []))
        steps = rows["planned"][one.id]
        if steps > (1 if one.live else 0):
            tally.broken.append(f"{one.label} is {one.state} with {steps} steps pending")
        tally.broken += _after_the_end(tally, one)
    asked = Counter((one.name, one.text) for one in tally.came if one.text.endswith(QUESTION))
    tally.broken += [f"{name} was asked {n} times: {text}" for (name, text), n in asked.items() if n > 1]
    tally.broken += [f"Slack refused {key}" for key in rows["unsent"]]
    tally.broken += _meetings(tally, rows["meetings"], rows["lines"])


def _climbs(tally: Tally, one: Blocker, entries: Sequence[Entry]) -> list[str]:
    """Each level once a climb, and by the clock only after a warning."""
    found: list[str] = []
    reached: Counter[tuple[int, int]] = Counter()
    climb = 1
    for entry in entries:
        before, after = entry.before or {}, entry.after or {}
        climb = after.get("climb", climb)
        if after.get("level", 0) <= before.get("level", 0):
            continue
        tally.climbs += 1
        reached[climb, after["level"]] += 1
        if entry.act.actor_id is None and before.get("warned_id") is None:
            found.append(f"{one.label} climbed to {after['level']} and nobody was warned")
    return found + [f"{one.label} reached level {level} {n} times" for (_, level), n in reached.items() if n > 1]


def _after_the_end(tally: Tally, one: Blocker) -> list[str]:
    """Nothing asks for help, and nothing warns, after a blocker was closed for good."""
    if one.closed_at is None:
        return []
    late = [came for came in tally.came if came.wall > one.closed_at and _asks(came.text, one.label)]
    return [f"{came.name} was asked about {one.label}, {one.state} before: {came.text}" for came in late]


def _asks(text: str, label: str) -> bool:
    return text.startswith(f"{HELP}{label} ") or (text.startswith(f"*{label}*") and " goes to " in text)


def _meetings(tally: Tally, meetings: Sequence[Meeting], lines: Sequence[Line]) -> list[str]:
    """A closed weekly has both lists and its minutes, and left nothing parked behind."""
    found = []
    for one in meetings:
        if one.closed_at is None:
            continue
        tally.weeklies += 1
        kinds = {line.kind for line in lines if line.meeting_id == one.id}
        ticked = {kind for kind, none in ((Kind.MADE, one.made_none), (Kind.NEEDED, one.needed_none)) if none}
        if kinds | ticked != set(Kind) or not one.minutes:
            found.append(f"the weekly of {one.day} closed with {kinds} and {ticked}")
    return found
