"""A blocker's owner, states, ladder and history; what is said about it.

Revision: 0011; after: 0010.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IDS = (
    "owner_id",
    "kpi_id",
    "needs_team_id",
    "acked_by_id",
    "snoozed_by_id",
    "warned_id",
    "ask_by_id",
    "closed_by_id",
    "merged_into_id",
    "decision_id",
)
INSTANTS = ("acked_at", "moved_at", "waiting_since", "warned_at", "closed_at")
TEXTS = ("snooze_reason", "ask", "worth", "closing")
DATES = ("due_on", "snoozed_until")
# The build before this one writes rows without these: what it leaves out must have a default.
COUNTS = {"climb": "1", "level": "0", "version": "0"}
INDEXES = (("owner_id", "state"), ("workspace", "state", "level", "opened_at"), ("merged_into_id",))


def upgrade() -> None:
    columns: list[sa.Column[object]] = [sa.Column(name, sa.Uuid(), nullable=True) for name in IDS]
    columns += [sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in INSTANTS]
    columns += [sa.Column(name, sa.Text(), nullable=True) for name in TEXTS]
    columns += [sa.Column(name, sa.Date(), nullable=True) for name in DATES]
    columns += [sa.Column(name, sa.Integer(), nullable=False, server_default=one) for name, one in COUNTS.items()]
    columns.append(sa.Column("tags", sa.String(length=200), nullable=False, server_default=""))
    columns.append(sa.Column("link", sa.String(length=500), nullable=True))
    for column in columns:
        op.add_column("blockers", column)
    for names in INDEXES:
        op.create_index(op.f(f"ix_blockers_{'_'.join(names)}"), "blockers", list(names))
    op.create_table(
        "blocker_updates",
        sa.Column("blocker_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["blocker_id"], ["blockers.id"], name=op.f("fk_blocker_updates_blocker_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_blocker_updates_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker_updates")),
    )
    op.create_index(op.f("ix_blocker_updates_blocker_id_at"), "blocker_updates", ["blocker_id", "at"])
    op.create_table(
        "blocker_steps",
        sa.Column("blocker_id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=True),
        sa.Column("step", sa.String(length=16), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder_id", sa.Uuid(), nullable=True),
        sa.Column("climbs_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("climbs_to_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["blocker_id"], ["blockers.id"], name=op.f("fk_blocker_steps_blocker_id")),
        sa.PrimaryKeyConstraint("blocker_id", name=op.f("pk_blocker_steps")),
    )
    op.create_index(op.f("ix_blocker_steps_again_at"), "blocker_steps", ["again_at"])
    op.create_index(op.f("ix_blocker_steps_holder_id"), "blocker_steps", ["holder_id"])


def downgrade() -> None:
    op.drop_table("blocker_steps")
    op.drop_table("blocker_updates")
    for names in reversed(INDEXES):
        op.drop_index(op.f(f"ix_blockers_{'_'.join(names)}"), "blockers")
    for name in ("link", "tags", *reversed(COUNTS), *DATES, *TEXTS, *INSTANTS, *IDS):
        op.drop_column("blockers", name)
