"""What partners, and leaders who go first, see on Monday and on Friday."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, as_read, join, plain, say
from rituals.partners import LONGEST, Kind, Pair, Promise, PromiseState, until
from rituals.people import Person

WRITE = "partner.write"
WRITE_SUBMIT = "partner.write_submit"
YES = "partner.yes"
NO = "partner.no"
DONE = "first.done"
MOVED = "first.moved"
DROP = "first.drop"
DROP_SUBMIT = "first.drop_submit"

LONGEST_NAMED = 40
KEPT = {PromiseState.DONE: "✓ kept", PromiseState.MOVED: "moved", PromiseState.DROPPED: "not kept"}
SAID = {PromiseState.DONE: "✓ done", PromiseState.MOVED: "→ moved to next week", PromiseState.DROPPED: "✗ dropped"}


class Meta(BaseModel):
    """Which promise a form is about, and the message to redraw."""

    promise: UUID
    response_url: str | None = None
    pressed_on: str | None = None


def monday(mine: Promise, pair: Pair, partner: Person, theirs: Promise | None, *, away: bool) -> dict[str, Any]:
    """Monday's one message; it shows both, once both have written (F45). A partner who is `away` is not asked."""
    name = partner.given_name
    words = [_partners(name, pair)]
    if mine.state is PromiseState.ASKED:
        words.append(say("This week I commit to …"))
    else:
        words.append(_line("You", mine))
    if pair.ended_at is None:
        if away:
            words.append(say("{name} is away, and is asked again on the Monday after.", name=name))
        elif mine.state is not PromiseState.ASKED:
            words.append(say("{name} has not written yet.", name=name) if theirs is None else _line(name, theirs))
    body = [blocks.section(join(words, "\n"))]
    body += _write(mine)
    only = say("Only you two see this.") if pair.ended_at is None else say("Only you see this now.")
    body.append(blocks.context(only))
    return blocks.message(plain("Your commitment for the week"), body)


def _partners(name: str, pair: Pair) -> Mrkdwn:
    if pair.ended_at is None:
        return say("*You and {name} are partners until {last}.*", name=name, last=blocks.short_day(until(pair.month)))
    words = "*You and {name} are partners no longer.* On Monday whoever takes part and has nobody is paired again."
    return say(words, name=name)


def _line(who: str, promise: Promise) -> Mrkdwn:
    if promise.state is PromiseState.ASKED:
        return say("{who} has not written yet.", who=who)
    state = KEPT.get(promise.state)
    said = say("*{who}:* “{text}”", who=who, text=promise.text)
    return say("{said} · {state}", said=said, state=state) if state else said


def _write(mine: Promise) -> list[Block]:
    label = {PromiseState.ASKED: "Write", PromiseState.OPEN: "Edit"}.get(mine.state)
    return [] if label is None else [blocks.actions(blocks.button(label, WRITE, str(mine.id)))]


def leader(mine: Promise) -> dict[str, Any]:
    """Monday's one message to a leader who goes first (F138)."""
    where = Mrkdwn(f"<#{mine.channel}>")
    if mine.state is PromiseState.ASKED:
        words = say("*What do you commit to, by Friday?* It is posted in {where}.", where=where)
    else:
        words = say("*You committed:* “{text}” · in {where}", text=mine.text, where=where)
    return blocks.message(plain("You go first"), [blocks.section(words), *_write(mine)])


def write_form(meta: Meta, promise: Promise) -> Block:
    """One line."""
    label = plain("This week I commit to …") if promise.kind is Kind.PARTNER else plain("By Friday …")
    hint = plain("Only you two see it.") if promise.kind is Kind.PARTNER else plain("It is posted at once.")
    body = [blocks.field("text", label, blocks.text_input("text", promise.text or None, most=LONGEST), hint=hint)]
    return blocks.modal("Commitment", WRITE_SUBMIT, body, metadata=meta.model_dump_json(), submit="Commit")


