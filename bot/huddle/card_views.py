"""What a manager sees: the huddle card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from bot import blocks
from bot.blockers import views as blocker_views
from bot.blockers.views import Shown
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.huddle import ask_views, talk_views
from bot.huddle.receipt_views import answer_lines
from bot.huddle.views import FormMeta, blocker_line
from bot.kpis.lines import kpi_line
from rituals import kpis
from rituals.attendance import Attendance, oldest_worry_first
from rituals.blockers import Blocker
from rituals.kpis import Reading
from rituals.people import Person, Team
from rituals.plans import Answer, Item, Plan, Redirect
from rituals.questions import Question
from rituals.run_sheet import LONGEST
from rituals.team_questions import BEST_MOOD, Asked, average_mood

AGREE = "card.agree"
AGREE_ALL = "card.agree_all"
KEEP = "card.keep"
REDIRECT = "card.redirect"
POST = "card.post"
RUN = "card.run"
PAGE = "card.page"
UNDO = "card.undo"
AGREEMENTS = (AGREE, AGREE_ALL)

OVERDUE_DAYS = 2
MOST_STUCK = 4
"""Blockers of one person that a card shows with their buttons."""


@dataclass(frozen=True, slots=True)
class Undoable:
    """A press on the card that its reader can still take back, and whose plans it agreed to."""

    act_id: UUID
    writers: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Day:
    """One team's huddle on one date, loaded whole.

    `stuck` pairs a blocker with its age in working days, `blockers` are their cards, where somebody reads them. `mood`
    is the last date before on which people said how they feel, with answers by mood; `unspoken` are those whom the
    reader has had no word with for two weeks.
    """

    team: Team
    day: date
    reader_id: UUID | None
    reader_is_stand_in: bool
    attendance: Attendance
    plans: Mapping[UUID, Plan]
    items: Mapping[UUID, Sequence[Item]]
    redirects: Mapping[UUID, Redirect]
    kpis: Mapping[UUID, Reading]
    stuck: Mapping[UUID, Sequence[tuple[Blocker, int]]]
    posted: bool
    undoable: Undoable | None
    questions: Mapping[UUID, Sequence[Question]]
    blockers: Mapping[UUID, Shown]
    asked: Mapping[UUID, Sequence[Asked]]
    mood: tuple[date, Mapping[int, int]] | None
    unspoken: Sequence[Person]

    def items_of(self, person: Person) -> Sequence[Item]:
        """What a person promises today."""
        plan = self.plans.get(person.id)
        return () if plan is None else self.items.get(plan.id, ())


@dataclass(frozen=True, slots=True)
class Seen:
    """What a button under a plan carries: the plan as its reader saw it, and which message they saw it in.

    `card` None is the huddle card, as the build before wrote it.
    """

    plan: UUID
    revision: int
    card: UUID | None

    @classmethod
    def read(cls, value: str) -> Self:
        """The same from the button's value."""
        plan, revision, card = (*value.split(":"), "")[:3]
        return cls(UUID(plan), int(revision), UUID(card) if card else None)

    @property
    def value(self) -> str:
        """What the button carries."""
        return f"{self.plan}:{self.revision}" + (f":{self.card}" if self.card else "")

    def carried(self, response_url: str | None) -> FormMeta:
        """What a form behind the button carries."""
        return FormMeta(plan=self.plan, revision=self.revision, card=self.card, response_url=response_url)


def card(day: Day, card_id: UUID, page: int) -> dict[str, Any]:
    """One page of the huddle card (F16, F107). A page that is not there shows the last one."""
    worries = {person: blockers[0][1] for person, blockers in day.stuck.items() if blockers}
    by_person = {person.id: day.items_of(person) for person in day.attendance.answered}
    ordered = oldest_worry_first(day.attendance.answered, by_person, worries)
    head = _head(day, card_id)
    groups = [person_block(day, person, card_id) for person in ordered]
    silent = (*day.attendance.missing, *day.attendance.later, *day.attendance.excused)
    groups += [_stuck_only(day, person) for person in silent if day.stuck.get(person.id) and day.blockers]
    room = (blocks.PAGE_BLOCKS - len(head) - 2, blocks.PAGE_CHARACTERS - blocks.weight(head) - 300)
    found = blocks.pages(groups, *room)
    page = min(page, len(found) - 1)
    body = [*head, *found[page], *foot(_buttons(day, card_id), card_id, page, len(found))]
    title = plain("{team} huddle, {day}", team=day.team.name, day=blocks.short_day(day.day))
    return blocks.message(title, body)


