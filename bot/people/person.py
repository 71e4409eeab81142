"""One person's settings: loading the form, and keeping what was sent (F86, F90, F92)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.catalogue import Mrkdwn, say
from bot.errors import Gone
from bot.ids import new_id
from bot.payloads import Who
from bot.people import person_views as views
from bot.people.person_views import PersonForm, PersonMeta, PersonPage
from bot.standing import Standing, standing
from rituals import calendar
from rituals import roster as rules
from rituals.people import DottedLine, Person, Role, require_no_loop
from rituals.policy import About, Action, may, require
from rituals.settings import EditedMeanwhile, NoSuchPerson, NoTime, require_settings
from storage import audit, directory, huddles, people, plans, roster, values


def load(tx: Session, meta: PersonMeta, who: Who, now: datetime) -> PersonPage:
    """The form of a person as they are; raises Stranger, Gone or NotAllowed."""
    reader = actor(tx, who)
    person = _person(tx, meta.person, who)
    _require(meta, reader, standing(tx, person, now))
    return _page(tx, meta.model_copy(update={"version": person.version}), person, reader)


def own(tx: Session, who: Who, now: datetime) -> PersonPage:
    """One's own form; raises Stranger."""
    return load(tx, PersonMeta(person=actor(tx, who).id, version=0, own=True), who, now)


def _page(tx: Session, meta: PersonMeta, person: Person, reader: Person) -> PersonPage:
    dotted = [] if meta.own else [line.manager_id for line in directory.dotted_from(tx, person.id)]
    names = people.some(tx, [one for one in (person.manager_id, person.deputy_id, *dotted) if one is not None])
    teams = [] if meta.own else [team for team in people.teams(tx, person.workspace) if not team.archived]
    sets_roles = not meta.own and may(Action.ROLE_SET, reader, About(person.workspace))
    return PersonPage(meta, person, views.form_of(person, names, dotted, own=meta.own), teams, sets_roles)


def _person(tx: Session, person_id: UUID, who: Who, *, lock: bool = False) -> Person:
    person = people.find(tx, person_id, lock=lock)
    if person is None or not person.active or person.workspace != who.workspace:
        raise Gone
    return person


def _require(meta: PersonMeta, actor: Person, stands: Standing) -> None:
    require(Action.SELF_EDIT if meta.own else Action.PERSON_EDIT, actor, stands.about)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A person as a form wants them, with their dotted lines; None for those that the form did not show."""

    person: Person
    dotted: frozenset[UUID] | None


def keep(tx: Session, meta: PersonMeta, form: PersonForm, who: Who, now: datetime) -> None:
    """Keep what a person's form says; the same sent again changes nothing.

    Raises EditedMeanwhile when somebody else changed them since the form was opened; NoSuchPerson, Loop, LastAdmin,
    NoTime, what `require_settings` raises; Stranger, Gone or NotAllowed.
    """
    by = acting(tx, who, now)
    before = _person(tx, meta.person, who, lock=True)
    stands = standing(tx, before, now)
    _require(meta, by, stands)
    wanted = _wanted(tx, before, form, who, now)
    changed = wanted.person
    if (changed.role, changed.also) != (before.role, before.also):
        require(Action.ROLE_SET, by, About(before.workspace))
    dotted = frozenset(line.manager_id for line in directory.dotted_from(tx, before.id))
    if changed == before and wanted.dotted in (None, dotted):
        return
    if before.version != meta.version:
        raise EditedMeanwhile(before.version)
    _check(tx, before, changed)
    put(tx, before, changed, now)
    if wanted.dotted is not None:
        lines = (DottedLine(new_id(), before.workspace, before.id, one) for one in sorted(wanted.dotted))
        directory.set_dotted(tx, before.id, lines)


def put(tx: Session, before: Person, changed: Person, now: datetime) -> None:
    """Write a person whose row is held; what they filed ahead goes with them to a new team, and both cards follow."""
    people.change(tx, replace(changed, version=before.version + 1), now)
    today = calendar.local_day(now, changed.zone)
    if changed.team_id is not None and changed.team_id != before.team_id:
        ahead = plans.of_person(tx, changed.id, changed.team_since or today, date.max)
        values.save(tx, *(replace(plan, team_id=changed.team_id) for plan in ahead))
    for team_id in filter(None, {before.team_id, changed.team_id}):
        huddles.mark_stale(tx, team_id, today, now)


def _check(tx: Session, before: Person, changed: Person) -> None:
    huddle = None if changed.team_id is None else huddles.of_team(tx, changed.team_id)
    require_settings(changed, huddle)
    manager = None if changed.manager_id is None else people.find(tx, changed.manager_id)
    if manager is not None:
        require_no_loop(changed, manager, people.lines_above(tx, [manager]))
    if before.has(Role.ADMIN) and not changed.has(Role.ADMIN):
        rules.require_an_admin(directory.with_role(tx, before.workspace, Role.ADMIN), changed)


def _wanted(tx: Session, before: Person, form: PersonForm, who: Who, now: datetime) -> Wanted:
    named = {
        "manager": [form.manager] if form.manager else [],
        "deputy": [form.deputy] if form.deputy else [],
        "dotted": form.dotted or [],
    }
    ids = _ids(tx, who, named, before)
    ask_at, ask_before = _ask(form)
    settings = replace(
        before,
        deputy_id=next(iter(ids["deputy"]), None),
        working_days="".join(sorted(form.days)),
        works_from=form.works_from,
        works_to=form.works_to,
        ask_at=ask_at,
        ask_before=ask_before,
        holidays=(form.holidays or "").strip().upper() or None,
    )
    if form.team is None:
        return Wanted(settings, None)
    placed = place(tx, settings, None if form.team == views.NO_TEAM else UUID(form.team), now)
    manager_id = next(iter(ids["manager"]), None)
    # Whoever changes teams answers to the new manager, unless the form names another than it was opened with.
    if placed.team_id == before.team_id or manager_id != before.manager_id:
        placed = replace(placed, manager_id=manager_id)
    if form.role is not None:
        placed = replace(placed, role=form.role, also=frozenset(form.also or ()) - {form.role})
    return Wanted(placed, frozenset(ids["dotted"]))


def _ids(tx: Session, who: Who, named: Mapping[str, Collection[str]], before: Person) -> Mapping[str, list[UUID]]:
    """The people behind Slack ids, by field; whoever is there already may stay, also after they have left."""
    known = people.behind(tx, who.workspace, [one for given in named.values() for one in given])
    stays = {before.manager_id, before.deputy_id}
    found: dict[str, list[UUID]] = {}
    for field, given in named.items():
        found[field] = []
        for slack_id in given:
            person = known.get(slack_id)
            if person is None or (not person.active and person.id not in stays):
                raise NoSuchPerson(field, slack_id, roster.left_out(tx, who.workspace, slack_id))
            found[field].append(person.id)
    return found


def _ask(form: PersonForm) -> tuple[time | None, bool]:
    """When to ask, None for the team's time, and whether on the working day before; raises NoTime."""
    said, before = form.ask.removesuffix(views.EVE), form.ask.endswith(views.EVE)
    if said == views.TEAMS_TIME:
        return None, False
    if said != views.OTHER:
        return time.fromisoformat(said), before
    if form.ask_at is None:
        raise NoTime
    return form.ask_at, before


