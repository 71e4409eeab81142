"""Files go out below the message that they belong to: once, or not at all when there is no right to."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.delivery import Delivery
from bot.files import ANNOUNCE, SHARE, Drawing, File, Maker
from bot.ids import new_id
from storage import aftermath, outbox
from storage.outbox import Message, Policy, Rank, State
from storage.tables import Outbox
from tests.bot.steps import outbox_row
from tests.bot.world import WORKSPACE, World, world

NOON = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass
class Desk:
    """Two files of whatever the row says, and how often they were made."""

    company: World
    made: list[str] = field(default_factory=list)

    def sender(self, maker: Maker | None = None) -> Delivery:
        """Delivery with this desk, or another, as its only maker."""
        deps = self.company.cadence.deps
        return Delivery(deps.database, deps.slack, deps.clock, makers={"desk": maker or self.make}, paced=False)

    def make(self, _tx: Session, _workspace: str, body: Mapping[str, Any], _now: datetime) -> Drawing:
        self.made.append(body["about"])
        return Drawing(
            "Two parts", lambda: [File(f"{n}.txt", f"Part {n}", f"{body['about']} {n}".encode()) for n in (1, 2)]
        )

    async def enqueued(self) -> None:
        """A line to Priya, and below it the files."""
        bodies = {"line": {"text": "Look below"}, "line:files": {"file": "desk", "about": "November"}}
        line, files = (
            Message(new_id(), WORKSPACE, key, Policy.RESEND, Rank.DIGEST, body, self.company.clock.now)
            for key, body in bodies.items()
        )
        write = self.company.cadence.deps.database.write
        await write(outbox.post, line, self.company.people["Priya"].slack_id)
        await write(outbox.attach, [(files, "line")])

    def shared(self) -> list[dict[str, Any]]:
        """Messages that brought files to Priya."""
        hand = self.company.hand("Priya")
        return [one for one in self.company.sandbox.messages(hand.dm_id) if one.get("files")]

    async def state(self) -> str:
        """How the files stand."""
        return str((await outbox_row(self.company, "line:files"))["state"])

    async def looked(self, delivery: Delivery) -> None:
        """Let what waits for a look be due, and look."""

        def due(tx: Session) -> None:
            tx.execute(update(Outbox).where(Outbox.lease_until.is_not(None)).values(lease_until=LONG_AGO))

        await self.company.cadence.deps.database.write(due)
        await delivery.look()


def _nothing(*_: Any) -> None:
    return None


def _broken(*_: Any) -> Drawing:
    return Drawing("Two parts", lambda: [File("1.txt", "Part 1", bytes(1 // 0))])


@pytest.fixture
async def desk(database_url: str) -> AsyncIterator[Desk]:
    async with world(database_url, NOON, ["files:write"]) as built:
        yield Desk(built)


async def drained(delivery: Delivery) -> None:
    """Send all that is ready."""
    while await delivery.drain():
        pass


async def test_files_stand_in_the_thread_of_their_message_once_it_is_out(desk: Desk) -> None:
    await desk.enqueued()
    await desk.enqueued()
    await drained(desk.sender())

    (line,) = desk.company.dm("Priya")
    (shared,) = desk.shared()
    assert shared["thread_ts"] == line["ts"]
    assert shared["text"] == "Two parts"
    assert [(one["name"], one["title"], one["size"]) for one in shared["files"]] == [
        ("1.txt", "Part 1", 10),
        ("2.txt", "Part 2", 10),
    ]
    assert await desk.state() == State.SENT
    assert desk.made == ["November"]


@pytest.mark.parametrize("fault", ["drop_reply", "error_after"])
async def test_files_whose_answer_was_lost_are_looked_for_and_not_shared_again(desk: Desk, fault: Any) -> None:
    desk.company.sandbox.faults.add(SHARE, fault)
    delivery = desk.sender()
    await desk.enqueued()
    await drained(delivery)
    assert await desk.state() == State.UNKNOWN

    await desk.looked(delivery)
    await drained(delivery)

    assert await desk.state() == State.SENT
    assert len(desk.shared()) == 1


async def test_files_that_nobody_saw_are_shared_again_after_two_looks(desk: Desk) -> None:
    desk.company.sandbox.faults.add(ANNOUNCE, "drop_reply")
    desk.company.sandbox.faults.add(SHARE, "refuse")
    delivery = desk.sender()
    await desk.enqueued()
    await drained(delivery)
    assert await desk.state() == State.READY, "what came before is repeated without a look"

    desk.company.clock.now += timedelta(minutes=1)
    await drained(delivery)
    assert await desk.state() == State.UNKNOWN
    await desk.looked(delivery)
    await drained(delivery)
    assert desk.shared() == []

    await desk.looked(delivery)
    await drained(delivery)

    assert await desk.state() == State.SENT
    assert len(desk.shared()) == 1


@pytest.mark.parametrize("after", [ANNOUNCE, SHARE])
async def test_what_a_lost_sender_was_sharing_goes_out_once(desk: Desk, after: str) -> None:
    def lose(tx: Session) -> None:
        facts: dict[str, Any] = {"state": State.SENDING, "lease_until": LONG_AGO, "channel": None, "ts": None}
        if after == ANNOUNCE:
            facts["file_id"] = None
        tx.execute(update(Outbox).where(Outbox.key == "line:files").values(facts))

    delivery = desk.sender()
    if after == ANNOUNCE:
        desk.company.sandbox.faults.add(ANNOUNCE, "rate_limit", seconds=1)
    await desk.enqueued()
    await drained(delivery)
    await desk.company.cadence.deps.database.write(lose)
    await desk.company.cadence.deps.database.write(aftermath.reap, NOON)
    assert await desk.state() == (State.READY if after == ANNOUNCE else State.UNKNOWN)

    desk.company.clock.now += timedelta(minutes=1)
    await desk.looked(delivery)
    await drained(delivery)

    assert await desk.state() == State.SENT
    assert len(desk.shared()) == 1


async def test_too_many_requests_hold_files_and_are_no_attempt(desk: Desk) -> None:
    desk.company.sandbox.faults.add(SHARE, "rate_limit", seconds=30)
    await desk.enqueued()
    await drained(desk.sender())

    row = await outbox_row(desk.company, "line:files")
    assert (row["state"], row["attempt"]) == (State.READY, 0)
    assert row["not_before"] == desk.company.clock.now + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("expected", "why", "maker"),
    [
        (State.SKIPPED, "there is nothing to send", _nothing),
        (State.SKIPPED, "it could not be made: ZeroDivisionError", _broken),
        (State.DEAD, "file_uploads_disabled", None),
    ],
)
async def test_what_can_not_be_made_or_taken_is_not_tried_again_and_says_why(
    desk: Desk, expected: State, why: str, maker: Maker | None
) -> None:
    desk.company.sandbox.faults.add(ANNOUNCE, "fail", error="file_uploads_disabled")
    await desk.enqueued()
    await drained(desk.sender(maker))

    assert await desk.state() == expected
    assert (await outbox_row(desk.company, "line:files"))["last_error"] == why
    assert desk.shared() == []


async def test_without_the_scope_nothing_is_made_and_nothing_fails(morning: World) -> None:
    desk = Desk(morning)
    await desk.enqueued()
    await drained(desk.sender())

    assert await desk.state() == State.SKIPPED
    assert (await outbox_row(morning, "line:files"))["last_error"] == "files:write is not granted"
    assert desk.made == []
    assert [call.method for call in morning.sandbox.calls if call.method.startswith("files.")] == []
