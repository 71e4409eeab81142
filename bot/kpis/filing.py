"""Values come in: by form, by one line, by a table. What was filed before is never overwritten."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot import reviews
from bot.acting import acting, actor
from bot.catalogue import as_read, count, say
from bot.errors import sentence
from bot.fields import Missing, OnField
from bot.ids import new_id
from bot.kpis import loading, value_forms, views
from bot.kpis.form_views import Meta
from bot.kpis.sentences import ValueChanged
from bot.kpis.value_forms import ValuePage
from bot.kpis.views import Answer
from bot.payloads import Who, as_field
from rituals.kpis import Colour, Filed, Kpi, Reading, Source, Terms, colour, terms_on
from rituals.kpis_csv import LONGEST_NOTE, BadLine, BadTable, Line, read_table
from rituals.kpis_numbers import read_number
from rituals.kpis_periods import Period, Span, as_of, asked_for, period_of, read_period
from rituals.kpis_registry import Retired
from rituals.people import Person
from rituals.policy import Action, may, require
from rituals.refusals import Refusal
from rituals.stoplight import gaps
from rituals.stoplight import stuck as not_better
from storage import kpis, people, stoplight, values

LAST = 3
"""Values that the form shows before it asks for the next."""
OFFERED = 12
"""Periods that the form offers."""
OFF_TRACK = frozenset({Colour.RED, Colour.YELLOW})
"""Colours that ask for words (M8)."""
_NEVER = datetime(1, 1, 1, tzinfo=UTC)
"""When a value that is only typed was filed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A value on its way in. `seen` is the revision that its sender saw; None where they saw none."""

    period: Period
    value: Decimal | None
    note: str | None
    source: Source
    seen: int | None = None


def keep(tx: Session, kpi: Kpi, entry: Entry, by: Person, now: datetime) -> tuple[Filed, Filed | None]:
    """Store a value as the next revision of its period; the same one again changes nothing.

    Return what stands now and what stood before, if anything did. Raises Retired, or ValueChanged when somebody filed
    another value after the sender looked.
    """
    if kpi.retired_on is not None:
        raise Retired(kpi)
    before = kpis.standing(tx, kpi.id, entry.period.first)
    filed = Filed(
        id=new_id(),
        workspace=kpi.workspace,
        kpi_id=kpi.id,
        period=entry.period.first,
        revision=1 if before is None else before.revision + 1,
        value=entry.value,
        as_of=as_of(entry.period, loading.today(by, now)),
        by_id=by.id,
        at=now,
        source=entry.source,
        note=entry.note,
    )
    if before is not None:
        told = ("value", "note", "as_of")
        if all(getattr(before, name) == getattr(filed, name) for name in told):
            return before, before
        if entry.seen is not None and before.revision != entry.seen and before.value != entry.value:
            raise ValueChanged(before, people.find(tx, before.by_id) if before.by_id else None)
    values.add(tx, filed)
    reviews.filed(tx, kpi, filed.period, now)
    return filed, before


# One line


def set_value(tx: Session, who: Who, text: str, now: datetime) -> Answer:
    """`/kpi set K-3 50 for november note fair`: store it and say back what was understood."""
    by = acting(tx, who, now)
    named, rest = loading.named(tx, who.workspace, text)
    kpi = loading.of_id(tx, who.workspace, named.id, lock=True)
    require(Action.KPI_VALUE, by, loading.about(tx, kpi))
    entry = read_entry(rest, kpi, loading.today(by, now))
    filed, before = keep(tx, kpi, entry, by, now)
    words = said_back(tx, kpi, filed, before, loading.today(by, now))
    return words, []


def read_entry(text: str, kpi: Kpi, today: date) -> Entry:
    """Value, "for" period, "note" words, in this order; "none" takes back. Raises NumberUnclear, PeriodUnclear."""
    words, note = _split(text, "note")
    number, named = _split(words, "for")
    period = asked_for(kpi.cadence, today) if named is None else read_period(named, kpi.cadence, today)
    value = None if number.lower() in {"none", "nothing"} else read_number(number, kpi.unit)
    return Entry(period, value, as_read(note or "").strip()[:LONGEST_NOTE] or None, Source.COMMAND)


def _split(text: str, word: str) -> tuple[str, str | None]:
    """What stands before and after the first `word`; None after when it is not there."""
    words = text.split(" ")
    at = next((n for n, one in enumerate(words) if one.lower() == word), None)
    return (text.strip(), None) if at is None else (" ".join(words[:at]).strip(), " ".join(words[at + 1 :]).strip())


def said_back(tx: Session, kpi: Kpi, filed: Filed, before: Filed | None, today: date) -> Any:
    """The sentence that says back what was stored."""
    reading = kpis.readings(tx, [kpi], today)[kpi.id]
    earlier = None
    if before is not None:
        earlier = before, people.find(tx, before.by_id) if before.by_id else None
    return views.saved(reading, filed, earlier)


# The form


def load_form(tx: Session, who: Who, kpi_id: UUID, meta: Meta, now: datetime, typed: str | None = None) -> ValuePage:
    """What the form of a value shows, empty or with what is typed so far; raises NotAllowed, Retired or NoSuchKpi."""
    reader = actor(tx, who)
    kpi = loading.of_id(tx, who.workspace, kpi_id)
    require(Action.KPI_VALUE, reader, loading.about(tx, kpi))
    if kpi.retired_on is not None:
        raise Retired(kpi)
    today = loading.today(reader, now)
    running = period_of(kpi.cadence, today)
    period = asked_for(kpi.cadence, today)
    if meta.period is not None:
        period = Period(date.fromisoformat(meta.period), kpi.cadence)
    standing = kpis.standing(tx, kpi.id, period.first)
    known = kpis.terms(tx, kpi.id)
    applies = terms_on(known, period.first)
    if applies is None:
        raise Retired(kpi)
    reading, complaint = _would_be(tx, kpi, period, typed, today)
    makes = reading
    if typed is None and standing is not None:
        makes = Reading(kpi, applies, standing)
    off_track = makes is not None and colour(makes) in OFF_TRACK
    return ValuePage(
        meta=meta.model_copy(
            update={"period": period.first.isoformat(), "seen": standing.revision if standing is not None else 0}
        ),
        kpi=kpi,
        terms=applies,
        period=period,
        periods=[running.shifted(-back) for back in range(OFFERED)],
        last=[one for one in kpis.recent(tx, [kpi.id], LAST) if one.period != period.first][:LAST][::-1],
        standing=standing,
        typed=reading,
        complaint=complaint,
        off_track=off_track,
        stuck=off_track and makes is not None and _stuck(tx, kpi, known, period, makes.filed),
        explained=stoplight.explanation(tx, kpi.id, period.first) if off_track else None,
    )


def _stuck(tx: Session, kpi: Kpi, known: Sequence[Terms], period: Period, filed: Filed | None) -> bool:
    """Whether this value would be the second month without improvement (F60); weeks are too short to ask."""
    if kpi.cadence is Span.WEEK or filed is None:
        return False
    before = stoplight.filed_between(tx, [kpi.id], period.shifted(-2).first, period.shifted(-1).first)
    return not_better(gaps(kpi, known, [*before, filed], period))


def _would_be(
    tx: Session, kpi: Kpi, period: Period, typed: str | None, today: date
) -> tuple[Reading | None, str | None]:
    """How the KPI would stand with what is typed, or why that can't be read."""
    if not typed:
        return None, None
    try:
        value = read_number(typed, kpi.unit)
    except Refusal as refusal:
        return None, sentence(refusal)
    reading = kpis.readings(tx, [kpi], today)[kpi.id]
    terms = terms_on(kpis.terms(tx, kpi.id), period.first) or reading.terms
    pretended = Filed(
        kpi.id, kpi.workspace, kpi.id, period.first, 1, value, as_of(period, today), None, _NEVER, Source.FORM, None
    )
    return replace(reading, terms=terms, filed=pretended), None


