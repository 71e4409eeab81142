"""The demo company's objectives, functions and KPIs with a year of values, who has a share, and what leads to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.demo import company
from bot.ids import new_id
from rituals import calendar
from rituals.kpis import (
    Bands,
    Direction,
    Filed,
    Function,
    Kpi,
    Link,
    Objective,
    Pace,
    Paid,
    Share,
    Source,
    Terms,
    expected,
)
from rituals.kpis_numbers import as_decimal
from rituals.kpis_periods import Period, Span, period_of
from rituals.people import Person
from storage.tables import Counters
from storage.values import add

WIN, KEEP, OPEN = "Win new customers", "Keep the ones we have", "Open Iberia"
SALES, SUCCESS, LEADS = "Sales", "Customer Success", "Business Development"
HEADS = {SALES: "Priya Raman", SUCCESS: "Grace Kim", LEADS: "Sam Ortiz"}
FILED_AT = time(10, 20)
FRIDAY = 5
DAY_OF_FILING = 2
"""Which working day of the next month, from 0."""


@dataclass(frozen=True, slots=True)
class Number:
    """A KPI of the demo; `reached` are the last months' values as percent of what was expected, the newest last."""

    objective: str
    function: str
    owner: str
    unit: str
    direction: Direction
    target: str
    reached: str
    definition: str
    team: str | None = None
    pace: Pace = Pace.NONE
    goal: Span = Span.MONTH


NUMBERS = {
    "New bookings": Number(
        WIN,
        SALES,
        "Priya Raman",
        "EUR",
        Direction.HIGHER,
        "1200000",
        "96 101 104 99 97 103 101 98 94 92 90 87.5",
        "Signed order forms of the month, first year only, without renewals.",
    ),
    "Renewals": Number(
        KEEP,
        SUCCESS,
        "Grace Kim",
        "%",
        Direction.HIGHER,
        "95",
        "100 101 100 99 98 97 96 95 93 91 88 86",
        "Contract value renewed, of what was up for renewal in the month.",
    ),
    "Pipeline created": Number(
        WIN,
        SALES,
        "Lee Carter",
        "EUR",
        Direction.HIGHER,
        "3000000",
        "88 91 90 94 96 95 99 101 98 102 103 104",
        "Value of opportunities that had their first meeting in the month.",
    ),
    "Qualified leads": Number(
        WIN,
        LEADS,
        "Sam Ortiz",
        "leads",
        Direction.HIGHER,
        "100",
        "104 101 99 100 97 95 96 92 90 88 82 75",
        "Leads of the quarter so far with a named budget and a named date.",
        pace=Pace.LINEAR,
        goal=Span.QUARTER,
    ),
    "First answer": Number(
        KEEP,
        SUCCESS,
        "Wei Chen",
        "hours",
        Direction.LOWER,
        "8",
        "120 118 115 110 112 108 104 101 99 102 104 105",
        "Median working hours from a customer's question to our first answer.",
    ),
}
"""By name, in the order of their numbers."""

LINKS = (
    ("Qualified leads", "Pipeline created"),
    ("Pipeline created", "New bookings"),
    ("First answer", "Renewals"),
)
SHARES = (
    ("New bookings", "Ana Torres", 20, Paid.YES),
    ("New bookings", "Ella Grant", 20, Paid.YES),
    ("New bookings", "Jonas Lind", 20, Paid.YES),
    ("New bookings", "Ravi Shah", 15, Paid.YES),
    ("New bookings", "Diego Luna", 15, Paid.YES),
    ("New bookings", "Aisha Rahman", 10, Paid.YES),
    ("Renewals", "Mia Keller", 40, Paid.NO),
    ("Renewals", "Grace Kim", 60, Paid.YES),
    ("Qualified leads", "Tom Becker", 50, Paid.YES),
    ("Qualified leads", "Sam Ortiz", 50, Paid.OPPOSITE),
    ("Pipeline created", "Dana Weiss", 50, Paid.YES),
    ("Pipeline created", "Lee Carter", 50, Paid.YES),
)


def fill(tx: Session, people: Mapping[str, Person], start: datetime) -> Mapping[str, Kpi]:
    """Write all of it as it stands at `start`; return the KPIs by name."""
    workspace = company.WORKSPACE
    objectives = {name: Objective(new_id(), workspace, name, None) for name in (WIN, KEEP, OPEN)}
    functions = {name: Function(new_id(), workspace, name, people[head].id, None) for name, head in HEADS.items()}
    add(tx, *objectives.values())
    add(tx, *functions.values())
    kpis = {
        name: Kpi(
            id=new_id(),
            workspace=workspace,
            number=number,
            objective_id=objectives[facts.objective].id,
            function_id=functions[facts.function].id,
            team_id=None,
            owner_id=people[facts.owner].id,
            name=name,
            unit=facts.unit,
            cadence=Span.MONTH,
            definition=facts.definition,
            retired_on=None,
        )
        for number, (name, facts) in enumerate(NUMBERS.items(), 1)
    }
    add(tx, *kpis.values())
    today = calendar.local_day(start, company.BERLIN)
    terms = {name: _terms(kpis[name], facts, today) for name, facts in NUMBERS.items()}
    add(tx, *terms.values())
    add(tx, *(filed for name, kpi in kpis.items() for filed in _values(kpi, terms[name], NUMBERS[name], today)))
    add(tx, *(Link(new_id(), workspace, kpis[one].id, kpis[other].id) for one, other in LINKS))
    add(tx, *(_share(kpis[name].id, people[who].id, percent, paid) for name, who, percent, paid in SHARES))
    tx.execute(insert(Counters).values(workspace=workspace, letter="K", last=len(kpis)))
    return kpis


def _terms(kpi: Kpi, facts: Number, today: date) -> Terms:
    return Terms(
        id=new_id(),
        workspace=kpi.workspace,
        kpi_id=kpi.id,
        version=1,
        effective_from=period_of(Span.YEAR, today).shifted(-1).first,
        target=Decimal(facts.target),
        direction=facts.direction,
        bands=Bands.PERCENT,
        yellow_from=Decimal(10),
        yellow_until=Decimal(15),
        pace=facts.pace,
        goal=facts.goal,
        profile="",
    )


def _values(kpi: Kpi, terms: Terms, facts: Number, today: date) -> Iterator[Filed]:
    reached = facts.reached.split()
    newest = period_of(Span.MONTH, today).shifted(-1)
    for back, percent in enumerate(reversed(reached)):
        month = newest.shifted(-back)
        wanted = as_decimal(expected(terms, month.last)) * Decimal(percent) / 100
        yield Filed(
            id=new_id(),
            workspace=kpi.workspace,
            kpi_id=kpi.id,
            period=month.first,
            revision=1,
            value=round(wanted, 1 if wanted < 1000 else -3),  # noqa: PLR2004 - thousands for what is money
            as_of=month.last,
            by_id=kpi.owner_id,
            at=_filed_at(month),
            source=Source.FORM,
            note=None,
        )


def _filed_at(month: Period) -> datetime:
    first = month.shifted(1).first
    week = calendar.days_between(first, first.replace(day=7))
    day = [one for one in week if one.isoweekday() <= FRIDAY][DAY_OF_FILING]
    return calendar.instant(day, FILED_AT, company.BERLIN) or datetime.combine(day, FILED_AT, UTC)


def _share(kpi_id: UUID, person_id: UUID, percent: int, paid: Paid) -> Share:
    return Share(new_id(), company.WORKSPACE, kpi_id, person_id, Decimal(percent), paid, None)
