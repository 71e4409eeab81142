"""Teams: making, changing, archiving, and who is on them (F92)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.catalogue import say
from bot.errors import Gone
from bot.ids import new_id
from bot.payloads import Who
from bot.people import team_views as views
from bot.people.person import changed_by, place, put
from bot.people.team_views import TeamForm, TeamMeta, TeamPage, TeamsPage
from bot.standing import require_start, standing, team_standing
from rituals import calendar
from rituals.huddle import Huddle
from rituals.people import Person, Team
from rituals.policy import About, Action, may, require
from rituals.settings import (
    EditedMeanwhile,
    NoSuchPerson,
    first_huddle,
    require_climb,
    require_morning,
    require_name,
)
from storage import directory, huddles, people, roster


def listed(tx: Session, page: int, who: Who, now: datetime) -> TeamsPage:
    """One page of the teams, archived ones last; raises Stranger."""
    reader = actor(tx, who)
    require(Action.PEOPLE_READ, reader, About(who.workspace))
    everything = sorted(people.teams(tx, who.workspace), key=lambda team: (team.archived, team.name))
    pages = max(1, -(-len(everything) // views.ROWS))
    page = max(0, min(page, pages - 1))
    shown = everything[page * views.ROWS : (page + 1) * views.ROWS]
    return TeamsPage(
        page=page,
        pages=pages,
        teams=shown,
        managers=people.some(tx, [team.manager_id for team in shown if team.manager_id is not None]),
        huddles={one.team_id: one for one in huddles.of_teams(tx, [team.id for team in shown])},
        people=directory.placed_on(tx, [team.id for team in shown]),
        editable=frozenset(t.id for t in shown if may(Action.TEAM_EDIT, reader, team_standing(tx, t, now))),
        makes=may(Action.TEAM_MAKE, reader, About(who.workspace)),
    )


def load(tx: Session, meta: TeamMeta, who: Who, now: datetime) -> TeamPage:
    """A team's form, or that of a new one; raises Stranger, Gone or NotAllowed."""
    reader = actor(tx, who)
    if meta.team is None:
        require(Action.TEAM_MAKE, reader, About(who.workspace))
        blank = Team(new_id(), who.workspace, "", None, None)
        return TeamPage(meta, views.form_of(blank, first_huddle(new_id(), blank, now), {}, ()))
    team = _team(tx, meta.team, who)
    require(Action.TEAM_EDIT, reader, team_standing(tx, team, now))
    members = directory.members(tx, team.id)
    adds = len(members) > views.MOST_MEMBERS
    names = people.some(tx, [team.manager_id] if team.manager_id else [])
    form = views.form_of(team, _huddle(tx, team, now), names, () if adds else members)
    return TeamPage(meta.model_copy(update={"version": team.version, "adds": adds}), form)


def _team(tx: Session, team_id: UUID, who: Who, *, lock: bool = False) -> Team:
    team = people.team(tx, team_id, lock=lock)
    if team is None or team.workspace != who.workspace:
        raise Gone
    return team


def _huddle(tx: Session, team: Team, now: datetime) -> Huddle:
    return huddles.of_team(tx, team.id) or first_huddle(new_id(), team, now)


def keep(tx: Session, meta: TeamMeta, form: TeamForm, who: Who, now: datetime) -> None:
    """Keep what a team's form says; the same sent again changes nothing.

    Raises EditedMeanwhile, NoName, NameTaken, ClimbOrder, NoSuchPerson, NoWorkingDays, HuddleOrder; as `require_start`
    for a new huddle; Stranger, Gone or NotAllowed.
    """
    by = acting(tx, who, now)
    if meta.team is None:
        require(Action.TEAM_MAKE, by, About(who.workspace))
        # The form carries no id, so the name is what makes the same form sent twice one team: it is taken then.
        before = Team(new_id(), who.workspace, "", None, None)
    else:
        before = _team(tx, meta.team, who, lock=True)
        require(Action.TEAM_EDIT, by, team_standing(tx, before, now))
    team = _wanted(tx, before, form, who)
    known = huddles.of_team(tx, before.id)
    times = {name: getattr(form, name) for name in views.TIMES}
    huddle = known or first_huddle(new_id(), team, now)
    wanted = require_morning(replace(huddle, weekdays="".join(form.weekdays), **times))
    moves = _moves(tx, before, form, who, adds=meta.adds)
    if team == before and wanted == known and not moves:
        return
    if before.version != meta.version:
        raise EditedMeanwhile(before.version)
    if known is None:
        require_start(tx, team)
    people.change_team(tx, replace(team, version=before.version + 1), now)
    huddles.change(tx, wanted, now)
    for person in moves:
        _move(tx, person, team, by, now)
    _redraw(tx, team, now)


