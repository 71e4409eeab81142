"""The two answers to the seven-day card: an owner in writing, or the end (C1, F69)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import grammar
from bot.acting import acting, actor
from bot.blocks import Block, short_day
from bot.catalogue import Mrkdwn, say
from bot.decisions import clock, clock_views, following, loading, telling
from bot.decisions.card_views import WordsMeta
from bot.decisions.sentences import WhoOwns
from bot.fields import Fields, Missing, OnField, on_field, person_of
from bot.payloads import Who, as_field
from rituals import decisions as rules
from rituals.decisions import UNDECIDED, Decision, Outcome, ReasonMissing, Settled
from rituals.decisions_clock import ByWhenUnclear, days_undecided, name_owner
from rituals.people import Person
from rituals.policy import Action, require
from storage import decisions, people


def load_name(tx: Session, who: Who, meta: WordsMeta, now: datetime) -> Block:
    """The form of `Name the owner…`; raises NotAllowed or Settled."""
    decision = _undecided(tx, who, meta.id, now)
    owner = people.find(tx, decision.owner_id) if decision.owner_named_at is not None else None
    return clock_views.name_form(meta, decision, owner)


def load_kill(tx: Session, who: Who, meta: WordsMeta, now: datetime) -> Block:
    """The form of `Kill it…`; raises NotAllowed or Settled."""
    decision = _undecided(tx, who, meta.id, now)
    return clock_views.kill_form(meta, decision, days_undecided(decision, now))


def load_review(tx: Session, who: Who, meta: WordsMeta, now: datetime) -> Block:
    """The form of `Partly…` and `No…`; raises NotAllowed."""
    decision = loading.of_id(tx, who.workspace, meta.id)
    require(Action.DECISION_FOLLOW, actor(tx, who), loading.thing(tx, decision, now))
    return clock_views.review_form(meta, decision)


def _undecided(tx: Session, who: Who, decision_id: UUID, now: datetime) -> Decision:
    decision = loading.of_id(tx, who.workspace, decision_id)
    require(Action.DECISION_CLOCK, actor(tx, who), loading.thing(tx, decision, now))
    if decision.state not in UNDECIDED:
        raise Settled(decision)
    return decision


def name_in_form(tx: Session, who: Who, meta: WordsMeta, fields: Fields, now: datetime) -> Mrkdwn:
    """The form names an owner; raises OnField, NotAllowed or Settled."""
    owner = person_of(tx, who.workspace, fields, "owner")
    chosen = as_field(fields, "by")
    if not chosen:
        raise OnField("by", Missing())
    return name(tx, who, meta.id, owner, date.fromisoformat(chosen), now)


def name_by_command(tx: Session, who: Who, text: str, now: datetime) -> Mrkdwn:
    """`/decide owner D-18 @lee by friday`; raises NoSuchDecision, WhoOwns, ByWhenUnclear, NotAllowed or Settled."""
    asker = actor(tx, who)
    decision, rest = loading.named(tx, who.workspace, text)
    read = grammar.person(rest, who.slack_id)
    owner = None if read is None else people.find_by_slack(tx, who.workspace, read[0])
    if read is None or owner is None:
        raise WhoOwns(decision)
    when = grammar.when(read[1].removeprefix("by"), loading.today(asker, now))
    if when is None:
        raise ByWhenUnclear
    return name(tx, who, decision.id, owner, when[0], now)


def name(tx: Session, who: Who, decision_id: UUID, owner: Person, by_when: date, now: datetime) -> Mrkdwn:
    """Somebody owns it by a day, in writing: the clock goes by that day from now on.

    Raises OnField, NotAllowed, Settled or Already.
    """
    by = acting(tx, who, now)
    was = loading.of_id(tx, who.workspace, decision_id, lock=True)
    require(Action.DECISION_CLOCK, by, loading.thing(tx, was, now))
    try:
        with loading.saying_who(tx, by, now):
            named = name_owner(was, owner, by_when, loading.today(by, now), now)
    except ByWhenUnclear as refusal:
        raise OnField("by", refusal) from refusal
    except rules.OwnerApproves as refusal:
        raise OnField("owner", refusal) from refusal
    decisions.write(tx, named, loading.act("named", by, now), was=was)
    clock.reschedule(tx, named)
    words = clock_views.named(named, owner, by_when)
    clock.settle_cards(tx, named, words, now)
    line = say("{owner} decides it by {day}.", owner=owner.given_name, day=short_day(by_when))
    telling.tell(tx, named, f"decision-named:{was.id}:{int(now.timestamp())}", line, by, now)
    telling.tell_owner(tx, named, now)
    telling.redraw(tx, named, now)
    return words


def hand_on(tx: Session, decision_id: UUID, to: Person, by: Person, now: datetime) -> None:
    """Somebody else owns it: its owner has left (F91)."""
    was = decisions.find(tx, decision_id, lock=True)
    if was is not None:
        handed = rules.hand_on(was, to, now)
        decisions.write(tx, handed, loading.act("handed on", by, now), was=was)
        clock.reschedule(tx, handed)
        telling.tell_owner(tx, handed, now)
        telling.redraw(tx, handed, now)


def kill_in_form(tx: Session, who: Who, meta: WordsMeta, fields: Fields, now: datetime) -> Mrkdwn:
    """The form kills it; raises OnField, NotAllowed or Settled."""
    return on_field("words", lambda: kill(tx, who, meta.id, str(as_field(fields, "words") or ""), now))


def kill(tx: Session, who: Who, decision_id: UUID, because: str, now: datetime) -> Mrkdwn:
    """The work stops: reason and author are stored, and owner and author hear of it.

    Raises ReasonMissing, NotAllowed, Settled or Already.
    """
    by = acting(tx, who, now)
    was = loading.of_id(tx, who.workspace, decision_id, lock=True)
    require(Action.DECISION_CLOCK, by, loading.thing(tx, was, now))
    with loading.saying_who(tx, by, now):
        killed = rules.kill(was, because, by, now)
    decisions.write(tx, killed, loading.act("killed", by, now, killed.killed_because), was=was)
    clock.reschedule(tx, killed)
    line = say("{who} killed it.", who=by.given_name)
    clock.settle_cards(tx, killed, line, now)
    telling.redraw(tx, killed, now)
    telling.tell(tx, killed, f"decision-killed:{was.id}", line, by, now, said=killed.killed_because or "")
    return say("*{label}* is killed. The work stops; the record says why.", label=killed.label)


def review_in_form(tx: Session, who: Who, meta: WordsMeta, fields: Fields, now: datetime) -> Mrkdwn:
    """`Partly…` or `No…` with its words; raises OnField, NotAllowed, Settled or AlreadyReviewed."""
    words = str(as_field(fields, "words") or "")
    try:
        return following.review(tx, who, meta.id, Outcome(meta.answer), words, now)
    except ReasonMissing as refusal:
        raise OnField("words", refusal) from refusal
