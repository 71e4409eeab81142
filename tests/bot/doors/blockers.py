"""The doors of blockers."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blockers import form_views, list_views, views
from rituals.blockers import Blocker
from rituals.policy import Action
from storage import audit
from tests.bot import forging
from tests.bot.doors.door import FORMS, Door, Visit, Walk, typed
from tests.bot.steps import card, file, filled, stored
from tests.bot.world import World

TRIAGE, SETTLE = Action.BLOCKER_TRIAGE, Action.BLOCKER_SETTLE


async def stuck(world: World) -> None:
    """Ana and Tom are stuck, B-1 and B-2; Dana has the card."""
    await world.at("08:30")
    assert (await file(world, "Ana", "Beltrán signs", stuck="Legal has not returned the NDA")).ok
    assert (await file(world, "Tom", "Three renewals called", stuck="The NDA is with Legal")).ok
    await world.at("09:00")


async def asked_about(world: World) -> None:
    """Dana asked about B-1."""
    await stuck(world)
    assert (await world.hand("Dana").command("/blockers", "ask 1 Who has it?")).ok


async def resolved(world: World) -> None:
    """Dana resolved B-1."""
    await stuck(world)
    assert (await world.hand("Dana").command("/blockers", "resolve 1 They signed")).ok


async def _first(world: World) -> Blocker:
    return next(one for one in await stored(world, Blocker) if one.number == 1)


def button(action_id: str) -> Walk:
    """A button of B-1's card."""

    async def walk(visit: Visit) -> None:
        found = await _first(visit.world)
        await visit.press(action_id, f"{found.id}:{found.version}")

    return walk


def menu(verb: str) -> Walk:
    """A choice behind the dots of B-1's card."""

    async def walk(visit: Visit) -> None:
        action = await _choice(visit.world, verb)
        await visit.press(views.MORE, action["selected_option"]["value"], actions=[action])

    return walk


async def _choice(world: World, verb: str) -> dict[str, Any]:
    value = f"{verb}:{(await _first(world)).id}"
    option = {"text": {"type": "plain_text", "text": verb, "emoji": True}, "value": value}
    return {
        "type": "overflow",
        "action_id": views.MORE,
        "block_id": "forged",
        "selected_option": option,
        "action_ts": "1763890000.000001",
    }


def form_by(action_id: str, who: str, *, verb: str = "", **fields: str) -> Walk:
    """The form that `who` gets behind a button, or behind a choice of the dots, sent by whoever comes."""

    async def walk(visit: Visit) -> list[str]:
        world, key = visit.world, (id(visit.world), action_id + verb)
        if key not in FORMS:
            found = await _first(world)
            more = {"actions": [await _choice(world, verb)]} if verb else {}
            value = f"{found.id}:{found.version}"
            assert (await forging.press(world, who, card(world), action_id, value, **more)).ok
            FORMS[key] = world, await filled(world, who)
            await world.hand(who).close(is_cleared=True)
        said = {name: await _meant(world, words) for name, words in fields.items()}
        return await visit.send(FORMS[key][1], **said)

    return walk


async def _meant(world: World, words: str) -> str:
    if words == "B-2":
        return str(next(one.id for one in await stored(world, Blocker) if one.number == 2))
    return world.people[words].slack_id if words in world.people else words


async def undo(visit: Visit) -> None:
    """`Undo` of the resolve that Dana typed."""
    entries = await visit.world.read(audit.of, [(await _first(visit.world)).id])
    await visit.press(views.UNDO, str(entries[-1].act.id))


