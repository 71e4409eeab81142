"""`/blockers` and its verbs: the list, and one line for each thing that a card's buttons do."""

from collections.abc import Callable, Coroutine
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from bot.blockers import acts, closing, handlers, new_handlers, opening, raising, reading, talking, words
from bot.blockers.handlers import Load
from bot.blockers.refusals import WhatIsIt
from bot.blockers.words import Line
from bot.catalogue import Mrkdwn, as_read, say
from bot.commands import Call, Noun, Verb
from bot.ids import same_id
from bot.payloads import Press
from bot.pressed import Pressed
from bot.weekly import theme_list
from rituals import calendar
from storage import people

PAGED = frozenset({"page"})


def _page(call: Call) -> str:
    return call.options.get("page", "")


async def triage(call: Call) -> None:
    """`/blockers`: what concerns me, escalated and oldest first."""
    await call.answer(*await call.deps.database.read(reading.triage, call.who, _page(call), call.deps.clock()))


async def mine(call: Call) -> None:
    """`/blockers mine` (F27)."""
    await call.answer(*await call.deps.database.read(reading.mine, call.who, _page(call), call.deps.clock()))


async def team(call: Call) -> None:
    """`/blockers team [team]`."""
    name = call.text.lstrip("#") or call.options.get("team", "")
    read = call.deps.database.read(reading.team, call.who, name, _page(call), call.deps.clock())
    await call.answer(*await read)


async def show(call: Call) -> None:
    """`/blockers show 42`."""
    await call.answer(*await call.deps.database.read(reading.show, call.who, call.text, call.deps.clock()))


async def new(call: Call) -> None:
    """`/blockers new [text]`: at once with words, without them the form (F37)."""
    if not call.text:
        await call.accept()
        await new_handlers.open_new(call.deps, call, "", None)
        return
    blocker_id, now = same_id("blocker of a command", call.trigger_id), call.deps.clock()
    await call.answer(await call.deps.database.write(raising.from_words, call.who, as_read(call.text), blocker_id, now))
    call.deps.wake()


# One line


async def _named(call: Call) -> tuple[UUID, str]:
    return await call.deps.database.read(reading.named, call.who.workspace, call.text)


async def _worded(call: Call) -> tuple[UUID, str]:
    blocker_id, rest = await _named(call)
    return blocker_id, as_read(rest)


async def _line(call: Call, rest: str, *, dated: bool) -> Line:
    person = await call.deps.database.read(people.find_by_slack, call.who.workspace, call.who.slack_id)
    today = calendar.local_day(call.deps.clock(), "UTC" if person is None else person.zone)
    return words.read(rest, call.who.slack_id, today, dated=dated)


async def _form(call: Call, title: str, load: Load, blocker_id: UUID) -> None:
    """What a line leaves out is asked in the form of the button."""
    await call.accept()
    press = Press(call.who, "", "", "", call.trigger_id, call.response_url, None, None)
    await handlers.show(call.deps, press, title, load, blocker_id)


async def _done(call: Call, work: Coroutine[Any, Any, Mrkdwn | None]) -> None:
    said = await work
    call.deps.wake()
    await call.answer(said or say("Done."))


def _pressed(call: Call) -> Pressed:
    return Pressed.of(call.who, None, None)


def at_once(transaction: handlers.AtOnce) -> Callable[[Call], Coroutine[Any, Any, None]]:
    """A verb that needs nothing but the number."""

    async def verb(call: Call) -> None:
        blocker_id, _ = await _named(call)
        write = call.deps.database.write(transaction, blocker_id, None, _pressed(call), call.deps.clock())
        await _done(call, write)

    return verb


async def resolve(call: Call) -> None:
    """`/blockers resolve 42 [what solved it]`, with `Undo`."""
    blocker_id, rest = await _worded(call)
    said, act = await call.deps.database.write(closing.resolve, blocker_id, rest, _pressed(call), call.deps.clock())
    call.deps.wake()
    await call.answer(said, [] if act is None else handlers.undoable(said, act))


async def assign(call: Call) -> None:
    """`/blockers assign 42 @lee [by friday]`; without a person, the form."""
    blocker_id, rest = await _named(call)
    line = await _line(call, rest, dated=True)
    if line.person is None:
        await _form(call, "Assign", partial(opening.assign, by=line.day), blocker_id)
        return
    if line.text:
        raise WhatIsIt("/blockers assign 42 @lee by friday")
    now = call.deps.clock()
    await _done(call, call.deps.database.write(acts.assign, blocker_id, line.person, line.day, _pressed(call), now))


