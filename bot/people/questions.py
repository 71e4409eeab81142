"""What a team asks beyond the plan: looking at it and changing it (F19, F21)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting, actor
from bot.catalogue import say
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone
from bot.ids import new_id
from bot.modals import View, open_form, unsaid
from bot.payloads import Who
from bot.people import handlers, team_views
from bot.people import question_views as views
from bot.people.question_views import QuestionsForm, QuestionsMeta, QuestionsPage
from bot.standing import team_standing
from rituals import team_questions as rules
from rituals.people import Person, Team
from rituals.policy import Action, require
from rituals.settings import EditedMeanwhile
from rituals.team_questions import Kind, TeamQuestion
from storage import people, team_questions, values


def register(doors: Doors) -> None:
    """The button in the teams' room, and the form behind it."""
    doors.action(team_views.QUESTIONS)(ask)
    doors.view(views.SUBMIT)(submit)


async def ask(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Questions…`."""
    press = payloads.press(body)
    await ack()
    meta = QuestionsMeta(team=UUID(press.value))

    async def load_view() -> View:
        return views.questions_form(await deps.database.read(load, meta, press.who, deps.clock()))

    await open_form(deps, press.trigger_id, "Questions", load_view(), unsaid, above=press.view is not None)


def load(tx: Session, meta: QuestionsMeta, who: Who, now: datetime) -> QuestionsPage:
    """The form; raises Stranger, Gone or NotAllowed."""
    team = _may(tx, meta.team, who, actor(tx, who), now)
    standing = team_questions.of_team(tx, team.id)
    form = QuestionsForm(questions=rules.written(standing), mood=any(one.kind is Kind.MOOD for one in standing))
    return QuestionsPage(meta.model_copy(update={"seen": _ids(standing)}), team.name, form)


def _may(tx: Session, team_id: UUID, who: Who, person: Person, now: datetime, *, lock: bool = False) -> Team:
    team = people.team(tx, team_id, lock=lock)
    if team is None or team.workspace != who.workspace:
        raise Gone
    require(Action.TEAM_EDIT, person, team_standing(tx, team, now))
    return team


def _ids(questions: Sequence[TeamQuestion]) -> list[UUID]:
    return [question.id for question in questions]


async def submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The form was sent: commit, then ack."""
    sent = payloads.submission(body)
    meta = QuestionsMeta.model_validate_json(sent.view.metadata)
    form = QuestionsForm.parse(sent.view.fields)
    work = deps.database.write(keep, meta, form, sent.who, deps.clock())
    if not await handlers.keep_form(ack, deps, sent, work, lambda _: views.QUESTIONS):
        again = await deps.database.read(conflict, meta, form, sent.who, deps.clock())
        await ack(response_action="update", view=again)


def keep(tx: Session, meta: QuestionsMeta, form: QuestionsForm, who: Who, now: datetime) -> None:
    """Have a team ask this from the next prompt on; the same sent again changes nothing.

    Raises EditedMeanwhile, TooManyQuestions, QuestionTooLong, AskedTwice; Stranger, Gone or NotAllowed.
    """
    # The team's row is held, so that two who save at once see each other.
    team = _may(tx, meta.team, who, acting(tx, who, now), now, lock=True)
    standing = team_questions.of_team(tx, team.id)
    added, changed = rules.revise(standing, rules.read(form.questions), team, now, new_id, mood=form.mood)
    if not added and not changed:
        return
    if _ids(standing) != meta.seen:
        raise EditedMeanwhile(team.version)
    values.add(tx, *added)
    values.save(tx, *changed, was=standing)


def conflict(tx: Session, meta: QuestionsMeta, form: QuestionsForm, who: Who, now: datetime) -> View:
    """The form again after somebody else was faster, with what was typed."""
    page = load(tx, meta, who, now)
    stands = page.form.questions.splitlines() + (["how people feel"] if page.form.mood else [])
    notice = [
        say("*Somebody changed this in the meantime.* Now it asks: {now}.", now="; ".join(stands) or "nothing"),
        say("What you typed is below. `Save` again keeps yours."),
    ]
    return views.questions_form(replace(page, form=form, notice=notice))
