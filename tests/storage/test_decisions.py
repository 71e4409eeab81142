"""Decisions in the database: a log that nothing rewrites, words that find them, and who may read which."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.decisions import loading
from bot.ids import new_id
from rituals.decisions import Decision, State
from rituals.people import Person, Role
from rituals.policy import Action, may
from rituals.search_words import words_of
from storage import decision_search, values
from storage import decisions as kept
from storage.database import Database
from storage.decisions import Act
from tests import decisions, factories
from tests.factories import NOW, WORKSPACE
from tests.storage.support import ANA, DANA, TEAM, TOM, put

TITLES = {
    1: ("Two-year discount rule", "Ten per cent, because of churn"),
    2: ("Größe of the café", "Prices stay"),
    3: ("Who signs?", "A longer discount story about the price of a rule"),
    4: ("שלום world", "رقم ١٢ snake_case e-mail 2,5 %"),
}


def told(number: int, **facts: Any) -> Decision:
    title, because = TITLES[number]
    return decisions.decision(ANA.id, title, number=100 + number, because=because, **facts)


async def found(database: Database, words: str) -> list[int]:
    def look(tx: Session) -> list[int]:
        return [one.number - 100 for one in decision_search.find(tx, words)]

    numbers: list[int] = await database.read(look)
    return numbers


async def learned(database: Database, some: Sequence[Decision]) -> None:
    def learn(tx: Session) -> None:
        values.add(tx, *some)
        decision_search.index(tx, *some)

    await database.write(learn)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("discount", [1, 3]),
        ("DISC", [1, 3]),
        ("rule discount", [1, 3]),
        ("grosse", [2]),
        ("Größe café", [2]),
        ("rule", [1, 3]),
        ("prices", [2]),
        ("D-104", [4]),
        ("שָׁלוֹם", [4]),
        ("رقم", [4]),
        ("snake case", [4]),
        ("discount nowhere", []),
        ("", []),
        ("* : & | ! ( ) ' \" \\ %", []),
        ("NEAR AND OR NOT", []),
    ],
)
async def test_the_same_words_find_the_same_on_both_databases_titles_first(
    company: Database, words: str, expected: list[int]
) -> None:
    await learned(company, [told(number) for number in TITLES])

    assert await found(company, words) == expected


async def test_a_memo_written_again_is_found_by_what_it_says_now_only(company: Database) -> None:
    before = told(1)
    await company.write(kept.write, before, Act(new_id(), "captured", ANA.id, NOW), was=None)
    after = replace(before, title="Rebates", because="")
    await company.write(kept.write, after, Act(new_id(), "written", ANA.id, NOW), was=before)

    assert await found(company, "churn") == []
    assert await found(company, "rebates") == [1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
async def test_whatever_is_searched_for_is_only_words(company: Database, words: str) -> None:
    assert set(await found(company, words)) <= set(TITLES)
    assert all(part.isalnum() for part in words_of(words))


async def test_the_change_log_keeps_before_after_approver_and_reason(company: Database) -> None:
    before = told(1)
    after = replace(before, state=State.KILLED, killed_because="No money")
    await company.write(kept.write, before, Act(new_id(), "captured", ANA.id, NOW), was=None)
    await company.write(kept.write, after, Act(new_id(), "killed", DANA.id, NOW, "No money", DANA.id), was=before)

    first, second = await company.read(kept.history, before.id)
    assert first.after is not None
    assert (first.act, first.before, first.after["title"]) == ("captured", None, "Two-year discount rule")
    assert (second.before, second.after) == (
        {"state": "draft", "killed_because": None},
        {"state": "killed", "killed_because": "No money"},
    )
    assert (second.at, second.by_id, second.approver_id, second.reason) == (NOW, DANA.id, DANA.id, "No money")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decision_log SET reason = 'x'",
        "DELETE FROM decision_log",
        "INSERT OR REPLACE INTO decision_log SELECT * FROM decision_log",
        "TRUNCATE decision_log",
    ],
)
async def test_nobody_rewrites_the_change_log(company: Database, statement: str) -> None:
    decision = told(1)
    await company.write(kept.write, decision, Act(new_id(), "captured", ANA.id, NOW), was=None)

    def rewrite(tx: Session) -> None:
        # What one of the two databases does not know, it refuses as well.
        tx.execute(text(statement))

    with pytest.raises(DBAPIError):
        await company.write(rewrite)
    assert [entry.act for entry in await company.read(kept.history, decision.id)] == ["captured"]


# Who may read what: one by one as the policy says it, and all at once as the query does.

APAC = factories.team("APAC", channel=None)
PRIYA = factories.person("Priya Raman", role=Role.LEADER)
LEE = factories.person("Lee Chan", role=Role.MANAGER, manager_id=PRIYA.id, deputy_id=TOM.id)
FAY = factories.person("Fay Moss", team_id=APAC.id)
GUS = factories.person("Gus Hale", manager_id=LEE.id)
IVO = factories.person("Ivo Rand", manager_id=GUS.id)
OTHERS = (PRIYA, LEE, FAY, GUS, IVO)


async def peopled(company: Database, *, lee_is_away: bool) -> dict[str, Person]:
    apac = replace(APAC, manager_id=LEE.id)
    await company.write(put, replace(apac, manager_id=None), *OTHERS)
    await company.write(values.save, apac)
    if lee_is_away:
        await company.write(put, factories.absence(LEE.id, NOW.date(), NOW.date()))
    return {one.given_name: one for one in (ANA, TOM, DANA, *OTHERS)}


@pytest.mark.parametrize("lee_is_away", [False, True])
async def test_the_query_of_what_somebody_may_read_is_the_policy(company: Database, lee_is_away: bool) -> None:
    people = await peopled(company, lee_is_away=lee_is_away)
    kinds: list[dict[str, Any]] = [
        {},
        {"proposed_at": NOW},
        {"proposed_at": NOW, "restricted": True},
        {"approver_id": LEE.id, "owner_id": GUS.id},
    ]
    authors = (ANA, TOM, FAY, IVO, PRIYA, LEE)
    some = [decisions.decision(author.id, **facts) for author in authors for facts in kinds]
    elsewhere = factories.person("Eve Else", workspace="T0OTHER")
    foreign = decisions.decision(elsewhere.id, workspace="T0OTHER", proposed_at=NOW)
    readers = [decisions.reader(some[0].id, FAY.id), decisions.reader(some[2].id, FAY.id)]
    await company.write(put, elsewhere, foreign)
    await company.write(values.add, *some)
    await company.write(values.add, *readers)

    def look(tx: Session, reader: Person) -> tuple[set[UUID], set[UUID]]:
        queried = {one.id for one in kept.page(tx, loading.readable(tx, reader, NOW), limit=100)}
        allowed = set()
        for one in kept.page(tx, limit=100):
            thing = loading.thing(tx, one, NOW)
            open_to_all = one.open_to_all and may(Action.DECISION_READ_OPEN, reader, thing)
            if open_to_all or may(Action.DECISION_READ, reader, thing):
                allowed.add(one.id)
        return queried, allowed

    counts = {}
    for name, reader in people.items():
        queried, allowed = await company.read(look, reader)
        assert queried == allowed, name
        counts[name] = len(queried & {one.id for one in some})
    assert counts["Priya"] == len(some) > counts["Lee"] > counts["Dana"]
    assert counts["Fay"] == len(authors) + 3 + 2
    assert (counts["Tom"] > len(authors) + 3) is lee_is_away
    assert foreign.workspace != WORKSPACE
    assert TEAM.manager_id is None
