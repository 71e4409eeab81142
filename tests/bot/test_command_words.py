"""What is typed behind a verb is kept, and said again, as it was typed and not in Slack's markup."""

from dataclasses import asdict
from typing import Any

import pytest

from storage.values import TABLES
from tests.bot.steps import stored
from tests.bot.test_kpis import owned, typed
from tests.bot.world import World

TYPED, READ = "R&D waits for <@U0TOM|tom> <soon>", "R&D waits for @tom <soon>"


async def kept(world: World) -> list[str]:
    """Everything that is stored and holds those words."""
    kinds: list[Any] = list(TABLES)
    rows = [asdict(one) for kind in kinds for one in await stored(world, kind)]
    return [fact for row in rows for fact in row.values() if isinstance(fact, str) and "waits for" in fact]


@pytest.mark.parametrize(
    ("name", "command", "text"),
    [
        ("Ana", "/blockers", "new"),
        ("Ana", "/blockers", "update 1"),
        ("Dana", "/blockers", "ask 1"),
        ("Dana", "/blockers", "escalate 1"),
        ("Dana", "/blockers", "snooze 1 until friday"),
        ("Dana", "/blockers", "resolve 1"),
        ("Dana", "/blockers", "drop 1"),
        ("Ana", "/kpi", "set K-3 90 note"),
        ("Dana", "/stoplight", "act K-3 <@U0ANA> by friday"),
        ("Tom", "/plan", "skip"),
        ("Ana", "/plan", "away tomorrow"),
        ("Dana", "/cadence", "win <@U0ANA|ana>"),
    ],
)
async def test_words_are_kept_as_they_were_typed(morning: World, name: str, command: str, text: str) -> None:
    await owned(morning)
    await typed(morning, "Ana", "new Legal has not returned the NDA", "/blockers")

    told = await typed(morning, name, f"{text} {TYPED}", command)

    assert await kept(morning), told
    assert {fact[fact.index("R&D") :] for fact in await kept(morning)} == {READ}


@pytest.mark.parametrize(
    ("command", "text", "told"),
    [
        ("/blockers", "ack <@U0TOM|tom>", "I don't know the blocker “@tom”."),
        ("/kpi", "show R&D", "“R&amp;D”"),
        ("/plan", "r&d", "I don't know “r&amp;d”."),
        ("/plan", "<@U0TOM|tom>", "“@tom”"),
    ],
)
async def test_what_is_not_known_is_said_again_as_it_was_typed(
    morning: World, command: str, text: str, told: str
) -> None:
    assert told in await typed(morning, "Ana", text, command)


async def test_a_number_alone_shows_what_it_is_of(morning: World) -> None:
    await owned(morning)
    await typed(morning, "Ana", "new Legal has not returned the NDA", "/blockers")

    for text in ("1", "b-1"):
        assert "Legal has not returned the NDA" in await typed(morning, "Ana", text, "/blockers")
    assert await typed(morning, "Ana", "k-3") == await typed(morning, "Ana", "show K-3")
    assert await typed(morning, "Ana", "D-9", "/decide") == await typed(morning, "Ana", "show D-9", "/decide")
    assert "I don't know “1”" in await typed(morning, "Ana", "1 resolve", "/blockers")


async def test_somebody_may_stand_before_the_number(morning: World) -> None:
    await typed(morning, "Ana", "new Legal has not returned the NDA", "/blockers")

    told = await typed(morning, "Dana", "assign <@U0TOM|tom> 1 by friday", "/blockers")

    assert told.startswith("Tom has *B-1*, by Fri 27 Nov")
