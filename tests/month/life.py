"""A month, minute by minute: the clock jumps to what is due next, and people do what people do."""

import heapq
import itertools
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from rituals import calendar
from rituals.owed import PATIENCE, Owed, Why
from rituals.people import Person
from rituals.plans import Answer, Item, Plan, PlanState
from sandbox import Outcome
from sandbox import Person as Hand
from storage import occurrences, values
from storage.outbox import State
from storage.tables import Outbox
from tests.bot.world import words
from tests.month import ladders
from tests.month.company import Away, Office
from tests.month.tally import Tally

Json = dict[str, Any]
Deed = Callable[[], Awaitable[None]]
LONGEST_STEP = timedelta(hours=3)
SETTLES = timedelta(seconds=5)
"""How long after a press people look again: by then what it changed is on their screens."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message of the app as it was posted, and whose DM it stands in."""

    person: Person
    channel: str
    ts: str
    thread: str | None
    body: Json

    @property
    def actions(self) -> set[str]:
        """What its buttons do."""
        rows = (block for block in self.body.get("blocks", ()) if block["type"] == "actions")
        return {element["action_id"] for row in rows for element in row["elements"]}


class Month:
    """Drives an office from its first day to its last, and has every message and press counted."""

    def __init__(self, office: Office, seed: int = 1) -> None:
        self.office = office
        self.random = random.Random(seed)  # noqa: S311 - the same month every time, nothing secret
        self.tally = Tally()
        self.habit: Callable[[Month, Message], None] = lambda _, __: None
        self._todo: list[tuple[datetime, int, Deed]] = []
        self._order = itertools.count()
        self._seen = 0
        self._acting: str | None = None
        self._asked_back: set[tuple[str, str]] = set()
        built = office.company
        self.people = dict(built.people)
        self.tally.away += [gone for gone in built.away if gone.says_on is None]
        self.tally.calendars = {name: person.holidays for name, person in built.people.items()}
        self.tally.names = set(built.people)
        self._by_dm = {self.hand(name).dm_id: name for name in built.people}

    def hand(self, name: str) -> Hand:
        """Whoever is called so, to press and type."""
        return self.office.sandbox.person(self.people[name].slack_id)

    @property
    def now(self) -> datetime:
        """What time it is."""
        return self.office.clock.now

    def at(self, moment: datetime, deed: Deed) -> None:
        """Have something done at an instant, or as soon as the clock gets there."""
        heapq.heappush(self._todo, (moment, next(self._order), deed))

    def later(self, minutes: float, deed: Deed) -> None:
        """Have something done in so many minutes."""
        self.at(self.now + timedelta(minutes=minutes), deed)

    def works(self, name: str) -> bool:
        """Whether somebody is at work now, as far as they know themselves."""
        person = self.people[name]
        return person.active and not self.tally.is_off(name, self.now.astimezone(calendar.zone(person.zone)))

    # The days

    async def live(self) -> Tally:
        """Let the whole time pass; return what it came to."""
        built = self.office.company
        end = datetime.combine(built.last + timedelta(days=1), time(6), UTC)
        while self.now < end:
            self.office.clock.now = min(await self._next(), end)
            await self.office.cadence.scheduler.tick()
            await self.settle()
            while self._todo and self._todo[0][0] <= self.now:
                _, _, deed = heapq.heappop(self._todo)
                await deed()
        await self.settle()
        await self.judge_plans()
        ladders.judge(self.tally, await self.office.cadence.deps.database.read(ladders.look))
        return self.tally

    async def _next(self) -> datetime:
        moments = [self.now + LONGEST_STEP, *([self._todo[0][0]] if self._todo else [])]
        moments += await self.office.cadence.deps.database.read(_due, self.now)
        return max(min(moments), self.now + timedelta(seconds=1))

    async def settle(self) -> None:
        """Send what is ready, and count what has come."""
        await self.office.deliver()
        self._hear()

    def _hear(self) -> None:
        """Count what has come since, let people notice it, and read what the channels hold now."""
        posts = self.office.sandbox.posts
        for post in posts[self._seen :]:
            name = self._by_dm.get(post.channel)
            if name is None or post.to is not None:
                continue
            thread = post.message.get("thread_ts")
            person = self.people[name]
            back = (name, post.text)
            mine = self._acting == name or back in self._asked_back
            self._asked_back.discard(back)
            self.tally.comes(name, self.now, person.zone, post.text, alone=thread is None, asked_for=mine)
            self.habit(self, Message(person, post.channel, post.ts, thread, post.message))
        self._seen = len(posts)
        for team in self.office.company.teams.values():
            if team.channel is not None:
                for message in self.office.sandbox.messages(team.channel):
                    if message.get("bot_id"):
                        place = f"thread in {team.channel}" if message.get("thread_ts") else team.channel
                        self.tally.is_said(place, f"{message['text']}\n{words(message)}")

    # What people do

    async def does(self, name: str, task: str | None, *presses: Awaitable[Outcome]) -> None:
        """Somebody presses, one after the other; what comes to them then is an answer to it."""
        self._acting = name
        for press in presses:
            outcome = await press
            if outcome.errors and all("slow" in said for said in outcome.errors.values()):
                await self.office.cadence.deps.background.drained(10)
                outcome = await self.hand(name).submit()
            assert outcome.ok, (name, task, outcome)
        await self.settle()
        self.office.clock.now += SETTLES
        await self.settle()
        self._acting = None
        if task is not None:
            self.tally.takes(task, len(presses))

    def shown(self, message: Message) -> Json:
        """A message as it reads now."""
        hand = self.hand(message.person.given_name)
        found = hand.messages(message.channel, message.thread)
        return next(one for one in found if one["ts"] == message.ts)

    def asks_back(self, name: str, text: str) -> None:
        """Somebody has put a message off: when it comes back, they asked for it."""
        self._asked_back.add((name, text))

    def goes_away(self, gone: Away) -> None:
        """Somebody has said that they are away."""
        self.tally.away.append(gone)

    # What is left at the end

    async def judge_plans(self) -> None:
        """Look for plans that nobody answered and nobody was nudged about."""
        found: Mapping[str, Any] = await self.office.cadence.deps.database.read(_waiting)
        names = {person.id: person for person in self.people.values()}
        self.tally.plans = len(found["plans"])
        for plan in found["plans"].values():
            writer = names[plan.person_id]
            days = calendar.working_days_since(plan.day, self.office.company.last, "12345")
            # The last days' plans have their two working days still to come, and a holiday may lie between.
            if plan.id in found["open"] and plan.id not in found["nudged"] and writer.active and days > PATIENCE + 1:
                self.tally.unanswered.append(f"{writer.given_name}, {plan.day}")


def _due(tx: Session, now: datetime) -> list[datetime]:
    """When the ledger has something due next, and when something waits for its hour to be sent."""
    waits = select(func.min(Outbox.not_before)).where(Outbox.state == State.READY, Outbox.not_before > now)
    moment = tx.execute(waits).scalar_one_or_none()
    due = occurrences.upcoming(tx, now - timedelta(days=1))  # what a press has overtaken, too
    return [*(one.due_at for one in due[:1]), *([moment] if moment is not None else [])]


def _waiting(tx: Session) -> Mapping[str, Any]:
    plans = {plan.id: plan for plan in values.fetch(tx, Plan) if plan.state is PlanState.FILED}
    items = (item for item in values.fetch(tx, Item) if item.removed_in is None and item.answer is Answer.NONE)
    nudged = {one.plan_id for one in values.fetch(tx, Owed) if one.why is Why.OVERDUE}
    return {"plans": plans, "open": {item.plan_id for item in items}, "nudged": nudged}
