"""What people read of KPIs: the list of one's own, one in detail, the tree, the answer to a value."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from bot.kpis.lines import in_words, line, when
from rituals.kpis import Filed, Function, Kpi, Objective, Paid, Reading, Share, Terms
from rituals.kpis_changes import Change, State
from rituals.kpis_numbers import shown
from rituals.kpis_periods import Period
from rituals.people import Person

ENTER = "kpi.enter"
PAGE = "kpi.page"
PROPOSE = "kpi.propose"
RETIRE = "kpi.retire"
APPROVE = "kpi.approve"
RETURN = "kpi.return"
SHARE = "kpi.share"
OBJECTIVE = "kpi.objective"
FUNCTION = "kpi.function"

A_PAGE = 10
LONGEST_PART = 2800
"""Characters of a section that is built of many parts; Slack takes 3,000."""
LONGEST_QUOTE = 120
"""Characters of a note in the history, so that all of it fits into one message."""
PAID_WORDS = {Paid.YES: "paid on it", Paid.NO: "not paid on it", Paid.OPPOSITE: "paid on the opposite"}
NEW = "new"
"""A button's value for something that is not there yet."""

Answer = tuple[Mrkdwn, list[Block]]
"""What a command says: the summary, and its blocks."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One KPI in a list: `may_file` says whether the reader enters its values, `share` is the reader's own."""

    reading: Reading
    warned_by: Collection[Reading]
    may_file: bool
    share: Share | None = None


def kpi_text(one: Reading, warned_by: Collection[Reading] = ()) -> Mrkdwn:
    """A KPI's line, and below it which red leading KPIs it must be told of (F62, F63)."""
    warned = [say("⚠ leading {label} {line}", label=red.kpi.label, line=line(red)) for red in warned_by]
    return join([line(one), *warned], "\n")


