"""What a weekly looks like: the agenda that becomes the running message, and what the channel sees of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.kpis.lines import COLOURS, line
from bot.weekly import action_views, theme_views
from bot.weekly.theme_views import Idling, Recurring
from rituals.actions import Action, by_owner
from rituals.agenda import Part, Topic, agenda
from rituals.blockers import Blocker, BlockerState
from rituals.kpis import Colour, Reading, colour
from rituals.meetings import Input, Kind, Line, Meeting, OffTrack, ended_early
from rituals.people import Person, Team
from rituals.weekly import Weekly

ACTION = "weekly.action"
MADE = "weekly.made"
NEEDED = "weekly.needed"
CLOSE = "weekly.close"

MOST_THEMES = 5
MOST_UNTOUCHED = 10
LONGEST_QUOTE = 200
OFF = (Colour.RED, Colour.YELLOW)
"""Colours that are off track; slipping is neutral (F49)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A weekly as it stands: `old` actions were owed when it came, `new` ones were agreed in it."""

    weekly: Weekly
    meeting: Meeting
    team: Team
    zone: str
    people: Mapping[UUID, Person]
    teams: Mapping[UUID, Team]
    scorecard: Sequence[Reading]
    off_track: Mapping[UUID, OffTrack]
    old: Sequence[Action]
    new: Sequence[Action]
    themes: Sequence[Recurring]
    proposed: Sequence[Recurring]
    flows: Sequence[Idling]
    dependencies: Sequence[Blocker]
    parked: Sequence[Blocker]
    untouched: Sequence[Blocker]
    inputs: Sequence[Input]
    lines: Sequence[Line]
    lacking: Collection[UUID]
    now: datetime

    @property
    def off(self) -> list[Reading]:
        """What is off track, worst first as given."""
        return [reading for reading in self.scorecard if colour(reading) in OFF]

    @property
    def said(self) -> list[Input]:
        """What people want talked about; nothing from whoever has nothing."""
        return [one for one in self.inputs if one.text]

    def asks(self, reading: Reading) -> bool:
        """Whether the owner of a number is one of those whom this weekly asks, or is still to be named."""
        owner = None if reading.kpi.owner_id is None else self.people.get(reading.kpi.owner_id)
        return owner is None or owner.team_id == self.team.id

    @property
    def parts(self) -> list[Part]:
        """The agenda."""
        there = {
            Topic.ACTIONS: len(self.old),
            Topic.THEMES: sum(map(len, (self.themes, self.proposed, self.parked, self.untouched, self.said))),
            Topic.DEPENDENCIES: len(self.dependencies),
        }
        return agenda(there, self.weekly.minutes)

    def name(self, person: UUID | None) -> str:
        """What a person is called here."""
        return "" if person is None or person not in self.people else self.people[person].given_name


def title(team: Team, day: date) -> str:
    """What a weekly is called: "EMEA weekly, Thu 3 Dec"."""
    return plain("{team} weekly, {day}", team=team.name, day=blocks.short_day(day))


# The agenda and the running message


def running(sheet: Sheet) -> dict[str, Any]:
    """The lead's one message: the agenda, then what happens in the meeting, then how it ended (F39-F41)."""
    meeting = sheet.meeting
    body = [blocks.section(_head(sheet)), blocks.section(_scorecard(sheet, names=True))]
    body += _actions(sheet)
    body += _themes(sheet)
    body += [blocks.section(theme_views.idling(one)) for one in sheet.flows[: theme_views.MOST_FLOWS]]
    rest = [_parked(sheet), _untouched(sheet), _dependencies(sheet, whole=True), _inputs(sheet)]
    rest += [_lines(sheet, kind) for kind in Kind]
    body += [blocks.section(words) for words in rest if words]
    if meeting.closed_at is None:
        value = str(meeting.id)
        buttons = (
            blocks.button("+ Action", ACTION, value),
            blocks.button("+ Decision made", MADE, value),
            blocks.button("+ Decision needed", NEEDED, value),
            blocks.button("Close", CLOSE, value, "primary"),
        )
        body.append(blocks.actions(*buttons, block_id="running"))
    return blocks.message(title(sheet.team, meeting.day), body)


