"""`Read next`: the memos that a leader owes an answer, one after another above the digest (F56, F73)."""

from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import blocks, payloads
from bot.acting import actor
from bot.catalogue import say
from bot.decisions import answers, card_views, loading
from bot.decisions.card_views import WordsMeta
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_press, sentence
from bot.modals import View, draw_again, open_form
from bot.payloads import Who
from bot.stoplight import walk_views
from bot.stoplight.forms import expired, redraw, walk_of
from bot.stoplight.one_views import Walk
from rituals.decisions_readers import Response
from rituals.people import Person
from rituals.refusals import Refusal
from storage import decisions
from storage.tables import DecisionReaders


def register(doors: Doors) -> None:
    """`Read next`, and `Read` below the memo."""
    doors.action(walk_views.READ_NEXT)(read_next)
    doors.action(walk_views.READ)(read)


async def read_next(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Read next`: the memo that has waited longest."""
    press = payloads.press(body)
    await ack()
    load = deps.database.read(load_next, press.who, walk_of(press, None), deps.clock())
    await open_form(deps, press.trigger_id, "Memo", load, expired(deps, press), above=press.view is not None)


def load_next(tx: Session, who: Who, walk: Walk, now: datetime) -> View:
    """The oldest memo that somebody owes an answer, with the buttons that answer it; raises Stranger."""
    reader = actor(tx, who)
    owed = decisions.owed_readings(tx, who.workspace, *_owed_by(tx, reader, now))
    if not owed:
        return blocks.notice("Memos", say("You owe no memo an answer."))
    memo = owed[0][0]
    (record,) = loading.records(tx, [memo], now, reader)
    room = card_views.whole(record)
    buttons = card_views.answer_buttons(memo, approves=False, reads=True, writes=False)
    buttons[0] = blocks.button("Read", walk_views.READ, card_views.value(memo), "primary")
    room["blocks"].append(blocks.actions(*buttons, block_id="memo"))
    return room | {"private_metadata": walk.model_dump_json()}


def _owed_by(tx: Session, reader: Person, now: datetime) -> Any:
    return loading.readable(tx, reader, now), DecisionReaders.person_id == reader.id


async def read(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Read`: noted, and the next memo comes; the digest below is drawn again."""
    press = payloads.press(body)
    decision_id = card_views.decision_of(press.value)

    async def work() -> None:
        given = (press.who, WordsMeta(id=decision_id, version=0), Response.READ, "", deps.clock())
        await deps.database.write(answers.answer, *given)

    if press.view is None:
        await answer_press(ack, deps, press, work())
        return
    walk = Walk.model_validate_json(press.view.metadata)
    try:
        await work()
        shown = await deps.database.read(load_next, press.who, walk, deps.clock())
    except Refusal as refusal:
        shown = blocks.notice("Memos", say("{words}", words=sentence(refusal)))
    await ack()
    deps.wake()
    await draw_again(deps, press.view.id, shown)
    await redraw(deps, press.who, walk.view, walk)
