"""What people do to a blocker, a transaction each: load, decide, save, plan the next step, say it.

Each returns what whoever did it is told, or nothing where what they pressed on shows it already.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.blockers import climbing, news, views
from bot.blockers.loading import Book, book
from bot.blockers.news import Desk
from bot.blockers.refusals import Already
from bot.catalogue import Mrkdwn, escape, say
from bot.errors import Gone, Stranger
from bot.ids import same_id
from bot.payloads import Who
from bot.pressed import Pressed
from rituals import blockers as rules
from rituals import calendar
from rituals.blockers import AlreadyAcked, Blocker, BlockerState, Said, Update
from rituals.ladder import NobodyAbove
from rituals.people import Person
from rituals.policy import Action, about, require
from rituals.undo import NothingToUndo, require_undoable
from storage import audit, blockers, people, values


@dataclass(frozen=True, slots=True)
class Case:
    """A live blocker, held, with who acts on it."""

    blocker: Blocker
    by: Person
    book: Book
    pressed: Pressed
    now: datetime

    @property
    def today(self) -> date:
        """The date on the actor's own calendar."""
        return calendar.local_day(self.now, self.by.zone)


def case(tx: Session, blocker_id: UUID, action: Action, pressed: Pressed, now: datetime) -> Case:
    """A live blocker that whoever pressed may act on; raises Stranger, Gone, NotAllowed or Already."""
    by = acting(tx, pressed.who, now)
    blocker = _found(blockers.find(tx, blocker_id, lock=True), by)
    shelf = book(tx, [blocker], now, also=[by.id])
    require(action, by, shelf.about(blocker))
    if not blocker.live:
        raise Already(shelf.shown(blocker, by), now)
    return Case(blocker, by, shelf, pressed, now)


def look(tx: Session, blocker_id: UUID, action: Action, who: Who, now: datetime) -> Case:
    """The same for whoever only looks, at a form for one."""
    by = actor(tx, who)
    blocker = _found(blockers.find(tx, blocker_id), by)
    shelf = book(tx, [blocker], now, also=[by.id])
    require(action, by, shelf.about(blocker))
    if not blocker.live and action is not Action.BLOCKER_READ:
        raise Already(shelf.shown(blocker, by), now)
    return Case(blocker, by, shelf, Pressed.of(who, None, None), now)


def _found(blocker: Blocker | None, by: Person) -> Blocker:
    if blocker is None or blocker.workspace != by.workspace:
        raise Gone
    return blocker


def keep(tx: Session, one: Case, *changed: Blocker) -> tuple[Desk, bool]:
    """Write what became of a blocker, plan its next step, and have everything show it."""
    values.save(tx, *changed)
    climbing.place(tx, changed, one.now)
    also = {one.by.id} | {b.owner_id for b in changed if b.owner_id is not None}
    desk = Desk(book(tx, changed, one.now, also=also), changed[0], one.now)
    return desk, news.redraw(tx, desk, one.pressed)


def _others(desk: Desk, by: Person, *but: Person) -> list[Person]:
    """Everybody involved but whoever acts."""
    left_out = {by.id, *(person.id for person in but)}
    return [person for person in desk.book.involved(desk.blocker) if person.id not in left_out]


def _event(desk: Desk, what: str) -> str:
    return f"{what}:{desk.blocker.id}:{desk.blocker.version}"


def _outcome(one: Case, desk: Desk, words: Mrkdwn, *, drawn: bool) -> Mrkdwn | None:
    if drawn:
        return None
    following = views.what_next(desk.book.shown(desk.blocker, one.by))
    return words if following is None else say("{words} {following}", words=words, following=following)


# Ack, take, park, assign, snooze


def ack(tx: Session, blocker_id: UUID, version: int | None, pressed: Pressed, now: datetime) -> Mrkdwn | None:
    """`Ack`: somebody has it, and no step is pending (F30); raises as `case`, ChangedMeanwhile or Already."""
    one = case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    _require_unchanged(one, version)
    return _had(tx, one, lambda: rules.ack(one.blocker, one.by, now))


def take(tx: Session, blocker_id: UUID, version: int | None, pressed: Pressed, now: datetime) -> Mrkdwn | None:
    """`I have it`: it is theirs, whoever had it; raises as `ack`."""
    one = case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    _require_unchanged(one, version)
    return _had(tx, one, lambda: rules.take(one.blocker, one.by, now))


def park(tx: Session, blocker_id: UUID, version: int | None, pressed: Pressed, now: datetime) -> Mrkdwn | None:
    """`Park to weekly` (D5); raises as `ack`."""
    one = case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    _require_unchanged(one, version)
    return _had(tx, one, lambda: rules.park(one.blocker, one.by, now))


