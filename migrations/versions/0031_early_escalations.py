"""Who took a blocker up before the clock did, and whether a KPI's owner can move it.

Revision: 0031; after: 0034.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0031"
down_revision: str | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "escalations",
        sa.Column("blocker_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["blocker_id"], ["blockers.id"], name=op.f("fk_escalations_blocker_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_escalations_by_id")),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name=op.f("fk_escalations_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
    )
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalations_workspace_at"), ["workspace", "at"], unique=False)
    with op.batch_alter_table("kpis", schema=None) as batch_op:
        batch_op.add_column(sa.Column("controllable", sa.Boolean(), server_default=sa.true(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("kpis", schema=None) as batch_op:
        batch_op.drop_column("controllable")
    op.drop_table("escalations")
