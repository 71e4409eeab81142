"""What follows a decision: it replaces another, others are affected, and its outcome is reviewed (F72, F74, F75)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting
from bot.catalogue import Mrkdwn, say
from bot.decisions import clock, loading, telling
from bot.payloads import Who
from rituals import decisions as rules
from rituals.decisions import IN_FORCE, Decision, Outcome
from rituals.people import Person
from rituals.policy import Action, require
from storage import decisions, kpis, people, values


def affected_owners(tx: Session, decision: Decision) -> list[UUID]:
    """Who answers for the teams and functions that it affects: each is asked to read it, once (F72)."""
    effects = decisions.effects(tx, [decision.id])
    if not effects:
        return []
    heads = {one.id: one.head_id for one in kpis.functions(tx, decision.workspace)}
    managers = {team.id: team.manager_id for team in people.teams(tx, decision.workspace)}
    owners = [{**heads, **managers}.get(effect.place) for effect in effects]
    active = people.some(tx, filter(None, owners))
    mine = {decision.owner_id, decision.author_id}
    return [one for one in dict.fromkeys(filter(None, owners)) if one not in mine and active[one].active]


def mark_told(tx: Session, decision: Decision, now: datetime) -> None:
    """From now on what it affects is on that month's agenda."""
    fresh = [effect for effect in decisions.effects(tx, [decision.id]) if effect.told_at is None]
    values.save(tx, *(replace(effect, told_at=now) for effect in fresh), was=fresh)


def settled(tx: Session, decision: Decision, by: Person, now: datetime) -> None:
    """It is in force now: what it replaces gives way, with a line in its change log."""
    old = None if decision.supersedes_id is None else decisions.find(tx, decision.supersedes_id, lock=True)
    if old is not None and old.state in IN_FORCE:
        _give_way(tx, old, decision, by, now)


def _give_way(tx: Session, old: Decision, new: Decision, by: Person, now: datetime) -> None:
    gone = rules.supersede(old, new)
    act = loading.act("superseded", by, now, new.because or new.chosen, new.settled_by_id)
    # Before and after of a commitment are what was chosen then and is chosen now (F71).
    decisions.write(tx, gone, act, was=old, saying=(old.chosen, new.chosen))
    clock.reschedule(tx, gone)
    telling.redraw(tx, gone, now)
    words = say("it gave way to *{label} {title}*.", label=new.label, title=new.title)
    telling.tell(tx, gone, f"decision-superseded:{gone.id}", words, by, now)


def supersede(tx: Session, who: Who, old_text: str, now: datetime) -> Mrkdwn:
    """`/decide supersede D-12 with D-18`: at once when D-18 is in force, else as soon as it is.

    Raises NoSuchDecision, NotAllowed, Settled or SameDecision.
    """
    by = acting(tx, who, now)
    first, rest = loading.named(tx, who.workspace, old_text)
    second, _ = loading.named(tx, who.workspace, rest.removeprefix("with").removeprefix("by"))
    # In one order for everybody: two at once must not wait for each other.
    locked = {one: loading.of_id(tx, who.workspace, one, lock=True) for one in sorted({first.id, second.id})}
    old, was = locked[first.id], locked[second.id]
    require(Action.DECISION_FOLLOW, by, loading.thing(tx, old, now))
    require(Action.DECISION_WRITE, by, loading.thing(tx, was, now))
    new = rules.replaces(was, old)
    decisions.write(tx, new, loading.act("replaces", by, now), was=was)
    if new.state in IN_FORCE:
        _give_way(tx, old, new, by, now)
        return say("*{old}* gave way to *{new}*. Both say so.", old=old.label, new=new.label)
    return say("*{new}* will replace *{old}* once it is decided.", old=old.label, new=new.label)


def review(tx: Session, who: Who, decision_id: UUID, outcome: Outcome, learned: str, now: datetime) -> Mrkdwn:
    """What came of it; raises NotAllowed, Settled, AlreadyReviewed or ReasonMissing."""
    by = acting(tx, who, now)
    was = loading.of_id(tx, who.workspace, decision_id, lock=True)
    require(Action.DECISION_FOLLOW, by, loading.thing(tx, was, now))
    reviewed = rules.review(was, outcome, learned, now)
    decisions.write(tx, reviewed, loading.act("reviewed", by, now, reviewed.learned), was=was)
    clock.reschedule(tx, reviewed)
    words = say("as expected? {outcome}.", outcome=outcome)
    clock.settle_cards(tx, reviewed, words, now)
    telling.tell(tx, reviewed, f"decision-reviewed:{was.id}", words, by, now, said=reviewed.learned or "")
    return say("*{label}* is reviewed: {outcome}.", label=reviewed.label, outcome=outcome)
