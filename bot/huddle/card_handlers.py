"""A manager's doors: the card's buttons and the forms behind them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck, AsyncApp
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting, actor
from bot.deps import Deps
from bot.errors import Gone, answer_form, answer_press
from bot.huddle import card_views, channel, filing, loading, receipts, views
from bot.huddle.handlers import say_again
from bot.huddle.receipts import Pressed
from bot.huddle.views import FormMeta
from bot.ids import new_id
from bot.modals import View, open_form
from bot.payloads import Press, Who
from rituals import hours
from rituals import plans as rules
from rituals.huddle import Changed
from rituals.people import Person, with_manager
from rituals.plans import Item, NothingToAnswer, Plan, Redirect
from rituals.policy import Action, about, require
from rituals.proposals import propose_kpi
from storage import huddles, kpis, outbox, people, plans, values
from storage.outbox import Message, Policy, Rank


def register(app: AsyncApp) -> None:
    """The card's buttons and forms."""
    app.action(card_views.AGREE)(agree)
    app.action(card_views.AGREE_ALL)(agree_all)
    app.action(card_views.REDIRECT)(redirect)
    app.view(card_views.REDIRECT_SUBMIT)(redirect_submit)
    app.action(card_views.KEEP)(keep)
    app.view(card_views.KEEP_SUBMIT)(keep_submit)
    app.action(card_views.PAGE)(turn)
    app.action(card_views.POST)(post_summary)


def may_answer(tx: Session, plan_id: UUID, who: Who, now: datetime | None = None) -> tuple[Plan, Person, Person]:
    """A plan, its writer and the actor, who may answer it; `now` is the moment of a change, None to look only.

    Raises Stranger, Gone or NotAllowed.
    """
    manager = actor(tx, who) if now is None else acting(tx, who, now)
    plan, rep = loading.plan_of(tx, plan_id, who.workspace, lock=now is not None)
    require(Action.PLAN_ANSWER, manager, loading.about_plan(tx, plan, rep))
    return plan, rep, manager


def _seen(value: str) -> tuple[UUID, int]:
    plan_id, _, revision = value.partition(":")
    return UUID(plan_id), int(revision)


def _redraw(tx: Session, plan: Plan, rep: Person, pressed: Pressed, now: datetime) -> None:
    touch = {"response_url": pressed.response_url, "until": pressed.until}
    huddles.touch_card(tx, plan.team_id, plan.day, now, **touch)  # type: ignore[arg-type]
    receipts.announce(tx, plan, rep, None, now)


# Agree


