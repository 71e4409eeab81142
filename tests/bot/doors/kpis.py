"""The doors of KPIs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.ids import new_id
from bot.kpis import form_views, value_forms
from bot.kpis import views as kpi_views
from rituals.kpis import Link
from rituals.kpis_changes import Change
from rituals.policy import Action
from tests.bot.doors.door import FORMS, NOBODY, Door, Visit, Walk, opened, typed
from tests.bot.steps import carded, change, filled, stored
from tests.bot.world import World


async def owned_kpi(world: World) -> None:
    """K-3 is Ana's; K-1 leads to K-2."""
    await carded(world)
    await change(world, replace(world.kpis["Qualified leads"], owner_id=world.people["Ana"].id))
    first, second = world.kpis["New bookings"], world.kpis["Renewals"]
    await world.write(Link(new_id(), first.workspace, first.id, second.id))


async def kpi_change(world: World) -> None:
    """Ana proposes another target for K-3; nobody has answered."""
    await owned_kpi(world)
    view = await opened(world, str(world.kpis["Qualified leads"].id), kpi_views.PROPOSE, "Ana")
    visit = Visit(world, "Ana", {})
    refused = await visit.send(view, target="120", reason="The market grew")
    if any(said.startswith("The database is slow") for said in refused):
        await world.cadence.deps.background.drained(10)
        refused = await visit.send(view, target="120", reason="The market grew")
    assert refused == []


def kpi_button(action_id: str) -> Walk:
    """A button of K-3."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, str(visit.world.kpis["Qualified leads"].id))

    return walk


def place_button(action_id: str) -> Walk:
    """`Add objective`, `Add function`."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, kpi_views.NEW)

    return walk


def kpi_form(button: str, who: str, subject: str = "", **fields: str) -> Walk:
    """The form that `who` gets by a button of K-3, or of `subject`, sent by whoever comes."""

    async def walk(visit: Visit) -> list[str]:
        about = subject or str(visit.world.kpis["Qualified leads"].id)
        return await visit.send(await opened(visit.world, about, button, who), **fields)

    return walk


def typed_form(text: str, who: str, **fields: str) -> Walk:
    """The form that `who` gets by a command, sent by whoever comes."""

    async def walk(visit: Visit) -> list[str]:
        world, key = visit.world, (id(visit.world), text)
        if key not in FORMS:
            await typed("/kpi", text)(Visit(world, who, {}))
            FORMS[key] = world, await filled(world, who)
            await world.hand(who).close(is_cleared=True)
        said = {
            name: world.people[words].slack_id if words in world.people else words for name, words in fields.items()
        }
        return await visit.send(FORMS[key][1], **said)

    return walk


async def kpi_typed(visit: Visit) -> None:
    """A number typed into the form of K-3's value."""
    view = await opened(visit.world, str(visit.world.kpis["Qualified leads"].id), kpi_views.ENTER, "Ana")
    block = next(block for block in view["blocks"] if block.get("block_id", "").startswith("value:"))
    action = {"type": "plain_text_input", "action_id": value_forms.VALUE_TYPED, "block_id": block["block_id"]}
    changes = {"view": view, "container": {"type": "view", "view_id": view["id"]}, "response_urls": []}
    await visit.press(value_forms.VALUE_TYPED, "95", **changes, actions=[action | {"value": "95"}])


async def _change(world: World) -> str:
    (found,) = await stored(world, Change)
    return str(found.id)


