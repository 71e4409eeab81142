"""The form of what a team asks beyond the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from rituals.team_questions import LONGEST_QUESTION, MOST_QUESTIONS, REQUIRED

SUBMIT = "teams.questions_submit"
QUESTIONS = "questions"


class QuestionsMeta(BaseModel):
    """Whose questions a form is about, and which ones it was opened on."""

    team: UUID
    seen: list[UUID] = []


class QuestionsForm(BaseModel):
    """What stands in the form: questions, one a line, and whether the mood is asked."""

    questions: str = ""
    mood: bool = False

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Self:
        """Read the fields by their block ids."""
        return cls(questions=fields.get(QUESTIONS) or "", mood="yes" in (fields.get("mood") or ()))


@dataclass(frozen=True, slots=True)
class QuestionsPage:
    """All that the form shows."""

    meta: QuestionsMeta
    team: str
    form: QuestionsForm
    notice: Sequence[Mrkdwn] = ()


def questions_form(page: QuestionsPage) -> Block:
    """One box, a question a line: their order is that of the plan form, and a line taken out is asked no more."""
    body: list[Block] = [blocks.section(join(page.notice, "\n"), block_id="notice")] if page.notice else []
    body += [
        blocks.field(
            QUESTIONS,
            "Asked beside the plan",
            blocks.text_input(
                QUESTIONS, page.form.questions, multiline=True, most=(LONGEST_QUESTION + 10) * MOST_QUESTIONS
            ),
            hint=plain(
                "One question a line, {most} at most, such as: Commit for today. Begin a line with {mark} if it must "
                "be answered. What you take out is asked no more; its answers stay.",
                most=MOST_QUESTIONS,
                mark=REQUIRED,
            ),
            optional=True,
        ),
        blocks.field(
            "mood",
            "Mood",
            blocks.checkbox("mood", "Ask how people feel", ticked=page.form.mood),
            hint="Optional for each, counted without names; an average is shown from four answers on, a day later.",
            optional=True,
        ),
        blocks.context(say("A change holds from the next prompt on. Plans that are open keep what they were asked.")),
    ]
    title = plain("{team} asks", team=page.team)
    return blocks.modal(title, SUBMIT, body, metadata=page.meta.model_dump_json(), submit="Save")
