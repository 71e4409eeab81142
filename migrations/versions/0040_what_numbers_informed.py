"""Which decisions a number informed.

Revision: 0040; after: 0031.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0040"
down_revision: str | None = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "informed_decisions",
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_informed_decisions_by_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_informed_decisions_decision_id")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_informed_decisions_kpi_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_informed_decisions")),
        sa.UniqueConstraint("kpi_id", "decision_id", name=op.f("uq_informed_decisions_kpi_id_decision_id")),
    )


def downgrade() -> None:
    op.drop_table("informed_decisions")
