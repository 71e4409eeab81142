"""Accountability partners, and what people commit to.

Revision: 0022; after: 0023.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "partner_plans",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("paired", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_partner_plans")),
    )
    with op.batch_alter_table("partner_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_plans_again_at"), ["again_at"], unique=False)

    op.create_table(
        "partner_pairs",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("one_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["one_id"], ["people.id"], name=op.f("fk_partner_pairs_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_partner_pairs_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_pairs")),
        sa.UniqueConstraint("month", "one_id", name=op.f("uq_partner_pairs_month_one_id")),
        sa.UniqueConstraint("month", "other_id", name=op.f("uq_partner_pairs_month_other_id")),
    )
    op.create_table(
        "partner_wishes",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_partner_wishes_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_wishes")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_partner_wishes_person_id_kind")),
    )
    op.create_table(
        "promises",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("monday", sa.Date(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.String(length=32), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("because", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["pair_id"], ["partner_pairs.id"], name=op.f("fk_promises_pair_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_promises_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
        sa.UniqueConstraint("person_id", "kind", "monday", name=op.f("uq_promises_person_id_kind_monday")),
    )
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promises_pair_id_monday"), ["pair_id", "monday"], unique=False)


def downgrade() -> None:
    op.drop_table("promises")
    op.drop_table("partner_wishes")
    op.drop_table("partner_pairs")
    op.drop_table("partner_plans")
