"""What `/blockers` lists and shows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import blocks, grammar
from bot.acting import actor
from bot.blockers import cases, list_views
from bot.blockers.list_views import AT_ONCE, Answer, Happened, Listing
from bot.blockers.loading import book
from bot.blockers.refusals import NoSuchBlocker
from bot.payloads import Who
from bot.standing import about_team, away_now, teams_of
from rituals import calendar
from rituals.people import Person
from rituals.policy import Action, require
from rituals.teams import meant
from storage import audit, blocker_lists, blockers, people
from storage.audit import Entry
from storage.blocker_lists import Look

TRIAGE, MINE, TEAM = "triage", "mine", "team"
LONGEST_PAGE = 6


def named(tx: Session, workspace: str, text: str) -> tuple[UUID, str]:
    """The blocker whose number stands at the front of a text, and what follows; raises NoSuchBlocker.

    Somebody may stand before it: `assign @lee 42`.
    """
    read = grammar.ident(text, "B")
    if read is None and (person := grammar.person(text, "")) is not None:
        mention = text[: len(text) - len(person[1])]
        behind = grammar.ident(person[1], "B")
        read = behind and (behind[0], mention + behind[1])
    found = None if read is None else blockers.numbered(tx, workspace, read[0])
    if read is None or found is None:
        raise NoSuchBlocker(text.partition(" ")[0])
    return found.id, read[1]


def triage(tx: Session, who: Who, page: str, now: datetime) -> Answer:
    """All that concerns somebody: escalated, old, new (F27). Raises Stranger."""
    reader = actor(tx, who)
    deputised = people.some(tx, blocker_lists.stood_in_for(tx, reader.id))
    over = [reader.id, *away_now(tx, deputised, now)]
    look = Look(reader.workspace, reader.id, over=over)
    return _listed(tx, reader, look, _number(page), now, title="Blockers", which=TRIAGE)


def mine(tx: Session, who: Who, page: str, now: datetime) -> Answer:
    """What somebody reported or owns, oldest first (F27). Raises Stranger."""
    reader = actor(tx, who)
    look = Look(reader.workspace, reader.id, mine=True)
    return _listed(tx, reader, look, _number(page), now, title="Your blockers", which=MINE)


def team(tx: Session, who: Who, name: str, page: str, now: datetime) -> Answer:
    """What a team reported, and what others need of it (F42).

    Raises Stranger, NoSuchTeam, WhichTeam, ManagesNobody or NotAllowed.
    """
    reader = actor(tx, who)
    teams = [one for one in people.teams(tx, reader.workspace) if not one.archived]
    found = meant(name or None, teams, [] if name else teams_of(tx, reader, now))
    require(Action.TEAM_READ, reader, about_team(tx, found, now))
    return _of_team(tx, reader, found.id, found.name, _number(page), now)


def turned(tx: Session, who: Who, value: str, now: datetime) -> Answer:
    """The next page of a list; raises as the list does."""
    which, _, rest = value.partition(":")
    if which != TEAM:
        return {TRIAGE: triage, MINE: mine}[which](tx, who, rest, now)
    team_id, _, page = rest.partition(":")
    reader = actor(tx, who)
    found = people.team(tx, UUID(team_id))
    if found is None or found.workspace != reader.workspace:
        return list_views.nothing_stuck()
    require(Action.TEAM_READ, reader, about_team(tx, found, now))
    return _of_team(tx, reader, found.id, found.name, _number(page), now)


def _of_team(tx: Session, reader: Person, team_id: UUID, name: str, page: int, now: datetime) -> Answer:
    look = Look(reader.workspace, reader.id, team_id=team_id)
    return _listed(tx, reader, look, page, now, title=name, which=f"{TEAM}:{team_id}")


def _number(page: str) -> int:
    return max(1, int(page)) if page.isascii() and page.isdigit() and len(page) <= LONGEST_PAGE else 1


def _listed(tx: Session, reader: Person, look: Look, page: int, now: datetime, *, title: str, which: str) -> Answer:
    today = calendar.local_day(now, reader.zone)
    counts = blocker_lists.counts(tx, look, today)
    if not counts.all:
        return list_views.nothing_stuck()
    pages = -(-counts.all // AT_ONCE)
    page = min(page, pages)
    found = blocker_lists.page(tx, look, (page - 1) * AT_ONCE, AT_ONCE)
    shelf = book(tx, found, now, also=[reader.id])
    heads = list_views.heads(counts.all, counts.escalated, counts.new, None if look.mine else counts.mine)
    rows = [shelf.shown(blocker, reader) for blocker in found]
    return list_views.listing(Listing(title, rows, heads, which, page, pages, today, grouped=not look.mine))


def show(tx: Session, who: Who, text: str, now: datetime) -> Answer:
    """One blocker with all that was said and done (F24); raises Stranger, NoSuchBlocker or NotAllowed."""
    blocker_id, _ = named(tx, who.workspace, text)
    one = cases.look(tx, blocker_id, Action.BLOCKER_READ, who, now)
    entries = audit.of(tx, [blocker_id])
    updates = one.book.updates[blocker_id]
    ids = {entry.act.actor_id for entry in entries} | {said.by_id for said in updates} | _ids(entries)
    names = {str(person.id): person.name for person in people.some(tx, filter(None, ids)).values()}
    others = blockers.some(tx, [one.blocker.merged_into_id] if one.blocker.merged_into_id else [])
    names |= {str(other.id): other.label for other in others.values()}
    history = [_happened(entry, names, one.by.zone) for entry in entries]
    return list_views.detail(one.book.shown(one.blocker, one.by), updates, history, names)


def _ids(entries: Sequence[Entry]) -> set[UUID | None]:
    """Who became the owner."""
    facts = [side for entry in entries for side in (entry.before, entry.after) if side]
    return {UUID(side["owner_id"]) for side in facts if side.get("owner_id")}


def _happened(entry: Entry, names: dict[str, str], zone: str) -> Happened:
    before, after = entry.before or {}, entry.after or {}
    local = entry.act.at.astimezone(calendar.zone(zone))
    who = None if entry.act.actor_id is None else names.get(str(entry.act.actor_id), "Somebody")
    at = f"{blocks.short_day(local.date())} {local:%H:%M}"
    return Happened(at, who, {name: (before.get(name), fact) for name, fact in after.items()})
