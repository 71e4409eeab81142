"""The ledger's part of blockers: it holds each live one's next step, and no other step of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.blockers.loading import around
from bot.ids import new_id, same_id
from rituals import calendar, ladder
from rituals.blockers import Blocker
from rituals.ladder import Line, Next
from storage import ladders, occurrences
from storage.ladders import Standing
from storage.occurrences import Occurrence, State

AT_ONCE = 200
LOOK_AGAIN = timedelta(hours=1)
"""How often a blocker is looked at that nobody has changed: an absence may have begun."""
LASTS = timedelta(days=7)
"""How late a step may come: what was missed for longer is worked out anew."""
CHANGED = "it stands otherwise now"
MOST_KEYS = 7


def plan(tx: Session, now: datetime) -> int:
    """Bring the ledger up to date for the next blockers of one workspace; return how many, 0 when all are."""
    found = ladders.to_plan(tx, now, AT_ONCE)
    place(tx, found, now)
    return len(found)


def place(tx: Session, found: Sequence[Blocker], now: datetime, opened: Collection[UUID] = ()) -> None:
    """Have the ledger hold the next step of these blockers of one workspace, and no other step of theirs.

    `opened` are rows of the ledger that are being done, which stay as they are.
    """
    if not found:
        return
    lines = around(tx, found, now)
    known = ladders.standings(tx, [blocker.id for blocker in found])
    rows = occurrences.some(tx, {s.occurrence_id for s in known.values() if s.occurrence_id is not None})
    planned = {row.subject: row for row in rows.values() if row.state == State.PLANNED and row.id not in opened}
    kept, new = [], []
    cancelled: dict[UUID, tuple[State, str | None]] = {}
    for blocker in found:
        line, row = lines[blocker.id], planned.get(blocker.id)
        following = ladder.next_step(blocker, line, now)
        wanted = None if following is None else _occurrence(blocker, following)
        if wanted is not None and row is not None and _key(row) == _key(wanted):
            wanted = _moved(tx, row, wanted)
        else:
            cancelled |= {} if row is None else {row.id: (State.CANCELLED, CHANGED)}
            new += [] if wanted is None else [wanted]
        if blocker.live:
            kept.append(_standing(blocker, line, following, wanted, now))
    occurrences.close(tx, cancelled)
    given = _insert(tx, new)
    kept = [
        replace(one, occurrence_id=given.get(one.occurrence_id or one.blocker_id, one.occurrence_id)) for one in kept
    ]
    ladders.keep(tx, kept, [blocker.id for blocker in found if not blocker.live])


def _moved(tx: Session, row: Occurrence, wanted: Occurrence) -> Occurrence:
    wanted = replace(wanted, id=row.id)
    if (wanted.due_at, wanted.expires_at) != (row.due_at, row.expires_at):
        occurrences.move(tx, wanted)
    return wanted


def _key(row: Occurrence) -> tuple[object, ...]:
    return row.ritual, row.subject, row.day, row.slot


def _occurrence(blocker: Blocker, following: Next) -> Occurrence:
    # The wait stands in the key: whoever it comes to later is warned of it, too, on the same date.
    wait = (blocker.climb, blocker.level, int(blocker.since.timestamp()), following.holder.id)
    return Occurrence(
        id=new_id(),
        workspace=blocker.workspace,
        ritual=same_id("ladder", blocker.id, *wait),
        subject=blocker.id,
        day=calendar.local_day(following.at, following.holder.zone),
        slot=following.step,
        due_at=following.at,
        expires_at=following.at + LASTS,
        zone=following.holder.zone,
        state=State.PLANNED,
        reason=None,
    )


def _standing(
    blocker: Blocker, line: Line, following: Next | None, wanted: Occurrence | None, now: datetime
) -> Standing:
    holder = line.holder(blocker.level)
    return Standing(
        blocker_id=blocker.id,
        workspace=blocker.workspace,
        again_at=now + LOOK_AGAIN,
        occurrence_id=None if wanted is None else wanted.id,
        step=None if following is None else following.step,
        due_at=None if following is None else following.at,
        holder_id=None if holder is None else holder.id,
        climbs_at=None if following is None else following.climbs_at,
        climbs_to_id=None if following is None or following.to is None else following.to.id,
    )


def _insert(tx: Session, new: Sequence[Occurrence]) -> Mapping[UUID, UUID]:
    """Write new rows; where a key is taken, plan its row again. Return which row stands for which."""
    if occurrences.plan(tx, new) == len(new):
        return {}
    given = {}
    written = occurrences.some(tx, [row.id for row in new])
    for row in new:
        if row.id not in written:
            given[row.id] = _again(tx, row)
    return given


def _again(tx: Session, row: Occurrence) -> UUID:
    """Plan a row whose key was used before; one that is done already keeps it, and the next date is taken."""
    for later in range(MOST_KEYS):
        asked = replace(row, day=row.day + timedelta(days=later))
        taken = occurrences.find(tx, asked.ritual, asked.subject, asked.day, asked.slot)
        if taken is None:
            occurrences.plan(tx, [asked])
            return asked.id
        if taken.state in (State.PLANNED, State.CANCELLED):
            occurrences.move(tx, replace(asked, id=taken.id))
            return taken.id
    raise RuntimeError("a blocker's step was planned on every date of a week")