async def snooze(call: Call) -> None:
    """`/blockers snooze 42 until 12 Dec waiting for audit`; without a date or a reason, the form."""
    blocker_id, rest = await _named(call)
    line = await _line(call, rest, dated=True)
    if line.day is None or not line.text:
        await _form(call, "Not now", partial(opening.snooze, until=line.day, why=line.text or None), blocker_id)
        return
    until: date = line.day
    now = call.deps.clock()
    await _done(call, call.deps.database.write(acts.snooze, blocker_id, until, line.text, _pressed(call), now))


async def escalate(call: Call) -> None:
    """`/blockers escalate 42 what you ask`; without an ask, the form."""
    blocker_id, rest = await _worded(call)
    if not rest:
        await _form(call, "Send", opening.escalate, blocker_id)
        return
    write = call.deps.database.write(acts.escalate, blocker_id, rest, None, _pressed(call), call.deps.clock())
    await _done(call, write)


async def drop(call: Call) -> None:
    """`/blockers drop 42 why`."""
    blocker_id, rest = await _worded(call)
    if not rest:
        raise WhatIsIt("/blockers drop 42 they bought elsewhere")
    await _done(call, call.deps.database.write(closing.drop, blocker_id, rest, _pressed(call), call.deps.clock()))


async def update(call: Call) -> None:
    """`/blockers update 42 [@lee] what is new`; without words, the form."""
    blocker_id, rest = await _named(call)
    line = await _line(call, rest, dated=False)
    tell = [line.person] if line.person is not None else []
    if not line.text:
        await _form(call, "Update", partial(opening.update, tell=tell), blocker_id)
        return
    now = call.deps.clock()
    await _done(call, call.deps.database.write(talking.update, blocker_id, line.text, tell, _pressed(call), now))


async def ask(call: Call) -> None:
    """`/blockers ask 42 what`; without words, the form."""
    blocker_id, rest = await _worded(call)
    if not rest:
        await _form(call, "Ask", opening.ask, blocker_id)
        return
    await _done(call, call.deps.database.write(talking.ask, blocker_id, rest, _pressed(call), call.deps.clock()))


async def merge(call: Call) -> None:
    """`/blockers merge 42 47` (F35); with one number, the form."""
    blocker_id, rest = await _named(call)
    if not rest:
        await _form(call, "Merge", opening.merge, blocker_id)
        return
    other_id, _ = await call.deps.database.read(reading.named, call.who.workspace, rest)
    write = call.deps.database.write(acts.merge, blocker_id, other_id, _pressed(call), call.deps.clock())
    await _done(call, write)


async def decide(call: Call) -> None:
    """`/blockers decide 42`: the quick capture of a decision."""
    blocker_id, _ = await _named(call)
    await call.accept()
    await handlers.decide(call.deps, call, blocker_id)


BLOCKERS = Noun(
    "blockers",
    (
        Verb("", "", "what concerns you: escalated, old, new", triage, also=("list",), options=PAGED),
        Verb("new", "[what you are stuck on]", "raises a blocker; without words, the form", new, also=("raise",)),
        Verb("mine", "", "what you reported or own, oldest first", mine, options=PAGED),
        Verb("team", "[team]", "what a team reported, and what others need of it", team, options=PAGED | {"team"}),
        Verb(
            "themes",
            "",
            "what recurs in your team's blockers, to make a theme of it or not",
            theme_list.listed,
            options=frozenset({"team"}),
        ),
        Verb("show", "42", "one blocker with all that was said and done", show),
        Verb("ack", "42", "you have it; nothing climbs while it moves", at_once(acts.ack)),
        Verb("have", "42", "you have it and own it", at_once(acts.take), also=("take",)),
        Verb("assign", "42 @lee [by friday]", "somebody else has it", assign, also=("give",)),
        Verb(
            "resolve", "42 [what solved it]", "it stops nobody any more; ten minutes to undo", resolve, also=("solved",)
        ),
        Verb("park", "42", "the weekly has it", at_once(acts.park)),
        Verb("snooze", "42 until 12 Dec reason", "nobody is asked about it before that day", snooze),
        Verb("escalate", "42 [what you ask]", "the next one up gets it now", escalate),
        Verb("ask", "42 [question]", "asks its owner or reporter", ask),
        Verb("update", "42 [@lee] [what is new]", "whoever is involved hears it once", update, also=("news",)),
        Verb("merge", "42 47", "two that are the same; the older clock stays", merge),
        Verb("decide", "42", "turns it into a decision", decide),
        Verb("drop", "42 why", "nobody will move it", drop),
    ),
    letter="B",
)
