"""Wake whoever waits for something to become true."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


class Changes:
    """A bell that rings at each change of the workspace."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Wake everybody who waits."""
        self._bell.set()
        self._bell = asyncio.Event()

    async def until(self, look: Callable[[], Found | None], timeout: float) -> Found:  # noqa: ASYNC109  part of the API
        """Return the first true answer of `look`, asked again at each change; TimeoutError when none comes."""
        try:
            async with asyncio.timeout(timeout):
                while True:
                    bell = self._bell
                    if found := look():
                        return found
                    await bell.wait()
        except TimeoutError:
            raise TimeoutError(f"still not true after {timeout} s") from None
