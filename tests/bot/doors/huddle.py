"""The doors of the huddle."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from bot.huddle import (
    answer_views,
    ask_views,
    away_views,
    card_views,
    good_week_views,
    run_views,
    talk_views,
    typed_views,
    views,
)
from bot.ids import new_id
from rituals.good_week import GoodWeek
from rituals.plans import Redirect
from rituals.policy import Action
from rituals.questions import Question
from rituals.run_sheet import Run
from storage import audit
from tests.bot.doors.door import Door, Visit, Walk, form, opened, prompted, typed
from tests.bot.steps import Json, card, carded, items_of, plan_of, redirected, said, stored
from tests.bot.world import World

FRIDAY = date(2026, 11, 27)


async def leaving(world: World) -> None:
    """Ana said that she is away tomorrow."""
    await prompted(world)
    assert (await world.hand("Ana").command("/plan", "away tomorrow holiday")).ok


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


def plan_button(action_id: str) -> Walk:
    """A button of Ana's plan."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, str((await plan_of(visit.world, "Ana")).id))

    return walk


async def talked_with(visit: Visit) -> None:
    """A choice that says that somebody has talked with Ana."""
    await visit.press(talk_views.TALKED, str(visit.world.people["Ana"].id))


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


async def later(visit: Visit) -> None:
    """The ⋯ of Ana's prompt."""
    choice = {"text": {"type": "plain_text", "text": "Snooze 30 min", "emoji": True}, "value": ""}
    choice["value"] = f"30m:{(await plan_of(visit.world, 'Ana')).id}"
    action = {"type": "overflow", "action_id": views.MORE, "block_id": "b", "action_ts": "1763890000.000001"}
    await visit.press(views.MORE, "", actions=[action | {"selected_option": choice}])


async def typed_by_ana(world: World) -> None:
    """Ana typed a plan into her DM."""
    await carded(world)
    await said(world, "Ana", "plan: call Acme")


def echo_button(action_id: str) -> Walk:
    """A button under what Ana typed."""

    async def walk(visit: Visit) -> None:
        echo = next(one for one in visit.world.dm("Ana") if one["text"].endswith("not saved yet"))
        row = next(block for block in echo["blocks"] if block["type"] == "actions")
        await visit.press(action_id, row["elements"][0]["value"])

    return walk


async def settle(visit: Visit) -> None:
    """A choice in Ana's plan form, in a payload that names it."""
    view = await opened(visit.world, "plan", views.WRITE, "Ana")
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
        view = await opened(visit.world, "plan", views.WRITE, "Ana")
        changes = {"view": view, "container": {"type": "view", "view_id": view["id"]}, "response_urls": []}
        await visit.press(action_id, str((await plan_of(visit.world, "Ana")).id), **changes)

    return walk


async def undo(visit: Visit) -> None:
    """The card's `Undo`."""
    item = (await items_of(visit.world, "Ana"))[0]
    entry = (await visit.world.read(audit.of, [item.id]))[-1]
    await visit.press(card_views.UNDO, str(entry.act.id))


async def _question(world: World) -> str:
    (question,) = await stored(world, Question)
    return str(question.id)


async def question_button(visit: Visit) -> None:
    """`Answer` under a question in Ana's DM."""
    await visit.press(ask_views.ANSWER, await _question(visit.world))


async def question_form(visit: Visit) -> list[str]:
    """The form behind it."""
    view = await opened(visit.world, await _question(visit.world), ask_views.ANSWER, "Ana")
    return await visit.send(view, answer="Beltrán does")


async def run_end(visit: Visit) -> None:
    """`End` under the sheet of a huddle."""
    (run,) = await stored(visit.world, Run)
    await visit.press(run_views.END, str(run.id))


async def week_asked(world: World) -> None:
    """Ana is asked whether her week was good."""
    await carded(world)
    ana = world.people["Ana"].id
    await world.write(GoodWeek(new_id(), world.team.workspace, world.team.id, ana, FRIDAY, None, None, None))


async def _week(world: World) -> str:
    (week,) = await stored(world, GoodWeek)
    return str(week.id)


