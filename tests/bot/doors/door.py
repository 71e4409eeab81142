"""What a door is, who comes to it, and the ways through that all parts share."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rituals.policy import About, Action
from tests.bot import forging
from tests.bot.steps import Json, card, carded, filled, plan_of
from tests.bot.world import World

NOBODY = "nobody"
"""Whose a thing is that is nobody's in particular."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody at a door: the world, their name, what the payload claims otherwise."""

    world: World
    name: str
    claims: Mapping[str, Any]

    async def press(self, action_id: str, value: str, **changes: Any) -> None:
        """Press a button on Dana's card, whether it is there or not."""
        shown = card(self.world)
        await forging.press(self.world, self.name, shown, action_id, value, **{**changes, **self.claims})

    async def send(self, view: Json, **fields: str) -> list[str]:
        """Send a form; `fields` are written into its text boxes. Return what stands on its fields then."""
        held = {**view["state"]["values"]}
        for name, words in fields.items():
            block = next(block for block in view["blocks"] if block.get("block_id", "").split(":")[0] == name)
            element = block["element"]
            held[block["block_id"]] = {element["action_id"]: _said(element["type"], words)}
        changed = {**view, "state": {"values": held}}
        return forging.errors(await forging.submission(self.world, self.name, changed, self.claims))


def _said(kind: str, words: str) -> Json:
    """What an element of a form holds."""
    option: Json = {"selected_option": {"value": words}}
    held: Json = {
        "radio_buttons": option,
        "static_select": option,
        "checkboxes": {"selected_options": [{"value": words}]},
        "users_select": {"selected_user": words},
    }
    return {"type": kind, **held.get(kind, {"value": words})}


Walk = Callable[[Visit], Awaitable[Any]]
Setting = Callable[[World], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Door:
    """One button, form or verb. `right` is what it asks about a thing that is `owner`'s; `walk` goes through it.

    `prepare` leaves the world so that going through can do something; `shows` says that all it does is show, and
    `silent` that whoever is refused can't be told, because all they sent is a choice in a form of somebody else.
    `thing` gives what it leads to, where more than its owner counts.
    """

    id: str
    right: Action
    owner: str
    prepare: Setting
    walk: Walk
    shows: bool = False
    silent: bool = False
    thing: Callable[[World], Awaitable[About]] | None = None


async def prompted(world: World) -> None:
    """Ana and Tom planned on Monday, Dana has the card; on Tuesday all are asked again."""
    await carded(world)


def typed(command: str, text: str) -> Walk:
    """A slash command; "@Ana" becomes a mention."""

    async def walk(visit: Visit) -> None:
        said = text
        for name, person in visit.world.people.items():
            said = said.replace(f"@{name}", f"<@{person.slack_id}|{name.lower()}>")
        await visit.world.hand(visit.name).command(command, said)

    return walk


def form(opener: str, button: str, who: str, **fields: str) -> Walk:
    """A form that `who` may open by `button`, sent by whoever comes."""

    async def walk(visit: Visit) -> list[str]:
        view = await opened(visit.world, opener, button, who)
        return await visit.send(view, **fields)

    return walk


FORMS: dict[tuple[int, str], tuple[World, Json]] = {}
"""Forms that are open, by world and button. The world is held, or another's id could be the same."""


async def opened(world: World, opener: str, button: str, who: str) -> Json:
    key = (id(world), button)
    if key not in FORMS:
        plan = await plan_of(world, "Ana")
        value = {"plan": str(plan.id), "answer": f"{plan.id}:{plan.revision}"}.get(opener, opener)
        assert (await forging.press(world, who, card(world), button, value)).ok
        FORMS[key] = world, await filled(world, who)
        await world.hand(who).close(is_cleared=True)
    return FORMS[key][1]
