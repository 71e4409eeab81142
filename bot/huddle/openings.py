"""What the huddle does by the clock: ask, remind, send the card, post the line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot import keys
from bot.huddle import card_views, channel, channel_views, loading, own_plans, views
from bot.huddle.card_views import Day
from bot.huddle.groups import Group, groups, why_no_report
from bot.huddle.views import Ask
from bot.ids import new_id, same_id
from bot.ritual import Opener, Skips
from rituals import hours, huddle
from rituals.budget import Turn
from rituals.huddle import Huddle, Slot
from rituals.people import Person
from rituals.plans import Plan
from storage import calendars, huddles, outbox, people, plans, values
from storage.huddles import Card
from storage.occurrences import Occurrence
from storage.outbox import Message, Policy, Rank

NOON = time(12)


def _sort_out(
    tx: Session, group: Group, now: datetime
) -> tuple[Mapping[UUID, Person], Mapping[UUID, Plan], dict[UUID, str]]:
    """Who gets what is due, the plans that there are, and why the others get nothing, by occurrence."""
    subjects = [row.subject for row in group.rows]
    known = people.some(tx, subjects)
    existing = plans.on_day(tx, subjects, group.day)
    days_off = calendars.days_off(tx, group.team.workspace, subjects, group.day, group.day)
    skips = {}
    getting = {}
    for row in group.rows:
        person, plan = known.get(row.subject), existing.get(row.subject)
        asked, answered = plan is not None, huddle.needs_nothing(group.slot, plan, person)
        at = max(now, row.due_at)
        why = huddle.why_not(
            group.slot, group.huddle, person, group.day, days_off, asked=asked, answered=answered, at=at
        )
        if why is None:
            getting[row.subject] = known[row.subject]
        else:
            skips[row.id] = why
    return getting, existing, skips


def ask(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Send the prompts that are due, each with its plan to be answered; `huddle.why_not` says who gets none."""
    skips: dict[UUID, str] = {}
    for group in groups(tx, due):
        getting, existing, left_out = _sort_out(tx, group, now)
        skips |= left_out
        if not getting:
            continue
        rows = {row.subject: row for row in group.rows}
        found = _plans_to_ask(tx, group, getting, existing, now)
        ahead = {who: plan for who, plan in found.items() if huddle.filed_ahead(plan, getting[who])}
        outbox.post_many(tx, [_filed(plan, getting[who], rows[who], now) for who, plan in ahead.items()])
        # Between our look and our row somebody may have filed: their answer stands, and no prompt follows it.
        answered = {who for who, plan in found.items() if plan.answered and who not in ahead}
        skips |= {rows[who].id: huddle.ANSWERED for who in answered}
        wanted = {person: plan for person, plan in found.items() if not plan.answered}
        if not wanted:
            continue
        shown = loading.asks(tx, group.huddle, group.team, getting, wanted, now)
        outbox.post_many(tx, [_prompt(group.huddle, ask, rows[person], now) for person, ask in shown.items()])
        huddles.mark_stale(tx, group.team.id, group.day, now)
    return skips


def _plans_to_ask(
    tx: Session, group: Group, getting: Mapping[UUID, Person], existing: Mapping[UUID, Plan], now: datetime
) -> Mapping[UUID, Plan]:
    """Plans by person, made where there is none."""
    unplanned = [person for person in getting.values() if person.id not in existing]
    new = [own_plans.blank(person, group.team.id, group.day, now) for person in unplanned]
    written = values.add_new(tx, values.TABLES[Plan], [values.to_columns(made) for made in new])
    made = {plan.person_id: plan for plan in new if plan.id in written}
    # What somebody else wrote since we looked.
    late = [plan.person_id for plan in new if plan.id not in written]
    found = {**existing, **made, **(plans.on_day(tx, late, group.day) if late else {})}
    return {person: found[person] for person in getting}


def _prompt(one: Huddle, shown: Ask, row: Occurrence, now: datetime) -> tuple[Message, str]:
    key = keys.plan_key(shown.plan.id)
    body = views.prompt(shown)
    start = hours.opens(shown.person, max(now, row.due_at + huddle.spread(one, shown.person)))
    message = Message(
        new_id(), shown.plan.workspace, key, Policy.RESEND, Rank.PROMPT, body, start, row.expires_at, Turn.PROMPT
    )
    return message, shown.person.slack_id


