"""`Thank them` and `/cadence win`: winning is contagious, and nobody is named who does not want to be (M10, M20)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import grammar, reviews
from bot.acting import acting
from bot.catalogue import Mrkdwn, as_read, say
from bot.commands import Call, Noun, Verb
from bot.errors import Stranger
from bot.ids import new_id
from bot.payloads import Who
from bot.stoplight import word_views
from rituals import calendar
from rituals import stoplight as rules
from rituals import stoplight_words as words
from rituals.kpis import Colour
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.policy import About, Action, require
from rituals.stoplight import SHOWN, Answered, Review
from rituals.stoplight_greens import Named
from rituals.stoplight_words import Unnamed, Win
from rituals.writing import worded
from storage import kpis, month_plans, outbox, people, stoplight, stoplight_greens, stoplight_words, values
from storage.outbox import Message, Policy, Rank


def streaks(tx: Session, ids: Sequence[UUID], month: Period) -> Mapping[UUID, int]:
    """For how many months in a row each KPI has been green, by its reviews; one without a review before counts 1."""
    rows: dict[UUID, list[Colour]] = {}
    for one in stoplight.reviews_of(tx, ids, month.shifted(1 - SHOWN).first, month.first):
        rows.setdefault(one.kpi_id, []).append(one.colour)
    return {kpi_id: rules.streak(colours) for kpi_id, colours in rows.items()}


def thank(tx: Session, who: Who, day: date, now: datetime) -> int:
    """Thank for every green of one's own that was not thanked for; return how many. Raises NotAllowed.

    A line a channel and day, with the names of owners and of whoever has a share; those without a team channel hear it
    themselves.
    """
    by = acting(tx, who, now)
    require(Action.MONTH_READ, by, About(by.workspace))
    month = reviews.month_of(day)
    mine = stoplight.reviews_in(tx, by.workspace, month.first, [Colour.GREEN], by.id)
    new = [one for one in mine if one.answer is Answered.NONE]
    values.save(tx, *(rules.answer(one, Answered.THANKED, by.id, now) for one in new), was=new)
    month_plans.mark_stale(tx, by.workspace, month.first, [by.id], now)
    _say_thanks(tx, by, new, month, now)
    return len(new)


def _say_thanks(tx: Session, by: Person, new: Sequence[Review], month: Period, now: datetime) -> None:
    known = kpis.some(tx, [one.kpi_id for one in new])
    holders: dict[UUID, set[UUID]] = {kpi.id: {kpi.owner_id} - {None} for kpi in known.values()}  # type: ignore[misc]
    for share in kpis.shares(tx, list(known)):
        holders[share.kpi_id].add(share.person_id)
    holding = people.some(tx, {one for mine in holders.values() for one in mine} - {by.id})
    thanked = {one.id: one for one in holding.values() if one.active}
    silent = stoplight_words.unnamed(tx, list(thanked))
    green_for = streaks(tx, list(known), month)
    channels = {team.id: team.channel for team in people.teams(tx, by.workspace) if not team.archived}
    places: dict[str, list[tuple[str, Sequence[str], int]]] = {}
    for kpi in known.values():
        here: dict[str, list[str]] = {}
        for person in (thanked[one] for one in sorted(holders[kpi.id]) if one in thanked):
            channel = channels.get(person.team_id) if person.team_id and person.id not in silent else None
            here.setdefault(channel or person.slack_id, []).append(person.given_name if channel else "you")
        for place, names in here.items():
            places.setdefault(place, []).append((kpi.name, names, green_for.get(kpi.id, 1)))
    today = calendar.local_day(now, by.zone).isoformat()
    messages = []
    for place, lines in places.items():
        key, body = f"thanks:{place}:{by.id}:{today}", word_views.thanks(by, lines)
        messages.append((Message(new_id(), by.workspace, key, Policy.DROP, Rank.DIGEST, body, now), place))
    outbox.post_many(tx, messages)


# Wins


async def note(call: Call) -> None:
    """`/cadence win @ana text` (F134)."""
    await call.answer(await call.deps.database.write(keep, call.who, call.text, call.deps.clock()))
    call.deps.wake()


def keep(tx: Session, who: Who, text: str, now: datetime) -> Mrkdwn:
    """Keep a win and post it once, where the person's team reads, unless they are not to be named.

    Raises Stranger, NotAllowed or NothingWritten.
    """
    by = acting(tx, who, now)
    require(Action.WIN_NOTE, by, About(by.workspace))
    named = grammar.person(text, who.slack_id)
    if named is None:
        return say("Whose win? For example: `/cadence win @ana closed Beltrán in two weeks`.")
    person = people.find_by_slack(tx, by.workspace, named[0])
    if person is None:
        raise Stranger(who)
    day = calendar.local_day(now, by.zone)
    one = Win(new_id(), by.workspace, person.id, worded(as_read(named[1]), words.LONGEST), by.id, day, now)
    values.add(tx, one)
    team = None if person.team_id is None else people.team(tx, person.team_id)
    public = person.id not in stoplight_words.unnamed(tx, [person.id])
    channel = team.channel if team is not None and public else None
    if channel is not None or person.id != by.id:
        body = word_views.win(one, person, by)
        message = Message(new_id(), by.workspace, f"win:{one.id}", Policy.DROP, Rank.DIGEST, body, now)
        outbox.post(tx, message, channel or person.slack_id)
    return word_views.noted(person, channel, named=public)


async def quiet(call: Call) -> None:
    """`/cadence win off`."""
    await call.answer(await call.deps.database.write(name, call.who, call.deps.clock(), named=False))


async def loud(call: Call) -> None:
    """`/cadence win on`."""
    await call.answer(await call.deps.database.write(name, call.who, call.deps.clock(), named=True))


def name(tx: Session, who: Who, now: datetime, *, named: bool) -> Mrkdwn:
    """Whether somebody is named where others read of wins and thanks; raises Stranger."""
    by = acting(tx, who, now)
    require(Action.WIN_NOTE, by, About(by.workspace))
    silent, loud = stoplight_words.unnamed_one(tx, by.id), stoplight_greens.named_one(tx, by.id)
    wished: type[Named | Unnamed] = Named if named else Unnamed
    standing, other = (loud, silent) if named else (silent, loud)
    if other is not None:
        values.remove(tx, other)
    if standing is None:
        values.add(tx, wished(new_id(), by.workspace, by.id))
    if named:
        return say(
            "You are named in wins and thanks, and where a number of yours turns green. `/cadence win off` ends that."
        )
    return say("You are not named in wins and thanks: they come to you alone. `/cadence win on` ends that.")


WIN = Noun(
    "win",
    (
        Verb("note", "@ana what they did", "posts a win once, and in the month's digest", note, takes_person=True),
        Verb("off", "", "wins and thanks don't name you in public", quiet),
        Verb("on", "", "they do, and so does what a channel hears of your numbers that turn green", loud),
    ),
    own=False,
)
