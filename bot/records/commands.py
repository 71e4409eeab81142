"""`/cadence audit`."""

from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import actor
from bot.blocks import Block
from bot.catalogue import Mrkdwn
from bot.commands import Call, Noun, Verb
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_press, tell
from bot.payloads import Who
from bot.records import views
from bot.records.views import Change
from rituals.policy import About, Action, require
from storage import audit, people

AT_ONCE = 30
PRIVATE = (
    *("plans", "plan_items", "plan_answers", "questions", "redirects", "good_weeks", "absences", "promises"),
    "talks",
    *("blockers", "blocker_updates"),
    *("decisions", "decision_readers", "decision_effects"),
)
"""What admins do not see here: of people's days only their manager is told, and a memo has readers of its own."""


def register(doors: Doors) -> None:
    """The button for older changes."""
    doors.action(views.OLDER)(older)


async def show(call: Call) -> None:
    """`/cadence audit`: the last changes, who made them and by which door (F119)."""
    words, body = await call.deps.database.read(load, call.who, None)
    await call.answer(words, body)


async def older(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Older`: what was changed before."""
    press = payloads.press(body)

    async def work() -> None:
        words, shown = await deps.database.read(load, press.who, int(press.value))
        await tell(deps, press.response_url, words, shown)

    await answer_press(ack, deps, press, work())


def load(tx: Session, who: Who, before: int | None) -> tuple[Mrkdwn, list[Block]]:
    """One page of the record; raises Stranger or NotAllowed."""
    reader = actor(tx, who)
    require(Action.AUDIT_READ, reader, About(who.workspace))
    found = audit.latest(tx, who.workspace, AT_ONCE + 1, before=before, without=PRIVATE)
    # Whom a change is about stands in the row itself; that row may be gone, but people stay.
    named = {entry.act.actor_id for _, entry in found} | {entry.subject for _, entry in found}
    known = people.some(tx, filter(None, named))
    changes = [_named(number, entry, {p.id: p.name for p in known.values()}) for number, entry in found[:AT_ONCE]]
    return views.page(changes, reader.zone, more=len(found) > AT_ONCE)


def _named(number: int, entry: audit.Entry, names: dict[UUID, str]) -> Change:
    act = entry.act
    return Change(
        number,
        act.at,
        None if act.actor_id is None else names.get(act.actor_id, "somebody who is gone"),
        act.via,
        entry.kind.replace("_", " "),
        names.get(entry.subject, str(entry.subject)[-6:]),
        entry.before,
        entry.after,
    )


AUDIT = Noun(
    "audit",
    (Verb("", "", "shows admins who changed what of people, teams and numbers, newest first", show),),
    own=False,
)
