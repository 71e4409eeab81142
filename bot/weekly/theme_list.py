"""`/blockers themes`: what is proposed to a team and what stands on its agenda, for whoever may decide it (F33)."""

import logging
from collections.abc import Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import actor
from bot.commands import Call
from bot.deps import Deps
from bot.errors import Gone
from bot.payloads import Who
from bot.slack import Refused
from bot.standing import about_team
from bot.weekly import loading, places, theme_views
from bot.weekly.form_views import Meta
from rituals import calendar
from rituals.people import Team
from rituals.policy import Action, require
from rituals.themes import FLOW_LOOKS_BACK, ThemeState
from storage import people, themes

log = logging.getLogger(__name__)


async def listed(call: Call) -> None:
    """`/blockers themes [--team name]`, for one person alone."""
    read = call.deps.database.read(load, call.who, call.options.get("team"), call.deps.clock())
    shown = await read
    await call.answer(shown["text"], shown["blocks"])


def load(tx: Session, who: Who, named: str | None, now: datetime) -> dict[str, Any]:
    """The open themes of the team that somebody means.

    Raises Stranger, NotAllowed or what `places.team_of` raises.
    """
    person = actor(tx, who)
    team = places.team_of(tx, person, named, now)
    require(Action.THEME_DECIDE, person, about_team(tx, team, now))
    return _of_team(tx, team, now)


def _of_team(tx: Session, team: Team, now: datetime) -> dict[str, Any]:
    standing = themes.of_team(tx, team.id, ThemeState.PROPOSED, ThemeState.MADE)
    today = calendar.local_day(now, loading.zone(tx, team))
    flows = loading.flows(tx, themes.in_flows(tx, team.id, today - FLOW_LOOKS_BACK), team, now)
    return theme_views.standing(team, loading.recurring(tx, standing, team, now), flows)


async def redrawn(deps: Deps, who: Who, meta: Meta, decision: Coroutine[Any, Any, None]) -> None:
    """Have a theme decided; pressed in somebody's own list, the list then shows it. Raises what `decision` raises."""
    await decision
    if meta.listed and meta.response_url is not None:
        deps.background.start(_redraw(deps, who, meta.about, meta.response_url))


async def _redraw(deps: Deps, who: Who, theme_id: UUID, response_url: str) -> None:
    shown = await deps.database.read(_anew, who, theme_id, deps.clock())
    try:
        await deps.slack.respond(response_url, shown | {"replace_original": True})
    except Refused as refused:
        log.warning("a list of themes stays as it was: %s", refused.why)


def _anew(tx: Session, who: Who, theme_id: UUID, now: datetime) -> dict[str, Any]:
    theme = themes.find(tx, theme_id)
    team = None if theme is None else people.team(tx, theme.team_id)
    if team is None or team.workspace != who.workspace:
        raise Gone
    return _of_team(tx, team, now)
