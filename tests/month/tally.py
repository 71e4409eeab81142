"""What a month of messages came to, judged by rules that are written down here once more, apart from the app's.

A later ritual joins by having its messages pass `Tally.comes` and `Tally.is_said`, like all that the sandbox accepts.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from statistics import median
from zoneinfo import ZoneInfo

from rituals.people import Part
from tests.month.company import HOLIDAYS, Away

MOST_A_DAY = 3
USUAL = 1
BUDGET: Mapping[str, int] = {
    "same plan": 1,
    "plan": 2,
    "agree all": 1,
    "redirect": 3,
    "away": 2,
    "ack": 1,
    "have": 1,
    "park": 1,
    "assign": 2,
    "resolve": 2,
    "new blocker": 2,
    "nothing for the weekly": 1,
    "make a theme": 2,
    "+ Action": 2,
    "decision": 2,
    "close a weekly": 2,
}
"""Presses that a task may take, by the click budget of the specification; other tasks are counted and not judged."""
ANSWERS = ("answered your question",)
"""How the text of a message ends that answers its reader's own press, whenever it comes."""
ESCALATIONS = ("For your help: ", " has been undecided for 9 days")
"""What the text of an escalation to a leader holds, which is outside the message budget."""
NEVER_SAID = ("⚠", "redirect", "late", "missing", "open", "edited", "unprepared", "↪", "~")
"""What no channel and no thread of one ever holds, whatever happened."""


@dataclass(frozen=True, slots=True)
class Came:
    """A message to somebody: when on their own wall, and whether it stands alone and answers no press of theirs."""

    name: str
    wall: datetime
    alone: bool
    asked_for: bool
    text: str


