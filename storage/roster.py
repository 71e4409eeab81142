"""How new what we know of Slack's accounts is, and when the roster is read again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.tables import RosterReadings, SlackProfiles

_PROFILES = SlackProfiles.metadata.tables["slack_profiles"]
_READINGS = RosterReadings.metadata.tables["roster_readings"]


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody was told of an account: how new it is by Slack's clock, and why it is none of the people."""

    updated: datetime
    left_out: str | None


def accept(
    tx: Session, workspace: str, told: Mapping[str, Heard], now: datetime, asked_at: datetime | None = None
) -> set[str]:
    """Note what was told of accounts, by Slack id; return those of which it is no older than what we know.

    With `asked_at`, what we heard otherwise since then is newer: an event overtakes the page that was read before it.
    The rows are held until the transaction ends, so that two readings of one account follow each other.
    """
    if not told:
        return set()
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    rows = [
        {
            "workspace": workspace,
            "slack_id": slack_id,
            "updated": told[slack_id].updated,
            "heard_at": now,
            "left_out": told[slack_id].left_out,
        }
        # In one order for everybody: two readings at once must not wait for each other.
        for slack_id in sorted(told)
    ]
    statement = dialect.insert(_PROFILES).values(rows)
    new = statement.excluded
    newer = new.updated >= _PROFILES.c.updated
    if asked_at is not None:
        newer &= _PROFILES.c.heard_at < asked_at
    facts = {name: new[name] for name in ("updated", "heard_at", "left_out")}
    kept = statement.on_conflict_do_update(index_elements=["workspace", "slack_id"], set_=facts, where=newer)
    return set(tx.execute(kept.returning(_PROFILES.c.slack_id)).scalars())


def left_out(tx: Session, workspace: str, slack_id: str) -> str | None:
    """Why an account that we have heard of is none of the people, in words that follow a name."""
    mine = (SlackProfiles.workspace == workspace, SlackProfiles.slack_id == slack_id)
    return tx.execute(select(SlackProfiles.left_out).where(*mine)).scalar_one_or_none()


def claim_reading(tx: Session, workspace: str, now: datetime, lease: timedelta) -> bool:
    """Whether the roster is due to be read and nobody else does; whoever claims it has `lease` to do it."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(_READINGS).values(workspace=workspace, again_at=now + lease)
    claimed = statement.on_conflict_do_update(
        index_elements=["workspace"], set_={"again_at": statement.excluded.again_at}, where=_READINGS.c.again_at <= now
    )
    return tx.execute(claimed.returning(_READINGS.c.workspace)).scalar_one_or_none() is not None


def next_reading(tx: Session, workspace: str, again_at: datetime, read_at: datetime | None = None) -> None:
    """Have the roster read at `again_at`; `read_at` says that it was read whole just then."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    facts = {"again_at": again_at} | ({} if read_at is None else {"read_at": read_at})
    statement = dialect.insert(_READINGS).values(workspace=workspace, **facts)
    tx.execute(statement.on_conflict_do_update(index_elements=["workspace"], set_=facts))


def read_at(tx: Session, workspace: str) -> datetime | None:
    """When the roster was last read whole."""
    return tx.execute(select(RosterReadings.read_at).where(RosterReadings.workspace == workspace)).scalar_one_or_none()