def _wanted(tx: Session, before: Team, form: TeamForm, who: Who) -> Team:
    manager = None
    if form.manager is not None:
        manager = _named(tx, who, "manager", [form.manager])[0]
    team = replace(before, name=form.name, channel=form.channel, manager_id=None if manager is None else manager.id)
    team = replace(team, climb_days=form.climb_days, leader_days=form.leader_days)
    return require_climb(require_name(team, people.teams(tx, who.workspace)))


def _named(tx: Session, who: Who, field: str, slack_ids: Sequence[str]) -> list[Person]:
    known = people.behind(tx, who.workspace, slack_ids)
    for slack_id in slack_ids:
        if slack_id not in known or not known[slack_id].active:
            raise NoSuchPerson(field, slack_id, roster.left_out(tx, who.workspace, slack_id))
    return [known[slack_id] for slack_id in slack_ids]


def _moves(tx: Session, team: Team, form: TeamForm, who: Who, *, adds: bool) -> list[Person]:
    """Who comes and who goes."""
    wanted = {person.id: person for person in _named(tx, who, "people", form.people)}
    here = {person.id: person for person in directory.members(tx, team.id)}
    gone = [] if adds else [person for person in here.values() if person.id not in wanted]
    return gone + [person for person in wanted.values() if person.id not in here]


def _move(tx: Session, person: Person, team: Team, by: Person, now: datetime) -> None:
    """Put somebody on the team, or take them off it; raises NotAllowed for somebody of another team."""
    held = people.find(tx, person.id, lock=True)
    if held is None:
        raise Gone
    if held.team_id not in (None, team.id):
        require(Action.PERSON_EDIT, by, standing(tx, held, now).about)
    goes = held.team_id == team.id
    put(tx, held, place(tx, held, None if goes else team.id, now), now)


def _redraw(tx: Session, team: Team, now: datetime) -> None:
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    today = calendar.local_day(now, "UTC" if manager is None else manager.zone)
    huddles.mark_stale(tx, team.id, today, now)


def archive(tx: Session, team_id: UUID, who: Who, now: datetime) -> None:
    """Nobody is on the team from now on, and nobody is asked; raises Stranger, Gone or NotAllowed."""
    by = acting(tx, who, now)
    require(Action.TEAM_MAKE, by, About(who.workspace))
    team = _team(tx, team_id, who, lock=True)
    for person in directory.members(tx, team.id):
        held = people.find(tx, person.id, lock=True)
        if held is not None:
            put(tx, held, place(tx, held, None, now), now)
    people.change_team(tx, replace(team, archived=True, version=team.version + 1), now)
    _pause(tx, [team.id], now, paused=True)


def restore(tx: Session, team_id: UUID, who: Who, now: datetime) -> None:
    """Bring an archived team back, without people; raises Stranger, Gone or NotAllowed."""
    by = acting(tx, who, now)
    require(Action.TEAM_MAKE, by, About(who.workspace))
    team = _team(tx, team_id, who, lock=True)
    people.change_team(tx, replace(team, archived=False, version=team.version + 1), now)
    _pause(tx, [team.id], now, paused=False)


def _pause(tx: Session, team_ids: Iterable[UUID], now: datetime, *, paused: bool) -> None:
    for huddle in huddles.of_teams(tx, list(team_ids)):
        huddles.change(tx, replace(huddle, paused=paused), now)


def conflict(tx: Session, meta: TeamMeta, form: TeamForm, who: Who, now: datetime) -> dict[str, Any]:
    """The form again after somebody else was faster, with what was typed."""
    page = load(tx, meta, who, now)
    notice = [say("*Somebody changed this in the meantime.*")]
    if meta.team is not None:
        notice = [changed_by(tx, meta.team, now)]
        for name, words in (("name", "Name"), *views.TIMES.items(), *views.CLIMBS.items()):
            stands, typed = getattr(page.form, name), getattr(form, name)
            if stands != typed:
                shown = f"{stands:%H:%M}" if isinstance(stands, time) else str(stands)
                notice.append(say("• {words}: now {shown}", words=words, shown=shown))
    notice.append(say("What you typed is below. `Save` again keeps yours."))
    return views.team_form(replace(page, form=form, notice=notice))
