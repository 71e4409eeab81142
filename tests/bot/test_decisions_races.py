"""Two at once over one decision: one of them wins, and the other hears how it stands."""

from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.decisions import answers, ending, following
from bot.decisions.card_views import WordsMeta
from bot.decisions.sentences import Already
from bot.payloads import Who
from rituals.decisions import Decision, Settled, State
from rituals.people import Role
from storage import decisions as kept
from storage.database import Database
from tests import factories
from tests.bot.decision_steps import MEMO, captured, opened
from tests.bot.steps import stored, submitted
from tests.bot.test_blockers_races import both
from tests.bot.world import WORKSPACE, World, words

LENA = factories.person("Lena Berg", role=Role.LEADER)


def who(world: World, name: str) -> Who:
    return Who(WORKSPACE, LENA.slack_id if name == "Lena" else world.people[name].slack_id, "")


async def waiting(world: World, number: int, **facts: Any) -> Decision:
    """Ana proposes another decision to Priya."""
    await captured(world)
    await opened(world, number=number)
    assert (await submitted(world, "Ana", MEMO | facts)).ok
    return await numbered(world, number)


async def numbered(world: World, number: int) -> Decision:
    return next(one for one in await stored(world, Decision) if one.number == number)


async def acts(world: World, decision: Decision) -> list[str]:
    """What was done to it, oldest first."""

    def look(tx: Session) -> list[str]:
        return [entry.act for entry in kept.history(tx, decision.id)]

    found: list[str] = await world.read(look)
    return found


Rival = Callable[[Database, World, Decision], Coroutine[Any, Any, Any]]
RIVALS: dict[str, Rival] = {
    "approved": lambda db, w, one: db.write(answers.approve, who(w, "Lena"), one.id, one.version, w.clock.now),
    "returned": lambda db, w, one: db.write(
        answers.send_back, who(w, "Lena"), WordsMeta(id=one.id, version=one.version), "Which?", w.clock.now
    ),
    "killed": lambda db, w, one: db.write(ending.kill, who(w, "Dana"), one.id, "No money", w.clock.now),
}
"""What somebody else does at the moment at which Priya approves."""
ENDS = {"approved": State.APPROVED, "returned": State.DRAFT, "killed": State.KILLED}


async def test_whatever_happens_while_it_is_approved_one_of_the_two_is_done(morning: World, database_url: str) -> None:
    await morning.write(LENA)
    here, another = morning.cadence.deps.database, Database(database_url)
    try:
        for number, (act, rival) in enumerate(RIVALS.items(), 1):
            one = await waiting(morning, number)
            refused = await both(
                here.write(answers.approve, who(morning, "Priya"), one.id, one.version, morning.clock.now),
                rival(another, morning, one),
            )

            (loser,) = [each for each in refused if each is not None]
            done = act if refused[0] else "approved"
            after = await numbered(morning, number)
            assert after.state is ENDS[done]
            assert await acts(morning, one) == ["captured", "proposed", done]
            if done == "returned":
                assert isinstance(loser, Settled)
            else:
                assert isinstance(loser, Already)
                assert loser.by.id == after.settled_by_id
    finally:
        await another.close()


async def test_of_two_that_would_replace_one_only_one_does(morning: World, database_url: str) -> None:
    old = await waiting(morning, 1, touches="no")
    new = await waiting(morning, 2)
    other = await waiting(morning, 3, touches="no")
    now, another = morning.clock.now, Database(database_url)
    here = morning.cadence.deps.database
    await here.write(following.supersede, who(morning, "Ana"), "D-1 with D-2", now)
    try:
        refused = await both(
            here.write(answers.approve, who(morning, "Priya"), new.id, new.version, now),
            another.write(following.supersede, who(morning, "Ana"), "D-1 with D-3", now),
        )
    finally:
        await another.close()
    await morning.deliver()

    gone = await numbered(morning, 1)
    winner: UUID = new.id if refused[1] else other.id
    assert refused[0] is None
    assert (gone.state, gone.superseded_by_id) == (State.SUPERSEDED, winner)
    assert (await acts(morning, old)).count("superseded") == 1


async def test_whoever_comes_too_late_is_told_who_was_faster_and_when(morning: World) -> None:
    await waiting(morning, 1)
    await morning.hand("Dana").command("/decide", "kill D-1 No money")

    for name, text in (("Priya", "approve D-1"), ("Dana", "owner D-1 <@U0TOM> by friday")):
        await morning.hand(name).command("/decide", text)
        told = words(morning.hand(name).ephemerals()[-1])
        at = {"Priya": "11:00", "Dana": "12:00"}[name]
        assert told == f"D-1 was killed by Dana at {at}. Nothing changed."
