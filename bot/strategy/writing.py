"""The strategy written, teams asked about it, and what they answer (C12)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.acting import acting, actor
from bot.catalogue import Mrkdwn, count, say
from bot.errors import Gone
from bot.fields import Fields, OnField, on_field
from bot.ids import new_id
from bot.modals import View
from bot.payloads import Who, as_field
from bot.strategy import views
from bot.strategy.views import Answer, Meta
from rituals import calendar, hours
from rituals import strategy as rules
from rituals.budget import Turn
from rituals.people import Person, Team
from rituals.policy import About, Action, about, may, require
from rituals.strategy import MOST_TEAMS, ChoicesOff, ChoiceTooLong, Mark, Strategy, TeamsOff, WrittenMeanwhile
from storage import outbox, people, values
from storage import strategy as kept
from storage.outbox import Message, Policy, Rank


def shown(tx: Session, who: Who, now: datetime) -> Answer:
    """`/cadence strategy`; whoever writes it sees what was heard of each choice."""
    reader = actor(tx, who)
    require(Action.STRATEGY_READ, reader, About(who.workspace))
    writes = may(Action.STRATEGY_WRITE, reader, About(who.workspace))
    strategy = kept.newest(tx, who.workspace)
    writer = None if strategy is None else people.find(tx, strategy.by_id)
    heard = _heard(tx, strategy, reader, now) if strategy is not None and writes else []
    return views.shown(strategy, writer, heard, writes=writes)


def _heard(tx: Session, strategy: Strategy, reader: Person, now: datetime) -> list[Mrkdwn]:
    today = calendar.local_day(now, reader.zone)
    monday = today - timedelta(days=today.weekday())
    citing = rules.cited(kept.citing(tx, strategy.workspace, monday, monday + timedelta(days=6)))
    marks = kept.marks(tx, strategy.id)
    teams = people.some_teams(tx, {mark.team_id for mark in marks})
    numbers = range(1, len(strategy.listed) + 1)
    return [views.heard_of(number, marks, teams, citing.get(number, 0)) for number in numbers]


def _writer(tx: Session, who: Who) -> Person:
    person = actor(tx, who)
    require(Action.STRATEGY_WRITE, person, About(who.workspace))
    return person


def load_write(tx: Session, meta: Meta, who: Who) -> View:
    """The form; raises Stranger or NotAllowed."""
    _writer(tx, who)
    newest = kept.newest(tx, who.workspace)
    version = 0 if newest is None else newest.version
    return views.write_form(meta.model_copy(update={"version": version}), newest)


def write(tx: Session, who: Who, meta: Meta, fields: Fields, now: datetime) -> Mrkdwn:
    """Keep a new edition; the same form again changes nothing. Raises OnField, Stranger or NotAllowed."""
    by = acting(tx, who, now)
    require(Action.STRATEGY_WRITE, by, About(who.workspace))
    said = say("The strategy is written. `Ask three teams…` tells whether it arrived.")
    if kept.find(tx, meta.id) is not None:
        return said
    first, second, choices = (str(as_field(fields, name) or "") for name in ("text", "more", "choices"))
    try:
        text, choices = rules.worded(f"{first.strip()}\n\n{second.strip()}", choices)
    except (ChoicesOff, ChoiceTooLong) as refusal:
        raise OnField("choices", refusal) from refusal
    except rules.StrategyTooLong as refusal:
        raise OnField("text", refusal) from refusal
    made = Strategy(meta.id, who.workspace, meta.version + 1, text, choices, by.id, now)
    values.add(tx, on_field("text", lambda: rules.follows(made, kept.newest(tx, who.workspace))))
    return said


def load_ask(tx: Session, meta: Meta, who: Who) -> View:
    """The form; raises Stranger or NotAllowed."""
    _writer(tx, who)
    return views.ask_form(meta, _teams(tx, who))


def _teams(tx: Session, who: Who) -> list[Team]:
    return [team for team in people.teams(tx, who.workspace) if not team.archived]


def ask(tx: Session, who: Who, meta: Meta, fields: Fields, now: datetime) -> Mrkdwn:
    """Ask everybody on up to three teams, each once an edition. Raises OnField, Gone, Stranger or NotAllowed."""
    by = acting(tx, who, now)
    require(Action.STRATEGY_WRITE, by, About(who.workspace))
    strategy = kept.newest(tx, who.workspace)
    if strategy is None or strategy.id != meta.id:
        raise OnField("teams", WrittenMeanwhile())
    wanted = set(as_field(fields, "teams") or [])
    teams = [team for team in _teams(tx, who) if str(team.id) in wanted]
    if not 1 <= len(teams) <= MOST_TEAMS:
        raise OnField("teams", TeamsOff())
    asked = {mark.person_id for mark in kept.marks(tx, strategy.id)}
    new = [
        (Mark(new_id(), who.workspace, strategy.id, person.id, team.id, now), person)
        for team in teams
        for person in people.roster(tx, team.id)
        if person.id not in asked
    ]
    values.add(tx, *(mark for mark, _ in new))
    outbox.post_many(tx, [_message(strategy, mark, person, now) for mark, person in new])
    return say(
        "{people} are asked. `/cadence strategy` shows what they say.", people=count(len(new), "person", "people")
    )


def _key(mark: Mark) -> str:
    return f"strategy:{mark.id}"


def _message(strategy: Strategy, mark: Mark, to: Person, now: datetime) -> tuple[Message, str]:
    body = views.question(strategy, mark)
    start = hours.opens(to, now)
    message = Message(new_id(), mark.workspace, _key(mark), Policy.RESEND, Rank.DIGEST, body, start, turn=Turn.REST)
    return message, to.slack_id


def answer(tx: Session, who: Who, value: str, now: datetime) -> None:
    """Keep which choice changes somebody's week; raises Gone, Stranger or NotAllowed."""
    by = acting(tx, who, now)
    mark_id, _, choice = value.partition(":")
    mark = kept.mark(tx, UUID(mark_id))
    owner = None if mark is None else people.find(tx, mark.person_id)
    strategy = None if mark is None else kept.find(tx, mark.strategy_id)
    if mark is None or owner is None or strategy is None or mark.workspace != who.workspace:
        raise Gone
    require(Action.STRATEGY_MARK, by, about(owner))
    marked = rules.answered(mark, int(choice) if choice.isdecimal() else 0, strategy, now)
    if marked.choice != mark.choice:
        values.save(tx, marked, was=[mark])
        key, body = _key(mark), views.question(strategy, marked)
        shown_again = Message(new_id(), mark.workspace, f"edit:{key}", Policy.RESEND, Rank.REPLY, body, now)
        outbox.edit(tx, shown_again, key)
