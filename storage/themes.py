"""Themes and the blockers in them."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from rituals.actions import Action
from rituals.blockers import LIVE, Blocker, BlockerState
from rituals.themes import Grouped, Theme, ThemeState
from storage import actions
from storage.tables import Blockers, People, ThemeBlockers, Themes
from storage.values import columns_of, fetch, selecting


def find(tx: Session, theme_id: UUID, *, lock: bool = False) -> Theme | None:
    """The theme with this id; `lock` makes others who would decide it wait."""
    query = selecting(Theme).where(Themes.id == theme_id)
    row = tx.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Theme(*row)


def of_team(tx: Session, team_id: UUID, *states: ThemeState, since: date | None = None) -> list[Theme]:
    """The themes of a team in these states, oldest first."""
    newer = [] if since is None else [Themes.day >= since]
    where = (Themes.team_id == team_id, Themes.state.in_(states), *newer)
    return fetch(tx, Theme, *where, order=[Themes.day, Themes.id])


def of_day(tx: Session, team_id: UUID, day: date) -> list[Theme]:
    """What was proposed to a team on a day, without what a split or nobody's answer left over."""
    where = (Themes.team_id == team_id, Themes.day == day, Themes.state != ThemeState.LEFT)
    return fetch(tx, Theme, *where, order=[Themes.id])


def in_flows(tx: Session, team_id: UUID, since: date) -> list[Theme]:
    """What a team has made themes of since a date that hold up a flow, oldest first."""
    where = (Themes.team_id == team_id, Themes.state.in_((ThemeState.MADE, ThemeState.AGREED)), Themes.day >= since)
    return fetch(tx, Theme, *where, Themes.flow.is_not(None), order=[Themes.day, Themes.id])


def flow_names(tx: Session, workspace: str) -> list[str]:
    """The flows that a workspace's themes name, by name."""
    named = select(Themes.flow).where(Themes.workspace == workspace, Themes.flow.is_not(None))
    return [name for name in tx.execute(named.distinct().order_by(Themes.flow)).scalars() if name is not None]


def grouped(tx: Session, theme_ids: Collection[UUID]) -> list[Grouped]:
    """Which blockers stand in these themes."""
    return fetch(tx, Grouped, ThemeBlockers.theme_id.in_(theme_ids), order=[ThemeBlockers.id])


def made_of(tx: Session, blocker_ids: Collection[UUID]) -> Mapping[UUID, Theme]:
    """The theme that somebody made of each of these blockers, if any; one that was taken for none since is left out."""
    query = (
        select(ThemeBlockers.blocker_id, *columns_of(Theme))
        .join(Themes, Themes.id == ThemeBlockers.theme_id)
        .where(ThemeBlockers.blocker_id.in_(blocker_ids), Themes.state.in_((ThemeState.MADE, ThemeState.AGREED)))
        .order_by(Themes.day)
    )
    return {blocker: Theme(*theme) for blocker, *theme in tx.execute(query)}


def taken_for(tx: Session, blocker_ids: Collection[UUID]) -> Mapping[UUID, list[Action]]:
    """What people took on for each of these blockers, or for the theme that was made of it, the first due first."""
    of = {one: {one} for one in blocker_ids}
    for blocker, theme in made_of(tx, blocker_ids).items():
        of[blocker].add(theme.id)
    taken = actions.of_subjects(tx, set().union(*of.values()))
    found = {one: [each for each in taken if each.subject_id in subjects] for one, subjects in of.items()}
    return {one: several for one, several in found.items() if several}


def blockers_of(tx: Session, theme_ids: Collection[UUID]) -> Mapping[UUID, list[Blocker]]:
    """The blockers in these themes, by theme, oldest first: one statement."""
    query = (
        select(ThemeBlockers.theme_id, *columns_of(Blocker))
        .join(Blockers, Blockers.id == ThemeBlockers.blocker_id)
        .where(ThemeBlockers.theme_id.in_(theme_ids))
        .order_by(Blockers.opened_at, Blockers.number)
    )
    held: dict[UUID, list[Blocker]] = {one: [] for one in theme_ids}
    for theme_id, *row in tx.execute(query):
        held[theme_id].append(Blocker(*row))
    return held


def candidates(tx: Session, team_id: UUID, since: date) -> list[Blocker]:
    """What a team's people reported since a date and nobody merged away, oldest first, without what is a theme."""
    named = (
        select(ThemeBlockers.blocker_id)
        .join(Themes, Themes.id == ThemeBlockers.theme_id)
        .where(Themes.team_id == team_id, Themes.state.in_((ThemeState.MADE, ThemeState.AGREED)))
    )
    mine = select(People.id).where(People.team_id == team_id)
    where = (Blockers.reporter_id.in_(mine), Blockers.opened_on >= since, Blockers.merged_into_id.is_(None))
    return fetch(tx, Blocker, *where, Blockers.id.not_in(named), order=[Blockers.opened_at, Blockers.number])


def dependencies(tx: Session, team_id: UUID) -> list[Blocker]:
    """Live blockers between this team and another: theirs that need it, and its own that need one (F42)."""
    mine = select(People.id).where(People.team_id == team_id)
    own = Blockers.reporter_id.in_(mine)
    between = or_(Blockers.needs_team_id == team_id, own & Blockers.needs_team_id.is_not(None))
    return fetch(tx, Blocker, between, Blockers.state.in_(LIVE), order=[Blockers.opened_at, Blockers.number])


def parked(tx: Session, team_id: UUID) -> list[Blocker]:
    """What a team's people are stuck on and somebody parked for the weekly, oldest first (D5); nothing that sleeps."""
    return _waiting(tx, team_id, BlockerState.PARKED)


def untouched(tx: Session, team_id: UUID) -> list[Blocker]:
    """What a team's people are stuck on and nobody has answered, oldest first (D5); nothing that sleeps."""
    return _waiting(tx, team_id, BlockerState.OPEN)


def _waiting(tx: Session, team_id: UUID, state: BlockerState) -> list[Blocker]:
    mine = select(People.id).where(People.team_id == team_id)
    where = (Blockers.reporter_id.in_(mine), Blockers.state == state, Blockers.snoozed_until.is_(None))
    return fetch(tx, Blocker, *where, order=[Blockers.opened_at, Blockers.number])
