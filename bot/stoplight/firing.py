"""Triggers fire once a run, wait for a leader, and become an action or are overruled with a reason (M15, F58)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot import reviews
from bot.acting import acting, actor
from bot.errors import Gone
from bot.fields import Fields, on_field
from bot.ids import new_id
from bot.kpis import loading as kpi_loading
from bot.modals import View
from bot.payloads import Who, as_field
from bot.stoplight import agree_views, fired_views
from bot.stoplight.fired_views import Fired
from bot.stoplight.one_views import Walk
from rituals import calendar
from rituals import triggers as rules
from rituals.actions import Action as Agreed
from rituals.actions import ActionState, Source, worded
from rituals.budget import Turn
from rituals.kpis import Filed, Kpi
from rituals.kpis_periods import Period, Span
from rituals.people import Person
from rituals.policy import Action, may, require
from rituals.triggers import Firing, Started, Trigger
from storage import actions, kpis, month_plans, outbox, people, stoplight, triggers, values
from storage.outbox import Message, Policy, Rank

BACK = timedelta(days=3 * 366)
"""How far back a run may have begun."""
DUE_IN = timedelta(days=7)
"""When an agreed action is due once it is started."""


def evaluate(tx: Session, workspace: str, today: date, now: datetime, spans: Collection[Span]) -> list[Firing]:
    """Fire what has come true, each run once; four statements, however many triggers. Return what is new."""
    known = triggers.active(tx, workspace)
    theirs = kpis.some(tx, {one.kpi_id for one in known}) if known else {}
    wanted = [one for one in known if theirs[one.kpi_id].cadence in spans and theirs[one.kpi_id].retired_on is None]
    if not wanted:
        return []
    filed: dict[UUID, list[Filed]] = {}
    for one in stoplight.filed_between(tx, {each.kpi_id for each in wanted}, today - BACK, today):
        filed.setdefault(one.kpi_id, []).append(one)
    fired = triggers.firings(tx, [one.id for one in wanted])
    new = [
        _firing(one, since, period, now)
        for one in wanted
        for since, period in rules.to_fire(one, filed.get(one.kpi_id, ()), theirs[one.kpi_id].cadence, today, fired)
    ]
    kept = triggers.fire(tx, new)
    return [one for one in new if one.id in kept]


def _firing(trigger: Trigger, since: date, period: date, now: datetime) -> Firing:
    return Firing(new_id(), trigger.workspace, trigger.id, since, period, now, Started.OPEN, None, None, None)


def tell_weekly(tx: Session, workspace: str, today: date, now: datetime) -> None:
    """Fire the triggers of weekly numbers, and bring each to the leader who owes its KPI an answer."""
    for one in evaluate(tx, workspace, today, now, [Span.WEEK]):
        trigger = triggers.find(tx, one.trigger_id)
        kpi = None if trigger is None else kpis.find(tx, trigger.kpi_id)
        leader_id = None if kpi is None else reviews.owing(tx, workspace, [kpi])[kpi.id]
        leader = None if leader_id is None else people.find(tx, leader_id)
        if leader is None:
            continue
        shown = fired(tx, leader, one.id, now)
        body = fired_views.fired_now(shown, leader)
        key = f"fired:{one.id}"
        outbox.post(tx, Message(new_id(), workspace, key, Policy.HOLD, Rank.DIGEST, body, now), leader.slack_id)


def fired(tx: Session, reader: Person, firing_id: UUID, now: datetime) -> Fired:
    """A firing as somebody sees it; raises Gone."""
    firing, trigger, kpi = _of(tx, reader.workspace, firing_id)
    stood = kpis.readings(tx, [kpi], calendar.local_day(now, reader.zone))
    named = people.some(tx, filter(None, [trigger.owner_id, firing.answered_by_id]))
    return Fired(
        firing=firing,
        trigger=trigger,
        reading=stood[kpi.id],
        owner=named.get(trigger.owner_id),
        answered_by=None if firing.answered_by_id is None else named.get(firing.answered_by_id),
        may_answer=may(Action.TRIGGER_ANSWER, reader, kpi_loading.about(tx, kpi)),
    )


def _of(tx: Session, workspace: str, firing_id: UUID, *, lock: bool = False) -> tuple[Firing, Trigger, Kpi]:
    firing = triggers.firing(tx, firing_id, lock=lock)
    trigger = None if firing is None else triggers.find(tx, firing.trigger_id)
    if firing is None or trigger is None or firing.workspace != workspace:
        raise Gone
    return firing, trigger, kpi_loading.of_id(tx, workspace, trigger.kpi_id)


def start(tx: Session, who: Who, firing_id: UUID, now: datetime) -> Agreed:
    """`Start it`: what was agreed becomes an action of its owner; raises FiringAnswered, NotAllowed or Gone."""
    by = acting(tx, who, now)
    firing, trigger, kpi = _of(tx, who.workspace, firing_id, lock=True)
    require(Action.TRIGGER_ANSWER, by, kpi_loading.about(tx, kpi))
    values.save(tx, rules.answer(firing, Started.STARTED, by.id, now), was=[firing])
    due = calendar.local_day(now, by.zone) + DUE_IN
    action = Agreed(
        id=new_id(),
        workspace=kpi.workspace,
        source=Source.TRIGGER,
        subject_id=firing.id,
        team_id=None,
        kpi_id=kpi.id,
        text=worded(trigger.action),
        owner_id=trigger.owner_id,
        helper_id=None,
        due=due,
        promised=due,
        state=ActionState.OPEN,
        obstacle=None,
        by_id=by.id,
        made_at=now,
        settled_at=None,
    )
    actions.add_once(tx, action)
    owner = people.find(tx, trigger.owner_id)
    if owner is not None and owner.id != by.id:
        body = agree_views.told(action, kpi, by, owner, {owner.id: owner})
        key = f"agreed:{action.id}:{owner.id}"
        message = Message(new_id(), kpi.workspace, key, Policy.RESEND, Rank.PROMPT, body, now, turn=Turn.REST)
        outbox.post(tx, message, owner.slack_id)
    _stale(tx, kpi, by, now)
    return action


def _stale(tx: Session, kpi: Kpi, by: Person, now: datetime) -> None:
    month = reviews.month_before_of(by, now)
    month_plans.mark_stale(tx, kpi.workspace, month.first, [by.id], now)


def load_overrule(tx: Session, who: Who, walk: Walk) -> View:
    """The form of `Overrule…`; raises NotAllowed or Gone."""
    reader = actor(tx, who)
    _, trigger, kpi = _of(tx, who.workspace, walk.id or new_id())
    require(Action.TRIGGER_ANSWER, reader, kpi_loading.about(tx, kpi))
    return fired_views.overrule_form(walk, trigger, kpi)


def overrule(tx: Session, who: Who, walk: Walk, fields: Fields, now: datetime) -> Firing:
    """Set aside what was agreed, with a reason; raises OnField, FiringAnswered, NotAllowed or Gone."""
    by = acting(tx, who, now)
    firing, _, kpi = _of(tx, who.workspace, walk.id or new_id(), lock=True)
    require(Action.TRIGGER_ANSWER, by, kpi_loading.about(tx, kpi))
    reason = as_field(fields, "reason") or ""
    after = on_field("reason", lambda: rules.answer(firing, Started.OVERRULED, by.id, now, reason))
    values.save(tx, after, was=[firing])
    _stale(tx, kpi, by, now)
    return after


def open_for(tx: Session, workspace: str, month: Period, leaders: Collection[UUID]) -> list[tuple[UUID, Firing]]:
    """What fired for these leaders and is shown in a month's digest, with whose it is."""
    return [(leader, firing) for leader, firing, _ in triggers.fired_for(tx, workspace, month.first, leaders)]
