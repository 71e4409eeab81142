"""A rep's doors: the prompt's buttons and the forms behind them."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.blocks import notice
from bot.catalogue import Mrkdwn, plain, say
from bot.commands import Call
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import STILL_SAVING, answer_form, answer_press, in_time, sentence, tell
from bot.huddle import answering_teams, filing, form_views, loading, own_plans, views
from bot.huddle.form_views import PlanForm, PlanPage
from bot.huddle.views import FormMeta
from bot.modals import View, draw_again, open_form
from bot.payloads import Press, Who
from bot.pressed import Pressed
from rituals import plans as rules
from rituals.blockers import NeedsOwner, StuckSinceLater
from rituals.plans import Outcome, PlanState, SavedMeanwhile
from rituals.refusals import Refusal
from rituals.team_questions import AnswerNeeded
from storage import blockers, drafts, plans


def register(doors: Doors) -> None:
    """The buttons and forms."""
    doors.view(views.SUBMIT)(submit)
    doors.action(views.WRITE)(write)
    doors.shortcut(views.SHORTCUT)(write_mine)
    doors.action(views.SAME)(same)
    doors.view(views.REPLACE)(replace_submit)
    doors.action(views.SETTLE)(settle)
    doors.action(views.STUCK_ON)(settle)
    doors.action(views.SAVE_DRAFT)(settle)
    doors.action(views.SKIP)(skip)
    doors.view(views.SKIP_SUBMIT)(skip_submit)


# The plan form


async def write(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Write plan`, `Edit`, `Open the form again`: the plan form."""
    press = payloads.press(body)
    await ack()
    await open_plan(deps, press, None if press.value == views.TODAYS else UUID(press.value))


