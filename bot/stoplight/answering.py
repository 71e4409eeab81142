"""What leaders answer: ack, act, watch, undo, an agreed action, and the end of their month."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot import grammar, reviews
from bot.acting import acting, actor
from bot.catalogue import as_read
from bot.decisions import capturing
from bot.decisions.capture_views import Origin
from bot.errors import Gone
from bot.fields import on_field, person_of
from bot.ids import new_id
from bot.kpis import loading as kpi_loading
from bot.modals import View
from bot.payloads import Who, as_field
from bot.stoplight import agree_views, reading, walking
from bot.stoplight.one_views import Walk
from bot.stoplight.sentences import OpenReds
from rituals import actions as agreed
from rituals import calendar
from rituals import stoplight as rules
from rituals import stoplight_digest as digests
from rituals.actions import Action as Agreed
from rituals.actions import ActionState, Source
from rituals.budget import Turn
from rituals.kpis import Colour, Kpi
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.policy import Action, about, require
from rituals.stoplight import Answered, Review
from rituals.stoplight_digest import Digest
from storage import actions, kpis, month_plans, occurrences, outbox, people, stoplight, values
from storage.outbox import Message, Policy, Rank


def subject_of(value: str) -> tuple[UUID, Period]:
    """The KPI and the month that a button is about."""
    kpi, _, month = value.partition(":")
    return UUID(kpi), reviews.month_of(date.fromisoformat(month))


def reviewed(tx: Session, kpi: Kpi, month: Period) -> Review:
    """A KPI's review, locked; begun where the month has none yet. Raises Gone for a KPI that no terms apply to."""
    found = stoplight.find_review(tx, kpi.id, month.first, lock=True)
    if found is None:
        reviews.begin(tx, kpi.workspace, month)
        found = stoplight.find_review(tx, kpi.id, month.first, lock=True)
    if found is None:
        raise Gone
    return found


def _mine(tx: Session, who: Who, kpi_id: UUID, month: Period, now: datetime) -> tuple[Person, Kpi, Review]:
    """Who answers, what, and its review; raises Stranger, NoSuchKpi, NotAllowed or Gone."""
    by = acting(tx, who, now)
    kpi = kpi_loading.of_id(tx, who.workspace, kpi_id)
    require(Action.MONTH_ANSWER, by, kpi_loading.about(tx, kpi))
    return by, kpi, reviewed(tx, kpi, month)


def give(tx: Session, who: Who, kpi_id: UUID, month: Period, how: Answered, now: datetime) -> tuple[Kpi, Review]:
    """`Ack`, `Watch`: keep the answer, and nothing climbs any more. Raises WrongColour, AnsweredAlready and more."""
    by, kpi, review = _mine(tx, who, kpi_id, month, now)
    after = rules.answer(review, how, by.id, now)
    keep(tx, kpi, review, after, now)
    return kpi, after


def keep(tx: Session, kpi: Kpi, before: Review, after: Review, now: datetime) -> None:
    """Write a review's answer; an answered red stops climbing in the same transaction (F57)."""
    values.save(tx, after, was=[before])
    if after.answer is not Answered.NONE:
        occurrences.cancel(tx, after.id, "acknowledged")
    month_plans.mark_stale(tx, kpi.workspace, after.month, [after.leader_id, after.climbed_to_id], now)


def undo(tx: Session, who: Who, kpi_id: UUID, month: Period, now: datetime) -> tuple[Kpi, Review]:
    """`Undo` within ten minutes (F142); raises NothingToUndo or TooLateToUndo."""
    by, kpi, review = _mine(tx, who, kpi_id, month, now)
    after = rules.take_back(review, by.id, now)
    keep(tx, kpi, review, after, now)
    return kpi, after


def load_decide(tx: Session, who: Who, value: str) -> View:
    """The quick capture of a decision about a KPI: the owner's proposal is what was chosen. Raises NotAllowed."""
    reader = actor(tx, who)
    kpi_id, month = subject_of(value)
    kpi = kpi_loading.of_id(tx, who.workspace, kpi_id)
    require(Action.MONTH_ANSWER, reader, kpi_loading.about(tx, kpi))
    said = reading.said(tx, {kpi.id: kpi}, month).get(kpi.id)
    heading = agree_views.heading(kpi, stoplight.readings(tx, [kpi], month).get(kpi.id))
    context = "" if said is None else agree_views.context(heading, month, said)
    chosen = "" if said is None else said.proposal
    origin = Origin(id=new_id(), heading=heading, context=context, chosen=chosen, kpi_id=kpi.id)
    return capturing.load_form(tx, who, origin)


# An agreed action


def load_form(tx: Session, who: Who, walk: Walk, now: datetime) -> Any:
    """The form of `Assign help…` and `Act…`; raises NotAllowed or Gone."""
    reader = actor(tx, who)
    kpi = kpi_loading.of_id(tx, who.workspace, walk.kpi or new_id())
    require(Action.MONTH_ANSWER, reader, kpi_loading.about(tx, kpi))
    month = reviews.month_of(walk.month)
    review = stoplight.find_review(tx, kpi.id, month.first)
    owner = None if kpi.owner_id is None else people.find(tx, kpi.owner_id)
    said = reading.said(tx, {kpi.id: kpi}, month).get(kpi.id)
    by = calendar.local_day(now, reader.zone)
    red = review is not None and review.colour is Colour.RED
    meta = walk.model_copy(update={"id": new_id()})
    return agree_views.agree_form(meta, kpi, owner, "" if said is None else said.proposal, by, red=red)


