"""The transactions that answer a day: file, same plan, skip. Each leaves what must be said in the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import UUID

from sqlalchemy.orm import Session

from bot import grammar
from bot.acting import acting, actor, stranger
from bot.clock import machine_clock
from bot.errors import Gone
from bot.huddle import card_views, loading, views
from bot.huddle.card_views import Day
from bot.huddle.views import PlanForm, Receipt
from bot.ids import new_id, same_id
from bot.payloads import Who
from rituals import calendar, huddle
from rituals.blockers import Blocker, BlockerState, StuckSinceLater
from rituals.huddle import Huddle
from rituals.kpis import Kpi
from rituals.people import Person, Team, WritesNoPlan
from rituals.plans import (
    AlreadyFiled,
    Answer,
    Item,
    NoSuchDay,
    Outcome,
    Plan,
    PlanState,
    Redirect,
    Settled,
    TooFarAhead,
    as_redirected,
    read_results,
    reconcile,
    settle,
    still_planned,
)
from rituals.policy import Action, about, require
from rituals.proposals import Learned, learn, propose_kpi
from storage import blockers, calendars, drafts, huddles, kpis, outbox, plans, values
from storage.outbox import Message, Policy, Rank, Standing, State
from storage.plans import Written

HISTORY = timedelta(days=60)
"""How far back a person's own results help to propose a KPI."""
AHEAD = timedelta(days=14)
"""How far ahead somebody may plan."""
RESPONSE_URL_LIFE = timedelta(minutes=29)
"""Slack lets a response_url live for 30 minutes."""
LOST = {State.EXPIRED, State.DEAD, State.UNKNOWN}
"""States of a prompt that will never be on anybody's screen, so that nothing can be edited."""

LIVE = {State.READY, State.SENDING, State.SENT}
"""States of a message that is on somebody's screen, or will be unless it is taken back."""


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


def own_plan(tx: Session, plan_id: UUID, who: Who, now: datetime) -> Written:
    """A plan that the person who pressed may write; raises Stranger, Gone or NotAllowed."""
    writer = acting(tx, who, now)
    found = loading.written(tx, plan_id, who.workspace, lock=True)
    require(Action.PLAN_WRITE, writer, about(found.person))
    return found


def own_plan_to_read(tx: Session, plan_id: UUID, who: Who) -> Written:
    """The same for a form that only shows; raises Stranger, Gone or NotAllowed."""
    reader = actor(tx, who)
    found = loading.written(tx, plan_id, who.workspace)
    require(Action.PLAN_WRITE, reader, about(found.person))
    return found


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
        id=same_id("plan", person.id, day),
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


@dataclass(frozen=True, slots=True)
class Before:
    """All that a submission meets, read once.

    `items` stand in the plan now, `redirects` are theirs, `earlier` stood in the one before; `blocker` is the plan's
    own, `stuck` the others.
    """

    plan: Plan
    person: Person
    team: Team
    huddle: Huddle
    items: Sequence[Item]
    redirects: Mapping[UUID, Redirect]
    earlier: Sequence[Item]
    blocker: Blocker | None
    stuck: Sequence[Blocker]
    kpis: Mapping[UUID, Kpi]

    @property
    def first(self) -> bool:
        """Whether this is the day's first answer and no edit."""
        return self.plan.state is not PlanState.FILED


def _before(tx: Session, plan_id: UUID, who: Who, now: datetime) -> Before:
    found = own_plan(tx, plan_id, who, now)
    plan, person = found.plan, found.person
    if found.team is None or found.huddle is None:
        raise Gone
    last = plans.last_filed(tx, [person.id], plan.day).get(person.id)
    items = plans.items(tx, [plan.id] + ([last.id] if last else []))
    blocker, stuck = blockers.concerning(tx, person.id, plan.id)
    return Before(
        plan=plan,
        person=person,
        team=found.team,
        huddle=found.huddle,
        items=items[plan.id],
        redirects=plans.redirects(tx, [item.id for item in items[plan.id]]),
        earlier=items[last.id] if last else (),
        blocker=blocker,
        stuck=stuck,
        kpis=kpis.of_team(tx, plan.workspace, plan.team_id),
    )