def _require_unchanged(one: Case, version: int | None) -> None:
    # What somebody has already is refused with who has it; only a press on an older card is told to look again.
    if version is not None and one.blocker.state is BlockerState.OPEN:
        rules.require_unchanged(one.blocker, version)


def _had(tx: Session, one: Case, change: Callable[[], Blocker]) -> Mrkdwn | None:
    try:
        changed = change()
    except AlreadyAcked as refusal:
        raise Already(one.book.shown(one.blocker, one.by), one.now) from refusal
    desk, drawn = keep(tx, one, changed)
    parked = changed.state is BlockerState.PARKED
    words = say(
        "{who} parked *{label}* for the weekly." if parked else "{who} has *{label}*.",
        who=one.by.given_name,
        label=changed.label,
    )
    news.tell(tx, desk, _others(desk, one.by), _event(desk, "had"), words)
    done = say("*{label}* is parked." if parked else "You have *{label}*.", label=changed.label)
    return _outcome(one, desk, done, drawn=drawn)


def assign(
    tx: Session, blocker_id: UUID, to_slack_id: str | None, due_on: date | None, pressed: Pressed, now: datetime
) -> Mrkdwn | None:
    """`Assign…`, `Give to…`: somebody else has it, by a date; raises as `case`, Stranger or DueInThePast."""
    one = case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    to = None if to_slack_id is None else people.find_by_slack(tx, one.by.workspace, to_slack_id)
    if to is None:
        raise Stranger(Who(one.by.workspace, to_slack_id or ""))
    changed = rules.assign(one.blocker, one.by, to, due_on, one.today, now)
    desk, drawn = keep(tx, one, changed)
    by = Mrkdwn("") if due_on is None else say(", by {day}", day=_echo(due_on, one.today))
    given = say("{who} gave you *{label}*{by}.", who=one.by.given_name, label=changed.label, by=by)
    news.tell(tx, desk, [to] if to.id != one.by.id else [], _event(desk, "given"), given)
    words = say("{to} has *{label}*{by}.", to=to.given_name, label=changed.label, by=by)
    news.tell(tx, desk, _others(desk, one.by, to), _event(desk, "assigned"), words)
    return _outcome(one, desk, words, drawn=drawn)


def hand_on(tx: Session, blocker_id: UUID, to: Person, by: Person, now: datetime) -> None:
    """Somebody who had a blocker has left, and `to` has it now (F91); one that was closed meanwhile stays closed."""
    blocker = blockers.find(tx, blocker_id, lock=True)
    if blocker is None or not blocker.live:
        return
    changed = rules.assign(blocker, by, to, None, calendar.local_day(now, by.zone), now)
    nobody = Pressed.of(Who(by.workspace, by.slack_id), None, None)
    desk, _ = keep(tx, Case(blocker, by, book(tx, [blocker], now), nobody, now), changed)
    words = say("{who} gave you *{label}*.", who=by.given_name, label=changed.label)
    news.tell(tx, desk, [to] if to.id != by.id else [], _event(desk, "given"), words)


def _echo(day: date, today: date) -> str:
    """A date as it was understood: "Fri 12 Dec 2025 (10 days)"."""
    days = (day - today).days
    return f"{day:%a} {day.day} {day:%b %Y} ({'today' if days == 0 else f'{days} day' + 's' * (days != 1)})"


def snooze(tx: Session, blocker_id: UUID, until: date, reason: str, pressed: Pressed, now: datetime) -> Mrkdwn | None:
    """`Snooze…`, `Not now…`: until a date, for a reason (F31); raises as `case`, BadSnooze or NothingSaid."""
    one = case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    changed = rules.snooze(one.blocker, one.by, until, reason, one.today)
    desk, drawn = keep(tx, one, changed)
    how = {"label": changed.label, "until": _echo(until, one.today), "why": changed.snooze_reason or ""}
    told = say("{who} snoozed *{label}* until {until}: {why}", who=one.by.given_name, **how)
    news.tell(tx, desk, _others(desk, one.by), _event(desk, "snoozed"), told)
    return _outcome(one, desk, say("*{label}* is snoozed until {until}: {why}", **how), drawn=drawn)


# Escalate, merge


def escalate(
    tx: Session, blocker_id: UUID, ask: str | None, worth: str | None, pressed: Pressed, now: datetime
) -> Mrkdwn | None:
    """`Escalate now…`, `Send with my ask…`: the next one up gets it with an ask, None for no words (F29, M16).

    Raises as `case`, NobodyAbove or NothingSaid.
    """
    one = case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    above = one.book.lines[blocker_id].above(one.blocker.level)
    if above is None:
        raise NobodyAbove
    level, to = above
    told = one.blocker if ask is None else rules.asked(one.blocker, one.by, ask, worth)
    told = replace(told, ask=told.ask if ask is not None else None, ask_by_id=one.by.id)
    changed = rules.climbed(told, level, now, by_clock=False)
    desk, drawn = keep(tx, one, replace(changed, version=changed.version + 1))
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
    one = case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    holder = one.book.lines[blocker_id].holder(one.blocker.level)
    if holder is None:
        return
    changed = replace(one.blocker, owner_id=holder.id, version=one.blocker.version + 1)
    desk, _ = keep(tx, one, changed)
    words = say("{who} has said *{label}* three times; it is yours now.", who=one.by.given_name, label=changed.label)
    news.tell(tx, desk, [holder], _event(desk, "given"), words)


