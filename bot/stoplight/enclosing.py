"""What follows a leader's digest into its thread: the month as a table, and the picture of twelve months."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.ids import new_id
from bot.stoplight import loading, picturing, table_views
from bot.stoplight.table_views import Table
from rituals.kpis import Colour, Reading, badness
from rituals.kpis_periods import Period
from rituals.kpis_registry import warnings
from rituals.people import Person
from storage import kpis, outbox, stoplight
from storage.outbox import Message, Policy, Rank

APART = timedelta(seconds=2)
"""Between two leaders' pictures: drawing one takes about a second, and prompts should not wait behind all of them."""


def enclose(
    tx: Session, workspace: str, month: Period, digests: Collection[tuple[Person, Message]], now: datetime
) -> None:
    """Have table and picture of each of these leaders follow their digest; nothing where there is no KPI to show."""
    shown = tables(tx, workspace, month)
    replies, pictures = [], []
    for n, (leader, digest) in enumerate(pair for pair in digests if pair[0].id in shown):
        at = max(now, digest.not_before)
        table = table_views.message(shown[leader.id])
        table_key, picture_key = (loading.below_key(what, leader.id, month.first) for what in ("table", "picture"))
        replies.append((_below(digest, table_key, table, at), digest.key))
        pictures.append((_below(digest, picture_key, picturing.body(leader, month), at + n * APART), digest.key))
    outbox.reply_many(tx, replies)
    outbox.attach(tx, pictures)


def _below(digest: Message, key: str, body: Mapping[str, object], at: datetime) -> Message:
    # Of neither do two copies say anything different.
    return Message(new_id(), digest.workspace, key, Policy.RESEND, Rank.DIGEST, body, at, digest.expires_at)


def tables(tx: Session, workspace: str, month: Period) -> Mapping[UUID, Table]:
    """The month of each leader who owes answers, by their id; the statements do not grow with leaders or KPIs."""
    known = kpis.active(tx, workspace)
    stood = stoplight.readings(tx, list(known.values()), month)
    warned = warnings(stood, kpis.links(tx, workspace))
    functions = {one.id: one.name for one in kpis.functions_of(tx, {kpi.function_id for kpi in known.values()})}
    owed: dict[UUID, list[Reading]] = defaultdict(list)
    for review in stoplight.reviews_in(tx, workspace, month.first, list(Colour)):
        if review.leader_id is not None and review.kpi_id in stood:
            owed[review.leader_id].append(stood[review.kpi_id])
    return {leader: Table(month, sorted(readings, key=badness), functions, warned) for leader, readings in owed.items()}
