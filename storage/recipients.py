"""Where people's DMs are, who can't be reached, which workspaces are on hold, and how fast Slack lets us call."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage import many
from storage.tables import Holds, Paces, Recipients

_TABLE = Recipients.metadata.tables["recipients"]


def _upsert(tx: Session, table: Any, key: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    tx.execute(_upserting(many.is_sqlite(tx), table, tuple(key), tuple(facts)), {**key, **facts})


@cache
def _upserting(is_sqlite: bool, table: Any, key: tuple[str, ...], facts: tuple[str, ...]) -> Any:
    statement = (sqlite if is_sqlite else postgresql).insert(table)
    fresh = {name: statement.excluded[name] for name in facts}
    return statement.on_conflict_do_update(index_elements=key, set_=fresh)


def learn_dms(tx: Session, workspace: str, dms: Mapping[str, str]) -> None:
    """Remember the DM channel of each person's Slack id; a message arrived there, so they can be reached."""
    if dms:
        rows = [{"workspace": workspace, "slack_id": who, "dm": dm, "unreachable": None} for who, dm in dms.items()]
        rows.sort(key=lambda row: str(row["slack_id"]))  # two senders take them in one order
        is_sqlite = many.is_sqlite(tx)
        tx.execute(_learn(is_sqlite), rows if is_sqlite else many.rows(rows))


@cache
def _learn(is_sqlite: bool) -> Any:
    names = ("workspace", "slack_id", "dm", "unreachable")
    rows = many.given({name: _TABLE.c[name].type for name in names})
    statement: Any = sqlite.insert(_TABLE) if is_sqlite else postgresql.insert(_TABLE).from_select(names, select(rows))
    facts = {name: statement.excluded[name] for name in ("dm", "unreachable")}
    return statement.on_conflict_do_update(index_elements=["workspace", "slack_id"], set_=facts)


def mark_unreachable(tx: Session, workspace: str, slack_id: str, why: str) -> None:
    """Nothing more is sent to this person until the roster is read again."""
    _upsert(tx, Recipients, {"workspace": workspace, "slack_id": slack_id}, {"unreachable": why})


def reachable(tx: Session, workspace: str, slack_ids: Iterable[str]) -> None:
    """Slack says that these people are there: what could not reach them before is tried again."""
    lost = (Recipients.workspace == workspace, Recipients.slack_id.in_(list(slack_ids)))
    tx.execute(update(Recipients).where(*lost, Recipients.unreachable.is_not(None)).values(unreachable=None))


def dms(tx: Session, workspace: str, slack_ids: Iterable[str]) -> Mapping[str, str | None]:
    """The DM channel of each of these people who was ever written to."""
    found = select(Recipients.slack_id, Recipients.dm).where(
        Recipients.workspace == workspace, Recipients.slack_id.in_(list(slack_ids))
    )
    return {slack_id: dm for slack_id, dm in tx.execute(found)}  # noqa: C416 - `dict` takes no rows


def unreachable(tx: Session, workspace: str) -> Mapping[str, str]:
    """Who can't be reached, and why, by Slack id."""
    found = select(Recipients.slack_id, Recipients.unreachable).where(
        Recipients.workspace == workspace, Recipients.unreachable.is_not(None)
    )
    return {slack_id: why for slack_id, why in tx.execute(found) if why is not None}


def hold(tx: Session, workspace: str, until: datetime, why: str) -> None:
    """Send nothing to a workspace until an instant of machine time."""
    _upsert(tx, Holds, {"workspace": workspace}, {"until": until, "why": why})


def release(tx: Session, workspace: str) -> None:
    """Send to a workspace again."""
    tx.execute(delete(Holds).where(Holds.workspace == workspace))


_HELD = select(Holds.until, Holds.why).where(Holds.workspace == bindparam("workspace"))


def held(tx: Session, workspace: str) -> tuple[datetime, str] | None:
    """Until when nothing is sent to a workspace, and why; None when it is free."""
    row = tx.execute(_HELD, {"workspace": workspace}).one_or_none()
    return None if row is None else (row.until, row.why)


Learnt = tuple[float, float | None, datetime | None, datetime | None, int, bool]
"""Rate, ceiling, when it was refused, until when it is held, how many calls passed since, whether it is settled."""


_LEARNT = ("rate", "ceiling", "refused_at", "held_until", "passed", "settled")
_PACES = select(Paces.method, *(getattr(Paces, name) for name in _LEARNT)).where(
    Paces.workspace == bindparam("workspace")
)


def paces(tx: Session, workspace: str) -> Mapping[str, Learnt]:
    """What was learnt of each method's pace."""
    return {method: tuple(learnt) for method, *learnt in tx.execute(_PACES, {"workspace": workspace}).all()}


def keep_pace(tx: Session, workspace: str, method: str, learnt: Learnt) -> None:
    """Remember what was learnt, for every process and the next start."""
    facts = dict(zip(_LEARNT, learnt, strict=True))
    _upsert(tx, Paces, {"workspace": workspace, "method": method}, facts)
