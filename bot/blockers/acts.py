"""What people do to a blocker, a transaction each: load, decide, save, plan the next step, say it.

Each returns what whoever did it is told, or nothing where what they pressed on shows it already.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.blockers import cases, climbing, news
from bot.blockers.cases import Case
from bot.blockers.loading import book
from bot.blockers.news import Desk
from bot.blockers.refusals import Already, Faster
from bot.catalogue import Mrkdwn, say
from bot.errors import Stranger
from bot.ids import new_id
from bot.payloads import Who
from bot.pressed import Pressed
from rituals import blockers_life as life
from rituals import calendar
from rituals.blockers import AlreadyAcked, Blocker, BlockerState, ChangedMeanwhile, Escalation
from rituals.ladder import NobodyAbove
from rituals.people import Person
from rituals.policy import Action
from storage import audit, blockers, people, values

DELIVERED_AGAIN = timedelta(minutes=1)
"""How long Slack may take to deliver a form once more: the same words within it are the same press (F106)."""

# Ack, take, park, assign, snooze


def ack(tx: Session, blocker_id: UUID, version: int | None, pressed: Pressed, now: datetime) -> Mrkdwn | None:
    """`Ack`: somebody has it, and no step is pending (F30); raises as `case`, Faster or Already."""
    one = cases.case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    _require_unchanged(tx, one, version)
    return _had(tx, one, lambda: life.ack(one.blocker, one.by, now))


def take(tx: Session, blocker_id: UUID, version: int | None, pressed: Pressed, now: datetime) -> Mrkdwn | None:
    """`I have it`: it is theirs, whoever had it; raises as `ack`."""
    one = cases.case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    _require_unchanged(tx, one, version)
    return _had(tx, one, lambda: life.take(one.blocker, one.by, now))


def park(tx: Session, blocker_id: UUID, version: int | None, pressed: Pressed, now: datetime) -> Mrkdwn | None:
    """`Park to weekly` (D5); raises as `ack`."""
    one = cases.case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    _require_unchanged(tx, one, version)
    return _had(tx, one, lambda: life.park(one.blocker, one.by, now))


def _require_unchanged(tx: Session, one: Case, version: int | None) -> None:
    # What somebody has already is refused with who has it; only a press on an older card is told to look again.
    if version is None or one.blocker.state is not BlockerState.OPEN:
        return
    try:
        life.require_unchanged(one.blocker, version)
    except ChangedMeanwhile as refusal:
        last = [entry.act for entry in audit.of(tx, [one.blocker.id]) if entry.act.actor_id is not None][-1:]
        who = people.find(tx, last[0].actor_id) if last and last[0].actor_id is not None else None
        ago = one.now - last[0].at if last else timedelta(0)
        raise Faster(one.book.shown(one.blocker, one.by), who, ago) from refusal


def _had(tx: Session, one: Case, change: Callable[[], Blocker]) -> Mrkdwn | None:
    try:
        changed = change()
    except AlreadyAcked as refusal:
        raise Already(one.book.shown(one.blocker, one.by), one.now) from refusal
    desk, drawn = cases.keep(tx, one, changed)
    parked = changed.state is BlockerState.PARKED
    words = say(
        "{who} parked *{label}* for the weekly." if parked else "{who} has *{label}*.",
        who=one.by.given_name,
        label=changed.label,
    )
    news.tell(tx, desk, cases.others(desk, one.by), cases.event(desk, "had"), words)
    done = say("*{label}* is parked." if parked else "You have *{label}*.", label=changed.label)
    return cases.outcome(one, desk, done, drawn=drawn)


def assign(
    tx: Session, blocker_id: UUID, to_slack_id: str | None, due_on: date | None, pressed: Pressed, now: datetime
) -> Mrkdwn | None:
    """`Assign…`, `Give to…`: somebody else has it, by a date; raises as `case`, Stranger or DueInThePast."""
    one = cases.case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    to = None if to_slack_id is None else people.find_by_slack(tx, one.by.workspace, to_slack_id)
    if to is None:
        raise Stranger(Who(one.by.workspace, to_slack_id or ""))
    changed = life.assign(one.blocker, one.by, to, due_on, one.today, now)
    by = Mrkdwn("") if due_on is None else say(", by {day}", day=_echo(due_on, one.today))
    words = say("{to} has *{label}*{by}.", to=to.given_name, label=changed.label, by=by)
    if life.same(one.blocker, changed):
        return words
    desk, drawn = cases.keep(tx, one, changed)
    given = say("{who} gave you *{label}*{by}.", who=one.by.given_name, label=changed.label, by=by)
    news.tell(tx, desk, [to] if to.id != one.by.id else [], cases.event(desk, "given"), given)
    news.tell(tx, desk, cases.others(desk, one.by, to), cases.event(desk, "assigned"), words)
    return cases.outcome(one, desk, words, drawn=drawn)


def hand_on(tx: Session, blocker_id: UUID, to: Person, by: Person, now: datetime) -> None:
    """Somebody who had a blocker has left, and `to` has it now (F91); one that was closed meanwhile stays closed."""
    blocker = blockers.find(tx, blocker_id, lock=True)
    if blocker is None or not blocker.live:
        return
    changed = life.assign(blocker, by, to, None, calendar.local_day(now, by.zone), now)
    nobody = Pressed.of(Who(by.workspace, by.slack_id), None, None)
    desk, _ = cases.keep(tx, Case(blocker, by, book(tx, [blocker], now), nobody, now), changed)
    words = say("{who} gave you *{label}*.", who=by.given_name, label=changed.label)
    news.tell(tx, desk, [to] if to.id != by.id else [], cases.event(desk, "given"), words)


def _echo(day: date, today: date) -> str:
    """A date as it was understood: "Fri 12 Dec 2025 (10 days)"."""
    days = (day - today).days
    return f"{day:%a} {day.day} {day:%b %Y} ({'today' if days == 0 else f'{days} day' + 's' * (days != 1)})"


def snooze(tx: Session, blocker_id: UUID, until: date, reason: str, pressed: Pressed, now: datetime) -> Mrkdwn | None:
    """`Snooze…`, `Not now…`: until a date, for a reason (F31); raises as `case`, BadSnooze or NothingWritten."""
    one = cases.case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    changed = life.snooze(one.blocker, one.by, until, reason, one.today)
    how = {"label": changed.label, "until": _echo(until, one.today), "why": changed.snooze_reason or ""}
    done = say("*{label}* is snoozed until {until}: {why}", **how)
    if life.same(one.blocker, changed):
        return done
    desk, drawn = cases.keep(tx, one, changed)
    told = say("{who} snoozed *{label}* until {until}: {why}", who=one.by.given_name, **how)
    news.tell(tx, desk, cases.others(desk, one.by), cases.event(desk, "snoozed"), told)
    return cases.outcome(one, desk, done, drawn=drawn)


# Escalate, merge


def escalate(
    tx: Session, blocker_id: UUID, ask: str | None, worth: str | None, pressed: Pressed, now: datetime
) -> Mrkdwn | None:
    """`Escalate now…`, `Send with my ask…`: the next one up gets it with an ask, None for no words (F29, M16).

    Raises as `case`, NobodyAbove or NothingWritten.
    """
    one = cases.case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    told = one.blocker if ask is None else life.asked(one.blocker, one.by, ask, worth)
    if ask is not None and told == one.blocker and now - one.blocker.since < DELIVERED_AGAIN:
        return None
    above = one.book.lines[blocker_id].above(one.blocker.level)
    if above is None:
        raise NobodyAbove
    level, to = above
    told = replace(told, ask=told.ask if ask is not None else None, ask_by_id=one.by.id)
    changed = life.climbed(told, level, now, by_clock=False)
    desk, drawn = cases.keep(tx, one, replace(changed, version=changed.version + 1))
    values.add(tx, Escalation(new_id(), changed.workspace, changed.id, one.by.id, to.id, now))
    climbing.say_it_climbed(tx, desk, to, one.by)
    holder = one.book.lines[blocker_id].holder(one.blocker.level)
    gone = say("*{label}* went to {who}.", label=changed.label, who=to.given_name)
    if holder is not None:
        news.overtaken(tx, desk, news.warning_key(one.blocker, holder), gone)
    return None if drawn else gone


def fall_to_holder(tx: Session, blocker_id: UUID, pressed: Pressed, now: datetime) -> None:
    """Whoever must act owns it from now on, because nobody stands above them (F34); without anybody it stays.

    Raises as `case`.
    """
    one = cases.case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    holder = one.book.lines[blocker_id].holder(one.blocker.level)
    if holder is None:
        return
    changed = replace(one.blocker, owner_id=holder.id, version=one.blocker.version + 1)
    desk, _ = cases.keep(tx, one, changed)
    words = say("{who} has said *{label}* three times; it is yours now.", who=one.by.given_name, label=changed.label)
    news.tell(tx, desk, [holder], cases.event(desk, "given"), words)


def merge(tx: Session, blocker_id: UUID, other_id: UUID, pressed: Pressed, now: datetime) -> Mrkdwn | None:
    """`Merge…`: two are one, with the older clock (F35); raises as `case`, or SameBlocker."""
    # Both are held in one order before either is looked at, or two merges could wait for each other.
    blockers.locked(tx, [blocker_id, other_id])
    one = cases.case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    other = cases.case(tx, other_id, Action.BLOCKER_TRIAGE, pressed, now)
    kept, gone = life.merge(one.blocker, other.blocker, one.by, now)
    before = blockers.merged_into(tx, [gone.id])
    values.save(tx, *(replace(each, merged_into_id=kept.id) for each in before), was=before)
    desk, drawn = cases.keep(tx, one, kept, gone)
    news.redraw(tx, Desk(desk.book, gone, now), one.pressed)
    words = say("*{gone}* is the same as *{kept}* and goes on there.", gone=gone.label, kept=kept.label)
    desk = Desk(book(tx, [kept], now, also=[one.by.id]), kept, now)
    news.tell(tx, desk, cases.others(desk, one.by), cases.event(desk, "merged"), words)
    return None if drawn else words