@dataclass(frozen=True, slots=True)
class Stored:
    """A value that a form stored: the sentence that says it back, and the form that follows, if any."""

    words: Any
    following: ValuePage | None


def submit_value(tx: Session, who: Who, meta: Meta, fields: Any, now: datetime) -> Stored:
    """The form of a value was sent: store it and what explains it; raises OnField and others.

    Words are asked for once more where the form was sent before it could ask for them; then the month's next KPI comes.
    """
    by = acting(tx, who, now)
    kpi = loading.of_id(tx, who.workspace, meta.id, lock=True)
    require(Action.KPI_VALUE, by, loading.about(tx, kpi))
    today = loading.today(by, now)
    typed = as_field(fields, "value") or ""
    try:
        period = read_period(as_field(fields, "period") or "", kpi.cadence, today)
    except Refusal as refusal:
        raise OnField("period", refusal) from refusal
    if not typed.strip():
        raise OnField("value", Missing())
    note = (as_field(fields, "note") or "").strip()[:LONGEST_NOTE] or None
    try:
        seen = meta.seen if meta.period == period.first.isoformat() else None
        entry = Entry(period, read_number(typed, kpi.unit), note, Source.FORM, seen)
        filed, before = keep(tx, kpi, entry, by, now)
    except Refusal as refusal:
        raise OnField("value", refusal) from refusal
    said = _explained(fields)
    reviews.explain(tx, kpi, period.first, said, by, now)
    words = said_back(tx, kpi, filed, before, today)
    chosen = meta.model_copy(update={"period": period.first.isoformat()})
    page = load_form(tx, who, kpi.id, chosen, now)
    if page.off_track and not said:
        return Stored(words, replace(page, saved=True))
    return Stored(words, _next(tx, who, by, meta, now))


