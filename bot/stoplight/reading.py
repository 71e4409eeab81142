"""Reading KPIs of a month with all that a leader must know of them; statements do not grow with their number."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from fractions import Fraction
from uuid import UUID

from sqlalchemy.orm import Session

from bot.catalogue import Mrkdwn, say
from bot.decisions import loading as memos
from bot.kpis import loading as kpi_loading
from bot.kpis.lines import in_words
from bot.stoplight import loading, planning
from bot.stoplight.one_views import One
from rituals import calendar
from rituals import stoplight as rules
from rituals.actions import Action as Agreed
from rituals.kpis import Kpi, Reading
from rituals.kpis_periods import Period, period_of
from rituals.kpis_registry import warnings
from rituals.people import Person
from rituals.policy import Action, may
from rituals.stoplight import Climb, Explanation, Review
from rituals.stoplight_cycle import Slot
from rituals.stoplight_words import Inquiry
from rituals.undo import UNDO_FOR
from storage import actions, decisions, kpis, occurrences, people, stoplight, stoplight_words


def ones(tx: Session, reader: Person, month: Period, ids: Collection[UUID], now: datetime) -> Mapping[UUID, One]:
    """These KPIs as they stood in a month, by id, for somebody who reads them; those without a review are left out."""
    known = kpis.some(tx, ids)
    before = month.shifted(-1).first
    reviewed = stoplight.reviews_of(tx, list(known), before, month.first)
    standing = {one.kpi_id: one for one in reviewed if one.month == month.first}
    last = {one.kpi_id: one for one in reviewed if one.month == before}
    stood, warned = readings(tx, reader.workspace, known, month)
    told = said(tx, known, month)
    agreed = _agreed(tx, standing.values())
    functions = {one.id: one.name for one in kpis.functions_of(tx, {kpi.function_id for kpi in known.values()})}
    about = kpi_loading.abouts(tx, known.values()) if known else {}
    often = reminded(tx, reader.workspace, month, [kpi.owner_id for kpi in known.values() if kpi.owner_id])
    asked = stoplight_words.inquiries(tx, list(known), month.first)
    climbs = stoplight.climbs(tx, [one.id for one in standing.values()])
    named = _named(tx, known.values(), standing.values(), agreed, asked, climbs)
    behind = gaps(tx, known, month)
    found = {}
    for kpi_id, review in standing.items():
        kpi, owner = known[kpi_id], known[kpi_id].owner_id
        fresh = review.answered_at is not None and now - review.answered_at <= UNDO_FOR
        found[kpi_id] = One(
            review=review,
            reading=stood[kpi_id],
            function=functions[kpi.function_id],
            owner=None if owner is None else named.get(owner),
            said=told.get(kpi_id),
            reminded=0 if owner is None else often.get(owner, 0),
            stuck=rules.stuck(behind[kpi_id]),
            before=last.get(kpi_id),
            worse=rules.worsened(review, last.get(kpi_id)),
            warned=warned.get(kpi_id, ()),
            actions=agreed.get(review.id, ()),
            climbs=[one for one in climbs if one.review_id == review.id],
            asked=[one for one in asked if one.kpi_id == kpi_id],
            people=named,
            may_answer=may(Action.MONTH_ANSWER, reader, about[kpi_id]),
            undoable=fresh and review.answered_by_id == reader.id,
        )
    return found


def readings(
    tx: Session, workspace: str, known: Mapping[UUID, Kpi], month: Period
) -> tuple[Mapping[UUID, Reading], Mapping[UUID, Sequence[Reading]]]:
    """How KPIs stood in a month, and which red leading ones each must be told of (F63)."""
    links = [link for link in kpis.links(tx, workspace) if link.lagging_id in known]
    leading = kpis.some(tx, {link.leading_id for link in links})
    stood = stoplight.readings(tx, list({**known, **leading}.values()), month)
    return stood, warnings(stood, links)


def said(tx: Session, known: Mapping[UUID, Kpi], month: Period) -> Mapping[UUID, Explanation]:
    """What owners say of these KPIs in a month, by KPI, of a long period also what was said in it before."""
    told = stoplight.explanations(tx, list(known), month.shifted(-loading.FURTHEST).first, month.last)
    newest = sorted(told, key=lambda one: one.period)
    return {one.kpi_id: one for one in newest if rules.concerns(known[one.kpi_id], one.period, month)}


def _agreed(tx: Session, reviews: Collection[Review]) -> Mapping[UUID, Sequence[Agreed]]:
    found: dict[UUID, list[Agreed]] = {}
    for one in actions.of_subjects(tx, [review.id for review in reviews]):
        found.setdefault(one.subject_id, []).append(one)
    return found


def _named(
    tx: Session,
    some: Collection[Kpi],
    reviews: Collection[Review],
    agreed: Mapping[UUID, Sequence[Agreed]],
    asked: Sequence[Inquiry],
    climbs: Sequence[Climb],
) -> Mapping[UUID, Person]:
    ids = {kpi.owner_id for kpi in some} | {one.person_id for one in climbs}
    ids |= {who for one in reviews for who in (one.answered_by_id, one.leader_id)}
    ids |= {who for one in asked for who in (one.by_id, one.to_id)}
    ids |= {who for found in agreed.values() for one in found for who in (one.owner_id, one.helper_id)}
    return people.some(tx, filter(None, ids))


def gaps(tx: Session, known: Mapping[UUID, Kpi], month: Period) -> Mapping[UUID, Sequence[Fraction | None]]:
    """How far behind each KPI was in its last three periods, newest last (F60)."""
    recorded = stoplight.on_record(tx, known, month, 3 * 12)
    return {
        kpi_id: rules.gaps(kpi, *recorded[kpi_id], period_of(kpi.cadence, month.last)) for kpi_id, kpi in known.items()
    }


def commitments(tx: Session, workspace: str, month: Period) -> list[Mrkdwn]:
    """The commitments that were changed in a month and since, a line each with before and after (F46, M13)."""
    changes = kpis.decided(tx, workspace, month.first, month.shifted(2).first)
    if not changes:
        return []
    known = kpis.some(tx, {one.kpi_id for one in changes})
    terms = {one.id: one for one in stoplight.terms_of(tx, list(known))}
    return [
        say(
            "{label} {name}: {before} → {after}",
            label=known[one.kpi_id].label,
            name=known[one.kpi_id].name,
            before=in_words(terms[one.before_id], known[one.kpi_id].unit),
            after=in_words(terms[one.after_id], known[one.kpi_id].unit),
        )
        for one in changes
    ]


def affecting(tx: Session, reader: Person, month: Period, now: datetime) -> list[Mrkdwn]:
    """What its reader may see of what affects other groups since the month began, a line each (C6, F72)."""
    first, until = month.first, month.shifted(2).first
    since, end = (datetime.combine(day, time.min, calendar.zone(reader.zone)) for day in (first, until))
    found = decisions.affecting(tx, reader.workspace, since, min(now, end), memos.readable(tx, reader, now))
    some = {one.id: one for one, _ in found}
    return [
        say(
            "{label} {title}: {names} · `/decide show {label}`",
            label=one.decision.label,
            title=one.decision.title,
            names=", ".join(one.affects),
        )
        for one in (memos.records(tx, list(some.values()), now, reader) if some else ())
    ]


def reminded(tx: Session, workspace: str, month: Period, owners: Collection[UUID]) -> Mapping[UUID, int]:
    """How often each of these people was asked for a month: on working day 1, on day 4, or both."""
    found = occurrences.known(tx, planning.ritual_of(workspace), owners, [month.first])
    often: dict[UUID, int] = {}
    for (owner, _, slot), row in found.items():
        if slot in (Slot.ASK, Slot.REMIND) and row.state == occurrences.State.OPENED:
            often[owner] = often.get(owner, 0) + 1
    return often
