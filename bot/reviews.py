"""What follows from a value for the month under review: its colour there, and whose message must be drawn again.

It stands between KPIs, whose values come in by many doors, and the stoplight, which shows what became of them.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.ids import new_id
from rituals import calendar
from rituals import stoplight as rules
from rituals.kpis import Colour, Kpi, Reading, colour
from rituals.kpis_periods import Period, Span, period_of
from rituals.people import Person, Role, chain_above
from rituals.stoplight import Answered, Explanation, Review
from rituals.stoplight_greens import TurnedGreen, turned_from
from storage import directory, kpis, month_plans, people, stoplight, stoplight_greens, values


def month_of(day: date) -> Period:
    """The month that a date lies in."""
    return period_of(Span.MONTH, day)


def month_before_of(person: Person, now: datetime) -> Period:
    """The month under review on somebody's calendar."""
    return rules.month_before(calendar.local_day(now, person.zone))


def begin(tx: Session, workspace: str, month: Period) -> bool:
    """Have every active KPI reviewed for a month, one row each; False when all of them were already."""
    known = stoplight.reviewed_kpis(tx, workspace, month.first)
    missing = [kpi for kpi in kpis.active(tx, workspace).values() if kpi.id not in known]
    if not missing:
        return False
    stood = stoplight.readings(tx, missing, month, back=0)
    owing_now = owing(tx, workspace, missing)
    new = [_new(kpi, month, stood[kpi.id], owing_now) for kpi in missing if kpi.id in stood]
    last = month.shifted(-1).first
    yellow = [one.kpi_id for one in new if one.colour is Colour.YELLOW]
    before = {one.kpi_id: one for one in stoplight.reviews_of(tx, yellow, last, last)}
    stoplight.add_reviews(tx, (rules.carried(one, before.get(one.kpi_id)) for one in new))
    return True


def _new(kpi: Kpi, month: Period, reading: Reading, whose: Mapping[UUID, UUID | None]) -> Review:
    return Review(
        id=new_id(),
        workspace=kpi.workspace,
        kpi_id=kpi.id,
        month=month.first,
        colour=colour(reading),
        behind=rules.scale(reading),
        leader_id=whose[kpi.id],
        answer=Answered.NONE,
        answered_by_id=None,
        answered_at=None,
        climbed_to_id=None,
        climbed_at=None,
    )


def owing(tx: Session, workspace: str, some: Collection[Kpi]) -> Mapping[UUID, UUID | None]:
    """Which leader owes each KPI an answer, by the KPI's id."""
    functions = {one.id: one for one in kpis.functions_of(tx, {kpi.function_id for kpi in some})}
    heads = {one.head_id for one in functions.values()}
    known: dict[UUID, Person] = dict(people.some(tx, filter(None, {kpi.owner_id for kpi in some} | heads)))
    known |= people.lines_above(tx, known.values())
    leaders = directory.with_role(tx, workspace, Role.LEADER)
    found = {}
    for kpi in some:
        owner = None if kpi.owner_id is None else known.get(kpi.owner_id)
        head_id = functions[kpi.function_id].head_id
        head = None if head_id is None else known.get(head_id)
        found[kpi.id] = rules.owes(owner, chain_above(owner, known) if owner else (), head, leaders)
    return found


def filed(tx: Session, kpi: Kpi, period: date, now: datetime) -> None:
    """A value or a word came in: reviews that show it get its colour, and their readers' messages are drawn again."""
    months = _showing(kpi, period)
    known = stoplight.reviews_of(tx, [kpi.id], months[0].shifted(-1).first, months[-1].first)
    standing = [one for one in known if one.month >= months[0].first]
    for before in standing:
        stood = stoplight.readings(tx, [kpi], month_of(before.month), back=0).get(kpi.id)
        last = next((one for one in known if one.month == month_of(before.month).shifted(-1).first), None)
        after = before if stood is None else rules.reviewed(before, colour(stood), rules.scale(stood))
        if rules.is_carried(after, last):
            after = rules.carried(rules.unanswered(after), last)
        if after != before:
            values.save(tx, after, was=[before])
        if after.colour is not before.colour:
            _counted_above(tx, after, now)
    shown = {review.month: review.leader_id for review in standing}
    collected = rules.month_before(now.date())
    for month in months:
        if month == collected or month.first in shown:
            concerned = [kpi.owner_id, shown.get(month.first)]
            month_plans.mark_stale(tx, kpi.workspace, month.first, concerned, now)
    _turned(tx, kpi, Period(period, kpi.cadence), now)


