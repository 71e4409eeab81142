"""The doors of decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.decisions import capture_views, card_views, clock_views, limits, loading, memo_views, views
from bot.decisions.clock_views import REVIEWS
from bot.stoplight import walk_views
from rituals.decisions import Decision, Outcome
from rituals.decisions_lanes import Guardrail
from rituals.decisions_readers import Reader
from rituals.policy import About, Action
from tests import decisions
from tests.bot.decision_steps import approved, captured, pressed, proposed
from tests.bot.doors.door import NOBODY, Door, Visit, Walk, opened, typed
from tests.bot.steps import carded, filled, stored, submitted
from tests.bot.world import World


async def drafted(world: World) -> None:
    """Ana has captured D-1."""
    await carded(world)
    await captured(world)


async def waiting(world: World) -> None:
    """D-1 waits for Priya; Dana is asked to read it."""
    await carded(world)
    await proposed(world, readers=["U0DANA"], restricted=["yes"])


async def asked(world: World) -> None:
    """Dana asks something about D-1, which waits for Priya."""
    await waiting(world)
    assert (await pressed(world, "Dana", card_views.QUESTION)).ok
    await filled(world, "Dana")
    assert (await submitted(world, "Dana", {"words": "Since when?"})).ok
    await world.deliver()


async def _question(world: World) -> str:
    """What `Answer…` below it carries."""
    (reader,) = await stored(world, Reader)
    return f"{reader.id}:{reader.said}"


async def reply_button(visit: Visit) -> None:
    """`Answer…` below a question."""
    await visit.press(views.REPLY, await _question(visit.world))


async def reply_form(visit: Visit) -> list[str]:
    """The form that Ana gets by it, sent by whoever comes."""
    view = await opened(visit.world, await _question(visit.world), views.REPLY, "Ana")
    return await visit.send(view, words="Since May")


async def decided(world: World) -> None:
    """D-1 is approved, and D-2 is another of Ana's."""
    await carded(world)
    await approved(world)
    await captured(world)


async def killed(world: World) -> None:
    """D-1 was killed."""
    await drafted(world)
    await world.hand("Ana").command("/decide", "kill D-1 No money")


async def limited(world: World) -> None:
    """There is a limit to act within."""
    await carded(world)
    await world.write(decisions.guardrail())


async def _first(world: World) -> Decision:
    return min(await stored(world, Decision), key=lambda one: one.number)


async def standing(world: World) -> About:
    """Who stands how to D-1."""
    one = await _first(world)
    thing: About = await world.read(loading.thing, one, world.clock.now)
    return thing


def button(action_id: str, *, versioned: bool = False) -> Walk:
    """A button of D-1."""

    async def walk(visit: Visit) -> None:
        one = await _first(visit.world)
        await visit.press(action_id, f"{one.id}:{one.version}" if versioned else str(one.id))

    return walk


def form(action_id: str, who: str, *, versioned: bool = False, **fields: str) -> Walk:
    """The form that `who` gets by a button of D-1, sent by whoever comes."""

    async def walk(visit: Visit) -> list[str]:
        one = await _first(visit.world)
        value = f"{one.id}:{one.version}" if versioned else str(one.id)
        return await visit.send(await opened(visit.world, value, action_id, who), **fields)

    return walk


async def memo_form(visit: Visit) -> list[str]:
    """The full form as Ana has it, sent by whoever comes."""
    view = await opened(visit.world, str((await _first(visit.world)).id), card_views.WRITE, "Ana")
    return await visit.send(view, context="Mine")


async def save_draft(visit: Visit) -> None:
    """`Save draft` in Ana's form."""
    one = await _first(visit.world)
    view = await opened(visit.world, str(one.id), card_views.WRITE, "Ana")
    changes = {"view": view, "container": {"type": "view", "view_id": view["id"]}, "response_urls": []}
    await visit.press(memo_views.SAVE_DRAFT, str(one.id), **changes)


async def name_form(visit: Visit) -> list[str]:
    """An owner, chosen in the form that Dana has."""
    view = await opened(visit.world, str((await _first(visit.world)).id), clock_views.NAME, "Dana")
    block = next(one for one in view["state"]["values"] if one.startswith("by"))
    view["state"]["values"][block]["by"]["selected_date"] = "2026-11-27"
    return await visit.send(view, owner="U0TOM")


async def add_limit(visit: Visit) -> None:
    """`Add limit`."""
    await visit.press(limits.ADD, "new")


async def limit_button(visit: Visit) -> None:
    """`Close` beside a limit."""
    (found,) = await stored(visit.world, Guardrail)
    await visit.press(limits.CLOSE, str(found.id))


async def limit_form(visit: Visit) -> list[str]:
    """A new limit."""
    return await visit.send(await opened(visit.world, "new", limits.ADD, "Priya"), name="Budgets", limit="Up to 5 k")


