"""The walk through a digest: which screens there are, and what stands on one. Every screen is read anew."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import reviews
from bot.acting import actor
from bot.payloads import Who
from bot.stoplight import loading, reading
from bot.stoplight.walk_views import Screen, Walk
from rituals import actions as agreed
from rituals import calendar
from rituals import stoplight as rules
from rituals.kpis import Colour, badness
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.policy import About, Action, require
from rituals.stoplight import Review
from storage import kpis, people, stoplight

QUIET = (Colour.GREY, Colour.SLIPPING)


def reader_of(tx: Session, who: Who) -> Person:
    """Whoever opens a digest; raises Stranger or NotAllowed."""
    reader = actor(tx, who)
    require(Action.MONTH_READ, reader, About(reader.workspace))
    return reader


def month_of_reader(tx: Session, reader: Person, now: datetime) -> Period:
    """The month that somebody means who names none: the one of their newest digest, else the one under review."""
    digest = stoplight.latest_digest(tx, reader.id)
    under = rules.month_before(calendar.local_day(now, reader.zone))
    return under if digest is None else reviews.month_of(digest.month)


def items(mine: Sequence[Review], before: Mapping[UUID, Review], ready: Mapping[UUID, bool]) -> list[str]:
    """The screens of a digest in their order: actions, triggers, reds, yellows, the rest, greens, next, close (M7)."""
    found = ["actions"]
    asking = [one for one in mine if one.colour is Colour.RED or _asks(one, before)]
    found += [f"{one.colour.value}:{one.kpi_id}" for one in rules.worst_first(asking, ready)]
    if any(one.colour in QUIET or _watched(one, before) for one in mine):
        found.append("rest")
    if any(one.colour is Colour.GREEN for one in mine):
        found.append("greens")
    return [*found, "next", "close"]


def _watched(one: Review, before: Mapping[UUID, Review]) -> bool:
    return rules.still_watched(one, before.get(one.kpi_id)) and one.answer is rules.Answered.NONE


def _asks(one: Review, before: Mapping[UUID, Review]) -> bool:
    return one.colour is Colour.YELLOW and not _watched(one, before)


def screen(tx: Session, who: Who, walk: Walk, now: datetime, step: int | None = None) -> Screen:
    """The screen at `step`, or the one that the walk was at; raises Stranger or NotAllowed."""
    reader = reader_of(tx, who)
    month = reviews.month_of(walk.month)
    mine = stoplight.reviews_in(tx, reader.workspace, month.first, list(Colour), reader.id)
    before = {
        one.kpi_id: one
        for one in stoplight.reviews_of(tx, [r.kpi_id for r in mine], month.shifted(-1).first, month.shifted(-1).first)
    }
    ready = loading.prepared(tx, [one.kpi_id for one in mine if one.colour is Colour.RED], month)
    listed = items(mine, before, dict.fromkeys(ready, True))
    at = step if step is not None else next((n for n, one in enumerate(listed) if one == walk.at), walk.n)
    at = min(max(at, 0), len(listed) - 1)
    walk = walk.model_copy(update={"at": listed[at], "n": at})
    page = Screen(walk, month, len(listed), zone=reader.zone)
    kind, _, subject = listed[at].partition(":")
    if kind in {"red", "yellow"}:
        return replace(page, one=reading.ones(tx, reader, month, [UUID(subject)], now).get(UUID(subject)))
    if kind in {"rest", "greens"}:
        quiet = [one for one in mine if one.colour in QUIET or _watched(one, before)]
        return _lines(tx, page, quiet if kind == "rest" else [one for one in mine if one.colour is Colour.GREEN])
    if kind == "close":
        return _closing(tx, page, reader, mine)
    return _actions(tx, page, reader, month.shifted(-1) if kind == "actions" else month)


def _lines(tx: Session, page: Screen, mine: Sequence[Review]) -> Screen:
    known = kpis.some(tx, [one.kpi_id for one in mine])
    stood = sorted(stoplight.readings(tx, list(known.values()), page.month).values(), key=badness)
    owners = people.some(tx, {one.kpi.owner_id for one in stood if one.kpi.owner_id})
    return replace(page, lines=stood, owners=owners)


def _actions(tx: Session, page: Screen, reader: Person, month: Period) -> Screen:
    found = [action for _, action in stoplight.actions(tx, reader.workspace, month.first, [reader.id])]
    named = people.some(tx, {who for one in found for who in (one.owner_id, one.helper_id) if who})
    names = {kpi.id: kpi.name for kpi in kpis.some(tx, {one.kpi_id for one in found if one.kpi_id}).values()}
    return replace(page, actions=agreed.by_owner(found, named), owners=named, kpis=names)


def _closing(tx: Session, page: Screen, reader: Person, mine: Sequence[Review]) -> Screen:
    digest = stoplight.digest(tx, reader.id, page.month.first)
    found = [action for _, action in stoplight.actions(tx, reader.workspace, page.month.first, [reader.id])]
    bare = rules.open_reds([one for one in mine if one.leader_id == reader.id], found)
    names = kpis.some(tx, [one.kpi_id for one in bare])
    labels = [f"{kpi.label} {kpi.name}" for kpi in names.values()]
    return replace(page, open_reds=labels, digest=digest)
