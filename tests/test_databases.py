"""Each test has a database of its own, and nothing outlives the run."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.databases import Postgres, real_server

KILLED_RUN = """
import time
from tests.databases import Postgres, Run
run = Run.begin()
postgres = Postgres.join(run)
print(run.directory, postgres.url("postgres"), flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("turn", ["first", "second"])
def test_what_one_test_writes_no_other_sees(database_url: str, turn: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (turn VARCHAR(10))"))
        connection.execute(text("INSERT INTO seen VALUES (:turn)"), {"turn": turn})
        assert connection.execute(text("SELECT turn FROM seen")).scalars().all() == [turn]
    engine.dispose()


@pytest.mark.postgresql
def test_a_database_is_dropped_although_a_connection_is_open(postgres: Postgres) -> None:
    with postgres.database() as url:
        connection = psycopg.connect(url.replace("+psycopg", ""))
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    connection.close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url.replace("+psycopg", ""))


@pytest.mark.postgresql
@pytest.mark.usefixtures("postgres")
@pytest.mark.skipif(real_server() is not None, reason="a server that the tests did not start is left running")
def test_the_server_stops_when_the_run_is_killed() -> None:
    command = [sys.executable, "-c", KILLED_RUN]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:  # noqa: S603 - our own interpreter
        assert run.stdout is not None
        directory, url = run.stdout.readline().split()
        with psycopg.connect(url.replace("+psycopg", "")):
            run.kill()
    assert run.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 20
    while Path(directory).exists():
        assert time.monotonic() < deadline, "the killed run's server still runs"
        time.sleep(0.05)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url.replace("+psycopg", ""))
