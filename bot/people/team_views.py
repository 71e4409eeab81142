"""The rooms about teams: the list, and the form of one team with its huddle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, count, join, plain, say
from bot.people.person_views import WEEKDAYS
from rituals.huddle import Huddle
from rituals.ladder import LEVELS
from rituals.people import Person, Team
from rituals.settings import LONGEST_CLIMB

NEW = "teams.new"
EDIT = "teams.edit"
QUESTIONS = "teams.questions"
ARCHIVE = "teams.archive"
RESTORE = "teams.restore"
PAGE = "teams.page"
BACK = "teams.back"
SUBMIT = "teams.submit"
ROWS = 15
MOST_MEMBERS = 100
"""Above this many people a form that names them all is of no use; they are moved one by one, or added here."""
TIMES: Mapping[str, str] = {
    "asks_at": "Asked for the plan",
    "reminds_at": "Reminded, if still open",
    "closes_at": "Closed; the manager's card comes",
    "meets_at": "Huddle",
    "posts_at": "Line in the channel",
}
CLIMBS: Mapping[str, str] = {
    "climb_days": "A blocker that nobody acks climbs after",
    "leader_days": "and reaches the leader after",
}


class TeamMeta(BaseModel):
    """Which team a form is about, None for a new one, as of which version; `room` is the list below it."""

    team: UUID | None = None
    version: int = 0
    room: str | None = None
    page: int = 0
    adds: bool = False


class TeamForm(BaseModel):
    """What stands in the form. `people` are the members by Slack id; with `adds` in the metadata, those to add."""

    name: str = ""
    manager: str | None = None
    channel: str | None = None
    people: list[str] = []
    weekdays: list[str] = []
    asks_at: time | None = None
    reminds_at: time | None = None
    closes_at: time | None = None
    meets_at: time | None = None
    posts_at: time | None = None
    climb_days: int = LEVELS[0]
    leader_days: int = LEVELS[1]

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Self:
        """Read the fields by their block ids."""
        said = {name: value for name, value in fields.items() if name in cls.model_fields and value is not None}
        return cls.model_validate(said)


@dataclass(frozen=True, slots=True)
class TeamsPage:
    """One page of the teams; `editable` are those that the reader may change, `makes` whether they may make one."""

    page: int
    pages: int
    teams: Sequence[Team]
    managers: Mapping[UUID, Person]
    huddles: Mapping[UUID, Huddle]
    people: Mapping[UUID, int]
    editable: frozenset[UUID]
    makes: bool


@dataclass(frozen=True, slots=True)
class TeamPage:
    """All that a team's form shows."""

    meta: TeamMeta
    form: TeamForm
    notice: Sequence[Mrkdwn] = ()


def team_list(page: TeamsPage) -> Block:
    """Every team with who manages it, how many are on it, and when it is asked."""
    body: list[Block] = []
    if page.makes:
        body.append(blocks.actions(blocks.button("New team…", NEW, "new", "primary"), block_id="new"))
    for team in page.teams:
        body += _row(page, team)
    if not page.teams:
        body.append(blocks.section(say("There is no team yet.")))
    turns = []
    if page.page:
        turns.append(blocks.button("Previous page", BACK, str(page.page - 1)))
    if page.page + 1 < page.pages:
        turns.append(blocks.button("Next page", PAGE, str(page.page + 1)))
    if turns:
        body.append(blocks.actions(*turns, block_id="turn"))
    return blocks.room("Teams", body, TeamMeta(page=page.page).model_dump_json())


def _row(page: TeamsPage, team: Team) -> list[Block]:
    manager = None if team.manager_id is None else page.managers.get(team.manager_id)
    huddle = page.huddles.get(team.id)
    parts = [say("*{name}*", name=team.name)]
    if team.archived:
        parts.append(say("archived"))
    else:
        here = page.people.get(team.id, 0)
        parts.append(say("{people}", people=count(here, "person", "people")))
        parts.append(say("managed by {who}", who=manager.name) if manager else say("⚠ nobody manages it"))
        parts.append(Mrkdwn(f"<#{team.channel}>") if team.channel else say("no channel"))
        if huddle is not None:
            days = " ".join(WEEKDAYS[day][:3] for day in huddle.weekdays)
            parts.append(say("asked {at}, {days}", at=f"{huddle.asks_at:%H:%M}", days=days))
    found = [blocks.section(join(parts))]
    buttons = []
    if team.id in page.editable and not team.archived:
        buttons.append(blocks.button("Change…", EDIT, str(team.id)))
        buttons.append(blocks.button("Questions…", QUESTIONS, str(team.id)))
    if page.makes:
        buttons.append(_archive(team) if not team.archived else blocks.button("Bring back", RESTORE, str(team.id)))
    if buttons:
        found.append(blocks.actions(*buttons, block_id=f"team:{team.id}"))
    return found


def _archive(team: Team) -> Block:
    button = blocks.button("Archive", ARCHIVE, str(team.id))
    words = plain("Its people are on no team then, and nobody is asked. Its plans and its name are kept.")
    button["confirm"] = {
        "title": blocks.text(blocks.cut(plain("Archive {name}?", name=team.name), 100)),
        "text": blocks.text(words),
        "confirm": blocks.text("Archive"),
        "deny": blocks.text("Keep"),
    }
    return button


def form_of(team: Team, huddle: Huddle, names: Mapping[UUID, Person], members: Sequence[Person]) -> TeamForm:
    """A team as its form shows it."""
    return TeamForm(
        name=team.name,
        manager=None if team.manager_id is None or team.manager_id not in names else names[team.manager_id].slack_id,
        channel=team.channel,
        people=[person.slack_id for person in members],
        weekdays=list(huddle.weekdays),
        **{name: getattr(huddle, name) for name in TIMES},
        **{name: getattr(team, name) for name in CLIMBS},
    )


def team_form(page: TeamPage) -> Block:
    """One form, one submit: who, where, when."""
    form, meta = page.form, page.meta
    body: list[Block] = [blocks.section(join(page.notice, "\n"), block_id="notice")] if page.notice else []
    label, hint = "People", "Whoever is taken out is on no team."
    if meta.adds:
        label, hint = "Add people", "They leave the team that they are on."
    channel: Block = {
        "type": "conversations_select",
        "action_id": "channel",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if form.channel:
        channel["initial_conversation"] = form.channel
    days = [blocks.option(words, number) for number, words in WEEKDAYS.items()]
    body += [
        blocks.field("name", "Name", blocks.text_input("name", form.name, most=80)),
        blocks.field(
            "manager",
            "Manager",
            blocks.users("manager", form.manager),
            hint="Gets the huddle card, agrees and redirects.",
            optional=True,
        ),
        blocks.field("people", label, blocks.many_users("people", form.people), hint=hint, optional=True),
        blocks.field("channel", "Channel", channel, hint="Hears one quiet line a day. Empty: none.", optional=True),
        blocks.field("weekdays", "Huddle on", blocks.checkboxes("weekdays", days, form.weekdays), optional=True),
    ]
    for name, words in TIMES.items():
        body.append(blocks.field(name, words, blocks.time_picker(name, getattr(form, name))))
    days = [blocks.option(count(n, "working day"), str(n)) for n in range(1, LONGEST_CLIMB + 1)]
    for name, words in CLIMBS.items():
        body.append(blocks.field(name, words, blocks.select(name, days, str(getattr(form, name)))))
    title = "New team" if meta.team is None else form.name or "Team"
    return blocks.modal(title, SUBMIT, body, metadata=meta.model_dump_json(), submit="Save")
