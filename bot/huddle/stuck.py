"""What a plan's form says of blockers: the one that it raises, those solved, those still there (F20, F25, F32, F34)."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.blockers import acts, closing, news, planning, raising, views
from bot.blockers.loading import book
from bot.blockers.news import Desk
from bot.blockers.raising import Facts
from bot.catalogue import say
from bot.huddle.before import Before
from bot.huddle.form_views import PlanForm
from bot.ids import new_id
from bot.pressed import Pressed
from rituals import blockers as rules
from rituals import blockers_life as life
from rituals.blockers import Blocker
from rituals.ladder import NobodyAbove
from rituals.people import Person
from storage import values


def keep(tx: Session, was: Before, form: PlanForm, pressed: Pressed, now: datetime) -> None:
    """Write what the form says of blockers; raises StuckSinceLater or NeedsOwner.

    On a day's first answer what is not solved is restated; the fourth time it goes up instead, if the form says so.
    """
    for blocker in was.stuck:
        if form.solved.get(blocker.id):
            _close(tx, blocker, was.person, now)
        elif form.sent_up.get(blocker.id) and rules.too_often(blocker):
            _send_up(tx, blocker, pressed, now)
        elif was.first:
            values.save(tx, life.restate(blocker), was=[blocker])
    _keep_own(tx, was, form, now)


def _send_up(tx: Session, blocker: Blocker, pressed: Pressed, now: datetime) -> None:
    """It goes up without words; where nobody stands above whoever must act, it becomes theirs."""
    try:
        acts.escalate(tx, blocker.id, None, None, pressed, now)
    except NobodyAbove:
        acts.fall_to_holder(tx, blocker.id, pressed, now)


def _close(tx: Session, blocker: Blocker, person: Person, now: datetime) -> None:
    solved = life.resolve(blocker, person, None, now)
    values.save(tx, solved, was=[blocker])
    planning.place(tx, [solved], now)
    desk = Desk(book(tx, [solved], now), solved, now)
    news.redraw(tx, desk, None)
    closing.say_closed(tx, desk, person)


def facts_of(was: Before, form: PlanForm) -> Facts:
    """What the form says of the blocker that the plan raises."""
    text = (form.stuck or "").strip()
    return Facts(text, needs=form.needs, impact=form.impact, since=form.since, plan_id=was.plan.id)


def _keep_own(tx: Session, was: Before, form: PlanForm, now: datetime) -> None:
    """One a plan, however often it is sent (F25)."""
    facts, standing = facts_of(was, form), was.blocker
    if standing is None:
        if facts.text:
            raising.raised(tx, was.person, facts, new_id(), now)
        return
    if not facts.text:
        _emptied(tx, standing, was.person, now)
        return
    changed = said_of(tx, was, replace(standing, text=facts.text), form)
    changed = changed if changed.live else life.reopen(changed, now)
    if changed != standing:
        values.save(tx, changed, was=[standing])
        raising.settled(tx, changed, standing, now)


def said_of(tx: Session, was: Before, blocker: Blocker, form: PlanForm) -> Blocker:
    """The blocker with what the form says of it; a form that did not ask leaves it as it is (F20)."""
    tagged = replace(blocker, tags=rules.tags_of(blocker.text))
    if form.needs is None and form.impact is None and form.since is None:
        return tagged
    return raising.told(tx, tagged, was.person, facts_of(was, form))


def _emptied(tx: Session, standing: Blocker, person: Person, now: datetime) -> None:
    """The plan no longer names it: solved, unless others are involved; then its reporter is asked (F32)."""
    if not standing.live:
        return
    if not standing.shared:
        _close(tx, standing, person, now)
        return
    desk = Desk(book(tx, [standing], now), standing, now)
    words = say("Your plan no longer names *{label}*, and others are on it. Still stuck?", label=standing.label)
    buttons = views.still_stuck_buttons(standing)
    news.tell(tx, desk, [person], f"asked:{standing.id}:{standing.version}", words, buttons)