def _filed(plan: Plan, person: Person, row: Occurrence, now: datetime) -> tuple[Message, str]:
    """The line that a day's plan is there already, with the way to change it (F12)."""
    key = keys.filed_key(plan.id)
    body = views.filed_ahead(plan)
    message = Message(
        new_id(), plan.workspace, key, Policy.DROP, Rank.PROMPT, body, max(now, row.due_at), row.expires_at, Turn.PROMPT
    )
    return message, person.slack_id


def _once_more(body: Callable[[Ask, datetime], Mapping[str, Any]], turn: Turn) -> Opener:
    """The one thing more that whoever is still open is sent; filing a plan takes back what is not out yet (F18)."""

    def send(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
        skips: dict[UUID, str] = {}
        for group in groups(tx, due):
            getting, existing, left_out = _sort_out(tx, group, now)
            skips |= left_out
            if not getting:
                continue
            expires = {row.subject: row.expires_at for row in group.rows}
            wanted = {person: existing[person] for person in getting}
            shown = loading.asks(tx, group.huddle, group.team, getting, wanted, now)
            outbox.post_many(tx, [message(one, expires[person], now) for person, one in shown.items()])
        return skips

    def message(shown: Ask, expires_at: datetime, now: datetime) -> tuple[Message, str]:
        plan, says = shown.plan, body(shown, now)
        key = keys.reminder_key(plan.id)
        one = Message(new_id(), plan.workspace, key, Policy.DROP, Rank.PROMPT, says, now, expires_at, turn)
        return one, shown.person.slack_id

    return send


def _back(shown: Ask, _now: datetime) -> Mapping[str, Any]:
    """A snoozed prompt that comes back (F11)."""
    return views.prompt(replace(shown, is_back=True, late_by=timedelta(0)))


def send_card(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Send the manager's card, or their stand-in's while they are off (F16, F90)."""
    skips: dict[UUID, str] = {}
    for group in groups(tx, due):
        reader = loading.reader(tx, group.huddle, group.team, group.day)
        why = why_no_report(tx, group)
        for row in group.rows:
            if why is not None or reader is None:
                skips[row.id] = why or "nobody manages this team"
                continue
            card = _card(group, reader, now)
            huddles.add_card(tx, card)
            body = card_views.card(loading.day(tx, group.team, group.day, reader, now), card.id, 0)
            key = keys.card_key(card.id)
            start = hours.opens(reader, now)
            message = Message(
                new_id(), card.workspace, key, Policy.HOLD, Rank.DIGEST, body, start, row.expires_at, Turn.PROMPT
            )
            outbox.post(tx, message, reader.slack_id)
    return skips


def _card(group: Group, reader: Person, now: datetime) -> Card:
    return Card(
        id=same_id("card", group.huddle.id, group.day, reader.id),
        workspace=group.team.workspace,
        team_id=group.team.id,
        day=group.day,
        reader_id=reader.id,
        page=0,
        composed_at=now,
        stale_since=None,
        response_url=None,
        response_until=None,
    )


def post(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Post the team's one line to its channel (F17)."""
    skips: dict[UUID, str] = {}
    for group in groups(tx, due):
        why = why_no_report(tx, group)
        watchers = people.watchers(tx, group.team.id)
        if why is not None and not (why == huddle.NO_CHANNEL and watchers):
            skips |= {row.id: why for row in group.rows}
            continue
        reader = loading.reader(tx, group.huddle, group.team, group.day)
        day = loading.day(tx, group.team, group.day, reader, now)
        channel.post(tx, day, now)
        _tell_watchers(tx, day, watchers, now)
        huddles.mark_stale(tx, group.team.id, group.day, now)
    return skips


def _tell_watchers(tx: Session, day: Day, watchers: Sequence[Person], now: datetime) -> None:
    """Send the team's line to its observers, who are never asked and never counted (F92)."""
    off = loading.away(tx, watchers, day.day, NOON)
    for person in watchers:
        if person.id not in off:
            key = f"digest:{day.team.id}:{day.day.isoformat()}:{person.id}"
            body, at = channel_views.post(day), hours.opens(person, now)
            message = Message(new_id(), day.team.workspace, key, Policy.DROP, Rank.DIGEST, body, at, turn=Turn.REST)
            outbox.post(tx, message, person.slack_id)


OPENERS: Mapping[str, Opener] = {
    Slot.PROMPT: ask,
    Slot.REMINDER: _once_more(views.reminder, Turn.REMINDER),
    Slot.SNOOZED: _once_more(_back, Turn.FREE),  # the press that snoozed it asked for it
    Slot.CARD: send_card,
    Slot.POST: post,
}
