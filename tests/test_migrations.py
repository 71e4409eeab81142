"""The migrations and the declared tables say the same, on both databases."""

from sqlalchemy import create_engine, inspect, text

from migrations import drift
from storage import schema
from storage.tables import Base


def tables_in(url: str) -> set[str]:
    engine = create_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def run(url: str, statement: str) -> None:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        engine.dispose()


def test_the_migrations_build_the_declared_tables_from_empty(empty_database_url: str) -> None:
    assert tables_in(empty_database_url) == set()
    schema.upgrade(empty_database_url)
    assert tables_in(empty_database_url) >= set(Base.metadata.tables)
    assert drift.differences(empty_database_url) == []


def test_a_test_database_is_migrated_like_one_from_empty(database_url: str) -> None:
    assert drift.differences(database_url) == []


def test_an_undeclared_column_is_a_difference(database_url: str) -> None:
    table = Base.metadata.sorted_tables[0].name
    run(database_url, f"ALTER TABLE {table} ADD COLUMN forgotten INTEGER")
    assert len(drift.differences(database_url)) == 1
    assert "forgotten" in drift.differences(database_url)[0]
