"""Friday at 16:00: what the week came to, and whether it was a good one (F43, F137)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting, actor
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_form, answer_press
from bot.huddle import good_week_views as views
from bot.huddle import receipts, weeks
from bot.huddle.good_week_views import Told, WeekMeta
from bot.huddle.groups import Group, groups
from bot.huddle.handlers import say_again
from bot.huddle.moved import moved
from bot.ids import new_id, same_id
from bot.modals import View, open_form
from bot.payloads import Who
from bot.pressed import Pressed
from bot.ritual import Skips
from rituals import calendar, hours
from rituals import good_week as rules
from rituals.budget import Turn
from rituals.good_week import GoodWeek
from rituals.people import Person
from rituals.plans import Outcome
from rituals.policy import Action, about, require
from storage import calendars, good_weeks, kpis, outbox, people, values
from storage.occurrences import Occurrence
from storage.outbox import Message, Policy, Rank

WEEK = timedelta(days=7)
ASKED = "was asked about this week already"


def register(doors: Doors) -> None:
    """The two answers, and the line that may go with them."""
    doors.action(views.YES)(yes)
    doors.action(views.NO)(no)
    doors.action(views.LINE)(line)
    doors.view(views.LINE_SUBMIT)(line_submit)


def week_key(week_id: UUID) -> str:
    """Outbox key of the question about somebody's week."""
    return f"week:{week_id}"


def send(tx: Session, due: Sequence[Occurrence], now: datetime) -> Skips:
    """Tell everybody who works what their week came to, and ask; an answer is never asked for twice."""
    skips: dict[UUID, str] = {}
    for group in groups(tx, due):
        getting, left_out = _sort_out(tx, group)
        skips |= left_out
        asked = {
            person.id: GoodWeek(
                same_id("week", person.id, group.day), person.workspace, group.team.id, person.id, group.day, *_UNSAID
            )
            for person in getting.values()
        }
        new = good_weeks.ask(tx, asked.values())
        rows = {row.subject: row for row in group.rows}
        skips |= {rows[who].id: ASKED for who, week in asked.items() if week.id not in new}
        wanted = {who: week for who, week in asked.items() if week.id in new}
        shown = _load(tx, wanted, getting, now)
        messages = []
        for who, told in shown.items():
            start = hours.opens(getting[who], max(now, rows[who].due_at))
            message = _message(told, start, rows[who].expires_at)
            messages.append((message, getting[who].slack_id))
        outbox.post_many(tx, messages)
    return skips


_UNSAID = (None, None, None)


def _message(told: Told, start: datetime, expires_at: datetime | None = None) -> Message:
    body, key = views.message(told), week_key(told.week.id)
    return Message(new_id(), told.week.workspace, key, Policy.RESEND, Rank.PROMPT, body, start, expires_at, Turn.REST)


def _sort_out(tx: Session, group: Group) -> tuple[Mapping[UUID, Person], dict[UUID, str]]:
    """Who is asked, and why the others are not, by occurrence."""
    known = people.some(tx, [row.subject for row in group.rows])
    around = (group.day - timedelta(days=1), group.day + timedelta(days=1))
    days_off = calendars.days_off(tx, group.team.workspace, list(known), *around)
    skips, getting = {}, {}
    for row in group.rows:
        person = known.get(row.subject)
        why = rules.why_not(group.huddle, person, row.due_at, row.expires_at, days_off)
        if person is not None and why is None:
            getting[person.id] = person
        elif why is not None:
            skips[row.id] = why
    return getting, skips


def _load(
    tx: Session, asked: Mapping[UUID, GoodWeek], known: Mapping[UUID, Person], now: datetime
) -> Mapping[UUID, Told]:
    """What the questions about one week show, by person; the number of queries does not grow with the people."""
    if not asked:
        return {}
    last = next(iter(asked.values())).day
    first = rules.monday(last)
    some = [known[who] for who in asked]
    days = weeks.days_of(tx, some, first, last, now)
    shares = kpis.shares_of(tx, list(asked))
    readings = kpis.readings(tx, kpis.some(tx, {one.kpi_id for one in shares}).values(), calendar.local_day(now, "UTC"))
    largest: dict[UUID, UUID] = {}
    for one in shares:
        if one.kpi_id in readings:
            largest.setdefault(one.person_id, one.kpi_id)
    begins = datetime.combine(first, time(0), UTC)
    came_of = moved(tx, list(asked), begins, begins + WEEK)
    return {
        who: Told(
            week=week,
            tally=rules.so_far(days[who]),
            running=sum(item.outcome is Outcome.OPEN for day in days[who] for item in day.items),
            share=readings[largest[who]] if who in largest else None,
            moved=came_of.get(who, ()),
        )
        for who, week in asked.items()
    }


async def yes(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Yes`: one tap is stored."""
    await _say(ack, body, deps, good=True)


async def no(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`No`: likewise."""
    await _say(ack, body, deps, good=False)


async def _say(ack: AsyncAck, body: dict[str, Any], deps: Deps, *, good: bool) -> None:
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    work = deps.database.write(keep_word, UUID(press.value), good, pressed, deps.clock())
    await answer_press(ack, deps, press, work)


def keep_word(tx: Session, week_id: UUID, good: bool, pressed: Pressed, now: datetime) -> None:
    """Keep somebody's word on their week; raises Stranger, Gone or NotAllowed."""
    week, person = _own(tx, week_id, acting(tx, pressed.who, now), lock=True)
    if week.good is not good:
        week = rules.said(week, now, good=good)
        values.save(tx, week)
    _show(tx, week, person, pressed, now)


async def line(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Add a line`: one box."""
    press = payloads.press(body)
    await ack()
    meta = WeekMeta(week=UUID(press.value), response_url=press.response_url, pressed_on=press.place)
    reading = deps.database.read(load_line, meta, press.who)
    await open_form(deps, press.trigger_id, "Your week", reading, say_again(deps, press.response_url))


def load_line(tx: Session, meta: WeekMeta, who: Who) -> View:
    """The form of the line; raises Stranger, Gone or NotAllowed."""
    week, _ = _own(tx, meta.week, actor(tx, who), lock=False)
    return views.line_form(meta, week)


async def line_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The line was written."""
    sent = payloads.submission(body)
    meta = WeekMeta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    work = deps.database.write(keep_line, meta.week, sent.view.fields["words"] or "", pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "words")


def keep_line(tx: Session, week_id: UUID, words: str, pressed: Pressed, now: datetime) -> None:
    """Keep the line that goes with somebody's answer; raises Stranger, Gone or NotAllowed."""
    week, person = _own(tx, week_id, acting(tx, pressed.who, now), lock=True)
    week = rules.worded(week, words, now)
    values.save(tx, week)
    _show(tx, week, person, pressed, now)


def _own(tx: Session, week_id: UUID, who: Person, *, lock: bool) -> tuple[GoodWeek, Person]:
    week = good_weeks.find(tx, week_id, lock=lock)
    person = None if week is None else people.find(tx, week.person_id)
    if week is None or person is None or person.workspace != who.workspace:
        raise Gone
    require(Action.WEEK_SAY, who, about(person))
    return week, person


def _show(tx: Session, week: GoodWeek, person: Person, pressed: Pressed, now: datetime) -> None:
    told = _load(tx, {person.id: week}, {person.id: person}, now)[person.id]
    receipts.show(tx, _message(told, now), person.slack_id, pressed)
