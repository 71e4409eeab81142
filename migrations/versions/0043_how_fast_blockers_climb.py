"""After how many working days a team's blockers climb.

Revision: 0043; after: 0042.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0043"
down_revision: str | None = "0042"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DAYS = {"climb_days": "2", "leader_days": "4"}


def upgrade() -> None:
    with op.batch_alter_table("teams") as teams:
        for name, usual in DAYS.items():
            teams.add_column(sa.Column(name, sa.Integer(), server_default=usual, nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("teams") as teams:
        for name in DAYS:
            teams.drop_column(name)
