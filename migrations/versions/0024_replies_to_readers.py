"""What a decision's owner replies to a reader.

Revision: 0024; after: 0022.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("decision_readers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reply", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("replied_by_id", sa.Uuid(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_decision_readers_replied_by_id"), "people", ["replied_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("decision_readers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_decision_readers_replied_by_id"), type_="foreignkey")
        batch_op.drop_column("replied_by_id")
        batch_op.drop_column("reply")
