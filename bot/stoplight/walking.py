"""The walk through a digest: which screens there are, and what stands on one. Every screen is read anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from sqlalchemy.orm import Session

from bot import reviews
from bot.acting import actor
from bot.decisions import loading as memos
from bot.payloads import Who
from bot.stoplight import firing, loading, reading, thanking
from bot.stoplight.one_views import Walk
from bot.stoplight.walk_views import MOST_LINES, Screen
from rituals import actions as agreed
from rituals import calendar
from rituals import stoplight as rules
from rituals import stoplight_digest as digests
from rituals.actions import Action as Agreed
from rituals.blockers import Blocker
from rituals.decisions import Decision
from rituals.kpis import Colour, Kpi, badness
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.policy import About, Action, require
from rituals.stoplight import Review
from rituals.stoplight_words import Win
from storage import blockers, decisions, kpi_uses, kpis, people, stoplight, stoplight_words

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


@dataclass(frozen=True, slots=True)
class Month:
    """What the screens of one leader's month share, read once."""

    reader: Person
    mine: Sequence[Review]
    before: Mapping[UUID, Review]
    won: Sequence[tuple[Person, Win]]
    early: Sequence[tuple[Person, Sequence[Blocker]]]
    words: Screen
    memos: Screen
    last: Sequence[Agreed]
    agreed: Sequence[Agreed]


def items(shared: Month, ready: Mapping[UUID, bool], fired: Sequence[UUID]) -> list[str]:
    """The screens of a digest in their order: actions, triggers, reds, yellows, the rest, greens, next, close (M7)."""
    mine, before = shared.mine, shared.before
    found = [*_paged("actions", shared.last), *(f"trigger:{one}" for one in fired)]
    asking = [one for one in mine if one.colour is Colour.RED or _asks(one, before)]
    found += [f"{one.colour.value}:{one.kpi_id}" for one in rules.worst_first(asking, ready)]
    if any(one.colour in QUIET or _watched(one, before) for one in mine):
        found.append("rest")
    if shared.won or shared.early or any(one.colour is Colour.GREEN for one in mine):
        found.append("greens")
    owed = shared.memos.to_read or shared.memos.unread
    told = shared.words.narratives or shared.words.changes or shared.words.affecting or shared.words.idle
    words = ["words"] if told else []
    return [*found, *words, *_paged("next", shared.agreed), *(["memos"] if owed else []), "close"]


