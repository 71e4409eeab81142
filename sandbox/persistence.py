"""Keep the state in a file: written atomically, shortly after a change and at the end."""

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path

from sandbox.errors import Json

_DELAY_SECONDS = 0.5


def load(path: Path) -> Json | None:
    """Return what was kept, or None on the first run."""
    if not path.exists():
        return None
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        stored = None
    if not isinstance(stored, dict):
        raise ValueError(f"{path} is not a sandbox state; move it away to start anew")  # noqa: TRY004
    return stored


class Keeper:
    """Writes a snapshot half a second after the first of a burst of changes."""

    def __init__(self, path: Path | None, snapshot: Callable[[], Json], written: Callable[[], None]) -> None:
        self._path = path
        self._written = written
        self._snapshot = snapshot
        self._timer: asyncio.TimerHandle | None = None

    def touch(self) -> None:
        """Note a change."""
        if self._path is not None and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_DELAY_SECONDS, self.write)

    def write(self) -> None:
        """Write now; a reader sees the old file or the new one, never half of it."""
        self.cancel()
        if self._path is None:
            return
        text = json.dumps(self._snapshot(), ensure_ascii=False, separators=(",", ":"))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        half = self._path.with_name(self._path.name + ".new")
        with half.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        half.replace(self._path)
        self._written()

    def cancel(self) -> None:
        """Forget a planned write."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
