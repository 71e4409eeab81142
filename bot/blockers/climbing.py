"""The ladder by the clock: the ledger holds each live blocker's one next step, and this does it when it is due."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from bot.blockers import news, views
from bot.blockers.loading import around, book
from bot.blockers.news import Desk
from bot.catalogue import plain, say
from bot.ids import new_id, same_id
from bot.ritual import Foreseen, Opener, Skips
from rituals import blockers as rules
from rituals import calendar, ladder
from rituals.blockers import Blocker
from rituals.ladder import Line, Next, Step
from rituals.people import Person
from storage import audit, blockers, ladders, occurrences, people, values
from storage.audit import Act
from storage.ladders import Standing
from storage.occurrences import Occurrence, State

AT_ONCE = 200
LOOK_AGAIN = timedelta(hours=1)
"""How often a blocker is looked at that nobody has changed: an absence may have begun."""
LASTS = timedelta(days=7)
"""How late a step may come: what was missed for longer is worked out anew."""
ON_TIME = timedelta(minutes=10)
CHANGED = "it stands otherwise now"
MOST_KEYS = 7


# Planning


def plan(tx: Session, now: datetime) -> int:
    """Bring the ledger up to date for the next blockers of one workspace; return how many, 0 when all are."""
    found = ladders.to_plan(tx, now, AT_ONCE)
    place(tx, found, now)
    return len(found)


def place(tx: Session, found: Sequence[Blocker], now: datetime, opened: Collection[UUID] = ()) -> None:
    """Have the ledger hold the next step of these blockers of one workspace, and no other step of theirs.

    `opened` are rows of the ledger that are being done, which stay as they are.
    """
    if not found:
        return
    lines = around(tx, found, now)
    known = ladders.standings(tx, [blocker.id for blocker in found])
    rows = occurrences.some(tx, {s.occurrence_id for s in known.values() if s.occurrence_id is not None})
    planned = {row.subject: row for row in rows.values() if row.state == State.PLANNED and row.id not in opened}
    kept, new = [], []
    cancelled: dict[UUID, tuple[State, str | None]] = {}
    for blocker in found:
        line, row = lines[blocker.id], planned.get(blocker.id)
        following = ladder.next_step(blocker, line, now)
        wanted = None if following is None else _occurrence(blocker, following)
        if wanted is not None and row is not None and _key(row) == _key(wanted):
            wanted = _moved(tx, row, wanted)
        else:
            cancelled |= {} if row is None else {row.id: (State.CANCELLED, CHANGED)}
            new += [] if wanted is None else [wanted]
        if blocker.live:
            kept.append(_standing(blocker, line, following, wanted, now))
    occurrences.close(tx, cancelled)
    given = _insert(tx, new)
    kept = [
        replace(one, occurrence_id=given.get(one.occurrence_id or one.blocker_id, one.occurrence_id)) for one in kept
    ]
    ladders.keep(tx, kept, [blocker.id for blocker in found if not blocker.live])


def _moved(tx: Session, row: Occurrence, wanted: Occurrence) -> Occurrence:
    wanted = replace(wanted, id=row.id)
    if (wanted.due_at, wanted.expires_at) != (row.due_at, row.expires_at):
        occurrences.move(tx, wanted)
    return wanted


def _key(row: Occurrence) -> tuple[object, ...]:
    return row.ritual, row.subject, row.day, row.slot


def _occurrence(blocker: Blocker, following: Next) -> Occurrence:
    # The wait stands in the key: whoever it comes to later is warned of it, too, on the same date.
    wait = (blocker.climb, blocker.level, int(blocker.since.timestamp()), following.holder.id)
    return Occurrence(
        id=new_id(),
        workspace=blocker.workspace,
        ritual=same_id("ladder", blocker.id, *wait),
        subject=blocker.id,
        day=calendar.local_day(following.at, following.holder.zone),
        slot=following.step,
        due_at=following.at,
        expires_at=following.at + LASTS,
        zone=following.holder.zone,
        state=State.PLANNED,
        reason=None,
    )


def _standing(
    blocker: Blocker, line: Line, following: Next | None, wanted: Occurrence | None, now: datetime
) -> Standing:
    holder = line.holder(blocker.level)
    return Standing(
        blocker_id=blocker.id,
        workspace=blocker.workspace,
        again_at=now + LOOK_AGAIN,
        occurrence_id=None if wanted is None else wanted.id,
        step=None if following is None else following.step,
        due_at=None if following is None else following.at,
        holder_id=None if holder is None else holder.id,
        climbs_at=None if following is None else following.climbs_at,
        climbs_to_id=None if following is None or following.to is None else following.to.id,
    )


def _insert(tx: Session, new: Sequence[Occurrence]) -> Mapping[UUID, UUID]:
    """Write new rows; where a key is taken, plan its row again. Return which row stands for which."""
    if occurrences.plan(tx, new) == len(new):
        return {}
    given = {}
    written = occurrences.some(tx, [row.id for row in new])
    for row in new:
        if row.id not in written:
            given[row.id] = _again(tx, row)
    return given


def _again(tx: Session, row: Occurrence) -> UUID:
    """Plan a row whose key was used before; one that is done already keeps it, and the next date is taken."""
    for later in range(MOST_KEYS):
        asked = replace(row, day=row.day + timedelta(days=later))
        taken = occurrences.find(tx, asked.ritual, asked.subject, asked.day, asked.slot)
        if taken is None:
            occurrences.plan(tx, [asked])
            return asked.id
        if taken.state in (State.PLANNED, State.CANCELLED):
            occurrences.move(tx, replace(asked, id=taken.id))
            return taken.id
    raise RuntimeError("a blocker's step was planned on every date of a week")


# Opening


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
            skips |= {row.id: CHANGED for row in listed if row.id not in done}
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
    place(tx, changed, now, {one.row.id for one in due})
    shelf = book(tx, changed, now)
    for one, blocker in zip(due, changed, strict=True):
        desk = Desk(shelf, blocker, now)
        say_it(tx, desk, one)
        news.redraw(tx, desk, None)


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
    return rules.warned(due.blocker, due.step.holder, due.row.due_at if on_time else now)


def _say_warning(tx: Session, desk: Desk, due: Due) -> None:
    holder = due.step.holder
    body = views.warning(desk.book.shown(desk.blocker, holder))
    news.on_card(tx, desk, holder, news.warning_key(desk.blocker, holder), body)


def _climb(due: Due, now: datetime) -> Blocker:
    return rules.climbed(due.blocker, due.step.level, now, by_clock=True)


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
    return rules.lapse(due.blocker, now)


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
    return rules.wake(due.blocker, now)


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


def compose(tx: Session, now: datetime) -> int:  # noqa: ARG001 - every ritual composes; what shows a blocker is edited with it
    """Nothing is drawn later: whatever changes a blocker draws it again."""
    return 0
