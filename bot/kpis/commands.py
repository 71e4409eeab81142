"""`/kpi` and its verbs."""

from bot import blocks
from bot.catalogue import say
from bot.commands import Call, Noun, Verb
from bot.ids import new_id
from bot.kpis import filing, handlers, loading, places, reading, registry, triggering, value_forms, views
from bot.kpis.form_views import Meta
from bot.modals import View, show_form

PAGED = frozenset({"page"})


async def mine(call: Call) -> None:
    """`/kpi`: what I own and what I have a share in, worst first."""
    await call.show(reading.mine, call.options.get("page", ""), call.deps.clock())


async def show(call: Call) -> None:
    """`/kpi show K-3`."""
    await call.show(reading.show, call.text, call.deps.clock())


async def tree(call: Call) -> None:
    """`/kpi tree` (F124)."""
    await call.show(reading.tree, call.options.get("page", ""), call.deps.clock())


async def set_value(call: Call) -> None:
    """`/kpi set K-3 50 [for november] [note text]`; without a number, the form."""
    kpi, rest = await call.deps.database.read(loading.named, call.who.workspace, call.text)
    if not rest:
        await call.accept()
        await handlers.open_value(call.deps, call, kpi.id)
        return
    words, body = await call.deps.database.write(filing.set_value, call.who, call.text, call.deps.clock())
    await call.answer(words, body)


async def add(call: Call) -> None:
    """`/kpi add`; where nothing can hold a KPI yet, what comes first."""
    if await call.deps.database.read(registry.has_places, call.who):
        await call.accept()
        await handlers.open_add(call.deps, call)
    else:
        words, body = views.first_an_objective()
        await call.answer(words, body)


async def edit(call: Call) -> None:
    """`/kpi edit K-3`: name, owner, definition."""
    await call.deps.database.read(registry.kept, call.who, call.text)
    await call.accept()
    load = call.deps.database.read(registry.load_edit, call.who, call.text, call.response_url)
    await show_form(call.deps, call, "Edit a KPI", load)


async def retire(call: Call) -> None:
    """`/kpi retire K-3`: asks once more."""
    kpi = await call.deps.database.read(registry.kept, call.who, call.text)
    words = say("Retire {label} *{name}*? Its history stays.", label=kpi.label, name=kpi.name)
    await call.answer(words, [blocks.section(words), blocks.actions(views.retire_button(kpi, "Retire"))])


async def bands(call: Call) -> None:
    """`/kpi bands K-3`: propose another target, direction, band or pace."""
    kpi, _ = await call.deps.database.read(loading.named, call.who.workspace, call.text)
    await call.accept()
    await handlers.open_change(call.deps, call, kpi.id)


async def trigger(call: Call) -> None:
    """`/kpi trigger K-3`: what is agreed to happen when it stays on the wrong side (M15)."""
    await call.deps.database.read(loading.named, call.who.workspace, call.text)
    await call.accept()
    meta = Meta(id=new_id(), response_url=call.response_url)
    load = call.deps.database.read(triggering.load_form, call.who, call.text, meta)
    await show_form(call.deps, call, "Trigger", load)


async def untrigger(call: Call) -> None:
    """`/kpi untrigger K-3`."""
    await call.answer(await call.deps.database.write(triggering.end, call.who, call.text, call.deps.clock()))


async def share(call: Call) -> None:
    """`/kpi share K-3 [@person]`."""
    await call.deps.database.read(loading.named, call.who.workspace, call.text)
    await call.accept()
    meta = Meta(id=new_id(), response_url=call.response_url)
    load = call.deps.database.read(places.load_share, call.who, call.text, meta)
    await show_form(call.deps, call, "Share", load)


async def link(call: Call) -> None:
    """`/kpi link K-3 K-5`: the first leads to the second (M4)."""
    await call.answer(await call.deps.database.write(registry.link, call.who, call.text, call.deps.clock()))


async def unlink(call: Call) -> None:
    """`/kpi unlink K-3 K-5`."""
    deps = call.deps
    await call.answer(await deps.database.write(registry.link, call.who, call.text, deps.clock(), gone=True))


async def import_values(call: Call) -> None:
    """`/kpi import`: many values at once."""
    await call.accept()

    async def load() -> View:
        return value_forms.import_form(Meta(id=new_id(), response_url=call.response_url), None, ())

    await show_form(call.deps, call, "Import values", load())


async def objectives(call: Call) -> None:
    """`/kpi objectives`."""
    await call.show(reading.objectives)


async def functions(call: Call) -> None:
    """`/kpi functions`."""
    await call.show(reading.functions)


KPI = Noun(
    "kpi",
    (
        Verb("mine", "", "your KPIs and shares, worst first; so does `/kpi` alone", mine, options=PAGED),
        Verb("show", "K-3", "one KPI with its values, changes, shares and links", show),
        Verb("set", "K-3 50 [for november] [note text]", "files or corrects a value; without one, the form", set_value),
        Verb("tree", "", "objective, function, KPI, share, and what is missing", tree, options=PAGED),
        Verb("add", "", "a new KPI", add),
        Verb("edit", "K-3", "its name, owner and definition", edit, also=("owner", "rename")),
        Verb("retire", "K-3", "nothing is filed for it any more; its history stays", retire),
        Verb(
            "bands",
            "K-3",
            "proposes another target, direction, band or pace; somebody else approves",
            bands,
            also=("target", "change", "pace"),
        ),
        Verb("trigger", "K-3", "an action agreed beforehand, for when it stays below or above a bound", trigger),
        Verb("untrigger", "K-3", "ends its triggers", untrigger),
        Verb("share", "K-3 [@ana]", "somebody's part in a KPI, and whether they are paid on it", share),
        Verb("link", "K-3 K-5", "the first leads to the second and warns of it", link),
        Verb("unlink", "K-3 K-5", "takes that back", unlink),
        Verb("import", "", "many values at once, pasted as CSV", import_values),
        Verb("objectives", "", "what the company wants to reach", objectives),
        Verb("functions", "", "which parts of the company serve them, and their heads", functions),
    ),
    letter="K",
)