def _explained(fields: Any) -> dict[str, str]:
    """What the form says of a number that is off track; nothing when it did not ask."""
    names = {block.split(":")[0] for block in fields} & {*value_forms.EXPLAINED, *value_forms.MEANS}
    return {name: as_field(fields, name) or "" for name in names}


def _next(tx: Session, who: Who, owner: Person, meta: Meta, now: datetime) -> ValuePage | None:
    """`Enter all`: the form of the next KPI whose value of a month is missing."""
    if meta.onward is None:
        return None
    month = reviews.month_of(date.fromisoformat(meta.onward))
    wanted = next(iter(reviews.missing(tx, owner, month)), None)
    if wanted is None:
        return None
    kpi, period = wanted
    onward = meta.model_copy(update={"id": kpi.id, "period": period.first.isoformat()})
    return load_form(tx, who, kpi.id, onward, now)


# A table


def preview(tx: Session, who: Who, meta: Meta, text: str, now: datetime) -> Any:
    """The form again with what its lines would store; raises BadTable with every line that can't be stored."""
    reader = actor(tx, who)
    lines = readable(tx, reader, text, now)
    rows = [(line, kpis.standing(tx, line.kpi.id, line.period.first)) for line in lines]
    return value_forms.import_form(meta.model_copy(update={"previewed": digest(text)}), text, rows)


def digest(text: str) -> str:
    """What tells whether the lines sent are those that were shown."""
    return sha256(text.encode()).hexdigest()


def readable(tx: Session, by: Person, text: str, now: datetime) -> Sequence[Line]:
    """The lines of a table, all of which `by` may file; raises BadTable."""
    active = kpis.active(tx, by.workspace)
    lines = read_table(text, {kpi.number: kpi for kpi in active.values()}, loading.today(by, now))
    about = loading.abouts(tx, list({line.kpi.id: line.kpi for line in lines}.values()))
    foreign = [
        BadLine(line.line, "not yours", line.kpi.label)
        for line in lines
        if not may(Action.KPI_VALUE, by, about[line.kpi.id])
    ]
    if foreign:
        raise BadTable(foreign)
    return lines


def store_table(tx: Session, who: Who, text: str, now: datetime) -> Any:
    """Store every line, or none; the same table again changes nothing. Raises BadTable."""
    by = acting(tx, who, now)
    lines = readable(tx, by, text, now)
    # In one order for everybody: two tables at once must not wait for each other.
    for line in sorted(lines, key=lambda line: line.kpi.id):
        kpi = loading.of_id(tx, who.workspace, line.kpi.id, lock=True)
        keep(tx, kpi, Entry(line.period, line.value, line.note, Source.CSV), by, now)
    stored = count(len(lines), "value")
    return say("Stored {stored}. `/kpi` shows how they stand.", stored=stored)
