"""`/decide` and its verbs."""

from bot.commands import Call, Noun, Verb
from bot.decisions import handlers, reading
from bot.decisions.capture_views import Origin
from bot.ids import new_id
from bot.payloads import as_read
from rituals.decisions import title_of

PAGED = frozenset({"page"})


async def listed(call: Call) -> None:
    """`/decide list [open|stuck|mine]`."""
    page = call.options.get("page", "")
    words, body = await call.deps.database.read(reading.listed, call.who, call.text, page, call.deps.clock())
    await call.answer(words, body)


async def new(call: Call) -> None:
    """`/decide new [title]`: the quick capture."""
    await call.accept()
    await handlers.open_capture(call.deps, call, Origin(id=new_id(), title=title_of(as_read(call.text))))


async def show(call: Call) -> None:
    """`/decide show D-18`."""
    words, body = await call.deps.database.read(reading.show, call.who, call.text, call.deps.clock())
    await call.answer(words, body)


DECIDE = Noun(
    "decide",
    (
        Verb("list", "[open | stuck | mine]", "newest first; so does `/decide` alone", listed, options=PAGED),
        Verb("new", "[title]", "captures one in three fields", new, also=("capture",)),
        Verb("show", "D-18", "one record, whole", show),
    ),
)
