"""The form of one person: what they set themselves, and what an admin or manager sets for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from bot.people.views import ROLES
from rituals.people import Person, Role, Team

SUBMIT = "people.submit"
NO_TEAM = "none"
TEAMS_TIME = "team"
OTHER = "other"
EVE = "-eve"
"""Behind a time: on the working day before."""
ASKS: Mapping[str, str] = {
    TEAMS_TIME: "At the team's time",
    f"17:30{EVE}": "17:30, the working day before",
    "07:30": "07:30",
    "08:30": "08:30",
    OTHER: "At another time, below",
    f"{OTHER}{EVE}": "At another time, the working day before",
}
WEEKDAYS: Mapping[str, str] = {
    "1": "Monday",
    "2": "Tuesday",
    "3": "Wednesday",
    "4": "Thursday",
    "5": "Friday",
    "6": "Saturday",
    "7": "Sunday",
}
FURTHER = (Role.ADMIN, Role.CONTROLLER, Role.LEADER, Role.MANAGER)


class PersonMeta(BaseModel):
    """Whose form, as of which version; `own` is one's own, `room` the list below it that is drawn again."""

    person: UUID
    version: int
    own: bool
    room: str | None = None
    look: str = ""


class PersonForm(BaseModel):
    """What stands in the form. People are named by Slack id; what a form does not show is None."""

    team: str | None = None
    manager: str | None = None
    dotted: list[str] | None = None
    role: Role | None = None
    also: list[Role] | None = None
    deputy: str | None = None
    days: list[str] = []
    works_from: time | None = None
    works_to: time | None = None
    ask: str = TEAMS_TIME
    ask_at: time | None = None
    holidays: str | None = None

    @classmethod
    def parse(cls, fields: Mapping[str, Any]) -> Self:
        """Read the fields by their block ids."""
        return cls.model_validate({name: value for name, value in fields.items() if name in cls.model_fields})


@dataclass(frozen=True, slots=True)
class PersonPage:
    """All that the form shows. `form` stands in its fields; `shows` says which of the rest the reader may set."""

    meta: PersonMeta
    person: Person
    form: PersonForm
    teams: Sequence[Team]
    sets_roles: bool
    notice: Sequence[Mrkdwn] = ()


def form_of(person: Person, names: Mapping[UUID, Person], dotted: Sequence[UUID], *, own: bool) -> PersonForm:
    """A person's settings as the form shows them; `names` holds their manager, deputy and dotted managers."""

    def slack_id(one: UUID | None) -> str | None:
        return names[one].slack_id if one is not None and one in names else None

    ask, at = TEAMS_TIME, None
    if person.ask_at is not None:
        said = f"{person.ask_at:%H:%M}{EVE if person.ask_before else ''}"
        ask, at = (said, None) if said in ASKS else (f"{OTHER}{EVE if person.ask_before else ''}", person.ask_at)
    others = PersonForm(
        deputy=slack_id(person.deputy_id),
        days=list(person.working_days),
        works_from=person.works_from,
        works_to=person.works_to,
        ask=ask,
        ask_at=at,
        holidays=person.holidays,
    )
    if own:
        return others
    placed = {
        "team": NO_TEAM if person.team_id is None else str(person.team_id),
        "manager": slack_id(person.manager_id),
        "dotted": sorted(filter(None, map(slack_id, dotted))),
        "role": person.role,
        "also": sorted(person.also),
    }
    return others.model_copy(update=placed)


def person_form(page: PersonPage) -> Block:
    """One form, one submit."""
    form = page.form
    body: list[Block] = [blocks.section(join(page.notice, "\n"), block_id="notice")] if page.notice else []
    if page.meta.own:
        title, submit = "About me", "Save"
    else:
        title, submit = page.person.name, "Save"
        body += _place(page)
    body += _times(form)
    body += [
        blocks.field(
            "holidays",
            "Public holidays of",
            blocks.text_input("holidays", form.holidays, most=12),
            hint=plain("A country or a part of it: DE, DE-BE, US-CA. Empty: none."),
            optional=True,
        ),
        blocks.field(
            "deputy",
            "Deputy",
            blocks.users("deputy", form.deputy),
            hint=plain("Gets the huddle card and answers plans while away. Empty: the next manager above."),
            optional=True,
        ),
    ]
    return blocks.modal(title, SUBMIT, body, metadata=page.meta.model_dump_json(), submit=submit)


