"""Numbers that turned green, who wants to be named with them, and the chain that a red climbed.

Revision: 0030; after: 0028.
What stood in a KPI's way and what was agreed for it is looked up by the KPI.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "green_turns",
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("before", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_green_turns_kpi_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_green_turns")),
        sa.UniqueConstraint("kpi_id", "period", name=op.f("uq_green_turns_kpi_id_period")),
    )
    with op.batch_alter_table("green_turns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_green_turns_told_at_at"), ["told_at", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_green_turns_workspace_told_on"), ["workspace", "told_on"], unique=False)

    op.create_table(
        "named_people",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_named_people_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_named_people")),
        sa.UniqueConstraint("person_id", name=op.f("uq_named_people_person_id")),
    )
    op.create_table(
        "climbs",
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_climbs_person_id")),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.id"], name=op.f("fk_climbs_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_climbs")),
        sa.UniqueConstraint("review_id", "person_id", name=op.f("uq_climbs_review_id_person_id")),
    )
    op.execute(
        "INSERT INTO climbs (id, workspace, review_id, person_id, at) "
        "SELECT id, workspace, id, climbed_to_id, climbed_at FROM reviews WHERE climbed_to_id IS NOT NULL"
    )
    for table in ("actions", "blockers"):
        op.create_index(op.f(f"ix_{table}_kpi_id"), table, ["kpi_id"], unique=False)


def downgrade() -> None:
    for table in ("actions", "blockers"):
        op.drop_index(op.f(f"ix_{table}_kpi_id"), table_name=table)
    for table in ("climbs", "named_people", "green_turns"):
        op.drop_table(table)
