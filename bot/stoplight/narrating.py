"""A function's head says in their own words how the month went (M12, F64)."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import reviews
from bot.acting import acting, actor
from bot.commands import Call
from bot.errors import Gone
from bot.fields import Fields, on_field
from bot.ids import new_id
from bot.modals import View, show_form
from bot.payloads import Who, as_field
from bot.stoplight import word_views
from bot.stoplight.one_views import Walk
from bot.stoplight.sentences import HeadsNothing
from rituals.kpis import Function
from rituals.people import Person
from rituals.policy import About, Action, require
from rituals.stoplight_words import Narrative, narrated
from storage import kpis, month_plans, people, stoplight_words, values


async def tell(call: Call) -> None:
    """`/stoplight tell [Marketing]`: the form of a narrative."""
    walk = await call.deps.database.read(chosen, call.who, call.text, call.deps.clock())
    await call.accept()
    given = walk.model_copy(update={"response_url": call.response_url})
    await show_form(call.deps, call, "Narrative", call.deps.database.read(load_form, call.who, given))


def chosen(tx: Session, who: Who, text: str, now: datetime) -> Walk:
    """Which function somebody writes for: the named one, else the one that they head. Raises HeadsNothing."""
    reader = actor(tx, who)
    functions = kpis.functions(tx, who.workspace)
    named = [one for one in functions if one.name.casefold() == text.casefold()]
    mine = named or [one for one in functions if one.head_id == reader.id and not text]
    if not mine:
        raise HeadsNothing([one.name for one in functions])
    return Walk(month=reviews.month_before_of(reader, now).first, id=mine[0].id)


def _function(tx: Session, by: Person, walk: Walk) -> Function:
    """The function of a narrative that somebody may write; raises Gone or NotAllowed."""
    function = None if walk.id is None else kpis.function(tx, walk.id)
    if function is None or function.workspace != by.workspace:
        raise Gone
    head = None if function.head_id is None else people.find(tx, function.head_id)
    require(Action.NARRATE, by, About(by.workspace, head=head))
    return function


def load_form(tx: Session, who: Who, walk: Walk) -> View:
    """The form, with what was said already; raises Gone or NotAllowed."""
    function = _function(tx, actor(tx, who), walk)
    before = stoplight_words.narrative(tx, function.id, walk.month)
    return word_views.narrate_form(walk, function, reviews.month_of(walk.month), before)


def submit(tx: Session, who: Who, walk: Walk, fields: Fields, now: datetime) -> tuple[Function, Narrative]:
    """Keep a narrative; raises OnField, Gone or NotAllowed."""
    by = acting(tx, who, now)
    function = _function(tx, by, walk)
    said = [as_field(fields, name) or "" for name, _ in word_views.ASKED]
    on_track, risks, systemic = on_field("on_track", lambda: narrated(*said))
    before = stoplight_words.narrative(tx, function.id, walk.month)
    kept = Narrative(
        id=new_id() if before is None else before.id,
        workspace=by.workspace,
        function_id=function.id,
        month=walk.month,
        on_track=on_track,
        risks=risks,
        systemic=systemic,
        by_id=by.id,
        at=now,
    )
    if before is None:
        values.add(tx, kept)
    else:
        values.save(tx, kept, was=[before])
    month_plans.mark_stale(tx, by.workspace, walk.month, [function.head_id], now)
    return function, kept