def merge(tx: Session, blocker_id: UUID, other_id: UUID, pressed: Pressed, now: datetime) -> Mrkdwn | None:
    """`Merge…`: two are one, with the older clock (F35); raises as `case`, or SameBlocker."""
    # Both are held in one order before either is looked at, or two merges could wait for each other.
    blockers.locked(tx, [blocker_id, other_id])
    one = case(tx, blocker_id, Action.BLOCKER_TRIAGE, pressed, now)
    other = case(tx, other_id, Action.BLOCKER_TRIAGE, pressed, now)
    kept, gone = rules.merge(one.blocker, other.blocker, one.by, now)
    before = blockers.merged_into(tx, [gone.id])
    values.save(tx, *(replace(each, merged_into_id=kept.id) for each in before), was=before)
    desk, drawn = keep(tx, one, kept, gone)
    news.redraw(tx, Desk(desk.book, gone, now), one.pressed)
    words = say("*{gone}* is the same as *{kept}* and goes on there.", gone=gone.label, kept=kept.label)
    desk = Desk(book(tx, [kept], now, also=[one.by.id]), kept, now)
    news.tell(tx, desk, _others(desk, one.by), _event(desk, "merged"), words)
    return None if drawn else words


# Resolve, drop, undo, still stuck


def resolve(
    tx: Session, blocker_id: UUID, how: str | None, pressed: Pressed, now: datetime
) -> tuple[Mrkdwn, UUID | None]:
    """`Resolve…`: it stops nobody; its reporter hears of it and can say that it does (F32).

    Returns what to say and the act that `Undo` takes back. Raises as `case`.
    """
    one = case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    changed = rules.resolve(one.blocker, one.by, how, now)
    desk, _ = keep(tx, one, changed)
    say_closed(tx, desk, one.by)
    return say("*{label}* is resolved.", label=changed.label), audit.current(tx)


def say_closed(tx: Session, desk: Desk, by: Person) -> None:
    """Tell everybody else who is involved that a blocker was closed; its reporter can say that it is still there."""
    shown = desk.book.shown(desk.blocker, None)
    words = say("*{label}* was {closed}", label=desk.blocker.label, closed=views.closed(shown))
    reporter = shown.reporter
    others = _others(desk, by)
    news.tell(tx, desk, [one for one in others if one.id != reporter.id], _event(desk, "closed"), words)
    mine = [one for one in others if one.id == reporter.id]
    news.tell(tx, desk, mine, _event(desk, "closed"), words, [views.still_button(desk.blocker)])


def drop(tx: Session, blocker_id: UUID, why: str, pressed: Pressed, now: datetime) -> Mrkdwn:
    """Nobody will move it, with the reason; raises as `case`, or NothingSaid."""
    one = case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    changed = rules.drop(one.blocker, one.by, why, now)
    desk, _ = keep(tx, one, changed)
    say_closed(tx, desk, one.by)
    return say("*{label}* is dropped: {why}", label=changed.label, why=changed.closing or "")


def undo(tx: Session, act_id: UUID, pressed: Pressed, now: datetime) -> Mrkdwn:
    """`Undo`: a resolve is taken back, for ten minutes, by whoever pressed; the record keeps both (F142).

    Raises Stranger, Gone, NotAllowed, TooLateToUndo or NothingToUndo.
    """
    by = acting(tx, pressed.who, now)
    resolved = [
        entry
        for entry in audit.of_act(tx, pressed.who.workspace, act_id)
        if entry.kind == "blockers" and (entry.after or {}).get("state") == BlockerState.RESOLVED
    ]
    author = people.find(tx, resolved[0].act.actor_id) if resolved and resolved[0].act.actor_id else None
    if author is None:
        raise Gone
    require(Action.UNDO, by, about(author))
    require_undoable(resolved[0].act.at, now)
    blocker = blockers.find(tx, resolved[0].subject, lock=True)
    if blocker is None or blocker.state is not BlockerState.RESOLVED or blocker.closed_at != resolved[0].act.at:
        raise NothingToUndo
    before = BlockerState((resolved[0].before or {})["state"])
    one = Case(blocker, by, book(tx, [blocker], now, also=[by.id]), pressed, now)
    desk, _ = keep(tx, one, rules.take_back(blocker, before))
    words = say("*{label}* is not resolved after all: {who} took it back.", label=blocker.label, who=by.given_name)
    news.tell(tx, desk, _others(desk, by), _event(desk, "undone"), words)
    return say("*{label}* is open again, as it was.", label=blocker.label)


