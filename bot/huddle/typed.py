"""A plan typed into the DM: read, echoed, and kept as a plan only after `Save` (F4)."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting
from bot.catalogue import as_read
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_press, sentence
from bot.huddle import filing, form_views, handlers, loading, own_plans, receipts, typed_views
from bot.huddle.form_views import PlanForm
from bot.huddle.typed_views import Preview
from bot.huddle.views import FormMeta
from bot.ids import new_id, same_id
from bot.modals import View, open_form
from bot.payloads import DirectMessage, Who
from bot.pressed import Pressed
from rituals import typed_plans
from rituals.plans import Plan, PlanState, read_results
from rituals.refusals import Refusal
from rituals.typed_plans import Typed
from storage import blockers, drafts, outbox, people, plans, team_questions
from storage.outbox import Message, Policy, Rank

_MENTION = re.compile(r"<@(\w+)>")
OPEN, SAVED, DISCARDED = "open", "saved", "discarded"


@dataclass(frozen=True, slots=True)
class Echo:
    """Words that somebody typed, the plan they are for, and the revision of it that their echo showed."""

    id: UUID
    plan_id: UUID
    today: str
    stuck: str | None
    revision: int
    state: str

    def keep(self, tx: Session, workspace: str, now: datetime) -> Self:
        """Remember them for a day, like the draft of a form (F13)."""
        said = {"plan": str(self.plan_id), "today": self.today, "stuck": self.stuck}
        drafts.keep(tx, workspace, self.id, {**said, "revision": self.revision, "state": self.state}, now)
        return self


def register(doors: Doors) -> None:
    """What people write to us, and the three buttons of its echo."""
    doors.event("message")(heard)
    doors.action(typed_views.SAVE)(save)
    doors.action(typed_views.EDIT)(edit)
    doors.action(typed_views.DISCARD)(discard)


def echo_key(typed_id: UUID) -> str:
    """Outbox key of the echo."""
    return f"typed:{typed_id}"


async def heard(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`message.im`: answer it, then ack, so that Slack tells again what was not kept."""
    said = payloads.direct_message(body)
    if said is not None:
        await deps.database.write(answer, said, deps.clock())
        deps.wake()
    await ack()


def answer(tx: Session, said: DirectMessage, now: datetime) -> None:
    """Echo a plan, or say in one line how to type one; the same message told again is answered once."""
    who = said.who
    typed_id = same_id("typed", who.workspace, who.slack_id, said.ts)
    key = echo_key(typed_id)
    if outbox.state_of(tx, who.workspace, key) is not None:
        return
    drafts.forget(tx, now)
    try:
        body = _answered(tx, said, typed_id, now)
    except Refusal as refusal:
        body = typed_views.told(sentence(refusal))
    outbox.post(tx, Message(new_id(), who.workspace, key, Policy.RESEND, Rank.REPLY, body, now), who.slack_id)


def _answered(tx: Session, said: DirectMessage, typed_id: UUID, now: datetime) -> dict[str, Any]:
    person = acting(tx, said.who, now)
    named = people.behind(tx, person.workspace, set(_MENTION.findall(said.text)))
    names = {slack_id: one.given_name for slack_id, one in named.items()}
    typed = typed_plans.read(as_read(said.text, names))
    if typed is None:
        return typed_views.no_plan()
    plan_id = own_plans.find(tx, said.who, now, typed.day)
    plan = own_plans.to_write(tx, plan_id, said.who, now).plan
    echo = _echo(typed_id, plan, typed).keep(tx, plan.workspace, now)
    return typed_views.preview(_preview(tx, echo, plan))


def _echo(typed_id: UUID, plan: Plan, typed: Typed) -> Echo:
    return Echo(typed_id, plan.id, typed.today, typed.stuck, plan.revision, OPEN)


def _preview(tx: Session, echo: Echo, plan: Plan) -> Preview:
    promised = plans.promised(tx, plan)
    try:
        results, refused = read_results(echo.today), None
    except Refusal as refusal:
        results, refused = tuple(echo.today.splitlines()), sentence(refusal)
    still_open = [] if plan.state is PlanState.FILED else loading.still_open(promised.earlier)
    return Preview(
        typed_id=echo.id,
        day=plan.day,
        results=results,
        stuck=echo.stuck,
        replaces=[item.text for item in promised.items] if plan.state is PlanState.FILED else (),
        left_out=[item.text for item in still_open if item.text not in results],
        refused=refused,
    )


