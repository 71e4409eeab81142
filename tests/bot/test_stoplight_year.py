"""A year of months for the demo company, through the clock's and the leaders' own transactions (F52-F60).

What was said of every month is checked over all twelve: triggers fire once a run, watched yellows come back when they
get worse, reds climb a level once, and months without a value neither count nor reset.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import stoplight as month_ritual
from bot.demo import company, history
from bot.kpis import filing
from bot.payloads import Who
from bot.scheduler import open_due
from bot.stoplight import answering
from rituals.kpis import Colour, Kpi, Terms, expected
from rituals.kpis_numbers import as_decimal
from rituals.kpis_periods import Period, Span
from rituals.people import Person
from rituals.stoplight import Answered, Review
from rituals.triggers import Firing
from storage import kpis, people, stoplight, triggers, values
from storage.database import Database
from storage.tables import Outbox
from tests import factories

START = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
JANUARY = Period(date(2026, 1, 1), Span.MONTH)
SERIES: Mapping[str, Sequence[int | None]] = {
    # Below 80 % for two months in a row: February and March (then grey, and the same run), July and (grey) September.
    "New bookings": (100, 75, 70, None, 70, 100, 75, None, 70, 65, 100, 100),
    # Yellow from January on: better, better, worse, red twice, then grey between two yellows.
    "Renewals": (88, 89, 89, 87, 70, 70, 88, None, 88, 89, 86, 100),
    "Pipeline created": (100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100),
    "Qualified leads": (100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100),
    "First answer": (None, None, None, None, None, None, None, None, None, None, None, None),
}
TAKEN_BACK = ("New bookings", 8)
"""A value that is filed and taken back: as grey as one that never came."""
DAYS = range(15)
UNACKED = frozenset({3, 5})
"""The months, from 1, whose reds nobody acknowledges: New bookings (Omar's) in March, both of May's."""


class Year:
    """The demo company, and what its leaders saw of each month."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.asked: dict[str, list[int]] = {name: [] for name in SERIES}

    async def begin(self) -> None:
        """Fill the company and agree on a trigger; the year's values are those of `SERIES`."""
        await self.database.write(history.fill, START)
        await self.database.write(self._agree)

    def _agree(self, tx: Session) -> None:
        kpi = self.kpi(tx, "New bookings")
        # The demo's own trigger is another one's story.
        values.save(tx, *(replace(one, ended_on=START.date()) for one in triggers.active(tx, company.WORKSPACE)))
        for periods in (2, 3):
            facts = {"bound": Decimal(960_000), "since": START.date(), "periods": periods}
            trigger = factories.trigger(kpi.id, self.who(tx, "Priya Raman").id, **facts)
            values.add(tx, values_of(trigger, company.WORKSPACE))

    def kpi(self, tx: Session, name: str) -> Kpi:
        return next(kpi for kpi in kpis.active(tx, company.WORKSPACE).values() if kpi.name == name)

    def who(self, tx: Session, name: str) -> Person:
        return next(one for one in people.everybody(tx, company.WORKSPACE).values() if one.name == name)

    def tick(self, tx: Session, now: datetime) -> None:
        """What the scheduler does, for the month alone."""
        while month_ritual.RITUAL.plan(tx, now):
            pass
        while open_due(tx, [month_ritual.RITUAL], now):
            pass

    def file(self, tx: Session, month: Period, number: int, now: datetime) -> None:
        """Every owner files what the series says."""
        for kpi in kpis.active(tx, company.WORKSPACE).values():
            taken_back = (kpi.name, number) == TAKEN_BACK
            percent = 70 if taken_back else SERIES[kpi.name][number - 1]
            owner = None if kpi.owner_id is None else people.find(tx, kpi.owner_id)
            if percent is None or owner is None:
                continue
            terms: Terms = kpis.terms(tx, kpi.id)[0]
            wanted = as_decimal(expected(terms, month.last)) * percent / 100
            who = Who(company.WORKSPACE, owner.slack_id)
            for value in (round(wanted, 2), *(["none"] if taken_back else [])):
                filing.set_value(tx, who, f"{kpi.label} {value} for {month.first.isoformat()}", now)

    def answer(self, tx: Session, month: Period, number: int, now: datetime) -> None:
        """Priya watches every yellow that asks, and acknowledges reds but in some months."""
        known = kpis.active(tx, company.WORKSPACE)
        for review in stoplight.reviews_in(tx, company.WORKSPACE, month.first, list(Colour)):
            if not review.waits or review.leader_id is None:
                continue
            self.asked[known[review.kpi_id].name].append(number)
            leader = people.find(tx, review.leader_id)
            assert leader is not None
            who = Who(company.WORKSPACE, leader.slack_id)
            if review.colour is Colour.YELLOW:
                answering.give(tx, who, review.kpi_id, month, Answered.WATCH, now)
            elif number not in UNACKED:
                answering.give(tx, who, review.kpi_id, month, Answered.ACK, now)

    def begun(self, tx: Session, month: Period) -> bool:
        """Whether the first digest of a month is out."""
        return bool(stoplight.reviewed_kpis(tx, company.WORKSPACE, month.first))

    async def live(self) -> None:
        """Twelve months, a tick on each day on which something may be due; answers on the day of the digest."""
        for number in range(1, 13):
            answered, month = False, JANUARY.shifted(number - 1)
            first = month.shifted(1).first
            for day in DAYS:
                now = datetime(first.year, first.month, 1 + day, 15, 30, tzinfo=UTC)
                await self.database.write(self.tick, now)
                if day == 2:
                    await self.database.write(self.file, month, number, now)
                if not answered and await self.database.read(self.begun, month):
                    await self.database.write(self.answer, month, number, now)
                    answered = True


def values_of(trigger: Any, workspace: str) -> Any:
    """The same trigger in another workspace."""
    return type(trigger)(**{name: getattr(trigger, name) for name in trigger.__slots__} | {"workspace": workspace})


def sent(tx: Session, like: str) -> list[str]:
    """The outbox keys that begin like this."""
    return list(tx.execute(select(Outbox.key).where(Outbox.key.startswith(like)).order_by(Outbox.key)).scalars())


def fetched(kind: Any) -> Callable[[Session], Any]:
    return lambda tx: values.fetch(tx, kind)


async def test_a_year_of_the_demo_company(database_url: str) -> None:
    database = Database(database_url)
    try:
        year = Year(database)
        await year.begin()
        await year.live()

        fired = [one for one in await database.read(fetched(Firing)) if one.period >= JANUARY.first]
        firings = sorted(fired, key=lambda one: one.period)
        # Two months in a row: March and September. Three, of which grey April and August are none: May and October.
        assert [(one.since.month, one.period.month) for one in firings] == [(2, 3), (2, 5), (7, 9), (7, 10)]

        # Watched in January; better in February and March; worse in April, as a red in May and June; anew in July and
        # September, since a grey month watched nothing; better in October, worse in November.
        assert year.asked["Renewals"] == [1, 4, 5, 6, 7, 9, 11]
        assert year.asked["New bookings"] == [2, 3, 5, 7, 9, 10]
        assert year.asked["First answer"] == year.asked["Pipeline created"] == []

        reviews: list[Review] = await database.read(fetched(Review))
        reviews = [one for one in reviews if one.month >= JANUARY.first]
        never = (await database.read(year.kpi, "First answer")).id
        assert {one.colour for one in reviews if one.kpi_id == never} == {Colour.GREY}
        climbed = [one for one in reviews if one.climbed_at is not None]
        # New bookings is Omar's, and nobody is above him; Renewals is Priya's and climbs to Omar in May, once, but not
        # in June, when she acknowledges it.
        assert [(one.month.month, one.behind) for one in climbed] == [(5, Decimal(30))]
        climbs = await database.read(sent, "month-climb:")
        assert len([key for key in climbs if str(climbed[0].id) in key]) == 1

        digests = [key for key in await database.read(sent, "month-digest:2026") if not key.endswith(":picture")]
        assert len(digests) == len(set(digests)) == 12 * 2
        asked = await database.read(sent, "month:2026")
        # In January four filed on Sunday the 3rd, before the first working day: of them only Lee heads no function and
        # is asked nothing.
        assert len(asked) == len(set(asked)) == 12 * 5 - 1
        reminded = await database.read(sent, "month-reminder:2026")
        assert (
            len(reminded) == 12 + 10 + 9
        )  # Wei always; Grace and Priya for what was missing or off track without words
    finally:
        await database.close()
