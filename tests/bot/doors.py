"""Every way into Cadence from Slack: what each needs to be walked, and which right it asks.

A door that is registered and stands nowhere here fails `test_matrix`, so that a new button can't come in unseen.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.app import PARTS, RITUALS, TROUBLES
from bot.huddle import card_views, run_views, views
from bot.records import views as record_views
from bot.ritual import Part, Ritual
from bot.troubles import views as trouble_views
from rituals.plans import Redirect
from rituals.policy import Action
from rituals.run_sheet import Run
from storage import audit
from tests.bot import forging
from tests.bot.steps import Json, card, carded, filled, items_of, plan_of, redirected, stored
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
            held[block["block_id"]] = {element["action_id"]: {"type": element["type"], "value": words}}
        changed = {**view, "state": {"values": held}}
        return forging.errors(await forging.submission(self.world, self.name, changed, self.claims))


Walk = Callable[[Visit], Awaitable[Any]]
Setting = Callable[[World], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Door:
    """One button, form or verb. `right` is what it asks about a thing that is `owner`'s; `walk` goes through it.

    `prepare` leaves the world so that going through can do something; `shows` says that all it does is show, and
    `silent` that whoever is refused can't be told, because all they sent is a choice in a form of somebody else.
    """

    id: str
    right: Action
    owner: str
    prepare: Setting
    walk: Walk
    shows: bool = False
    silent: bool = False


# How the world stands before a door is tried


async def prompted(world: World) -> None:
    """Ana and Tom planned on Monday, Dana has the card; on Tuesday all are asked again."""
    await carded(world)


async def redirect_sent(world: World) -> None:
    """Dana redirected one of Ana's results."""
    await carded(world)
    assert (await redirected(world, card(world), "Ana", "Slides for Friday", "Call the renewals")).ok
    await world.deliver()


async def agreed(world: World) -> None:
    """Dana agreed to Ana's plan."""
    await carded(world)
    block = f"plan:{(await plan_of(world, 'Ana')).id}"
    assert (await world.hand("Dana").click(card(world), card_views.AGREE, block_id=block)).ok


async def held(world: World) -> None:
    """Dana holds the huddle."""
    await carded(world)
    assert (await world.hand("Dana").command("/plan", "run")).ok


async def undelivered(world: World) -> None:
    """The channel is archived, so Dana is asked where the team's line should go."""
    await carded(world)
    world.sandbox.admin.archive("C0EMEA", world.people["Priya"].slack_id)
    await world.at("09:30")
    await world.deliver()


# Walks


def plan_button(action_id: str) -> Walk:
    """A button of Ana's plan."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, str((await plan_of(visit.world, "Ana")).id))

    return walk


def answer_button(action_id: str) -> Walk:
    """A button under Ana's plan on the card."""

    async def walk(visit: Visit) -> None:
        plan = await plan_of(visit.world, "Ana")
        await visit.press(action_id, f"{plan.id}:{plan.revision}")

    return walk


def card_button(action_id: str, suffix: str = "") -> Walk:
    """A button of Dana's card."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, f"{await _card_id(visit.world)}{suffix}")

    return walk


async def _card_id(world: World) -> UUID:
    elements = (element for block in card(world)["blocks"] for element in block.get("elements", ()))
    shown = next(element for element in elements if element.get("action_id") in {card_views.POST, card_views.PAGE})
    return UUID(shown["value"].partition(":")[0])


def redirect_button(action_id: str) -> Walk:
    """A button under the redirect in Ana's DM."""

    async def walk(visit: Visit) -> None:
        (redirect,) = await stored(visit.world, Redirect)
        await visit.press(action_id, str(redirect.id))

    return walk


def form(opener: str, button: str, who: str, **fields: str) -> Walk:
    """A form that `who` may open by `button`, sent by whoever comes."""

    async def walk(visit: Visit) -> list[str]:
        view = await _opened(visit.world, opener, button, who)
        return await visit.send(view, **fields)

    return walk