def find(tx: Session, typed_id: UUID, now: datetime) -> Echo:
    """Words that were typed in the last 24 hours; raises Gone."""
    kept = drafts.find(tx, typed_id, now)
    if kept is None:
        raise Gone
    said = kept[0]
    return Echo(typed_id, UUID(said["plan"]), said["today"], said["stuck"], said["revision"], said["state"])


def _form(tx: Session, echo: Echo, plan: Plan) -> PlanForm:
    """What the plan form would hold: the typed words over what is saved already; what they leave open stays so."""
    raised, _ = blockers.concerning(tx, plan.person_id, plan.id)
    asked = team_questions.of_plans(tx, [plan.id])[plan.id]
    standing = form_views.standing_form(plan, (), raised, asked)
    said = {"today": echo.today} | ({} if echo.stuck is None else {"stuck": echo.stuck})
    return standing.model_copy(update=said)


async def save(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Save`: the words become the plan."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    work = deps.database.write(save_typed, UUID(press.value), pressed, deps.clock())
    await answer_press(ack, deps, press, work)


def save_typed(tx: Session, typed_id: UUID, pressed: Pressed, now: datetime) -> None:
    """File a typed plan, once; where the plan changed since its echo, show that instead, with what `Save` replaces now.

    Raises what filing a plan raises.
    """
    echo = find(tx, typed_id, now)
    found = own_plans.to_write(tx, echo.plan_id, pressed.who, now)
    plan = found.plan
    if echo.state == OPEN and echo.revision != plan.revision:
        echo = replace(echo, revision=plan.revision).keep(tx, plan.workspace, now)
        _show(tx, echo, typed_views.preview(_preview(tx, echo, plan)), pressed, now)
        return
    if echo.state == OPEN:
        filing.file_plan(tx, plan.id, _form(tx, echo, plan), pressed, now)
        echo = replace(echo, state=SAVED).keep(tx, plan.workspace, now)
    body = typed_views.saved(plan.day) if echo.state == SAVED else typed_views.discarded()
    _show(tx, echo, body, pressed, now)


def _show(tx: Session, echo: Echo, body: dict[str, Any], pressed: Pressed, now: datetime) -> None:
    message = Message(new_id(), pressed.who.workspace, echo_key(echo.id), Policy.RESEND, Rank.REPLY, body, now)
    receipts.show(tx, message, pressed.who.slack_id, pressed)


async def discard(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Discard`: the plan stays as it is, and what was typed stands in the DM."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    work = deps.database.write(discard_typed, UUID(press.value), pressed, deps.clock())
    await answer_press(ack, deps, press, work)


def discard_typed(tx: Session, typed_id: UUID, pressed: Pressed, now: datetime) -> None:
    """Take the buttons away; raises Stranger, Gone or NotAllowed."""
    echo = find(tx, typed_id, now)
    plan = own_plans.to_write(tx, echo.plan_id, pressed.who, now).plan
    if echo.state == OPEN:
        echo = replace(echo, state=DISCARDED).keep(tx, plan.workspace, now)
    body = typed_views.saved(plan.day) if echo.state == SAVED else typed_views.discarded()
    _show(tx, echo, body, pressed, now)


async def edit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Edit`: the plan form with the typed words in it."""
    press = payloads.press(body)
    await ack()
    reading = deps.database.read(load_typed, UUID(press.value), press.who, deps.clock())
    await open_form(deps, press.trigger_id, "Your plan", reading, handlers.say_again(deps, press.response_url))


def load_typed(tx: Session, typed_id: UUID, who: Who, now: datetime) -> View:
    """The form; raises Stranger, Gone or NotAllowed."""
    echo = find(tx, typed_id, now)
    plan = own_plans.to_read(tx, echo.plan_id, who).plan
    meta = FormMeta(plan=plan.id)
    return form_views.plan_form(handlers.open_page(tx, meta, who, now, _form(tx, echo, plan)))
