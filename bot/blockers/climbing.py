"""The ladder by the clock: the ledger holds each live blocker's one next step, and this does it when it is due."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from bot.blockers import news, planning, views
from bot.blockers.loading import around, book
from bot.blockers.news import Desk
from bot.catalogue import plain, say
from bot.ids import new_id
from bot.ritual import Foreseen, Opener, Skips
from rituals import blockers_life as life
from rituals import ladder
from rituals.blockers import Blocker
from rituals.ladder import Line, Next, Step
from rituals.people import Person
from storage import audit, blockers, ladders, people, values
from storage.audit import Act
from storage.occurrences import Occurrence

ON_TIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Due:
    """A step that is due, of a blocker that still stands as it did when it was planned."""

    row: Occurrence
    blocker: Blocker
    line: Line
    step: Next


def _opener(do: Callable[[Due, datetime], Blocker], say_it: Callable[[Session, Desk, Due], None]) -> Opener:
    """What is done at a slot: change each blocker, record it as the clock's, say it, and plan what comes next."""

    def opener(tx: Session, rows: Sequence[Occurrence], now: datetime) -> Skips:
        skips: dict[UUID, str] = {}
        ordered = sorted(rows, key=lambda row: row.workspace)
        for workspace, of_workspace in groupby(ordered, key=lambda row: row.workspace):
            listed = list(of_workspace)
            due = list(_still_due(tx, listed, now))
            done = {one.row.id for one in due}
            skips |= {row.id: planning.CHANGED for row in listed if row.id not in done}
            ladders.plan_again(tx, [row.subject for row in listed if row.id not in done], now)
            if due:
                _do(tx, workspace, due, [do(one, now) for one in due], say_it, now)
        return skips

    return opener


def _do(
    tx: Session,
    workspace: str,
    due: Sequence[Due],
    changed: Sequence[Blocker],
    say_it: Callable[[Session, Desk, Due], None],
    now: datetime,
) -> None:
    with audit.within(tx, Act(new_id(), workspace, None, "clock", now)):
        values.save(tx, *changed, was=[one.blocker for one in due])
    planning.place(tx, changed, now, {one.row.id for one in due})
    shelf = book(tx, changed, now)
    for one, blocker in zip(due, changed, strict=True):
        desk = Desk(shelf, blocker, now)
        # First what is out already: what is said now needs no edit.
        news.redraw(tx, desk, None)
        say_it(tx, desk, one)


def _still_due(tx: Session, rows: Sequence[Occurrence], now: datetime) -> Iterator[Due]:
    # Locked before they are looked at: somebody may be acking this moment.
    held = blockers.locked(tx, [row.subject for row in rows])
    lines = around(tx, list(held.values()), now)
    for row in rows:
        blocker = held.get(row.subject)
        step = None if blocker is None else ladder.next_step(blocker, lines[blocker.id], now)
        if blocker is not None and step is not None and step.step == row.slot and step.at <= now:
            yield Due(row, blocker, lines[blocker.id], step)


def _warn(due: Due, now: datetime) -> Blocker:
    on_time = now - due.row.due_at <= ON_TIME
    return life.warned(due.blocker, due.step.holder, due.row.due_at if on_time else now)


def _say_warning(tx: Session, desk: Desk, due: Due) -> None:
    holder = due.step.holder
    body = views.warning(desk.book.shown(desk.blocker, holder))
    news.on_card(tx, desk, holder, news.warning_key(desk.blocker, holder), body)


def _climb(due: Due, now: datetime) -> Blocker:
    return life.climbed(due.blocker, due.step.level, now, by_clock=True)


def _say_climb(tx: Session, desk: Desk, due: Due) -> None:
    if due.step.to is not None:
        say_it_climbed(tx, desk, due.step.to, None)
        words = say("*{label}* went to {who}.", label=desk.blocker.label, who=due.step.to.given_name)
        news.overtaken(tx, desk, news.warning_key(due.blocker, due.step.holder), words)