def file_plan(tx: Session, plan_id: UUID, form: PlanForm, pressed: Pressed, now: datetime) -> None:
    """Keep what a rep says of the day; sending it again edits it, and the same words again change nothing.

    Raises NoResults, TooManyResults, ResultTooLong, WhyDropped, StuckSinceLater; Stranger, Gone or NotAllowed.
    """
    was = _before(tx, plan_id, pressed.who, now)
    settled = settle(
        loading.still_open(was.earlier),
        [Settled(item, outcome, form.why.get(item)) for item, outcome in form.settled.items()],
    )
    # The same submission may come again, when what it settles is settled already.
    told = [*settled, *(item for item in was.earlier if item.id in form.settled)]
    if form.since is not None and form.since > calendar.local_day(now, was.person.zone):
        raise StuckSinceLater
    results = read_results("\n".join(as_redirected(still_planned(form.today.splitlines(), told), was.redirects)))
    filed = _filed(was, form, now)
    if _same(was, filed, results, form):
        show_receipt(tx, _receipt(tx, was, was.plan, was.items, was.blocker, now), pressed, now)
        return
    values.save(tx, *settled, was=was.earlier)
    if not was.first:
        plans.keep_revision(tx, new_id(), was.plan, _said(was.plan, was.items), now)
    values.save(tx, filed, was=[was.plan])
    drafts.drop(tx, filed.id)
    items = _keep_items(tx, was, filed, results)
    blocker = _keep_blockers(tx, was, form, now)
    huddles.mark_stale(tx, was.team.id, filed.day, now)
    show_receipt(tx, _receipt(tx, was, filed, items, blocker, now), pressed, now)


def _filed(was: Before, form: PlanForm, now: datetime) -> Plan:
    return replace(
        was.plan,
        state=PlanState.FILED,
        filed_at=now,
        late=huddle.is_late(was.huddle, was.person, was.plan.day, now) if was.first else was.plan.late,
        revision=was.plan.revision + 1,
        note=(form.note or "").strip() or None,
        note_shared=form.share,
        excuse=None,
    )


def _same(was: Before, filed: Plan, results: Sequence[str], form: PlanForm) -> bool:
    blocker = was.blocker
    stuck = blocker.text if blocker is not None and blocker.state is BlockerState.OPEN else ""
    return (
        not was.first
        and not any(form.solved.get(one.id) for one in was.stuck)
        and [item.text for item in was.items] == list(results)
        and (was.plan.note, was.plan.note_shared) == (filed.note, filed.note_shared)
        and stuck == (form.stuck or "").strip()
        and (blocker is None or _said_of(blocker, form) == blocker)
    )


def _said_of(blocker: Blocker, form: PlanForm) -> Blocker:
    """The blocker with what the form says of it; a form that did not ask leaves it as it is (F20)."""
    if form.needs is None and form.impact is None and form.since is None:
        return blocker
    return replace(
        blocker,
        needs=(form.needs or "").strip() or None,
        impact=form.impact,
        opened_on=form.since or blocker.opened_on,
    )


def _said(plan: Plan, items: Sequence[Item]) -> dict[str, Any]:
    return {
        "filed_at": plan.filed_at.isoformat() if plan.filed_at else None,
        "note": plan.note,
        "items": [{"text": item.text, "kpi": str(item.kpi_id) if item.kpi_id else None} for item in items],
    }


def _keep_items(tx: Session, was: Before, plan: Plan, results: Sequence[str]) -> Sequence[Item]:
    """Bring a plan's items in line with its results; return those that stand now, in order."""
    kept, new = reconcile(was.items, results)
    standing = {item.id for _, item in kept}
    placed = [replace(item, position=position) if item.position != position else item for position, item in kept]
    removed = [replace(item, removed_in=plan.revision) for item in was.items if item.id not in standing]
    positions = {item.id: item.position for item in was.items}
    values.save(tx, *(item for item in placed if item.position != positions[item.id]), *removed, was=was.items)
    carried = {item.text: item for item in was.earlier if item.kpi_id is None or item.kpi_id in was.kpis}
    added = []
    if new:
        learned = own_past(tx, plan, was.kpis)
        added = [_new_item(plan, n, text, carried.get(text), propose_kpi(text, learned)) for n, text in new]
        values.add(tx, *added)
    return sorted([*placed, *added], key=lambda item: item.position)


