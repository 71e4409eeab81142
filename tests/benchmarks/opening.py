"""open: `Write plan` pressed until `views.open` is answered, the form filled from a company of 10,000."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import AsyncExitStack

from bot.clock import machine_clock
from bot.huddle import form_views
from bot.huddle.handlers import open_page
from bot.huddle.views import FormMeta
from bot.payloads import Who
from storage.database import Database
from tests.benchmarks.ack import Bench
from tests.benchmarks.company import Company, Kind, slack_id, uuid
from tests.benchmarks.places import KINDS, Places
from tests.benchmarks.processes import loader, server, stub
from tests.benchmarks.submissions import form_encoded, press
from tests.benchmarks.table import Figure, at_least
from tests.factories import WORKSPACE

PEOPLE = 10_000
ROUNDS, COUNT = 15, 200
"""Short turns, and many: one takes less than a second, and a neighbour's second is not ours."""
MUST = 0.5


async def opening(places: Places) -> Sequence[Figure]:
    """Against a handler that only calls `views.open`, with the same view."""
    figures = []
    company, person = Company(PEOPLE), PEOPLE - 1
    for kind in KINDS:
        async with AsyncExitStack() as stack:
            (url,) = stack.enter_context(places.databases(kind, company, 1))
            slack = await stack.enter_async_context(stub())
            view = places.file("view", json.dumps(await _view(url, person)))
            bench = Bench(
                await stack.enter_async_context(loader()), places.file("press", form_encoded(press(person))), person
            )
            servers = server("ours", database=url, slack=slack), server("opening", view=view, slack=slack)
            mine, other = await asyncio.gather(*map(stack.enter_async_context, servers))
            for port in (mine, other):
                await bench.rate(port, 100)
            rates = [(await bench.rate(mine, COUNT), await bench.rate(other, COUNT)) for _ in range(ROUNDS)]
        name = f"Write plan until views.open, {PEOPLE:,} people, {kind}"
        figures.append(at_least("open", name, [a for a, _ in rates], [b for _, b in rates], MUST))
    return figures


async def _view(url: str, person: int) -> object:
    database = Database(url)
    meta = FormMeta(plan=uuid(Kind.PLAN, person))
    page = await database.read(open_page, meta, Who(WORKSPACE, slack_id(person)), machine_clock())
    await database.close()
    return form_views.plan_form(page)
