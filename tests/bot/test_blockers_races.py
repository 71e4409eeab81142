"""Two at once: exactly one of them wins, and the other hears how it stands."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy.orm import Session

from bot.app import RITUALS
from bot.blockers import acts, climbing, closing, talking, views
from bot.blockers.refusals import Already
from bot.payloads import Who
from bot.pressed import Pressed
from bot.scheduler import open_all
from rituals.blockers import Blocker, BlockerState
from rituals.ladder import Step
from rituals.refusals import Refusal
from storage import audit, occurrences
from storage.database import Database
from tests.bot.steps import file, stored
from tests.bot.test_blockers import at, blocker, of, stuck
from tests.bot.test_blockers_ladder import WEDNESDAY, helped, pending
from tests.bot.world import TUESDAY, WORKSPACE, World


def pressed(world: World, name: str) -> Pressed:
    return Pressed.of(Who(WORKSPACE, world.people[name].slack_id, views.ACK), None, None)


async def both(*works: Coroutine[Any, Any, Any]) -> list[Refusal | None]:
    """Do all of it at once; return what each was refused with."""

    async def one(work: Coroutine[Any, Any, Any]) -> Refusal | None:
        try:
            await work
        except Refusal as refusal:
            return refusal
        return None

    return list(await asyncio.gather(*(one(work) for work in works)))


async def test_of_two_who_resolve_at_once_one_does_and_the_other_hears_who(morning: World, database_url: str) -> None:
    one = await stuck(morning)
    now, another = morning.clock.now, Database(database_url)
    try:
        here = morning.cadence.deps.database
        refused = await both(
            here.write(closing.resolve, one.id, "They signed", pressed(morning, "Dana"), now),
            another.write(closing.resolve, one.id, "We called", pressed(morning, "Priya"), now),
        )
    finally:
        await another.close()
    await morning.deliver()

    (loser,) = [each for each in refused if each is not None]
    closed = await blocker(morning)
    assert isinstance(loser, Already)
    assert loser.shown.closer is not None
    assert loser.shown.closer.id == closed.closed_by_id
    entries = await morning.read(audit.of, [one.id])
    assert sum((entry.after or {}).get("state") == BlockerState.RESOLVED for entry in entries) == 1
    assert await pending(morning) == []


async def test_a_climb_that_fires_while_somebody_acks_leaves_one_truth(morning: World, database_url: str) -> None:
    one = await stuck(morning)
    await morning.at("13:00", TUESDAY)
    now, another = at("09:00", WEDNESDAY), Database(database_url)
    morning.clock.now = now
    here, seen_before = morning.cadence.deps.database, await morning.read(occurrences.coming, [Step.CLIMB], now)
    assert len(seen_before) == 1
    try:
        await both(
            here.write(acts.ack, one.id, None, pressed(morning, "Dana"), now),
            open_all(another, RITUALS, now),
        )
        await open_all(another, RITUALS, now)
        await another.write(climbing.OPENERS[Step.CLIMB], seen_before, now)
    finally:
        await another.close()
    await morning.deliver()

    after = await blocker(morning)
    assert after.state is BlockerState.ACKED
    assert await pending(morning) == [Step.LAPSE]
    assert [("I have it" in str(message)) for message in helped(morning)] in ([], [False])


async def test_a_merge_while_one_of_the_two_is_resolved_never_loses_both(morning: World, database_url: str) -> None:
    one = await stuck(morning)
    assert (await file(morning, "Tom", "Calls", stuck="The NDA is with Legal")).ok
    other, now, another = await blocker(morning, 2), morning.clock.now, Database(database_url)
    try:
        refused = await both(
            morning.cadence.deps.database.write(acts.merge, other.id, one.id, pressed(morning, "Dana"), now),
            another.write(closing.resolve, one.id, None, pressed(morning, "Priya"), now),
        )
    finally:
        await another.close()

    kept, gone = await blocker(morning), await blocker(morning, 2)
    assert kept.state is BlockerState.RESOLVED
    merged = refused[0] is None
    assert (gone.merged_into_id == kept.id) == merged
    assert gone.live != merged
    assert await pending(morning) == ([] if merged else [Step.WARN])


async def test_two_merges_crosswise_do_not_wait_for_each_other(morning: World, database_url: str) -> None:
    one = await stuck(morning)
    assert (await file(morning, "Tom", "Calls", stuck="The NDA is with Legal")).ok
    other, now, another = await blocker(morning, 2), morning.clock.now, Database(database_url)
    runs: list[str] = []

    def merge(tx: Session, gone: Blocker, kept: Blocker, who: str) -> None:
        runs.append(who)
        acts.merge(tx, gone.id, kept.id, pressed(morning, who), now)

    try:
        refused = await both(
            morning.cadence.deps.database.write(merge, other, one, "Dana"), another.write(merge, one, other, "Priya")
        )
    finally:
        await another.close()

    assert [type(each) for each in refused if each is not None] == [Already]
    assert [each.live for each in sorted(await stored(morning, Blocker), key=lambda b: b.number)] == [True, False]
    assert sorted(runs) == ["Dana", "Priya"]  # after a deadlock one of them would have run again


async def test_the_same_form_sent_three_times_is_one_blocker_and_one_message(morning: World) -> None:
    one = await stuck(morning)
    now = morning.clock.now

    async def thrice(work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        await both(work(), work(), work())

    write = morning.cadence.deps.database.write
    await thrice(lambda: write(talking.update, one.id, "Legal called", ["U0TOM"], pressed(morning, "Dana"), now))
    await thrice(lambda: write(talking.ask, one.id, "Who?", pressed(morning, "Dana"), now))
    await morning.deliver()

    assert len(of(morning, "Tom", "B-1")) == 1
    assert len([message for message in morning.dm("Tom") if "Legal called" in str(message)]) == 1
