"""Refusals and faults as sentences, each with a next step; unknown faults with a reference id."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import timedelta
from functools import singledispatch
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse

from bot.blocks import cut
from bot.catalogue import Mrkdwn, as_read, count, escape, join, plain, say
from bot.deps import Deps
from bot.payloads import Press, View, Who
from bot.slack import Refused
from rituals import blockers, teams, undo, writing
from rituals.people import Person, WritesNoPlan
from rituals.policy import NotAllowed
from rituals.refusals import Refusal

log = logging.getLogger(__name__)

JUST_NOW = timedelta(minutes=1)
LONGEST_QUOTE = 40
"""Characters of what somebody typed that a sentence says again."""
MOST_ADMINS = 3
"""Admins that a sentence names."""
SUBMIT_SECONDS = 2.3
"""How long a submission may take before we answer it ourselves: Slack gives up after 3 s and keeps the form open."""


class Stranger(Refusal):
    """Nobody on the roster has this Slack id, or they are on no team; `admins` can mend it, None being unknown."""

    def __init__(self, who: Who, admins: Sequence[Person] | None = None) -> None:
        super().__init__(who)
        self.who = who
        self.admins = admins


class Gone(Refusal):
    """What the button belongs to is not there any more."""


class NoSuch(Refusal):
    """Nothing of a workspace has the number that was typed; `what` it is, and `hint`, how it is named and found."""

    what = ""
    hint = ""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class MayNot(NotAllowed):
    """The same, of something with a name: `deed` says what they may not do, "resolve B-42"."""

    def __init__(self, refusal: NotAllowed, deed: str) -> None:
        super().__init__(refusal.actor, refusal.who_can, refusal.roles)
        self.deed = deed


class Several(Refusal):
    """More than one refusal at once, each by the field that it is about."""

    def __init__(self, found: Mapping[str, Refusal]) -> None:
        super().__init__(*found)
        self.found = found


@singledispatch
def sentence(refusal: Refusal) -> str:
    """What a person is told: what is wrong, and the next step."""
    return plain("That can't be done ({kind}). Nothing changed.", kind=type(refusal).__name__)


@sentence.register
def _(refusal: Stranger) -> str:
    if refusal.admins is None:
        return plain("I don't have you on a team yet. Ask an admin to add you; then press again.")
    if not refusal.admins:
        words = "I don't have you on a team yet, and nobody is an admin. Whoever runs Cadence types this there: {how}"
        return plain(words, how=f"cadence admin add {refusal.who.slack_id}")
    names = _either([person.given_name for person in refusal.admins[:MOST_ADMINS]])
    words = "I don't have you on a team yet. Ask {names} to add you with /cadence people; then press again."
    return plain(words, names=names)


@sentence.register
def _(_: WritesNoPlan) -> str:
    return plain("Plans are written by reps. Your part is to answer theirs: the huddle card brings them to you.")


@sentence.register
def _(refusal: teams.NoSuchTeam) -> str:
    return plain("There is no team called {name}. There is {known}.", name=refusal.name, known=_listed(refusal.known))


@sentence.register
def _(refusal: teams.WhichTeam) -> str:
    return plain(
        "You have {known}. Say which one: add --team {first}.", known=_listed(refusal.known), first=refusal.known[0]
    )


@sentence.register
def _(_: teams.ManagesNobody) -> str:
    return plain("You manage no team, and stand in for nobody today. Add --team and its name to ask for another.")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or plain("none yet")


@sentence.register
def _(_: blockers.StuckSinceLater) -> str:
    return plain("That day has not come yet. Pick today or a day before.")


@sentence.register
def _(_: writing.NothingWritten) -> str:
    return plain("Write a few words first.")


@sentence.register
def _(_: Gone) -> str:
    return plain("This is no longer there. Type /plan to open today's plan.")


@sentence.register
def _(refusal: NoSuch) -> str:
    words = "There is no {what} “{text}”. {hint}" if refusal.text else "Which {what}? {hint}"
    return plain(words, what=refusal.what, text=cut(refusal.text, LONGEST_QUOTE), hint=refusal.hint)


@sentence.register
def _(refusal: NotAllowed) -> str:
    names = [person.given_name for person in refusal.who_can]
    who = _either([*names, *refusal.roles])
    deed = refusal.deed if isinstance(refusal, MayNot) else plain("do this")
    if not names and refusal.roles:
        return plain("Only {who} can {deed}. Nothing changed; ask one of them.", who=who, deed=deed)
    if not names:
        return plain("Nobody can {deed} here. Nothing changed.", deed=deed)
    return plain("Only {who} can {deed}. Nothing changed; ask {names}.", who=who, deed=deed, names=_either(names))


def refused(refusal: Refusal, *, typed: bool = False) -> Mrkdwn:
    """The same for an ephemeral line, which can hold the way to whoever may: a link that opens their DM.

    `typed`: what it says again came in a command, in Slack's markup.
    """
    if not isinstance(refusal, NotAllowed) or not refusal.who_can:
        words = sentence(refusal)
        return escape(as_read(words) if typed else words)
    who = _either([*(person.given_name for person in refusal.who_can), *refusal.roles])
    asks = join((_ask(person) for person in refusal.who_can), " · ")
    deed = refusal.deed if isinstance(refusal, MayNot) else plain("do this")
    return say("Only {who} can {deed}. Nothing changed. {asks}", who=who, deed=deed, asks=asks)


def _ask(person: Person) -> Mrkdwn:
    label = say("Ask {who}", who=person.given_name)
    return Mrkdwn(f"<slack://user?team={person.workspace}&id={person.slack_id}|{label}>")


def _either(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


@sentence.register
def _(_: undo.TooLateToUndo) -> str:
    return plain(
        "Ten minutes have passed, and others count on what you said. Redirect what must change, or answer it anew."
    )


@sentence.register
def _(_: undo.NothingToUndo) -> str:
    return plain("This was taken back already, or has changed since. The card shows how it stands now.")


def told_ago(ago: timedelta) -> str:
    """How long ago something was: "3 seconds ago"."""
    if ago < JUST_NOW:
        return plain("{time} ago", time=count(max(1, int(ago.total_seconds())), "second"))
    return plain("{time} ago", time=count(int(ago.total_seconds()) // 60, "minute"))


STILL_SAVING = "The database is slow right now. Your text is still here: press the button again in a moment."


async def tell(
    deps: Deps,
    response_url: str | None,
    words: str,
    blocks: Sequence[Mapping[str, Any]] = (),
    *,
    public: bool = False,
) -> None:
    """Say something only to the person who pressed, unless it is `public`; the message that they pressed on stays."""
    if response_url is None:
        return
    seen_by = "in_channel" if public else "ephemeral"
    said = words if isinstance(words, Mrkdwn) else escape(words)
    body: dict[str, Any] = {"response_type": seen_by, "replace_original": False, "text": said}
    try:
        await deps.slack.respond(response_url, body | ({"blocks": list(blocks)} if blocks else {}))
    except Refused as refused:
        log.warning("an answer to a press was lost: %s", refused.why)


async def in_time(deps: Deps, work: Coroutine[Any, Any, None]) -> None:
    """Wait for a transaction as long as Slack waits for us; raises TimeoutError and lets it go on behind."""
    task = asyncio.create_task(work)
    try:
        await asyncio.wait_for(asyncio.shield(task), SUBMIT_SECONDS)
    except TimeoutError:
        deps.background.hold(task)
        raise


async def answer_form(
    ack: AsyncAck,
    deps: Deps,
    view: View,
    work: Coroutine[Any, Any, None],
    field_of: Callable[[Refusal], str],
    *,
    above: Callable[[Refusal], dict[str, Any] | None] = lambda _: None,
) -> None:
    """Commit, then ack: a refusal lands on the field that `field_of` names, and nothing that was typed is lost.

    Slack gives up after 3 s and keeps the form open; before that we say so ourselves, and the work goes on behind:
    the same submission again changes nothing more. A refusal with a way out is a view that `above` gives: it is pushed
    over the form, whose text stays below.
    """
    try:
        await in_time(deps, work)
    except Refusal as refusal:
        if (way_out := above(refusal)) is not None:
            await ack(response_action="push", view=way_out)
        else:
            found = refusal.found if isinstance(refusal, Several) else {field_of(refusal): refusal}
            errors = {view.block(field): sentence(one) for field, one in found.items()}
            await ack(response_action="errors", errors=errors)
    except TimeoutError:
        await ack(response_action="errors", errors={next(iter(view.fields)): STILL_SAVING})
    else:
        await ack()
        deps.wake()


async def answer_press(ack: AsyncAck, deps: Deps, press: Press, work: Coroutine[Any, Any, None]) -> None:
    """Commit, then ack; a refusal is an ephemeral line under the message."""
    try:
        await in_time(deps, work)
    except Refusal as refusal:
        await ack()
        await tell(deps, press.response_url, refused(refusal))
    except TimeoutError:
        await ack()
        await tell(deps, press.response_url, plain("The database is slow right now. What you pressed is on its way."))
    else:
        await ack()
    deps.wake()


def unforeseen(error: BaseException) -> str:
    """Log an unknown fault under a new reference; return the sentence that names it."""
    reference = secrets.token_hex(2).upper()
    log.error("reference %s", reference, exc_info=error)
    return plain(
        "That did not work and nothing was saved twice. Reference {reference}. Try again.", reference=reference
    )


def register(app: AsyncApp, deps: Deps) -> None:
    """Answer every fault, and every refusal that a handler let through, where its sender looks.

    A form keeps its text, a press gets an ephemeral line; what nobody foresaw goes into the log under a reference.
    """

    @app.error
    async def unknown(error: Exception, body: dict[str, Any]) -> BoltResponse:
        words = sentence(error) if isinstance(error, Refusal) else unforeseen(error)
        if body.get("type") == "view_submission":
            blocks = body["view"]["blocks"]
            block = next((block["block_id"] for block in blocks if block["type"] == "input"), None)
            if block is not None:
                return BoltResponse(status=200, body={"response_action": "errors", "errors": {block: words}})
        if body.get("type") == "event_callback":
            # Not acked: Slack tells it again.
            return BoltResponse(status=500, body="")
        await tell(deps, body.get("response_url"), words)
        return BoltResponse(status=200, body="")