def _paged(kind: str, rows: Sequence[Agreed]) -> list[str]:
    """The screens that these rows take, one at least: "next", "next:1", "next:2"."""
    return [kind, *(f"{kind}:{n}" for n in range(1, -(-len(rows) // MOST_LINES)))]


def _watched(one: Review, before: Mapping[UUID, Review]) -> bool:
    return one.colour is Colour.YELLOW and rules.is_carried(one, before.get(one.kpi_id))


def _asks(one: Review, before: Mapping[UUID, Review]) -> bool:
    return one.colour is Colour.YELLOW and not _watched(one, before)


def screen(tx: Session, who: Who, walk: Walk, now: datetime, step: int | None = None) -> Screen:
    """The screen at `step`, or the one that the walk was at; raises Stranger or NotAllowed."""
    reader = reader_of(tx, who)
    month = reviews.month_of(walk.month)
    mine = stoplight.reviews_in(tx, reader.workspace, month.first, list(Colour), reader.id)
    last = month.shifted(-1).first
    before = {one.kpi_id: one for one in stoplight.reviews_of(tx, [r.kpi_id for r in mine], last, last)}
    ready = loading.prepared(tx, [one.kpi_id for one in mine if one.colour is Colour.RED], month)
    words = _words(tx, Screen(walk, month, 0, zone=reader.zone), reader, now)
    words = replace(words, idle=_idle(tx, mine, month))
    owed = _memos(tx, Screen(walk, month, 0), reader, now)
    agreed = [_agreed(tx, reader, one) for one in (month.shifted(-1), month)]
    shared = Month(reader, mine, before, _wins(tx, reader, month), _early(tx, reader, month), words, owed, *agreed)
    fired = [one.id for _, one in firing.open_for(tx, reader.workspace, month, [reader.id])]
    listed = items(shared, dict.fromkeys(ready, True), fired)
    at = step if step is not None else next((n for n, one in enumerate(listed) if one == walk.at), walk.n)
    at = min(max(at, 0), len(listed) - 1)
    walk = walk.model_copy(update={"at": listed[at], "n": at})
    return _filled(tx, shared, Screen(walk, month, len(listed), zone=reader.zone), now)


def _filled(tx: Session, shared: Month, page: Screen, now: datetime) -> Screen:
    """The screen with what its kind shows."""
    kind, _, subject = page.walk.at.partition(":")
    reader, mine = shared.reader, shared.mine
    match kind:
        case "trigger":
            page = replace(page, fired=firing.fired(tx, reader, UUID(subject), now))
        case "red" | "yellow":
            found = reading.ones(tx, reader, page.month, [UUID(subject)], now)
            page = replace(page, one=found.get(UUID(subject)))
        case "rest":
            quiet = [one for one in mine if one.colour in QUIET or _watched(one, shared.before)]
            page = _lines(tx, page, reader, quiet)
        case "greens":
            green = [one for one in mine if one.colour is Colour.GREEN]
            page = replace(_greens(tx, page, reader, green), wins=shared.won, early=shared.early)
        case "words":
            words = shared.words
            page = replace(words, walk=page.walk, of=page.of)
        case "memos":
            page = replace(page, to_read=shared.memos.to_read, unread=shared.memos.unread)
        case "close":
            page = _closing(tx, page, shared)
        case _:
            page = _actions(tx, page, shared.last if kind == "actions" else shared.agreed, int(subject or 0))
    return page


def _lines(tx: Session, page: Screen, reader: Person, mine: Sequence[Review]) -> Screen:
    known = kpis.some(tx, [one.kpi_id for one in mine])
    found, warned = reading.readings(tx, reader.workspace, known, page.month)
    stood = sorted((found[one] for one in known if one in found), key=badness)
    owners = people.some(tx, {one.kpi.owner_id for one in stood if one.kpi.owner_id})
    return replace(page, lines=stood, owners=owners, warned=warned)


def _greens(tx: Session, page: Screen, reader: Person, mine: Sequence[Review]) -> Screen:
    shown = _lines(tx, page, reader, mine)
    thankable = any(one.answer is rules.Answered.NONE for one in mine)
    green_for = thanking.streaks(tx, [one.kpi_id for one in mine], page.month)
    return replace(shown, thankable=thankable, green_for=green_for)


def _wins(tx: Session, reader: Person, month: Period) -> list[tuple[Person, Win]]:
    """The wins of a month of whoever may be named (F134)."""
    found = stoplight_words.wins(tx, reader.workspace, month.first, month.last)
    known = people.some(tx, {one.person_id for one in found}) if found else {}
    silent = stoplight_words.unnamed(tx, list(known)) if found else set()
    return [(known[one.person_id], one) for one in found if one.person_id not in silent]


def _early(tx: Session, reader: Person, month: Period) -> list[tuple[Person, list[Blocker]]]:
    """Who took which blockers up in a month before the clock did, of those who may be named (M16)."""
    since, until = (datetime.combine(one.first, time(), UTC) for one in (month, month.shifted(1)))
    by: dict[UUID, dict[UUID, Blocker]] = {}
    for blocker, one in blockers.escalated(tx, reader.workspace, since, until):
        by.setdefault(one.by_id, {})[blocker.id] = blocker
    known = people.some(tx, list(by)) if by else {}
    silent = stoplight_words.unnamed(tx, list(by)) if by else set()
    named = sorted((one for one in known.values() if one.id not in silent), key=lambda one: one.name)
    return [(one, list(by[one.id].values())) for one in named]


def _words(tx: Session, page: Screen, reader: Person, now: datetime) -> Screen:
    """What the heads say; which commitments changed and what was decided that affects others since the month began.

    M12, M13, F72.
    """
    said = stoplight_words.narratives(tx, reader.workspace, page.month.first)
    names = {one.id: one.name for one in kpis.functions_of(tx, {one.function_id for one in said})} if said else {}
    told = [(names.get(one.function_id, ""), one) for one in said]
    changes = reading.commitments(tx, reader.workspace, page.month)
    return replace(page, narratives=told, changes=changes, affecting=reading.affecting(tx, reader, page.month, now))


def _idle(tx: Session, mine: Sequence[Review], month: Period) -> list[tuple[Kpi, Person | None]]:
    """The numbers that nothing came of in a quarter through which they were reviewed, with their owners (M14)."""
    without = kpi_uses.idle(tx, [one.kpi_id for one in mine], month)
    since = month.shifted(-2).first
    old = {one.kpi_id for one in stoplight.reviews_of(tx, without, since, since)} if without else set()
    known = kpis.some(tx, old)
    owners = people.some(tx, {kpi.owner_id for kpi in known.values() if kpi.owner_id})
    rows = sorted(known.values(), key=lambda kpi: kpi.number)
    return [(kpi, owners.get(kpi.owner_id) if kpi.owner_id else None) for kpi in rows]


def _memos(tx: Session, page: Screen, reader: Person, now: datetime) -> Screen:
    """The memos that its reader owes an answer, oldest first, and those of others whose day is past (F73)."""
    found = decisions.owed_readings(tx, reader.workspace, memos.readable(tx, reader, now))
    known = people.some(tx, {one.person_id for _, one in found}) if found else {}
    late: dict[UUID, tuple[Decision, list[Person]]] = {}
    for decision, one in found:
        person = known[one.person_id]
        if person.id != reader.id and person.active and one.overdue(memos.today(person, now)):
            late.setdefault(decision.id, (decision, []))[1].append(person)
    to_read = [decision for decision, one in found if one.person_id == reader.id]
    return replace(page, to_read=to_read, unread=list(late.values()))


def _agreed(tx: Session, reader: Person, month: Period) -> list[Agreed]:
    return [action for _, action in stoplight.actions(tx, reader.workspace, month, [reader.id])]


def _actions(tx: Session, page: Screen, found: Sequence[Agreed], part: int) -> Screen:
    """One screen of what was agreed, by owner."""
    named = people.some(tx, {who for one in found for who in (one.owner_id, one.helper_id) if who})
    names = {kpi.id: kpi.name for kpi in kpis.some(tx, {one.kpi_id for one in found if one.kpi_id}).values()}
    rows = [(person, one) for person, theirs in agreed.by_owner(found, named) for one in theirs]
    shown = groupby(rows[part * MOST_LINES : (part + 1) * MOST_LINES], key=itemgetter(0))
    by_owner = [(person, [one for _, one in theirs]) for person, theirs in shown]
    return replace(page, actions=by_owner, owners=named, kpis=names)


def _closing(tx: Session, page: Screen, shared: Month) -> Screen:
    digest = stoplight.digest(tx, shared.reader.id, page.month.first)
    bare = digests.open_reds([one for one in shared.mine if one.leader_id == shared.reader.id], shared.agreed)
    names = kpis.some(tx, [one.kpi_id for one in bare])
    labels = [f"{kpi.label} {kpi.name}" for kpi in names.values()]
    return replace(page, open_reds=labels, digest=digest, changes=shared.words.changes)
