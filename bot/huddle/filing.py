"""The transactions that answer a day: file, same plan, skip. Each leaves what must be said in the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import Gone
from bot.huddle import answering_teams, loading, own_plans, receipts, stuck
from bot.huddle.before import Before, meeting
from bot.huddle.form_views import PlanForm
from bot.ids import new_id
from bot.payloads import Who
from bot.pressed import Pressed
from rituals import calendar, huddle
from rituals.blockers import StuckSinceLater
from rituals.kpis import Kpi
from rituals.plans import (
    AlreadyFiled,
    Answer,
    Item,
    Outcome,
    Plan,
    PlanState,
    SavedMeanwhile,
    Settled,
    as_redirected,
    read_results,
    reconcile,
    settle,
    still_planned,
)
from rituals.proposals import Learned, learn, propose_kpi
from rituals.team_questions import Asked, require_answers
from storage import drafts, huddles, plans, team_questions, values

HISTORY = timedelta(days=60)
"""How far back a person's own results help to propose a KPI."""


def file_plan(
    tx: Session, plan_id: UUID, form: PlanForm, pressed: Pressed, now: datetime, seen: int | None = None
) -> None:
    """Keep what a rep says of the day; sending it again edits it, and the same words again change nothing.

    `seen` is the revision that the form was opened on: of two windows the second does not write over the first unseen.
    Raises NoResults, TooManyResults, ResultTooLong, WhyDropped, StuckSinceLater, NeedsOwner, AnswerNeeded,
    SavedMeanwhile; Stranger, Gone or NotAllowed.
    """
    was = meeting(tx, plan_id, pressed.who, now)
    settled = settle(
        loading.still_open(was.earlier),
        [Settled(item, outcome, form.why.get(item)) for item, outcome in form.settled.items()],
    )
    # The same submission may come again, when what it settles is settled already.
    told = [*settled, *(item for item in was.earlier if item.id in form.settled)]
    if form.since is not None and form.since > calendar.local_day(now, was.person.zone):
        raise StuckSinceLater
    results = read_results("\n".join(as_redirected(still_planned(form.today.splitlines(), told), was.redirects)))
    require_answers(was.asked, form.answers)
    filed = _filed(was, form, now)
    if _same(tx, was, filed, results, form):
        receipts.announce(tx, was.plan, was.person, pressed, now)
        return
    if not was.first and seen is not None and seen != was.plan.revision:
        raise SavedMeanwhile(was.plan, was.items, was.person.zone)
    values.save(tx, *settled, was=was.earlier)
    if not was.first:
        plans.keep_revision(tx, new_id(), was.plan, _said(was.plan, was.items, was.asked), now)
    values.save(tx, filed, was=[was.plan])
    drafts.drop(tx, filed.id)
    _keep_items(tx, was, filed, results)
    stuck.keep(tx, was, form, pressed, now)
    answering_teams.keep(tx, filed, was.asked, form.answers)
    if was.first and not filed.late and form.mood is not None:
        answering_teams.count_mood(tx, filed, was.asked, form.mood)
    huddles.mark_stale(tx, was.team.id, filed.day, now)
    receipts.announce(tx, filed, was.person, pressed, now)


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


def _same(tx: Session, was: Before, filed: Plan, results: Sequence[str], form: PlanForm) -> bool:
    blocker = was.blocker
    said = blocker.text if blocker is not None and blocker.live else ""
    return (
        not was.first
        and not any(form.solved.get(one.id) or form.sent_up.get(one.id) for one in was.stuck)
        and [item.text for item in was.items] == list(results)
        and (was.plan.note, was.plan.note_shared) == (filed.note, filed.note_shared)
        and said == (form.stuck or "").strip()
        and all(one.text == form.answers.get(one.question.id, one.text).strip() for one in was.asked)
        and (blocker is None or stuck.said_of(tx, was, blocker, form) == blocker)
    )


def _said(plan: Plan, items: Sequence[Item], asked: Sequence[Asked]) -> dict[str, Any]:
    return {
        "filed_at": plan.filed_at.isoformat() if plan.filed_at else None,
        "note": plan.note,
        "items": [{"text": item.text, "kpi": str(item.kpi_id) if item.kpi_id else None} for item in items],
        "answers": {one.question.text: one.text for one in asked if one.answer is not None},
    }


def _keep_items(tx: Session, was: Before, plan: Plan, results: Sequence[str]) -> None:
    """Bring a plan's items in line with its results."""
    kept, new = reconcile(was.items, results)
    standing = {item.id for _, item in kept}
    moved = [replace(item, position=position) for position, item in kept if item.position != position]
    removed = [replace(item, removed_in=plan.revision) for item in was.items if item.id not in standing]
    values.save(tx, *moved, *removed, was=was.items)
    carried = {item.text: item for item in was.earlier if item.kpi_id is None or item.kpi_id in was.kpis}
    if new:
        learned = own_past(tx, plan, was.kpis)
        added = (_new_item(plan, n, text, carried.get(text), propose_kpi(text, learned)) for n, text in new)
        values.add(tx, *added)


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


def same_plan(tx: Session, plan_id: UUID, pressed: Pressed, now: datetime) -> None:
    """File the open results of the last plan again, in one press (F9); an answered plan stays as it is.

    The same plan gives the same answers to what the team asked then, too. A question that must be answered and is new
    does not stand in the way of the one press: the receipt and the manager's card show that its answer is still open.
    """
    found = own_plans.to_write(tx, plan_id, pressed.who, now)
    plan, person = found.plan, found.person
    if plan.state is PlanState.FILED:
        receipts.announce(tx, plan, person, pressed, now)
        return
    file_plan(tx, plan_id, _carried(tx, plan), pressed, now)


def _carried(tx: Session, plan: Plan) -> PlanForm:
    """The open results of the last plan, and its answers."""
    promised = plans.promised(tx, plan)
    if promised.last is None:
        return PlanForm()
    today = "\n".join(item.text for item in loading.still_open(promised.earlier))
    return PlanForm(today=today, answers=dict(team_questions.answers_of(tx, promised.last.id)))


def keep_draft(tx: Session, plan_id: UUID, form: PlanForm, who: Who, now: datetime) -> None:
    """Keep what stands in somebody's form, but for how they feel (F118); raises Stranger, Gone or NotAllowed."""
    plan = own_plans.to_read(tx, plan_id, who).plan
    drafts.keep(tx, plan.workspace, plan.id, form.model_dump(mode="json", exclude={"mood"}), now)


def file_draft(tx: Session, plan_id: UUID, pressed: Pressed, now: datetime, seen: int) -> None:
    """File what stands in the draft of a plan, over what is saved as revision `seen`; raises what `file_plan` does."""
    own_plans.to_read(tx, plan_id, pressed.who)
    draft = drafts.find(tx, plan_id, now)
    if draft is None:
        raise Gone
    file_plan(tx, plan_id, PlanForm.model_validate(draft[0]), pressed, now, seen)


def skip_today(tx: Session, plan_id: UUID, excuse: str, pressed: Pressed, now: datetime) -> None:
    """Excuse a person for the day: no reminder follows, and nobody counts them as missing (F10).

    Raises AlreadyFiled; Stranger, Gone or NotAllowed.
    """
    found = own_plans.to_write(tx, plan_id, pressed.who, now)
    plan, person = found.plan, found.person
    if plan.state is PlanState.FILED:
        raise AlreadyFiled
    excused = replace(plan, state=PlanState.EXCUSED, excuse=excuse)
    values.save(tx, excused)
    huddles.mark_stale(tx, plan.team_id, plan.day, now)
    receipts.announce(tx, excused, person, pressed, now)