@dataclass
class Tally:
    """All that came to people, was said in channels and pressed, and what is wrong with it."""

    away: list[Away] = field(default_factory=list)
    calendars: Mapping[str, str | None] = field(default_factory=dict)
    came: list[Came] = field(default_factory=list)
    presses: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    said: dict[str, set[str]] = field(default_factory=dict)
    private: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    signed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unanswered: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """What the ladders and the weeklies promise and did not keep."""
    plans: int = 0
    blockers: int = 0
    climbs: int = 0
    weeklies: int = 0

    def comes(self, name: str, at: datetime, zone: str, text: str, *, alone: bool, asked_for: bool) -> None:
        """A message reached somebody at an instant."""
        answers = asked_for or text.endswith(ANSWERS)
        self.came.append(Came(name, at.astimezone(ZoneInfo(zone)), alone, answers, text))

    def is_said(self, place: str, text: str) -> None:
        """A channel or a thread of one holds a text, now or after an edit."""
        self.said.setdefault(place, set()).add(text)

    def takes(self, task: str, presses: int) -> None:
        """A task was done with so many presses."""
        self.presses[task][presses] += 1

    # What it came to

    def a_day(self) -> Counter[tuple[str, date]]:
        """New messages that nobody asked for, by person and date of their own calendar; but for escalations."""
        return Counter((one.name, one.wall.date()) for one in self.came if _counts(one))

    @property
    def most(self) -> int:
        """The most that anybody got on a day."""
        return max(self.a_day().values(), default=0)

    @property
    def usual(self) -> float:
        """The median of the days on which somebody got any."""
        return median(self.a_day().values()) if self.a_day() else 0

    def _texts(self, name: str, day: date) -> str:
        mine = [one for one in self.came if (one.name, one.wall.date()) == (name, day)]
        return "; ".join(f"{one.wall:%H:%M} {one.text}" for one in mine if _counts(one))

    def kinds(self) -> str:
        """What came unasked, most frequent first, without names, days and numbers."""
        texts = (one.text for one in self.came if one.alone and not one.asked_for)
        days = r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w* \d+ \w+|\d+|^[A-Z]\w+(?= asks| redirected| would| huddle|:)"
        counted = Counter(re.sub(days, "…", text) for text in texts)
        return ", ".join(f"{text!r} {count}" for text, count in counted.most_common())

    def while_off(self) -> list[Came]:
        """What came to people on a day, or in the half of one, on which they do not work; but for what they asked."""
        return [one for one in self.came if not one.asked_for and self.is_off(one.name, one.wall)]

    def is_off(self, name: str, wall: datetime) -> bool:
        """Whether somebody does not work at a time on their own wall."""
        day = wall.date()
        holiday = day in HOLIDAYS.get(self.calendars.get(name) or "", frozenset())
        part = Part.MORNING if wall.time() < time(13) else Part.AFTERNOON
        gone = any(
            one.name == name and one.first <= day <= one.last and one.part in (Part.WHOLE, part) for one in self.away
        )
        return day.isoweekday() > 5 or holiday or gone

    def shown_up(self) -> list[str]:
        """What stands in a channel that belongs to one person: a redirect, a ⚠, lateness, a name that did not sign."""
        found = []
        for place, texts in self.said.items():
            for text in texts:
                bad = [word for word in NEVER_SAID if re.search(rf"(?i)(?<!\w){re.escape(word)}", text)]
                bad += [secret for secret in self.private if secret in text]
                named = {name for name in self.names if re.search(rf"\b{name}\b", text)}
                bad += sorted(named - self.signed[place])
                found += [f"{place}: {word!r} in {text!r}" for word in bad]
        return found

    def dear(self) -> list[str]:
        """Tasks that took more presses than they may."""
        return [
            f"{task}: {count} presses, may take {BUDGET[task]}"
            for task, counts in self.presses.items()
            for count in counts
            if task in BUDGET and count > BUDGET[task]
        ]

    def misses(self) -> list[str]:
        """Every bar that was missed, in a sentence."""
        found = [
            f"{name} got {count} messages on {day}: {self._texts(name, day)}"
            for (name, day), count in self.a_day().items()
            if count > MOST_A_DAY
        ]
        if self.usual > USUAL:
            found.append(f"on a usual day somebody gets {self.usual:g} messages")
        found += [
            f"{one.name} was reached while off, {one.wall:%a %d %b %H:%M}: {one.text}" for one in self.while_off()
        ]
        found += [f"neither answered nor nudged: {plan}" for plan in self.unanswered]
        return [*found, *self.broken, *self.shown_up(), *self.dear()]

    def table(self) -> str:
        """The figures, a line each."""
        days, spread = self.a_day(), Counter(self.a_day().values())
        shares = ", ".join(f"{count} on {spread[count]}" for count in sorted(spread))
        held, hidden = sum(map(len, self.said.values())), len(self.private)
        lines = [
            f"messages a day that nobody asked for: most {self.most}, median {self.usual:g} ({shares})",
            f"days on which somebody got any: {len(days)}, of {len({name for name, _ in days})} people",
            f"which were: {self.kinds()}",
            f"in threads beyond that: {sum(not one.alone and not one.asked_for for one in self.came)}",
            f"reached while off: {len(self.while_off())}",
            f"plans filed: {self.plans}; neither answered nor nudged: {len(self.unanswered)}",
            f"blockers: {self.blockers}; climbs: {self.climbs}; weeklies closed: {self.weeklies}",
            f"promises of ladders and weeklies broken: {len(self.broken)}",
            f"texts in channels: {held}; {len(self.shown_up())} of {hidden} private texts, names, ⚠ and the like",
            *(_pressed(task, counts) for task, counts in sorted(self.presses.items())),
        ]
        return "\n".join(lines)


def _counts(one: Came) -> bool:
    return one.alone and not one.asked_for and not any(words in one.text for words in ESCALATIONS)


def _pressed(task: str, counts: Counter[int]) -> str:
    bar = f", may take {BUDGET[task]}" if task in BUDGET else ""
    return f"presses for {task}: at most {max(counts)}{bar} ({counts.total()} times)"


def joined(lines: Iterable[str] | Sequence[str], most: int = 20) -> str:
    """Lines, and how many more there are."""
    listed = list(lines)
    more = [f"… and {len(listed) - most} more"] if len(listed) > most else []
    return "\n".join([*listed[:most], *more])
