"""Write the words of a memo into its index at once: a search read through what waited to be written.

Revision: 0023; after: 0021.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0023"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_decision_words_words SET (fastupdate = off)")
        op.execute("SELECT gin_clean_pending_list('ix_decision_words_words')")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX ix_decision_words_words RESET (fastupdate)")
