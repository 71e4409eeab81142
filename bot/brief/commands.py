"""`/cadence brief @ana` (F139)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot import grammar
from bot.acting import actor
from bot.blockers.loading import book
from bot.brief import views
from bot.brief.views import Answer, Brief, Owed
from bot.commands import Call, Noun, Verb
from bot.kpis import loading as kpi_loading
from bot.payloads import Who
from bot.standing import standing
from rituals import calendar
from rituals.actions import Action as Deed
from rituals.blockers import Blocker
from rituals.kpis import badness
from rituals.people import Person, responder
from rituals.plans import Answer as Word
from rituals.plans import Plan, PlanState
from rituals.policy import Action, require
from rituals.stoplight_words import Win
from storage import blockers, kpis, people, plans, stoplight_words, talks, themes

LOOK_BACK = timedelta(days=30)
"""How far back a plan, a redirect or a win belongs to the next talk."""


async def brief(call: Call) -> None:
    """What is owed to somebody, their oldest blocker, their KPIs, the last redirect and win; both read the same."""
    await call.answer(*await call.deps.database.read(load, call.who, call.text, call.deps.clock()))


def load(tx: Session, who: Who, text: str, now: datetime) -> Answer:
    """The brief about a person, one's own without a name, the same for whoever may read it.

    Raises Stranger or NotAllowed.
    """
    reader = actor(tx, who)
    named = grammar.person(text, who.slack_id) if text else (who.slack_id, "")
    person = None if named is None else people.find_by_slack(tx, who.workspace, named[0])
    if person is None:
        return views.whose()
    stands = standing(tx, person, now)
    require(Action.BRIEF_READ, reader, stands.about)
    return views.brief(of(tx, person, responder(stands.person, stands.line, stands.away), now))


def of(tx: Session, person: Person, manager: Person | None, now: datetime) -> Brief:
    """All that the next talk with somebody needs; `manager` is who owes them answers now."""
    today = calendar.local_day(now, person.zone)
    lately = plans.of_person(tx, person.id, today - LOOK_BACK, today)
    items = plans.items(tx, [plan.id for plan in lately])
    stuck = blockers.open_of(tx, [person.id])
    shelf = book(tx, stuck, now)
    redirects = plans.redirects(tx, [item.id for listed in items.values() for item in listed])
    readings, _ = kpi_loading.readings(tx, person.workspace, kpis.of_person(tx, person.id).values(), today)
    return Brief(
        person=person,
        manager=manager,
        owed=Owed(
            plans=[plan.day for plan in lately if _unanswered(plan, [item.answer for item in items[plan.id]])],
            blockers=[shelf.shown(one, None) for one in stuck if one.waits],
            held=[one for one in stuck if not one.waits and manager is not None and one.owner_id == manager.id],
            actions=_taken(tx, stuck, manager),
        ),
        oldest=shelf.shown(stuck[0], None) if stuck else None,
        kpis=sorted(readings.values(), key=badness),
        words=_words(tx, person, manager, now),
        redirect=max(redirects.values(), key=lambda one: one.at, default=None),
        win=_win(tx, person, today),
    )


def _taken(tx: Session, stuck: Sequence[Blocker], manager: Person | None) -> Sequence[Deed]:
    """What somebody took on in a weekly for these blockers or their themes, the first due first."""
    if not stuck or manager is None:
        return []
    found = {one.id: one for several in themes.taken_for(tx, [one.id for one in stuck]).values() for one in several}
    return sorted((one for one in found.values() if one.owed and one.owner_id == manager.id), key=lambda one: one.due)


def _words(tx: Session, person: Person, manager: Person | None, now: datetime) -> datetime | None:
    return None if manager is None else talks.last_words(tx, manager.id, [person.id], now - LOOK_BACK).get(person.id)


def _unanswered(plan: Plan, answers: list[Word]) -> bool:
    return plan.state is PlanState.FILED and Word.NONE in answers


def _win(tx: Session, person: Person, today: date) -> Win | None:
    noted = stoplight_words.wins(tx, person.workspace, today - LOOK_BACK, today)
    return next((win for win in reversed(noted) if win.person_id == person.id), None)


BRIEF = Noun(
    "brief",
    (
        Verb(
            "",
            "@ana",
            "before a 1:1: what is owed, oldest blocker, KPIs, last redirect and win",
            brief,
            takes_person=True,
        ),
    ),
    own=False,
    names=lambda *_: True,  # whatever is typed is meant to be somebody
)
