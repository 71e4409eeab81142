"""What Slack calls a file that is being shared.

Revision: 0028; after: 0024.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("file_id", sa.String(length=32), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM outbox WHERE kind = 'file'")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("file_id")
