"""The manager's word on one person's plan: agree, redirect, keep. The buttons stand wherever a plan is shown."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import keys, payloads
from bot.acting import acting, actor
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_form, answer_press
from bot.huddle import answer_views, card_views, filing, loading, receipt_views, receipts, views
from bot.huddle.card_views import Seen
from bot.huddle.handlers import say_again
from bot.huddle.views import FormMeta
from bot.ids import new_id
from bot.landing import lands
from bot.modals import View, open_form
from bot.payloads import Press, Who
from bot.pressed import Pressed
from rituals import calendar
from rituals import plans as rules
from rituals.budget import Turn
from rituals.huddle import Changed
from rituals.people import Person
from rituals.plans import Answer, AnsweredBy, Item, NothingToAnswer, Plan, Redirect
from rituals.policy import Action, require
from rituals.proposals import propose_kpi
from storage import audit, huddles, kpis, outbox, people, plans, values
from storage.outbox import Message, Policy, Rank


def register(doors: Doors) -> None:
    """The buttons under a plan, and the forms behind them."""
    doors.action(card_views.AGREE)(agree)
    doors.action(card_views.REDIRECT)(redirect)
    doors.view(answer_views.REDIRECT_SUBMIT)(redirect_submit)
    doors.action(card_views.KEEP)(keep)
    doors.view(answer_views.KEEP_SUBMIT)(keep_submit)


def may_answer(tx: Session, plan_id: UUID, who: Who, now: datetime) -> tuple[Plan, Person, Person]:
    """A plan, held until the transaction ends, its writer and the actor, who may answer it.

    Raises Stranger, Gone or NotAllowed.
    """
    return _answered_by(tx, plan_id, acting(tx, who, now), now, lock=True)


def _may_look(tx: Session, plan_id: UUID, who: Who, now: datetime) -> tuple[Plan, Person, Person]:
    """The same for a form that only shows."""
    return _answered_by(tx, plan_id, actor(tx, who), now, lock=False)


def _answered_by(
    tx: Session, plan_id: UUID, manager: Person, now: datetime, *, lock: bool
) -> tuple[Plan, Person, Person]:
    plan, rep = loading.plan_of(tx, plan_id, manager.workspace, lock=lock)
    require(Action.PLAN_ANSWER, manager, loading.about_plan(tx, plan, rep, now))
    return plan, rep, manager


def _redraw(tx: Session, plan: Plan, rep: Person, pressed: Pressed, on: UUID | None, now: datetime) -> None:
    url, until = pressed.response_url, pressed.until
    huddles.touch_card(tx, plan.team_id, plan.day, now, response_url=url, until=until, on=on)
    receipts.announce(tx, plan, rep, None, now)


def _by_whom(tx: Session, items: Sequence[Item], manager: Person, now: datetime) -> AnsweredBy | None:
    """Who gave the newest answer to any of these results, when that was somebody else."""
    entries = audit.of(tx, [item.id for item in items])
    answers = [one.act for one in entries if (one.after or {}).get("answer", Answer.NONE) != Answer.NONE]
    by = people.find(tx, answers[-1].actor_id) if answers and answers[-1].actor_id else None
    if by is None or by.id == manager.id:
        return None
    at = answers[-1].at
    return AnsweredBy(by.given_name, at.astimezone(calendar.zone(manager.zone)), now - at)


# Agree


async def agree(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Agree`: one press stamps one person's results, never a ⚠ (F8)."""
    press = payloads.press(body)
    seen = Seen.read(press.value)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    await answer_press(ack, deps, press, deps.database.write(agree_plan, seen, pressed, deps.clock()))


def agree_plan(tx: Session, seen: Seen, pressed: Pressed, now: datetime) -> None:
    """Stamp what the manager saw; raises Changed when the rep edited in between, AnsweredBy or NothingToAnswer."""
    plan, rep, manager = may_answer(tx, seen.plan, pressed.who, now)
    if plan.revision != seen.revision:
        raise Changed(rep, now - (plan.filed_at or now))
    items = plans.items(tx, [plan.id])[plan.id]
    try:
        agreed = rules.agree(items)
    except NothingToAnswer as refusal:
        raise _by_whom(tx, items, manager, now) or refusal from None
    values.save(tx, *agreed)
    _redraw(tx, plan, rep, pressed, seen.card, now)


# Redirect


