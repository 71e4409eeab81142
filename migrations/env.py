"""Alembic's entry: connects to the URL that `storage.schema.config` carries."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import MetaData, create_engine, pool


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain SQLAlchemy ones: migrations import no application code."""
    if kind != "type" or not type(item).__module__.startswith("storage."):
        return False
    autogen_context.imports.add("import sqlalchemy as sa")
    name = type(item).__name__
    if name == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if name == "Exact":
        return 'sa.Numeric(24, 8).with_variant(sa.String(40), "sqlite")'
    return "sa.String(16)"


def run() -> None:
    """Run the migrations inside one transaction."""
    metadata: MetaData | None = context.config.attributes.get("metadata")
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            render_item=render_item,
        )
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


run()
