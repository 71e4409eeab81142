"""A company of any size: every id follows from a person's number, so that a replay can take anybody's part."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from enum import IntEnum
from typing import Any
from uuid import UUID

from sqlalchemy import create_engine, insert, text
from sqlalchemy.orm import Session

from rituals.people import Role
from rituals.plans import Outcome, PlanState
from storage.database import sqlalchemy_url
from storage.huddles import Card
from storage.outbox import State
from storage.tables import Cards, Outbox, Recipients
from storage.values import add, to_columns
from tests.factories import DAY, FUNCTION, NOW, OBJECTIVE, WORKSPACE, huddle, item, kpi, person, plan, team, terms

FRIDAY = date(2026, 11, 20)
TEAM_SIZE = 10
AT_ONCE = 2000


class Kind(IntEnum):
    """The first digits of an id: whose it is."""

    TEAM = 0x7EA
    MANAGER = 0x3A9
    CARD = 0xCA2
    PERSON = 0x9E2
    LAST_PLAN = 0x1A5
    DONE_ITEM = 0xD01
    OPEN_ITEM = 0x09E
    PLAN = 0x91A
    FILED = 0xF11
    MESSAGE = 0x3E5


LEADER = UUID("00000001-0000-7000-8000-000000000000")


def uuid(kind: Kind, number: int, turn: int = 0) -> UUID:
    """The id of somebody's or some team's thing."""
    return UUID(f"{kind:08x}-{turn:04x}-7000-8000-{number:012x}")


def _kpi(turn: int) -> UUID:
    return UUID(f"00000002-{turn:04x}-7000-8000-000000000000")


def mark(number: int) -> str:
    """What stands in everything that belongs to a person, and in nothing else."""
    return f"{number:012x}"


def slack_id(number: int) -> str:
    """A person's Slack id."""
    return f"U{mark(number)}"


def prompt_ts(number: int) -> str:
    """Where a person's prompt stands in their DM."""
    return f"1763880000.{mark(number)}"


def response_url(number: int) -> str:
    """Where the press on a person's prompt may be answered."""
    return f"https://hooks.slack.com/actions/T0/1/{mark(number)}"


class Company:
    """`people` in teams of `team_size`; everybody's last plan has an open result, and today's prompt is out.

    With `filed` today's plan is there too, so that a submission is an edit; without `asked` the day has not begun.
    """

    def __init__(self, people: int, *, team_size: int = TEAM_SIZE, filed: bool = False, asked: bool = True) -> None:
        self.people = people
        self.teams = -(-people // team_size)
        self.filed = filed
        self.asked = asked

    def team(self, number: int) -> int:
        """The team of a person: neighbours are in different ones."""
        return number % self.teams

    def fill(self, url: str) -> None:
        """Write it into the migrated database at `url`."""
        engine = create_engine(sqlalchemy_url(url))
        with Session(engine) as tx, tx.begin():
            names = ("New bookings", "Renewals", "Pipeline created", "Qualified leads", "First answer")
            add(tx, OBJECTIVE)
            add(tx, FUNCTION)
            add(tx, *(kpi(name, id=_kpi(turn)) for turn, name in enumerate(names)))
            add(tx, *(terms(_kpi(turn)) for turn, _ in enumerate(names)))
            add(tx, person("Priya Raman", id=LEADER, role=Role.LEADER, slack_id="U0PRIYA"))
            self._each(tx, self.teams, self._team)
            self._each(tx, self.people, self._person)
        with engine.connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()
        engine.dispose()

    def _each(self, tx: Session, most: int, parts: Callable[[int], Iterator[Any]]) -> None:
        for start in range(0, most, AT_ONCE):
            rows: dict[type, list[Any]] = {}
            for number in range(start, min(start + AT_ONCE, most)):
                for part in parts(number):
                    rows.setdefault(part[0] if isinstance(part, tuple) else type(part), []).append(part)
            for kind, found in rows.items():
                if isinstance(found[0], tuple):
                    tx.execute(insert(kind), [columns for _, columns in found])
                else:
                    add(tx, *found)

    def _team(self, number: int) -> Iterator[Any]:
        manager, its = uuid(Kind.MANAGER, number), uuid(Kind.TEAM, number)
        yield team(f"Team {number}", id=its, manager_id=manager)
        facts = {"role": Role.MANAGER, "manager_id": LEADER, "team_id": its, "slack_id": f"U0M{number}"}
        yield person(f"Manager {number}", id=manager, **facts)
        yield huddle(its)
        card = Card(uuid(Kind.CARD, number), WORKSPACE, its, DAY, manager, 0, NOW, None, None, None)
        if self.asked:
            yield Cards, to_columns(card)

    def _person(self, number: int) -> Iterator[Any]:
        me, its = uuid(Kind.PERSON, number), uuid(Kind.TEAM, self.team(number))
        facts = {"slack_id": slack_id(number), "team_id": its, "manager_id": uuid(Kind.MANAGER, self.team(number))}
        yield person(f"Rep {number}", id=me, **facts)
        last = uuid(Kind.LAST_PLAN, number)
        yield plan(me, its, id=last, day=FRIDAY, filed_at=NOW - timedelta(days=3))
        done, still_open = "Renewals of Hafen Logistik called", "Beltrán signs the new bookings"
        yield item(last, done, id=uuid(Kind.DONE_ITEM, number), outcome=Outcome.DONE, kpi_id=_kpi(1))
        yield item(last, still_open, id=uuid(Kind.OPEN_ITEM, number), position=2, kpi_id=_kpi(0))
        if self.asked:
            yield from self._today(number, me, its)

    def _today(self, number: int, me: UUID, its: UUID) -> Iterator[Any]:
        today = uuid(Kind.PLAN, number)
        answered = {"state": PlanState.FILED, "filed_at": NOW, "revision": 1}
        waiting = {"state": PlanState.OPEN, "filed_at": None, "revision": 0}
        yield plan(me, its, id=today, **(answered if self.filed else waiting))
        if self.filed:
            for position, words in enumerate(("Beltrán signs the new bookings", "Three calls", "Slides"), 1):
                yield item(today, words, id=uuid(Kind.FILED, number, position), position=position)
        yield Recipients, {"workspace": WORKSPACE, "slack_id": slack_id(number), "dm": f"D{mark(number)}"}
        yield Outbox, sent_prompt(number)


def sent_prompt(number: int) -> dict[str, Any]:
    """The row of a prompt that is out."""
    return {
        "id": uuid(Kind.MESSAGE, number),
        "workspace": WORKSPACE,
        "key": f"plan:{uuid(Kind.PLAN, number)}",
        "kind": "post",
        "policy": "resend",
        "rank": 1,
        "recipient": slack_id(number),
        "channel": f"D{mark(number)}",
        "ts": prompt_ts(number),
        "body": {"text": "Your plan for Monday", "blocks": []},
        "plain": False,
        "state": State.SENT,
        "not_before": NOW,
        "attempt": 1,
        "looks": 0,
        "revision": 0,
    }
