"""The forms that a rep fills: the plan, the reason for a skip, which number a result moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, escape, join, plain, say
from bot.huddle.views import (
    ADD_SUBMIT,
    KPIS_SUBMIT,
    NO_KPI,
    REPLACE,
    SAVE_DRAFT,
    SETTLE,
    SKIP_SUBMIT,
    STUCK,
    STUCK_ON,
    SUBMIT,
    TODAY,
    FormMeta,
)
from rituals.blockers import Blocker, too_often
from rituals.kpis import Kpi
from rituals.plans import LONGEST_RESULT, MOST_RESULTS, Item, Outcome, Plan, SavedMeanwhile
from rituals.team_questions import LONGEST_ANSWER, MOODS, Asked, Kind, TeamQuestion

LONGEST_EXCUSE = 150
IMPACTS = ("Today", "This week", "The number")
EXCUSES = ("Off today", "Sick", "With a customer all day", "Something else")


class PlanForm(BaseModel):
    """What a person says in the plan form."""

    today: str = ""
    stuck: str | None = None
    needs: str | None = None
    impact: str | None = None
    since: date | None = None
    note: str | None = None
    share: bool = False
    settled: dict[UUID, Outcome] = {}
    why: dict[UUID, str] = {}
    solved: dict[UUID, bool] = {}
    sent_up: dict[UUID, bool] = {}
    answers: dict[UUID, str] = {}
    mood: int | None = None

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Self:
        """Read the fields of a form by their block ids ("settle:<item>")."""
        said: dict[str, Any] = {"settled": {}, "why": {}, "solved": {}, "sent_up": {}, "answers": {}}
        for block, value in fields.items():
            name, _, subject = block.partition(":")
            if name == "settle":
                said["settled"][subject] = value
            elif name == "why":
                said["why"][subject] = value or ""
            elif name == "blocker":
                said["solved"][subject] = value == "solved"
                said["sent_up"][subject] = value == "up"
            elif name == "ask":
                said["answers"][subject] = value or ""
            elif name == "share":
                said["share"] = "yes" in value
            elif name == TODAY:
                said["today"] = value or ""
            else:
                said[name] = value
        return cls.model_validate(said)


def standing_form(plan: Plan, items: Sequence[Item], raised: Blocker | None, asked: Sequence[Asked]) -> PlanForm:
    """What a plan says, as its form holds it; `raised` is the blocker that it told of."""
    form = PlanForm(
        today="\n".join(item.text for item in items),
        note=plan.note,
        share=plan.note_shared,
        answers={one.question.id: one.text for one in asked if one.answer is not None},
    )
    if raised is None or not raised.live:
        return form
    said = {"stuck": raised.text, "needs": raised.needs, "impact": raised.impact, "since": raised.opened_on}
    return form.model_copy(update=said)


@dataclass(frozen=True, slots=True)
class PlanPage:
    """All that the plan form shows: what stands in its fields, and what it asks about the last plan.

    `draft_of` is when what stands in it was saved, if that is a draft; `zone` is the reader's.
    """

    meta: FormMeta
    plan: Plan
    last: Plan | None
    open_items: Sequence[Item]
    stuck: Sequence[Blocker]
    asked: Sequence[Asked]
    form: PlanForm
    draft_of: datetime | None = None
    zone: str = "UTC"


def plan_form(page: PlanPage) -> Block:
    """One form, one submit. Dropping a result shows a line for why, without a new form."""
    form = page.form
    fields = [field for item in page.open_items for field in _settle_fields(item, form)]
    if page.last is not None and fields:
        fields.insert(0, blocks.context(say("{day}, still open:", day=escape(blocks.day_name(page.last.day)))))
    fields.append(
        blocks.field(
            f"{TODAY}:{page.meta.edition}",
            plain("Results for {day}", day=blocks.day_name(page.plan.day)),
            blocks.text_input(TODAY, form.today, multiline=True, placeholder="I commit to …"),
            hint=plain(
                "One to {most} lines. Write the result, not the activity: 'By tonight Beltrán says yes or no'.",
                most=MOST_RESULTS,
            ),
        )
    )
    fields += [_still_stuck(blocker, form) for blocker in page.stuck]
    fields += _stuck_fields(form, page.plan.day)
    fields += [_team_field(one.question, page.form) for one in page.asked]
    fields += [
        blocks.field("note", "Anything for the team", blocks.text_input("note", form.note, most=500), optional=True),
        blocks.field(
            "share",
            "Who reads it",
            blocks.checkbox("share", "Show this line in the team's thread", ticked=form.share),
            optional=True,
        ),
        blocks.actions(blocks.button("Save draft", SAVE_DRAFT, str(page.plan.id)), block_id="draft"),
        blocks.context(_draft_line(page)),
    ]
    title = plain("Plan for {day}", day=blocks.short_day(page.plan.day))
    return blocks.modal(title, SUBMIT, fields, metadata=page.meta.model_dump_json(), submit="Submit")


def _team_field(question: TeamQuestion, form: PlanForm) -> Block:
    if question.kind is Kind.MOOD:
        choices = [blocks.option(words, str(mood)) for mood, words in MOODS.items()]
        chosen = None if form.mood is None else str(form.mood)
        hint = "Counted once, without your name. Your manager sees an average the day after, of four answers or more."
        element = blocks.radios("mood", choices, chosen)
        return blocks.field("mood", "How do you feel about today?", element, hint=hint, optional=True)
    words = form.answers.get(question.id)
    box = blocks.text_input("ask", words, most=LONGEST_ANSWER)
    return blocks.field(f"ask:{question.id}", question.text, box, optional=not question.required)


def _draft_line(page: PlanPage) -> Mrkdwn:
    if page.draft_of is None:
        return say("Slack keeps nothing while you type. `Save draft` does, for a day.")
    at = blocks.clock_time(page.draft_of, page.zone)
    return say("This is your draft of {at}. It is kept for a day, and your manager does not see it.", at=at)


def _stuck_fields(form: PlanForm, day: date) -> list[Block]:
    """One line; with something in it, Enter shows who must move, since when and how bad it is (F20)."""
    hint = (
        "Something that stops you and someone else must move. Press Enter to say who. Leave it empty when nothing does."
    )
    box = blocks.text_input(STUCK_ON, form.stuck, most=500)
    found = [blocks.field(STUCK, "Stuck on", box, hint=hint, optional=True, dispatch=True)]
    if (form.stuck or "").strip():
        impacts = [blocks.option(words, words) for words in IMPACTS]
        who = blocks.text_input("needs", form.needs, most=200)
        found += [
            blocks.field("needs", "Need it from", who, optional=True),
            blocks.field("impact", "Impact", blocks.select("impact", impacts, form.impact), optional=True),
            blocks.field("since", "Since", blocks.date_picker("since", form.since or day), optional=True),
        ]
    return found


def _settle_fields(item: Item, form: PlanForm) -> list[Block]:
    chosen = form.settled.get(item.id, Outcome.CARRIED)
    choices = [
        blocks.option("Done", Outcome.DONE),
        blocks.option("Carry", Outcome.CARRIED),
        blocks.option("Drop", Outcome.DROPPED),
    ]
    label = blocks.cut(item.text, LONGEST_RESULT)
    found = [blocks.field(f"settle:{item.id}", label, blocks.radios(SETTLE, choices, chosen), dispatch=True)]
    if chosen is Outcome.DROPPED:
        why = blocks.text_input("why", form.why.get(item.id), most=200)
        found.append(blocks.field(f"why:{item.id}", "Why drop it", why))
    return found


def _still_stuck(blocker: Blocker, form: PlanForm) -> Block:
    again, chosen = ("Still stuck", "stuck"), "stuck"
    if too_often(blocker):
        # Said three times, it is not said again with nobody to move it: one of the two must be chosen (F34).
        again, chosen = ("Still stuck: send it up now", "up"), "up" if form.sent_up.get(blocker.id) else ""
    choices = [blocks.option(*again), blocks.option("Solved", "solved")]
    chosen = "solved" if form.solved.get(blocker.id) else chosen
    label = blocks.cut(f"{blocker.label} {blocker.text}", LONGEST_RESULT)
    return blocks.field(f"blocker:{blocker.id}", label, blocks.radios("blocker", choices, chosen))


def replace_form(meta: FormMeta, saved: SavedMeanwhile) -> Block:
    """Above the plan form: what was saved from another window meanwhile, and the choice between the two."""
    at = blocks.clock_time(saved.plan.filed_at, saved.zone) if saved.plan.filed_at else Mrkdwn("")
    lines = [
        say("You saved this plan at {at} in another window:", at=at),
        *(say("{n}  {text}", n=n, text=item.text) for n, item in enumerate(saved.items, 1)),
        say("`Replace it` saves what stands in the form below instead. `Back` keeps this; your text stays there."),
    ]
    body = [blocks.section(join(lines, "\n"))]
    carried = meta.model_copy(update={"revision": saved.plan.revision}).model_dump_json()
    return blocks.modal("Saved meanwhile", REPLACE, body, metadata=carried, submit="Replace it", close="Back")


def add_form(meta: FormMeta, day: date) -> Block:
    """One result more, below those that stand."""
    box = blocks.text_input("result", None, most=LONGEST_RESULT, placeholder="I commit to …")
    hint = "The result, not the activity. It comes below what you planned; Edit changes that."
    title = plain("Add to {day}", day=blocks.short_day(day))
    fields = [blocks.field("result", "One more result", box, hint=hint)]
    return blocks.modal(title, ADD_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Add")


def skip_form(meta: FormMeta, day: date) -> Block:
    """One reason, and nobody asks again today (F10)."""
    choices = [blocks.option(excuse, excuse) for excuse in EXCUSES]
    return blocks.modal(
        plain("Skip {day}", day=blocks.short_day(day)),
        SKIP_SUBMIT,
        [
            blocks.field("excuse", "Why", blocks.radios("excuse", choices, EXCUSES[0])),
            blocks.field(
                "words", "In your words", blocks.text_input("words", None, most=LONGEST_EXCUSE), optional=True
            ),
        ],
        metadata=meta.model_dump_json(),
        submit="Skip today",
    )


def kpis_form(meta: FormMeta, items: Sequence[Item], kpis: Mapping[UUID, Kpi]) -> Block:
    """Which number each result moves: a guess is corrected, or "no number" gets its why (F6, F7)."""
    choices = [blocks.option(kpi.name, str(kpi.id)) for kpi in kpis.values()] + [blocks.option("No number", NO_KPI)]
    fields = []
    for item in items:
        chosen = str(item.kpi_id) if item.kpi_id is not None else NO_KPI
        label = blocks.cut(item.text, LONGEST_RESULT)
        fields.append(blocks.field(f"kpi:{item.id}", label, blocks.select("kpi", choices, chosen)))
        why = blocks.text_input("why", item.why_no_kpi, most=200)
        fields.append(blocks.field(f"why:{item.id}", "If no number: why do it?", why, optional=True))
    return blocks.modal("Which number?", KPIS_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Save")