def friday(mine: Promise) -> dict[str, Any]:
    """What became of it: between partners yes or no, before the leaders in three ways."""
    over = KEPT if mine.kind is Kind.PARTNER else SAID
    words = say("*This week you committed:* “{text}”", text=mine.text)
    body = [blocks.section(words)]
    value = str(mine.id)
    if mine.state in over:
        why = say(" · {why}", why=mine.because) if mine.because else ""
        body.append(blocks.context(say("{state}{why}", state=over[mine.state], why=why)))
    elif mine.kind is Kind.PARTNER:
        body.append(blocks.actions(blocks.button("Yes", YES, value), blocks.button("No", NO, value)))
        body.append(blocks.context(say("Did you keep it? Only you two see the answer.")))
    else:
        buttons = (("Done", DONE), ("Moved", MOVED), ("Dropped, because…", DROP))
        body.append(blocks.actions(*(blocks.button(label, way, value) for label, way in buttons)))
    return blocks.message(plain("Did you keep it?"), body)


def drop_form(meta: Meta, promise: Promise) -> Block:
    """Why it is dropped: the leaders read it."""
    body = [
        blocks.section(say("“{text}”", text=promise.text)),
        blocks.field("why", "Dropped, because", blocks.text_input("why", None, most=LONGEST)),
    ]
    return blocks.modal("Dropped, because…", DROP_SUBMIT, body, metadata=meta.model_dump_json(), submit="Post")


def posted(promise: Promise, leader: Person) -> dict[str, Any]:
    """The leader's word where the leaders are, and what became of it (F138)."""
    said = say("*{who} commits:* {text}, by Friday.", who=leader.given_name, text=promise.text)
    end = SAID.get(promise.state)
    if end is not None:
        why = say(", because {why}", why=promise.because) if promise.because else ""
        said = say("{said}\n{end}{why}", said=said, end=end, why=why)
    name = plain("{who} commits to something this week", who=leader.given_name)
    return blocks.message(name, [blocks.section(said)])


def status(kinds: Sequence[Kind], partner: Person | None, month: date) -> Mrkdwn:
    """What `/cadence partner` answers."""
    if Kind.PARTNER not in kinds:
        return say("You have no partner: `/cadence partner on` pairs you from next Monday on.")
    if partner is None:
        return say("You take part. From Monday on you have a partner, if somebody is left.")
    last = blocks.short_day(until(month))
    return say("Your partner is *{name}* until {last}.", name=partner.name, last=last)


# Where a leader's word is posted


def where(named: str) -> Mrkdwn:
    """No channel was named, or none that Slack knows."""
    if not named:
        return say("Where are the leaders? For example: `/cadence first on #leadership`.")
    words = (
        "I know no channel “{named}”. Pick it from what Slack offers as you type, in `/cadence first on #leadership`."
    )
    return say(words, named=blocks.cut(as_read(named), LONGEST_NAMED))


def here() -> str:
    """What the leader alone sees in the channel when its check goes well."""
    return plain("Only you see this. From Monday on I post here what you commit to, and on Friday what became of it.")


def going_first(channel: str) -> Mrkdwn:
    """It is kept."""
    room = Mrkdwn(f"<#{channel}>")
    return say("On Monday I ask what you commit to, and post it in {where}. Friday its end.", where=room)


def not_there(channel: str, why: str, *, barred: bool) -> Mrkdwn:
    """Slack did not take the check: what is in the way, and the next step.

    `why` is Slack's word; `barred` says that it is about the channel, not about this minute.
    """
    room = Mrkdwn(f"<#{channel}>")
    again = say("then type `/cadence first on` with it again. Nothing changed.")
    if why == "not_in_channel":
        return say("I am not in {room}. Type `/invite @Cadence` there, {again}", room=room, again=again)
    if why == "channel_not_found":
        words = "That channel is private and I am not in it, or it is gone. Type `/invite @Cadence` there, {again}"
        return say(words, again=again)
    if why == "user_not_in_channel":
        return say("You are not in {room}. Join it, {again}", room=room, again=again)
    if why == "is_archived":
        return say("{room} is archived. Pick another, {again}", room=room, again=again)
    if barred:
        words = "I may not post in {room} ({why}). Ask whoever manages it to let Cadence post, {again}"
        return say(words, room=room, why=why, again=again)
    words = "I could not find out whether I may post in {room} ({why}). Nothing changed: try again in a minute."
    return say(words, room=room, why=why)