def _head(sheet: Sheet) -> Mrkdwn:
    meeting = sheet.meeting
    named = say("*{title}*", title=title(sheet.team, meeting.day))
    if meeting.closed_at is not None:
        early = plain(", ended early") if ended_early(meeting, sheet.weekly.minutes) else ""
        took = count(meeting.minutes or 0, "minute")
        return say("{title} · closed after {took}{early}", title=named, took=took, early=early)
    order = join([say("{n} {topic}", n=part.minutes, topic=part.topic.value) for part in sheet.parts])
    whole = sum(part.minutes for part in sheet.parts)
    begins = say("agenda of {n} minutes", n=whole)
    if meeting.started_at is not None:
        begins = say("since {at}, {n} minutes", at=blocks.clock_time(meeting.started_at, sheet.zone), n=whole)
    return say("{title} · {begins}\n{order}", title=named, begins=begins, order=order)


def _scorecard(sheet: Sheet, *, names: bool) -> Mrkdwn:
    """What is off track, why, and what changes by next week (W4); whose number it is only for the lead."""
    counts = [(shade, [r for r in sheet.scorecard if colour(r) is shade]) for shade in COLOURS]
    head = join([say("{colour} {n}", colour=COLOURS[shade], n=len(found)) for shade, found in counts if found])
    words = [say("*Scorecard* {counts}", counts=head or say("no KPI yet"))]
    for reading in sheet.off:
        words.append(line(reading))
        said = sheet.off_track.get(reading.kpi.id)
        if said is not None:
            who = plain(" ({who})", who=sheet.name(said.by_id)) if names else ""
            words.append(say("_Why{who}:_ {why} _By next week:_ {next}", who=who, why=said.why, next=said.next_week))
        elif names and sheet.asks(reading):
            words.append(_not_said(sheet, reading))
    return join(words, "\n")


def _not_said(sheet: Sheet, reading: Reading) -> Mrkdwn:
    who = sheet.name(reading.kpi.owner_id) or "no owner"
    return say("_Why and by next week: not in yet ({who})_", who=who)


def _actions(sheet: Sheet) -> list[Block]:
    found: list[Block] = []
    for heading, actions in (("Last week's actions", sheet.old), ("Actions agreed", sheet.new)):
        closed = sheet.meeting.closed_at is not None
        found += action_views.pile(heading, actions, sheet.people, sheet.lacking, closed=closed)
    return found


def _action(sheet: Sheet, one: Action) -> Mrkdwn:
    return action_views.line(one, sheet.people[one.owner_id], warns=one.id in sheet.lacking)


def _themes(sheet: Sheet) -> list[Block]:
    found: list[Block] = []
    if sheet.themes or sheet.proposed:
        found.append(blocks.section(say("*Themes*")))
    for one in sheet.themes[:MOST_THEMES]:
        ends = join([_action(sheet, action) for action in one.actions], "\n")
        end = say("{words}\n→ {ends}", words=theme_views.recurring(one), ends=ends) if one.actions else None
        words = end or say("{words}\n⚠ no action yet", words=theme_views.recurring(one))
        found.append(blocks.section(words))
    for one in sheet.proposed[:MOST_THEMES]:
        found.append(blocks.section(say("_Proposed:_ {words}", words=theme_views.recurring(one))))
        if sheet.meeting.closed_at is None:
            found.append(theme_views.theme_buttons(one.theme))
    return found


def _parked(sheet: Sheet) -> Mrkdwn | None:
    """What the huddle parked for this meeting (D5)."""
    words = [_quoted(sheet, one, _end(sheet, one)) for one in sheet.parked]
    return join([say("*Parked for this weekly*"), *words], "\n") if words else None


def _untouched(sheet: Sheet) -> Mrkdwn | None:
    """What people are stuck on that nobody has answered (D5)."""
    words = [_quoted(sheet, one, "") for one in sheet.untouched[:MOST_UNTOUCHED]]
    if len(sheet.untouched) > MOST_UNTOUCHED:
        more = count(len(sheet.untouched) - MOST_UNTOUCHED, "more", "more")
        words.append(say("{more} in `/blockers team`", more=more))
    return join([say("*Nobody has answered*"), *words], "\n") if words else None


def _quoted(sheet: Sheet, blocker: Blocker, end: str) -> Mrkdwn:
    text, who = blocks.cut(blocker.text, LONGEST_QUOTE), sheet.name(blocker.reporter_id)
    return say("*{label}* {text} · {who}{end}", label=blocker.label, text=text, who=who, end=end)


