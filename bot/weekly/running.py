"""The running message: actions, decisions made, decisions needed, and the close (F40, F41, W3, W6, W8)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import actor
from bot.decisions import capturing
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import answer_form
from bot.fields import Fields, OnField, field_of, on_field
from bot.ids import new_id, same_id
from bot.modals import View, show_form
from bot.payloads import Press, Who, as_field
from bot.pressed import Pressed
from bot.standing import about_team
from bot.weekly import form_views, loading, owing, parked, places, views
from bot.weekly.form_views import NO_THEME, Meta
from rituals import actions as taking
from rituals import calendar, meetings
from rituals import themes as rules
from rituals.actions import Action, Source
from rituals.decisions import Idea
from rituals.meetings import LONGEST_LINE, ActionsLack, BadMinutes, Kind, Line, Meeting
from rituals.people import Person
from rituals.policy import Action as Deed
from rituals.policy import require
from rituals.themes import ThemeState
from rituals.weekly import ACTION_DAYS
from rituals.writing import worded
from storage import actions, outbox, people, themes, values, weeklies
from storage.outbox import Message, Policy, Rank


def register(doors: Doors) -> None:
    """The four buttons and their forms."""
    doors.action(views.ACTION)(add_action)
    doors.view(form_views.ACTION_SUBMIT)(action_submit)
    doors.action(views.MADE)(add_line)
    doors.action(views.NEEDED)(add_line)
    doors.view(form_views.LINE_SUBMIT)(line_submit)
    doors.action(views.CLOSE)(close)
    doors.view(form_views.CLOSE_SUBMIT)(close_submit)


def _meta(press: Press, kind: str = "") -> Meta:
    url, ts = press.response_url, press.place
    return Meta(about=UUID(press.value), new=new_id(), kind=kind, response_url=url, pressed_on=ts)


def _pressed(who: Who, meta: Meta) -> Pressed:
    return Pressed.of(who, meta.response_url, meta.pressed_on)


def _may_look(tx: Session, meeting_id: UUID, who: Who, now: datetime) -> Meeting:
    """An open meeting that somebody may lead; raises Stranger, Gone, NotAllowed or AlreadyClosed."""
    person = actor(tx, who)
    meeting, _, team = places.found(tx, meeting_id, person.workspace)
    require(Deed.WEEKLY_LEAD, person, about_team(tx, team, now))
    return meetings.require_open(meeting)


async def add_action(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`+ Action`."""
    press = payloads.press(body)
    await ack()
    load = deps.database.read(load_action, _meta(press), press.who, deps.clock())
    await show_form(deps, press, "+ Action", load)


