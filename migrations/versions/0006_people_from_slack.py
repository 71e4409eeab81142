"""People from Slack: roles, hours, deputies, dotted lines, absences by status, leavers.

Revision: 0006; after: 0005.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TYPES = {
    "deputy_id": sa.Uuid,
    "ask_at": sa.Time,
    "works_from": sa.Time,
    "works_to": sa.Time,
    "team_since": sa.Date,
    "left_on": sa.Date,
}
NEW = {
    "people": ("also", *TYPES, "ask_before", "version"),
    "teams": ("archived", "version"),
    "absences": ("since", "until", "shown_until"),
}


def column(name: str) -> sa.Column[object]:
    # The build before this one writes rows without these: what it leaves out must have a default.
    if name == "also":
        return sa.Column(name, sa.String(length=80), nullable=False, server_default="")
    if name == "version":
        return sa.Column(name, sa.Integer(), nullable=False, server_default="0")
    if name in {"ask_before", "archived"}:
        return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
    return sa.Column(name, TYPES[name]() if name in TYPES else sa.DateTime(timezone=True), nullable=True)


def upgrade() -> None:
    for table, names in NEW.items():
        for name in names:
            op.add_column(table, column(name))
    op.create_table(
        "dotted_lines",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["manager_id"], ["people.id"], name=op.f("fk_dotted_lines_manager_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_dotted_lines_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dotted_lines")),
        sa.UniqueConstraint("person_id", "manager_id", name=op.f("uq_dotted_lines_person_id_manager_id")),
    )
    op.create_index(op.f("ix_dotted_lines_manager_id"), "dotted_lines", ["manager_id"])
    op.create_table(
        "excusing_words",
        sa.Column("word", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excusing_words")),
        sa.UniqueConstraint("workspace", "word", name=op.f("uq_excusing_words_workspace_word")),
    )
    op.create_table(
        "handovers",
        sa.Column("leaver_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        *(
            sa.ForeignKeyConstraint([name], ["people.id"], name=op.f(f"fk_handovers_{name}"))
            for name in ("leaver_id", "to_id", "by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("leaver_id", "kind", "subject_id", name=op.f("uq_handovers_leaver_id_kind_subject_id")),
    )
    op.create_table(
        "slack_profiles",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("slack_id", sa.String(length=32), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_out", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("workspace", "slack_id", name=op.f("pk_slack_profiles")),
    )
    op.create_table(
        "roster_readings",
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("workspace", name=op.f("pk_roster_readings")),
    )


def downgrade() -> None:
    op.drop_table("roster_readings")
    op.drop_table("slack_profiles")
    op.drop_table("handovers")
    op.drop_table("excusing_words")
    op.drop_index(op.f("ix_dotted_lines_manager_id"), table_name="dotted_lines")
    op.drop_table("dotted_lines")
    for table, names in reversed(NEW.items()):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in reversed(names):
                batch_op.drop_column(name)