def change_button(action_id: str) -> Walk:
    """An answer to Ana's proposal."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, await _change(visit.world))

    return walk


async def change_returned(visit: Visit) -> list[str]:
    """The words with which it is returned."""
    view = await opened(visit.world, await _change(visit.world), kpi_views.RETURN, "Dana")
    return await visit.send(view, answer="Not before January")


NEW_KPI = {"name": "Churn", "unit": "%", "target": "5", "direction": "lower", "owner": "Ana"}
DOORS: Sequence[Door] = (
    Door(kpi_views.ENTER, Action.KPI_VALUE, "Ana", owned_kpi, kpi_button(kpi_views.ENTER), shows=True),
    Door(value_forms.VALUE_TYPED, Action.KPI_VALUE, "Ana", owned_kpi, kpi_typed, shows=True, silent=True),
    Door(value_forms.VALUE_SUBMIT, Action.KPI_VALUE, "Ana", owned_kpi, kpi_form(kpi_views.ENTER, "Ana", value="95")),
    Door("/kpi set", Action.KPI_VALUE, "Ana", owned_kpi, typed("/kpi", "set K-3 95")),
    Door(kpi_views.PROPOSE, Action.KPI_PROPOSE, "Ana", owned_kpi, kpi_button(kpi_views.PROPOSE), shows=True),
    Door("/kpi bands", Action.KPI_PROPOSE, "Ana", owned_kpi, typed("/kpi", "bands K-3"), shows=True),
    Door(
        form_views.CHANGE_SUBMIT,
        Action.KPI_PROPOSE,
        "Ana",
        owned_kpi,
        kpi_form(kpi_views.PROPOSE, "Ana", target="120", reason="The market grew"),
    ),
    Door(kpi_views.APPROVE, Action.KPI_APPROVE, "Ana", kpi_change, change_button(kpi_views.APPROVE)),
    Door(kpi_views.RETURN, Action.KPI_APPROVE, "Ana", kpi_change, change_button(kpi_views.RETURN), shows=True),
    Door(form_views.RETURN_SUBMIT, Action.KPI_APPROVE, "Ana", kpi_change, change_returned),
    Door("/kpi add", Action.KPI_KEEP, NOBODY, owned_kpi, typed("/kpi", "add"), shows=True),
    Door(form_views.ADD_SUBMIT, Action.KPI_KEEP, NOBODY, owned_kpi, typed_form("add", "Priya", **NEW_KPI)),
    Door("/kpi edit", Action.KPI_KEEP, NOBODY, owned_kpi, typed("/kpi", "edit K-3"), shows=True),
    Door(form_views.EDIT_SUBMIT, Action.KPI_KEEP, NOBODY, owned_kpi, typed_form("edit K-3", "Priya", name="Wins")),
    Door("/kpi retire", Action.KPI_KEEP, NOBODY, owned_kpi, typed("/kpi", "retire K-3"), shows=True),
    Door(kpi_views.RETIRE, Action.KPI_KEEP, NOBODY, owned_kpi, kpi_button(kpi_views.RETIRE)),
    Door("/kpi link", Action.KPI_KEEP, NOBODY, owned_kpi, typed("/kpi", "link K-2 K-3")),
    Door("/kpi unlink", Action.KPI_KEEP, NOBODY, owned_kpi, typed("/kpi", "unlink K-1 K-2")),
    Door(
        form_views.SHARE_SUBMIT,
        Action.KPI_SHARE,
        "Ana",
        owned_kpi,
        typed_form("share K-3", "Dana", person="Ana", percent="20", paid="yes"),
    ),
    *(
        Door(button, Action.GOALS_SET, NOBODY, owned_kpi, form_of_place, shows=True)
        for button, form_of_place in (
            (kpi_views.OBJECTIVE, place_button(kpi_views.OBJECTIVE)),
            (kpi_views.FUNCTION, place_button(kpi_views.FUNCTION)),
        )
    ),
    *(
        Door(form_id, Action.GOALS_SET, NOBODY, owned_kpi, kpi_form(button, "Priya", kpi_views.NEW, name="Another"))
        for form_id, button in (
            (form_views.OBJECTIVE_SUBMIT, kpi_views.OBJECTIVE),
            (form_views.FUNCTION_SUBMIT, kpi_views.FUNCTION),
        )
    ),
)
OWN: Mapping[str, str] = {
    "/kpi mine": "shows one's own KPIs",
    kpi_views.PAGE: "shows more of what everybody on the roster may read",
    "/kpi show": "everybody on the roster reads KPIs",
    "/kpi tree": "everybody on the roster reads KPIs",
    "/kpi objectives": "everybody on the roster reads them; its buttons are doors of their own",
    "/kpi functions": "everybody on the roster reads them; its buttons are doors of their own",
    "/kpi share": "opens a form in which the person is chosen; sending it is a door of its own",
    "/kpi import": "opens an empty form",
    value_forms.IMPORT_SUBMIT: "asks for each line's KPI and refuses line by line: test_kpis_import",
}
