"""Opening a form inside Slack's three seconds, however slow the database is (F105)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot import blocks
from bot.catalogue import Mrkdwn, plain, say
from bot.deps import Deps
from bot.errors import refused as line
from bot.errors import sentence, tell, unforeseen
from bot.payloads import Press
from bot.slack import VIEW_SECONDS, Fault, Refused
from rituals.refusals import Refusal

log = logging.getLogger(__name__)

PREFILL_SECONDS = 0.7
"""A form whose content takes longer is opened empty first and filled when the content is there."""
SLOW_SECONDS = 60

View = dict[str, Any]


async def open_form(
    deps: Deps,
    trigger_id: str,
    title: str,
    load: Awaitable[View],
    expired: Callable[[str], Awaitable[None]],
    *,
    above: bool = False,
    no_form: Callable[[Mrkdwn], Awaitable[None]] | None = None,
) -> None:
    """Show the form that `load` gives; `above` the view that was pressed in, which stays below.

    `expired` tells the person, with a way to try again, when Slack refuses it. `no_form` says why there is none, in
    one line where that was asked for; without it, and where the form is up already, it is said in the form's place.
    """
    method = "views.push" if above else "views.open"
    loading = asyncio.ensure_future(load)
    done, _ = await asyncio.wait({loading}, timeout=PREFILL_SECONDS)
    try:
        if done and no_form is not None and isinstance(refusal := loading.exception(), Refusal):
            await no_form(line(refusal))
            return
        if done:
            await _open(deps, method, trigger_id, _content(loading, title))
            return
        opened = await _open(deps, method, trigger_id, blocks.notice(title, say("One moment, fetching your form…")))
    except Refused as refused:
        log.warning("a form did not open: %s", refused.why)
        if refused.fault is Fault.OVER:
            await expired(plain("Slack gave up waiting for the form. Nothing is lost."))
        else:
            await expired(plain("Slack did not open the form. Nothing is lost."))
        loading.cancel()
        return
    deps.background.start(_fill(deps, opened["view"]["id"], loading, title))


class Came(Protocol):
    """What opens a form: a press, a command, a shortcut on a message."""

    @property
    def trigger_id(self) -> str:
        """Slack's permission to open one."""

    @property
    def response_url(self) -> str | None:
        """Where whoever came can be told something."""


async def show_form(deps: Deps, came: Came, title: str, load: Awaitable[View]) -> None:
    """Open a form, above the view that was pressed in; when Slack refuses, say so where button or command stand."""

    async def expired(words: str) -> None:
        await tell(deps, came.response_url, plain("{words} Try it again.", words=words))

    above = isinstance(came, Press) and came.view is not None
    await open_form(deps, came.trigger_id, title, load, expired, above=above)


async def unsaid(words: str) -> None:
    """A form that did not open above another: the one below is still there to press again."""


async def draw_again(deps: Deps, view_id: str, view: View, seen: str | None = None) -> None:
    """Draw a view again; one that was closed in the meantime is left alone.

    With `seen`, Slack's hash of what its reader saw, so is one that has changed since.
    """
    unchanged = {} if seen is None else {"hash": seen}
    try:
        await deps.slack.call("views.update", {"view_id": view_id, "view": view} | unchanged)
    except Refused as refused:
        log.info("a view was not drawn again: %s", refused.why)


async def _open(deps: Deps, method: str, trigger_id: str, view: View) -> dict[str, Any]:
    return await deps.slack.call(method, {"trigger_id": trigger_id, "view": view}, VIEW_SECONDS)


async def _fill(deps: Deps, view_id: str, loading: asyncio.Future[View], title: str) -> None:
    await asyncio.wait({loading}, timeout=SLOW_SECONDS)
    if not loading.done():
        loading.cancel()
        view = blocks.notice(title, say("The database does not answer. Close this and try again in a minute."))
    else:
        view = _content(loading, title)
    await draw_again(deps, view_id, view)


def _content(loading: asyncio.Future[View], title: str) -> View:
    try:
        return loading.result()
    except Refusal as refusal:
        return blocks.notice(title, say("{words}", words=sentence(refusal)))
    except Exception as error:  # noqa: BLE001 - whatever it was, its reader gets a reference and the log the rest
        return blocks.notice(title, say("{words}", words=unforeseen(error)))
