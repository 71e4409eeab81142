"""Last month in review when the demo starts: what owners say of it, what was agreed before, and the leaders' digest."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from bot import reviews
from bot.demo import company
from bot.ids import new_id
from bot.stoplight import openings, planning
from rituals import calendar
from rituals.actions import Action, ActionState, Source
from rituals.kpis import Kpi
from rituals.kpis_periods import Period
from rituals.people import Person, Role
from rituals.stoplight import Explanation, month_before
from rituals.stoplight_cycle import Slot
from rituals.stoplight_words import Win
from rituals.triggers import Comparison, Trigger
from storage import stoplight
from storage.occurrences import Occurrence, State
from storage.values import add

SAID = {
    "Qualified leads": (
        "Two trade fairs were cancelled, and the webinar had half its guests",
        "Move 40 k from fairs to paid search; Sales takes thirty calls a week until the end of the quarter",
        "Lee, for the thirty calls",
    ),
    "New bookings": (
        "Legal's answer to NDAs takes nine working days",
        "A standard NDA that Sales may sign alone up to 50 k",
        "Legal",
    ),
}
"""Cause, proposal and help that two owners have filed; Renewals has neither yet."""
AGREED = (
    ("Renewals", "Grace Kim", "Mia Keller", "Call the ten largest customers whose contract ends this quarter", None),
    ("Qualified leads", "Sam Ortiz", "Tom Becker", "A pricing page that names the two packages", "Legal (B-42)"),
)
"""What was agreed the month before: KPI, owner, helper, words, and what stood in the way of it."""
WIN = ("Ella Grant", "Quill Press signed in nineteen days instead of forty", "Dana Weiss")


def fill(tx: Session, people: Mapping[str, Person], kpis: Mapping[str, Kpi], start: datetime) -> None:
    """Write all of it as it stands at `start`, and send each leader the digest."""
    month = month_before(calendar.local_day(start, company.BERLIN))
    for one in (month.shifted(-1), month):
        reviews.begin(tx, company.WORKSPACE, one)
    add(tx, *(_explained(kpis[name], month, words, start) for name, words in SAID.items()))
    add(tx, *(_agreed(tx, people, kpis, month.shifted(-1), row) for row in AGREED))
    add(tx, _trigger(kpis["Renewals"], people["Priya Raman"], start))
    who, words, by = WIN
    add(tx, Win(new_id(), company.WORKSPACE, people[who].id, words, people[by].id, month.last, start))
    leaders = [person for person in people.values() if person.role is Role.LEADER]
    openings.report(tx, [_due(leader, month, start) for leader in leaders], start)


def _explained(kpi: Kpi, month: Period, words: tuple[str, str, str], start: datetime) -> Explanation:
    cause, proposal, needed = words
    owner = kpi.owner_id or new_id()
    return Explanation(new_id(), kpi.workspace, kpi.id, month.first, cause, proposal, needed, "", "", "", owner, start)


def _agreed(
    tx: Session,
    people: Mapping[str, Person],
    kpis: Mapping[str, Kpi],
    month: Period,
    row: tuple[str, str, str, str, str | None],
) -> Action:
    name, owner, helper, words, obstacle = row
    review = stoplight.find_review(tx, kpis[name].id, month.first)
    made = calendar.end_of(month.shifted(1).first + timedelta(days=8), company.BERLIN)
    due = month.shifted(1).last
    return Action(
        id=new_id(),
        workspace=company.WORKSPACE,
        source=Source.STOPLIGHT,
        subject_id=new_id() if review is None else review.id,
        team_id=None,
        kpi_id=kpis[name].id,
        text=words,
        owner_id=people[owner].id,
        helper_id=people[helper].id,
        due=due,
        promised=due,
        state=ActionState.DONE if obstacle is None else ActionState.MOVED,
        obstacle=obstacle,
        by_id=people["Priya Raman"].id,
        made_at=made,
        settled_at=made if obstacle is None else None,
    )


def _trigger(kpi: Kpi, owner: Person, start: datetime) -> Trigger:
    today = calendar.local_day(start, company.BERLIN)
    return Trigger(
        id=new_id(),
        workspace=kpi.workspace,
        kpi_id=kpi.id,
        comparison=Comparison.BELOW,
        bound=Decimal(85),
        periods=2,
        action="Freeze new discounts and give every renewal above 50 k to a named person",
        owner_id=owner.id,
        by_id=owner.id,
        at=start,
        since=today - timedelta(days=180),
        ended_on=None,
    )


def _due(leader: Person, month: Period, start: datetime) -> Occurrence:
    """The digest, as the ledger would have it if the demo had run before."""
    return Occurrence(
        id=new_id(),
        workspace=leader.workspace,
        ritual=planning.ritual_of(leader.workspace),
        subject=leader.id,
        day=month.first,
        slot=Slot.DIGEST,
        due_at=start,
        expires_at=start + timedelta(days=7),
        zone=leader.zone,
        state=State.OPENED,
        reason=None,
    )
