"""What its approver and its readers answer to a memo (F68, F71, F73)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, say
from bot.decisions import card_views, clock, following, loading, numbers, telling
from bot.decisions.card_views import WordsMeta
from bot.decisions.sentences import ChangedMeanwhile
from bot.fields import OnField
from bot.payloads import Who
from rituals import decisions as rules
from rituals.decisions import Decision, ReasonMissing, Settled, State
from rituals.decisions_readers import Response, respond
from rituals.policy import Action, require
from storage import decisions, values

TOLD = {Response.READ: "Noted as read", Response.QUESTION: "Your question", Response.OBJECT: "Your objection"}


def approve(tx: Session, who: Who, decision_id: UUID, version: int | None, now: datetime) -> Mrkdwn:
    """Approve it, as it was shown; raises NotAllowed, Settled, Already, OwnerApproves or ChangedMeanwhile."""
    by = acting(tx, who, now)
    was = loading.of_id(tx, who.workspace, decision_id, lock=True)
    require(Action.DECISION_APPROVE, by, loading.thing(tx, was, now))
    with loading.saying_who(tx, by, now):
        approved = rules.approve(was, by, now)
    _require_seen(was, version)
    act = loading.act("approved", by, now, approved.because, by.id)
    decisions.write(tx, approved, act, was=was)
    following.settled(tx, approved, by, now)
    clock.reschedule(tx, approved)
    telling.redraw(tx, approved, now)
    words = say("{who} approved it.", who=by.given_name)
    telling.tell(tx, approved, f"decision-approved:{was.id}", words, by, now)
    said = say("*{label} {title}* is approved.", label=was.label, title=was.title)
    return join([said, *numbers.less_asking(tx, by, owner_id=approved.owner_id)], "\n")


def send_back(tx: Session, who: Who, meta: WordsMeta, words: str, now: datetime) -> Mrkdwn:
    """Return it with words; raises OnField, NotAllowed, Settled, Already or ChangedMeanwhile."""
    by = acting(tx, who, now)
    was = loading.of_id(tx, who.workspace, meta.id, lock=True)
    require(Action.DECISION_APPROVE, by, loading.thing(tx, was, now))
    if was.state is State.PROPOSED:
        _require_seen(was, meta.version)
    try:
        with loading.saying_who(tx, by, now):
            returned = rules.send_back(was, words)
    except ReasonMissing as refusal:
        raise OnField("words", refusal) from refusal
    decisions.write(tx, returned, loading.act(decisions.RETURNED, by, now, returned.returned_because, by.id), was=was)
    telling.redraw(tx, returned, now)
    line = say("{who} returned it.", who=by.given_name)
    key = f"decision-returned:{was.id}:{was.version}"
    telling.tell(tx, returned, key, line, by, now, said=returned.returned_because or "")
    return say("*{label}* is returned; its author reads why.", label=was.label)


def return_by_command(tx: Session, who: Who, decision_id: UUID, words: str, now: datetime) -> Mrkdwn:
    """`/decide return D-18 words`; raises ReasonMissing, NotAllowed or Settled."""
    decision = loading.of_id(tx, who.workspace, decision_id)
    return send_back(tx, who, WordsMeta(id=decision.id, version=decision.version), words, now)


def _require_seen(decision: Decision, version: int | None) -> None:
    if version is not None and version != decision.version:
        raise ChangedMeanwhile(decision)


def answer(tx: Session, who: Who, meta: WordsMeta, response: Response, words: str, now: datetime) -> Mrkdwn:
    """A reader's answer, which reaches owner and author; raises OnField, NotAllowed or Settled."""
    by = acting(tx, who, now)
    decision = loading.of_id(tx, who.workspace, meta.id, lock=True)
    about_it = loading.thing(tx, decision, now)
    require(Action.DECISION_RESPOND, by, about_it)
    reader = decisions.reader(tx, decision.id, by.id)
    if reader is None or reader.asked_at is None:
        raise Settled(decision)
    try:
        answered = respond(reader, response, words, now)
    except ReasonMissing as refusal:
        raise OnField("words", refusal) from refusal
    said = say("{told} on *{label}*. Its owner sees it.", told=TOLD[response], label=decision.label)
    if answered.response is reader.response and answered.words == reader.words:
        return said
    values.save(tx, answered, was=[reader])
    decisions.log(tx, decision, loading.act(str(response), by, now, answered.words))
    telling.redraw(tx, decision, now, only=[by.id])
    if response is not Response.READ:
        telling.tell_said(tx, decision, answered, by, loading.answering(tx, about_it, now), now)
    return said


def load_return(tx: Session, who: Who, meta: WordsMeta, now: datetime) -> Block:
    """The form that sends a memo back; raises NotAllowed or Settled."""
    decision = loading.of_id(tx, who.workspace, meta.id)
    require(Action.DECISION_APPROVE, actor(tx, who), loading.thing(tx, decision, now))
    if decision.state is not State.PROPOSED:
        raise Settled(decision)
    return card_views.return_form(meta, decision)


def load_answer(tx: Session, who: Who, meta: WordsMeta, now: datetime) -> Block:
    """The form of a question or an objection; raises NotAllowed."""
    decision = loading.of_id(tx, who.workspace, meta.id)
    require(Action.DECISION_RESPOND, actor(tx, who), loading.thing(tx, decision, now))
    return card_views.respond_form(meta, decision)


def load_whole(tx: Session, who: Who, decision_id: UUID, now: datetime) -> Block:
    """The memo in a view; raises NotAllowed."""
    reader = actor(tx, who)
    decision = loading.of_id(tx, who.workspace, decision_id)
    loading.require_read(tx, reader, decision, now)
    (record,) = loading.records(tx, [decision], now, reader)
    return card_views.whole(record)
