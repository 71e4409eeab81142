"""`/cadence people`, `/cadence me`, `/cadence teams`, `/cadence holidays`."""

from bot.commands import Noun, Verb
from bot.people import handlers, holiday_handlers, team_handlers

PEOPLE = Noun(
    "people",
    (
        Verb(
            "",
            "[@person]",
            "who is here, on which team, and who they report to",
            handlers.people_room,
            takes_person=True,
        ),
    ),
    own=False,
)
TEAMS = Noun("teams", (Verb("", "", "teams, their people, channels and huddles", team_handlers.teams_room),), own=False)
ME = Noun("me", (Verb("", "", "when you are asked, your hours, days, holidays and deputy", handlers.me),), own=False)
HOLIDAYS = Noun(
    "holidays",
    (Verb("", "", "company days, holiday calendars, statuses that excuse", holiday_handlers.holidays_room),),
    own=False,
)
