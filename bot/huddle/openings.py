"""What the huddle does by the clock: plan the coming days, ask, remind, send the card, post the line, redraw."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from bot.huddle import card_views, filing, loading, views
from bot.huddle.views import Ask
from bot.ids import new_id
from bot.ritual import Opener, Skips
from rituals import calendar, huddle
from rituals.huddle import Due, Huddle, Slot
from rituals.people import Person, Team, responder
from rituals.plans import Plan
from storage import huddles, occurrences, outbox, people, plans, values
from storage.huddles import Card
from storage.occurrences import Occurrence, State
from storage.outbox import Message, Policy, Rank

AHEAD = timedelta(days=4)
"""How far ahead the ledger is written: "what is next" has an answer over a weekend."""
LOOK_AGAIN = timedelta(hours=1)
"""How often the planner looks at a huddle that nobody has changed."""
PEOPLE_AT_ONCE = 500
REDRAW = timedelta(seconds=2)
REDRAW_MANY = timedelta(minutes=1)
MANY_PEOPLE = 200
"""A card of more people than this is redrawn once a minute at most: edits share a quota per workspace (F14)."""
BATCH = 20


def plan(tx: Session, now: datetime) -> int:
    """Bring the ledger up to date for the next people of one huddle; return 0 when every huddle is.

    A large team is planned a batch a transaction, so that nobody's press waits behind it.
    """
    todo = huddles.next_to_plan(tx, now)
    if todo is None:
        return 0
    one = todo.huddle
    batch = people.roster_after(tx, one.team_id, todo.cursor, PEOPLE_AT_ONCE)
    dues = [due for person in batch for day in _days(now, person.zone) for due in huddle.for_person(one, person, day)]
    subjects = [person.id for person in batch]
    if len(batch) < PEOPLE_AT_ONCE:
        zone = _zone(tx, one, batch)
        dues += [due for day in _days(now, zone) for due in huddle.for_team(one, zone, day)]
        subjects.append(one.team_id)
        huddles.planned_to(tx, one.id, None, now + LOOK_AGAIN)
    else:
        huddles.planned_to(tx, one.id, batch[-1].id, now)
    _write(tx, one, subjects, [due for due in dues if due.due_at <= now + AHEAD], now)
    return 1


def _zone(tx: Session, one: Huddle, batch: Sequence[Person]) -> str:
    team = people.team(tx, one.team_id)
    manager = None if team is None or team.manager_id is None else people.find(tx, team.manager_id)
    return manager.zone if manager is not None else next((person.zone for person in batch), "UTC")


def _days(now: datetime, zone: str) -> Iterable[date]:
    return calendar.days_between(calendar.local_day(now, zone), calendar.local_day(now + AHEAD, zone))


def _write(tx: Session, one: Huddle, subjects: Sequence[UUID], dues: Sequence[Due], now: datetime) -> None:
    """New rows go in, planned rows get their new time, and planned rows that nothing asks for are cancelled."""
    wanted = {(due.subject, due.day, due.slot.value): due for due in dues}
    window = {day for zone in {due.zone for due in dues} for day in _days(now, zone)}
    known = occurrences.known(tx, one.id, subjects, window)
    occurrences.plan(tx, [_planned(one, due) for key, due in wanted.items() if key not in known])
    cancelled = {}
    for key, row in known.items():
        due = wanted.get(key)
        if row.state != State.PLANNED:
            continue
        if due is None and row.due_at <= now + AHEAD:
            cancelled[row.id] = (State.CANCELLED, "the schedule changed")
        elif due is not None and (due.due_at, due.expires_at, due.zone) != (row.due_at, row.expires_at, row.zone):
            occurrences.move(tx, replace(row, due_at=due.due_at, expires_at=due.expires_at, zone=due.zone))
    occurrences.close(tx, cancelled)


def _planned(one: Huddle, due: Due) -> Occurrence:
    return Occurrence(
        id=new_id(),
        workspace=one.workspace,
        ritual=one.id,
        subject=due.subject,
        day=due.day,
        slot=due.slot,
        due_at=due.due_at,
        expires_at=due.expires_at,
        zone=due.zone,
        state=State.PLANNED,
        reason=None,
    )


def _by_huddle(tx: Session, due: Sequence[Occurrence]) -> Iterable[tuple[Huddle, Team, date, Sequence[Occurrence]]]:
    """Occurrences grouped by huddle and date, with what all of a group share."""
    known = values.by_id(huddles.find(tx, {item.ritual for item in due}))
    ordered = sorted(due, key=lambda item: (item.ritual, item.day))
    for (ritual, day), group in groupby(ordered, key=lambda item: (item.ritual, item.day)):
        team = people.team(tx, known[ritual].team_id)
        if team is not None and not known[ritual].paused:
            yield known[ritual], team, day, list(group)


def ask(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Send the prompts that are due: each with its plan to be answered; who is away or has filed is skipped."""
    skips: dict[UUID, str] = {}
    for one, team, day, group in _by_huddle(tx, due):
        wanted, answered = _plans_to_ask(tx, team, day, group)
        away = people.absences(tx, [item.subject for item in group], day)
        for item in group:
            if item.subject in away:
                skips[item.id] = f"away: {away[item.subject].reason}"
            elif item.subject in answered:
                skips[item.id] = "answered before it was asked"
            elif item.subject not in wanted:
                skips[item.id] = "left the team"
        asked = {person: found for person, found in wanted.items() if person not in away}
        rows = {item.subject: item for item in group}
        if asked:
            shown = loading.asks(tx, one, team, asked, now)
            outbox.post_many(
                tx,
                [_prompt(one, ask, rows[who].due_at, rows[who].expires_at, now) for who, ask in shown.items()],
            )
            huddles.mark_stale(tx, team.id, day, now)
    return skips


