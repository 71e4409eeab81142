"""Decisions with readers, effects, named limits, a change log that nothing rewrites, and the words to find them by.

Revision: 0013; after: 0011.
A migration runs while the previous build still serves: add first, remove one release later.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


SQLITE = (
    *(
        f"CREATE TRIGGER decision_log_{name} BEFORE {event} "
        "BEGIN SELECT RAISE(ABORT, 'the change log is append-only'); END"
        for name, event in (
            ("unchanged", "UPDATE ON decision_log"),
            ("undeleted", "DELETE ON decision_log"),
            # INSERT OR REPLACE deletes the old row without asking the trigger above.
            ("unreplaced", "INSERT ON decision_log WHEN NEW.id IN (SELECT id FROM decision_log)"),
        )
    ),
    # The two indexes of prefixes serve words that are typed in part.
    """
    CREATE VIRTUAL TABLE decision_words USING fts5(
        decision_id UNINDEXED, title, body, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3'
    )
    """,
)
POSTGRESQL = (
    """
    CREATE FUNCTION decision_log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the change log is append-only';
    END $$
    """,
    """
    CREATE TRIGGER decision_log_unchanged BEFORE UPDATE OR DELETE ON decision_log
    FOR EACH ROW EXECUTE FUNCTION decision_log_refuse()
    """,
    "CREATE TRIGGER decision_log_untruncated BEFORE TRUNCATE ON decision_log EXECUTE FUNCTION decision_log_refuse()",
    "CREATE TABLE decision_words (decision_id uuid PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX ix_decision_words_words ON decision_words USING gin (words)",
)


def upgrade() -> None:
    op.create_table(
        "guardrails",
        sa.Column("name", sa.String(length=75), nullable=False),
        sa.Column("limit", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_guardrails_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardrails")),
        sa.UniqueConstraint("workspace", "name", name=op.f("uq_guardrails_workspace_name")),
    )
    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clock_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("consequences", sa.Text(), nullable=False),
        sa.Column("will_not", sa.Text(), nullable=False),
        sa.Column("lane", sa.String(16), nullable=True),
        sa.Column("guardrail_id", sa.Uuid(), nullable=True),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("owner_named_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decide_by", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("blocker_id", sa.Uuid(), nullable=True),
        sa.Column("kpi_id", sa.Uuid(), nullable=True),
        sa.Column("revives_id", sa.Uuid(), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column("superseded_by_id", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Uuid(), nullable=True),
        sa.Column("returned_because", sa.Text(), nullable=True),
        sa.Column("killed_because", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(16), nullable=True),
        sa.Column("learned", sa.Text(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["people.id"], name=op.f("fk_decisions_approver_id")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_decisions_author_id")),
        sa.ForeignKeyConstraint(["blocker_id"], ["blockers.id"], name=op.f("fk_decisions_blocker_id")),
        sa.ForeignKeyConstraint(["guardrail_id"], ["guardrails.id"], name=op.f("fk_decisions_guardrail_id")),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name=op.f("fk_decisions_kpi_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_decisions_owner_id")),
        sa.ForeignKeyConstraint(["revives_id"], ["decisions.id"], name=op.f("fk_decisions_revives_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_decisions_settled_by_id")),
        sa.ForeignKeyConstraint(["superseded_by_id"], ["decisions.id"], name=op.f("fk_decisions_superseded_by_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decisions.id"], name=op.f("fk_decisions_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("workspace", "number", name=op.f("uq_decisions_workspace_number")),
    )
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decisions_approver_id"), ["approver_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_blocker_id"), ["blocker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_guardrail_id"), ["guardrail_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_kpi_id"), ["kpi_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_decisions_supersedes_id"), ["supersedes_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_decisions_workspace_state_captured_at"), ["workspace", "state", "captured_at"], unique=False
        )

    op.create_table(
        "decision_effects",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.Uuid(), nullable=True),
        sa.Column("function_id", sa.Uuid(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_effects_decision_id")),
        sa.ForeignKeyConstraint(["function_id"], ["functions.id"], name=op.f("fk_decision_effects_function_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_decision_effects_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_effects")),
        sa.UniqueConstraint("decision_id", "function_id", name=op.f("uq_decision_effects_decision_id_function_id")),
        sa.UniqueConstraint("decision_id", "team_id", name=op.f("uq_decision_effects_decision_id_team_id")),
    )
    with op.batch_alter_table("decision_effects", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_effects_workspace_told_at"), ["workspace", "told_at"], unique=False
        )

    op.create_table(
        "decision_log",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["people.id"], name=op.f("fk_decision_log_approver_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_decision_log_by_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_log_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_log")),
    )
    with op.batch_alter_table("decision_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_log_decision_id_id"), ["decision_id", "id"], unique=False)

    op.create_table(
        "decision_readers",
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("response", sa.String(16), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name=op.f("fk_decision_readers_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_decision_readers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_readers")),
        sa.UniqueConstraint("decision_id", "person_id", name=op.f("uq_decision_readers_decision_id_person_id")),
    )
    with op.batch_alter_table("decision_readers", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_readers_person_id_answered_at"), ["person_id", "answered_at"], unique=False
        )

    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("decision_words")
    with op.batch_alter_table("decision_readers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_readers_person_id_answered_at"))

    op.drop_table("decision_readers")
    with op.batch_alter_table("decision_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_log_decision_id_id"))

    op.drop_table("decision_log")
    with op.batch_alter_table("decision_effects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_effects_workspace_told_at"))

    op.drop_table("decision_effects")
    with op.batch_alter_table("decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decisions_workspace_state_captured_at"))
        batch_op.drop_index(batch_op.f("ix_decisions_supersedes_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_owner_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_kpi_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_guardrail_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_blocker_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_author_id"))
        batch_op.drop_index(batch_op.f("ix_decisions_approver_id"))

    op.drop_table("decisions")
    op.drop_table("guardrails")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION decision_log_refuse()")
