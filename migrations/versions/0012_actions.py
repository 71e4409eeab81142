"""Actions with an owner and a date.

Revision: 0012; after: 0008.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "actions",
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("kpi_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("helper_id", sa.Uuid(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("promised", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("obstacle", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_actions_by_id")),
        sa.ForeignKeyConstraint(["helper_id"], ["people.id"], name=op.f("fk_actions_helper_id")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_actions_kpi_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_actions_owner_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_actions_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
    )
    with op.batch_alter_table("actions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_actions_owner_id_state"), ["owner_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_actions_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_actions_team_id_state"), ["team_id", "state"], unique=False)


def downgrade() -> None:
    op.drop_table("actions")