def _place(page: PersonPage) -> list[Block]:
    form = page.form
    teams = [blocks.option("No team", NO_TEAM), *(blocks.option(team.name, str(team.id)) for team in page.teams)]
    found = [
        blocks.field("team", "Team", blocks.select("team", teams[:100], form.team)),
        blocks.field(
            "manager",
            "Reports to",
            blocks.users("manager", form.manager),
            hint=plain("Empty: the team's manager. Whoever changes teams reports to the new team's."),
            optional=True,
        ),
        blocks.field("dotted", "Dotted line to", blocks.many_users("dotted", form.dotted or ()), optional=True),
    ]
    if page.sets_roles:
        roles = [blocks.option(words, role) for role, words in ROLES.items()]
        further = [blocks.option(ROLES[role], role) for role in FURTHER]
        found += [
            blocks.field(
                "role",
                "Role",
                blocks.select("role", roles, form.role),
                hint=plain("Reps are asked for plans. Observers get digests, are never asked and never counted."),
            ),
            blocks.field("also", "Also", blocks.checkboxes("also", further, form.also or ()), optional=True),
        ]
    return found


def _times(form: PersonForm) -> list[Block]:
    days = [blocks.option(words, number) for number, words in WEEKDAYS.items()]
    asks = [blocks.option(words, value) for value, words in ASKS.items()]
    return [
        blocks.field("ask", "Ask for the plan", blocks.select("ask", asks, form.ask)),
        blocks.field("ask_at", "Another time", blocks.time_picker("ask_at", form.ask_at), optional=True),
        # Not optional for Slack would keep the form from being sent without a tick; we say it in a sentence.
        blocks.field("days", "Working days", blocks.checkboxes("days", days, form.days), optional=True),
        blocks.field(
            "works_from",
            "Working hours from",
            blocks.time_picker("works_from", form.works_from),
            hint=plain("Nothing lands outside them. Empty: at any hour."),
            optional=True,
        ),
        blocks.field("works_to", "Working hours to", blocks.time_picker("works_to", form.works_to), optional=True),
    ]


LABELS: Mapping[str, str] = {
    "team": "team",
    "manager": "reports to",
    "dotted": "dotted line to",
    "role": "role",
    "also": "also",
    "deputy": "deputy",
    "days": "working days",
    "works_from": "hours from",
    "works_to": "hours to",
    "ask": "asked",
    "ask_at": "at",
    "holidays": "holidays",
}


def standing_now(page: PersonPage, typed: PersonForm) -> list[Mrkdwn]:
    """How the fields stand now that were typed otherwise, a line each (F98: nothing typed is lost)."""
    teams = {str(team.id): team.name for team in page.teams} | {NO_TEAM: "no team"}
    found = []
    for name, label in LABELS.items():
        stands, said = getattr(page.form, name), getattr(typed, name)
        if stands != said and said is not None:
            found.append(say("• {label}: now {stands}", label=label, stands=_word(name, stands, teams)))
    return found


def _word(name: str, value: Any, teams: Mapping[str, str]) -> Mrkdwn:
    if value in (None, [], ""):
        return say("nothing")
    if name in {"manager", "deputy", "dotted"}:
        return join((blocks.mention(one) for one in ([value] if isinstance(value, str) else value)), ", ")
    if name in {"team", "ask"}:
        return say("{word}", word=(teams if name == "team" else ASKS).get(value, value))
    if isinstance(value, list):
        return say("{words}", words=", ".join(WEEKDAYS.get(one, one) for one in value))
    return say("{value}", value=f"{value:%H:%M}" if isinstance(value, time) else str(value))