async def redirect(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Redirect…`: item, what instead, why."""
    press = payloads.press(body)
    await ack()
    await _open(deps, press, "Redirect", load_redirect)


def load_redirect(tx: Session, meta: FormMeta, who: Who, now: datetime) -> View:
    """The redirect form; raises NothingToAnswer when every result is redirected already."""
    plan, rep, _ = _may_look(tx, meta.plan, who, now)
    items = [i for i in plans.items(tx, [plan.id])[plan.id] if i.answer is not rules.Answer.REDIRECTED]
    if not items:
        raise NothingToAnswer
    known = kpis.of_team(tx, plan.workspace, plan.team_id)
    return answer_views.redirect_form(meta.model_copy(update={"revision": plan.revision}), rep, items, known)


async def redirect_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The redirect was written."""
    sent = payloads.submission(body)
    meta = FormMeta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, None)
    work = deps.database.write(redirect_item, meta, sent.view.fields, pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "item")


def redirect_item(tx: Session, meta: FormMeta, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> None:
    """Store the pair, keep the original, and tell the rep once, or nobody when it was said live (D4, F8).

    Raises Gone, NotAllowed, AnsweredBy when somebody was faster, or NothingToAnswer.
    """
    plan, rep, manager = may_answer(tx, meta.plan, pressed.who, now)
    item = _item(tx, plan, said["item"])
    instead = said["instead"].strip()
    try:
        changed = rules.redirect(item, instead, _kpi(tx, plan, item, instead, said["kpi"]))
    except NothingToAnswer as refusal:
        raise _by_whom(tx, [item], manager, now) or refusal from None
    values.save(tx, changed)
    made = Redirect(
        id=new_id(),
        workspace=plan.workspace,
        item_id=item.id,
        by_id=manager.id,
        was=item.text,
        was_kpi_id=item.kpi_id,
        instead=changed.text,
        why=said["why"].strip(),
        live=said["how"] == answer_views.LIVE,
        at=now,
        reply=None,
    )
    values.add(tx, made)
    if not made.live:
        body = receipt_views.redirected(receipt_views.Redirected(made, manager, loading.agreed(tx, plan)))
        key = keys.redirect_key(made.id)
        at = lands(tx, rep, now)
        outbox.post(
            tx,
            Message(new_id(), plan.workspace, key, Policy.RESEND, Rank.REPLY, body, at, turn=Turn.REDIRECT),
            rep.slack_id,
        )
    _redraw(tx, plan, rep, pressed, meta.card, now)


def _kpi(tx: Session, plan: Plan, item: Item, instead: str, chosen: str | None) -> UUID | None:
    known = kpis.of_team(tx, plan.workspace, plan.team_id)
    if chosen in {None, answer_views.PROPOSE}:
        return propose_kpi(instead, filing.own_past(tx, plan, known)) or item.kpi_id
    if chosen == views.NO_KPI:
        return None
    if UUID(chosen) not in known:
        raise Gone
    return UUID(chosen)


def _item(tx: Session, plan: Plan, item_id: str) -> Item:
    item = plans.item(tx, UUID(item_id))
    if item is None or item.plan_id != plan.id:
        raise Gone
    return item


# Keep


async def keep(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Keep, because…`: a ⚠ stays in the plan with a reason (D3)."""
    press = payloads.press(body)
    await ack()
    await _open(deps, press, "Keep, because…", load_keep)


def load_keep(tx: Session, meta: FormMeta, who: Who, now: datetime) -> View:
    """The form for a reason; raises NothingToAnswer when no ⚠ is left."""
    plan, rep, _ = _may_look(tx, meta.plan, who, now)
    items = [item for item in plans.items(tx, [plan.id])[plan.id] if item.warns]
    if not items:
        raise NothingToAnswer
    return answer_views.keep_form(meta, rep, items)


async def keep_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The reason was given."""
    sent = payloads.submission(body)
    meta = FormMeta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, None)
    work = deps.database.write(keep_item, meta, sent.view.fields, pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "item")


def keep_item(tx: Session, meta: FormMeta, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> None:
    """Keep one ⚠ with its reason; raises Gone, NotAllowed, AnsweredBy or NothingToAnswer."""
    plan, rep, manager = may_answer(tx, meta.plan, pressed.who, now)
    item = _item(tx, plan, said["item"])
    try:
        kept = rules.keep(item, said["because"].strip())
    except NothingToAnswer as refusal:
        raise _by_whom(tx, [item], manager, now) or refusal from None
    values.save(tx, kept)
    _redraw(tx, plan, rep, pressed, meta.card, now)


async def _open(deps: Deps, press: Press, title: str, load: Callable[[Session, FormMeta, Who, datetime], View]) -> None:
    meta = Seen.read(press.value).carried(press.response_url)
    reading = deps.database.read(load, meta, press.who, deps.clock())
    await open_form(deps, press.trigger_id, title, reading, say_again(deps, press.response_url))