def week_button(action_id: str) -> Walk:
    """A button under the question about Ana's week."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, await _week(visit.world))

    return walk


async def week_form(visit: Visit) -> list[str]:
    """The line that goes with the answer."""
    view = await opened(visit.world, await _week(visit.world), good_week_views.LINE, "Ana")
    return await visit.send(view, words="Legal answered")


WRITE, ANSWER = Action.PLAN_WRITE, Action.PLAN_ANSWER
DOORS: Sequence[Door] = (
    Door(talk_views.TALKED, Action.TALK_NOTE, "Ana", carded, talked_with),
    Door(views.WRITE, WRITE, "Ana", prompted, plan_button(views.WRITE), shows=True),
    Door(views.SAME, WRITE, "Ana", prompted, plan_button(views.SAME), shows=True),
    Door(typed_views.SAVE, WRITE, "Ana", typed_by_ana, echo_button(typed_views.SAVE)),
    Door(typed_views.EDIT, WRITE, "Ana", typed_by_ana, echo_button(typed_views.EDIT), shows=True),
    Door(typed_views.DISCARD, WRITE, "Ana", typed_by_ana, echo_button(typed_views.DISCARD)),
    Door(views.MORE, WRITE, "Ana", prompted, later, shows=True),
    Door(views.SKIP, WRITE, "Ana", prompted, plan_button(views.SKIP), shows=True),
    Door(views.KPIS, WRITE, "Ana", prompted, plan_button(views.KPIS), shows=True),
    Door(views.ADD, WRITE, "Ana", prompted, plan_button(views.ADD), shows=True),
    Door(views.ADD_SUBMIT, WRITE, "Ana", prompted, form("plan", views.ADD, "Ana", result="One more")),
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
        answer_views.REDIRECT_SUBMIT,
        ANSWER,
        "Ana",
        prompted,
        form("answer", card_views.REDIRECT, "Dana", instead="Rest", why="Because"),
    ),
    Door(
        answer_views.KEEP_SUBMIT, ANSWER, "Ana", prompted, form("answer", card_views.KEEP, "Dana", because="I say so")
    ),
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
        Door(f"/plan {verb}", Action.TEAM_READ, "Dana", prompted, typed("/plan", f"{verb} --team EMEA"), shows=True)
        for verb in ("team", "missing", "weeks")
    ),
    Door("/plan run", Action.TEAM_READ, "Dana", prompted, typed("/plan", "run --team EMEA")),
    Door(card_views.RUN, Action.TEAM_READ, "Dana", prompted, card_button(card_views.RUN)),
    Door(run_views.END, Action.TEAM_READ, "Dana", held, run_end),
    Door(good_week_views.YES, Action.WEEK_SAY, "Ana", week_asked, week_button(good_week_views.YES)),
    Door(good_week_views.NO, Action.WEEK_SAY, "Ana", week_asked, week_button(good_week_views.NO)),
    Door(good_week_views.LINE, Action.WEEK_SAY, "Ana", week_asked, week_button(good_week_views.LINE), shows=True),
    Door(good_week_views.LINE_SUBMIT, Action.WEEK_SAY, "Ana", week_asked, week_form),
    Door("/plan away", Action.ABSENCE, "Ana", prompted, typed("/plan", "away @Ana tomorrow holiday")),
    Door("/plan back", Action.ABSENCE, "Ana", leaving, typed("/plan", "back @Ana")),
    Door("/plan week", Action.WEEK_READ, "Ana", prompted, typed("/plan", "week @Ana"), shows=True),
)
OWN: Mapping[str, str] = {
    away_views.SUBMIT: "the same function as `/plan away`",
    "/plan": "opens one's own form",
    views.SHORTCUT: "opens one's own form",
    "/plan same": "files one's own plan",
    "/plan skip": "excuses oneself",
    views.REPLACE: "the same function as the plan form, for the draft of one's own plan: test_plan_edits",
    views.SKIP_SUBMIT: "asks like the plan form, in the same line; for a plan that is still open",
}
