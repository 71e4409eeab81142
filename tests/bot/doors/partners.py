"""The doors of partners and of leaders who go first: each leads to one's own only."""

from collections.abc import Mapping, Sequence

from bot.partners import views
from tests.bot.doors.door import Door

DOORS: Sequence[Door] = ()

OWN: Mapping[str, str] = {
    views.WRITE: "one's own; everybody else is refused in test_partners",
    views.WRITE_SUBMIT: "the same function as its button",
    views.YES: "the same",
    views.NO: "the same",
    views.DONE: "the same",
    views.MOVED: "the same",
    views.DROP: "the same",
    views.DROP_SUBMIT: "the same",
    "/cadence partner": "says who one's own partner is",
    "/cadence partner on": "one's own",
    "/cadence partner off": "one's own",
    "/cadence first on": "a leader's own; everybody else is refused in test_partners",
    "/cadence first off": "one's own, and harmless to whoever never was on",
}
