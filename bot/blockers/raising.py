"""How a blocker comes to be: from a plan, by command, from any message (F25, F37)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.blockers import form_views, news, planning, views
from bot.blockers.form_views import NewForm, NewMeta
from bot.blockers.loading import book
from bot.blockers.news import Desk
from bot.catalogue import Mrkdwn, say
from bot.modals import View
from bot.payloads import Who
from rituals import blockers as rules
from rituals import calendar
from rituals.blockers import Blocker, BlockerState, StuckSinceLater
from rituals.people import Person, Team
from rituals.proposals import learn, propose_kpi
from rituals.writing import worded
from storage import blockers, kpis, people, values


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of something that stops somebody."""

    text: str
    needs: str | None = None
    team_id: UUID | None = None
    kpi_id: UUID | None = None
    impact: str | None = None
    since: date | None = None
    link: str | None = None
    plan_id: UUID | None = None


def raised(tx: Session, reporter: Person, facts: Facts, blocker_id: UUID, now: datetime) -> Blocker:
    """Keep a new blocker of somebody's, with the number and the KPI that its words name, and tell whom it needs.

    Raises StuckSinceLater or NothingWritten.
    """
    today = calendar.local_day(now, reporter.zone)
    if facts.since is not None and facts.since > today:
        raise StuckSinceLater
    text = worded(facts.text)
    made = Blocker(
        id=blocker_id,
        workspace=reporter.workspace,
        number=blockers.next_number(tx, reporter.workspace, "B"),
        reporter_id=reporter.id,
        plan_id=facts.plan_id,
        text=text,
        needs=None,
        impact=None,
        state=BlockerState.OPEN,
        opened_at=now,
        opened_on=today,
        restated=0,
        tags=rules.tags_of(text),
        link=facts.link,
    )
    made = told(tx, made, reporter, facts)
    values.add(tx, made)
    settled(tx, made, None, now)
    return made


def told(tx: Session, blocker: Blocker, reporter: Person, facts: Facts) -> Blocker:
    """The blocker with what is known of it now; a need that is a team's name means that team (F42)."""
    needs = (facts.needs or "").strip() or None
    team_id = facts.team_id
    if team_id is None and needs is not None:
        team_id = _team_called(needs, people.teams(tx, reporter.workspace), reporter)
    return replace(
        blocker,
        needs=needs,
        needs_team_id=team_id,
        impact=facts.impact,
        kpi_id=facts.kpi_id or blocker.kpi_id or guessed(tx, reporter, blocker.text),
        opened_on=facts.since or blocker.opened_on,
    )


def _team_called(needs: str, teams: Iterable[Team], reporter: Person) -> UUID | None:
    name = needs.lstrip("@#").casefold()
    found = (team.id for team in teams if team.name.casefold() == name and team.id != reporter.team_id)
    return next(found, None)


def guessed(tx: Session, reporter: Person, text: str) -> UUID | None:
    """The KPI of the reporter's team that the words name, by how they have linked their own before."""
    if reporter.team_id is None:
        return None
    known = kpis.of_team(tx, reporter.workspace, reporter.team_id)
    return propose_kpi(text, learn({kpi.id: kpi.name for kpi in known.values()}, []))


def settled(tx: Session, blocker: Blocker, before: Blocker | None, now: datetime) -> None:
    """Plan a blocker's next step after its reporter spoke, and tell a team that it newly needs, once (F42)."""
    planning.place(tx, [blocker], now)
    needed = blocker.needs_team_id
    if needed is None or not blocker.live or (before is not None and before.needs_team_id == needed):
        return
    desk = Desk(book(tx, [blocker], now), blocker, now)
    about = desk.book.about(blocker)
    reporter = desk.book.lines[blocker.id].reporter
    words = say("{who} needs your team: *{label}*", who=reporter.given_name, label=blocker.label)
    asked = [person for person in about.needed[:1] if person.id != reporter.id]
    news.tell(tx, desk, asked, f"needs:{blocker.id}:{needed}", words)


# By form and by command


def load_form(tx: Session, who: Who, meta: NewMeta, text: str, now: datetime) -> View:
    """The form of a new blocker; raises Stranger."""
    reporter = actor(tx, who)
    teams = [one for one in people.teams(tx, who.workspace) if not one.archived and one.id != reporter.team_id]
    known = {} if reporter.team_id is None else kpis.of_team(tx, who.workspace, reporter.team_id)
    today = calendar.local_day(now, reporter.zone)
    return form_views.new_form(meta, NewForm(text=text), teams, known, today)


def from_form(tx: Session, who: Who, meta: NewMeta, fields: Mapping[str, Any], now: datetime) -> Mrkdwn:
    """The form was sent; sent again it is the same blocker. Raises Stranger, StuckSinceLater or NothingWritten."""
    reporter = acting(tx, who, now)
    form = NewForm.parse(fields)
    facts = Facts(form.text, form.needs, form.team, form.kpi, form.impact, form.since, meta.link)
    return _once(tx, reporter, facts, meta.id, now)


def from_words(tx: Session, who: Who, text: str, blocker_id: UUID, now: datetime) -> Mrkdwn:
    """`/blockers new text`; given again it is the same blocker. Raises Stranger or NothingWritten."""
    return _once(tx, acting(tx, who, now), Facts(text), blocker_id, now)


def _once(tx: Session, reporter: Person, facts: Facts, blocker_id: UUID, now: datetime) -> Mrkdwn:
    """Raise it, bring it to whoever must act, and return what its reporter is told: its number, and what comes next."""
    standing = blockers.find(tx, blocker_id)
    blocker = standing or raised(tx, reporter, facts, blocker_id, now)
    desk = Desk(book(tx, [blocker], now), blocker, now)
    if standing is None:
        news.arrived(tx, desk)
    shown = desk.book.shown(blocker, None)
    words = say("*{label}* is raised: {text}.", label=blocker.label, text=blocker.text)
    if shown.holder is None:
        alone = "{words} Nobody stands above you: `/blockers assign {number} @lee` gives it to somebody."
        return say(alone, words=words, number=blocker.number)
    carded = news.has_card(tx, shown.reporter)
    sees = "{words} {who} sees it on the huddle card." if carded else "{words} {who} hears of it."
    words = say(sees, words=words, who=shown.holder.given_name)
    following = views.what_next(shown)
    return words if following is None else say("{words} {following}.", words=words, following=following)
