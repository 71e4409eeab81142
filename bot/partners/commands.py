"""`/cadence partner` and `/cadence first`."""

import logging
import re
from datetime import datetime

from sqlalchemy.orm import Session

from bot.acting import actor
from bot.catalogue import Mrkdwn, say
from bot.commands import Call, Noun, Verb
from bot.partners import handlers, pairing, views
from bot.payloads import Who
from bot.slack import VIEW_SECONDS, Fault, Refused
from rituals import calendar
from rituals import partners as rules
from rituals.partners import Kind
from storage import partners

log = logging.getLogger(__name__)
_CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>")


async def partner(call: Call) -> None:
    """`/cadence partner`: who it is."""
    await call.answer(await call.deps.database.read(load, call.who, call.deps.clock()))


def load(tx: Session, who: Who, now: datetime) -> Mrkdwn:
    """Who somebody's partner of this month is; raises Stranger."""
    person = actor(tx, who)
    month = rules.month_of(calendar.local_day(now, person.zone))
    kinds = [one.kind for one in partners.of_people(tx, [person.id]) if one.ended_at is None]
    around = pairing.circle(tx, person.workspace)
    standing = [one for one in partners.pairs(tx, person.workspace, month) if one.ended_at is None]
    mine = [one for one in standing if person.id in one.both and rules.goes_on(one, around.people, around.managers)]
    other = around.people[mine[0].partner_of(person.id)] if mine else None
    return views.status(kinds, other, month)


async def partner_on(call: Call) -> None:
    """`/cadence partner on`."""
    await _wish(call, Kind.PARTNER, None, on=True)
    words = say("You take part. Next Monday pairs you, if somebody is free; each month brings another partner.")
    await call.answer(words)


async def partner_off(call: Call) -> None:
    """`/cadence partner off`."""
    await _wish(call, Kind.PARTNER, None, on=False)
    await call.answer(say("You have no partner any more. What you two wrote stays between you."))


async def first_on(call: Call) -> None:
    """`/cadence first on #leadership`: kept only when its words can be posted there (F138)."""
    found = _CHANNEL.search(call.text)
    if found is None:
        await call.answer(views.where(call.text))
        return
    await call.deps.database.read(handlers.may_go_first, call.who)
    try:
        await _show(call, found[1])
    except Refused as refused:
        log.info("nobody goes first in %s: %s", found[1], refused.why)
        why, barred = refused.why.partition(":")[0], refused.fault is Fault.DESTINATION
        await call.answer(views.not_there(found[1], why, barred=barred))
        return
    await _wish(call, Kind.FIRST, found[1], on=True)
    await call.answer(views.going_first(found[1]))


async def _show(call: Call, channel: str) -> None:
    """Tell the leader alone, in the channel: Slack takes it only where the app and they are and it may post.

    `conversations.info` would need two more scopes, and does not say who may post. Raises Refused.
    """
    shown = {"channel": channel, "user": call.who.slack_id, "text": views.here()}
    await call.deps.slack.call("chat.postEphemeral", shown, VIEW_SECONDS)


async def first_off(call: Call) -> None:
    """`/cadence first off`."""
    await _wish(call, Kind.FIRST, None, on=False)
    await call.answer(say("You are not asked any more."))


async def _wish(call: Call, kind: Kind, channel: str | None, *, on: bool) -> None:
    def write(tx: Session) -> None:
        handlers.wish(tx, call.who, kind, channel, call.deps.clock(), on=on)

    await call.deps.database.write(write)
    call.deps.wake()


PARTNER = Noun(
    "partner",
    (
        Verb("", "", "says who your accountability partner is", partner),
        Verb("on", "", "pairs you with somebody each month; only you two see what you write", partner_on),
        Verb("off", "", "ends that", partner_off),
    ),
    own=False,
)
FIRST = Noun(
    "first",
    (
        Verb("on", "#leadership", "posts a leader's weekly commitment and its end there", first_on),
        Verb("off", "", "ends that", first_off),
    ),
    own=False,
)
