"""What the month does by the clock: ask, remind, close, report, climb; and what is stale is drawn again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from bot import reviews
from bot.ids import new_id
from bot.ritual import Opener, Skips
from bot.stoplight import celebrating, climbing, collect_views, digest_views, enclosing, firing, loading
from rituals import calendar, hours
from rituals import stoplight_cycle as cycle
from rituals.budget import Turn
from rituals.kpis_periods import Period, Span
from rituals.people import Person, Role
from rituals.stoplight_cycle import Slot
from rituals.stoplight_digest import Digest
from storage import calendars, directory, month_plans, occurrences, outbox, people, values
from storage.occurrences import Occurrence
from storage.outbox import Message, Policy, Rank

REDRAW = timedelta(seconds=2)
BATCH = 20
LATE = timedelta(minutes=10)
LEFT = "has left"


@dataclass(frozen=True, slots=True)
class Group:
    """Occurrences of one slot in one workspace and month, with the people they are for."""

    workspace: str
    month: Period
    rows: Sequence[Occurrence]
    people: Mapping[UUID, Person]


def _groups(tx: Session, due: Sequence[Occurrence]) -> Iterable[Group]:
    known = people.some(tx, {row.subject for row in due})
    ordered = sorted(due, key=lambda row: (row.workspace, row.day))
    for (workspace, day), rows in groupby(ordered, key=lambda row: (row.workspace, row.day)):
        yield Group(workspace, reviews.month_of(day), list(rows), known)


def _there(tx: Session, group: Group, now: datetime) -> tuple[list[Person], dict[UUID, str | None]]:
    """Who is here to be asked now, and why the others are not, by occurrence.

    What was missed on its day and comes up on a free one is left for their next working day, if it still counts then.
    """
    day = timedelta(days=1)
    subjects = [row.subject for row in group.rows]
    until = max(row.expires_at for row in group.rows).date()
    days_off = calendars.days_off(tx, group.workspace, subjects, now.date() - day, until + day)
    getting: list[Person] = []
    skips: dict[UUID, str | None] = {}
    for row in group.rows:
        person = group.people.get(row.subject)
        if person is None or not person.active:
            skips[row.id] = LEFT
            continue
        off = days_off.on(person, calendar.local_day(now, person.zone))
        if off is None:
            getting.append(person)
            continue
        again = cycle.again_at(person, Slot(row.slot), now, days_off)
        later = again is not None and again < row.expires_at
        skips[row.id] = None if later else off.reason
        if again is not None and later:
            occurrences.move(tx, replace(row, due_at=again))
    return getting, skips


def _late(row: Occurrence, now: datetime) -> str:
    return collect_views.sorry(now - row.due_at) if now - row.due_at >= LATE else ""


def ask(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Working day 1: ask the owners of numbers for last month's (F52), the heads of functions how it went (F64)."""
    skips: dict[UUID, str | None] = {}
    for group in _groups(tx, due):
        getting, left_out = _there(tx, group, now)
        skips |= left_out
        pages = loading.collected(tx, group.workspace, group.month, getting, now)
        messages = []
        for row in group.rows:
            page = pages.get(row.subject)
            if page is None:
                continue
            if not page.missing and not page.untold:
                skips[row.id] = "everything is filed already" if page.rows else "owns no number that is due"
                continue
            key = loading.collect_key(row.subject, row.day)
            body = collect_views.collection(page, _late(row, now))
            messages.append(ASKING.to(page.owner, key, body, row, now))
        outbox.post_many(tx, messages)
    return skips