def say_it_climbed(tx: Session, desk: Desk, to: Person, by: Person | None) -> None:
    """Ask whoever has it now for help, and tell those involved, but for whoever sent it, that it went up."""
    news.ask_for_help(tx, desk, to)
    words = say("*{label}* went to {who} for help.", label=desk.blocker.label, who=to.given_name)
    others = [one for one in desk.book.involved(desk.blocker) if one.id not in {to.id, by.id if by else None}]
    news.tell(tx, desk, others, f"climbed:{desk.blocker.id}:{desk.blocker.climb}:{desk.blocker.level}", words)


def _lapse(due: Due, now: datetime) -> Blocker:
    return life.lapse(due.blocker, now)


def _say_lapse(tx: Session, desk: Desk, due: Due) -> None:
    """Whoever acked hears that nothing moved; whoever has it higher up is asked for help again."""
    blocker, holder = desk.blocker, due.line.holder(desk.blocker.level)
    key = f"lapsed:{blocker.id}:{blocker.climb}"
    words = say("Nothing has moved on *{label}* since it was acked, so it is open again.", label=blocker.label)
    if due.step.holder.active and (blocker.level == 0 or holder is None or holder.id != due.step.holder.id):
        body = views.message(desk.book.shown(blocker, due.step.holder), words)
        news.on_card(tx, desk, due.step.holder, key, body)
    if blocker.level and holder is not None:
        news.ask_for_help(tx, desk, holder)


def _wake(due: Due, now: datetime) -> Blocker:
    return life.wake(due.blocker, now)


def _say_wake(tx: Session, desk: Desk, due: Due) -> None:
    """The snoozer is nudged (F31)."""
    blocker, was = desk.blocker, due.blocker
    words = say(
        "The snooze of *{label}* is over: {why}. Has it moved?", label=blocker.label, why=was.snooze_reason or ""
    )
    body = views.message(desk.book.shown(blocker, due.step.holder), words)
    news.on_card(tx, desk, due.step.holder, f"woken:{blocker.id}:{was.snoozed_until}", body)


OPENERS: Mapping[str, Opener] = {
    Step.WARN: _opener(_warn, _say_warning),
    Step.CLIMB: _opener(_climb, _say_climb),
    Step.LAPSE: _opener(_lapse, _say_lapse),
    Step.WAKE: _opener(_wake, _say_wake),
}

WHAT = {
    Step.WARN: "a warning that {label} climbs",
    Step.CLIMB: "{label}, for help, if nobody acks before",
    Step.LAPSE: "{label} is open again, if nothing moves",
    Step.WAKE: "the end of the snooze of {label}",
}


def foresee(tx: Session, now: datetime, until: datetime) -> Sequence[Foreseen]:
    """The next step of every live blocker that is due in that time."""
    due = {one.blocker_id: one for one in ladders.coming(tx, until)}
    found = sorted(blockers.some(tx, due).values(), key=lambda blocker: (blocker.workspace, blocker.number))
    told: list[Foreseen] = []
    for workspace, of_workspace in groupby(found, key=lambda blocker: blocker.workspace):
        listed = list(of_workspace)
        lines = around(tx, listed, now)
        teams = {team.id: team.name for team in people.teams(tx, workspace)}
        for blocker in listed:
            reporter, at = lines[blocker.id].reporter, due[blocker.id].due_at
            step = ladder.next_step(blocker, lines[blocker.id], now)
            if step is not None and at is not None:
                team = teams.get(reporter.team_id, "") if reporter.team_id else ""
                told.append(_foreseen(blocker, step, team, max(at, now)))
    return told


def _foreseen(blocker: Blocker, step: Next, team: str, at: datetime) -> Foreseen:
    to = step.to if step.step is Step.CLIMB and step.to is not None else step.holder
    what = plain(WHAT[step.step], label=blocker.label)
    return Foreseen(blocker.workspace, "blockers", step.step, team, to.name, to.zone, at, what, None)


def owner(tx: Session, key: str) -> Person | None:
    """Who must know when a message about a blocker can't be delivered: whoever must act on it, at the first level."""
    blocker_id = news.of_key(key)
    blocker = None if blocker_id is None else blockers.find(tx, blocker_id)
    if blocker is None:
        return None
    reporter = people.find(tx, blocker.reporter_id)
    return None if reporter is None or reporter.manager_id is None else people.find(tx, reporter.manager_id)


def rehome(tx: Session, key: str, channel: str) -> None:
    """Blockers are told to people, never to a channel: there is nothing to move."""
