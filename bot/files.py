"""Files: made when they are sent, uploaded, and shared in the thread of the message that they belong to.

Until the last of the three calls nobody can see anything, so all before it is repeated freely. The last one is made
once: what Slack calls the file is written down before, and when the answer is lost the thread is searched for it.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.catalogue import plain
from bot.clock import Clock
from bot.ids import new_id
from bot.slack import Fault, Refused, Slack
from storage import outbox, sending
from storage.aftermath import Uncertain
from storage.database import Database
from storage.outbox import Message, Place, Policy, Rank
from storage.sending import Envelope

log = logging.getLogger(__name__)

SCOPE = "files:write"
ANNOUNCE = "files.getUploadURLExternal"
SHARE = "files.completeUploadExternal"
"""Both have a limit of their own and come in pairs, so one pace does for both."""
WAITS = "waits"
"""In an outbox row of files: whom to tell when they do not come."""
REPLIES = 200
"""More than anybody writes below one of our messages."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it goes out; `title` is what Slack shows above it, `name` what it is saved as."""

    name: str
    title: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be sent: `text` says it to whoever can't open a file, `files` makes them, on a thread of its own.

    `instead` is the message for whoever waits for the files when Slack does not take them.
    """

    text: str
    files: Callable[[], Sequence[File]]
    instead: Mapping[str, Any] | None = None


Maker = Callable[[Session, str, Mapping[str, Any], datetime], Drawing | None]
"""Reads what files are made of, by workspace and what the outbox row says; None when there is nothing to send."""


class NotShared(Exception):  # noqa: N818 - reads as what became of it
    """There is nothing to send, or no right to: nobody needs to mend anything."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Files:
    """Sends the files of the outbox."""

    def __init__(self, database: Database, slack: Slack, makers: Mapping[str, Maker], clock: Clock) -> None:
        self._database = database
        self._slack = slack
        self._makers = makers
        self._clock = clock
        # matplotlib is not made for threads, and two drawings at once would starve the loop.
        self._drawing = asyncio.Lock()

    async def share(self, envelope: Envelope, in_time: Callable[[], bool]) -> Place | None:
        """Make, upload and share; raises NotShared, or Refused. `in_time` says whether another call fits the lease."""
        if SCOPE not in self._slack.scopes:
            raise NotShared(plain("{scope} is not granted", scope=SCOPE))
        text, files = await self._made(envelope)
        uploaded = [await self._uploaded(file) for file in files]
        if not in_time() or not await self._database.write(sending.uploaded, envelope, uploaded[0]["id"]):
            raise Refused(Fault.BUSY, "its lease was over before it could be shared")
        shared = {"files": uploaded, "channel_id": envelope.recipient, "thread_ts": envelope.ts}
        await self._slack.call(SHARE, shared | {"initial_comment": text})
        return None

    async def tell(self, envelope: Envelope) -> None:
        """Files do not come: send whoever waits for them what stands instead, once, if they may have it."""
        if WAITS in envelope.body:
            await self._database.write(self._tell, envelope, self._clock())

    def _tell(self, tx: Session, envelope: Envelope, now: datetime) -> None:
        try:
            drawing = self._makers[envelope.body["file"]](tx, envelope.workspace, envelope.body, now)
        except OperationalError:
            raise
        except Exception:
            log.exception("nothing stands instead of %s", envelope.key)
            return
        if drawing is not None and drawing.instead is not None:
            key = f"{envelope.key}:instead"
            message = Message(new_id(), envelope.workspace, key, Policy.RESEND, Rank.REPLY, drawing.instead, now)
            outbox.post(tx, message, envelope.body[WAITS])

    async def _made(self, envelope: Envelope) -> tuple[str, Sequence[File]]:
        try:
            maker = self._makers[envelope.body["file"]]
            drawing = await self._database.read(maker, envelope.workspace, envelope.body, self._clock())
            async with self._drawing:
                files = [] if drawing is None else await asyncio.to_thread(drawing.files)
        except OperationalError:  # the database is away: that is nothing of this file's
            raise
        except Exception as error:
            # A picture that can't be drawn must not hold up the prompts that are sent beside it.
            log.exception("%s could not be made", envelope.key)
            raise NotShared(plain("it could not be made: {kind}", kind=type(error).__name__)) from error
        if drawing is None or not files:
            raise NotShared(plain("there is nothing to send"))
        return drawing.text, files

    async def _uploaded(self, file: File) -> dict[str, str]:
        """Bring one file's bytes to Slack, where nobody sees them yet."""
        # No `alt_txt`: with one, Slack may say ok and share nothing. What the picture shows is said in the comment.
        asked = {"filename": file.name, "length": len(file.content)}
        try:
            ticket = await self._slack.read(ANNOUNCE, asked)
            await self._slack.upload(ticket["upload_url"], file.content)
        except Refused as refused:
            if refused.fault is not Fault.UNKNOWN:
                raise
            raise Refused(Fault.BUSY, refused.why) from refused
        return {"id": ticket["file_id"], "title": file.title}

    async def find(self, message: Uncertain) -> Place | None:
        """Look for a file in the thread that it was shared in; raises Refused."""
        if message.thread is None:
            return None
        asked = {"channel": message.thread.channel, "ts": message.thread.ts, "limit": REPLIES}
        answer = await self._slack.read("conversations.replies", asked)
        for reply in answer["messages"]:
            if any(file["id"] == message.file_id for file in reply.get("files", ())):
                return Place(message.thread.channel, reply["ts"])
        return None
