"""`/blockers`: what concerns somebody, escalated and oldest first, however many there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.blockers import list_views, reading
from bot.payloads import Who
from rituals.blockers import BlockerState
from storage.values import add
from tests import factories
from tests.bot.steps import Json, change, element, filled
from tests.bot.test_blockers import blocker, stuck
from tests.bot.world import WORKSPACE, World, buttons, words

NOW = factories.NOW


def many(world: World, name: str, count: int, first: int = 100, **facts: Any) -> list[Any]:
    """So many blockers of somebody's, the higher the number the newer."""
    who = world.people[name].id
    facts = {"opened_on": date(2026, 11, 16)} | facts
    return [
        factories.blocker(who, first + n, opened_at=NOW - timedelta(days=40) + timedelta(minutes=n), **facts)
        for n in range(count)
    ]


async def put(world: World, values: list[Any]) -> None:
    def write(tx: Session) -> None:
        for start in range(0, len(values), 500):
            add(tx, *values[start : start + 500])

    await world.cadence.deps.database.write(write)


async def asked(world: World, name: str, text: str = "") -> Json:
    assert (await world.hand(name).command("/blockers", text)).ok
    return world.hand(name).ephemerals()[-1]


def labels(shown: Json) -> list[str]:
    """The blockers of a list, in order."""
    return [word.strip("*") for word in words(shown).split() if word.startswith("*B-")]


@contextmanager
def counting() -> Iterator[list[str]]:
    """Every statement that any database is sent meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_mine_are_those_i_reported_or_own_oldest_first_ten_a_page(morning: World) -> None:
    ana = many(morning, "Ana", 11)
    owned = many(morning, "Tom", 1, first=200, owner_id=morning.people["Ana"].id)
    closed = many(morning, "Ana", 1, first=300, state=BlockerState.RESOLVED)
    await put(morning, [*ana, *owned, *closed, *many(morning, "Tom", 3, first=400)])
    shown = await asked(morning, "Ana", "mine")

    assert "*Your blockers* · 12 blockers" in words(shown)
    assert labels(shown) == ["B-100", "B-200", *(f"B-{n}" for n in range(101, 109))]
    assert (await morning.hand("Ana").click(shown, list_views.PAGE)).ok
    assert labels(morning.hand("Ana").ephemerals()[-1]) == ["B-109", "B-110"]
    assert labels(await asked(morning, "Ana", "mine --page 2")) == ["B-109", "B-110"]


async def test_a_manager_sees_what_is_below_them_escalated_first_and_nobody_elses(morning: World) -> None:
    await morning.at("08:00")
    high = many(morning, "Tom", 1, first=150, level=1)
    zoe = many(morning, "Zoe", 1, first=160)
    new = factories.blocker(
        morning.people["Ana"].id, 170, opened_at=morning.clock.now, opened_on=morning.clock.now.date()
    )
    await put(morning, [*many(morning, "Ana", 2), *high, *zoe, new])
    shown = await asked(morning, "Dana")

    assert "4 blockers, 1 escalated, 1 new today, 2 older" in words(shown)
    assert labels(shown) == ["B-150", "B-100", "B-101", "B-170"]
    heads = [line.strip("*") for line in words(shown).splitlines() if line in {"*Escalated*", "*Older*", "*New today*"}]
    assert heads == ["Escalated", "Older", "New today"]
    assert labels(await asked(morning, "Priya")) == ["B-150", "B-100", "B-101", "B-170"]
    assert labels(await asked(morning, "Zoe")) == ["B-160"]
    assert "Nothing is stuck here" in words(await asked(morning, "Ravi"))


async def test_only_who_may_act_has_the_buttons(morning: World) -> None:
    await put(morning, many(morning, "Ana", 1))

    assert "Ack" in buttons(await asked(morning, "Dana"))
    assert "Ack" not in buttons(await asked(morning, "Ana"))
    assert buttons(await asked(morning, "Ana"))[:2] == ["Resolve…", "Update…"]


async def test_a_deputy_sees_the_list_while_they_stand_in_and_not_before(morning: World) -> None:
    await morning.at("08:00")
    dana = morning.people["Dana"]
    await change(morning, replace(dana, deputy_id=morning.people["Zoe"].id))
    await put(morning, many(morning, "Ana", 1))
    assert "Nothing is stuck" in words(await asked(morning, "Zoe"))
    assert "stand in for nobody today" in words(await asked(morning, "Zoe", "team"))
    today = morning.clock.now.date()
    await morning.write(factories.absence(dana.id, today, today + timedelta(days=3)))

    assert labels(await asked(morning, "Zoe")) == labels(await asked(morning, "Zoe", "team")) == ["B-100"]
    assert labels(await asked(morning, "Priya", "team")) == ["B-100"]
    await morning.write(factories.team("Nordics", manager_id=dana.id, channel=None))
    for name in ("Dana", "Zoe", "Priya"):
        assert "You have EMEA, Nordics. Say which one: add --team EMEA." in words(await asked(morning, name, "team"))


async def test_what_is_unknown_or_not_theirs_is_said_with_the_next_step(morning: World) -> None:
    await stuck(morning)
    assert "I don't know the blocker “77”" in words(await asked(morning, "Dana", "ack 77"))
    assert "Only Ana, Dana or an admin can read B-1. Nothing changed. " in words(await asked(morning, "Zoe", "show 1"))
    assert "Only Dana or an admin can triage B-1. Nothing changed. " in words(await asked(morning, "Ana", "ack 1"))
    assert "Which one? Give its number, like 42." in words(await asked(morning, "Dana", "resolve"))
    assert "Type it like this: /blockers drop 42" in words(await asked(morning, "Dana", "drop 1"))
    assert "Did you mean `blockers assign`" in words(await asked(morning, "Dana", "asign 1"))  # codespell:ignore asign
    assert "B-1 *" not in words(await asked(morning, "Zoe"))
    assert (await blocker(morning)).live


async def test_what_a_line_leaves_out_is_asked_in_a_form_that_holds_the_rest(morning: World) -> None:
    await stuck(morning)
    for text, field, kind, said in (
        ("assign 1 by friday", "by", "initial_date", "2026-11-27"),
        ("snooze 1 waiting for audit", "why", "initial_value", "waiting for audit"),
        ("snooze 1 until friday", "until", "initial_date", "2026-11-27"),
        ("update 1 <@U0TOM|tom>", "tell", "initial_users", ["U0TOM"]),
    ):
        assert (await morning.hand("Dana").command("/blockers", text)).ok
        assert element(await filled(morning, "Dana"), field)[kind] == said, text
        await morning.hand("Dana").close(is_cleared=True)


async def test_the_statements_of_a_list_do_not_grow_with_what_it_lists(morning: World) -> None:
    await morning.at("08:00")
    who = Who(WORKSPACE, morning.people["Dana"].slack_id)
    await put(morning, many(morning, "Ana", 3))
    with counting() as few:
        await morning.read(reading.triage, who, "", morning.clock.now)
    await put(morning, many(morning, "Tom", 2000, first=1000))
    with counting() as lots:
        words_said, body = await morning.read(reading.triage, who, "150", morning.clock.now)

    assert len(lots) == len(few)
    assert "2003 blockers" in words_said
    assert len(body) < 40
