"""A manager's morning by command: who is open, the card of any day, and the huddle by the clock."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import grammar, payloads
from bot.acting import acting, actor
from bot.blocks import Block
from bot.catalogue import Mrkdwn, say
from bot.commands import Call, Verb
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_press
from bot.huddle import card_views, loading, receipts, run_views
from bot.huddle.card_views import Day
from bot.ids import new_id
from bot.payloads import Who
from bot.pressed import Pressed
from rituals import calendar, run_sheet
from rituals.attendance import oldest_worry_first
from rituals.people import Person, Team
from rituals.policy import About, Action, about, require
from rituals.run_sheet import Point, Run
from rituals.teams import meant
from storage import huddles, people, runs, values
from storage.outbox import Message, Policy, Rank

TICK = timedelta(minutes=1)
"""How often the clock of a sheet is shown anew: edits share a quota per workspace."""
OVER = timedelta(minutes=30)
"""After this a huddle that nobody ended is over."""
TEAM = frozenset({"team"})


def register(doors: Doors) -> None:
    """The card's button that starts the sheet, and the sheet's one button."""
    doors.action(card_views.RUN)(run_from_card)
    doors.action(run_views.END)(end)


def sheet_key(held: Run) -> str:
    """Outbox key of a run's sheet: a clock that is started again has a sheet of its own, where its reader looks."""
    return f"run:{held.id}:{int(held.started_at.timestamp())}"


def team_for(tx: Session, person: Person, named: str | None, now: datetime) -> tuple[Team, date]:
    """The team that somebody means, and its date by the manager's clock; without a name, theirs for today.

    Raises NoSuchTeam, WhichTeam, ManagesNobody or NotAllowed.
    """
    teams = people.teams(tx, person.workspace)
    mine = [team for team in teams if team.manager_id == person.id]
    if not named and not mine:
        mine = [team for team in teams if _stands_in(tx, person, team, now)]
    team = meant(named, teams, mine)
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    if team not in mine:
        _require_team(tx, person, team)
    return team, calendar.local_day(now, (manager or person).zone)


def _require_team(tx: Session, person: Person, team: Team) -> None:
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    thing = About(team.workspace) if manager is None else about(manager, people.lines_above(tx, [manager]))
    require(Action.TEAM_READ, person, thing)


def _stands_in(tx: Session, person: Person, team: Team, now: datetime) -> bool:
    held = huddles.of_team(tx, team.id)
    today = calendar.local_day(now, person.zone)
    reader = None if held is None else loading.reader(tx, held, team, today)
    return reader is not None and reader.id == person.id


async def missing(call: Call) -> None:
    """`/plan missing`: who is open, told to nobody but whoever asked (F16)."""
    await call.answer(*await call.deps.database.read(load_missing, call.who, _named(call), call.deps.clock()))


def _named(call: Call) -> str | None:
    return call.options.get("team")


def load_missing(tx: Session, who: Who, named: str | None, now: datetime) -> tuple[Mrkdwn, list[Block]]:
    """Who of a team has not answered today; raises Stranger and what `team_for` raises."""
    team, today = team_for(tx, actor(tx, who), named, now)
    return run_views.who_is_open(loading.day(tx, team, today, None, now))


async def team_card(call: Call) -> None:
    """`/plan team [when]`: how a day stands, or stood."""
    loading_it = call.deps.database.read(load_team, call.who, call.text, _named(call), call.deps.clock())
    await call.answer(*await loading_it)


def load_team(tx: Session, who: Who, text: str, named: str | None, now: datetime) -> tuple[Mrkdwn, list[Block]]:
    """A team's card of a date, without buttons; raises Stranger and what `team_for` raises."""
    team, today = team_for(tx, actor(tx, who), named, now)
    read = grammar.past(text, today) if text else (today, "")
    if read is None:
        return say("Which day? For example: `/plan team monday` or `/plan team 23 Nov`."), []
    day = loading.day(tx, team, read[0], None, now)
    return run_views.team_day(day, card_views.card(day, team.id, 0)["blocks"])


# The huddle by the clock


async def run(call: Call) -> None:
    """`/plan run`: the sheet of twenty minutes comes into the DM, and its clock starts (F22)."""
    team = await call.deps.database.write(start, call.who, _named(call), call.deps.clock())
    call.deps.wake()
    await call.answer(say("The sheet of *{team}* is in our DM, and its clock runs.", team=team))