_FORMS: dict[tuple[int, str], Json] = {}


async def _opened(world: World, opener: str, button: str, who: str) -> Json:
    key = (id(world), button)
    if key not in _FORMS:
        plan = await plan_of(world, "Ana")
        value = str(plan.id) if opener == "plan" else f"{plan.id}:{plan.revision}"
        assert (await forging.press(world, who, card(world), button, value)).ok
        _FORMS[key] = await filled(world, who)
        await world.hand(who).close(is_cleared=True)
    return _FORMS[key]


async def settle(visit: Visit) -> None:
    """A choice in Ana's plan form, in a payload that names it."""
    view = await _opened(visit.world, "plan", views.WRITE, "Ana")
    plan = await plan_of(visit.world, "Ana")
    item = (await items_of(visit.world, "Ana"))[0]
    changes = {"view": view, "container": {"type": "view", "view_id": view["id"]}, "response_urls": []}
    await visit.press(views.SETTLE, str(plan.id), **changes, actions=[_choice(f"settle:{item.id}")])


def _choice(block_id: str) -> Json:
    chosen = {"text": {"type": "plain_text", "text": "Done", "emoji": True}, "value": "done"}
    return {"type": "radio_buttons", "action_id": views.SETTLE, "block_id": block_id, "selected_option": chosen}


async def undo(visit: Visit) -> None:
    """The card's `Undo`."""
    item = (await items_of(visit.world, "Ana"))[0]
    entry = (await visit.world.read(audit.of, [item.id]))[-1]
    await visit.press(card_views.UNDO, str(entry.act.id))


def trouble(action_id: str) -> Walk:
    """A way out under a message that could not be delivered."""

    async def walk(visit: Visit) -> None:
        told = next(one for one in visit.world.dm("Dana") if "could not be delivered" in one["text"])
        row = next(block for block in told["blocks"] if block["type"] == "actions")
        message = row["block_id"].partition(":")[2]
        pick = {"type": "conversations_select", "selected_conversation": "C0NEW"}
        press = {"type": "button", "value": message}
        action = (pick if action_id == trouble_views.PICK else press) | {
            "action_id": action_id,
            "block_id": row["block_id"],
            "action_ts": "1763890000.000001",
        }
        await visit.press(action_id, message, actions=[action])

    return walk


def typed(command: str, text: str) -> Walk:
    """A slash command; "@Ana" becomes a mention."""

    async def walk(visit: Visit) -> None:
        said = text
        for name, person in visit.world.people.items():
            said = said.replace(f"@{name}", f"<@{person.slack_id}|{name.lower()}>")
        await visit.world.hand(visit.name).command(command, said)

    return walk


async def run_end(visit: Visit) -> None:
    """`End` under the sheet of a huddle."""
    (run,) = await stored(visit.world, Run)
    await visit.press(run_views.END, str(run.id))


async def older(visit: Visit) -> None:
    """`Older` under the record of changes."""
    await visit.press(record_views.OLDER, "999999")