def _head(day: Day, card_id: UUID) -> list[Block]:
    answered, excused = day.attendance.answered, day.attendance.excused
    missing, later = day.attendance.missing, day.attendance.later
    asked = len(answered) + len(missing)
    parts: list[Mrkdwn] = [say("{n} of {asked} planned", n=len(answered), asked=asked)]
    if excused:
        parts.append(say("{names} away", names=_names(excused)))
    # A plan is made when its prompt is opened, so whoever has none was not asked: Cadence was down until the cut-off.
    open_, unasked = [p for p in missing if p.id in day.plans], [p for p in missing if p.id not in day.plans]
    if open_:
        parts.append(say("{names} open", names=_names(open_)))
    if unasked:
        parts.append(say("{names} not asked: I was not running in time", names=_names(unasked)))
    if later:
        parts.append(say("{names} asked later today", names=_names(later)))
    title = say(
        "*{team} huddle, {day}* · {parts}", team=day.team.name, day=blocks.short_day(day.day), parts=join(parts)
    )
    found = [blocks.section(title)]
    lines = []
    if day.reader_is_stand_in:
        lines.append(say("You have this huddle while the team's manager is away."))
    if worries := _worries(day):
        lines.append(worries)
    if day.mood is not None:
        lines.append(_mood(*day.mood))
    if lines:
        found.append(blocks.context(join(lines, "\n")))
    if day.unspoken:
        found.append(talk_views.unspoken(day.unspoken, card_id))
    return found


def _worries(day: Day) -> Mrkdwn | None:
    """How many results move no number, and how many blockers nobody has yet."""
    warned = sum(item.warns for person in day.attendance.answered for item in day.items_of(person))
    waiting = [(one, age) for pairs in day.stuck.values() for one, age in pairs if one.waits]
    old = sum(age > OVERDUE_DAYS for _, age in waiting)
    worries = []
    if warned:
        worries.append(say("⚠ {results} no number", results=count(warned, "result moves", "results move")))
    if waiting:
        over = say(", {n} over {days} working days", n=old, days=OVERDUE_DAYS) if old else Mrkdwn("")
        need = count(len(waiting), "blocker needs", "blockers need")
        worries.append(say("{need} you{over}", need=need, over=over))
    return join(worries) if worries else None


def _mood(day: date, counts: Mapping[int, int]) -> Mrkdwn:
    """How the team felt on a day that is over: while a day's plans come in, each would change it and be told (F21)."""
    mean = average_mood(counts)
    if mean is None:
        return say("Mood on {day}: not enough answers", day=blocks.short_day(day))
    answers = count(sum(counts.values()), "answer")
    words = "Mood on {day}: {mean} of {best}, from {answers}"
    return say(words, day=blocks.short_day(day), mean=f"{mean:.1f}", best=BEST_MOOD, answers=answers)


def _names(people: Sequence[Person]) -> str:
    return ", ".join(person.given_name for person in people)


def person_block(day: Day, person: Person, card_id: UUID, when: date | None = None) -> list[Block]:
    """One person's plan with the buttons that answer it, but under the reader's own; `when` is its date.

    A date stands where several are side by side.
    """
    plan = day.plans[person.id]
    items = day.items_of(person)
    title = [say("*{name}*", name=person.name)]
    title += [] if when is None else [Mrkdwn(blocks.short_day(when))]
    moved = [day.kpis[item.kpi_id] for item in items if item.kpi_id is not None and item.kpi_id in day.kpis]
    if moved:
        title.append(kpi_line(min(moved, key=kpis.badness)))
    title += [say("_late_")] if plan.late else []
    title += [say("_edited_")] if plan.revision > 1 else []
    lines = [join(title), *(_line(day, number, item) for number, item in enumerate(items, 1))]
    pairs = day.stuck.get(person.id, ())
    lines += [_stuck_line(pair) for pair in pairs if not _has_card(day, pairs, pair)]
    lines += answer_lines(day.asked.get(plan.id, ()))
    lines += [ask_views.line(question) for question in day.questions.get(plan.id, ())]
    found = [blocks.section(join(lines, "\n"))]
    if person.id == day.reader_id:
        return [*found, blocks.context(say("Your own plan: somebody else answers it."))]
    value = Seen(plan.id, plan.revision, card_id).value
    buttons = []
    if any(item.agreeable for item in items):
        buttons.append(blocks.button("Agree", AGREE, value, "primary"))
    if any(item.answer is not Answer.REDIRECTED for item in items):
        buttons.append(blocks.button("Redirect…", REDIRECT, value))
    if items:
        buttons.append(blocks.button("Ask", ask_views.ASK, value))
    if any(item.warns for item in items):
        buttons.append(blocks.button("Keep, because…", KEEP, value))
    if buttons:
        found.append(blocks.actions(*buttons, block_id=f"plan:{plan.id}"))
    return found + _stuck_cards(day, person)


