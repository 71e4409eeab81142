"""Occurrences are found and read in order however many one team has."""

from collections.abc import Sequence

from alembic import op

revision: str = "0045"
down_revision: str | None = "0043"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.drop_index("ix_occurrences_ritual_day")
        batch_op.drop_index("ix_occurrences_state_due_at")
        batch_op.create_index("ix_occurrences_ritual_day_subject", ["ritual", "day", "subject"], unique=False)
        batch_op.create_index("ix_occurrences_state_due_at_id", ["state", "due_at", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.drop_index("ix_occurrences_state_due_at_id")
        batch_op.drop_index("ix_occurrences_ritual_day_subject")
        batch_op.create_index("ix_occurrences_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_occurrences_ritual_day", ["ritual", "day"], unique=False)