def _counted_above(tx: Session, review: Review, now: datetime) -> None:
    """Another colour: the leaders above the one who owes it an answer count it in their digests, too."""
    leader = None if review.leader_id is None else people.find(tx, review.leader_id)
    if leader is not None:
        above = people.lines_above(tx, [leader])
        month_plans.mark_stale(tx, review.workspace, review.month, above, now)


def _turned(tx: Session, kpi: Kpi, period: Period, now: datetime) -> None:
    """Notice that a KPI turned green, or, before anybody heard of it, that it did not after all (F55)."""
    values_of = stoplight.filed_between(tx, [kpi.id], period.shifted(-rules.SHOWN).first, now.date())
    before = turned_from(kpi, stoplight.terms_of(tx, [kpi.id]), values_of, period, now.date())
    known = stoplight_greens.find(tx, kpi.id, period.first)
    if known is None and before is not None:
        facts = (kpi.id, period.first, before, now, None, None, None)
        values.add(tx, TurnedGreen(new_id(), kpi.workspace, *facts))
    elif known is not None and before is None and known.told_at is None:
        values.remove(tx, known)


def _showing(kpi: Kpi, period: date) -> list[Period]:
    """The months whose review shows the value of a period: the last one in it, and of long periods those after."""
    whole = Period(period, kpi.cadence)
    last = month_of(whole.last)
    following = {Span.QUARTER: 2, Span.YEAR: 11}.get(kpi.cadence, 0)
    first = month_of(whole.first) if kpi.cadence in {Span.QUARTER, Span.YEAR} else last
    count = (last.first.year - first.first.year) * 12 + last.first.month - first.first.month + following + 1
    return [first.shifted(n) for n in range(count)]


def explain(tx: Session, kpi: Kpi, period: date, said: Mapping[str, str], by: Person, now: datetime) -> None:
    """Keep what an owner says of a number that is off track; what is not in `said` stays (M8)."""
    before = stoplight.explanation(tx, kpi.id, period)
    if before is None and not any(said.values()):
        return
    blank: dict[str, Any] = dict.fromkeys(("cause", "proposal", "help", "people", "money", "time"), "")
    standing = {} if before is None else {name: getattr(before, name) for name in blank}
    told = blank | standing | {name: words.strip()[: rules.LONGEST_ANSWER] for name, words in said.items()}
    after = Explanation(
        id=new_id() if before is None else before.id,
        workspace=kpi.workspace,
        kpi_id=kpi.id,
        period=period,
        by_id=by.id,
        at=now,
        **told,
    )
    if before is None:
        values.add(tx, after)
    elif told != standing:
        values.save(tx, after, was=[before])
    filed(tx, kpi, period, now)


def missing(tx: Session, owner: Person, month: Period) -> list[tuple[Kpi, Period]]:
    """Which values of a month somebody still owes, with their periods, in order of number (F52)."""
    asked = [(kpi, rules.asked(kpi, month)) for kpi in stoplight.owned(tx, [owner.id]).get(owner.id, ())]
    wanted = [(kpi, period) for kpi, period in asked if period is not None]
    stood = stoplight.readings(tx, [kpi for kpi, _ in wanted], month, back=0)
    return [(kpi, period) for kpi, period in wanted if kpi.id not in stood or stood[kpi.id].filed is None]
