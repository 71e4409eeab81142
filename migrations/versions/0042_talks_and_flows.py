"""Talks between managers and their reports, and the flow that a theme holds up.

Revision: 0042; after: 0041.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0042"
down_revision: str | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "talks",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("with_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        *(
            sa.ForeignKeyConstraint([who], ["people.id"], name=op.f(f"fk_talks_{who}"))
            for who in ("person_id", "with_id", "by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talks")),
    )
    op.create_index(op.f("ix_talks_with_id_person_id_at"), "talks", ["with_id", "person_id", "at"], unique=False)
    with op.batch_alter_table("themes", schema=None) as batch_op:
        batch_op.add_column(sa.Column("flow", sa.String(length=75), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("themes", schema=None) as batch_op:
        batch_op.drop_column("flow")
    op.drop_table("talks")
