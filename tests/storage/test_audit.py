"""The record of every change: complete for whoever acts, and beyond anybody's reach afterwards."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.ids import new_id
from storage import audit, values
from storage.audit import Act, Entry
from storage.database import Database
from tests import factories
from tests.storage.support import ANA, DANA, NOW, TERMS, WORKSPACE

ACT = Act(new_id(), WORKSPACE, DANA.id, "card.agree", NOW)


def acted(tx: Session, *steps: tuple[str, object]) -> None:
    """Do these things to values as Dana."""
    audit.begin(tx, ACT)
    for what, value in steps:
        getattr(values, what)(tx, value)


async def entries(database: Database, subject: UUID) -> list[Entry]:
    return list(await database.read(audit.of, [subject]))


async def test_a_change_is_recorded_with_who_when_before_after_and_by_which_door(company: Database) -> None:
    await company.write(acted, ("save", replace(ANA, zone="Europe/Paris")))

    (entry,) = await entries(company, ANA.id)
    assert entry == Entry(ACT, "people", ANA.id, {"zone": "Europe/Berlin"}, {"zone": "Europe/Paris"})


async def test_what_is_new_has_no_before_and_what_is_gone_no_after(company: Database) -> None:
    absence = factories.absence(ANA.id, factories.DAY, factories.DAY)

    await company.write(acted, ("add", absence), ("remove", absence))

    new, gone = await entries(company, absence.id)
    assert (new.before, gone.after) == (None, None)
    assert new.after == gone.before
    assert (new.after or {})["first_day"] == "2026-11-23"


async def test_what_stays_the_same_is_no_change(company: Database) -> None:
    await company.write(acted, ("save", ANA))

    assert await entries(company, ANA.id) == []


async def test_exact_numbers_are_recorded_with_every_digit(company: Database) -> None:
    await company.write(acted, ("save", replace(TERMS, target=Decimal("0.30000001"))))

    (entry,) = await entries(company, TERMS.id)
    assert (entry.after or {})["target"] == "0.30000001"


async def test_a_transaction_that_fails_leaves_no_record(company: Database) -> None:
    def fail(tx: Session) -> None:
        acted(tx, ("save", replace(ANA, name="Somebody")))
        raise ValueError("not today")

    with pytest.raises(ValueError, match="not today"):
        await company.write(fail)

    assert await entries(company, ANA.id) == []


async def test_the_newest_changes_come_first_and_older_ones_follow(company: Database) -> None:
    for number in range(5):
        await company.write(acted, ("save", replace(ANA, name=f"Ana {number}")))

    def page(tx: Session) -> tuple[list[str], list[str]]:
        first = audit.latest(tx, WORKSPACE, 2)
        following = audit.latest(tx, WORKSPACE, 2, before=first[-1][0])
        return tuple([(entry.after or {})["name"] for _, entry in found] for found in (first, following))  # type: ignore[return-value]

    assert await company.read(page) == (["Ana 4", "Ana 3"], ["Ana 2", "Ana 1"])


REWRITES = {
    "update": "UPDATE audit SET via = 'nobody'",
    "update of nothing new": "UPDATE audit SET seq = seq",
    "delete": "DELETE FROM audit",
    "upsert": "INSERT INTO audit SELECT * FROM audit WHERE true ON CONFLICT (seq) DO UPDATE SET via = 'nobody'",
    "replace or truncate": "",
}
OWN = {True: "INSERT OR REPLACE INTO audit SELECT * FROM audit", False: "TRUNCATE audit"}
"""What only SQLite (True) or only PostgreSQL has."""


@pytest.mark.parametrize("rewrite", REWRITES)
async def test_no_statement_rewrites_the_record(company: Database, rewrite: str) -> None:
    await company.write(acted, ("save", replace(ANA, name="Ana Maria")))
    statement = REWRITES[rewrite] or OWN[company.is_sqlite]
    before = await entries(company, ANA.id)
    assert before

    with pytest.raises(DBAPIError, match="append-only"):
        await company.write(lambda tx: tx.execute(text(statement)))

    assert await entries(company, ANA.id) == before
