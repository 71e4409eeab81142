"""What a huddle's fan-out would take at Slack's pace: virtual time, no database, no Slack.

The sender's brain is the real one (`bot.pace`), in front of a bucket of tokens like the one that Slack is taken to
have. What the database costs is left out: it is a few per cent.
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from heapq import heappop, heappush
from math import ceil
from random import Random
from typing import NamedTuple
from uuid import UUID

from bot.delivery import AT_ONCE, BATCH, BATCH_SECONDS
from bot.pace import Turnstile
from bot.scheduler import Rhythm
from rituals import calendar
from rituals.huddle import share

PUNCTUAL = timedelta(seconds=60)
"""Later than this after their minute, somebody was asked late (F1)."""
LATENCY = timedelta(milliseconds=150)
"""How long Slack takes for an answer."""
TICK = timedelta(seconds=Rhythm().plan)
"""So much later than its minute the planner may come by."""
LONGEST_LEAD = 12 * 60
"""Minutes; who needs more needs another rate."""
A_MINUTE = timedelta(minutes=1)
FIRST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is asked: `people` of them, shared out over zones by weight, at one wall time of a date."""

    people: int
    zones: Mapping[str, float]
    at: time
    day: date


@dataclass(frozen=True, slots=True)
class Limits:
    """What Slack allows: calls a minute, and how many at once after a rest."""

    rate: float
    burst: float


@dataclass(frozen=True, slots=True)
class Asked:
    """Person `number`, from 1, who was to be asked at `due` and was at `sent`."""

    number: int
    zone: str
    due: datetime
    sent: datetime

    @property
    def late(self) -> bool:
        """Whether they were asked later than a minute after their time."""
        return self.sent - self.due > PUNCTUAL


@dataclass(frozen=True, slots=True)
class Fanout:
    """A simulated fan-out: everybody in the order in which they were asked, and when Slack said 429."""

    lead: int
    asked: Sequence[Asked]
    refusals: Sequence[datetime]

    @property
    def late(self) -> Sequence[Asked]:
        """Who was asked too late, in the order in which they were."""
        return [one for one in self.asked if one.late]

    @property
    def took(self) -> timedelta:
        """From the first message to the last; nothing for nobody."""
        return self.asked[-1].sent - self.asked[0].sent if self.asked else timedelta(0)

    @property
    def refused_most(self) -> int:
        """The most 429s that fell into one minute, the clock's."""
        minutes = [moment.replace(second=0, microsecond=0) for moment in self.refusals]
        return max((minutes.count(minute) for minute in set(minutes)), default=0)

    def of_zone(self, zone: str) -> Sequence[Asked]:
        """Those of one zone."""
        return [one for one in self.asked if one.zone == zone]


@dataclass(slots=True)
class Bucket:
    """Tokens that refill evenly, in virtual time."""

    limits: Limits
    at: datetime
    level: float = field(init=False)

    def __post_init__(self) -> None:
        """Start full."""
        self.level = self.limits.burst

    def wait(self, now: datetime) -> timedelta | None:
        """Take a token; or say how long to wait, in whole seconds and at least one, as Retry-After does."""
        a_second = self.limits.rate / 60
        self.level = min(self.limits.burst, self.level + (now - self.at).total_seconds() * a_second)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return None
        return timedelta(seconds=max(1, ceil((1 - self.level) / a_second)))


class _Message(NamedTuple):
    """Ordered like the outbox: by deadline, then by its start."""

    due: datetime
    start: datetime
    number: int
    zone: str


@dataclass(slots=True)
class _Sender:
    """What `bot.delivery` does, in virtual time: a batch of what is ready, each at its turn, until all have answers."""

    bucket: Bucket
    now: datetime
    stile: Turnstile = field(default_factory=Turnstile)
    answers: deque[tuple[datetime, timedelta | None]] = field(default_factory=deque)
    asked: list[Asked] = field(default_factory=list)
    refusals: list[datetime] = field(default_factory=list)

    def batch_size(self) -> int:
        return max(1, min(BATCH, int(self.stile.pace.rate * BATCH_SECONDS)))

    def learn(self, until: datetime) -> None:
        while self.answers and self.answers[0][0] <= until:
            moment, after = self.answers.popleft()
            pace = self.stile.pace
            self.stile.pace = pace.accepted(moment) if after is None else pace.refused(moment, after)

    def send(self, message: _Message) -> bool:
        if len(self.answers) == AT_ONCE:
            self.now = max(self.now, self.answers[0][0])
            self.learn(self.now)
        self.now += self.stile.enter(self.now)
        self.learn(self.now)
        held = self.stile.pace.held_until
        if held is not None and held > self.now:
            return False
        after = self.bucket.wait(self.now)
        self.answers.append((self.now + LATENCY, after))
        if after is not None:
            self.refusals.append(self.now)
            return False
        self.asked.append(Asked(message.number, message.zone, message.due, self.now))
        return True

    def finish(self) -> None:
        if self.answers:
            self.now = max(self.now, self.answers[-1][0])
        self.learn(self.now)


