"""The whole report and what is behind one of its lines; sentences that say back what was answered."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.acting import actor
from bot.blockers import loading as blocker_loading
from bot.blockers.views import Shown
from bot.catalogue import Mrkdwn, say
from bot.decisions import loading as decision_loading
from bot.decisions.views import Record
from bot.kpis import loading as kpi_loading
from bot.kpis import reading as kpi_reading
from bot.modals import View
from bot.payloads import Who
from bot.stoplight import reading, report_views
from bot.stoplight.answering import subject_of
from bot.stoplight.report_views import Answer, Report, Told
from rituals import teams
from rituals.kpis import Colour, Kpi, badness, colour
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.policy import Action, may
from rituals.stoplight import SHOWN, Answered, Review
from storage import actions, blockers, decisions, kpis, people, stoplight
from storage.tables import Decisions, InformedDecisions

DONE = {
    Answered.NONE: "{label} {name}: taken back.",
    Answered.ACK: "{label} {name}: acked. It no longer climbs; `Assign help…` agrees on an action.",
    Answered.ACT: "{label} {name}: acting.",
    Answered.WATCH: "{label} {name}: watching. It comes back next month if it gets worse.",
    Answered.THANKED: "{label} {name}: thanked.",
}


def said(kpi: Kpi, review: Review) -> Mrkdwn:
    """What an answer does next."""
    return say(DONE[review.answer], label=kpi.label, name=kpi.name)


def report(tx: Session, who: Who, month: Period, number: int, *, reds: bool = False, team: str = "") -> Answer:
    """A page of a month's report, which everybody on the roster may read; raises Stranger or NoSuchTeam."""
    reader = actor(tx, who)
    wanted: Collection[Kpi] = kpis.active(tx, who.workspace).values()
    if team:
        known_teams = people.teams(tx, who.workspace)
        channel = team.removeprefix("<#").partition("|")[0].rstrip(">")
        chosen = next((one for one in known_teams if one.channel == channel), None)
        chosen = chosen or teams.meant(team.removeprefix("#"), known_teams, ())
        wanted = [kpi for kpi in wanted if kpi.team_id == chosen.id]
        team = chosen.name
    known = {kpi.id: kpi for kpi in wanted}
    found, warned = reading.readings(tx, reader.workspace, known, month)
    stood = sorted((found[one] for one in known if one in found), key=badness)
    shown = [one for one in stood if not reds or colour(one) is Colour.RED]
    functions = {one.id: one.name for one in kpis.functions(tx, reader.workspace)}
    names = {one.kpi.id: functions.get(one.kpi.function_id, "") for one in shown}
    return report_views.report(Report(month, shown, warned, names, team, reds), number)


def page(tx: Session, who: Who, month: Period, number: int, reds: bool, team: str) -> Answer:
    """The same, as a button carries it."""
    return report(tx, who, month, number, reds=reds, team=team)


def more(tx: Session, who: Who, value: str, now: datetime) -> View:
    """All that is known of one KPI and that its reader may know. Raises Stranger or NoSuchKpi."""
    reader = actor(tx, who)
    kpi_id, month = subject_of(value)
    kpi = kpi_loading.of_id(tx, who.workspace, kpi_id)
    _, detail = kpi_reading.show(tx, who, kpi.label, now)
    told = Told(kpi, blockers=_stuck(tx, reader, kpi, now), decisions=_decided(tx, reader, kpi, now))
    if may(Action.MONTH_DETAIL, reader, kpi_loading.about(tx, kpi)):
        explained = stoplight.explanations(tx, [kpi.id], month.shifted(-SHOWN).first, month.shifted(2).last)
        agreed = actions.of_kpi(tx, kpi.id)
        named = people.some(tx, {one for action in agreed for one in (action.owner_id, action.helper_id) if one})
        said = sorted(explained, key=lambda one: one.period, reverse=True)
        told = replace(told, said=said, actions=agreed, people=named)
    return report_views.more(detail, told)


def _stuck(tx: Session, reader: Person, kpi: Kpi, now: datetime) -> list[Shown]:
    """What stood in its way, of that what somebody may read."""
    found = blockers.of_kpi(tx, kpi.id, report_views.MOST_TOLD)
    book = blocker_loading.book(tx, found, now)
    return [book.shown(one, reader) for one in found if may(Action.BLOCKER_READ, reader, book.about(one))]


def _decided(tx: Session, reader: Person, kpi: Kpi, now: datetime) -> list[Record]:
    """What was decided about it, of that what somebody may read."""
    readable = decision_loading.readable(tx, reader, now)
    informed = select(InformedDecisions.decision_id).where(InformedDecisions.kpi_id == kpi.id)
    about_it = or_(Decisions.kpi_id == kpi.id, Decisions.id.in_(informed))
    found = decisions.page(tx, readable, about_it, limit=report_views.MOST_TOLD)
    return decision_loading.records(tx, found, now, reader)
