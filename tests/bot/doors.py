"""Every way into Cadence from Slack: what each needs to be walked, and which right it asks.

A door that is registered and stands nowhere here fails `test_matrix`, so that a new button can't come in unseen.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from bot.app import PARTS, RITUALS, TROUBLES
from bot.huddle import ask_views, away_views, card_views, run_views, views
from bot.ids import new_id
from bot.kpis import form_views, value_forms
from bot.kpis import views as kpi_views
from bot.people import holiday_views, leaving_views, person_views, team_views
from bot.people import views as people_views
from bot.records import views as record_views
from bot.ritual import Part, Ritual
from bot.troubles import views as trouble_views
from rituals.calendar import CompanyDay
from rituals.kpis import Link
from rituals.kpis_changes import Change
from rituals.plans import Redirect
from rituals.policy import Action
from rituals.questions import Question
from rituals.run_sheet import Run
from storage import audit
from tests import factories
from tests.bot import forging
from tests.bot.steps import Json, card, carded, change, filled, items_of, plan_of, redirected, stored
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
    held: Json = {"radio_buttons": {"selected_option": {"value": words}}, "users_select": {"selected_user": words}}
    return {"type": kind, **held.get(kind, {"value": words})}


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


_FORMS: dict[tuple[int, str], tuple[World, Json]] = {}
"""Forms that are open, by world and button. The world is held, or another's id could be the same."""


async def _opened(world: World, opener: str, button: str, who: str) -> Json:
    key = (id(world), button)
    if key not in _FORMS:
        plan = await plan_of(world, "Ana")
        value = {"plan": str(plan.id), "answer": f"{plan.id}:{plan.revision}"}.get(opener, opener)
        assert (await forging.press(world, who, card(world), button, value)).ok
        _FORMS[key] = world, await filled(world, who)
        await world.hand(who).close(is_cleared=True)
    return _FORMS[key][1]


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


async def owned_kpi(world: World) -> None:
    """K-3 is Ana's; K-1 leads to K-2."""
    await carded(world)
    await change(world, replace(world.kpis["Qualified leads"], owner_id=world.people["Ana"].id))
    first, second = world.kpis["New bookings"], world.kpis["Renewals"]
    await world.write(Link(new_id(), first.workspace, first.id, second.id))


async def kpi_change(world: World) -> None:
    """Ana proposes another target for K-3; nobody has answered."""
    await owned_kpi(world)
    view = await _opened(world, str(world.kpis["Qualified leads"].id), kpi_views.PROPOSE, "Ana")
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
        return await visit.send(await _opened(visit.world, about, button, who), **fields)

    return walk


def typed_form(text: str, who: str, **fields: str) -> Walk:
    """The form that `who` gets by a command, sent by whoever comes."""

    async def walk(visit: Visit) -> list[str]:
        world, key = visit.world, (id(visit.world), text)
        if key not in _FORMS:
            await typed("/kpi", text)(Visit(world, who, {}))
            _FORMS[key] = world, await filled(world, who)
            await world.hand(who).close(is_cleared=True)
        said = {
            name: world.people[words].slack_id if words in world.people else words for name, words in fields.items()
        }
        return await visit.send(_FORMS[key][1], **said)

    return walk


async def kpi_typed(visit: Visit) -> None:
    """A number typed into the form of K-3's value."""
    view = await _opened(visit.world, str(visit.world.kpis["Qualified leads"].id), kpi_views.ENTER, "Ana")
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
    view = await _opened(visit.world, await _change(visit.world), kpi_views.RETURN, "Dana")
    return await visit.send(view, answer="Not before January")


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
    view = await _opened(visit.world, str(visit.world.people["Ana"].id), people_views.EDIT, "Dana")
    return await visit.send(view, holidays="DE-BE")


async def team_form(visit: Visit) -> list[str]:
    """The team's form as Dana may open it, sent by whoever comes."""
    view = await _opened(visit.world, str(visit.world.team.id), team_views.EDIT, "Dana")
    return await visit.send(view, name="EMEA and more")


def holiday_form(opener: str) -> Walk:
    """A form of the holidays' room as an admin may open it, sent by whoever comes."""
    said = {holiday_views.ADD: "name", holiday_views.ASSIGN: "code", holiday_views.WORDS: "words"}[opener]

    async def walk(visit: Visit) -> list[str]:
        view = await _opened(visit.world, "x", opener, "Ada")
        if opener == holiday_views.ADD:
            view["state"]["values"]["day"]["day"]["selected_date"] = "2026-12-24"
        return await visit.send(view, **{said: "DE-BE"})

    return walk


async def day_kept(world: World) -> None:
    """The company has a day off."""
    await carded(world)
    await world.write(factories.company_day(date(2026, 12, 24)))


async def day_button(visit: Visit) -> None:
    """`Remove` beside a company day."""
    found = await stored(visit.world, CompanyDay)
    await visit.press(holiday_views.REMOVE, str(found[0].id))


WRITE, ANSWER = Action.PLAN_WRITE, Action.PLAN_ANSWER
NEW_KPI = {"name": "Churn", "unit": "%", "target": "5", "direction": "lower", "owner": "Ana"}
KPI_DOORS: Sequence[Door] = (
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
"""Those of KPIs."""
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
    Door("/plan week", Action.WEEK_READ, "Ana", prompted, typed("/plan", "week @Ana"), shows=True),
    *KPI_DOORS,
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
    views.SHORTCUT: "opens one's own form",
    "/plan same": "files one's own plan",
    "/plan skip": "excuses oneself",
    "/plan back": "ends one's own absence",
    "/kpi mine": "shows one's own KPIs",
    kpi_views.PAGE: "shows more of what everybody on the roster may read",
    "/kpi show": "everybody on the roster reads KPIs",
    "/kpi tree": "everybody on the roster reads KPIs",
    "/kpi objectives": "everybody on the roster reads them; its buttons are doors of their own",
    "/kpi functions": "everybody on the roster reads them; its buttons are doors of their own",
    "/kpi share": "opens a form in which the person is chosen; sending it is a door of its own",
    "/kpi import": "opens an empty form",
    value_forms.IMPORT_SUBMIT: "asks for each line's KPI and refuses line by line: test_kpis_import",
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