def remind(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Working day 4: one reminder, for what is still open (F52)."""
    skips: dict[UUID, str | None] = {}
    for group in _groups(tx, due):
        getting, left_out = _there(tx, group, now)
        skips |= left_out
        pages = loading.collected(tx, group.workspace, group.month, getting, now)
        keys = {row.subject: loading.collect_key(row.subject, row.day) for row in group.rows}
        asked = outbox.standing(tx, group.workspace, keys.values())
        messages = []
        for row in group.rows:
            page = pages.get(row.subject)
            if page is None:
                continue
            if not page.missing and not page.unexplained:
                skips[row.id] = "nothing is open"
                continue
            key, body = loading.remind_key(row.subject, row.day), collect_views.reminder(page)
            if keys[row.subject] not in asked:
                # Away on day 1: this is the first that they hear of it.
                key, body = keys[row.subject], collect_views.collection(page)
            messages.append(REMINDING.to(page.owner, key, body, row, now))
        outbox.post_many(tx, messages)
    return skips


def close(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """The end of working day 5: what is missing stands as grey (M6)."""
    for group in _groups(tx, due):
        asked = [group.people[row.subject] for row in group.rows if row.subject in group.people]
        keys = {one.id: loading.collect_key(one.id, group.month.first) for one in asked}
        out = outbox.standing(tx, group.workspace, keys.values())
        pages = loading.collected(tx, group.workspace, group.month, [one for one in asked if keys[one.id] in out], now)
        for owner, page in pages.items():
            key = keys[owner]
            _redraw(tx, group.workspace, key, collect_views.collection(page), now)
    return {}


def report(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Working day 6, 08:00: each leader's digest (F56); its reds begin to climb."""
    skips: dict[UUID, str | None] = {}
    for group in _groups(tx, due):
        getting, left_out = _there(tx, group, now)
        skips |= left_out
        leaders = [one for one in getting if one.has(Role.LEADER)]
        skips |= {row.id: "is no leader" for row in group.rows if row.id not in skips and not _leads(group, row)}
        if not leaders:
            continue
        if reviews.begin(tx, group.workspace, group.month):
            everybody = directory.with_role(tx, group.workspace, Role.LEADER)
            climbing.begin(tx, group.workspace, group.month, everybody, now)
        spans = [span for span in Span if span is not Span.WEEK]
        firing.evaluate(tx, group.workspace, now.date(), now, spans)
        open_digests(tx, group.workspace, group.month, leaders, now)
        shown = loading.fronts(tx, group.workspace, group.month, leaders)
        rows = {row.subject: row for row in group.rows}
        messages = []
        for leader in leaders:
            row = rows[leader.id]
            body = digest_views.front(shown[leader.id], _late(row, now))
            messages.append(REPORTING.to(leader, loading.digest_key(leader.id, row.day), body, row, now))
        outbox.post_many(tx, messages)
        digests = [(leader, message) for leader, (message, _) in zip(leaders, messages, strict=True)]
        enclosing.enclose(tx, group.workspace, group.month, digests, now)
    return skips


def _leads(group: Group, row: Occurrence) -> bool:
    return group.people[row.subject].has(Role.LEADER)


def open_digests(tx: Session, workspace: str, month: Period, leaders: Sequence[Person], now: datetime) -> None:
    """Have each leader's month begin; one that began already goes on."""
    rows = [Digest(new_id(), workspace, month.first, leader.id, now, None, "") for leader in leaders]
    values.add_new(tx, values.TABLES[Digest], [values.to_columns(row) for row in rows])


@dataclass(frozen=True, slots=True)
class Way:
    """How a message of the month goes out."""

    policy: Policy
    turn: Turn
    rank: Rank = Rank.PROMPT

    def to(
        self, person: Person, key: str, body: Mapping[str, object], row: Occurrence, now: datetime
    ) -> tuple[Message, str]:
        """The message, for when the person's hours begin, void when its time is over."""
        at = hours.opens(person, now)
        message = Message(new_id(), person.workspace, key, self.policy, self.rank, body, at, row.expires_at, self.turn)
        return message, person.slack_id


ASKING, REMINDING = Way(Policy.RESEND, Turn.REST), Way(Policy.DROP, Turn.REMINDER)
REPORTING = Way(Policy.HOLD, Turn.PROMPT, Rank.DIGEST)


def _redraw(tx: Session, workspace: str, key: str, body: Mapping[str, object], now: datetime) -> None:
    message = Message(new_id(), workspace, loading.edit_key(key), Policy.RESEND, Rank.REPLY, body, now)
    outbox.edit(tx, message, key)


def compose(tx: Session, now: datetime) -> int:
    """Draw the messages again that no longer show the truth; return how many."""
    drawn = 0
    for workspace, day, person_id in month_plans.take_stale(tx, now - REDRAW, BATCH):
        person, month = people.find(tx, person_id), reviews.month_of(day)
        keys = [loading.collect_key(person_id, day), loading.digest_key(person_id, day)]
        out = outbox.standing(tx, workspace, keys)
        if person is None:
            continue
        if keys[0] in out:
            page = loading.collected(tx, workspace, month, [person], now)[person_id]
            _redraw(tx, workspace, keys[0], collect_views.collection(page), now)
            drawn += 1
        if keys[1] in out:
            front = loading.fronts(tx, workspace, month, [person])[person_id]
            _redraw(tx, workspace, keys[1], digest_views.front(front), now)
            climbing.begin(tx, workspace, month, [person], now)
            drawn += 1
    return drawn + celebrating.tell(tx, now)


OPENERS: Mapping[str, Opener] = {
    Slot.ASK: ask,
    Slot.REMIND: remind,
    Slot.CLOSE: close,
    Slot.DIGEST: report,
    Slot.CLIMB: climbing.climb,
}
