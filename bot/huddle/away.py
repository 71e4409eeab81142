"""Days away, for oneself and by one's manager: `/plan away`, its form, `/plan back` (F87)."""

from datetime import date, datetime
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import grammar, payloads
from bot.acting import acting, actor
from bot.blocks import cut
from bot.catalogue import Mrkdwn, as_read, plain, say
from bot.commands import Call
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Stranger, answer_form, tell
from bot.huddle import away_views as views
from bot.huddle.away_views import LONGEST_REASON, AwayForm, AwayMeta
from bot.huddle.leave import planned_anew, went_away
from bot.ids import new_id
from bot.modals import View, open_form
from bot.payloads import Who
from bot.standing import standing
from rituals import absences, calendar
from rituals.absences import BadDays
from rituals.people import Absence, Part, Person, Role
from rituals.policy import Action, require
from rituals.refusals import Refusal
from storage import calendars, people

WITHOUT_A_REASON = "away"


def register(doors: Doors) -> None:
    """The form."""
    doors.view(views.SUBMIT)(submit)


async def away(call: Call) -> None:
    """`/plan away [@person] span [morning|afternoon] [reason]`; without anything a form."""
    if call.text:
        await call.answer(await call.deps.database.write(go_away, call.who, call.text, call.deps.clock()))
        call.deps.wake()
        return
    await call.accept()
    await open_away(call.deps, call.who, call.trigger_id, call.response_url)


async def open_away(deps: Deps, who: Who, trigger_id: str, response_url: str | None) -> None:
    """Open the form, from the command or behind a prompt's ⋯."""
    meta = AwayMeta(response_url=response_url)

    async def expired(words: str) -> None:
        await tell(deps, response_url, plain("{words} Type the command again: /plan away.", words=words))

    await open_form(deps, trigger_id, "Away", deps.database.read(load, meta, who, deps.clock()), expired)


def load(tx: Session, meta: AwayMeta, who: Who, now: datetime) -> View:
    """The form; raises Stranger."""
    person = actor(tx, who)
    others = person.role is not Role.REP or person.has(Role.ADMIN)
    return views.away_form(meta, person, calendar.local_day(now, person.zone), for_others=others)


async def submit(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
    """The form was sent: what was kept is said where the command was typed."""
    sent = payloads.submission(body)
    said: list[Mrkdwn] = []
    form = AwayForm.parse(sent.view.fields)

    async def work() -> None:
        said.append(await deps.database.write(from_form, form, sent.who, deps.clock()))

    await answer_form(ack, deps, sent.view, work(), _field)
    if said:
        await tell(deps, AwayMeta.model_validate_json(sent.view.metadata).response_url, said[0])


def _field(refusal: Refusal) -> str:
    return "last" if isinstance(refusal, BadDays) else "first"


def from_form(tx: Session, form: AwayForm, who: Who, now: datetime) -> Mrkdwn:
    """Keep what the form says; raises BadDays, AlreadyAway, Stranger or NotAllowed."""
    by = acting(tx, who, now)
    absent = _absent(tx, by, who, form.who or who.slack_id, now)
    first = form.first or calendar.local_day(now, absent.zone)
    return _keep(tx, by, absent, (first, form.last or first), (form.part, form.reason), now)


def go_away(tx: Session, who: Who, text: str, now: datetime) -> Mrkdwn:
    """Write an absence and say it back with weekdays; words that name no days change nothing.

    Raises AlreadyAway, Stranger or NotAllowed.
    """
    by = acting(tx, who, now)
    named = grammar.person(text, who.slack_id)
    absent = by if named is None else _absent(tx, by, who, named[0], now)
    today = calendar.local_day(now, absent.zone)
    read = grammar.span(text if named is None else named[1], today)
    if read is None:
        return say("From when until when? For example: `/plan away 3 Dec - 7 Dec holiday`. Nothing changed.")
    span, rest = read
    try:
        absences.require_days(span.first, span.last, today)
    except BadDays:
        days = views.span(span.first, span.last)
        return say("I read {days}. That is in the past or longer than a year. Nothing changed.", days=days)
    word, _, reason = rest.partition(" ")
    part = next((part for part in Part if part == word.lower() and part is not Part.WHOLE), None)
    how = (Part.WHOLE, as_read(rest)) if part is None else (part, as_read(reason))
    return _keep(tx, by, absent, (span.first, span.last), how, now)


def _absent(tx: Session, by: Person, who: Who, slack_id: str, now: datetime) -> Person:
    """Whose absence it is; raises Stranger or NotAllowed."""
    absent = by if slack_id == who.slack_id else people.find_by_slack(tx, who.workspace, slack_id)
    if absent is None:
        raise Stranger(who)
    require(Action.ABSENCE, by, standing(tx, absent, now).about)
    return absent


def _keep(
    tx: Session, by: Person, absent: Person, days: tuple[date, date], how: tuple[Part, str], now: datetime
) -> Mrkdwn:
    today = calendar.local_day(now, absent.zone)
    absences.require_days(*days, today)
    part, reason = how
    said = cut(reason.strip(), LONGEST_REASON) or WITHOUT_A_REASON
    new = Absence(new_id(), absent.workspace, absent.id, *days, said, part)
    # The person's row is held: the same words sent twice at once are one absence.
    people.find(tx, absent.id, lock=True)
    joined = absences.join(absent, calendars.absences_of(tx, [absent.id], today), new)
    calendars.keep(tx, joined)
    went_away(tx, absent, joined.kept, now)
    return views.kept(joined.kept, absent, own=absent.id == by.id)


async def back(call: Call) -> None:
    """`/plan back [@person]`: the absence that runs now ends, and those to come are forgotten."""
    await call.answer(await call.deps.database.write(come_back, call.who, call.text, call.deps.clock()))
    call.deps.wake()


def come_back(tx: Session, who: Who, text: str, now: datetime) -> Mrkdwn:
    """End somebody's absences from today on, one's own without a name. Raises Stranger or NotAllowed."""
    by = acting(tx, who, now)
    named = grammar.person(text, who.slack_id)
    if text and named is None:
        return say("Who is back? For example: `/plan back @ana`; alone it is yourself. Nothing changed.")
    person = by if named is None else _absent(tx, by, who, named[0], now)
    today = calendar.local_day(now, person.zone)
    ended = calendars.end_absences(tx, person.id, today, now)
    if ended:
        planned_anew(tx, person, today, now)
    if person.id != by.id:
        told = "{who} is asked again from now on." if ended else "{who} was not away. Nothing changed."
        return say(told, who=person.given_name)
    if not ended:
        return say("You were not away. Nothing changed.")
    return say("Welcome back. You are asked again from now on; `/plan` opens today's form.")
