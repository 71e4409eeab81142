"""The transactions that answer a day: file, same plan, skip. Each leaves what must be said in the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.clock import machine_clock
from bot.errors import Gone, Stranger
from bot.huddle import card_views, loading, views
from bot.huddle.card_views import Day
from bot.huddle.views import PlanForm
from bot.ids import new_id
from bot.payloads import Who
from rituals import calendar, huddle
from rituals.blockers import Blocker, BlockerState
from rituals.people import Person, WritesNoPlan
from rituals.plans import (
    AlreadyFiled,
    Answer,
    Item,
    Outcome,
    Plan,
    PlanState,
    Settled,
    as_redirected,
    propose_kpi,
    read_results,
    reconcile,
    settle,
    still_planned,
    words,
)
from rituals.policy import Action, about, require
from storage import blockers, huddles, kpis, outbox, plans, values
from storage.outbox import Message, Policy, Rank, State

HISTORY = timedelta(days=60)
"""How far back a person's own words help to propose a KPI."""
RESPONSE_URL_LIFE = timedelta(minutes=29)
"""Slack lets a response_url live for 30 minutes."""
LOST = {State.EXPIRED, State.DEAD, State.UNKNOWN}
"""States of a prompt that will never be on anybody's screen, so that nothing can be edited."""


@dataclass(frozen=True, slots=True)
class Pressed:
    """The press that an answer came by. `response_url` redraws the message pressed on, `ts`, until `until`."""

    who: Who
    response_url: str | None
    ts: str | None
    until: datetime

    @classmethod
    def of(cls, who: Who, response_url: str | None, ts: str | None) -> Self:
        """A press of this moment: its response_url lives on machine time."""
        return cls(who, response_url, ts, machine_clock() + RESPONSE_URL_LIFE)


def own_plan(tx: Session, plan_id: UUID, who: Who, now: datetime) -> tuple[Plan, Person]:
    """A plan that the person who pressed may write; raises Stranger, Gone or NotAllowed."""
    writer = acting(tx, who, now)
    plan, person = loading.plan_of(tx, plan_id, who.workspace, lock=True)
    require(Action.PLAN_WRITE, writer, about(person))
    return plan, person


def own_plan_to_read(tx: Session, plan_id: UUID, who: Who) -> tuple[Plan, Person]:
    """The same for a form that only shows; raises Stranger, Gone or NotAllowed."""
    reader = actor(tx, who)
    plan, person = loading.plan_of(tx, plan_id, who.workspace)
    require(Action.PLAN_WRITE, reader, about(person))
    return plan, person


def plan_for(tx: Session, person: Person, day: date) -> Plan:
    """A person's plan for a date, made when nobody has asked yet; two at once get the same one."""
    found = plans.find_on(tx, person.id, day)
    if found is None:
        team, _ = loading.team_of(tx, person)
        values.add_new(tx, values.TABLES[Plan], [values.to_columns(blank(person, team.id, day))])
        found = plans.find_on(tx, person.id, day)
    if found is None:
        raise RuntimeError("a plan that was just written is not there")
    return found


def blank(person: Person, team_id: UUID, day: date) -> Plan:
    """A plan that is asked for and has no answer yet."""
    return Plan(
        id=new_id(),
        workspace=person.workspace,
        person_id=person.id,
        team_id=team_id,
        day=day,
        state=PlanState.OPEN,
        filed_at=None,
        late=False,
        revision=0,
        note=None,
        note_shared=False,
        excuse=None,
    )


