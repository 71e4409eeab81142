"""search: a page of `/decide search` among 50,000 memos, against the SQL that it runs, on the bare driver."""

import random
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from bot.clock import machine_clock
from bot.decisions import reading
from bot.ids import new_id
from bot.payloads import Who
from rituals.decisions import Decision, State
from storage import decision_search, values
from storage.database import Database, sqlalchemy_url
from tests import decisions
from tests.benchmarks.company import Company, Kind, uuid
from tests.benchmarks.places import KINDS, Places
from tests.benchmarks.replay import recording
from tests.benchmarks.table import Figure
from tests.factories import NOW, WORKSPACE

MEMOS = 50_000
PEOPLE = 200
AT_ONCE = 2000
WORDS_A_MEMO = 120
COMMON, SEVERAL, RARE = "discount", "dis renew", "zanzibar"
TIMES = 15
MOST, BESIDE = 3.0, 10.0
"""A page takes at most three times its bare SQL and ten milliseconds."""
VOCABULARY = [f"{start}{end}" for start in "bdfklmnprstvz" for end in ("ame", "ero", "isk", "olta", "umen", "yra")]


async def search(places: Places) -> Sequence[Figure]:
    """Both databases; a word in a fifth of the memos, two beginnings of words, a word in one memo of ten thousand."""
    figures = []
    for kind in KINDS:
        with places.databases(kind, Company(PEOPLE), 1) as (url,):
            _fill(url)
            for words in (COMMON, SEVERAL, RARE):
                ours, bare = await _measured(url, words)
                name = f"a page of “{words}” among {MEMOS:,} memos, {kind}"
                fine = ours <= MOST * bare + BESIDE
                must = f"≤ {MOST:g} times + {BESIDE:g} ms"
                figures.append(Figure("search", name, ours, bare, ours / bare, must, fine, " ms"))
    return figures


def _fill(url: str) -> None:
    engine = create_engine(sqlalchemy_url(url))
    chance = random.Random(7)  # noqa: S311 - the same memos every time, no secrets
    for start in range(0, MEMOS, AT_ONCE):
        with Session(engine) as tx, tx.begin():
            some = [_memo(chance, number) for number in range(start, start + AT_ONCE)]
            values.add(tx, *some)
            decision_search.index(tx, *some)
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
    engine.dispose()


def _memo(chance: random.Random, number: int) -> Decision:
    said = chance.choices(VOCABULARY, k=WORDS_A_MEMO)
    for word, one_in in ((COMMON, 5), ("renewals", 20), (RARE, 10_000)):
        if number % one_in == 0:
            said[chance.randrange(WORDS_A_MEMO)] = word
    draft = number % 4 == 0
    return decisions.decision(
        uuid(Kind.PERSON, number % PEOPLE),
        " ".join(chance.choices(VOCABULARY, k=5)),
        id=new_id(),
        number=number + 1,
        context=" ".join(said),
        state=State.DRAFT if draft else State.RECORDED,
        proposed_at=None if draft else NOW,
        captured_at=NOW - timedelta(minutes=number),
        clock_from=NOW,
    )


async def _measured(url: str, words: str) -> tuple[float, float]:
    """Milliseconds of a page as a manager asks for it, and of the same statements on the bare driver: medians."""
    who, now = Who(WORKSPACE, "U0M3"), machine_clock()
    listened = Database(url)
    with recording(listened) as statements:
        await listened.read(reading.found, who, words, "", now)
    await listened.close()
    database = Database(url)
    mine, bare = [], []
    engine = create_engine(sqlalchemy_url(url))
    raw = engine.raw_connection()
    cursor = raw.cursor()

    def replay() -> None:
        for statement in statements:
            cursor.execute(statement.sql, statement.parameters)
            cursor.fetchall()

    for _ in range(TIMES):
        started = time.perf_counter()
        await database.read(reading.found, who, words, "", now)
        mine.append(time.perf_counter() - started)
        bare.append(_timed(replay))
    raw.close()
    engine.dispose()
    await database.close()
    return median(mine) * 1000, median(bare) * 1000


def _timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
