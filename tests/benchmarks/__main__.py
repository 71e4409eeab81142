"""`make bench`: measure, print the table, and fail when a figure misses what it must reach."""

import asyncio
import os
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from bot.memory import collect_rarely
from tests.benchmarks.ack import ack, ack_noop, ack_p99
from tests.benchmarks.digest import digest
from tests.benchmarks.fanout import fanout
from tests.benchmarks.limit import fanout_limit
from tests.benchmarks.lists import lists
from tests.benchmarks.opening import opening
from tests.benchmarks.places import Places, places
from tests.benchmarks.planning import planning
from tests.benchmarks.search import search
from tests.benchmarks.table import Figure, show, write_json

BENCHES: Mapping[str, Callable[[Places], Awaitable[Sequence[Figure]]]] = {
    "ack": ack,
    "ack-noop": ack_noop,
    "ack-p99": ack_p99,
    "open": opening,
    "fanout": fanout,
    "fanout-limit": fanout_limit,
    "plan": planning,
    "digest": digest,
    "lists": lists,
    "search": search,
}


async def measured(names: Sequence[str]) -> list[Figure]:
    """Run the named benchmarks, one after the other."""
    figures: list[Figure] = []
    with places() as shared:
        for name in names:
            started = time.perf_counter()
            try:
                figures += await BENCHES[name](shared)
            except RuntimeError as error:
                # A row that can't be measured, because forms came back as too slow for one, has missed; others go on.
                sys.stderr.write(f"{name}: {error}\n")
                figures.append(Figure(name, "not measured", 0.0, None, None, "an answer each", ok=False, unit=""))
            sys.stderr.write(f"{name}: {time.perf_counter() - started:.0f} s\n")
    return figures


def main(arguments: Sequence[str]) -> int:
    """Run all, or those named."""
    unknown = [name for name in arguments if name not in BENCHES]
    if unknown:
        sys.stderr.write(f"No benchmark is called {unknown[0]}. There are {', '.join(BENCHES)}.\n")
        return 2
    collect_rarely()
    figures = asyncio.run(measured(arguments or list(BENCHES)))
    sys.stdout.write(show(figures) + "\n")
    if path := os.environ.get("BENCH_JSON"):
        write_json(figures, Path(path))
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