def _end(sheet: Sheet, blocker: Blocker) -> str:
    """What a weekly that is closed made of something parked: it never stays so."""
    if blocker.state is BlockerState.OPEN:
        return plain(" → open again")
    if blocker.state is BlockerState.ACKED and blocker.due_on is not None:
        return plain(" → {who}, by {due}", who=sheet.name(blocker.owner_id), due=blocks.short_day(blocker.due_on))
    return ""


def _dependencies(sheet: Sheet, *, whole: bool) -> Mrkdwn | None:
    """What waits for another team (W5); who is stuck on what, only where whoever reads it may read that."""
    if not sheet.dependencies:
        return None
    words = [say("*Dependencies*")]
    for blocker in sheet.dependencies:
        team = None if blocker.needs_team_id is None else sheet.teams.get(blocker.needs_team_id)
        ours = team is not None and team.id == sheet.team.id
        needs = plain("needs us") if ours else plain("needs {team}", team="" if team is None else team.name)
        words.append(_quoted(sheet, blocker, f" {needs}") if whole else say("*{b}* {n}", b=blocker.label, n=needs))
    return join(words, "\n")


def _inputs(sheet: Sheet) -> Mrkdwn | None:
    if not sheet.said:
        return None
    words = [say("*{who}:* {text}", who=sheet.name(one.person_id), text=one.text) for one in sheet.said]
    return join([say("*{question}*", question=sheet.weekly.question), *words], "\n")


def _lines(sheet: Sheet, kind: Kind, *, mentions: bool = False) -> Mrkdwn | None:
    name = plain("Decisions made") if kind is Kind.MADE else plain("Decisions needed")
    said = [one for one in sheet.lines if one.kind is kind]
    if not said:
        meeting = sheet.meeting
        ticked = meeting.made_none if kind is Kind.MADE else meeting.needed_none
        return say("*{name}:* none", name=name) if ticked and meeting.closed_at is not None else None
    owners = [_decider(sheet, one.owner_id, mentions=mentions) for one in said]
    words = [say("• {text}{who}", text=one.text, who=who) for one, who in zip(said, owners, strict=True)]
    return join([say("*{name}*", name=name), *words], "\n")


def _decider(sheet: Sheet, owner_id: UUID | None, *, mentions: bool) -> Mrkdwn:
    owner = None if owner_id is None else sheet.people.get(owner_id)
    if owner is None:
        return Mrkdwn("")
    return say(" ({who})", who=blocks.mention(owner.slack_id) if mentions else owner.given_name)


# In the channel: nobody is shown up


def announced(sheet: Sheet) -> dict[str, Any]:
    """The agenda for everybody: no name that has not answered, no date that was missed (F39, W9)."""
    body = [blocks.section(_head(sheet)), blocks.section(_scorecard(sheet, names=False))]
    owed = [one for one in sheet.old if one.owed]
    rest: list[Mrkdwn | None] = []
    if owed:
        known = {one.owner_id: sheet.people[one.owner_id] for one in owed}
        words = [
            say("*{who}* {texts}", who=owner.given_name, texts=join([say("{t}", t=one.text) for one in pile]))
            for owner, pile in by_owner(owed, known)
        ]
        rest.append(join([say("*Last week's actions*"), *words], "\n"))
    if sheet.themes:
        rest.append(join([say("*Themes*"), *(theme_views.recurring(one) for one in sheet.themes)], "\n"))
    rest.append(_dependencies(sheet, whole=False))
    body += [blocks.section(words) for words in rest if words]
    return blocks.message(title(sheet.team, sheet.meeting.day), body)


def outcome(sheet: Sheet) -> dict[str, Any]:
    """What the weekly came to, in the agenda's thread; whoever owes something is mentioned."""
    early = plain(", ended early") if ended_early(sheet.meeting, sheet.weekly.minutes) else ""
    words = [say("Closed after {took}{early}.", took=count(sheet.meeting.minutes or 0, "minute"), early=early)]
    if sheet.new:
        words.append(say("*Actions*"))
        words += [_owed(one, sheet.people[one.owner_id]) for one in sheet.new if one.owed]
    words += [told for kind in Kind if (told := _lines(sheet, kind, mentions=True)) is not None]
    return blocks.message(
        plain("{title}: closed", title=title(sheet.team, sheet.meeting.day)), [blocks.section(join(words, "\n"))]
    )


def _owed(one: Action, owner: Person) -> Mrkdwn:
    due = blocks.short_day(one.due)
    return say("• {who} {text}, by {due}", who=blocks.mention(owner.slack_id), text=one.text, due=due)
