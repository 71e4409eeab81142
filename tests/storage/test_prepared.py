"""A statement does the same whether SQLAlchemy runs it or, from the second time on, the driver alone."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import bindparam, event, insert, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from rituals.people import Person, Role
from storage.database import Database
from storage.prepared import LONGEST
from storage.values import TABLES, add, found, selecting, to_columns
from tests.storage.support import ANA

_PEOPLE = TABLES[Person]
_LINA = replace(ANA, id=UUID(int=70), slack_id="U0LINA", name="Lina “🎯” 100 %, %(name)s :name ?")
TIMES = 3


@contextmanager
def by_sqlalchemy() -> Iterator[list[str]]:
    """The statements that SQLAlchemy runs itself."""
    said: list[str] = []

    def hear(*arguments: Any) -> None:
        said.append(arguments[2])

    event.listen(Engine, "after_cursor_execute", hear)
    yield said
    event.remove(Engine, "after_cursor_execute", hear)


@pytest.mark.parametrize("length", [0, 1, 2, LONGEST, LONGEST + 1])
async def test_a_list_of_any_length_finds_the_same_each_time(company: Database, length: int) -> None:
    ids = [ANA.id, _LINA.id, *(UUID(int=n) for n in range(1000, 1000 + LONGEST))][:length]
    given = _PEOPLE.c.workspace == bindparam("workspace")
    said = _PEOPLE.c.role.in_([Role.REP, Role.MANAGER]) & (_PEOPLE.c.name != "100 % of ? and :name")
    query = selecting(Person).where(given, said, _PEOPLE.c.id.in_(bindparam("ids", expanding=True)))

    def run(tx: Session) -> list[list[Person]]:
        add(tx, _LINA)
        return [found(tx, Person, query, workspace=ANA.workspace, ids=ids) for _ in range(TIMES)]

    with by_sqlalchemy() as statements:
        for people in await company.write(run):
            assert {one.id: one for one in people} == {one.id: one for one in (ANA, _LINA) if one.id in ids}
    assert len([sql for sql in statements if "people.role IN" in sql]) == (TIMES if length > LONGEST else 1)


async def test_one_row_or_many_are_written_the_same_each_time(company: Database) -> None:
    adding, renaming = insert(_PEOPLE), update(_PEOPLE).where(_PEOPLE.c.id == bindparam("its_id"))
    people = [replace(_LINA, id=UUID(int=n), slack_id=f"U0LINA{n}") for n in range(80, 80 + 4 * TIMES)]

    def run(tx: Session) -> list[Person]:
        for n in range(0, len(people), 4):
            tx.execute(adding, to_columns(people[n]))
            tx.execute(adding, [to_columns(one) for one in people[n + 1 : n + 4]])
            tx.execute(renaming, {"its_id": people[n].id, "name": f"Lina {n}"})
        return found(tx, Person, selecting(Person).where(_PEOPLE.c.name.like("Lina%")).order_by(_PEOPLE.c.id))

    assert await company.write(run) == [
        replace(one, name=f"Lina {n}") if n % 4 == 0 else one for n, one in enumerate(people)
    ]


@pytest.mark.parametrize(
    ("wrong", "error"), [({"slack_id": ANA.slack_id}, IntegrityError), ({"role": "queen"}, StatementError)]
)
async def test_what_cannot_be_written_is_refused_the_same_each_time(
    company: Database, wrong: Mapping[str, Any], error: type[Exception]
) -> None:
    adding = insert(_PEOPLE)

    def run(tx: Session) -> None:
        tx.execute(adding, to_columns(_LINA) | dict(wrong))

    for _ in range(TIMES):
        with pytest.raises(error) as refused:
            await company.write(run)
        assert isinstance(refused.value, StatementError)
        assert "INSERT INTO people" in str(refused.value)


async def test_whoever_listens_hears_every_statement(company: Database) -> None:
    query = selecting(Person).where(_PEOPLE.c.id == bindparam("one"))
    heard: list[str] = []

    def hear(*arguments: Any) -> None:
        heard.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        for _ in range(TIMES):
            await company.read(found, Person, query, one=ANA.id)
    finally:
        event.remove(Engine, "before_cursor_execute", hear)
    assert len(heard) == TIMES