def own_past(tx: Session, plan: Plan, known: Mapping[UUID, Kpi]) -> Learned:
    """What a plan's writer has lately linked to each of these KPIs, or to none."""
    names = {kpi.id: kpi.name for kpi in known.values()}
    return learn(names, plans.history(tx, plan.person_id, plan.day - HISTORY))


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


def _keep_blockers(tx: Session, was: Before, form: PlanForm, now: datetime) -> Blocker | None:
    """Write what the form says of blockers; return the plan's own."""
    said = (form.stuck or "").strip()
    for blocker in was.stuck:
        if form.solved.get(blocker.id):
            values.save(tx, replace(blocker, state=BlockerState.RESOLVED))
        elif was.first:
            values.save(tx, replace(blocker, restated=blocker.restated + 1))
    if was.blocker is not None:
        state = BlockerState.OPEN if said else BlockerState.RESOLVED
        told = _said_of(was.blocker, form)
        changed = replace(told, text=said or was.blocker.text, state=state)
        values.save(tx, changed)
        return changed
    if not said:
        return None
    raised = Blocker(
        id=new_id(),
        workspace=was.plan.workspace,
        number=blockers.next_number(tx, was.plan.workspace, "B"),
        reporter_id=was.person.id,
        plan_id=was.plan.id,
        text=said,
        needs=None,
        impact=None,
        state=BlockerState.OPEN,
        opened_at=now,
        opened_on=calendar.local_day(now, was.person.zone),
        restated=0,
    )
    raised = _said_of(raised, form)
    values.add(tx, raised)
    return raised


def same_plan(tx: Session, plan_id: UUID, pressed: Pressed, now: datetime) -> None:
    """File the open results of the last plan again, in one press (F9); an answered plan stays as it is."""
    found = own_plan(tx, plan_id, pressed.who, now)
    plan, person = found.plan, found.person
    if plan.state is PlanState.FILED:
        announce(tx, plan, person, pressed, now)
        return
    file_plan(tx, plan_id, PlanForm(today=carried_text(tx, person, plan.day)), pressed, now)


def carried_text(tx: Session, person: Person, day: date) -> str:
    """The open results of the last plan, a line each."""
    last = plans.last_filed(tx, [person.id], day).get(person.id)
    items = loading.still_open(plans.items(tx, [last.id])[last.id]) if last else []
    return "\n".join(item.text for item in items)


def keep_draft(tx: Session, plan_id: UUID, form: PlanForm, who: Who, now: datetime) -> None:
    """Keep what stands in somebody's form; raises Stranger, Gone or NotAllowed."""
    plan = own_plan_to_read(tx, plan_id, who).plan
    drafts.keep(tx, plan.workspace, plan.id, form.model_dump(mode="json"), now)


def skip_today(tx: Session, plan_id: UUID, excuse: str, pressed: Pressed, now: datetime) -> None:
    """Excuse a person for the day: no reminder follows, and nobody counts them as missing (F10).

    Raises AlreadyFiled; Stranger, Gone or NotAllowed.
    """
    found = own_plan(tx, plan_id, pressed.who, now)
    plan, person = found.plan, found.person
    if plan.state is PlanState.FILED:
        raise AlreadyFiled
    excused = replace(plan, state=PlanState.EXCUSED, excuse=excuse)
    values.save(tx, excused)
    huddles.mark_stale(tx, plan.team_id, plan.day, now)
    announce(tx, excused, person, pressed, now)


def choose_kpis(
    tx: Session, plan_id: UUID, chosen: Mapping[UUID, tuple[UUID | None, str]], pressed: Pressed, now: datetime
) -> None:
    """Confirm or correct which number each result moves; "no number" keeps its why (F6, F7)."""
    found = own_plan(tx, plan_id, pressed.who, now)
    plan, person = found.plan, found.person
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