def start(tx: Session, who: Who, named: str | None, now: datetime) -> str:
    """Start a team's clock, or start it again, and send the sheet; return the team's name.

    Raises Stranger and what `team_for` raises.
    """
    person = acting(tx, who, now)
    team, today = team_for(tx, person, named, now)
    _start(tx, team, today, person, now)
    return team.name


def _start(tx: Session, team: Team, day: date, person: Person, now: datetime) -> None:
    standing = runs.on(tx, team.id, day)
    held = Run(new_id(), team.workspace, team.id, day, person.id, now, now, None)
    if standing is None:
        values.add(tx, held)
    else:
        held = replace(held, id=standing.id)
        values.save(tx, held)
    _show(tx, held, team, person, None, now)


async def run_from_card(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`Run huddle (20 min)`: the same by one press on the card."""
    press = payloads.press(body)
    work = deps.database.write(start_from_card, UUID(press.value), press.who, deps.clock())
    await answer_press(ack, deps, press, work)


def start_from_card(tx: Session, card_id: UUID, who: Who, now: datetime) -> None:
    """Start the clock of the huddle that a card is of; raises Stranger, Gone or NotAllowed."""
    person = acting(tx, who, now)
    card = huddles.card(tx, card_id)
    team = None if card is None else people.team(tx, card.team_id)
    reader = None if card is None else people.find(tx, card.reader_id)
    if card is None or team is None or reader is None or team.workspace != person.workspace:
        raise Gone
    if person.id != reader.id:
        _require_team(tx, person, team)
    _start(tx, team, card.day, person, now)


def points(day: Day) -> Sequence[Point]:
    """What a team talks about on a date; a blocker is new on the day that it is raised."""
    answered = day.attendance.answered
    new = {who: [blocker for blocker, _ in stuck if blocker.opened_on == day.day] for who, stuck in day.stuck.items()}
    items = {person.id: day.items_of(person) for person in answered}
    worries = {who: stuck[0][1] for who, stuck in day.stuck.items() if stuck}
    return run_sheet.points(oldest_worry_first(answered, items, worries), items, new)


def _show(tx: Session, held: Run, team: Team, reader: Person, pressed: Pressed | None, now: datetime) -> None:
    day = loading.day(tx, team, held.day, None, now)
    body = run_views.sheet(held, day, points(day), reader.zone, now)
    message = Message(new_id(), held.workspace, sheet_key(held), Policy.RESEND, Rank.REPLY, body, now)
    receipts.show(tx, message, reader.slack_id, pressed)


async def end(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """`End`: the clock stops."""
    press = payloads.press(body)
    pressed = Pressed.of(press.who, press.response_url, press.place)
    await answer_press(ack, deps, press, deps.database.write(stop, UUID(press.value), pressed, deps.clock()))


def stop(tx: Session, run_id: UUID, pressed: Pressed, now: datetime) -> None:
    """End a huddle that is being held; ended once, it stays so. Raises Stranger, Gone or NotAllowed."""
    person = acting(tx, pressed.who, now)
    held = runs.find(tx, run_id)
    team = None if held is None else people.team(tx, held.team_id)
    reader = None if held is None else people.find(tx, held.by_id)
    if held is None or team is None or reader is None or held.workspace != person.workspace:
        raise Gone
    if person.id != reader.id:
        _require_team(tx, person, team)
    if held.ended_at is None:
        held = replace(held, ended_at=now)
        values.save(tx, held)
    _show(tx, held, team, reader, pressed, now)


def compose(tx: Session, now: datetime) -> int:
    """Move the clocks of the huddles that are being held, once a minute; end what nobody ended."""
    drawn = 0
    for standing in runs.ticking(tx, now - TICK):
        team, reader = people.team(tx, standing.team_id), people.find(tx, standing.by_id)
        if team is None or reader is None:
            continue
        over = now - standing.started_at >= OVER
        held = replace(standing, drawn_at=now, ended_at=standing.started_at + OVER if over else None)
        values.save(tx, held)
        _show(tx, held, team, reader, None, now)
        drawn += 1
    return drawn


VERBS = (
    Verb("team", "[when]", "shows your team's card of a day", team_card, options=TEAM),
    Verb("run", "", "sends the sheet of a 20-minute huddle and starts its clock", run, options=TEAM),
    Verb("missing", "", "tells you who is open", missing, options=TEAM),
)
