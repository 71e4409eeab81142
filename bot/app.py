"""The composition root: the Bolt app with every ritual, the same in production and in tests."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot import (
    blockers,
    brief,
    commands,
    decisions,
    errors,
    held_back,
    huddle,
    kpis,
    partners,
    people,
    records,
    stoplight,
    strategy,
    weekly,
)
from bot.deps import Deps
from bot.doors import Doors
from bot.ritual import Part, Ritual
from bot.slack import Slack
from bot.troubles.handlers import Troubles

RITUALS: Sequence[Ritual] = (
    huddle.RITUAL,
    blockers.RITUAL,
    weekly.RITUAL,
    partners.RITUAL,
    stoplight.RITUAL,
    decisions.RITUAL,
)
"""Every ritual, a line each."""
PARTS: Sequence[Part] = (people.PART, kpis.PART, records.PART, held_back.PART, brief.PART, strategy.PART)
"""Everything else that has doors in Slack, a line each."""
TROUBLES = Troubles(RITUALS)
MAKERS = {name: maker for ritual in RITUALS for name, maker in ritual.makers.items()}
"""Whatever makes files, by the name that outbox rows give it."""
DRAWERS = {name: drawer for ritual in RITUALS for name, drawer in ritual.drawers.items()}
"""Whatever draws messages when they go out, likewise."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who we are in the workspace that the bot token belongs to."""

    workspace: str
    workspace_name: str
    enterprise: str | None
    bot_id: str
    bot_user_id: str


async def identify(slack: Slack) -> Identity:
    """Ask Slack who we are; raises Refused. Done once at start: it warms the connection and fails early."""
    answer = await slack.call("auth.test", {})
    return Identity(
        answer["team_id"], answer.get("team", ""), answer.get("enterprise_id"), answer["bot_id"], answer["user_id"]
    )


def build(deps: Deps, identity: Identity) -> AsyncApp:
    """Return the Bolt app. Listeners are acked when they return: an acked answer is a kept answer."""
    app = AsyncApp(
        name="Cadence",  # without it, Bolt looks through the whole stack for whoever calls
        client=deps.slack.bare_client,
        authorize=_authorize(deps.slack, identity),  # type: ignore[arg-type] # None refuses; the annotation forgets it
        process_before_response=True,
        request_verification_enabled=False,  # Socket Mode needs none; over HTTP our own guard stands before Bolt.
        ssl_check_enabled=False,
        logger=logging.getLogger("bolt"),
    )

    errors.register(app, deps)
    every_door().open(app, deps)
    return app


def every_door() -> Doors:
    """All that people press, send and type."""
    doors = Doors()
    parts: Sequence[Ritual | Part] = (*RITUALS, *PARTS)
    for part in parts:
        part.register(doors)
    commands.register(doors, [noun for part in parts for noun in part.commands])
    TROUBLES.register(doors)
    return doors


def _authorize(slack: Slack, identity: Identity) -> Callable[..., Awaitable[AuthorizeResult | None]]:
    result = AuthorizeResult(
        enterprise_id=identity.enterprise,
        team_id=identity.workspace,
        bot_id=identity.bot_id,
        bot_user_id=identity.bot_user_id,
        bot_token=slack.client.token,
    )

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:  # noqa: ARG001 - Bolt passes both
        # Without an answer Bolt refuses: a request for another workspace is none of ours.
        return result if team_id in {None, identity.workspace} else None

    return authorize
