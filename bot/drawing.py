"""Messages whose content is drawn when they go out, from what is stored then: the outbox keeps only what to draw."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from storage.database import Database
from storage.sending import Envelope

log = logging.getLogger(__name__)

DRAWN_BY = "drawn_by"
"""The field of a body that names its drawer; `text` beside it says the message in one line."""
AGAIN_AFTER = timedelta(minutes=1)
"""When one that could not be drawn is tried again."""

Body = Mapping[str, Any]
Drawer = Callable[[Session, Sequence[Body]], Sequence[Body]]
"""Gives the content of each of these bodies, in their order; their text alone where nothing more is known."""


class Drawers:
    """Draws the messages of a batch, each by its own drawer."""

    def __init__(self, database: Database, drawers: Mapping[str, Drawer]) -> None:
        self._database = database
        self._drawers = drawers

    async def drawn(self, envelopes: Sequence[Envelope]) -> Sequence[Envelope]:
        """The batch with its content; what can't be drawn stays as it is, and must not be sent."""
        waiting = [one for one in envelopes if DRAWN_BY in one.body]
        if not waiting:
            return envelopes
        bodies = await self._bodies(waiting)
        return [replace(one, body=bodies.get(one.id, one.body)) for one in envelopes]

    async def _bodies(self, waiting: Sequence[Envelope]) -> Mapping[UUID, Body]:
        try:
            return await self._database.read(self._draw, waiting)
        except OperationalError as error:
            log.warning("nothing could be drawn: %s", error.orig)
            return {}
        except Exception:
            if len(waiting) == 1:
                log.exception("%s could not be drawn", waiting[0].key)
                return {}
        # One that fails does not keep the others back.
        alone = [await self._bodies([one]) for one in waiting]
        return {message: body for drawn in alone for message, body in drawn.items()}

    def _draw(self, tx: Session, waiting: Sequence[Envelope]) -> Mapping[UUID, Body]:
        bodies: dict[UUID, Body] = {}
        for name in {one.body[DRAWN_BY] for one in waiting} & self._drawers.keys():
            mine = [one for one in waiting if one.body[DRAWN_BY] == name]
            drawn = self._drawers[name](tx, [one.body for one in mine])
            bodies |= {one.id: body for one, body in zip(mine, drawn, strict=True)}
        return bodies
