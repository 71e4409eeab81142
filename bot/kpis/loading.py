"""Reading what the views of KPIs show, and who stands how to a KPI. Statements do not grow with the number of rows."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import grammar
from bot.kpis.sentences import NoSuchKpi
from rituals import calendar
from rituals.kpis import Function, Kpi, Reading
from rituals.kpis_registry import warnings
from rituals.people import Person, chain_above
from rituals.policy import About
from storage import kpis, people


def today(person: Person, now: datetime) -> date:
    """The date on a person's own calendar."""
    return calendar.local_day(now, person.zone)


def named(tx: Session, workspace: str, text: str) -> tuple[Kpi, str]:
    """The KPI at the front of the text, as K-3 or 3, and the rest; raises NoSuchKpi."""
    read = grammar.ident(text, kpis.LETTER)
    kpi = None if read is None else kpis.numbered(tx, workspace, read[0])
    if read is None or kpi is None:
        raise NoSuchKpi(next(iter(text.split(maxsplit=1)), ""))
    return kpi, read[1].strip()


def of_id(tx: Session, workspace: str, kpi_id: UUID, *, lock: bool = False) -> Kpi:
    """A KPI of this workspace by its id; raises NoSuchKpi."""
    kpi = kpis.find(tx, kpi_id, lock=lock)
    if kpi is None or kpi.workspace != workspace:
        raise NoSuchKpi("")
    return kpi


def about(tx: Session, kpi: Kpi) -> About:
    """A KPI as the policy sees it: its owner, those above them, and the head of its function."""
    return abouts(tx, [kpi])[kpi.id]


def abouts(tx: Session, some: Collection[Kpi]) -> Mapping[UUID, About]:
    """The same for many, with a number of statements that does not grow with them."""
    functions = {function.id: function for function in kpis.functions_of(tx, {kpi.function_id for kpi in some})}
    heads = {function.head_id for function in functions.values()}
    known = dict(people.some(tx, filter(None, {kpi.owner_id for kpi in some} | heads)))
    known |= people.lines_above(tx, known.values())
    return {kpi.id: _about(kpi, functions[kpi.function_id], known) for kpi in some}


def _about(kpi: Kpi, function: Function, known: Mapping[UUID, Person]) -> About:
    owner = None if kpi.owner_id is None else known.get(kpi.owner_id)
    head = None if function.head_id is None else known.get(function.head_id)
    above = () if owner is None else tuple(chain_above(owner, known))
    return About(kpi.workspace, owner, above, head)


def readings(
    tx: Session, workspace: str, some: Collection[Kpi], day: date
) -> tuple[Mapping[UUID, Reading], Mapping[UUID, Collection[Reading]]]:
    """How KPIs stand, and which red leading ones each must be told of (F63)."""
    ids = {kpi.id for kpi in some}
    links = [link for link in kpis.links(tx, workspace) if link.lagging_id in ids]
    leading = kpis.some(tx, {link.leading_id for link in links})
    standing = kpis.readings(tx, list({**{kpi.id: kpi for kpi in some}, **leading}.values()), day)
    shown = {kpi.id: standing[kpi.id] for kpi in some if kpi.id in standing}
    return shown, warnings(standing, links)