def listing(title: str, rows: Sequence[Listed], page: int, verb: str) -> Answer:
    """KPIs, ten a page, worst first; `verb` shows the same list."""
    pages = max(1, -(-len(rows) // A_PAGE))
    page = min(max(page, 1), pages)
    body = [blocks.section(say("*{title}*", title=title))]
    for row in rows[(page - 1) * A_PAGE : page * A_PAGE]:
        facts = [row.reading.kpi.label, when(row.reading) or plain("nothing filed yet")]
        if row.share is not None:
            facts.append(plain("your share {percent} %", percent=shown(row.share.percent)))
        button = blocks.button("Enter", ENTER, str(row.reading.kpi.id)) if row.may_file else None
        body.append(blocks.section(kpi_text(row.reading, row.warned_by), button))
        body.append(blocks.context(join(facts)))
    return say("{title}", title=title), body + turning(page, pages, verb)


def turning(page: int, pages: int, verb: str) -> list[Block]:
    """The foot of a list that has more pages; `verb` is what shows it."""
    if pages == 1:
        return []
    following = page % pages + 1
    label = "Next page" if following > 1 else "First page"
    words = say("Page {page} of {pages}", page=page, pages=pages)
    return [blocks.actions(blocks.button(label, PAGE, f"{verb}:{following}")), blocks.context(words)]


def nothing_yet() -> Answer:
    """Whoever has no KPI learns where they are."""
    words = say(
        "You own no KPI and have a share in none. `/kpi tree` shows all of them; your manager can give a share."
    )
    return words, [blocks.section(words)]


# One in detail


@dataclass(frozen=True, slots=True)
class Detail:
    """All that `/kpi show` tells of one KPI, and what its reader may do with it."""

    reading: Reading
    warned_by: Collection[Reading]
    objective: Objective
    function: Function
    team_name: str | None
    people: Mapping[UUID, Person]
    history: Sequence[Filed]
    changes: Sequence[tuple[Change, Terms, Terms]]
    shares: Sequence[Share]
    pay_of: Collection[UUID]
    leads: Sequence[Kpi]
    led_by: Sequence[Kpi]
    may_file: bool
    may_propose: bool
    may_approve: bool
    may_keep: bool

    def name(self, person_id: UUID | None) -> str:
        """Somebody's name."""
        person = None if person_id is None else self.people.get(person_id)
        return person.name if person is not None else plain("nobody")

    def pay(self, share: Share) -> str:
        """Whether somebody is paid on their share, for whoever may read it; nothing for the others."""
        return plain(", {paid}", paid=PAID_WORDS[share.paid]) if share.person_id in self.pay_of else ""


def detail(shown_one: Detail) -> Answer:
    """Line, definition, terms, values with who and when, changes, shares, links."""
    kpi = shown_one.reading.kpi
    body = [blocks.section(kpi_text(shown_one.reading, shown_one.warned_by))]
    place = [shown_one.objective.name, shown_one.function.name, *filter(None, [shown_one.team_name])]
    owner = plain("owned by {who}", who=shown_one.name(kpi.owner_id))
    cadence = plain("filed once a {cadence}", cadence=kpi.cadence.value)
    body.append(blocks.context(join([kpi.label, join(place, " / "), owner, cadence])))
    if kpi.definition:
        body.append(blocks.section(say("*What it means:* {text}", text=kpi.definition)))
    body.append(blocks.section(say("*Expected:* {terms}", terms=in_words(shown_one.reading.terms, kpi.unit))))
    body += [blocks.section(text) for text in _sections(shown_one)]
    if buttons := _buttons(shown_one):
        body.append(blocks.actions(*buttons))
    body += _changes(shown_one)
    # Old changes are what does not fit (F107): everything before them has its bounds.
    fits = blocks.pages([[block] for block in body], blocks.PAGE_BLOCKS, blocks.PAGE_CHARACTERS)[0]
    return say("{label} {name}", label=kpi.label, name=kpi.name), fits


def _sections(one: Detail) -> list[Mrkdwn]:
    found = []
    if one.history:
        rows = join((filed_line(filed, one) for filed in one.history), "\n")
        found.append(say("*Values*\n{rows}", rows=rows))
    if one.shares:
        rows = join(
            say("{who} {n} %{paid}", who=one.name(s.person_id), n=shown(s.percent), paid=one.pay(s)) for s in one.shares
        )
        found.append(say("*Shares:* {rows}", rows=blocks.cut_markup(rows, LONGEST_PART // 2)))
    for words, kpis in (("Leads to", one.leads), ("Led by", one.led_by)):
        if kpis:
            rows = join((say("{label} {name}", label=kpi.label, name=kpi.name) for kpi in kpis), ", ")
            found.append(say("*{words}:* {rows}", words=words, rows=rows))
    return found


def filed_line(filed: Filed, one: Detail) -> Mrkdwn:
    """One entry of the history: a correction names its number, nothing is ever overwritten."""
    value = plain("taken back") if filed.value is None else shown(filed.value)
    period = Period(filed.period, one.reading.kpi.cadence).label
    again = plain(" (correction {n})", n=filed.revision - 1) if filed.revision > 1 else ""
    who = one.name(filed.by_id) if filed.by_id else filed.source.value
    note = say(" _{note}_", note=blocks.cut(filed.note, LONGEST_QUOTE)) if filed.note else Mrkdwn("")
    return say(
        "{period}: *{value}*{again} · {who}, {day}, by {source}{note}",
        period=period,
        value=value,
        again=again,
        who=who,
        day=blocks.day_of(filed.at),
        source=filed.source.value,
        note=note,
    )


def _buttons(one: Detail) -> list[Block]:
    value = str(one.reading.kpi.id)
    wanted = (
        (one.may_file, blocks.button("Enter value", ENTER, value)),
        (one.may_propose, blocks.button("Propose change", PROPOSE, value)),
        (one.may_keep, retire_button(one.reading.kpi, "Retire")),
    )
    return [] if one.reading.kpi.retired_on else [button for may, button in wanted if may]


def _changes(one: Detail) -> list[Block]:
    found: list[Block] = []
    for change, before, after in one.changes:
        by = one.name(change.proposed_by_id)
        text = change_text(one.reading.kpi, change, before, after, by, _outcome(change, one))
        found.append(blocks.section(text))
        if change.state is State.PROPOSED and one.may_approve:
            found.append(change_buttons(change.id))
    return found


def _outcome(change: Change, one: Detail) -> Mrkdwn:
    if change.state is State.PROPOSED:
        waiting = one.name(change.approver_id)
        return say("waits for {who}", who=waiting)
    return outcome(change, one.name(change.decided_by_id))


def outcome(change: Change, who: str) -> Mrkdwn:
    """What became of a change, by whom, with their words."""
    words = say(": “{text}”", text=change.answer) if change.answer else Mrkdwn("")
    return say("{state} by {who}{words}", state=change.state.value, who=who, words=words)


def change_text(kpi: Kpi, change: Change, before: Terms, after: Terms, by: str, state: Mrkdwn) -> Mrkdwn:
    """A commitment changed: before, after, why, who (F46)."""
    return say(
        "*Change of {label} {name}* by {by} · {state}\nbefore: {before}\nafter: {after}\nwhy: {why}",
        label=kpi.label,
        name=kpi.name,
        by=by,
        state=state,
        before=in_words(before, kpi.unit),
        after=in_words(after, kpi.unit),
        why=change.reason,
    )


def change_buttons(change_id: UUID) -> Block:
    """The two answers to a proposed change."""
    approve = blocks.button("Approve", APPROVE, str(change_id), "primary")
    return blocks.actions(approve, blocks.button("Return…", RETURN, str(change_id)), block_id=f"change:{change_id}")


def retire_button(kpi: Kpi, label: str) -> Block:
    """A button that asks once more before it retires a KPI."""
    button = blocks.button(label, RETIRE, str(kpi.id), "danger")
    asks = plain("Nothing can be filed for {label} afterwards. Its history stays.", label=kpi.label)
    button["confirm"] = {
        "title": blocks.text(blocks.cut(plain("Retire {label}?", label=kpi.label), 100)),
        "text": blocks.text(asks),
        "confirm": blocks.text("Retire"),
        "deny": blocks.text("Keep"),
    }
    return button


# Answers


def saved(one: Reading, filed: Filed, before: tuple[Filed, Person | None] | None) -> Mrkdwn:
    """What was understood and stored: the number, for which period, what it was before, and the colour it makes."""
    value = plain("taken back") if filed.value is None else f"{shown(filed.value)} {one.kpi.unit}".strip()
    period = Period(filed.period, one.kpi.cadence).label
    was = Mrkdwn("")
    if before is not None:
        earlier, by = before
        old = plain("nothing") if earlier.value is None else shown(earlier.value)
        who = say(", filed by {who}", who=by.given_name) if by is not None else Mrkdwn("")
        was = say(" (was {old}{who})", old=old, who=who)
    said = say("Saved {label}: *{value}* for {period}{was}.", label=one.kpi.label, value=value, period=period, was=was)
    return join([said, line(one)], "\n")


def places(title: str, action_id: str, rows: Sequence[tuple[UUID, Mrkdwn]], *, may: bool) -> Answer:
    """Objectives or functions, each with its `Edit`, for whoever may change them."""
    body = [blocks.section(say("*{title}*", title=title))]
    for found_id, words in rows[: blocks.PAGE_BLOCKS - 4]:
        body.append(blocks.section(words, blocks.button("Edit", action_id, str(found_id)) if may else None))
    if left := len(rows[blocks.PAGE_BLOCKS - 4 :]):
        body.append(blocks.context(say("… and {left} more; `/kpi tree` names all of them.", left=left)))
    if not rows:
        body.append(blocks.section(say("There is none yet.")))
    if may:
        body.append(blocks.actions(blocks.button("Add", action_id, NEW, "primary")))
    return say("{title}", title=title), body


def first_an_objective() -> Answer:
    """A KPI stands under an objective and a function: without them, set them first."""
    words = say("A KPI stands under an objective and a function. Set the first ones; then `/kpi add`.")
    buttons = blocks.actions(
        blocks.button("Add objective", OBJECTIVE, NEW), blocks.button("Add function", FUNCTION, NEW)
    )
    return words, [blocks.section(words), buttons]


def retired(kpi: Kpi) -> Mrkdwn:
    """What was done."""
    return say("{label} *{name}* is retired. Its history stays.", label=kpi.label, name=kpi.name)
