"""The job queue's tables and functions, on PostgreSQL.

Revision: 0004; after: 0003.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

from alembic import op
from procrastinate.schema import SchemaManager

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        # As it stands in the pinned procrastinate; a later version's own changes get a migration of their own here.
        # On the driver's own cursor: its functions hold per cent signs that would be taken for parameters.
        cursor = op.get_bind().connection.cursor()
        cursor.execute(SchemaManager.get_schema())
        cursor.close()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ("periodic_defers", "events", "jobs", "workers"):
            op.execute(f"DROP TABLE IF EXISTS procrastinate_{table} CASCADE")