def file_plan(tx: Session, plan_id: UUID, form: PlanForm, pressed: Pressed, now: datetime) -> None:
    """Keep what a rep says of the day; sending it again edits it, and the same words again change nothing.

    Raises NoResults, TooManyResults, ResultTooLong, WhyDropped; Stranger, Gone or NotAllowed.
    """
    plan, person = own_plan(tx, plan_id, pressed.who, now)
    team, team_huddle = loading.team_of_plan(tx, plan)
    last = plans.last_filed(tx, [person.id], plan.day).get(person.id)
    loaded = plans.items(tx, [plan.id] + ([last.id] if last else []))
    earlier = loaded[last.id] if last else []
    settled = settle(
        loading.still_open(earlier),
        [Settled(item, outcome, form.why.get(item)) for item, outcome in form.settled.items()],
    )
    # The same submission may come again, when what it settles is settled already.
    told = [*settled, *(item for item in earlier if item.id in form.settled)]
    current = loaded[plan.id]
    lines = as_redirected(still_planned(form.today.splitlines(), told), plans.redirects(tx, [i.id for i in current]))
    results = read_results("\n".join(lines))
    first = plan.state is not PlanState.FILED
    filed = replace(
        plan,
        state=PlanState.FILED,
        filed_at=now,
        late=huddle.is_late(team_huddle, person, plan.day, now) if first else plan.late,
        revision=plan.revision + 1,
        note=(form.note or "").strip() or None,
        note_shared=form.share,
        excuse=None,
    )
    blocker = blockers.of_plan(tx, plan.id)
    solves = any(form.solved.get(one.id) for one in blockers.open_of(tx, [person.id]))
    if not first and not solves and _same(plan, filed, current, results, blocker, form):
        announce(tx, plan, person, pressed, now)
        return
    values.save(tx, *settled)
    if not first:
        plans.keep_revision(tx, new_id(), plan, _said(plan, current), now)
    values.save(tx, filed)
    new = _keep_items(tx, filed, current, results)
    carried = {item.text: item for item in earlier}
    _add_items(tx, filed, new, carried)
    _keep_blockers(tx, filed, person, blocker, form, now, first=first)
    outbox.withdraw(tx, plan.workspace, loading.reminder_key(plan.id))
    huddles.mark_stale(tx, team.id, plan.day, now)
    announce(tx, filed, person, pressed, now)


def _same(
    plan: Plan, filed: Plan, items: Sequence[Item], results: Sequence[str], blocker: Blocker | None, form: PlanForm
) -> bool:
    stuck = blocker.text if blocker is not None and blocker.state is BlockerState.OPEN else ""
    return (
        [item.text for item in items] == list(results)
        and (plan.note, plan.note_shared) == (filed.note, filed.note_shared)
        and stuck == (form.stuck or "").strip()
    )


def _said(plan: Plan, items: Sequence[Item]) -> dict[str, Any]:
    return {
        "filed_at": plan.filed_at.isoformat() if plan.filed_at else None,
        "note": plan.note,
        "items": [{"text": item.text, "kpi": str(item.kpi_id) if item.kpi_id else None} for item in items],
    }


def _keep_items(tx: Session, plan: Plan, current: Sequence[Item], results: Sequence[str]) -> Sequence[tuple[int, str]]:
    kept, new = reconcile(current, results)
    standing = {item.id for _, item in kept}
    moved = [replace(item, position=position) for position, item in kept if item.position != position]
    removed = [replace(item, removed_in=plan.revision) for item in current if item.id not in standing]
    values.save(tx, *moved, *removed)
    return new


def _add_items(tx: Session, plan: Plan, new: Sequence[tuple[int, str]], carried: Mapping[str, Item]) -> None:
    if not new:
        return
    known = kpis.of_team(tx, plan.workspace, plan.team_id).values()
    past = own_words(tx, plan)
    values.add(tx, *(_new_item(plan, n, text, carried.get(text), propose_kpi(text, known, past)) for n, text in new))


def own_words(tx: Session, plan: Plan) -> Mapping[UUID, frozenset[str]]:
    """The words that a plan's writer has lately linked to each KPI."""
    past: dict[UUID, frozenset[str]] = {}
    for kpi_id, text in plans.history(tx, plan.person_id, plan.day - HISTORY):
        past[kpi_id] = past.get(kpi_id, frozenset()) | words(text)
    return past