def fan_out(crowd: Crowd, limits: Limits, lead: int = 0) -> Fanout:
    """Ask everybody, with a lead in minutes; nobody is left out, however long it takes."""
    coming = deque(sorted(_messages(crowd, lead), key=lambda message: message.start))
    if not coming:
        return Fanout(lead, [], [])
    sender = _Sender(Bucket(limits, coming[0].start), coming[0].start)
    ready: list[_Message] = []
    while coming or ready:
        if not ready:
            sender.now = max(sender.now, coming[0].start)
        while coming and coming[0].start <= sender.now:
            heappush(ready, coming.popleft())
        batch = [heappop(ready) for _ in range(min(sender.batch_size(), len(ready)))]
        returned = [message for message in batch if not sender.send(message)]
        sender.finish()
        for message in returned:
            heappush(ready, message)
    return Fanout(lead, sender.asked, sender.refusals)


def _messages(crowd: Crowd, lead: int) -> Iterable[_Message]:
    """One message a person, each at its place in the lead; a zone that skips the date has none."""
    dice = Random(crowd.people)  # noqa: S311 - made-up ids, the same each time
    ahead = lead * A_MINUTE
    numbers = iter(range(1, crowd.people + 1))
    for zone, people in shared_out(crowd).items():
        due = calendar.instant(crowd.day, crowd.at, zone)
        for number in (next(numbers) for _ in range(people)):
            place = share(UUID(int=dice.getrandbits(128)))
            if due is not None:
                yield _Message(due, due - ahead + max(TICK, ahead * place), number, zone)


def shared_out(crowd: Crowd) -> Mapping[str, int]:
    """How many people live in each zone: whole ones, in all as many as there are."""
    whole = sum(crowd.zones.values())
    found: dict[str, int] = {}
    weight = 0.0
    for zone, part in crowd.zones.items():
        weight += part
        # From the running total, so that what is rounded off in one zone turns up in the next.
        found[zone] = round(crowd.people * weight / whole) - sum(found.values())
    return found


def parse_zones(text: str) -> dict[str, float]:
    """Zones with their weights from "Europe/Berlin:3,America/New_York"; without one it is 1.

    Raises ValueError, with a sentence, for a zone that does not exist and a weight that is not above 0.
    """
    found: dict[str, float] = {}
    for part in text.split(","):
        name, colon, weight = part.strip().partition(":")
        if not calendar.is_zone(name):
            raise ValueError(f"{name!r} is not a zone. Write one like Europe/Berlin.")
        if colon and not (weight.replace(".", "", 1).isdecimal() and float(weight) > 0):
            raise ValueError(f"{weight!r} is not a share of people. Write a number above 0, like {name}:3.")
        found[name] = found.get(name, 0) + (float(weight) if colon else 1)
    return found


def suggest(crowd: Crowd, limits: Limits, without: Fanout) -> Fanout | None:
    """The fan-out with the shortest lead, in minutes, with which nobody is late; None when half a day is too short.

    `without` is the same fan-out with no lead. Its latest person says where to begin to look; each look is proven by
    its own simulation.
    """
    found = without
    lead = 0
    while found.late:
        if lead == LONGEST_LEAD:
            return None
        worst = max(one.sent - one.due for one in found.late) - PUNCTUAL
        lead = min(LONGEST_LEAD, lead + max(1, ceil(worst / A_MINUTE)))
        found = fan_out(crowd, limits, lead)
    return found


def report(crowd: Crowd, limits: Limits) -> list[str]:
    """What an operator reads: the fan-out as it would go, and with the lead that mends it."""
    without = fan_out(crowd, limits)
    head = f"{crowd.people} people to be asked at {crowd.at:%H:%M} on {crowd.day:%A} {crowd.day.day} {crowd.day:%B %Y}"
    lines = [f"{head}. Slack takes {limits.rate:g} messages a minute, {limits.burst:g} at once."]
    lines += ["", "Without a lead", *_told(crowd, without)]
    best = suggest(crowd, limits, without)
    if best is None:
        lines += ["", f"No lead of up to {LONGEST_LEAD} minutes lets everybody be asked in time at this rate."]
    elif best.lead:
        minutes = "1 minute" if best.lead == 1 else f"{best.lead} minutes"
        lines += ["", f"With a lead of {minutes} (lead_minutes of the huddle), simulated again", *_told(crowd, best)]
    else:
        lines += ["", "No lead is needed."]
    return lines


def _told(crowd: Crowd, found: Fanout) -> list[str]:
    width = max(map(len, crowd.zones))
    lines = [_zone_line(zone, found.of_zone(zone), width) for zone in crowd.zones]
    refused = f"refused by Slack (429): {len(found.refusals)}"
    if found.refusals:
        refused += f", at most {found.refused_most} in one minute"
    lines.append(f"  from the first message to the last: {_span(found.took)}; {refused}")
    late = found.late
    if not late:
        return [*lines, "  asked more than 60 s late: nobody"]
    share_of_all = f"{len(late)} of {crowd.people}"
    names = ", ".join(f"person {one.number}" for one in late[:FIRST_NAMED])
    more = f" … person {late[-1].number}, {_span(late[-1].sent - late[-1].due)} late" if late[FIRST_NAMED:] else ""
    return [*lines, f"  asked more than 60 s late: {share_of_all} ({names}{more})"]


def _zone_line(zone: str, asked: Sequence[Asked], width: int) -> str:
    if not asked:
        return f"  {zone:{width}}  nobody"
    first, last = (one.sent.astimezone(calendar.zone(zone)) for one in (asked[0], asked[-1]))
    took = _span(asked[-1].sent - asked[0].sent)
    late = sum(one.late for one in asked)
    return f"  {zone:{width}}  {len(asked):6} people  {first:%H:%M:%S} to {last:%H:%M:%S}  {took:>12}  {late:6} late"


def _span(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
