"""Each message's place in its reader's budget.

Revision: 0027; after: 0018.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turn", sa.Integer(), server_default="9", nullable=False))


def downgrade() -> None:
    op.execute("UPDATE outbox SET state = 'expired' WHERE state = 'folded'")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("turn")
