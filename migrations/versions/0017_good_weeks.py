"""What people say of their weeks.

Revision: 0017; after: 0014.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "good_weeks",
        sa.Column("team_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_good_weeks_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_good_weeks_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_good_weeks")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_good_weeks_person_id_day")),
    )
    with op.batch_alter_table("good_weeks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_good_weeks_team_id_day"), ["team_id", "day"], unique=False)


def downgrade() -> None:
    op.drop_table("good_weeks")
