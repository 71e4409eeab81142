"""What stood in a form that was not sent yet, kept for a day (F13)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from storage.tables import Drafts

KEPT_FOR = timedelta(hours=24)
_TABLE = Drafts.metadata.tables["drafts"]
_FORGET = delete(_TABLE).where(_TABLE.c.saved_at <= bindparam("before"))
_FIND = select(_TABLE.c.said, _TABLE.c.saved_at).where(
    _TABLE.c.subject == bindparam("its_subject"), _TABLE.c.saved_at > bindparam("since")
)
_DROP = delete(_TABLE).where(_TABLE.c.subject == bindparam("its_subject"))


def keep(tx: Session, workspace: str, subject: UUID, said: Mapping[str, Any], now: datetime) -> None:
    """Remember what stands in the form about `subject`; the newest wins."""
    dialect = sqlite if tx.get_bind().dialect.name == "sqlite" else postgresql
    row = {"workspace": workspace, "subject": subject, "said": dict(said), "saved_at": now}
    statement = dialect.insert(_TABLE).values(row)
    fresh = {name: statement.excluded[name] for name in ("said", "saved_at")}
    tx.execute(statement.on_conflict_do_update(index_elements=["subject"], set_=fresh))


def find(tx: Session, subject: UUID, now: datetime) -> tuple[Mapping[str, Any], datetime] | None:
    """What stood in the form and when it was saved; None when there is nothing of the last 24 hours."""
    row = tx.execute(_FIND, {"its_subject": subject, "since": now - KEPT_FOR}).one_or_none()
    return None if row is None else (row.said, row.saved_at)


def forget(tx: Session, now: datetime) -> None:
    """Delete what is too old to come back."""
    tx.execute(_FORGET, {"before": now - KEPT_FOR})


def drop(tx: Session, subject: UUID) -> None:
    """Forget the draft: the form was sent."""
    tx.execute(_DROP, {"its_subject": subject})
