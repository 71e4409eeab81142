"""`/plan` and its verbs."""

from collections.abc import Callable

from bot.blocks import cut
from bot.catalogue import as_read, say
from bot.commands import Call, Noun, Verb
from bot.huddle import away, filing, form_views, handlers, own_plans, running, weeks
from bot.pressed import Pressed


async def write(call: Call) -> None:
    """`/plan [day]`: the form of today or of a day ahead, also to edit (F12, F23)."""
    await call.accept()
    await handlers.open_plan(call.deps, call, None, call.text)


async def same(call: Call) -> None:
    """`/plan same` (F9)."""
    await _file(call, filing.same_plan)
    await call.answer(say("Saved. The receipt is in our DM."))


async def skip(call: Call) -> None:
    """`/plan skip [reason]` (F10)."""
    await _file(call, filing.skip_today, cut(as_read(call.text), form_views.LONGEST_EXCUSE) or form_views.EXCUSES[-1])
    await call.answer(say("You are excused for today."))


async def _file(call: Call, transaction: Callable[..., None], *details: str) -> None:
    now = call.deps.clock()
    plan_id = await call.deps.database.write(own_plans.find, call.who, now)
    await call.deps.database.write(transaction, plan_id, *details, Pressed.of(call.who, None, None), now)
    call.deps.wake()


PLAN = Noun(
    "plan",
    (
        Verb("", "[tomorrow | friday]", "opens today's form or that of a day ahead", write, also=("today", "edit")),
        Verb("same", "", "files yesterday's open results again", same),
        Verb("skip", "[reason]", "excuses you for today", skip),
        Verb(
            "away",
            "[3 Dec - 7 Dec] [morning] [reason]",
            "nobody asks you on those days; name a report first to say it for them",
            away.away,
        ),
        Verb("back", "[@person]", "ends your absence, or a report's", away.back),
        *running.VERBS,
        *weeks.VERBS,
    ),
    dated=True,
)