def _plans_to_ask(
    tx: Session, team: Team, day: date, group: Sequence[Occurrence]
) -> tuple[Mapping[UUID, Plan], set[UUID]]:
    """Open plans by person, made where there is none; and who has answered already."""
    known = people.some(tx, [item.subject for item in group])
    roster = {person.id: person for person in known.values() if person.plans and person.team_id == team.id}
    subjects = [item.subject for item in group if item.subject in roster]
    existing = plans.on_day(tx, subjects, day)
    new = [filing.blank(roster[person], team.id, day) for person in subjects if person not in existing]
    values.add_new(tx, values.TABLES[Plan], [values.to_columns(made) for made in new])
    found = plans.on_day(tx, subjects, day) if new else existing
    answered = {person for person in subjects if found[person].answered}
    return {person: found[person] for person in subjects if person not in answered}, answered


def _prompt(one: Huddle, shown: Ask, due_at: datetime, expires_at: datetime, now: datetime) -> tuple[Message, str]:
    key = loading.plan_key(shown.plan.id)
    body = views.prompt(shown)
    start = max(now, due_at + huddle.spread(one, shown.person.id))
    message = Message(new_id(), shown.plan.workspace, key, Policy.RESEND, Rank.PROMPT, body, start, expires_at)
    return message, shown.person.slack_id


def remind(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Send the one reminder to whoever is still open; filing a plan takes back what is not out yet (F18)."""
    skips: dict[UUID, str] = {}
    for one, team, day, group in _by_huddle(tx, due):
        existing = plans.on_day(tx, [item.subject for item in group], day)
        away = people.absences(tx, [item.subject for item in group], day)
        open_plans = {}
        for item in group:
            found = existing.get(item.subject)
            if found is None or item.subject in away:
                skips[item.id] = "was not asked"
            elif found.answered:
                skips[item.id] = "answered already"
            else:
                open_plans[item.subject] = found
        expires = {item.subject: item.expires_at for item in group}
        if open_plans:
            shown = loading.asks(tx, one, team, open_plans, now)
            outbox.post_many(tx, [_reminder(a, expires[person], now) for person, a in shown.items()])
    return skips


def _reminder(shown: Ask, expires_at: datetime, now: datetime) -> tuple[Message, str]:
    key = loading.reminder_key(shown.plan.id)
    body = views.reminder(shown, now)
    message = Message(new_id(), shown.plan.workspace, key, Policy.DROP, Rank.PROMPT, body, now, expires_at)
    return message, shown.person.slack_id


def send_card(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Send the manager's card, or their stand-in's while they are away (F16, F90)."""
    skips: dict[UUID, str] = {}
    for _, team, day, group in _by_huddle(tx, due):
        reader = _reader(tx, team, day)
        for item in group:
            if reader is None:
                skips[item.id] = "nobody manages this team"
                continue
            card = Card(
                id=new_id(),
                workspace=team.workspace,
                team_id=team.id,
                day=day,
                reader_id=reader.id,
                page=0,
                composed_at=now,
                stale_since=None,
                response_url=None,
                response_until=None,
            )
            huddles.add_card(tx, card)
            body = card_views.card(loading.day(tx, team, day, reader, now), card.id, 0)
            key = loading.card_key(card.id)
            message = Message(new_id(), team.workspace, key, Policy.HOLD, Rank.DIGEST, body, now, item.expires_at)
            outbox.post(tx, message, reader.slack_id)
    return skips


def _reader(tx: Session, team: Team, day: date) -> Person | None:
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    if manager is None:
        return None
    line = {**people.lines_above(tx, [manager]), manager.id: manager}
    away = people.absences(tx, line, day)
    if manager.active and manager.id not in away:
        return manager
    return responder(manager, line, set(away)) or manager


def post(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Post the team's one line to its channel (F17)."""
    skips: dict[UUID, str] = {}
    for _, team, day, group in _by_huddle(tx, due):
        for item in group:
            if team.channel is None:
                skips[item.id] = "no channel is set"
                continue
            reader = _reader(tx, team, day)
            filing.post_to_channel(tx, loading.day(tx, team, day, reader, now), now)
            huddles.mark_stale(tx, team.id, day, now)
    return skips


def compose(tx: Session, now: datetime) -> int:
    """Redraw the cards that no longer show the truth, and with each the channel's line; return how many."""
    drawn = 0
    for card in huddles.stale_cards(tx, now - REDRAW, BATCH):
        team = people.team(tx, card.team_id)
        reader = people.find(tx, card.reader_id)
        if team is None or reader is None:
            continue
        day = loading.day(tx, team, card.day, reader, now)
        crowded = len(day.plans) > MANY_PEOPLE and card.response_url is None
        if crowded and now - card.composed_at < REDRAW_MANY:
            continue
        key = loading.card_key(card.id)
        body = card_views.card(day, card.id, card.page)
        message = Message(new_id(), team.workspace, loading.edit_key(key), Policy.RESEND, Rank.REPLY, body, now)
        outbox.edit(tx, message, key, response_url=card.response_url, response_until=card.response_until)
        huddles.composed(tx, card.id, now)
        if day.posted:
            filing.correct_channel(tx, day, now)
        drawn += 1
    return drawn


OPENERS: Mapping[str, Opener] = {Slot.PROMPT: ask, Slot.REMINDER: remind, Slot.CARD: send_card, Slot.POST: post}
