"""Themes: what recurs is proposed, and the manager makes a theme of it, splits it or says that it is none (W2, F33)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting, actor
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_form, answer_press
from bot.fields import Fields, field_of, on_field
from bot.huddle import receipts
from bot.ids import new_id
from bot.modals import View, show_form
from bot.payloads import Who, as_field
from bot.pressed import Pressed
from bot.standing import about_team
from bot.weekly import form_views, loading, places, theme_views
from bot.weekly.form_views import Meta
from bot.weekly.theme_list import redrawn
from rituals import recurring
from rituals import themes as rules
from rituals.blockers import Blocker
from rituals.people import Person, Team
from rituals.policy import Action, require
from rituals.recurring import Case, Proposal
from rituals.themes import LEAST_SPLIT, Grouped, Theme, ThemeState
from storage import calendars, kpis, outbox, people, themes, values
from storage.outbox import Message, Policy, Rank

LEARN_FROM = timedelta(days=180)
"""How far back a team's decisions about themes teach."""
TAUGHT = (ThemeState.MADE, ThemeState.AGREED, ThemeState.REFUSED, ThemeState.LEFT)
LOOK_BACK = timedelta(days=40)
"""In which ten working days surely lie."""


def register(doors: Doors) -> None:
    """A proposal's buttons and their forms."""
    doors.action(theme_views.MAKE_THEME)(make)
    doors.view(form_views.MAKE_SUBMIT)(make_submit)
    doors.action(theme_views.SPLIT)(split)
    doors.view(form_views.SPLIT_SUBMIT)(split_submit)
    doors.action(theme_views.NOT_A_THEME)(refuse)


def case_of(blocker: Blocker) -> Case:
    """A blocker as it is compared."""
    said = f"{blocker.text} {blocker.needs or ''}"
    return Case(blocker.id, said, blocker.kpi_id, frozenset(blocker.tags.split()))


def find(tx: Session, team: Team, manager: Person, day: date) -> list[tuple[Proposal, list[Blocker]]]:
    """What recurs in a team's blockers of ten working days, by what its decisions taught (F33)."""
    days_off = calendars.days_off(tx, team.workspace, [manager.id], day - LOOK_BACK, day)
    first = recurring.first_day(day, lambda each: days_off.on(manager, each) is None)
    found = themes.candidates(tx, team.id, first)
    decided = themes.of_team(tx, team.id, *TAUGHT, since=day - LEARN_FROM)
    held = themes.blockers_of(tx, [one.id for one in decided])
    lessons = recurring.learn((one, [case_of(each) for each in held[one.id]]) for one in decided)
    names = {kpi.id: kpi.name for kpi in kpis.of_team(tx, team.workspace, team.id).values()}
    by_id = {one.id: one for one in found}
    proposals = recurring.propose([case_of(one) for one in found], names, lessons)
    return [(one, [by_id[each] for each in one.cases]) for one in proposals]


def propose(tx: Session, team: Team, manager: Person, day: date) -> list[Theme]:
    """Look again: what nobody decided goes, what recurs now is proposed; return it."""
    stale = themes.of_team(tx, team.id, ThemeState.PROPOSED)
    values.save(tx, *[rules.left(one) for one in stale])
    made: list[Theme] = []
    for proposal, blockers in find(tx, team, manager, day):
        theme_id = new_id()
        made.append(_theme(team, theme_id, theme_id, proposal.name, day, ThemeState.PROPOSED))
        values.add(tx, made[-1])
        _group(tx, made[-1], [one.id for one in blockers])
    return made


def _theme(team: Team, theme_id: UUID, root: UUID, name: str, day: date, state: ThemeState) -> Theme:
    return Theme(theme_id, team.workspace, team.id, root, name, day, state, None, None)


def _group(tx: Session, theme: Theme, blockers: Sequence[UUID]) -> None:
    values.add(tx, *[Grouped(new_id(), theme.workspace, theme.id, one) for one in blockers])


def may_decide(tx: Session, theme_id: UUID, who: Who, now: datetime, *, lock: bool) -> tuple[Theme, Team, Person]:
    """A theme that somebody may decide; raises Stranger, Gone or NotAllowed."""
    person = acting(tx, who, now) if lock else actor(tx, who)
    theme = themes.find(tx, theme_id, lock=lock)
    team = None if theme is None else people.team(tx, theme.team_id)
    if theme is None or team is None or theme.workspace != person.workspace:
        raise Gone
    require(Action.THEME_DECIDE, person, about_team(tx, team, now))
    return theme, team, person


def _meta(press: payloads.Press) -> Meta:
    url, place, listed = press.response_url, press.place, press.ephemeral
    return Meta(about=UUID(press.value), response_url=url, pressed_on=place, listed=listed)


def _pressed(who: Who, meta: Meta) -> Pressed:
    return Pressed.of(who, meta.response_url, meta.pressed_on)


