"""Databases of a benchmark: as durable as production's, each filled with the same company."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.company import Company
from tests.databases import Postgres, Run, sqlite_url

KINDS = ("SQLite", "PostgreSQL")


class Places:
    """Where the databases of one run are."""

    def __init__(self, run: Run, postgres: Postgres) -> None:
        self._run = run
        self._postgres = postgres
        self._made = 0

    def file(self, name: str, text: str) -> str:
        """Write a file that other processes of the benchmark read; its path."""
        self._made += 1
        path = self._run.directory / f"{self._made}-{name}"
        path.write_text(text)
        return str(path)

    @contextmanager
    def databases(self, kind: str, company: Company, count: int = 2) -> Iterator[Sequence[str]]:
        """The addresses of `count` databases of a kind, alike."""
        with contextlib.ExitStack() as stack:
            if kind == "SQLite":
                self._made += 1
                directory = self._run.directory / f"sqlite-{self._made}"
                directory.mkdir()
                stack.callback(shutil.rmtree, directory)
                yield [sqlite_url(path) for path in self._files(directory, company, count)]
            else:
                urls = [stack.enter_context(self._postgres.database()) for _ in range(count)]
                for url in urls:
                    company.fill(url)
                yield urls

    def _files(self, directory: Path, company: Company, count: int) -> Sequence[Path]:
        paths = [directory / f"{number}.db" for number in range(count)]
        shutil.copyfile(self._run.sqlite_template(), paths[0])
        company.fill(sqlite_url(paths[0]))
        with contextlib.closing(sqlite3.connect(paths[0])) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for path in paths[1:]:
            shutil.copyfile(paths[0], path)
        return paths


@contextmanager
def places() -> Iterator[Places]:
    """The place of one run; nothing of it is left. Raises UnavailableError without PostgreSQL."""
    run = Run.begin()
    try:
        with Postgres.join(run) as postgres:
            # The tests' server is careless with the disk, for speed; here that is what is measured.
            postgres._admin.execute("ALTER SYSTEM SET fsync = on")
            postgres._admin.execute("ALTER SYSTEM SET full_page_writes = on")
            postgres._admin.execute("SELECT pg_reload_conf()")
            yield Places(run, postgres)
    finally:
        run.end()
