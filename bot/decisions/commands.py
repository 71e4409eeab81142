"""`/decide` and its verbs."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from bot.catalogue import as_read
from bot.commands import Call, Noun, Verb
from bot.decisions import (
    answers,
    ending,
    exporting,
    following,
    handlers,
    limits,
    loading,
    memo_handlers,
    numbers,
    reading,
)
from bot.decisions.capture_views import Origin
from bot.files import SCOPE
from bot.ids import new_id
from rituals.decisions import title_of

PAGED = frozenset({"page"})


async def listed(call: Call) -> None:
    """`/decide list [open|stuck|mine]`."""
    page = call.options.get("page", "")
    await call.show(reading.listed, call.text, page, call.deps.clock())


async def search(call: Call) -> None:
    """`/decide search words`: best match first, only what the asker may see (F76)."""
    page = call.options.get("page", "")
    text = as_read(call.text)
    await call.show(reading.found, text, page, call.deps.clock())


async def new(call: Call) -> None:
    """`/decide new [title]`: the quick capture."""
    await call.accept()
    await handlers.open_capture(call.deps, call, Origin(id=new_id(), title=title_of(as_read(call.text))))


async def show(call: Call) -> None:
    """`/decide show D-18`."""
    await call.show(reading.show, call.text, call.deps.clock())


async def history(call: Call) -> None:
    """`/decide log D-18`: its change log (F71)."""
    await call.show(reading.history, call.text, call.deps.clock())


async def edit(call: Call) -> None:
    """`/decide edit D-18`: the full form."""
    decision, _ = await _named(call)
    await call.accept()
    await memo_handlers.open_memo(call.deps, call, decision)


async def _named(call: Call) -> tuple[UUID, str]:
    """Which decision the text names, and what follows, as it was typed."""
    decision, rest = await call.deps.database.read(loading.named, call.who.workspace, call.text)
    return decision.id, as_read(rest)


async def _done(call: Call, does: Callable[..., Any], *given: Any) -> None:
    await call.answer(await call.deps.database.write(does, call.who, *given, call.deps.clock()))
    call.deps.wake()


async def owner(call: Call) -> None:
    """`/decide owner D-18 @lee by friday`."""
    await _done(call, ending.name_by_command, call.text)


async def kill(call: Call) -> None:
    """`/decide kill D-18 reason`."""
    decision, reason = await _named(call)
    await _done(call, ending.kill, decision, reason)


async def approve(call: Call) -> None:
    """`/decide approve D-18`."""
    decision, _ = await _named(call)
    await _done(call, answers.approve, decision, None)


async def send_back(call: Call) -> None:
    """`/decide return D-18 words`."""
    decision, words = await _named(call)
    await _done(call, answers.return_by_command, decision, words)


async def supersede(call: Call) -> None:
    """`/decide supersede D-12 with D-18`."""
    await _done(call, following.supersede, call.text)


async def review(call: Call) -> None:
    """`/decide review D-12`: did it come as expected."""
    await call.show(reading.review, call.text, call.deps.clock())


async def export(call: Call) -> None:
    """`/decide export D-18`: its Markdown, as a file in the DM where files may be sent, else to copy."""
    if SCOPE in call.deps.slack.scopes:
        await _done(call, exporting.send, call.text)
        return
    await call.show(exporting.shown, call.text, call.deps.clock())


async def guardrails(call: Call) -> None:
    """`/decide limits`."""
    await call.show(limits.listed)


async def capabilities(call: Call) -> None:
    """`/decide capabilities`: where each lies (C11)."""
    await call.show(reading.capabilities, call.deps.clock())


async def metrics(call: Call) -> None:
    """`/decide numbers`: how long deciding takes, and in which lane (C7)."""
    await call.show(numbers.shown, call.deps.clock())


DECIDE = Noun(
    "decide",
    (
        Verb("list", "[open | stuck | mine]", "newest first; so does `/decide` alone", listed, options=PAGED),
        Verb("new", "[title]", "captures one in three fields", new, also=("capture",)),
        Verb("show", "D-18", "one record, whole", show),
        Verb("edit", "D-18", "writes its memo, and proposes it", edit, also=("write", "propose")),
        Verb("search", "words", "finds memos by their words, best match first", search, also=("find",), options=PAGED),
        Verb("owner", "D-18 @lee by friday", "names who decides, in writing", owner),
        Verb("kill", "D-18 reason", "ends it undecided; the work stops", kill),
        Verb("approve", "D-18", "approves a commitment", approve),
        Verb("return", "D-18 words", "sends a commitment back", send_back),
        Verb("supersede", "D-12 with D-18", "the first gives way to the second", supersede),
        Verb("review", "D-12", "as expected?", review),
        Verb("log", "D-18", "every change of it: before, after, who, when, why", history),
        Verb("export", "D-18", "its Markdown, as a file or to copy", export),
        Verb("limits", "", "named limits, and how often each was used", guardrails, also=("guardrails",)),
        Verb("capabilities", "", "what is done in one place and what by each unit, by which decision", capabilities),
        Verb("numbers", "", "days to decide and share by lane, memos unread", metrics),
    ),
    letter="D",
)
