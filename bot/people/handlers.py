"""The doors of the rooms about people: the list, a person's form, one's own."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck

from bot import blocks, grammar, payloads
from bot.catalogue import plain, say
from bot.commands import Call
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import STILL_SAVING, in_time, sentence, tell
from bot.modals import View, draw_again, open_form, unsaid
from bot.payloads import Press, Submission, Who
from bot.people import listing, person, person_views, views
from bot.people.person_views import PersonForm, PersonMeta
from bot.people.views import ListMeta
from rituals.calendar import UnknownCalendar
from rituals.hours import BackwardHours
from rituals.people import Loop
from rituals.refusals import Refusal
from rituals.roster import LastAdmin
from rituals.settings import (
    AskedOutsideHours,
    AskedTooLate,
    EditedMeanwhile,
    NoSuchPerson,
    NoTime,
    NoWorkingDays,
    OwnDeputy,
)

FIELDS: dict[type[Refusal], str] = {
    UnknownCalendar: "holidays",
    BackwardHours: "works_to",
    Loop: "manager",
    LastAdmin: "role",
    AskedTooLate: "ask",
    AskedOutsideHours: "ask",
    NoTime: "ask_at",
    NoWorkingDays: "days",
    OwnDeputy: "deputy",
}


def register(doors: Doors) -> None:
    """The list's menus and buttons, and the form."""
    doors.action(views.FIND)(find)
    doors.action(views.FILTER)(look)
    doors.action(views.PAGE)(turn)
    doors.action(views.BACK)(turn)
    doors.action(views.EDIT)(edit)
    doors.view(person_views.SUBMIT)(submit)


def lost(call: Call) -> Callable[[str], Awaitable[None]]:
    """What to do when a form did not open by a command: say so to whoever typed it."""

    async def expired(words: str) -> None:
        await tell(call.deps, call.response_url, plain("{words} Type the command again.", words=words))

    return expired


async def people_room(call: Call) -> None:
    """`/cadence people`: the list; with a name that person's form."""
    named = grammar.person(call.text, call.who.slack_id) if call.text else None
    await call.accept()
    deps, who = call.deps, call.who

    async def load() -> View:
        if named is None:
            return views.people_list(await deps.database.read(listing.load, ListMeta(), who, deps.clock()))
        meta = await deps.database.read(listing.found, who, named[0])
        return person_views.person_form(await deps.database.read(person.load, meta, who, deps.clock()))

    await open_form(deps, call.trigger_id, "People", load(), lost(call))


async def me(call: Call) -> None:
    """`/cadence me`: when and where I may be reached, and who stands in for me."""
    await call.accept()
    deps, who = call.deps, call.who

    async def load() -> View:
        return person_views.person_form(await deps.database.read(person.own, who, deps.clock()))

    await open_form(deps, call.trigger_id, "About me", load(), lost(call))


async def find(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """A name was chosen: their form."""
    press = payloads.press(body)
    await ack()
    if not press.value:
        return

    async def load() -> View:
        return await _form(deps, press, await deps.database.read(listing.found, press.who, press.value))

    await open_form(deps, press.trigger_id, "Person", load(), unsaid, above=press.view is not None)


async def edit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Change…`, `Put on a team…`: their form."""
    press = payloads.press(body)
    await ack()
    meta = PersonMeta(person=UUID(press.value), version=0, own=False)
    await open_form(deps, press.trigger_id, "Person", _form(deps, press, meta), unsaid, above=press.view is not None)


async def _form(deps: Deps, press: Press, meta: PersonMeta) -> View:
    below = {} if press.view is None else {"room": press.view.id, "look": press.view.metadata}
    page = await deps.database.read(person.load, meta.model_copy(update=below), press.who, deps.clock())
    return person_views.person_form(page)


async def look(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """Another team is looked at."""
    press = payloads.press(body)
    await ack()
    await redraw(deps, press.who, press.view.id if press.view else None, ListMeta(look=press.value))


async def turn(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Next page`, `Previous page`."""
    press = payloads.press(body)
    await ack()
    where, _, page = press.value.rpartition(":")
    await redraw(deps, press.who, press.view.id if press.view else None, ListMeta(look=where, page=int(page)))


async def redraw(deps: Deps, who: Who, view_id: str | None, meta: ListMeta) -> None:
    """Show a page of the list in a view that is open; one that was closed is left alone."""
    if view_id is None:
        return
    try:
        shown = views.people_list(await deps.database.read(listing.load, meta, who, deps.clock()))
    except Refusal as refusal:
        shown = blocks.notice("People", say("{words}", words=sentence(refusal)))
    await draw_again(deps, view_id, shown)


async def submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """A person's form was sent: commit, then ack; the list below is drawn again."""
    sent = payloads.submission(body)
    meta = PersonMeta.model_validate_json(sent.view.metadata)
    form = PersonForm.parse(sent.view.fields)
    work = deps.database.write(person.keep, meta, form, sent.who, deps.clock())
    if not await keep_form(ack, deps, sent, work, field_of):
        again = await deps.database.read(person.conflict, meta, form, sent.who, deps.clock())
        await ack(response_action="update", view=again)
    elif meta.room is not None:
        listed = ListMeta.model_validate_json(meta.look) if meta.look else ListMeta()
        deps.background.start(redraw(deps, sent.who, meta.room, listed))


def field_of(refusal: Refusal) -> str:
    """The field of a person's form that a refusal is about."""
    return refusal.field if isinstance(refusal, NoSuchPerson) else FIELDS.get(type(refusal), "deputy")


async def keep_form(ack: AsyncAck, deps: Deps, sent: Submission, work: Any, field: Callable[[Refusal], str]) -> bool:
    """Commit, then ack, like `errors.answer_form`; False, unacked, when somebody else was faster."""
    try:
        await in_time(deps, work)
    except EditedMeanwhile:
        return False
    except Refusal as refusal:
        await ack(response_action="errors", errors={sent.view.block(field(refusal)): sentence(refusal)})
        return True
    except TimeoutError:
        await ack(response_action="errors", errors={next(iter(sent.view.fields)): STILL_SAVING})
        return True
    await ack()
    deps.wake()
    return True
