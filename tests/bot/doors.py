"""Every way into Cadence from Slack: what each needs to be walked, and which right it asks.

A door that is registered and stands nowhere here fails `test_matrix`, so that a new button can't come in unseen.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from bot.app import PARTS, RITUALS, TROUBLES
from bot.huddle import ask_views, away_views, card_views, run_views, views
from bot.people import holiday_views, leaving_views, person_views, team_views
from bot.people import views as people_views
from bot.records import views as record_views
from bot.ritual import Part, Ritual
from bot.troubles import views as trouble_views
from rituals.calendar import CompanyDay
from rituals.plans import Redirect
from rituals.policy import Action
from rituals.questions import Question
from rituals.run_sheet import Run
from storage import audit
from tests import factories
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


async def asked(world: World) -> None:
    """Dana asked about Ana's plan."""
    await carded(world)
    dana = world.hand("Dana")
    block = f"plan:{(await plan_of(world, 'Ana')).id}"
    assert (await dana.click(card(world), ask_views.ASK, block_id=block)).ok
    assert (await dana.submit(values={"question": "Who decides?"})).ok


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
        value = {"plan": str(plan.id), "answer": f"{plan.id}:{plan.revision}"}.get(opener, opener)
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


def in_form(action_id: str) -> Walk:
    """Something in Ana's plan form that tells us of itself."""

    async def walk(visit: Visit) -> None:
        view = await _opened(visit.world, "plan", views.WRITE, "Ana")
        changes = {"view": view, "container": {"type": "view", "view_id": view["id"]}, "response_urls": []}
        await visit.press(action_id, str((await plan_of(visit.world, "Ana")).id), **changes)

    return walk


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


async def _question(world: World) -> str:
    (question,) = await stored(world, Question)
    return str(question.id)


async def question_button(visit: Visit) -> None:
    """`Answer` under a question in Ana's DM."""
    await visit.press(ask_views.ANSWER, await _question(visit.world))


async def question_form(visit: Visit) -> list[str]:
    """The form behind it."""
    view = await _opened(visit.world, await _question(visit.world), ask_views.ANSWER, "Ana")
    return await visit.send(view, answer="Beltrán does")


async def run_end(visit: Visit) -> None:
    """`End` under the sheet of a huddle."""
    (run,) = await stored(visit.world, Run)
    await visit.press(run_views.END, str(run.id))


async def older(visit: Visit) -> None:
    """`Older` under the record of changes."""
    await visit.press(record_views.OLDER, "999999")


def person_button(action_id: str, names: str) -> Walk:
    """A button or a menu that leads to Ana's form."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, str(getattr(visit.world.people["Ana"], names)))

    return walk


def team_button(action_id: str) -> Walk:
    """A button of the rooms about teams and holidays."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, str(visit.world.team.id))

    return walk


async def person_form(visit: Visit) -> list[str]:
    """Ana's form as Dana may open it, sent by whoever comes."""
    view = await _shown(visit.world, people_views.EDIT, str(visit.world.people["Ana"].id), "Dana")
    return await visit.send(view, holidays="DE-BE")


async def team_form(visit: Visit) -> list[str]:
    """The team's form as Dana may open it, sent by whoever comes."""
    view = await _shown(visit.world, team_views.EDIT, str(visit.world.team.id), "Dana")
    return await visit.send(view, name="EMEA and more")


def holiday_form(opener: str) -> Walk:
    """A form of the holidays' room as an admin may open it, sent by whoever comes."""
    said = {holiday_views.ADD: "name", holiday_views.ASSIGN: "code", holiday_views.WORDS: "words"}[opener]

    async def walk(visit: Visit) -> list[str]:
        view = await _shown(visit.world, opener, "x", "Ada")
        if opener == holiday_views.ADD:
            view["state"]["values"]["day"]["day"]["selected_date"] = "2026-12-24"
        return await visit.send(view, **{said: "DE-BE"})

    return walk


async def _shown(world: World, opener: str, value: str, who: str) -> Json:
    key = (id(world), opener)
    if key not in _FORMS:
        assert (await forging.press(world, who, card(world), opener, value)).ok
        _FORMS[key] = await filled(world, who)
        await world.hand(who).close(is_cleared=True)
    return _FORMS[key]


async def day_kept(world: World) -> None:
    """The company has a day off."""
    await carded(world)
    await world.write(factories.company_day(date(2026, 12, 24)))


async def day_button(visit: Visit) -> None:
    """`Remove` beside a company day."""
    found = await stored(visit.world, CompanyDay)
    await visit.press(holiday_views.REMOVE, str(found[0].id))


