"""Every message due in the coming days, per person in their local time; sends nothing and writes nothing (F95)."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlalchemy.orm import Session

from bot.app import RITUALS
from bot.catalogue import count, plain
from bot.ritual import Foreseen
from rituals import calendar
from storage.database import Database

NOTHING = "Nothing is due in the coming {days}: no huddle is set for any of them."
NAME_WIDTH = 34


async def look(database_url: str, now: datetime, days: int) -> list[Foreseen]:
    """Read what is due from `now` on; raises Unreachable, Behind or Ahead."""
    database = Database(database_url)
    try:
        await asyncio.to_thread(database.check)
        return await database.read(foresee, now, now + timedelta(days=days))
    finally:
        await database.close()


def foresee(tx: Session, now: datetime, until: datetime) -> list[Foreseen]:
    """What every ritual would send between two instants, or would not and why: by date, recipient and time."""
    found = [one for ritual in RITUALS for one in ritual.foresee(tx, now, until)]
    return sorted(found, key=lambda one: (local(one).date(), one.to, one.zone, one.at, one.what))


def local(one: Foreseen) -> datetime:
    """When it comes, on the recipient's own clock."""
    return one.at.astimezone(calendar.zone(one.zone))


def about(found: Sequence[Foreseen], name: str | None) -> list[Foreseen]:
    """What goes to whoever has `name` in theirs, however it is written; with None to everybody."""
    return [one for one in found if name is None or name.casefold() in one.to.casefold()]


def as_table(found: Sequence[Foreseen], days: int) -> str:
    """For people: a heading a date, a name a recipient, a line a message."""
    if not found:
        return plain(NOTHING, days=count(days, "day"))
    sent = sum(one.skipped is None for one in found)
    title = "{messages} due in the coming {days}, {skipped} left out."
    lines = [plain(title, messages=count(sent, "message"), days=count(days, "day"), skipped=len(found) - sent)]
    for day, of_day in groupby(found, key=lambda one: local(one).date()):
        lines += ["", _heading(day), *_of_day(of_day)]
    return "\n".join(lines)


def _heading(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _of_day(found: Iterator[Foreseen]) -> Iterator[str]:
    for (to, zone), messages in groupby(found, key=lambda one: (one.to, one.zone)):
        name = f"{to} ({zone})"
        for one in messages:
            told = one.what if one.skipped is None else f"not sent: {one.what} ({one.skipped})"
            yield f"  {name:{NAME_WIDTH}}  {local(one):%H:%M}  {told}"
            name = ""


def as_json(found: Sequence[Foreseen]) -> str:
    """For programs: a list of objects; `skipped` is null for what will be sent."""
    return json.dumps(
        [
            {
                "day": local(one).date().isoformat(),
                "at": local(one).isoformat(),
                "zone": one.zone,
                "to": one.to,
                "ritual": one.ritual,
                "slot": one.slot,
                "team": one.team,
                "workspace": one.workspace,
                "what": one.what,
                "skipped": one.skipped,
            }
            for one in found
        ],
        indent=2,
        ensure_ascii=False,
    )
