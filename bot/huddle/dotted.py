"""The dotted-line card: one message across teams, when the first of their huddles has its card (F92)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.huddle import dotted_views, loading
from bot.huddle.dotted_views import DottedDay, Planned
from bot.huddle.groups import groups
from bot.huddle.planning import anywhere
from bot.ids import new_id, same_id
from bot.ritual import Skips
from rituals import hours
from rituals.blockers import Blocker
from rituals.budget import Turn
from rituals.huddle import PAUSED
from rituals.kpis import Reading
from rituals.people import Person, Team, responder, with_manager
from rituals.plans import Item, Plan, PlanState
from rituals.questions import Question
from storage import blockers, calendars, directory, huddles, kpis, outbox, people, plans, questions, values
from storage.huddles import Card
from storage.occurrences import Occurrence
from storage.outbox import Message, Policy, Rank

HAVE_IT = "has the day's card already"
NOBODY = "nobody with a dotted line to them works"


def dotted_key(reader_id: UUID, day: date) -> str:
    """Outbox key of somebody's dotted-line card of a date."""
    return f"dotted:{reader_id}:{day.isoformat()}"


def send(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Send the day's card to whoever has not got it from another team; nobody stands in for whoever is off."""
    skips: dict[UUID, str] = {}
    for group in groups(tx, due):
        rows = {row.subject: row for row in group.rows}
        readers = people.some(tx, rows)
        sent = outbox.standing(tx, group.team.workspace, [dotted_key(one, group.day) for one in rows])
        days_off = calendars.days_off(tx, group.team.workspace, list(rows), *anywhere(now, now))
        getting = {}
        for reader, row in rows.items():
            off = days_off.at(readers[reader], row.due_at)
            why = PAUSED if group.huddle.paused else off.reason if off is not None else None
            why = why or (HAVE_IT if dotted_key(reader, group.day) in sent else None)
            if why is None:
                getting[reader] = readers[reader]
            else:
                skips[row.id] = why
        shown = _load(tx, getting, group.day)
        for reader in getting:
            if reader not in shown:
                skips[rows[reader].id] = NOBODY
        _post(tx, {one: getting[one] for one in shown}, shown, rows, now)
    return skips


def _post(
    tx: Session,
    readers: Mapping[UUID, Person],
    shown: "Shown",
    rows: Mapping[UUID, Occurrence],
    now: datetime,
) -> None:
    cards, messages = [], []
    for reader, (day, teams) in shown.items():
        key = dotted_key(reader, day.day)
        mine = [_card(readers[reader], team, day.day, key, now) for team in teams]
        cards += mine
        body = dotted_views.card(day, mine[0].id, 0)
        start, until = hours.opens(readers[reader], now), rows[reader].expires_at
        message = Message(
            new_id(), readers[reader].workspace, key, Policy.RESEND, Rank.DIGEST, body, start, until, Turn.REST
        )
        messages.append((message, readers[reader].slack_id))
    if cards:
        huddles.add_card(tx, *cards)
        outbox.post_many(tx, messages)


def _card(reader: Person, team_id: UUID, day: date, key: str, now: datetime) -> Card:
    card_id = same_id(key, team_id)
    return Card(card_id, reader.workspace, team_id, day, reader.id, 0, now, None, None, None, shown_in=key)


def body(tx: Session, card: Card, now: datetime) -> dict[str, Any] | None:  # noqa: ARG001 - all of them are drawn alike
    """The message that `card` is a row of, as it stands; None when none of its people is left."""
    reader = people.find(tx, card.reader_id)
    shown = {} if reader is None else _load(tx, {reader.id: reader}, card.day)
    return None if card.reader_id not in shown else dotted_views.card(shown[card.reader_id][0], card.id, card.page)


@dataclass(frozen=True, slots=True)
class Known:
    """What the cards of a date show, loaded once for all of their readers. `reps` answer to somebody and have a huddle.

    `line` are those above them, `out` who of these is off; plans, blockers with their age by person, the rest by plan.
    """

    day: date
    teams: Mapping[UUID, Team]
    reps: Mapping[UUID, Person]
    line: Mapping[UUID, Person]
    out: Collection[UUID]
    working: Collection[UUID]
    plans: Mapping[UUID, Plan]
    items: Mapping[UUID, Sequence[Item]]
    stuck: Mapping[UUID, Sequence[tuple[Blocker, int]]]
    questions: Mapping[UUID, Sequence[Question]]
    kpis: Mapping[UUID, Reading]


Shown = Mapping[UUID, tuple[DottedDay, Sequence[UUID]]]


def _load(tx: Session, readers: Mapping[UUID, Person], day: date) -> Shown:
    """What each reader's card of a date shows, and the teams that it spans; one whose people are all off has none."""
    lines = directory.dotted_at(tx, readers) if readers else {}
    reps = {rep.id: rep for mine in lines.values() for rep in mine}
    if not reps:
        return {}
    known = _know(tx, reps, next(iter(readers.values())).workspace, day)
    shown = {}
    for reader in readers:
        mine = [known.reps[rep.id] for rep in lines.get(reader, ()) if rep.id in known.reps]
        working = [rep for rep in mine if rep.id in known.working or rep.id in known.plans]
        if working:
            planned = [_planned(known, rep, reader) for rep in working if rep.id in known.plans]
            spans = sorted({team for rep in mine if (team := rep.team_id) is not None})
            shown[reader] = DottedDay(day, len(working), planned, known.kpis), spans
    return shown


def _know(tx: Session, reps: Mapping[UUID, Person], workspace: str, day: date) -> Known:
    """The number of queries does not grow with readers, people or teams."""
    teams = values.by_id(people.teams(tx, workspace))
    held = {huddle.team_id for huddle in huddles.of_teams(tx, set(teams))}
    asked = {rep.id: with_manager(rep, teams[team]) for rep in reps.values() if (team := rep.team_id) in held}
    line = people.lines_above(tx, asked.values())
    days_off = calendars.days_off(tx, workspace, [*asked, *line], day, day)
    found = {who: plan for who, plan in plans.on_day(tx, asked, day).items() if plan.state is PlanState.FILED}
    ids = [plan.id for plan in found.values()]
    items = plans.items(tx, ids)
    moved = kpis.some(tx, {item.kpi_id for mine in items.values() for item in mine if item.kpi_id is not None})
    return Known(
        day=day,
        teams=teams,
        reps=asked,
        line={**line, **asked},
        out={person.id for person in line.values() if days_off.on(person, day)},
        working={rep.id for rep in asked.values() if days_off.on(rep, day) is None},
        plans=found,
        items=items,
        stuck=loading.aged(tx, blockers.open_of(tx, found), asked, day),
        questions=questions.of_plans(tx, ids),
        kpis=kpis.readings(tx, moved.values(), day),
    )


def _planned(known: Known, rep: Person, reader: UUID) -> Planned:
    plan = known.plans[rep.id]
    return Planned(
        person=rep,
        team=known.teams[plan.team_id].name,
        answers=responder(rep, known.line, known.out),
        plan=plan,
        items=known.items[plan.id],
        stuck=known.stuck.get(rep.id, ()),
        questions=[one for one in known.questions.get(plan.id, ()) if one.by_id == reader],
    )