WRITE, ANSWER = Action.PLAN_WRITE, Action.PLAN_ANSWER
GUARDED: Sequence[Door] = (
    Door(views.WRITE, WRITE, "Ana", prompted, plan_button(views.WRITE), shows=True),
    Door(views.SAME, WRITE, "Ana", prompted, plan_button(views.SAME), shows=True),
    Door(views.SKIP, WRITE, "Ana", prompted, plan_button(views.SKIP), shows=True),
    Door(views.KPIS, WRITE, "Ana", prompted, plan_button(views.KPIS), shows=True),
    Door(views.SETTLE, WRITE, "Ana", prompted, settle, shows=True, silent=True),
    Door(views.SUBMIT, WRITE, "Ana", prompted, form("plan", views.WRITE, "Ana", today="Mine now")),
    Door(views.KPIS_SUBMIT, WRITE, "Ana", prompted, form("plan", views.KPIS, "Ana", why="Because")),
    Door(views.ACCEPT, Action.REDIRECT_REPLY, "Ana", redirect_sent, redirect_button(views.ACCEPT)),
    Door(views.DISCUSS, Action.REDIRECT_REPLY, "Ana", redirect_sent, redirect_button(views.DISCUSS)),
    Door(card_views.AGREE, ANSWER, "Ana", prompted, answer_button(card_views.AGREE)),
    Door(card_views.AGREE_ALL, ANSWER, "Ana", prompted, card_button(card_views.AGREE_ALL)),
    Door(card_views.REDIRECT, ANSWER, "Ana", prompted, answer_button(card_views.REDIRECT), shows=True),
    Door(card_views.KEEP, ANSWER, "Ana", prompted, answer_button(card_views.KEEP), shows=True),
    Door(
        card_views.REDIRECT_SUBMIT,
        ANSWER,
        "Ana",
        prompted,
        form("answer", card_views.REDIRECT, "Dana", instead="Rest", why="Because"),
    ),
    Door(card_views.KEEP_SUBMIT, ANSWER, "Ana", prompted, form("answer", card_views.KEEP, "Dana", because="I say so")),
    Door(card_views.PAGE, Action.CARD_USE, "Dana", prompted, card_button(card_views.PAGE, ":1"), shows=True),
    Door(card_views.POST, Action.CARD_USE, "Dana", prompted, card_button(card_views.POST)),
    Door(card_views.UNDO, Action.UNDO, "Dana", agreed, undo),
    *(
        Door(action_id, Action.TROUBLE_SETTLE, "Dana", undelivered, trouble(action_id))
        for action_id in (trouble_views.PICK, trouble_views.AGAIN, trouble_views.TO_ME)
    ),
    *(
        Door(f"/plan {verb}", Action.TEAM_READ, "Dana", prompted, typed("/plan", f"{verb} --team EMEA"), shows=True)
        for verb in ("team", "missing")
    ),
    Door("/plan run", Action.TEAM_READ, "Dana", prompted, typed("/plan", "run --team EMEA")),
    Door(run_views.END, Action.TEAM_READ, "Dana", held, run_end),
    Door("/plan away", Action.ABSENCE, "Ana", prompted, typed("/plan", "away @Ana tomorrow holiday")),
    Door(record_views.OLDER, Action.AUDIT_READ, NOBODY, prompted, older, shows=True),
    Door("/cadence audit", Action.AUDIT_READ, NOBODY, prompted, typed("/cadence", "audit"), shows=True),
)
"""Doors whose right depends on who comes."""

OWN = {
    "/plan": "opens one's own form",
    "/plan same": "files one's own plan",
    "/plan skip": "excuses oneself",
    "/plan back": "ends one's own absence",
    views.SKIP_SUBMIT: "asks like the plan form, in the same line; for a plan that is still open",
    trouble_views.LET_BE: "the same function as its neighbours; it stands under a question that needs a lost answer",
}
"""Doors that nobody can aim at somebody else, and why; or that are tried elsewhere."""


class Recorder:
    """Stands where Bolt's app would, and writes down what is registered."""

    def __init__(self) -> None:
        self.ids: set[str] = set()

    def _note(self, constraint: Any) -> Callable[[Any], Any]:
        self.ids.add(constraint if isinstance(constraint, str) else json.dumps(constraint, default=str))
        return lambda listener: listener

    action = view = shortcut = options = _note


def registered() -> set[str]:
    """The id of every button, form and shortcut, and every verb as it is typed."""
    recorder = Recorder()
    parts: Sequence[Ritual | Part] = (*RITUALS, *PARTS)
    for part in parts:
        part.register(recorder)  # type: ignore[arg-type]
    TROUBLES.register(recorder)  # type: ignore[arg-type]
    nouns = [noun for part in parts for noun in part.commands]
    verbs = {f"{noun.typed} {verb.name}".strip() for noun in nouns for verb in noun.verbs}
    return recorder.ids | verbs