def still(tx: Session, blocker_id: UUID, pressed: Pressed, now: datetime) -> Mrkdwn:
    """`Still stuck`, `Still`: what was closed is not, and what was asked about stays (F32).

    Raises Stranger, Gone or NotAllowed.
    """
    by = acting(tx, pressed.who, now)
    blocker = _found(blockers.find(tx, blocker_id, lock=True), by)
    shelf = book(tx, [blocker], now, also=[by.id])
    require(Action.BLOCKER_REOPEN, by, shelf.about(blocker))
    if blocker.live or blocker.merged_into_id is not None:
        return say("*{label}* stays as it is.", label=blocker.label)
    desk, _ = keep(tx, Case(blocker, by, shelf, pressed, now), rules.reopen(blocker, now))
    words = say("*{label}* is still there, says {who}. It is open again.", label=blocker.label, who=by.given_name)
    news.tell(tx, desk, _others(desk, by), _event(desk, "reopened"), words)
    return say("*{label}* is open again.", label=blocker.label)


# Updates, questions, answers


def update(tx: Session, blocker_id: UUID, text: str, tell: Iterable[str], pressed: Pressed, now: datetime) -> Mrkdwn:
    """Something is new: whoever is involved or named hears of it once (F36); raises as `case`, or NothingSaid."""
    one = case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    named = people.behind(tx, one.by.workspace, tell)
    made = _said(tx, one, Said.NEWS, text)
    desk, _ = keep(tx, one, rules.moved(one.blocker, now))
    words = say("{who} on *{label}*: {text}", who=one.by.given_name, label=one.blocker.label, text=made.text)
    taggees = [person for person in named.values() if person.id != one.by.id]
    news.tell(tx, desk, [*_others(desk, one.by), *taggees], f"update:{made.id}", words)
    return say("Everybody who is involved in *{label}* hears of it.", label=one.blocker.label)


def _said(tx: Session, one: Case, kind: Said, text: str) -> Update:
    """Keep what is said; the same words of the same person at the same time are one."""
    words = rules.worded(text)
    said_id = same_id("blocker update", one.blocker.id, one.by.id, kind, words, calendar.local_day(one.now, "UTC"))
    made = Update(said_id, one.blocker.workspace, one.blocker.id, one.by.id, kind, words, one.now)
    if said_id not in {each.id for each in one.book.updates[one.blocker.id]}:
        values.add(tx, made)
    return made


def whom_to_ask(one: Case) -> Person:
    """Whom a question goes to: the owner, if that is somebody else and here; else the reporter."""
    owner = one.book.known.get(one.blocker.owner_id) if one.blocker.owner_id else None
    asked = owner if owner is not None and owner.active and owner.id != one.by.id else None
    return asked or one.book.lines[one.blocker.id].reporter


def ask(tx: Session, blocker_id: UUID, question: str, pressed: Pressed, now: datetime) -> Mrkdwn:
    """`Ask`: a question, with the way to answer it; raises as `case`, or NothingSaid."""
    one = case(tx, blocker_id, Action.BLOCKER_ASK, pressed, now)
    made = _said(tx, one, Said.ASK, question)
    to = whom_to_ask(one)
    desk = Desk(one.book, one.blocker, now)
    words = say("{who} asks about *{label}*: {text}", who=one.by.given_name, label=one.blocker.label, text=made.text)
    news.tell(tx, desk, [to], f"asked:{made.id}", words, [views.answer_button(one.blocker)])
    return say("{who} has your question about *{label}*.", who=to.given_name, label=one.blocker.label)


def last_question(one: Case) -> Update | None:
    """The newest question about a blocker."""
    asked = [each for each in one.book.updates[one.blocker.id] if each.kind is Said.ASK]
    return asked[-1] if asked else None


def answer(tx: Session, blocker_id: UUID, text: str, pressed: Pressed, now: datetime) -> Mrkdwn:
    """`Answer`: whoever asked and whoever is involved hears it once; raises as `case`, or NothingSaid."""
    one = case(tx, blocker_id, Action.BLOCKER_SETTLE, pressed, now)
    question = last_question(one)
    made = _said(tx, one, Said.ANSWER, text)
    desk, _ = keep(tx, one, rules.moved(one.blocker, now))
    asker = None if question is None else people.find(tx, question.by_id)
    about_it = say("{who} on *{label}*: {text}", who=one.by.given_name, label=one.blocker.label, text=made.text)
    hear = [*_others(desk, one.by), *([asker] if asker is not None and asker.id != one.by.id else [])]
    news.tell(tx, desk, hear, f"answer:{made.id}", about_it)
    return escape("Your answer is on its way.")