def _stuck_only(day: Day, person: Person) -> list[Block]:
    """What somebody who has not planned is stuck on: it is triaged all the same."""
    pairs = day.stuck[person.id]
    lines = [say("*{name}*", name=person.name)]
    lines += [_stuck_line(pair) for pair in pairs if not _has_card(day, pairs, pair)]
    return [blocks.section(join(lines, "\n")), *_stuck_cards(day, person)]


def _has_card(day: Day, pairs: Sequence[tuple[Blocker, int]], pair: tuple[Blocker, int]) -> bool:
    return pair in pairs[:MOST_STUCK] and pair[0].id in day.blockers


def _stuck_line(pair: tuple[Blocker, int]) -> Mrkdwn:
    days = count(pair[1], "working day") if pair[1] else "new today"
    return say("🟠 {blocker} · {days}", blocker=blocker_line(pair[0]), days=days)


def _stuck_cards(day: Day, person: Person) -> list[Block]:
    """The blocker cards of one person, the oldest ones; the rest are lines, and `/blockers team` has them all."""
    shown = (day.blockers.get(blocker.id) for blocker, _ in day.stuck.get(person.id, ())[:MOST_STUCK])
    return [block for one in shown if one is not None for block in blocker_views.card(one)]


def _line(day: Day, number: int, item: Item) -> Mrkdwn:
    kpi = day.kpis.get(item.kpi_id) if item.kpi_id else None
    about = (
        say(" _({name})_", name=kpi.kpi.name)
        if kpi
        else say(" _(no number: {why})_", why=item.why_no_kpi or "no reason yet")
    )
    if item.answer is Answer.REDIRECTED and item.id in day.redirects:
        redirect = day.redirects[item.id]
        how = say(" _said in huddle_") if redirect.live else Mrkdwn("")
        reply = (
            say(" · {word}", word={"accepted": "accepted", "discuss": "wants to discuss"}[redirect.reply])
            if (redirect.reply)
            else Mrkdwn("")
        )
        return say(
            "↪ {n} ~{was}~ → *{text}*{about}{how}{reply}",
            n=number,
            was=redirect.was,
            text=item.text,
            about=about if kpi else Mrkdwn(""),
            how=how,
            reply=reply,
        )
    if item.answer is Answer.KEPT:
        return say("✓ {n} {text} _(kept: {why})_", n=number, text=item.text, why=item.kept_because)
    mark = {Answer.AGREED: "✓ "}.get(item.answer, "⚠ " if item.warns else "")
    return say("{mark}{n} {text}{about}", mark=mark, n=number, text=item.text, about=about)


def agree_all_button(people: int, card_id: UUID) -> Block:
    """One press for everything on a card that has a number."""
    label = plain("Agree all without ⚠ ({people})", people=count(people, "person", "people"))
    return blocks.button(label, AGREE_ALL, str(card_id), "primary")


def _buttons(day: Day, card_id: UUID) -> list[Block]:
    answers = [person for person in day.attendance.answered if person.id != day.reader_id]
    clean = [person for person in answers if any(item.agreeable for item in day.items_of(person))]
    buttons = [agree_all_button(len(clean), card_id)] if clean else []
    if day.attendance.answered:
        label = plain("Run huddle ({minutes} min)", minutes=int(LONGEST.total_seconds()) // 60)
        buttons.append(blocks.button(label, RUN, str(card_id)))
    if day.undoable is not None:
        buttons.append(blocks.button(_undo_label(day, day.undoable), UNDO, str(day.undoable.act_id)))
    if day.team.channel is not None and not day.posted:
        buttons.append(blocks.button("Post summary", POST, str(card_id)))
    return buttons


def foot(buttons: Sequence[Block], card_id: UUID, page: int, pages: int) -> list[Block]:
    """The last rows of a card: its own buttons, and the way to its next page."""
    buttons = list(buttons)
    if pages > 1:
        following = (page + 1) % pages
        label = "Next page" if following else "First page"
        buttons.append(blocks.button(label, PAGE, f"{card_id}:{following}"))
    found = [blocks.actions(*buttons)] if buttons else []
    if pages > 1:
        found.append(blocks.context(say("Page {page} of {pages}", page=page + 1, pages=pages)))
    return found


def _undo_label(day: Day, undoable: Undoable) -> str:
    names = [person.given_name for person in day.attendance.answered if person.id in undoable.writers]
    whose = names[0] if len(names) == 1 else count(len(undoable.writers), "person", "people")
    return plain("Undo agree ({whose})", whose=whose)
