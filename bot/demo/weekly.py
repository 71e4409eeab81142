"""The demo's weeklies: EMEA's is on the first day, with what last week left and a theme that is proposed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.demo import company
from bot.ids import new_id
from rituals import calendar
from rituals.actions import Action, ActionState, Source
from rituals.blockers import Blocker
from rituals.people import Person, Team
from rituals.themes import Grouped, Theme, ThemeState
from rituals.weekly import ACTION_DAYS, Weekly, first_weekly
from storage.values import add

TEAM = "EMEA"
LEFT = (
    ("Ella Grant", "Two customers from publishing have said what they need from us"),
    ("Jonas Lind", "Every offer above 100 k has a named buyer"),
)
"""What last week's meeting agreed and is still owed: by whom, and what."""
THEME = "Legal turnaround"
ALIKE = ("B-40", "B-41", "B-42")


def fill(tx: Session, teams: Mapping[str, Team], people: Mapping[str, Person], start: datetime) -> None:
    """Write the weeklies, and what stands on the first agenda beside the numbers and the blockers."""
    today = calendar.local_day(start, company.BERLIN)
    for name, team in teams.items():
        weekly = first_weekly(new_id(), team, start)
        day = today.isoweekday()
        weekly = replace(weekly, asks_on=day, meets_on=day) if name == TEAM else weekly
        add(tx, weekly)
        if name == TEAM:
            add(tx, *(_owed(people[who], team, weekly, what, start) for who, what in LEFT))


def propose(tx: Session, team: Team, blockers: Mapping[str, Blocker], start: datetime) -> None:
    """What recurs in EMEA's blockers, as yesterday's look found it."""
    theme_id = new_id()
    day = calendar.local_day(start, company.BERLIN) - timedelta(days=1)
    add(tx, Theme(theme_id, team.workspace, team.id, theme_id, THEME, day, ThemeState.PROPOSED, None, None))
    add(tx, *(Grouped(new_id(), team.workspace, theme_id, blockers[label].id) for label in ALIKE))


def _owed(owner: Person, team: Team, weekly: Weekly, text: str, start: datetime) -> Action:
    """An action of last week's meeting, due in a week: what is not done moves on."""
    due = calendar.local_day(start, company.BERLIN) + timedelta(days=ACTION_DAYS)
    return Action(
        id=new_id(),
        workspace=team.workspace,
        source=Source.WEEKLY,
        subject_id=weekly.id,
        team_id=team.id,
        kpi_id=None,
        text=text,
        owner_id=owner.id,
        helper_id=None,
        due=due,
        promised=due,
        state=ActionState.OPEN,
        obstacle=None,
        by_id=owner.manager_id or owner.id,
        made_at=start - timedelta(days=ACTION_DAYS),
        settled_at=None,
    )