DOORS: Sequence[Door] = (
    *(Door(action_id, TRIAGE, "Ana", stuck, button(action_id)) for action_id in (views.ACK, views.HAVE, views.PARK)),
    *(
        Door(action_id, TRIAGE, "Ana", stuck, button(action_id), shows=True)
        for action_id in (views.ASSIGN, views.SNOOZE)
    ),
    *(
        Door(action_id, SETTLE, "Ana", stuck, button(action_id), shows=True)
        for action_id in (views.RESOLVE, views.SEND, views.UPDATE)
    ),
    Door(views.ASK, Action.BLOCKER_ASK, "Ana", stuck, button(views.ASK), shows=True),
    Door(views.ANSWER, SETTLE, "Ana", asked_about, button(views.ANSWER), shows=True),
    Door(views.MORE, TRIAGE, "Ana", stuck, menu("merge"), shows=True),
    Door(views.SOLVED, SETTLE, "Ana", stuck, button(views.SOLVED)),
    Door(views.STILL, Action.BLOCKER_REOPEN, "Ana", resolved, button(views.STILL)),
    Door(views.UNDO, Action.UNDO, "Dana", resolved, undo),
    Door(form_views.ASSIGN_SUBMIT, TRIAGE, "Ana", stuck, form_by(views.ASSIGN, "Dana", to="Lee")),
    Door(form_views.RESOLVE_SUBMIT, SETTLE, "Ana", stuck, form_by(views.RESOLVE, "Dana", how="They signed")),
    Door(form_views.ESCALATE_SUBMIT, SETTLE, "Ana", stuck, form_by(views.SEND, "Dana", ask="Call Legal")),
    Door(form_views.MERGE_SUBMIT, TRIAGE, "Ana", stuck, form_by(views.MORE, "Dana", verb="merge", other="B-2")),
    Door(form_views.ASK_SUBMIT, Action.BLOCKER_ASK, "Ana", stuck, form_by(views.ASK, "Dana", question="Who?")),
    Door(form_views.ANSWER_SUBMIT, SETTLE, "Ana", asked_about, form_by(views.ANSWER, "Ana", answer="Jo in Legal")),
    Door(form_views.UPDATE_SUBMIT, SETTLE, "Ana", stuck, form_by(views.UPDATE, "Dana", news="They called")),
    Door("/blockers show", Action.BLOCKER_READ, "Ana", stuck, typed("/blockers", "show B-1"), shows=True),
    Door("/blockers team", Action.TEAM_READ, "Dana", stuck, typed("/blockers", "team EMEA"), shows=True),
    *(
        Door(f"/blockers {verb}", TRIAGE, "Ana", stuck, typed("/blockers", f"{verb} {rest}"))
        for verb, rest in (
            ("ack", "1"),
            ("have", "1"),
            ("park", "b1"),
            ("assign", "1 @Lee by friday"),
            ("snooze", "1 until 27 Nov waiting for audit"),
            ("merge", "1 2"),
        )
    ),
    *(
        Door(f"/blockers {verb}", SETTLE, "Ana", stuck, typed("/blockers", f"{verb} {rest}"))
        for verb, rest in (
            ("resolve", "1 They signed"),
            ("escalate", "1 Call Legal"),
            ("drop", "1 They bought elsewhere"),
            ("update", "1 They called"),
        )
    ),
    Door("/blockers decide", SETTLE, "Ana", stuck, typed("/blockers", "decide 1"), shows=True),
    Door("/cadence brief", Action.BRIEF_READ, "Ana", stuck, typed("/cadence", "brief @Ana"), shows=True),
    Door("/blockers ask", Action.BLOCKER_ASK, "Ana", stuck, typed("/blockers", "ask 1 Who has it?")),
)
OWN: Mapping[str, str] = {
    "/blockers": "lists what concerns the asker: test_blockers_lists",
    "/blockers mine": "lists one's own",
    "/blockers new": "raises one's own",
    form_views.NEW_SUBMIT: "raises one's own",
    form_views.SHORTCUT: "raises one's own",
    form_views.SNOOZE_SUBMIT: "the same function as `/blockers snooze`; its date is picked in test_blockers",
    list_views.PAGE: "shows more of a list that asks as its command does: test_blockers_lists",
}
