"""The form about days away."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block, short_day
from bot.catalogue import Mrkdwn, count, plain, say
from rituals.people import Absence, Part, Person

SUBMIT = "away.submit"
LONGEST_REASON = 150
PARTS: Mapping[Part, str] = {
    Part.WHOLE: "Whole days",
    Part.MORNING: "Mornings only, until 13:00",
    Part.AFTERNOON: "Afternoons only, from 13:00",
}


class AwayMeta(BaseModel):
    """Where to say what was kept."""

    response_url: str | None = None


class AwayForm(BaseModel):
    """What stands in the form; without `who` it is about whoever sends it."""

    who: str | None = None
    first: date | None = None
    last: date | None = None
    part: Part = Part.WHOLE
    reason: str = ""

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Self:
        """Read the fields by their block ids."""
        return cls.model_validate({name: value for name, value in fields.items() if value is not None})


def away_form(meta: AwayMeta, person: Person, today: date, *, for_others: bool) -> Block:
    """From when until when, whole days or halves, and why."""
    whose = blocks.field(
        "who", "Who is away", blocks.users("who", person.slack_id), hint="Yourself, or somebody who reports to you."
    )
    parts = [blocks.option(words, part) for part, words in PARTS.items()]
    fields = [
        *([whose] if for_others else []),
        blocks.field("first", "First day", blocks.date_picker("first", today)),
        blocks.field("last", "Last day", blocks.date_picker("last", None), hint="Empty: that one day.", optional=True),
        blocks.field("part", "How much of each", blocks.radios("part", parts, Part.WHOLE)),
        blocks.field("reason", "Why", blocks.text_input("reason", None, most=LONGEST_REASON), optional=True),
    ]
    return blocks.modal("Away", SUBMIT, fields, metadata=meta.model_dump_json(), submit="Save")


def kept(absence: Absence, absent: Person, *, own: bool) -> Mrkdwn:
    """What was kept, said back with weekdays."""
    whose = say("You are") if own else say("{who} is", who=absent.given_name)
    half = {Part.WHOLE: "", Part.MORNING: ", mornings only", Part.AFTERNOON: ", afternoons only"}[absence.part]
    asked = say("Nobody is asked or reminded on those days.")
    if absence.part is not Part.WHOLE:
        asked = say("Nobody is asked or reminded in that half of the day.")
    return say(
        "{whose} away {days}{half}. {asked} `{back}` ends it.",
        whose=whose,
        days=span(absence.first_day, absence.last_day),
        half=half,
        asked=asked,
        back=plain("/plan back") if own else plain("/plan back @{who}", who=absent.given_name),
    )


def span(first: date, last: date) -> Mrkdwn:
    """Days as people say them."""
    if first == last:
        return say("on {day}", day=blocks.day_name(first))
    days = count((last - first).days + 1, "day")
    return say("{first} to {last} ({days})", first=short_day(first), last=short_day(last), days=days)