def _new_item(plan: Plan, position: int, text: str, carried: Item | None, proposed: UUID | None) -> Item:
    return Item(
        id=new_id(),
        workspace=plan.workspace,
        plan_id=plan.id,
        position=position,
        text=text,
        kpi_id=carried.kpi_id if carried else proposed,
        guessed=carried.guessed if carried else proposed is not None,
        why_no_kpi=carried.why_no_kpi if carried else None,
        answer=Answer.NONE,
        kept_because=None,
        outcome=Outcome.OPEN,
        dropped_because=None,
        removed_in=None,
    )


def _keep_blockers(
    tx: Session, plan: Plan, person: Person, raised: Blocker | None, form: PlanForm, now: datetime, *, first: bool
) -> None:
    stuck = (form.stuck or "").strip()
    others = [blocker for blocker in blockers.open_of(tx, [person.id]) if blocker.plan_id != plan.id]
    for blocker in others:
        if form.solved.get(blocker.id):
            values.save(tx, replace(blocker, state=BlockerState.RESOLVED))
        elif first:
            values.save(tx, replace(blocker, restated=blocker.restated + 1))
    if raised is not None:
        state = BlockerState.OPEN if stuck else BlockerState.RESOLVED
        values.save(tx, replace(raised, text=stuck or raised.text, state=state))
    elif stuck:
        values.add(
            tx,
            Blocker(
                id=new_id(),
                workspace=plan.workspace,
                number=blockers.next_number(tx, plan.workspace, "B"),
                reporter_id=person.id,
                plan_id=plan.id,
                text=stuck,
                needs=None,
                impact=None,
                state=BlockerState.OPEN,
                opened_at=now,
                opened_on=calendar.local_day(now, person.zone),
                restated=0,
            ),
        )


def same_plan(tx: Session, plan_id: UUID, pressed: Pressed, now: datetime) -> None:
    """File the open results of the last plan again, in one press (F9); an answered plan stays as it is."""
    plan, person = own_plan(tx, plan_id, pressed.who, now)
    if plan.state is PlanState.FILED:
        announce(tx, plan, person, pressed, now)
        return
    file_plan(tx, plan_id, PlanForm(today=carried_text(tx, person, plan.day)), pressed, now)


def carried_text(tx: Session, person: Person, day: date) -> str:
    """The open results of the last plan, a line each."""
    last = plans.last_filed(tx, [person.id], day).get(person.id)
    items = loading.still_open(plans.items(tx, [last.id])[last.id]) if last else []
    return "\n".join(item.text for item in items)


def skip_today(tx: Session, plan_id: UUID, excuse: str, pressed: Pressed, now: datetime) -> None:
    """Excuse a person for the day: no reminder follows, and nobody counts them as missing (F10).

    Raises AlreadyFiled; Stranger, Gone or NotAllowed.
    """
    plan, person = own_plan(tx, plan_id, pressed.who, now)
    if plan.state is PlanState.FILED:
        raise AlreadyFiled
    excused = replace(plan, state=PlanState.EXCUSED, excuse=excuse)
    values.save(tx, excused)
    outbox.withdraw(tx, plan.workspace, loading.reminder_key(plan.id))
    huddles.mark_stale(tx, plan.team_id, plan.day, now)
    announce(tx, excused, person, pressed, now)


