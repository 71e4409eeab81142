"""Partners who part within their month, and get another.

Revision: 0041; after: 0035.
A migration runs while the previous build still serves: add first, remove one release later. That build makes one pair
of each person and month, which the weaker keys allow too.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0041"
down_revision: str | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SIDES = ("one_id", "other_id")


def upgrade() -> None:
    with op.batch_alter_table("partner_pairs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        for side in SIDES:
            batch_op.drop_constraint(op.f(f"uq_partner_pairs_month_{side}"), type_="unique")
    stands = sa.text("ended_at is null")
    for side in SIDES:
        op.create_index(
            f"uq_partner_pairs_{side}",
            "partner_pairs",
            ["month", side],
            unique=True,
            sqlite_where=stands,
            postgresql_where=stands,
        )


def downgrade() -> None:
    for side in SIDES:
        op.drop_index(f"uq_partner_pairs_{side}", table_name="partner_pairs")
    parted = "SELECT id FROM partner_pairs WHERE ended_at IS NOT NULL"
    op.execute(sa.text(f"UPDATE promises SET pair_id = NULL WHERE pair_id IN ({parted})"))  # noqa: S608 - no input
    op.execute(sa.text("DELETE FROM partner_pairs WHERE ended_at IS NOT NULL"))
    with op.batch_alter_table("partner_pairs", schema=None) as batch_op:
        for side in SIDES:
            batch_op.create_unique_constraint(op.f(f"uq_partner_pairs_month_{side}"), ["month", side])
        batch_op.drop_column("ended_at")