def agree(tx: Session, who: Who, walk: Walk, fields: Mapping[str, Any], now: datetime) -> tuple[Kpi, Agreed]:
    """The form was sent: keep the action, count it as the answer, tell its owner and helper.

    Raises OnField, NotAllowed or Gone; the same form again changes nothing.
    """
    by, kpi, review = _mine(tx, who, walk.kpi or new_id(), reviews.month_of(walk.month), now)
    today = calendar.local_day(now, by.zone)
    chosen = as_field(fields, "due")
    owner = person_of(tx, who.workspace, fields, "owner")
    helper = person_of(tx, who.workspace, fields, "helper") if as_field(fields, "helper") else None
    due = on_field("due", lambda: agreed.due_by(date.fromisoformat(chosen) if chosen else None, today))
    action = Agreed(
        id=walk.id or new_id(),
        workspace=kpi.workspace,
        source=Source.STOPLIGHT,
        subject_id=review.id,
        team_id=None,
        kpi_id=kpi.id,
        text=on_field("text", lambda: agreed.worded(as_field(fields, "text") or "")),
        owner_id=owner.id,
        helper_id=None if helper is None else helper.id,
        due=due,
        promised=due,
        state=ActionState.OPEN,
        obstacle=None,
        by_id=by.id,
        made_at=now,
        settled_at=None,
    )
    if not actions.add_once(tx, action):
        return kpi, action
    how = Answered.ACK if review.colour is Colour.RED else Answered.ACT
    if how in rules.FITTING.get(review.colour, ()) and review.answer is not how:
        keep(tx, kpi, review, rules.answer(review, how, by.id, now), now)
    month_plans.mark_stale(tx, kpi.workspace, review.month, [review.leader_id], now)
    _tell(tx, action, kpi, by, [person for person in (owner, helper) if person is not None], now)
    return kpi, action


def _tell(tx: Session, action: Agreed, kpi: Kpi, by: Person, to: list[Person], now: datetime) -> None:
    """Whoever owes the action or helps with it hears of it, unless they agreed on it themselves."""
    for person in {one.id: one for one in to}.values():
        if person.id == by.id:
            continue
        body = agree_views.told(action, kpi, by, person, {one.id: one for one in to})
        message = Message(
            new_id(),
            kpi.workspace,
            f"agreed:{action.id}:{person.id}",
            Policy.RESEND,
            Rank.PROMPT,
            body,
            now,
            turn=Turn.REST,
        )
        outbox.post(tx, message, person.slack_id)


def act(tx: Session, who: Who, text: str, now: datetime) -> tuple[Kpi, Agreed]:
    """`/stoplight act K-3 [@lee] [by friday] what will be done`; raises NoSuchKpi, NotAllowed, OnField and more.

    Without a person the KPI's owner does it, without a date within two weeks.
    """
    reader = actor(tx, who)
    kpi, rest = kpi_loading.named(tx, who.workspace, text)
    today = calendar.local_day(now, reader.zone)
    named = grammar.person(rest, who.slack_id)
    slack_id, rest = (None, rest) if named is None else named
    due = today + agree_views.USUAL
    if rest.lower().startswith("by ") and (read := grammar.when(rest[3:], today)) is not None:
        due, rest = read
    owner = None if kpi.owner_id is None else people.find(tx, kpi.owner_id)
    chosen = slack_id or (owner.slack_id if owner is not None else who.slack_id)
    month = walking.month_of_reader(tx, reader, now)
    fields = {"text": as_read(rest), "owner": chosen, "due": due.isoformat()}
    return agree(tx, who, Walk(month=month.first, kpi=kpi.id, id=new_id()), fields, now)


# The end of a month


def _own(tx: Session, by: Person, digest_id: UUID | None, *, lock: bool = False) -> Digest:
    """The digest that somebody would close; raises Gone or NotAllowed."""
    digest = None if digest_id is None else stoplight.digest_by_id(tx, digest_id, lock=lock)
    leader = None if digest is None else people.find(tx, digest.leader_id)
    if digest is None or leader is None or digest.workspace != by.workspace:
        raise Gone
    require(Action.MONTH_CLOSE, by, about(leader))
    return digest


def load_close(tx: Session, who: Who, walk: Walk) -> Any:
    """The form of `Close the month…`; raises NotAllowed or Gone."""
    digest = _own(tx, actor(tx, who), walk.id)
    return agree_views.close_form(walk, reviews.month_of(digest.month))


def close(tx: Session, who: Who, walk: Walk, fields: Mapping[str, Any], now: datetime) -> None:
    """Close a leader's own month (F135); raises OpenReds, MonthClosed, NotAllowed or Gone."""
    by = acting(tx, who, now)
    digest = _own(tx, by, walk.id, lock=True)
    reds = stoplight.reviews_in(tx, by.workspace, digest.month, [Colour.RED], by.id)
    found = [action for _, action in stoplight.actions(tx, by.workspace, reviews.month_of(digest.month), [by.id])]
    mine = [one for one in reds if one.leader_id == by.id]
    try:
        after = digests.close(digest, mine, found, as_field(fields, "guardrails") or "", now)
    except digests.MonthOpen as refusal:
        raise OpenReds(list(kpis.some(tx, refusal.kpis).values())) from refusal
    values.save(tx, after, was=[digest])
    month_plans.mark_stale(tx, by.workspace, digest.month, [by.id], now)