async def agree(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Agree`: one press stamps one person's results, never a ⚠ (F8)."""
    press = payloads.press(body)
    plan_id, revision = _seen(press.value)
    pressed = Pressed.of(press.who, press.response_url, press.message_ts)
    await answer_press(ack, deps, press, deps.database.write(agree_plan, plan_id, revision, pressed, deps.clock()))


def agree_plan(tx: Session, plan_id: UUID, revision: int, pressed: Pressed, now: datetime) -> None:
    """Stamp what the manager saw; raises Changed when the rep edited in between, NothingToAnswer when it is done."""
    plan, rep, _ = may_answer(tx, plan_id, pressed.who, now)
    if plan.revision != revision:
        raise Changed(rep)
    values.save(tx, *rules.agree(plans.items(tx, [plan.id])[plan.id]))
    _redraw(tx, plan, rep, pressed, now)


async def agree_all(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Agree all without ⚠`: the whole card in one press."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.message_ts)
    await answer_press(ack, deps, press, deps.database.write(agree_card, UUID(press.value), pressed, deps.clock()))


def agree_card(tx: Session, card_id: UUID, pressed: Pressed, now: datetime) -> None:
    """Stamp every result with a KPI that the card showed; a plan edited after the card was drawn waits.

    Raises Gone, NotAllowed, or NothingToAnswer when nothing is left.
    """
    manager = acting(tx, pressed.who, now)
    card = huddles.card(tx, card_id)
    team = None if card is None else people.team(tx, card.team_id)
    if card is None or team is None:
        raise Gone
    found = plans.of_team(tx, team.id, card.day, lock=True)
    shown = [plan for plan in found.values() if plan.filed_at is not None and plan.filed_at <= card.composed_at]
    items = plans.items(tx, [plan.id for plan in shown])
    reps = people.some(tx, found)
    asked = {rep.id: with_manager(rep, team) for rep in reps.values()}
    line = {**people.lines_above(tx, asked.values()), **asked}
    off = loading.away(tx, line.values(), card.day, loading.huddle_of(tx, team).card_at)
    stamped = 0
    for plan in shown:
        rep = reps[plan.person_id]
        if rep.id == manager.id:
            continue  # A deputy reads the whole card; their own plan waits for somebody else.
        require(Action.PLAN_ANSWER, manager, about(asked[rep.id], line, off))
        if any(item.agreeable for item in items[plan.id]):
            values.save(tx, *rules.agree(items[plan.id]))
            receipts.announce(tx, plan, rep, None, now)
            stamped += 1
    if not stamped:
        raise NothingToAnswer
    huddles.touch_card(tx, team.id, card.day, now, response_url=pressed.response_url, until=pressed.until)


# Redirect


async def redirect(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Redirect…`: item, what instead, why."""
    press = payloads.press(body)
    await ack()
    await _open(deps, press, "Redirect", load_redirect)


def load_redirect(tx: Session, meta: FormMeta, who: Who) -> View:
    """The redirect form; raises NothingToAnswer when every result is redirected already."""
    plan, rep, _ = may_answer(tx, meta.plan, who)
    items = [i for i in plans.items(tx, [plan.id])[plan.id] if i.answer is not rules.Answer.REDIRECTED]
    if not items:
        raise NothingToAnswer
    known = kpis.of_team(tx, plan.workspace, plan.team_id)
    return card_views.redirect_form(meta.model_copy(update={"revision": plan.revision}), rep, items, known)


async def redirect_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The redirect was written."""
    sent = payloads.submission(body)
    meta = FormMeta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, None)
    work = deps.database.write(redirect_item, meta, sent.view.fields, pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "item")


def redirect_item(tx: Session, meta: FormMeta, said: Mapping[str, Any], pressed: Pressed, now: datetime) -> None:
    """Store the pair, keep the original, and tell the rep once, or nobody when it was said live (D4, F8).

    Raises Gone, NotAllowed, or NothingToAnswer when somebody was faster.
    """
    plan, rep, manager = may_answer(tx, meta.plan, pressed.who, now)
    item = _item(tx, plan, said["item"])
    instead = said["instead"].strip()
    changed = rules.redirect(item, instead, _kpi(tx, plan, item, instead, said["kpi"]))
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
        live=said["how"] == card_views.LIVE,
        at=now,
        reply=None,
    )
    values.add(tx, made)
    if not made.live:
        body = views.redirected(views.Redirected(made, manager, loading.agreed(tx, plan)))
        key = loading.redirect_key(made.id)
        at = hours.opens(rep, now)
        outbox.post(tx, Message(new_id(), plan.workspace, key, Policy.RESEND, Rank.REPLY, body, at), rep.slack_id)
    _redraw(tx, plan, rep, pressed, now)


def _kpi(tx: Session, plan: Plan, item: Item, instead: str, chosen: str | None) -> UUID | None:
    known = kpis.of_team(tx, plan.workspace, plan.team_id)
    if chosen in {None, card_views.PROPOSE}:
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


def load_keep(tx: Session, meta: FormMeta, who: Who) -> View:
    """The form for a reason; raises NothingToAnswer when no ⚠ is left."""
    plan, rep, _ = may_answer(tx, meta.plan, who)
    items = [item for item in plans.items(tx, [plan.id])[plan.id] if item.warns]
    if not items:
        raise NothingToAnswer
    return card_views.keep_form(meta, rep, items)


async def keep_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The reason was given."""
    sent = payloads.submission(body)
    meta = FormMeta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, None)
    fields = sent.view.fields
    work = deps.database.write(keep_item, meta.plan, fields["item"], fields["because"], pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "item")


def keep_item(tx: Session, plan_id: UUID, item_id: str, because: str, pressed: Pressed, now: datetime) -> None:
    """Keep one ⚠ with its reason; raises Gone, NotAllowed or NothingToAnswer."""
    plan, rep, _ = may_answer(tx, plan_id, pressed.who, now)
    values.save(tx, rules.keep(_item(tx, plan, item_id), because.strip()))
    _redraw(tx, plan, rep, pressed, now)


async def _open(deps: Deps, press: Press, title: str, load: Callable[[Session, FormMeta, Who], View]) -> None:
    plan_id, revision = _seen(press.value)
    meta = FormMeta(plan=plan_id, revision=revision, response_url=press.response_url)
    reading = deps.database.read(load, meta, press.who)
    await open_form(deps, press.trigger_id, title, reading, say_again(deps, press.response_url))


# The card itself


async def turn(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Next page`: the card shows its next people."""
    press = payloads.press(body)
    card_id, _, page = press.value.partition(":")
    pressed = Pressed.of(press.who, press.response_url, press.message_ts)
    work = deps.database.write(turn_page, UUID(card_id), int(page), pressed, deps.clock())
    await answer_press(ack, deps, press, work)


def turn_page(tx: Session, card_id: UUID, page: int, pressed: Pressed, now: datetime) -> None:
    """Show another page; raises Gone or NotAllowed for somebody whose card it is not."""
    card, _ = _own_card(tx, card_id, pressed.who, now)
    huddles.turn_card(tx, card.id, page)
    huddles.touch_card(tx, card.team_id, card.day, now, response_url=pressed.response_url, until=pressed.until)


async def post_summary(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Post summary`: the channel hears now instead of at its time."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.message_ts)
    await answer_press(ack, deps, press, deps.database.write(post_now, UUID(press.value), pressed, deps.clock()))


def post_now(tx: Session, card_id: UUID, pressed: Pressed, now: datetime) -> None:
    """Post the team's one line, once, whoever asks for it first; raises Gone or NotAllowed."""
    card, reader = _own_card(tx, card_id, pressed.who, now)
    team = people.team(tx, card.team_id)
    if team is None or team.channel is None:
        raise Gone
    channel.post(tx, loading.day(tx, team, card.day, reader, now), now)
    huddles.touch_card(tx, card.team_id, card.day, now, response_url=pressed.response_url, until=pressed.until)


def _own_card(tx: Session, card_id: UUID, who: Who, now: datetime) -> tuple[huddles.Card, Person]:
    user = acting(tx, who, now)
    card = huddles.card(tx, card_id)
    reader = None if card is None else people.find(tx, card.reader_id)
    if card is None or reader is None:
        raise Gone
    require(Action.CARD_USE, user, about(reader))
    return card, reader
