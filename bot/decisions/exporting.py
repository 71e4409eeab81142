"""Decisions as Markdown: one in Slack, all of them as files on the machine that runs Cadence (F76).

With the optional scope for files it comes as one, into the asker's DM; without it the text is shown, to copy.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot import blocks
from bot.acting import actor
from bot.catalogue import Mrkdwn, plain, say
from bot.decisions import loading
from bot.decisions.views import Answer, Record
from bot.files import WAITS, Drawing, File
from bot.ids import new_id
from bot.payloads import Who
from rituals.decisions import Decision
from rituals.decisions_madr import Export, Heard, file_name, markdown
from rituals.policy import NotAllowed
from storage import decisions, outbox, people
from storage.database import Database
from storage.outbox import Message, Policy, Rank

ROOM = 11_000
"""Characters that a message has room for (F107)."""
AT_ONCE = 200
FILE = "decision.export"
TAKES = timedelta(hours=1)
"""A file that is not out by then is not waited for any more."""


def shown(tx: Session, who: Who, text: str, now: datetime) -> Answer:
    """`/decide export D-18`: its Markdown; raises NoSuchDecision or NotAllowed."""
    reader = actor(tx, who)
    decision, _ = loading.named(tx, who.workspace, text)
    loading.require_read(tx, reader, decision, now)
    (record,) = loading.records(tx, [decision], now, reader)
    return _to_copy(record)


def _to_copy(record: Record) -> Answer:
    told, name = markdown(exported(record)), file_name(record.decision)
    if len(told) > ROOM:
        words = say("{name} is too long for a message. `cadence decide export` writes it as a file.", name=name)
        return words, [blocks.section(words)]
    words = say("*{name}*", name=name)
    return words, [blocks.section(words), blocks.preformatted(told)]


def send(tx: Session, who: Who, text: str, now: datetime) -> Mrkdwn:
    """`/decide export D-18` where files may be sent: into the asker's DM; raises NoSuchDecision or NotAllowed."""
    reader = actor(tx, who)
    decision, _ = loading.named(tx, who.workspace, text)
    loading.require_read(tx, reader, decision, now)
    key = f"decision-export:{decision.id}:{new_id()}"
    about = say("*{label} {title}*, as a file below.", label=decision.label, title=decision.title)
    made_of = {"file": FILE, "decision": str(decision.id), "reader": str(reader.id), WAITS: reader.slack_id}
    outbox.post(tx, _message(who.workspace, key, blocks.message(about, [blocks.section(about)]), now), reader.slack_id)
    outbox.attach(tx, [(_message(who.workspace, f"{key}:file", made_of, now), key)])
    return say("{label} {title} comes as a file, into our DM.", label=decision.label, title=decision.title)


def _message(workspace: str, key: str, body: Mapping[str, Any], now: datetime) -> Message:
    return Message(new_id(), workspace, key, Policy.RESEND, Rank.REPLY, body, now, now + TAKES)


def make(tx: Session, workspace: str, body: Mapping[str, Any], now: datetime) -> Drawing | None:
    """The file that an outbox row asks for, from what is stored now; None when its reader may not read it any more."""
    decision = decisions.find(tx, UUID(body["decision"]))
    reader = people.find(tx, UUID(body["reader"]))
    if decision is None or reader is None or decision.workspace != workspace:
        return None
    try:
        loading.require_read(tx, reader, decision, now)
    except NotAllowed:
        return None
    (record,) = loading.records(tx, [decision], now, reader)
    told = exported(record)
    title = plain("{label} {title}", label=decision.label, title=decision.title)
    text = say("{label} as Markdown, as it stands now.", label=decision.label)
    refused = plain("Slack did not take {label} as a file. Here it is as text:", label=decision.label)
    _, copied = _to_copy(record)
    instead = blocks.message(refused, [blocks.section(say("{refused}", refused=refused)), *copied])
    return Drawing(text, lambda: [File(file_name(decision), title, markdown(told).encode())], instead)


def exported(record: Record) -> Export:
    """What the file says."""
    one = record.decision
    names, labels = record.names, record.labels

    def label(linked: object) -> str:
        return labels.get(linked, "") if linked is not None else ""  # type: ignore[call-overload]

    limit = record.guardrail
    return Export(
        decision=one,
        owner=names[one.owner_id],
        author=names[one.author_id],
        approver="" if one.approver_id is None else names[one.approver_id],
        limit="" if limit is None else f"{limit.name}: {limit.limit}",
        affects=record.affects,
        readers=[Heard(names[r.person_id], r.response, r.words or "") for r in record.readers],
        supersedes=label(one.supersedes_id),
        superseded_by=label(one.superseded_by_id),
        takes_up=label(one.revives_id),
    )


async def everything(database_url: str, directory: Path, now: datetime) -> int:
    """The same for the database at an address; raises Unreachable, Behind or Ahead."""
    database = Database(database_url)
    try:
        await asyncio.to_thread(database.check)
        return await write_all(database, directory, now)
    finally:
        await database.close()


async def write_all(database: Database, directory: Path, now: datetime) -> int:
    """Write every decision of every workspace into its folder; return how many. For whoever runs the program."""
    written = 0
    for workspace in await database.read(people.workspaces):
        folder = directory / workspace
        folder.mkdir(parents=True, exist_ok=True)
        after = 0
        while files := await database.read(_files, workspace, after, now):
            for number, name, text in files:
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
                after = number
            written += len(files)
    return written


def _files(tx: Session, workspace: str, after: int, now: datetime) -> Sequence[tuple[int, str, str]]:
    some: list[Decision] = decisions.numbered_after(tx, workspace, after, AT_ONCE)
    viewer = next(iter(people.everybody(tx, workspace).values()))
    return [
        (one.decision.number, file_name(one.decision), markdown(exported(one)))
        for one in loading.records(tx, some, now, viewer)
    ]
