"""Messages besides the card that show a team's day, and which plans a manager was told of.

Revision: 0010; after: 0012.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.add_column(sa.Column("shown_in", sa.String(length=200), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_cards_team_id_day"), type_="unique")
        batch_op.create_index(batch_op.f("ix_cards_team_id_day"), ["team_id", "day"], unique=False)

    op.create_table(
        "owed_answers",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("reader_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_owed_answers_plan_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["people.id"], name=op.f("fk_owed_answers_reader_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_owed_answers_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed_answers")),
        sa.UniqueConstraint("plan_id", "why", name=op.f("uq_owed_answers_plan_id_why")),
    )
    with op.batch_alter_table("owed_answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_owed_answers_team_id_day"), ["team_id", "day"], unique=False)


def downgrade() -> None:
    op.drop_table("owed_answers")
    op.execute("DELETE FROM cards WHERE shown_in IS NOT NULL")
    with op.batch_alter_table("cards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cards_team_id_day"))
        batch_op.create_unique_constraint(batch_op.f("uq_cards_team_id_day"), ["team_id", "day"])
        batch_op.drop_column("shown_in")