async def make(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Make theme`: what it is called."""
    press = payloads.press(body)
    await ack()
    await show_form(deps, press, "Make theme", deps.database.read(load_make, _meta(press), press.who, deps.clock()))


def load_make(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """The form with the proposed name; raises AlreadyDecided, or what `may_decide` raises."""
    theme, _, _ = may_decide(tx, meta.about, who, now, lock=False)
    rules.require_proposed(theme)
    held = themes.blockers_of(tx, [theme.id])[theme.id]
    return form_views.make_form(meta, theme, held, themes.flow_names(tx, theme.workspace))


async def make_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """It was named."""
    sent = payloads.submission(body)
    meta = Meta.model_validate_json(sent.view.metadata)
    work = deps.database.write(keep_made, meta, sent.view.fields, _pressed(sent.who, meta), deps.clock())
    await answer_form(ack, deps, sent.view, redrawn(deps, sent.who, meta, work), field_of)


def keep_made(tx: Session, meta: Meta, fields: Fields, pressed: Pressed, now: datetime) -> None:
    """Make a theme, once; raises OnField, AlreadyDecided, or what `may_decide` raises."""
    theme, team, person = may_decide(tx, meta.about, pressed.who, now, lock=True)
    name, typed = (str(as_field(fields, field) or "") for field in ("name", "flow"))
    flow = rules.flow_named(typed, themes.flow_names(tx, theme.workspace))
    made = on_field("name", lambda: rules.made(theme, name, flow, person.id, now))
    values.save(tx, made, was=[theme])
    redraw(tx, team, theme.day, pressed, now)


async def refuse(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Not a theme`: one press, and it is not proposed again."""
    press = payloads.press(body)
    meta = _meta(press)
    work = deps.database.write(keep_refused, meta.about, _pressed(press.who, meta), deps.clock())
    await answer_press(ack, deps, press, redrawn(deps, press.who, meta, work))


def keep_refused(tx: Session, theme_id: UUID, pressed: Pressed, now: datetime) -> None:
    """Refuse a theme; raises AlreadyDecided, or what `may_decide` raises."""
    theme, team, person = may_decide(tx, theme_id, pressed.who, now, lock=True)
    values.save(tx, rules.refused(theme, person.id, now), was=[theme])
    redraw(tx, team, theme.day, pressed, now)


async def split(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Split`: which of them belong together."""
    press = payloads.press(body)
    await ack()
    await show_form(deps, press, "Split", deps.database.read(load_split, _meta(press), press.who, deps.clock()))


def load_split(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """The form; raises AlreadyDecided, or what `may_decide` raises."""
    theme, _, _ = may_decide(tx, meta.about, who, now, lock=False)
    rules.require_proposed(theme)
    return form_views.split_form(meta, themes.blockers_of(tx, [theme.id])[theme.id])


async def split_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """Some were unticked."""
    sent = payloads.submission(body)
    meta = Meta.model_validate_json(sent.view.metadata)
    work = deps.database.write(keep_split, meta, sent.view.fields, _pressed(sent.who, meta), deps.clock())
    await answer_form(ack, deps, sent.view, redrawn(deps, sent.who, meta, work), lambda _: "kept")


def keep_split(tx: Session, meta: Meta, fields: Fields, pressed: Pressed, now: datetime) -> None:
    """Take the unticked ones out: together a proposal of their own, alone none. Never together again with the rest.

    Raises SplitsNothing, AlreadyDecided, or what `may_decide` raises.
    """
    theme, team, _ = may_decide(tx, meta.about, pressed.who, now, lock=True)
    members = themes.grouped(tx, [theme.id])
    shown = [one.id for one in themes.blockers_of(tx, [theme.id])[theme.id][: form_views.MOST_BOXES]]
    ticked = {UUID(one) for one in as_field(fields, "kept") or ()}
    hidden = [one.blocker_id for one in members if one.blocker_id not in shown]
    gone = rules.parted(theme, [one.blocker_id for one in members], [*ticked, *hidden])
    values.remove(tx, *[one for one in members if one.blocker_id in gone])
    apart = ThemeState.PROPOSED if len(gone) >= LEAST_SPLIT else ThemeState.LEFT
    other = _theme(team, new_id(), theme.root_id, theme.name, theme.day, apart)
    values.add(tx, other)
    _group(tx, other, gone)
    redraw(tx, team, theme.day, pressed, now)


def message(tx: Session, team: Team, day: date, now: datetime) -> Mapping[str, Any]:
    """The proposals of a day as they stand."""
    return theme_views.themes(team, loading.recurring(tx, themes.of_day(tx, team.id, day), team, now))


def redraw(tx: Session, team: Team, day: date, pressed: Pressed, now: datetime) -> None:
    """Show a decision on the "Themes I see" of a day and on the running message, wherever it was pressed."""
    key = places.themes_key(team.id, day)
    if outbox.state_of(tx, team.workspace, key) is not None:
        shown = Message(new_id(), team.workspace, key, Policy.RESEND, Rank.REPLY, message(tx, team, day, now), now)
        receipts.show(tx, shown, "", pressed)  # it is out: nobody need be named to edit it
    loading.redraw_of_team(tx, team.id, pressed, now)