READS, WRITES, APPROVES = Action.DECISION_READ, Action.DECISION_WRITE, Action.DECISION_APPROVE
RESPONDS, CLOCK, FOLLOWS = Action.DECISION_RESPOND, Action.DECISION_CLOCK, Action.DECISION_FOLLOW
_DOORS: Sequence[Door] = (
    Door("/decide show", READS, "Ana", drafted, typed("/decide", "show D-1"), shows=True),
    Door(card_views.REVIVE, READS, "Ana", killed, button(card_views.REVIVE), shows=True),
    Door(card_views.WRITE, WRITES, "Ana", drafted, button(card_views.WRITE), shows=True),
    Door(memo_views.SAVE_DRAFT, WRITES, "Ana", drafted, save_draft, silent=True),
    Door(memo_views.MEMO_SUBMIT, WRITES, "Ana", drafted, memo_form),
    Door(card_views.APPROVE, APPROVES, "Ana", waiting, button(card_views.APPROVE, versioned=True)),
    Door(card_views.RETURN, APPROVES, "Ana", waiting, button(card_views.RETURN, versioned=True), shows=True),
    Door(
        card_views.RETURN_SUBMIT,
        APPROVES,
        "Ana",
        waiting,
        form(card_views.RETURN, "Priya", versioned=True, words="Which?"),
    ),
    Door(card_views.READ, RESPONDS, "Ana", waiting, button(card_views.READ)),
    Door(walk_views.READ, RESPONDS, "Ana", waiting, button(walk_views.READ)),
    Door(card_views.QUESTION, RESPONDS, "Ana", waiting, button(card_views.QUESTION), shows=True),
    Door(card_views.RESPOND_SUBMIT, RESPONDS, "Ana", waiting, form(card_views.OBJECT, "Dana", words="No")),
    Door(views.REPLY, Action.DECISION_REPLY, "Ana", asked, reply_button, shows=True),
    Door(card_views.REPLY_SUBMIT, Action.DECISION_REPLY, "Ana", asked, reply_form),
    Door(clock_views.NAME, CLOCK, "Ana", drafted, button(clock_views.NAME), shows=True),
    Door(clock_views.NAME_SUBMIT, CLOCK, "Ana", drafted, name_form),
    Door(clock_views.KILL, CLOCK, "Ana", drafted, button(clock_views.KILL), shows=True),
    Door(clock_views.KILL_SUBMIT, CLOCK, "Ana", drafted, form(clock_views.KILL, "Dana", words="No money")),
    Door("/decide supersede", FOLLOWS, "Ana", decided, typed("/decide", "supersede D-1 with D-2")),
    Door("/decide review", FOLLOWS, "Ana", decided, typed("/decide", "review D-1"), shows=True),
    Door(REVIEWS[Outcome.YES], FOLLOWS, "Ana", decided, button(REVIEWS[Outcome.YES])),
    Door(REVIEWS[Outcome.NO], FOLLOWS, "Ana", decided, button(REVIEWS[Outcome.NO]), shows=True),
    Door(clock_views.REVIEW_SUBMIT, FOLLOWS, "Ana", decided, form(REVIEWS[Outcome.NO], "Ana", words="Slower")),
    *(
        Door(action, Action.GUARDRAIL_SET, NOBODY, limited, walk, shows=shows)
        for action, walk, shows in (
            (limits.ADD, add_limit, True),
            (limits.ADD_SUBMIT, limit_form, False),
            (limits.CLOSE, limit_button, False),
        )
    ),
)
DOORS = [door if door.owner == NOBODY else replace(door, thing=standing) for door in _DOORS]
SAME = "the same function as its neighbour in this table"
OWN: Mapping[str, str] = {
    **dict.fromkeys(("/decide log", "/decide export", card_views.WHOLE), "reads like `/decide show`"),
    **dict.fromkeys(("/decide approve", "/decide return", "/decide owner", "/decide kill", "/decide edit"), SAME),
    **dict.fromkeys((card_views.OBJECT, REVIEWS[Outcome.PARTLY]), SAME),
    "/decide list": "shows what the asker may read: test_decisions_capture, storage/test_decisions",
    "/decide search": "likewise: test_decisions_found",
    **dict.fromkeys(("/decide numbers", "/decide capabilities"), "likewise"),
    "/decide limits": "everybody on the roster reads them; its buttons are doors of their own",
    f"{views.PAGE}.back": "shows more of the same",
    f"{views.PAGE}.next": "shows more of the same",
    "/decide new": "captures one's own",
    capture_views.FROM_MESSAGE: "captures one's own",
    capture_views.CAPTURE_SUBMIT: "captures one's own",
}