WRITE, ANSWER = Action.PLAN_WRITE, Action.PLAN_ANSWER
GUARDED: Sequence[Door] = (
    Door(views.WRITE, WRITE, "Ana", prompted, plan_button(views.WRITE), shows=True),
    Door(views.SAME, WRITE, "Ana", prompted, plan_button(views.SAME), shows=True),
    Door(views.SKIP, WRITE, "Ana", prompted, plan_button(views.SKIP), shows=True),
    Door(views.KPIS, WRITE, "Ana", prompted, plan_button(views.KPIS), shows=True),
    Door(views.SETTLE, WRITE, "Ana", prompted, settle, shows=True, silent=True),
    Door(views.STUCK_ON, WRITE, "Ana", prompted, in_form(views.STUCK_ON), shows=True, silent=True),
    Door(views.SAVE_DRAFT, WRITE, "Ana", prompted, in_form(views.SAVE_DRAFT), silent=True),
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
    Door(ask_views.ASK, Action.PLAN_ASK, "Ana", prompted, answer_button(ask_views.ASK), shows=True),
    Door(
        ask_views.ASK_SUBMIT,
        Action.PLAN_ASK,
        "Ana",
        prompted,
        form("answer", ask_views.ASK, "Dana", question="Who decides?"),
    ),
    Door(ask_views.ANSWER, Action.QUESTION_ANSWER, "Ana", asked, question_button, shows=True),
    Door(ask_views.ANSWER_SUBMIT, Action.QUESTION_ANSWER, "Ana", asked, question_form),
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
    Door(people_views.EDIT, Action.PERSON_EDIT, "Ana", prompted, person_button(people_views.EDIT, "id"), shows=True),
    Door(
        people_views.FIND, Action.PERSON_EDIT, "Ana", prompted, person_button(people_views.FIND, "slack_id"), shows=True
    ),
    Door(person_views.SUBMIT, Action.PERSON_EDIT, "Ana", prompted, person_form),
    Door(team_views.EDIT, Action.TEAM_EDIT, "Dana", prompted, team_button(team_views.EDIT), shows=True),
    Door(team_views.SUBMIT, Action.TEAM_EDIT, "Dana", prompted, team_form),
    Door(team_views.NEW, Action.TEAM_MAKE, NOBODY, prompted, team_button(team_views.NEW), shows=True),
    Door(team_views.ARCHIVE, Action.TEAM_MAKE, NOBODY, prompted, team_button(team_views.ARCHIVE)),
    Door(team_views.RESTORE, Action.TEAM_MAKE, NOBODY, prompted, team_button(team_views.RESTORE)),
    *(
        Door(action_id, Action.HOLIDAYS, NOBODY, prompted, team_button(action_id), shows=True)
        for action_id in (holiday_views.ADD, holiday_views.ASSIGN, holiday_views.WORDS)
    ),
    Door(holiday_views.REMOVE, Action.HOLIDAYS, NOBODY, day_kept, day_button),
    Door(holiday_views.ADD_SUBMIT, Action.HOLIDAYS, NOBODY, prompted, holiday_form(holiday_views.ADD)),
    Door(holiday_views.ASSIGN_SUBMIT, Action.HOLIDAYS, NOBODY, prompted, holiday_form(holiday_views.ASSIGN)),
    Door(holiday_views.WORDS_SUBMIT, Action.HOLIDAYS, NOBODY, prompted, holiday_form(holiday_views.WORDS)),
    Door(record_views.OLDER, Action.AUDIT_READ, NOBODY, prompted, older, shows=True),
    Door("/cadence audit", Action.AUDIT_READ, NOBODY, prompted, typed("/cadence", "audit"), shows=True),
)
"""Doors whose right depends on who comes."""

OWN = {
    "/cadence people": "everybody may look",
    "/cadence teams": "everybody may look",
    "/cadence holidays": "everybody may look",
    "/cadence me": "opens one's own form",
    people_views.FILTER: "everybody may look",
    people_views.PAGE: "everybody may look",
    people_views.BACK: "everybody may look",
    team_views.PAGE: "everybody may look",
    team_views.BACK: "everybody may look",
    away_views.SUBMIT: "the same function as `/plan away`",
    leaving_views.TAKE: "tried in test_roster: it needs somebody who has left",
    leaving_views.GIVE: "tried in test_roster: it needs somebody who has left",
    leaving_views.GIVE_SUBMIT: "the same function as its neighbours",
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

    def event(self, _kind: str) -> Callable[[Any], Any]:
        """Events come from Slack itself, and nobody stands behind them."""
        return lambda listener: listener


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