def choose_kpis(
    tx: Session, plan_id: UUID, chosen: Mapping[UUID, tuple[UUID | None, str]], pressed: Pressed, now: datetime
) -> None:
    """Confirm or correct which number each result moves; "no number" keeps its why (F6, F7)."""
    plan, person = own_plan(tx, plan_id, pressed.who, now)
    known = kpis.of_team(tx, plan.workspace, plan.team_id)
    if any(kpi_id is not None and kpi_id not in known for kpi_id, _ in chosen.values()):
        raise Gone
    changed = []
    for item in plans.items(tx, [plan.id])[plan.id]:
        if item.id not in chosen:
            continue
        kpi_id, why = chosen[item.id]
        # A ⚠ that gets a number, or a number that goes, is news to the manager: their earlier word was on other facts.
        answer = item.answer if kpi_id == item.kpi_id or item.answer is Answer.REDIRECTED else Answer.NONE
        no_kpi = None if kpi_id is not None else why.strip() or None
        changed.append(replace(item, kpi_id=kpi_id, guessed=False, why_no_kpi=no_kpi, answer=answer))
    values.save(tx, *changed)
    huddles.mark_stale(tx, plan.team_id, plan.day, now)
    announce(tx, plan, person, pressed, now)


def announce(tx: Session, plan: Plan, person: Person, pressed: Pressed | None, now: datetime) -> None:
    """Have the plan's one message show how it stands; without a prompt so far the receipt is a message of its own."""
    body = views.receipt(loading.receipt(tx, plan, person, now))
    key = loading.plan_key(plan.id)
    # A prompt that still waits to be sent asks for what is answered already.
    outbox.withdraw(tx, plan.workspace, key)
    if outbox.state_of(tx, plan.workspace, key) in LOST:
        key = loading.receipt_key(plan.id)
    show(tx, Message(new_id(), plan.workspace, key, Policy.RESEND, Rank.REPLY, body, now), person.slack_id, pressed)
    reminder = loading.reminder_key(plan.id)
    if outbox.state_of(tx, plan.workspace, reminder) in {State.SENDING, State.SENT}:
        over = Message(
            new_id(), plan.workspace, reminder, Policy.DROP, Rank.REPLY, views.reminder_answered(), not_before=now
        )
        show(tx, over, person.slack_id, None)


def show(tx: Session, message: Message, channel: str, pressed: Pressed | None) -> None:
    """Have one message show this body: post it when it was never asked for, else edit it in place."""
    if outbox.post(tx, message, channel):
        return
    place = outbox.place_of(tx, message.workspace, message.key)
    if pressed is not None and (place is None or place.ts != pressed.ts):
        # The press was on another message, a reminder for one, and its response_url would overwrite that.
        pressed = None
    outbox.edit(
        tx,
        replace(message, id=new_id(), key=loading.edit_key(message.key)),
        message.key,
        response_url=pressed.response_url if pressed else None,
        response_until=pressed.until if pressed else None,
    )


def find_plan(tx: Session, who: Who, now: datetime) -> UUID:
    """Today's plan of whoever asks, by their own calendar, made when it is not there (F23).

    Raises Stranger or WritesNoPlan.
    """
    person = actor(tx, who)
    if not person.plans:
        raise WritesNoPlan
    if person.team_id is None or huddles.of_team(tx, person.team_id) is None:
        raise Stranger(who)
    return plan_for(tx, person, calendar.local_day(now, person.zone)).id


def post_to_channel(tx: Session, day: Day, now: datetime) -> None:
    """Post a team's one line and, in its thread, what people ticked for the team; once a day (F17)."""
    key = loading.post_key(day.team.id, day.day)
    body = card_views.channel_post(day)
    line = Message(new_id(), day.team.workspace, key, Policy.HOLD, Rank.DIGEST, body, now)
    if day.team.channel is not None and outbox.post(tx, line, day.team.channel):
        thread = card_views.channel_thread(day)
        if thread is not None:
            outbox.reply(tx, replace(line, id=new_id(), key=f"{key}:thread", body=thread), key)


def correct_channel(tx: Session, day: Day, now: datetime) -> None:
    """Bring the team's line up to date after late answers, in place (F15)."""
    key = loading.post_key(day.team.id, day.day)
    body = card_views.channel_post(day)
    if outbox.shown(tx, day.team.workspace, key, loading.edit_key(key)) != body:
        line = Message(new_id(), day.team.workspace, loading.edit_key(key), Policy.RESEND, Rank.DIGEST, body, now)
        outbox.edit(tx, line, key)