def load_action(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """The form, a week ahead; raises what `_may_look` raises."""
    meeting = _may_look(tx, meta.about, who, now)
    named = themes.of_team(tx, meeting.team_id, ThemeState.MADE)
    waiting = themes.parked(tx, meeting.team_id)
    return form_views.action_form(meta, named, waiting, meeting.day + timedelta(days=ACTION_DAYS))


async def action_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """An action was written."""
    sent = payloads.submission(body)
    meta = Meta.model_validate_json(sent.view.metadata)
    work = deps.database.write(keep_action, meta, sent.view.fields, _pressed(sent.who, meta), deps.clock())
    await answer_form(ack, deps, sent.view, work, field_of)


def keep_action(tx: Session, meta: Meta, fields: Fields, pressed: Pressed, now: datetime) -> None:
    """Keep an action; the same form sent again keeps one. Raises OnField, or what `places.led` raises (F40)."""
    meeting, weekly, team, by = places.led(tx, meta.about, pressed.who, now)
    today = calendar.local_day(now, loading.zone(tx, team))
    text = on_field("text", lambda: taking.worded(str(as_field(fields, "text") or "")))
    owner = on_field("owner", lambda: taking.owner_of(_named(tx, by, fields)))
    due = on_field("due", lambda: taking.due_by(_date(fields), today))
    source, subject = _subject(tx, meeting, fields)
    made = Action(
        id=meta.new or new_id(),
        workspace=meeting.workspace,
        source=source,
        subject_id=subject,
        team_id=team.id,
        kpi_id=None,
        text=text,
        owner_id=owner,
        helper_id=None,
        due=due,
        promised=due,
        state=taking.ActionState.OPEN,
        obstacle=None,
        by_id=by.id,
        made_at=now,
        settled_at=None,
    )
    actions.add_once(tx, made)
    loading.draw(tx, loading.sheet(tx, meeting, weekly, team, now), pressed, now)


def _named(tx: Session, by: Person, fields: Fields) -> Person | None:
    chosen = as_field(fields, "owner")
    return people.find_by_slack(tx, by.workspace, chosen) if chosen else None


def _date(fields: Fields) -> date | None:
    chosen = as_field(fields, "due")
    return date.fromisoformat(chosen) if chosen else None


def _subject(tx: Session, meeting: Meeting, fields: Fields) -> tuple[Source, UUID]:
    """What an action is for: a theme or a parked blocker of this team, else the weekly itself."""
    chosen = as_field(fields, "theme")
    if chosen not in (None, "", NO_THEME):
        theme = themes.find(tx, UUID(chosen))
        if theme is not None and theme.team_id == meeting.team_id:
            return Source.THEME, theme.id
        if UUID(chosen) in {one.id for one in themes.parked(tx, meeting.team_id)}:
            return Source.BLOCKER, UUID(chosen)
    return Source.WEEKLY, meeting.id


async def add_line(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`+ Decision made`, `+ Decision needed`."""
    press = payloads.press(body)
    await ack()
    kind = Kind.MADE if press.action_id == views.MADE else Kind.NEEDED
    load = deps.database.read(load_line, _meta(press, kind), press.who, deps.clock())
    await show_form(deps, press, "Decision", load)


def load_line(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """The form; raises what `_may_look` raises."""
    _may_look(tx, meta.about, who, now)
    return form_views.line_form(meta)


async def line_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """A decision was written."""
    sent = payloads.submission(body)
    meta = Meta.model_validate_json(sent.view.metadata)
    work = deps.database.write(keep_line, meta, sent.view.fields, _pressed(sent.who, meta), deps.clock())
    await answer_form(ack, deps, sent.view, work, field_of)


def keep_line(tx: Session, meta: Meta, fields: Fields, pressed: Pressed, now: datetime) -> None:
    """Keep a decision made, or one needed with its owner and the draft of its memo (W6).

    The same form sent again keeps one. Raises OnField, or what `places.led` raises.
    """
    meeting, weekly, team, by = places.led(tx, meta.about, pressed.who, now)
    kind = Kind(meta.kind)
    text = on_field("text", lambda: worded(as_field(fields, "text"), LONGEST_LINE))
    line_id = meta.new or new_id()
    owner = memo = None
    if kind is Kind.NEEDED:
        owner = on_field("owner", lambda: taking.owner_of(_named(tx, by, fields)))
        idea = Idea(title=text, owner_id=owner)
        memo = capturing.capture(tx, by, idea, now, same_id("memo", line_id)).id
    weeklies.add_once(tx, Line(line_id, meeting.workspace, meeting.id, kind, text, owner, by.id, now, memo))
    loading.draw(tx, loading.sheet(tx, meeting, weekly, team, now), pressed, now)


async def close(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Close`: both lists, and the minutes."""
    press = payloads.press(body)
    await ack()
    await show_form(deps, press, "Close", deps.database.read(load_close, _meta(press), press.who, deps.clock()))


def load_close(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """The form; raises ActionsLack while something is open, or what `_may_look` raises."""
    meeting = _may_look(tx, meta.about, who, now)
    _, weekly, team = places.found(tx, meta.about, meeting.workspace)
    _require_complete(tx, meeting, calendar.local_day(now, loading.zone(tx, team)))
    kinds = [line.kind for line in weeklies.lines(tx, meeting.id)]
    made, needed = kinds.count(Kind.MADE), kinds.count(Kind.NEEDED)
    return form_views.close_form(meta, made, needed, meetings.taken(meeting, now), weekly.minutes)


async def close_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The lists were looked at."""
    sent = payloads.submission(body)
    meta = Meta.model_validate_json(sent.view.metadata)
    work = deps.database.write(close_meeting, meta, sent.view.fields, _pressed(sent.who, meta), deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda refusal: field_of(refusal) or "minutes")


def close_meeting(tx: Session, meta: Meta, fields: Fields, pressed: Pressed, now: datetime) -> None:
    """Close a weekly: what it came to stands in its thread, its themes have ended in actions, nothing stays parked.

    Raises OnField, ActionsLack, or what `places.led` raises.
    """
    meeting, weekly, team, by = places.led(tx, meta.about, pressed.who, now)
    _require_complete(tx, meeting, calendar.local_day(now, loading.zone(tx, team)))
    ticked = [kind for kind in Kind if as_field(fields, kind.value)]
    minutes = _minutes(fields)
    lines = weeklies.lines(tx, meeting.id)
    try:
        closed = meetings.closed(meeting, lines, empty=ticked, minutes=minutes, by=by.id, now=now)
    except meetings.NotSaid as refusal:
        raise OnField(refusal.kind.value, refusal) from refusal
    values.save(tx, closed, was=[meeting])
    shown = loading.sheet(tx, closed, weekly, team, now)
    ended = [rules.agreed(one.theme) for one in shown.themes]
    values.save(tx, *ended)
    if shown.parked:
        shown = replace(shown, parked=parked.end(tx, team, by, now))
    loading.draw(tx, shown, pressed, now)
    owing.tell(tx, shown, by, now)
    if team.channel is not None:
        target = places.channel_key(meeting.id)
        if outbox.state_of(tx, meeting.workspace, target) is not None:
            key = f"weekly-closed:{meeting.id}"
            told = Message(new_id(), meeting.workspace, key, Policy.DROP, Rank.DIGEST, views.outcome(shown), now)
            outbox.reply(tx, told, target)


def _minutes(fields: Fields) -> int | None:
    typed = str(as_field(fields, "minutes") or "").strip()
    if not typed:
        return None
    if not typed.isdecimal() or not int(typed):
        raise OnField("minutes", BadMinutes())
    return int(typed)


def _require_complete(tx: Session, meeting: Meeting, today: date) -> None:
    """Raises ActionsLack while an action has no owner or no date to come, or a theme no action (F40, W3)."""
    owed = actions.owed_by_team(tx, meeting.team_id)
    owners = people.some(tx, {one.owner_id for one in owed})
    named = themes.of_team(tx, meeting.team_id, ThemeState.MADE)
    agreed = actions.of_subjects(tx, [theme.id for theme in named])
    ends = {one.subject_id for one in agreed if one.state is not taking.ActionState.DROPPED}
    lacking = meetings.lacking(owed, owners, today)
    bare = [theme for theme in named if theme.id not in ends]
    if lacking or bare:
        raise ActionsLack(lacking, bare)
