"""`python -m migrations.drift` says whether the migrations, from empty, build the tables that the code declares."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

from storage import schema
from storage.tables import Base


def ours(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:  # noqa: ARG001 - Alembic's signature
    """Leave out what the code does not declare: the job queue's own tables, and the words that each database keeps."""
    table = name if kind == "table" else getattr(getattr(thing, "table", None), "name", None)
    return not (table or "").startswith(("procrastinate_", "decision_words"))


def differences(url: str) -> list[str]:
    """Compare a database with the declared tables; empty when they agree."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_object": ours})
            found = compare_metadata(context, Base.metadata)
    finally:
        engine.dispose()
    return [repr(difference) for difference in found]


def main() -> int:
    """Upgrade an empty SQLite file to the newest revision and print what differs."""
    with tempfile.TemporaryDirectory(prefix="cadence-drift-") as directory:
        url = f"sqlite:///{Path(directory) / 'drift.db'}"
        schema.upgrade(url)
        found = differences(url)
    verdict = "The migrations and storage/tables differ: add a revision." if found else "No drift."
    sys.stdout.write("".join(f"{line}\n" for line in [*found, verdict]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
