"""The forms that values come in by: one number with the colour it makes, or a table with a look before it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from bot.kpis.form_views import LONGEST_NUMBER, Meta
from bot.kpis.lines import in_words, line
from rituals.kpis import Filed, Kpi, Reading, Terms
from rituals.kpis_csv import COLUMNS, LONGEST_NOTE, Line
from rituals.kpis_numbers import editable, shown
from rituals.kpis_periods import Period
from rituals.stoplight import LONGEST_ANSWER, Explanation

VALUE_SUBMIT = "kpi.value_submit"
VALUE_TYPED = "kpi.value_typed"
IMPORT_SUBMIT = "kpi.import_submit"

MOST_PREVIEWED = 20
COLOUR = "colour"
"""The block that says which colour a value would make; redrawn while one types."""


# A value


@dataclass(frozen=True, slots=True)
class ValuePage:
    """What the form of a value shows. `typed` is how the KPI would stand with what is typed; None while unreadable.

    `off_track` asks for cause, proposal and help (M8), `stuck` for people, money and time too (F60); `explained` is
    what was said before. `saved` says that the value is stored already, and only the words are missing.
    """

    meta: Meta
    kpi: Kpi
    terms: Terms
    period: Period
    periods: Sequence[Period]
    last: Sequence[Filed]
    standing: Filed | None
    typed: Reading | None
    complaint: str | None
    off_track: bool = False
    stuck: bool = False
    explained: Explanation | None = None
    saved: bool = False


def value_form(page: ValuePage) -> Block:
    """The last three values, one number, and the colour it makes before it is saved."""
    kpi = page.kpi
    last = join(_last(filed, kpi) for filed in page.last) or say("nothing filed yet")
    terms = in_words(page.terms, kpi.unit)
    options = [blocks.option(period.label, period.first.isoformat()) for period in page.periods]
    standing = page.standing.value if page.standing is not None else None
    period = page.period.first.isoformat()
    typed = blocks.text_input(VALUE_TYPED, None if standing is None else editable(standing), most=LONGEST_NUMBER)
    typed["dispatch_action_config"] = {"trigger_actions_on": ["on_character_entered"]}
    note = page.standing.note if page.standing is not None else None
    fields = [
        blocks.section(say("*{label} {name}*\n{terms}", label=kpi.label, name=kpi.name, terms=terms)),
        blocks.context(say("Last: {last}", last=last)),
        blocks.field("period", "For", blocks.select(VALUE_TYPED, options, period), dispatch=True),
        # Slack keeps what stands in a field as long as its block id stays: each period has a value of its own.
        blocks.field(f"value:{period}", plain("Value, {unit}", unit=kpi.unit or "number"), typed, dispatch=True),
        blocks.context(_colour(page)) | {"block_id": COLOUR},
        *(_words(page) if page.off_track else []),
        blocks.field(f"note:{period}", "Note", blocks.text_input("note", note, most=LONGEST_NOTE), optional=True),
    ]
    title = plain("{label} {name}", label=kpi.label, name=kpi.name)
    return blocks.modal(title, VALUE_SUBMIT, fields, metadata=page.meta.model_dump_json(), submit="Save")


EXPLAINED = ("cause", "proposal", "help")
MEANS = ("people", "money", "time")
LABELS = {
    "cause": "Cause",
    "proposal": "What you propose",
    "help": "Help needed, and from whom",
    "people": "Other people?",
    "money": "Other money?",
    "time": "Other time?",
}


def _words(page: ValuePage) -> list[Block]:
    """What a number that is off track asks in the same form (M8); after two months without improvement more (F60)."""
    lead = say("*Off track.* Leaders meet it with your cause and proposal; without both it comes first.")
    if page.saved:
        lead = say("*Saved.* It is off track: say why and what you propose, or close this.")
    found = [blocks.context(lead), *(_box(page, name) for name in EXPLAINED)]
    if page.stuck:
        asks = say("*Not better for two months.* What would have to change?")
        found += [blocks.context(asks), *(_box(page, name) for name in MEANS)]
    return found


def _box(page: ValuePage, name: str) -> Block:
    words = "" if page.explained is None else str(getattr(page.explained, name))
    box = blocks.text_input(name, words, multiline=True, most=LONGEST_ANSWER)
    return blocks.field(f"{name}:{page.period.first.isoformat()}", LABELS[name], box, optional=True)


def _last(filed: Filed, kpi: Kpi) -> Mrkdwn:
    value = "–" if filed.value is None else shown(filed.value)
    return say("{period} *{value}*", period=Period(filed.period, kpi.cadence).label, value=value)


def _colour(page: ValuePage) -> Mrkdwn:
    if page.complaint is not None:
        return say("{complaint}", complaint=page.complaint)
    if page.typed is None:
        return say("The colour shows here as you type.")
    return say("Makes it: {line}", line=line(page.typed))


# Many values at once


def import_form(meta: Meta, text: str | None, preview: Sequence[tuple[Line, Filed | None]]) -> Block:
    """Lines to paste; after the first look, what they would store. Nothing is stored before that look."""
    fields = []
    if preview:
        rows = [_previewed(line_read, standing) for line_read, standing in preview[:MOST_PREVIEWED]]
        left = len(preview) - len(rows)
        rows += [say("… and {left} more", left=left)] if left else []
        fields.append(blocks.section(join([say("*This would be stored:*"), *rows], "\n")))
    hint = plain("{columns}, with commas, semicolons or tabs: K-3;november;1.2M;trade fair", columns=", ".join(COLUMNS))
    box = blocks.text_input("lines", text, multiline=True)
    fields.append(blocks.field("lines", "One value a line", box, hint=hint))
    rule = say(
        "All lines are stored, or none. A file can't be uploaded here: that needs the scope `files:read`, which "
        "Cadence does not ask for. Open the file and paste its lines."
    )
    fields.append(blocks.context(rule))
    submit = plain("Store {n}", n=len(preview)) if preview else "Preview"
    return blocks.modal("Import values", IMPORT_SUBMIT, fields, metadata=meta.model_dump_json(), submit=submit)


def _previewed(one: Line, standing: Filed | None) -> Mrkdwn:
    was = say(" (was {value})", value=shown(standing.value)) if standing and standing.value is not None else Mrkdwn("")
    value = f"{shown(one.value)} {one.kpi.unit}".strip()
    return say(
        "{label} {name}, {period}: *{value}*{was}",
        label=one.kpi.label,
        name=one.kpi.name,
        period=one.period.label,
        value=value,
        was=was,
    )
