"""The whole report and what is behind one of its lines; sentences that say back what was answered."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.acting import actor
from bot.catalogue import Mrkdwn, say
from bot.kpis import loading as kpi_loading
from bot.kpis import reading as kpi_reading
from bot.modals import View
from bot.payloads import Who
from bot.stoplight import report_views
from bot.stoplight.answering import subject_of
from bot.stoplight.report_views import Answer, Report, Told
from rituals import teams
from rituals.kpis import Colour, Kpi, badness, colour
from rituals.kpis_periods import Period
from rituals.policy import Action, may
from rituals.stoplight import SHOWN, Answered, Review
from storage import actions, kpis, people, stoplight

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
        chosen = teams.meant(team, people.teams(tx, who.workspace), ())
        wanted = [kpi for kpi in wanted if kpi.team_id == chosen.id]
        team = chosen.name
    stood = sorted(stoplight.readings(tx, wanted, month).values(), key=badness)
    shown = [one for one in stood if not reds or colour(one) is Colour.RED]
    functions = {one.id: one.name for one in kpis.functions(tx, reader.workspace)}
    names = {one.kpi.id: functions.get(one.kpi.function_id, "") for one in shown}
    return report_views.report(Report(month, shown, names, team, reds), number)


def page(tx: Session, who: Who, month: Period, number: int, reds: bool, team: str) -> Answer:
    """The same, as a button carries it."""
    return report(tx, who, month, number, reds=reds, team=team)


def more(tx: Session, who: Who, value: str, now: datetime) -> View:
    """All that is known of one KPI; causes and actions for whoever may read them. Raises Stranger or NoSuchKpi."""
    reader = actor(tx, who)
    kpi_id, month = subject_of(value)
    kpi = kpi_loading.of_id(tx, who.workspace, kpi_id)
    _, detail = kpi_reading.show(tx, who, kpi.label, now)
    told = None
    if may(Action.MONTH_DETAIL, reader, kpi_loading.about(tx, kpi)):
        explained = stoplight.explanations(tx, [kpi.id], month.shifted(-SHOWN).first, month.shifted(2).last)
        agreed = actions.of_kpi(tx, kpi.id)
        named = people.some(tx, {one for action in agreed for one in (action.owner_id, action.helper_id) if one})
        told = Told(kpi, sorted(explained, key=lambda one: one.period, reverse=True), agreed, named)
    return report_views.more(detail, told)
