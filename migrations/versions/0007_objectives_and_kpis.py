"""objectives, functions, KPIs with terms, values, shares and links.

Revision: 0007; after: 0006.
A migration runs while the previous build still serves: add first, remove one release later. That build reads
`kpis.direction`, `target` and `value`, which stay, and writes no KPI.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

GENERAL = "General"


def exact() -> Any:
    return sa.Numeric(24, 8).with_variant(sa.String(40), "sqlite")


def row() -> list[Any]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace", sa.String(length=32), nullable=False),
    ]


def upgrade() -> None:
    _registry()
    _facts()
    _people_and_links()
    with op.batch_alter_table("kpis", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("objective_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("function_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("owner_id", sa.Uuid(), nullable=True))
        batch_op.add_column(sa.Column("cadence", sa.String(16), nullable=False, server_default="month"))
        batch_op.add_column(sa.Column("definition", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("retired_on", sa.Date(), nullable=True))
    _carry_over()
    with op.batch_alter_table("kpis", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("objective_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("function_id", existing_type=sa.Uuid(), nullable=False)
        batch_op.alter_column("cadence", existing_type=sa.String(16), server_default=None)
        batch_op.alter_column("definition", existing_type=sa.Text(), server_default=None)
        batch_op.alter_column("direction", existing_type=sa.String(16), server_default="higher")
        batch_op.alter_column("target", existing_type=exact(), server_default="1")
        # A retired KPI's name is free again; that no two active ones share it is settled under the registry's lock.
        batch_op.drop_constraint("uq_kpis_workspace_team_id_name", type_="unique")
        batch_op.create_unique_constraint("uq_kpis_workspace_number", ["workspace", "number"])
        batch_op.create_foreign_key("fk_kpis_objective_id", "objectives", ["objective_id"], ["id"])
        batch_op.create_foreign_key("fk_kpis_function_id", "functions", ["function_id"], ["id"])
        batch_op.create_foreign_key("fk_kpis_owner_id", "people", ["owner_id"], ["id"])
        batch_op.create_index("ix_kpis_owner_id", ["owner_id"], unique=False)
        batch_op.create_index("ix_kpis_objective_id_function_id", ["objective_id", "function_id"], unique=False)


def _registry() -> None:
    op.create_table(
        "objectives",
        sa.Column("name", sa.String(length=75), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        *row(),
        sa.PrimaryKeyConstraint("id", name="pk_objectives"),
        sa.UniqueConstraint("workspace", "name", name="uq_objectives_workspace_name"),
    )
    op.create_table(
        "functions",
        sa.Column("name", sa.String(length=75), nullable=False),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        *row(),
        sa.ForeignKeyConstraint(["head_id"], ["people.id"], name="fk_functions_head_id"),
        sa.PrimaryKeyConstraint("id", name="pk_functions"),
        sa.UniqueConstraint("workspace", "name", name="uq_functions_workspace_name"),
    )


def _facts() -> None:
    op.create_table(
        "kpi_terms",
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("target", exact(), nullable=False),
        sa.Column("direction", sa.String(16), nullable=False),
        sa.Column("bands", sa.String(16), nullable=False),
        sa.Column("yellow_from", exact(), nullable=False),
        sa.Column("yellow_until", exact(), nullable=False),
        sa.Column("pace", sa.String(16), nullable=False),
        sa.Column("goal", sa.String(16), nullable=False),
        sa.Column("profile", sa.String(length=200), nullable=False),
        *row(),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name="fk_kpi_terms_kpi_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kpi_terms"),
        sa.UniqueConstraint("kpi_id", "version", name="uq_kpi_terms_kpi_id_version"),
    )
    op.create_table(
        "kpi_changes",
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("before_id", sa.Uuid(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        *row(),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name="fk_kpi_changes_kpi_id"),
        sa.ForeignKeyConstraint(["before_id"], ["kpi_terms.id"], name="fk_kpi_changes_before_id"),
        sa.ForeignKeyConstraint(["after_id"], ["kpi_terms.id"], name="fk_kpi_changes_after_id"),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["people.id"], name="fk_kpi_changes_proposed_by_id"),
        sa.ForeignKeyConstraint(["approver_id"], ["people.id"], name="fk_kpi_changes_approver_id"),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name="fk_kpi_changes_decided_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kpi_changes"),
    )
    waiting = sa.text("state = 'proposed'")
    op.create_index(
        "uq_kpi_changes_open",
        "kpi_changes",
        ["kpi_id"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_kpi_changes_kpi_id_proposed_at", "kpi_changes", ["kpi_id", "proposed_at"])
    op.create_table(
        "kpi_values",
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("value", exact(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        *row(),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name="fk_kpi_values_kpi_id"),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name="fk_kpi_values_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kpi_values"),
        sa.UniqueConstraint("kpi_id", "period", "revision", name="uq_kpi_values_kpi_id_period_revision"),
    )


def _people_and_links() -> None:
    op.create_table(
        "kpi_shares",
        sa.Column("kpi_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("percent", exact(), nullable=False),
        sa.Column("paid", sa.String(16), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        *row(),
        sa.ForeignKeyConstraint(["kpi_id"], ["kpis.id"], name="fk_kpi_shares_kpi_id"),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_kpi_shares_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kpi_shares"),
        sa.UniqueConstraint("kpi_id", "person_id", name="uq_kpi_shares_kpi_id_person_id"),
    )
    op.create_index("ix_kpi_shares_person_id", "kpi_shares", ["person_id"])
    op.create_table(
        "kpi_links",
        sa.Column("leading_id", sa.Uuid(), nullable=False),
        sa.Column("lagging_id", sa.Uuid(), nullable=False),
        *row(),
        sa.ForeignKeyConstraint(["leading_id"], ["kpis.id"], name="fk_kpi_links_leading_id"),
        sa.ForeignKeyConstraint(["lagging_id"], ["kpis.id"], name="fk_kpi_links_lagging_id"),
        sa.PrimaryKeyConstraint("id", name="pk_kpi_links"),
        sa.UniqueConstraint("leading_id", "lagging_id", name="uq_kpi_links_leading_id_lagging_id"),
    )
    op.create_index("ix_kpi_links_lagging_id", "kpi_links", ["lagging_id"])


def _carry_over() -> None:
    """Give every KPI that there is a number, an objective and function to stand under, terms, and its value."""
    connection = op.get_bind()
    tables = sa.MetaData()
    names = ("kpis", "objectives", "functions", "kpi_terms", "kpi_values", "counters")
    tables.reflect(connection, only=names)
    kpis, objectives, functions, terms, filed, counters = (tables.tables[name] for name in names)
    now = datetime.now(UTC)  # noqa: TID251 - a migration is handed no clock
    at = now.replace(tzinfo=None) if connection.dialect.name == "sqlite" else now
    month = now.date().replace(day=1)
    places: dict[str, tuple[Any, Any]] = {}
    numbers: dict[str, int] = {}
    known = connection.execute(sa.select(kpis).order_by(kpis.c.workspace, kpis.c.name, kpis.c.id)).mappings().all()
    for kpi in known:
        workspace = kpi["workspace"]
        if workspace not in places:
            places[workspace] = (_new_id(connection), _new_id(connection))
            for table, place in zip((objectives, functions), places[workspace], strict=True):
                connection.execute(table.insert().values(id=place, workspace=workspace, name=GENERAL))
        numbers[workspace] = numbers.get(workspace, 0) + 1
        objective, function = places[workspace]
        placed = {"number": numbers[workspace], "objective_id": objective, "function_id": function}
        connection.execute(kpis.update().where(kpis.c.id == kpi["id"]).values(placed))
        shared = {"workspace": workspace, "kpi_id": kpi["id"]}
        above_zero = float(kpi["target"]) > 0
        connection.execute(
            terms.insert().values(
                **shared,
                id=_new_id(connection),
                version=1,
                effective_from=month,
                target=kpi["target"],
                direction=kpi["direction"],
                bands="percent" if above_zero else "absolute",
                yellow_from=_number(connection, 10),
                yellow_until=_number(connection, 15),
                pace="none",
                goal="month",
                profile="",
            )
        )
        if kpi["value"] is not None:
            entry = {"period": month, "revision": 1, "value": kpi["value"], "as_of": now.date(), "at": at}
            connection.execute(filed.insert().values(**shared, **entry, id=_new_id(connection), source="migration"))
    for workspace, last in numbers.items():
        connection.execute(counters.insert().values(workspace=workspace, letter="K", last=last))


def _new_id(connection: Any) -> Any:
    """An id as this database keeps it: reflected on SQLite, a UUID is 32 hexadecimal characters."""
    made = uuid.uuid4()
    return made.hex if connection.dialect.name == "sqlite" else made


def _number(connection: Any, number: int) -> Any:
    return str(number) if connection.dialect.name == "sqlite" else number


def downgrade() -> None:
    with op.batch_alter_table("kpis", schema=None) as batch_op:
        batch_op.drop_index("ix_kpis_objective_id_function_id")
        batch_op.drop_index("ix_kpis_owner_id")
        batch_op.drop_constraint("fk_kpis_owner_id", type_="foreignkey")
        batch_op.drop_constraint("fk_kpis_function_id", type_="foreignkey")
        batch_op.drop_constraint("fk_kpis_objective_id", type_="foreignkey")
        batch_op.drop_constraint("uq_kpis_workspace_number", type_="unique")
        batch_op.alter_column("target", existing_type=exact(), server_default=None)
        batch_op.alter_column("direction", existing_type=sa.String(16), server_default=None)
        for column in ("retired_on", "definition", "cadence", "owner_id", "function_id", "objective_id", "number"):
            batch_op.drop_column(column)
        batch_op.create_unique_constraint("uq_kpis_workspace_team_id_name", ["workspace", "team_id", "name"])
    for table in ("kpi_links", "kpi_shares", "kpi_values", "kpi_changes", "kpi_terms", "functions", "objectives"):
        op.drop_table(table)
    op.execute("DELETE FROM counters WHERE letter = 'K'")
