"""The doors of the rooms about teams."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import blocks, payloads
from bot.catalogue import say
from bot.commands import Call
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import sentence, tell
from bot.modals import View, draw_again, open_form, unsaid
from bot.payloads import Press, Who
from bot.people import handlers, team
from bot.people import team_views as views
from bot.people.team_views import TeamForm, TeamMeta
from rituals.refusals import Refusal
from rituals.settings import ClimbOrder, HuddleOrder, NobodyAbove, NoManager, NoSuchPerson, NoWorkingDays


def register(doors: Doors) -> None:
    """The list's buttons, and the form."""
    doors.action(views.NEW)(new)
    doors.action(views.EDIT)(edit)
    doors.action(views.ARCHIVE)(archive)
    doors.action(views.RESTORE)(restore)
    doors.action(views.PAGE)(turn)
    doors.action(views.BACK)(turn)
    doors.view(views.SUBMIT)(submit)


async def teams_room(call: Call) -> None:
    """`/cadence teams`: the list."""
    await call.accept()
    deps, who = call.deps, call.who

    async def load() -> View:
        return views.team_list(await deps.database.read(team.listed, 0, who, deps.clock()))

    await open_form(deps, call.trigger_id, "Teams", load(), handlers.lost(call))


async def new(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`New team…`."""
    await _open(ack, payloads.press(body), deps, None)


async def edit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Change…`."""
    press = payloads.press(body)
    await _open(ack, press, deps, UUID(press.value))


async def _open(ack: AsyncAck, press: Press, deps: Deps, team_id: UUID | None) -> None:
    await ack()
    meta = TeamMeta(team=team_id)
    if press.view is not None:
        meta = meta.model_copy(update={"room": press.view.id, "page": _page(press)})

    async def load() -> View:
        return views.team_form(await deps.database.read(team.load, meta, press.who, deps.clock()))

    await open_form(deps, press.trigger_id, "Team", load(), unsaid, above=press.view is not None)


def _page(press: Press) -> int:
    return TeamMeta.model_validate_json(press.view.metadata).page if press.view and press.view.metadata else 0


async def archive(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Archive`, confirmed."""
    await _do(ack, payloads.press(body), deps, team.archive)


async def restore(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Bring back`."""
    await _do(ack, payloads.press(body), deps, team.restore)


async def _do(ack: AsyncAck, press: Press, deps: Deps, decide: Callable[[Session, UUID, Who, datetime], None]) -> None:
    """Do it, then show the list as it stands, or the refusal in its place."""
    words = None
    try:
        await deps.database.write(decide, UUID(press.value), press.who, deps.clock())
    except Refusal as refusal:
        words = sentence(refusal)
    await ack()
    deps.wake()
    if press.view is not None:
        await redraw(deps, press.who, press.view.id, _page(press), words)
    elif words is not None:
        await tell(deps, press.response_url, words)


async def turn(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Next page`, `Previous page`."""
    press = payloads.press(body)
    await ack()
    if press.view is not None:
        await redraw(deps, press.who, press.view.id, int(press.value), None)


async def redraw(deps: Deps, who: Who, view_id: str, page: int, words: str | None) -> None:
    """Show the list in a view that is open, below what there is to say."""
    try:
        shown = views.team_list(await deps.database.read(team.listed, page, who, deps.clock()))
    except Refusal as refusal:
        shown = blocks.notice("Teams", say("{words}", words=sentence(refusal)))
    if words is not None:
        shown["blocks"].insert(0, blocks.section(say("{words}", words=words)))
    await draw_again(deps, view_id, shown)


async def submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """A team's form was sent: commit, then ack; the list below is drawn again."""
    sent = payloads.submission(body)
    meta = TeamMeta.model_validate_json(sent.view.metadata)
    form = TeamForm.parse(sent.view.fields)
    work = deps.database.write(team.keep, meta, form, sent.who, deps.clock())
    if not await handlers.keep_form(ack, deps, sent, work, field_of):
        again = await deps.database.read(team.conflict, meta, form, sent.who, deps.clock())
        await ack(response_action="update", view=again)
    elif meta.room is not None:
        deps.background.start(redraw(deps, sent.who, meta.room, meta.page, None))


def field_of(refusal: Refusal) -> str:
    """The field of a team's form that a refusal is about."""
    if isinstance(refusal, NoSuchPerson | HuddleOrder):
        return refusal.field
    if isinstance(refusal, ClimbOrder):
        return "leader_days"
    if isinstance(refusal, NoManager | NobodyAbove):
        return "manager"
    return "weekdays" if isinstance(refusal, NoWorkingDays) else "name"