async def write_mine(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Write my plan`, from anywhere in Slack (F23)."""
    await ack()
    await open_plan(deps, payloads.shortcut(body), None)


async def open_plan(deps: Deps, came: Press | Call, plan_id: UUID | None, day: str = "") -> None:
    """Open the form of a plan, or of the person's own of a day: today, or what they typed.

    A command that can't open it says why in one line (F23).
    """
    who, response_url = came.who, came.response_url
    pressed_on = came.place if isinstance(came, Press) else None

    async def load() -> View:
        plan = plan_id or await deps.database.write(own_plans.find, who, deps.clock(), day)
        meta = FormMeta(plan=plan, response_url=response_url if pressed_on else None, pressed_on=pressed_on)
        return form_views.plan_form(await deps.database.read(open_page, meta, who, deps.clock()))

    async def expired(words: str) -> None:
        again = views.reopen(words, plan_id)
        await tell(deps, response_url, words, again["blocks"])

    async def no_form(words: Mrkdwn) -> None:
        await tell(deps, response_url, words)

    typed = isinstance(came, Call)
    await open_form(deps, came.trigger_id, "Your plan", load(), expired, no_form=no_form if typed else None)


def open_page(tx: Session, meta: FormMeta, who: Who, now: datetime, form: PlanForm | None = None) -> PlanPage:
    """The form as it opens: it carries the revision that its reader sees, whatever becomes of the plan meanwhile."""
    page = load_page(tx, meta, who, now, form)
    return replace(page, meta=meta.model_copy(update={"revision": page.plan.revision}))


def load_page(tx: Session, meta: FormMeta, who: Who, now: datetime, form: PlanForm | None = None) -> PlanPage:
    """What the plan form shows; without `form` it is prefilled from a draft (F13), or what was planned last (F5)."""
    found = own_plans.to_read(tx, meta.plan, who)
    plan, person = found.plan, found.person
    promised = plans.promised(tx, plan)
    open_items = loading.still_open(promised.earlier)
    raised, stuck = blockers.concerning(tx, person.id, plan.id)
    asked = answering_teams.asked_by_form(tx, found, now)
    draft = drafts.find(tx, plan.id, now) if found.drafted else None
    if form is None and draft is not None:
        form = PlanForm.model_validate(draft[0])
    if form is None:
        standing = promised.items if plan.state is PlanState.FILED else open_items
        form = form_views.standing_form(plan, standing, raised, asked)
    saved_at = None if draft is None else draft[1]
    return PlanPage(meta, plan, promised.last, open_items, stuck, asked, form, saved_at, person.zone)


async def settle(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """Something was chosen or `Save draft` pressed: keep the draft, and show what the choice asks for."""
    press = payloads.press(body)
    await ack()
    if press.view is not None:
        deps.background.start(redraw(deps, press, press.view))


async def redraw(deps: Deps, press: Press, view: payloads.View) -> None:
    """Keep what stands in the open form and draw it again; a form that changed in between is left alone."""
    form = PlanForm.parse(view.fields)
    meta = FormMeta.model_validate_json(view.metadata)
    now = deps.clock()
    try:
        page = await deps.database.read(load_page, meta, press.who, now, form)
        _, _, pressed = press.block_id.partition(":")
        today = in_step(page, form, pressed)
        kept = form.model_copy(update={"today": today})
        await deps.database.write(filing.keep_draft, meta.plan, kept, press.who, now)
    except Refusal:
        return  # not theirs any more; sending the form says so
    if today != form.today:
        # Slack keeps what stands in a field as long as its block id stays: new content needs a new id.
        meta = meta.model_copy(update={"edition": meta.edition + 1})
    shown = replace(page, meta=meta, form=kept, draft_of=now)
    await draw_again(deps, view.id, form_views.plan_form(shown), view.hash)


def in_step(page: PlanPage, form: PlanForm, pressed: str) -> str:
    """The lines for today after a choice: done and dropped results leave, a carried one comes back."""
    lines = form.today.splitlines()
    for item in page.open_items:
        if form.settled.get(item.id, Outcome.CARRIED) is not Outcome.CARRIED:
            lines = [line for line in lines if line.strip() != item.text]
        elif str(item.id) == pressed and item.text not in lines:
            lines.append(item.text)
    return "\n".join(lines)


def field_of(refusal: Refusal) -> str:
    """The field of the plan form that a refusal is about."""
    if isinstance(refusal, StuckSinceLater):
        return "since"
    if isinstance(refusal, NeedsOwner):
        return f"blocker:{refusal.blocker.id}"
    if isinstance(refusal, AnswerNeeded):
        return f"ask:{refusal.question_id}"
    return f"why:{refusal.item_id}" if isinstance(refusal, rules.WhyDropped) else views.TODAY


async def submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The plan form was sent: commit, then ack; the receipt follows by the outbox."""
    sent = payloads.submission(body)
    meta = FormMeta.model_validate_json(sent.view.metadata)
    form = PlanForm.parse(sent.view.fields)
    dropped = [item for item, outcome in form.settled.items() if outcome is Outcome.DROPPED]
    if any(f"why:{item}" not in sent.view.fields for item in dropped):
        page = await deps.database.read(load_page, meta, sent.who, deps.clock(), form)
        await ack(response_action="update", view=form_views.plan_form(page))
        return
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    work = file_or_keep(deps, meta, form, pressed)
    await answer_form(ack, deps, sent.view, work, field_of, above=lambda refusal: replacing(meta, refusal))


def replacing(meta: FormMeta, refusal: Refusal) -> View | None:
    """Above a form whose plan was saved from another window: what stands there, and the way to replace it."""
    return form_views.replace_form(meta, refusal) if isinstance(refusal, SavedMeanwhile) else None


async def replace_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Replace it`: the text of the form below, which was kept as the draft, becomes the plan."""
    sent = payloads.submission(body)
    meta = FormMeta.model_validate_json(sent.view.metadata)
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    now = deps.clock()
    try:
        await in_time(deps, deps.database.write(filing.file_draft, meta.plan, pressed, now, meta.revision))
    except Refusal as refusal:
        words = say("{words}", words=sentence(refusal))
        await ack(response_action="update", view=replacing(meta, refusal) or notice("Your plan", words))
    except TimeoutError:
        await ack(response_action="update", view=notice("Your plan", say("{words}", words=STILL_SAVING)))
    else:
        await ack(response_action="clear")
        deps.wake()


async def file_or_keep(deps: Deps, meta: FormMeta, form: PlanForm, pressed: Pressed) -> None:
    """File a plan; what is refused stays as a draft, whatever becomes of the form (F13)."""
    now = deps.clock()
    try:
        await deps.database.write(filing.file_plan, meta.plan, form, pressed, now, meta.revision)
    except Refusal:
        with suppress(Refusal):  # whoever may not file it may not keep a draft of it either
            await deps.database.write(filing.keep_draft, meta.plan, form, pressed.who, now)
        raise


# One press


async def same(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Same plan, nothing stuck`: one press files the day (F9)."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    await answer_press(
        ack, deps, press, deps.database.write(filing.same_plan, UUID(press.value), pressed, deps.clock())
    )


async def skip(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Skip today`: ask for the one reason."""
    press = payloads.press(body)
    await ack()

    async def load() -> View:
        plan = (await deps.database.read(own_plans.to_read, UUID(press.value), press.who)).plan
        return form_views.skip_form(
            FormMeta(plan=plan.id, response_url=press.response_url, pressed_on=press.place), plan.day
        )

    await open_form(deps, press.trigger_id, "Skip today", load(), say_again(deps, press.response_url))


async def skip_submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The reason was given: excused."""
    sent = payloads.submission(body)
    meta = FormMeta.model_validate_json(sent.view.metadata)
    excuse = (sent.view.fields.get("words") or "").strip() or sent.view.fields["excuse"]
    pressed = Pressed.of(sent.who, meta.response_url, meta.pressed_on)
    work = deps.database.write(filing.skip_today, meta.plan, excuse, pressed, deps.clock())
    await answer_form(ack, deps, sent.view, work, lambda _: "excuse")


def say_again(deps: Deps, response_url: str | None) -> Callable[[str], Awaitable[None]]:
    """What to do when a form did not open: say so, where the button still stands."""

    async def expired(words: str) -> None:
        await tell(deps, response_url, plain("{words} Press the button again.", words=words))

    return expired