def place(tx: Session, person: Person, team_id: UUID | None, now: datetime) -> Person:
    """The person on another team: from today, or from tomorrow when today was asked about or its time is over.

    Raises Gone for a team that is not there.
    """
    team = None if team_id is None else people.team(tx, team_id)
    if team_id is not None and (team is None or team.archived or team.workspace != person.workspace):
        raise Gone
    today = calendar.local_day(now, person.zone)
    huddle = None if team_id is None else huddles.of_team(tx, team_id)
    asks_at = None if huddle is None else calendar.instant(today, huddle.asks_at, person.zone)
    over = asks_at is not None and asks_at <= now
    return rules.placed(person, team_id, today, asked_today=over or plans.find_on(tx, person.id, today) is not None)


def conflict(tx: Session, meta: PersonMeta, form: PersonForm, who: Who, now: datetime) -> dict[str, Any]:
    """The form again after somebody else was faster: what was typed, above it how things stand now."""
    page = load(tx, meta, who, now)
    notice = [changed_by(tx, page.person.id, now), *views.standing_now(page, form)]
    notice.append(say("What you typed is below. `Save` again keeps yours."))
    shown = page.form.model_copy(update=form.model_dump(exclude_none=True))
    # An emptied field was typed too.
    emptied = dict.fromkeys(("manager", "deputy", "works_from", "works_to", "ask_at", "holidays"))
    shown = shown.model_copy(update={name: None for name in emptied if getattr(form, name) is None})
    return views.person_form(replace(page, form=shown, notice=notice))


def changed_by(tx: Session, subject: UUID, now: datetime) -> Mrkdwn:
    """Who changed something last, and how long ago."""
    entries = audit.of(tx, [subject])
    if not entries:
        return say("*Somebody changed this in the meantime.*")
    act = entries[-1].act
    by = None if act.actor_id is None else people.find(tx, act.actor_id)
    ago = max(0, int((now - act.at).total_seconds()))
    passed = f"{ago} seconds" if ago < 60 else f"{ago // 60} minutes"  # noqa: PLR2004 - seconds in a minute
    return say("*{who} changed this {passed} ago.*", who="Slack" if by is None else by.given_name, passed=passed)
