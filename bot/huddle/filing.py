"""The transactions that answer a day: file, same plan, skip. Each leaves what must be said in the outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import Gone
from bot.huddle import loading, own_plans, receipts
from bot.huddle.form_views import PlanForm
from bot.huddle.receipts import Pressed
from bot.huddle.views import Receipt
from bot.ids import new_id
from bot.payloads import Who
from rituals import blockers as rules
from rituals import calendar, huddle
from rituals.blockers import Blocker, BlockerState, StuckSinceLater
from rituals.huddle import Huddle
from rituals.kpis import Kpi
from rituals.people import Person, Team
from rituals.plans import (
    AlreadyFiled,
    Answer,
    Item,
    Outcome,
    Plan,
    PlanState,
    Redirect,
    Settled,
    as_redirected,
    read_results,
    reconcile,
    settle,
    still_planned,
)
from rituals.proposals import Learned, learn, propose_kpi
from storage import blockers, drafts, huddles, kpis, plans, values

HISTORY = timedelta(days=60)
"""How far back a person's own results help to propose a KPI."""


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
    found = own_plans.to_write(tx, plan_id, who, now)
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
        receipts.show_receipt(tx, _receipt(tx, was, was.plan, was.items, was.blocker, now), pressed, now)
        return
    values.save(tx, *settled, was=was.earlier)
    if not was.first:
        plans.keep_revision(tx, new_id(), was.plan, _said(was.plan, was.items), now)
    values.save(tx, filed, was=[was.plan])
    drafts.drop(tx, filed.id)
    items = _keep_items(tx, was, filed, results)
    blocker = _keep_blockers(tx, was, form, now)
    huddles.mark_stale(tx, was.team.id, filed.day, now)
    receipts.show_receipt(tx, _receipt(tx, was, filed, items, blocker, now), pressed, now)


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
    stuck = blocker.text if blocker is not None and blocker.live else ""
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
            values.save(tx, rules.resolve(blocker, was.person, None, now))
        elif was.first:
            values.save(tx, replace(blocker, restated=blocker.restated + 1))
    if was.blocker is not None:
        changed = _edited(was.blocker, said, was.person, form, now)
        if changed != was.blocker:
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


def _edited(raised: Blocker, said: str, by: Person, form: PlanForm, now: datetime) -> Blocker:
    """The plan's own blocker after an edit: without words it is solved, with words again it is stuck again."""
    if not said:
        return rules.resolve(raised, by, None, now) if raised.live else raised
    told = replace(_said_of(raised, form), text=said)
    return told if raised.live else rules.reopen(told, now)


def same_plan(tx: Session, plan_id: UUID, pressed: Pressed, now: datetime) -> None:
    """File the open results of the last plan again, in one press (F9); an answered plan stays as it is."""
    found = own_plans.to_write(tx, plan_id, pressed.who, now)
    plan, person = found.plan, found.person
    if plan.state is PlanState.FILED:
        receipts.announce(tx, plan, person, pressed, now)
        return
    file_plan(tx, plan_id, PlanForm(today=carried_text(tx, person, plan.day)), pressed, now)


def carried_text(tx: Session, person: Person, day: date) -> str:
    """The open results of the last plan, a line each."""
    last = plans.last_filed(tx, [person.id], day).get(person.id)
    items = loading.still_open(plans.items(tx, [last.id])[last.id]) if last else []
    return "\n".join(item.text for item in items)


def keep_draft(tx: Session, plan_id: UUID, form: PlanForm, who: Who, now: datetime) -> None:
    """Keep what stands in somebody's form; raises Stranger, Gone or NotAllowed."""
    plan = own_plans.to_read(tx, plan_id, who).plan
    drafts.keep(tx, plan.workspace, plan.id, form.model_dump(mode="json"), now)


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


def choose_kpis(
    tx: Session, plan_id: UUID, chosen: Mapping[UUID, tuple[UUID | None, str]], pressed: Pressed, now: datetime
) -> None:
    """Confirm or correct which number each result moves; "no number" keeps its why (F6, F7)."""
    found = own_plans.to_write(tx, plan_id, pressed.who, now)
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
    receipts.announce(tx, plan, person, pressed, now)


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
