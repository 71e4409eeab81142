"""Delivery that survives: recipients, holds, paces, and the planner's notes.

Revision: 0003; after: 0002.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_holds")),
    )
    op.create_table(
        "paces",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("rate", sa.Double(), nullable=False),
        sa.Column("ceiling", sa.Double(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("workspace", "method", name=op.f("pk_paces")),
    )
    op.create_table(
        "recipients",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("slack_id", sa.String(length=32), nullable=False),
        sa.Column("dm", sa.String(length=32), nullable=True),
        sa.Column("unreachable", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "slack_id", name=op.f("pk_recipients")),
    )
    op.create_table(
        "huddle_plans",
        sa.Column("huddle_id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["huddle_id"], ["huddles.id"], name=op.f("fk_huddle_plans_huddle_id")),
        sa.PrimaryKeyConstraint("huddle_id", name=op.f("pk_huddle_plans")),
    )
    with op.batch_alter_table("huddle_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_huddle_plans_again_at"), ["again_at"], unique=False)

    with op.batch_alter_table("huddles", schema=None) as batch_op:
        batch_op.add_column(sa.Column("lead_minutes", sa.Integer(), nullable=False, server_default="0"))

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recipient", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("plain", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("looks", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        batch_op.drop_index(batch_op.f("ix_outbox_state_not_before"))
        batch_op.create_index("ix_outbox_leases", ["state", "lease_until"], unique=False)
        batch_op.create_index("ix_outbox_ready", ["workspace", "state", "not_before"], unique=False)
    op.execute("UPDATE outbox SET recipient = channel WHERE target IS NULL")


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_ready")
        batch_op.drop_index("ix_outbox_leases")
        batch_op.create_index(batch_op.f("ix_outbox_state_not_before"), ["state", "not_before"], unique=False)
        batch_op.drop_column("revision")
        batch_op.drop_column("looks")
        batch_op.drop_column("plain")
        batch_op.drop_column("recipient")

    with op.batch_alter_table("huddles", schema=None) as batch_op:
        batch_op.drop_column("lead_minutes")

    with op.batch_alter_table("huddle_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_huddle_plans_again_at"))

    op.drop_table("huddle_plans")
    op.drop_table("recipients")
    op.drop_table("paces")
    op.drop_table("holds")
