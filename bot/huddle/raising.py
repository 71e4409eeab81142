"""What a plan's form says of blockers: its own, which it raises and edits, and those that stand already (F20, F25)."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.huddle.before import Before
from bot.huddle.form_views import PlanForm
from bot.ids import new_id
from rituals import blockers as rules
from rituals import calendar
from rituals.blockers import Blocker, BlockerState
from rituals.people import Person
from storage import blockers, values


def told_of(blocker: Blocker, form: PlanForm) -> Blocker:
    """The blocker with what the form says of it; a form that did not ask leaves it as it is (F20)."""
    if form.needs is None and form.impact is None and form.since is None:
        return blocker
    return replace(
        blocker,
        needs=(form.needs or "").strip() or None,
        impact=form.impact,
        opened_on=form.since or blocker.opened_on,
    )


def keep(tx: Session, was: Before, form: PlanForm, now: datetime) -> Blocker | None:
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
    raised = told_of(raised, form)
    values.add(tx, raised)
    return raised


def _edited(raised: Blocker, said: str, by: Person, form: PlanForm, now: datetime) -> Blocker:
    """The plan's own blocker after an edit: without words it is solved, with words again it is stuck again."""
    if not said:
        return rules.resolve(raised, by, None, now) if raised.live else raised
    told = replace(told_of(raised, form), text=said)
    return told if raised.live else rules.reopen(told, now)
