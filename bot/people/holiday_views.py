"""The room about days off: company days, who follows which public holidays, which Slack statuses excuse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from rituals.absences import ExcusingWord
from rituals.calendar import CompanyDay
from rituals.people import Team

ADD = "holidays.add"
REMOVE = "holidays.remove"
ASSIGN = "holidays.assign"
WORDS = "holidays.words"
ADD_SUBMIT = "holidays.add_submit"
ASSIGN_SUBMIT = "holidays.assign_submit"
WORDS_SUBMIT = "holidays.words_submit"

MOST_DAYS = 30
MOST_WORDS = 30
LONGEST_WORD = 60
EVERYBODY = "everybody"


class HolidaysMeta(BaseModel):
    """The list below a form."""

    room: str | None = None


@dataclass(frozen=True, slots=True)
class HolidaysPage:
    """All that the room shows. `calendars` counts people by the code of their calendar, None for none."""

    days: Sequence[CompanyDay]
    calendars: Mapping[str | None, int]
    words: Sequence[ExcusingWord]
    may_change: bool


def holidays_list(page: HolidaysPage) -> Block:
    """What keeps whom from being asked, besides their own absences."""
    body: list[Block] = []
    if page.may_change:
        buttons = (
            blocks.button("Add a day…", ADD, "add", "primary"),
            blocks.button("Public holidays…", ASSIGN, "assign"),
            blocks.button("Slack statuses…", WORDS, "words"),
        )
        body.append(blocks.actions(*buttons, block_id="change"))
    body.append(blocks.section(say("*Company days of the coming year*")))
    body += [_day(page, day) for day in page.days[:MOST_DAYS]]
    if not page.days:
        body.append(blocks.context(say("None. A day here closes the company, or opens it on a public holiday.")))
    if len(page.days) > MOST_DAYS:
        body.append(blocks.context(say("{n} more later in the year.", n=len(page.days) - MOST_DAYS)))
    body.append(blocks.section(say("*Public holidays*\n{lines}", lines=_calendars(page))))
    said = ", ".join(one.word for one in page.words) or "none yet"
    words = say("*Slack statuses that excuse until they expire*\n{said}", said=said)
    body.append(blocks.section(words))
    return blocks.room("Holidays", body, HolidaysMeta().model_dump_json())


def _day(page: HolidaysPage, day: CompanyDay) -> Block:
    what = "open" if day.working else "closed"
    on = f"{blocks.short_day(day.day)} {day.day.year}"
    whom = "everybody" if day.calendar is None else plain("people on {code}", code=day.calendar)
    words = say("*{on}* · {name} · {what} for {whom}", on=on, name=day.name, what=what, whom=whom)
    remove = blocks.button("Remove", REMOVE, str(day.id)) if page.may_change else None
    return blocks.section(words, remove, block_id=f"day:{day.id}")


def _calendars(page: HolidaysPage) -> Mrkdwn:
    ordered = sorted(page.calendars.items(), key=lambda pair: (pair[0] is None, -pair[1], pair[0] or ""))
    shown = ordered[:20]
    lines = [
        say("{code}: {people}", code=code or "no calendar", people=count(number, "person", "people"))
        for code, number in shown
    ]
    return join(lines, "\n") if lines else say("Nobody is on a calendar yet.")


class DayForm(BaseModel):
    """A company day as the form says it."""

    day: date | None = None
    name: str = ""
    kind: str = "closed"
    calendar: str | None = None

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Self:
        """Read the fields by their block ids."""
        return cls.model_validate({name: value for name, value in fields.items() if value is not None})


def day_form(meta: HolidaysMeta) -> Block:
    """A day on which the company is closed, or open although it is a public holiday (F89)."""
    kinds = [
        blocks.option("Closed, nobody is asked", "closed"),
        blocks.option("Open, also on a public holiday", "open"),
    ]
    fields = [
        blocks.field("day", "Day", blocks.date_picker("day", None)),
        blocks.field("name", "What it is called", blocks.text_input("name", None, most=100)),
        blocks.field("kind", "The company is", blocks.radios("kind", kinds, "closed")),
        blocks.field(
            "calendar",
            "Only for people on",
            blocks.text_input("calendar", None, most=12),
            hint="A country or a part of it: DE, DE-BE. Empty: everybody.",
            optional=True,
        ),
    ]
    return blocks.modal("Add a day", ADD_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Add")


def assign_form(meta: HolidaysMeta, teams: Sequence[Team]) -> Block:
    """The public holidays of everybody, or of a team's people, at once (F89)."""
    whom = [blocks.option("Everybody", EVERYBODY), *(blocks.option(team.name, str(team.id)) for team in teams[:99])]
    fields = [
        blocks.field("whom", "For", blocks.select("whom", whom, EVERYBODY)),
        blocks.field(
            "code",
            "Public holidays of",
            blocks.text_input("code", None, most=12),
            hint="A country or a part of it: DE, DE-BE, US-CA. Empty: none. One person's own is in their form.",
            optional=True,
        ),
    ]
    return blocks.modal("Public holidays", ASSIGN_SUBMIT, fields, metadata=meta.model_dump_json(), submit="Save")


def words_form(meta: HolidaysMeta, words: Sequence[ExcusingWord]) -> Block:
    """Words and emoji, one a line (F88)."""
    said = "\n".join(one.word for one in words)
    hint = plain(
        "One a line: vacation, sick, :palm_tree:. Whoever shows one in Slack, with an end, is not asked until then."
    )
    field = blocks.field(
        "words",
        "Words and emoji",
        blocks.text_input("words", said, multiline=True, most=2000),
        hint=hint,
        optional=True,
    )
    return blocks.modal("Slack statuses", WORDS_SUBMIT, [field], metadata=meta.model_dump_json(), submit="Save")
