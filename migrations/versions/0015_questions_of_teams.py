"""Questions that teams ask beyond the plan, and moods that lead to nobody.

Revision: 0015; after: 0017.
A migration runs while the previous build still serves: add first, remove one release later. Plans that are open have no
`opened_at`: they are asked what they were asked before.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "team_questions",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_team_questions_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_questions")),
    )
    with op.batch_alter_table("team_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_questions_team_id"), ["team_id"], unique=False)
    op.create_table(
        "plan_answers",
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_plan_answers_plan_id")),
        sa.ForeignKeyConstraint(["question_id"], ["team_questions.id"], name=op.f("fk_plan_answers_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_answers")),
        sa.UniqueConstraint("plan_id", "question_id", name=op.f("uq_plan_answers_plan_id_question_id")),
    )
    op.create_table(
        "moods",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("mood", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_moods_team_id")),
        sa.PrimaryKeyConstraint("team_id", "day", "mood", name=op.f("pk_moods")),
    )
    op.add_column("plans", sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("plans", "opened_at")
    op.drop_table("moods")
    op.drop_table("plan_answers")
    op.drop_table("team_questions")
