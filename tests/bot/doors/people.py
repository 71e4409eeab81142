"""The doors of people, teams and holidays, and of the record of changes."""

from collections.abc import Mapping, Sequence
from datetime import date

from bot.people import holiday_views, leaving_views, person_views, question_views, team_views
from bot.people import views as people_views
from bot.records import views as record_views
from rituals.calendar import CompanyDay
from rituals.policy import Action
from tests import factories
from tests.bot.doors.door import NOBODY, Door, Visit, Walk, opened, prompted, typed
from tests.bot.steps import carded, stored
from tests.bot.world import World


async def older(visit: Visit) -> None:
    """`Older` under the record of changes."""
    await visit.press(record_views.OLDER, "999999")


def person_button(action_id: str, names: str) -> Walk:
    """A button or a menu that leads to Ana's form."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, str(getattr(visit.world.people["Ana"], names)))

    return walk


def team_button(action_id: str) -> Walk:
    """A button of the rooms about teams and holidays."""

    async def walk(visit: Visit) -> None:
        await visit.press(action_id, str(visit.world.team.id))

    return walk


async def person_form(visit: Visit) -> list[str]:
    """Ana's form as Dana may open it, sent by whoever comes."""
    view = await opened(visit.world, str(visit.world.people["Ana"].id), people_views.EDIT, "Dana")
    return await visit.send(view, holidays="DE-BE")


async def team_form(visit: Visit) -> list[str]:
    """The team's form as Dana may open it, sent by whoever comes."""
    view = await opened(visit.world, str(visit.world.team.id), team_views.EDIT, "Dana")
    return await visit.send(view, name="EMEA and more")


async def questions_form(visit: Visit) -> list[str]:
    """What the team asks, as Dana may open it, sent by whoever comes."""
    view = await opened(visit.world, str(visit.world.team.id), team_views.QUESTIONS, "Dana")
    return await visit.send(view, questions="Commit for today")


def holiday_form(opener: str) -> Walk:
    """A form of the holidays' room as an admin may open it, sent by whoever comes."""
    said = {holiday_views.ADD: "name", holiday_views.ASSIGN: "code", holiday_views.WORDS: "words"}[opener]

    async def walk(visit: Visit) -> list[str]:
        view = await opened(visit.world, "x", opener, "Ada")
        if opener == holiday_views.ADD:
            view["state"]["values"]["day"]["day"]["selected_date"] = "2026-12-24"
        return await visit.send(view, **{said: "DE-BE"})

    return walk


async def day_kept(world: World) -> None:
    """The company has a day off."""
    await carded(world)
    await world.write(factories.company_day(date(2026, 12, 24)))


async def day_button(visit: Visit) -> None:
    """`Remove` beside a company day."""
    found = await stored(visit.world, CompanyDay)
    await visit.press(holiday_views.REMOVE, str(found[0].id))


DOORS: Sequence[Door] = (
    Door(people_views.EDIT, Action.PERSON_EDIT, "Ana", prompted, person_button(people_views.EDIT, "id"), shows=True),
    Door(
        people_views.FIND, Action.PERSON_EDIT, "Ana", prompted, person_button(people_views.FIND, "slack_id"), shows=True
    ),
    Door(person_views.SUBMIT, Action.PERSON_EDIT, "Ana", prompted, person_form),
    Door(team_views.EDIT, Action.TEAM_EDIT, "Dana", prompted, team_button(team_views.EDIT), shows=True),
    Door(team_views.SUBMIT, Action.TEAM_EDIT, "Dana", prompted, team_form),
    Door(team_views.QUESTIONS, Action.TEAM_EDIT, "Dana", prompted, team_button(team_views.QUESTIONS), shows=True),
    Door(question_views.SUBMIT, Action.TEAM_EDIT, "Dana", prompted, questions_form),
    Door(team_views.NEW, Action.TEAM_MAKE, NOBODY, prompted, team_button(team_views.NEW), shows=True),
    Door(team_views.ARCHIVE, Action.TEAM_MAKE, NOBODY, prompted, team_button(team_views.ARCHIVE)),
    Door(team_views.RESTORE, Action.TEAM_MAKE, NOBODY, prompted, team_button(team_views.RESTORE)),
    *(
        Door(action_id, Action.HOLIDAYS, NOBODY, prompted, team_button(action_id), shows=True)
        for action_id in (holiday_views.ADD, holiday_views.ASSIGN, holiday_views.WORDS)
    ),
    Door(holiday_views.REMOVE, Action.HOLIDAYS, NOBODY, day_kept, day_button),
    Door(holiday_views.ADD_SUBMIT, Action.HOLIDAYS, NOBODY, prompted, holiday_form(holiday_views.ADD)),
    Door(holiday_views.ASSIGN_SUBMIT, Action.HOLIDAYS, NOBODY, prompted, holiday_form(holiday_views.ASSIGN)),
    Door(holiday_views.WORDS_SUBMIT, Action.HOLIDAYS, NOBODY, prompted, holiday_form(holiday_views.WORDS)),
    Door(record_views.OLDER, Action.AUDIT_READ, NOBODY, prompted, older, shows=True),
    Door("/cadence audit", Action.AUDIT_READ, NOBODY, prompted, typed("/cadence", "audit"), shows=True),
)
OWN: Mapping[str, str] = {
    "/cadence people": "everybody may look",
    "/cadence teams": "everybody may look",
    "/cadence holidays": "everybody may look",
    "/cadence me": "opens one's own form",
    people_views.FILTER: "everybody may look",
    people_views.PAGE: "everybody may look",
    people_views.BACK: "everybody may look",
    team_views.PAGE: "everybody may look",
    team_views.BACK: "everybody may look",
    leaving_views.TAKE: "tried in test_roster: it needs somebody who has left",
    leaving_views.GIVE: "tried in test_roster: it needs somebody who has left",
    leaving_views.GIVE_SUBMIT: "the same function as its neighbours",
}
