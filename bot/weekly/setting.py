"""`/cadence weekly`: when a team's weekly collects and meets, and what it asks (F38)."""

from dataclasses import replace
from datetime import datetime, time
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting, actor
from bot.commands import Call
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_form
from bot.fields import Fields, OnField, field_of, on_field
from bot.ids import same_id
from bot.modals import View, show_form
from bot.payloads import Who, as_field
from bot.standing import require_start, team_standing
from bot.weekly import form_views, places
from bot.weekly.form_views import Meta
from rituals import weekly as rules
from rituals.people import Team
from rituals.policy import Action, require
from rituals.settings import EditedMeanwhile
from rituals.weekly import Weekly, WeeklyOrder
from rituals.writing import NothingWritten
from storage import people, weeklies


def register(doors: Doors) -> None:
    """The form."""
    doors.view(form_views.SET_SUBMIT)(submit)


async def weekly(call: Call) -> None:
    """`/cadence weekly`: the form of one's team."""
    # Which team is meant, and whether it is theirs, is told as an answer and not in a form.
    team, version = await call.deps.database.read(find, call.who, call.options.get("team"), call.deps.clock())
    await call.accept()
    meta = Meta(about=team.id, version=version)
    await show_form(call.deps, call, "Weekly", call.deps.database.read(load, meta, call.who, call.deps.clock()))


def find(tx: Session, who: Who, named: str | None, now: datetime) -> tuple[Team, int]:
    """The team that somebody means and may change, and the version of its weekly.

    Raises Stranger, NotAllowed or what `places.team_of` raises.
    """
    person = actor(tx, who)
    team = places.team_of(tx, person, named, now)
    require(Action.TEAM_EDIT, person, team_standing(tx, team, now))
    known = weeklies.of_team(tx, team.id)
    return team, 0 if known is None else known.version


def load(tx: Session, meta: Meta, who: Who, now: datetime) -> View:
    """The form; a team that has no weekly yet is shown the usual one. Raises Stranger, Gone or NotAllowed."""
    team = _team(tx, meta, who)
    require(Action.TEAM_EDIT, actor(tx, who), team_standing(tx, team, now))
    return form_views.set_form(meta, team, _standing(tx, team, now))


def _team(tx: Session, meta: Meta, who: Who, *, lock: bool = False) -> Team:
    team = people.team(tx, meta.about, lock=lock)
    if team is None or team.workspace != who.workspace:
        raise Gone
    return team


def _standing(tx: Session, team: Team, now: datetime) -> Weekly:
    return weeklies.of_team(tx, team.id) or rules.first_weekly(same_id("weekly", team.id), team, now)


async def submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The form was sent."""
    sent = payloads.submission(body)
    meta = Meta.model_validate_json(sent.view.metadata)
    work = deps.database.write(keep, meta, sent.view.fields, sent.who, deps.clock())
    await answer_form(ack, deps, sent.view, work, field_of)


def keep(tx: Session, meta: Meta, fields: Fields, who: Who, now: datetime) -> None:
    """Keep when a team meets; the same sent again changes nothing. What fell due in a pause is not made up for (F97).

    Raises OnField, Stranger, Gone or NotAllowed.
    """
    by = acting(tx, who, now)
    team = _team(tx, meta, who, lock=True)
    require(Action.TEAM_EDIT, by, team_standing(tx, team, now))
    known = weeklies.of_team(tx, team.id)
    before = known or _standing(tx, team, now)
    wanted = _wanted(before, fields)
    if wanted == known:
        return
    if before.version != meta.version:
        raise OnField("state", EditedMeanwhile(before.version))
    resumed = before.paused and not wanted.paused
    if not wanted.paused and (resumed or known is None):
        on_field("state", lambda: require_start(tx, team))
    since = now if resumed or known is None else before.since
    weeklies.change(tx, replace(wanted, since=since, version=before.version + 1), now)


def _wanted(before: Weekly, fields: Fields) -> Weekly:
    typed = str(as_field(fields, "minutes") or "").strip()
    if not typed.isdecimal():
        raise OnField("minutes", WeeklyOrder("minutes"))
    try:
        return rules.require_order(
            replace(
                before,
                paused=as_field(fields, "state") == "paused",
                meets_on=int(as_field(fields, "meets_on")),
                meets_at=time.fromisoformat(as_field(fields, "meets_at")),
                minutes=int(typed),
                asks_on=int(as_field(fields, "asks_on")),
                asks_at=time.fromisoformat(as_field(fields, "asks_at")),
                closes_at=time.fromisoformat(as_field(fields, "closes_at")),
                question=str(as_field(fields, "question") or ""),
            )
        )
    except WeeklyOrder as refusal:
        raise OnField(refusal.field, refusal) from refusal
    except NothingWritten as refusal:
        raise OnField("question", refusal) from refusal
