"""ack, ack-noop, ack-p99: a signed submission through the door until it is acked, its answer committed."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from statistics import median

from slack_bolt.async_app import AsyncBoltRequest

from bot import slack as slack_api
from bot.deps import Background, Deps
from storage.database import Database
from tests.benchmarks.company import Company
from tests.benchmarks.load import Job
from tests.benchmarks.places import KINDS, Places
from tests.benchmarks.processes import Loader, loader, server
from tests.benchmarks.replay import Opening, recording
from tests.benchmarks.servers import DEAF, ours
from tests.benchmarks.submissions import form_encoded, submission
from tests.benchmarks.table import Figure, at_least
from tests.factories import NOW

ROUNDS = 5
FEW_ROUNDS = 3
COUNT = 300
"""Submissions a round and side, each by somebody else."""
WINDOWS, WINDOW, RATE = 5, 300, 100.0
MUST = 0.7
MUST_P99 = 100.0
WARM = 100


class Bench:
    """Servers over alike databases, and the load that goes from one to the other."""

    def __init__(self, load: Loader, template: str, person: int) -> None:
        self._load = load
        self._template = template
        self._person = person
        self._next: dict[int, int] = {}

    async def rate(self, port: int, count: int = COUNT) -> float:
        """Acks a second of one server, for the next people."""
        measured = await self._load.run(self._job(port, count))
        return count / measured.seconds

    async def p99(self, port: int) -> float:
        """The slowest hundredth of a steady load, in milliseconds."""
        measured = await self._load.run(self._job(port, WINDOW, RATE))
        return sorted(measured.latencies)[-WINDOW // 100] * 1000

    def _job(self, port: int, count: int, rate: float | None = None) -> Job:
        first = self._next.get(port, 0)
        self._next[port] = first + count
        return Job(port, self._template, self._person, first, count, rate=rate)


async def recorded(places: Places, url: str, company: Company, person: int) -> tuple[str, str]:
    """Submit once for real: files with the request, and with the statements that it took."""
    database = Database(url)
    payload = await submission(database, person)
    await database.close()
    database = Database(url)
    async with slack_api.connect("xoxb-bench", DEAF) as slack:
        app = ours(Deps(database, slack, lambda: NOW, lambda: None, Background()))
        with recording(database) as found:
            await database.write(lambda _: None)
            found.clear()
            answer = await app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))
    await database.close()
    if answer.status != 200 or answer.body:
        raise RuntimeError(f"the submission was not taken: {answer.status} {answer.body}")
    statements = [asdict(one) for one in Opening(company, person).statements(found)]
    return places.file("request", form_encoded(payload)), places.file("statements", json.dumps(statements))


@asynccontextmanager
async def compared(
    places: Places, kind: str, submissions: int, beside: str | None, *, filed: bool = False
) -> AsyncIterator[tuple[Bench, Sequence[int]]]:
    """Our server, and one of another sort beside it, over a company of which nobody has answered, or everybody.

    It has somebody for each of so many submissions a server.
    """
    company = Company(submissions + WARM + 10, filed=filed)
    person = company.people - 1
    async with AsyncExitStack() as stack:
        mine, other = stack.enter_context(places.databases(kind, company))
        template, statements = await recorded(places, mine, company, person)
        replay = {"database": other, "people": company.people, "statements": statements}
        servers = [server("ours", database=mine)]
        if beside is not None:
            servers.append(server(beside, **(replay if beside == "replaying" else {})))
        # At once: to start one takes longer than to measure it.
        load = await stack.enter_async_context(loader())
        ports = await asyncio.gather(*map(stack.enter_async_context, servers))
        bench = Bench(load, template, person)
        for port in ports:
            await bench.rate(port, WARM)
        yield bench, ports


async def ack(places: Places) -> Sequence[Figure]:
    """First answers and edits on both databases, against the same statements on the bare driver."""
    figures = []
    for kind in KINDS:
        for filed, what in ((False, "first answer"), (True, "edit")):
            async with compared(places, kind, ROUNDS * COUNT, "replaying", filed=filed) as (bench, (mine, replay)):
                rates = [(await bench.rate(mine), await bench.rate(replay)) for _ in range(ROUNDS)]
            figures.append(at_least("ack", f"{what}, {kind}", *_sides(rates), MUST))
    return figures


async def ack_noop(places: Places) -> Sequence[Figure]:
    """The same against a Bolt app that does nothing."""
    figures = []
    for kind in KINDS:
        async with compared(places, kind, FEW_ROUNDS * COUNT, "idle") as (bench, (mine, noop)):
            rates = [(await bench.rate(mine), await bench.rate(noop)) for _ in range(FEW_ROUNDS)]
        figures.append(at_least("ack-noop", f"first answer, {kind}, beside a no-op", *_sides(rates), None))
    return figures


async def ack_p99(places: Places) -> Sequence[Figure]:
    """Steadily a hundred a second: the median of several windows, because a neighbour's second is not ours."""
    figures = []
    for kind in KINDS:
        async with compared(places, kind, WINDOWS * WINDOW, None) as (bench, (mine,)):
            value = median([await bench.p99(mine) for _ in range(WINDOWS)])
        name = f"p99 at {RATE:g} a second, {kind}"
        figures.append(Figure("ack-p99", name, value, None, None, f"< {MUST_P99:g} ms", value < MUST_P99, " ms"))
    return figures


def _sides(rounds: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [mine for mine, _ in rounds], [theirs for _, theirs in rounds]
