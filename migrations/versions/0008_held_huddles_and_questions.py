"""Huddles that are being held, questions about plans, drafts.

Revision: 0008; after: 0007.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "huddle_runs",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_huddle_runs_by_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_huddle_runs_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_huddle_runs")),
        sa.UniqueConstraint("team_id", "day", name=op.f("uq_huddle_runs_team_id_day")),
    )
    with op.batch_alter_table("huddle_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_huddle_runs_ended_at_drawn_at"), ["ended_at", "drawn_at"], unique=False)

    op.create_table(
        "drafts",
        sa.Column("subject", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_drafts")),
    )
    op.create_table(
        "questions",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_questions_by_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_questions_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_questions_plan_id"), ["plan_id"], unique=False)


def downgrade() -> None:
    op.drop_table("questions")
    op.drop_table("drafts")
    op.drop_table("huddle_runs")