def _receipt(
    tx: Session, was: Before, plan: Plan, items: Sequence[Item], blocker: Blocker | None, now: datetime
) -> Receipt:
    return Receipt(
        plan=plan,
        person=was.person,
        frame=loading.frame_of(tx, was.huddle, was.team, was.person, plan.day, now),
        items=items,
        redirects=was.redirects,
        kpis=was.kpis,
        blocker=blocker,
    )


def announce(tx: Session, plan: Plan, person: Person, pressed: Pressed | None, now: datetime) -> None:
    """Have the plan's one message show how it stands."""
    show_receipt(tx, loading.receipt(tx, plan, person, now), pressed, now)


def show_receipt(tx: Session, shown: Receipt, pressed: Pressed | None, now: datetime) -> None:
    """Have the plan's one message show this; without a prompt so far the receipt is a message of its own.

    What still waits to be sent asks for what is answered already, and is taken back; a reminder that is out says that
    nothing is left to do.
    """
    plan, channel = shown.plan, shown.person.slack_id
    key, instead, reminder = (of(plan.id) for of in (loading.plan_key, loading.receipt_key, loading.reminder_key))
    standing = outbox.standing(tx, plan.workspace, (key, instead, reminder))
    asked = standing.get(key)
    if asked is not None and (asked.state in LOST or _withdrawn(tx, plan, key, asked)):
        key = instead
    message = Message(new_id(), plan.workspace, key, Policy.RESEND, Rank.REPLY, views.receipt(shown), now)
    _show(tx, message, channel, pressed, standing.get(key))
    reminded = standing.get(reminder)
    if reminded is not None and reminded.state in LIVE and not _withdrawn(tx, plan, reminder, reminded):
        body = views.reminder_answered()
        over = Message(new_id(), plan.workspace, reminder, Policy.DROP, Rank.REPLY, body, now)
        _show(tx, over, channel, None, reminded)


def _withdrawn(tx: Session, plan: Plan, key: str, standing: Standing) -> bool:
    """Whether a message that had not been sent when we looked is taken back; not if it has been claimed meanwhile."""
    return standing.state == State.READY and outbox.withdraw(tx, plan.workspace, key)


def show(tx: Session, message: Message, channel: str, pressed: Pressed | None) -> None:
    """Have one message show this body: post it when it was never asked for, else edit it in place."""
    _show(tx, message, channel, pressed, outbox.standing(tx, message.workspace, [message.key]).get(message.key))


def _show(tx: Session, message: Message, channel: str, pressed: Pressed | None, standing: Standing | None) -> None:
    # Asked for by somebody else in the same moment, it is not posted, and edited like one that we knew of.
    if standing is None and outbox.post(tx, message, channel):
        return
    place = None if standing is None else standing.place
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


def find_plan(tx: Session, who: Who, now: datetime, typed: str = "") -> UUID:
    """The plan of whoever asks for today or a day ahead, by their own calendar, made when it is not there (F12, F23).

    Raises Stranger, WritesNoPlan, NoSuchDay or TooFarAhead.
    """
    person = actor(tx, who)
    if not person.plans:
        raise WritesNoPlan
    if person.team_id is None or huddles.of_team(tx, person.team_id) is None:
        raise stranger(tx, who)
    return plan_for(tx, person, _day_meant(tx, person, typed, calendar.local_day(now, person.zone))).id


def _day_meant(tx: Session, person: Person, typed: str, today: date) -> date:
    """Today, a day that was typed, or for "tomorrow" the next day that the person works."""
    if typed.strip().casefold() == "tomorrow":
        off = calendars.days_off(tx, person.workspace, [person.id], today, today + AHEAD)
        following = calendar.next_working_day(today, lambda day: off.on(person, day) is None)
        day = following or today + timedelta(days=1)
    else:
        read = grammar.when(typed, today) if typed else (today, "")
        if read is None or read[1]:
            raise NoSuchDay(typed)
        day = read[0]
    if not today <= day <= today + AHEAD:
        raise TooFarAhead(day)
    return day


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
