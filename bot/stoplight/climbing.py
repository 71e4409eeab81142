"""Reds that nobody acknowledged climb, level by level, each level once (F57, M16)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot import reviews
from bot.ids import new_id
from bot.ritual import Skips
from bot.standing import away_now
from bot.stoplight import climb_views, planning, reading
from rituals import calendar, hours
from rituals import stoplight_cycle as cycle
from rituals.due import Due
from rituals.kpis import Colour
from rituals.kpis_periods import Period
from rituals.people import Person, chain_above, first_present
from rituals.stoplight import Answered, Climb, Review
from rituals.stoplight_cycle import Slot
from storage import calendars, month_plans, outbox, people, stoplight, values
from storage.occurrences import Occurrence
from storage.outbox import Message, Policy, Rank

ANSWERED = "acknowledged in time"
NOBODY_ABOVE = "nobody is above"


def climb_key(review_id: UUID, person_id: UUID) -> str:
    """Outbox key of what the next level gets about a red."""
    return f"month-climb:{review_id}:{person_id}"


def begin(tx: Session, workspace: str, month: Period, leaders: Sequence[Person], now: datetime) -> None:
    """Have the reds that these leaders owe an answer climb two working days after their digest, read or not."""
    mine = {leader.id: leader for leader in leaders}
    reds = [one for one in stoplight.reviews_in(tx, workspace, month.first, [Colour.RED]) if one.leader_id in mine]
    waiting = [(one, mine[one.leader_id]) for one in reds if one.waits and one.leader_id is not None]
    _plan(tx, workspace, waiting, month, now)


def _plan(
    tx: Session,
    workspace: str,
    waiting: Sequence[tuple[Review, Person]],
    month: Period,
    now: datetime,
    level: int = 0,
) -> None:
    """Plan that these reds leave whoever has them; one that is planned for this level already stays as it is."""
    holders = {holder.id: holder for _, holder in waiting}
    first = month.shifted(1).first
    days_off = calendars.days_off(tx, workspace, list(holders), first, first + 2 * planning.LONGEST)
    at = {}
    for holder in holders.values():
        day = cycle.working_day(holder, month, cycle.REPORTED, days_off)
        told = None if day is None else calendar.instant(day, cycle.REPORTS_AT, holder.zone)
        at[holder.id] = cycle.climbs_at(holder, max(now, told or now), days_off)
    # No instant in the key: the day tells the level, so that a red climbs each level once.
    key = month.first + timedelta(days=level)
    dues = [
        Due(Slot.CLIMB, review.id, key, at[holder.id], at[holder.id] + planning.LONGEST, holder.zone)
        for review, holder in waiting
    ]
    planning.write(tx, workspace, dues)


def climb(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Two working days without an acknowledgement: the next level gets the red, once."""
    skips: dict[UUID, str] = {}
    found = stoplight.reviews_by_id(tx, [row.subject for row in due])
    holders = people.some(tx, {_holder(one) for one in found.values()} - {None})  # type: ignore[arg-type]
    line = people.lines_above(tx, holders.values())
    away = away_now(tx, line, now)
    for row in due:
        review = found.get(row.subject)
        holder = None if review is None else holders.get(_holder(review))  # type: ignore[arg-type]
        if review is None or holder is None or review.colour is not Colour.RED or review.answer is not Answered.NONE:
            skips[row.id] = ANSWERED
            continue
        to = first_present(chain_above(holder, line), line, away, holder.id)
        if to is None or to.id in {review.leader_id, review.climbed_to_id}:
            skips[row.id] = NOBODY_ABOVE
            continue
        _hand(tx, review, to, row, now)
    return skips


def _holder(review: Review) -> UUID | None:
    return review.climbed_to_id or review.leader_id


def _hand(tx: Session, review: Review, to: Person, row: Occurrence, now: datetime) -> None:
    month = reviews.month_of(review.month)
    climbed = replace(review, climbed_to_id=to.id, climbed_at=now)
    values.save(tx, climbed, was=[review])
    chained = Climb(new_id(), review.workspace, review.id, to.id, now)
    values.add_new(tx, values.TABLES[Climb], [values.to_columns(chained)])
    one = reading.ones(tx, to, month, [review.kpi_id], now)[review.kpi_id]
    key, body = climb_key(review.id, to.id), climb_views.climbed(one, to)
    message = Message(new_id(), review.workspace, key, Policy.HOLD, Rank.DIGEST, body, hours.opens(to, now))
    outbox.post(tx, message, to.slack_id)
    month_plans.mark_stale(tx, review.workspace, review.month, [review.leader_id, review.climbed_to_id, to.id], now)
    _plan(tx, review.workspace, [(climbed, to)], month, now, level=(row.day - review.month).days + 1)
