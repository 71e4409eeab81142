"""The month: reviews, explanations, digests.

Revision: 0014; after: 0013.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "month_plans",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_month_plans")),
    )
    with op.batch_alter_table("month_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_month_plans_again_at"), ["again_at"], unique=False)

    op.create_table(
        "digests",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("leader_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("guardrails", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["leader_id"], ["people.id"], name=op.f("fk_digests_leader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("leader_id", "month", name=op.f("uq_digests_leader_id_month")),
    )
    op.create_table(
        "stale_months",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_stale_months_person_id")),
        sa.PrimaryKeyConstraint("workspace", "month", "person_id", name=op.f("pk_stale_months")),
    )
    with op.batch_alter_table("stale_months", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stale_months_since"), ["since"], unique=False)

    op.create_table(
        "explanations",
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("money", sa.Text(), nullable=False),
        sa.Column("time", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_explanations_by_id")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_explanations_kpi_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_explanations")),
        sa.UniqueConstraint("kpi_id", "period", name=op.f("uq_explanations_kpi_id_period")),
    )
    op.create_table(
        "reviews",
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("colour", sa.String(length=16), nullable=False),
        sa.Column("behind", sa.Numeric(24, 8).with_variant(sa.String(40), "sqlite"), nullable=True),
        sa.Column("leader_id", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("climbed_to_id", sa.Uuid(), nullable=True),
        sa.Column("climbed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_reviews_answered_by_id")),
        sa.ForeignKeyConstraint(["climbed_to_id"], ["people.id"], name=op.f("fk_reviews_climbed_to_id")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_reviews_kpi_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["people.id"], name=op.f("fk_reviews_leader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("kpi_id", "month", name=op.f("uq_reviews_kpi_id_month")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reviews_workspace_month_leader_id_colour"),
            ["workspace", "month", "leader_id", "colour"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_workspace_month_leader_id_colour"))

    op.drop_table("reviews")
    op.drop_table("explanations")
    with op.batch_alter_table("stale_months", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stale_months_since"))

    op.drop_table("stale_months")
    op.drop_table("digests")
    with op.batch_alter_table("month_plans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_month_plans_again_at"))

    op.drop_table("month_plans")
