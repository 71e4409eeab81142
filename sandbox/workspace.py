"""The one object that methods, deliveries and the page share."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.calls import CallLog
from sandbox.changes import Changes
from sandbox.delivery import Transport
from sandbox.errors import Json
from sandbox.event_quota import EventQuota
from sandbox.live import LiveHub
from sandbox.persistence import Keeper, load
from sandbox.seed import Seed, User
from sandbox.stamps import Clock, Identifiers, stamp, system_clock
from sandbox.state import Conversation, State
from sandbox.triggers import Triggers

# Slack retries an event nearly at once, after a minute and after five.
EVENT_RETRY_PAUSES = (0.1, 60.0, 300.0)


class Workspace:
    """A workspace with one app installed: what it remembers and the means to act on it."""

    transport: Transport

    def __init__(self, seed: Seed, clock: Clock, state_path: Path | None, random_seed: int | None) -> None:
        self.event_retry_pauses: Sequence[float] = EVENT_RETRY_PAUSES
        self.event_quota = EventQuota()
        self.seed = seed
        self.ids = Identifiers(random_seed)
        self.skew = timedelta()
        self._clock = clock
        stored = None if state_path is None else load(state_path)
        created = int(self.now().timestamp())
        self.state = State() if stored is None else State.from_json(stored)
        self.state.add_missing(seed, created)
        self.base_url = ""
        self.edit_window_seconds: float | None = None
        self.directs: dict[frozenset[str], Conversation] = {
            frozenset(conversation.members): conversation
            for conversation in self.state.conversations.values()
            if conversation.kind in {"im", "mpim"}
        }
        self.changes = Changes()
        self.hub = LiveHub()
        self.keeper = Keeper(state_path, self.state.to_json, self.changes.ring)
        self.log = CallLog()
        self.triggers = Triggers(self.ids, seed.team.id)
        self._tasks: set[asyncio.Task[Any]] = set()

    def now(self) -> datetime:
        """Return the workspace's time."""
        return self._clock() + self.skew

    def now_for_signatures(self) -> datetime:
        """Return the machine's time, skewed: signatures are checked against real clocks."""
        return system_clock() + self.skew

    def touch(self) -> None:
        """Note that something changed: wake waiters, plan a write."""
        self.changes.ring()
        self.keeper.touch()

    def stamp(self, conversation: Conversation) -> str:
        """Return the next `ts` of a conversation."""
        conversation.last_ts = stamp(self.now(), conversation.last_ts)
        return conversation.last_ts

    def user(self, user_id: object) -> User | None:
        """Return a person by id."""
        return self.state.user(user_id) if isinstance(user_id, str) else None

    def team_of(self, user: User) -> str:
        """Return a person's home workspace."""
        return user.team_id or self.seed.team.id

    def conversation(self, channel_id: object) -> Conversation | None:
        """Return a conversation by id."""
        return self.state.conversations.get(channel_id) if isinstance(channel_id, str) else None

    def background(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something beside the caller; it is cancelled when the sandbox stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """Cancel what still runs and write the state."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.keeper.write()

    @property
    def is_org_install(self) -> bool:
        """Whether the app is installed for the whole organisation."""
        state = self.state
        return any(one["is_org"] for token, one in state.installs.items() if token not in state.revoked_tokens)

    def team_payload(self) -> Json:
        """Return the `team` of interaction payloads."""
        team = self.seed.team
        shown: Json = {"id": team.id, "domain": team.domain}
        if team.enterprise_id is not None:
            shown["enterprise_id"] = team.enterprise_id
            shown["enterprise_name"] = team.enterprise_name
        return shown

    def enterprise_payload(self) -> Json | None:
        """Return the `enterprise` of interaction payloads."""
        team = self.seed.team
        if team.enterprise_id is None:
            return None
        return {"id": team.enterprise_id, "name": team.enterprise_name}
