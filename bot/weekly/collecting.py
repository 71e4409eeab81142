"""The question before a weekly, and what people answer (F38, W4)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting, actor
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_form, answer_press
from bot.fields import Fields
from bot.huddle import receipts
from bot.ids import new_id, same_id
from bot.modals import View, show_form
from bot.payloads import Who, as_field
from bot.pressed import Pressed
from bot.standing import about_team
from bot.weekly import collect_views, form_views, loading, places, views
from bot.weekly.form_views import Meta
from rituals import calendar
from rituals import weekly as rules
from rituals.kpis import Reading, colour
from rituals.meetings import LONGEST_INPUT, CollectionOver, Input, Meeting, OffTrack
from rituals.people import Person, Team
from rituals.policy import About, Action, require
from rituals.weekly import Weekly
from storage import people, weeklies
from storage.outbox import Message, Policy, Rank

MOST_KPIS = 5


def register(doors: Doors) -> None:
    """The question's buttons and its form."""
    doors.action(collect_views.WRITE)(write)
    doors.view(form_views.WRITE_SUBMIT)(write_submit)
    doors.action(collect_views.NOTHING)(nothing)


def off_of(tx: Session, team: Team, person: Person, now: datetime) -> list[Reading]:
    """What is off track and somebody's to explain, worst first."""
    found = loading.readings(tx, team, calendar.local_day(now, person.zone))
    return [one for one in found if one.kpi.owner_id == person.id and colour(one) in views.OFF][:MOST_KPIS]


def _open(
    tx: Session, meeting_id: UUID, person: Person, now: datetime, *, lock: bool = False
) -> tuple[Meeting, Weekly, Team]:
    """A meeting that still collects from its team; raises Gone, NotAllowed or CollectionOver."""
    meeting, weekly, team = places.found(tx, meeting_id, person.workspace, lock=lock)
    thing = About(team.workspace, person) if person.team_id == team.id else about_team(tx, team, now)
    require(Action.WEEKLY_ANSWER, person, thing)
    until = rules.closes(weekly, meeting.day, loading.zone(tx, team))
    if meeting.closed_at is not None or until is None or now >= until:
        raise CollectionOver
    return meeting, weekly, team


async def write(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Write`, `Edit`: the form."""
    press = payloads.press(body)
    await ack()
    meta = Meta(about=UUID(press.value), response_url=press.response_url, pressed_on=press.place)
    await show_form(deps, press, "For the weekly", deps.database.read(load, meta, press.who, deps.clock()))


def load(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """The form with what was said before; raises Stranger, Gone, NotAllowed or CollectionOver."""
    person = actor(tx, who)
    meeting, weekly, team = _open(tx, meta.about, person, now)
    mine = weeklies.input_of(tx, meeting.id, person.id)
    off = off_of(tx, team, person, now)
    said = weeklies.off_track(tx, meeting.id)
    return form_views.write_form(meta, weekly, off, said, None if mine is None else mine.text)


async def write_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """It was written."""
    sent = payloads.submission(body)
    meta = Meta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    work = deps.database.write(keep, meta.about, sent.view.fields, pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "text")


async def nothing(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Nothing from me`: answered in one press."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    await answer_press(ack, deps, press, deps.database.write(keep, UUID(press.value), {}, pressed, deps.clock()))


def keep(tx: Session, meeting_id: UUID, fields: Fields, pressed: Pressed, now: datetime) -> None:
    """Keep what somebody said, once a person: said again, it replaces what was said before.

    Raises Stranger, Gone, NotAllowed or CollectionOver.
    """
    person = acting(tx, pressed.who, now)
    meeting, _, team = _open(tx, meeting_id, person, now, lock=True)
    text = str(as_field(fields, "text") or "").strip()[:LONGEST_INPUT]
    standing = weeklies.input_of(tx, meeting.id, person.id)
    said = Input(same_id("input", meeting.id, person.id), meeting.workspace, meeting.id, person.id, text, now)
    weeklies.keep(tx, said, standing)
    known = weeklies.off_track(tx, meeting.id)
    why: list[tuple[Reading, OffTrack]] = []
    for reading in off_of(tx, team, person, now):
        one = _why(reading, fields, meeting, person, now)
        if one is not None:
            weeklies.keep(tx, one, known.get(one.kpi_id))
            why.append((reading, one))
    lead = None if team.manager_id is None else people.find(tx, team.manager_id)
    name = "" if lead is None else lead.given_name
    shown = collect_views.receipt(meeting, team, said, why, person.zone, name)
    key = places.ask_key(meeting.id, person.id)
    message = Message(new_id(), meeting.workspace, key, Policy.RESEND, Rank.REPLY, shown, now)
    receipts.show(tx, message, person.slack_id, pressed)


def _why(reading: Reading, fields: Fields, meeting: Meeting, person: Person, now: datetime) -> OffTrack | None:
    kpi_id = reading.kpi.id
    why, after = (" ".join(str(fields.get(f"{name}:{kpi_id}") or "").split()) for name in ("why", "next"))
    if not why and not after:
        return None
    made = same_id("off track", meeting.id, kpi_id)
    return OffTrack(made, meeting.workspace, meeting.id, kpi_id, person.id, why, after, now)
