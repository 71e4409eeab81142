"""A decision captured where it happens: by a command, from a message, from a blocker, a KPI or a weekly (F65).

Other parts open the form, prefilled, with `handlers.open_capture(deps, press, Origin(…))`, or capture without a form,
inside a transaction of theirs, with `capture(tx, author, Idea(…), now)`.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import blocks
from bot.acting import acting, actor
from bot.catalogue import Mrkdwn, plain
from bot.decisions import clock, loading
from bot.decisions.capture_views import Origin, capture_form, captured
from bot.fields import Fields, Missing, OnField
from bot.ids import new_id
from bot.payloads import Who, as_field
from rituals import decisions as rules
from rituals.decisions import LETTER, Decision, Idea, Settled, State
from rituals.decisions_clock import CARDED
from rituals.people import Person
from rituals.policy import About, Action, require
from storage import blockers, decisions, values


def capture(tx: Session, author: Person, idea: Idea, now: datetime, decision_id: UUID | None = None) -> Decision:
    """Keep a draft with the next number and start its clock; the same id twice captures once.

    For any part, in a transaction that has begun an act. Raises NothingCaptured, or Settled for reviving what lives.
    """
    wanted = decision_id or new_id()
    known = decisions.find(tx, wanted)
    if known is not None:
        return known
    number = blockers.next_number(tx, author.workspace, LETTER)
    decision = rules.capture(idea, number, author, wanted, now)
    decisions.write(tx, decision, loading.act("captured", author, now), was=None)
    clock.schedule(tx, decision, author.zone)
    stuck = None if idea.blocker_id is None else blockers.find(tx, idea.blocker_id, lock=True)
    if stuck is not None:
        # A blocker that has a decision may be said again (F34).
        values.save(tx, replace(stuck, decision_id=decision.id), was=[stuck])
    return decision


def load_form(tx: Session, who: Who, origin: Origin) -> blocks.Block:
    """The form, for whoever is on the roster; raises Stranger or NotAllowed."""
    require(Action.DECISION_CAPTURE, actor(tx, who), About(who.workspace))
    return capture_form(origin)


def revived(tx: Session, who: Who, decision_id: UUID, now: datetime) -> Origin:
    """Where a new decision comes from that takes up a killed one; raises NotAllowed or Settled."""
    killed = loading.of_id(tx, who.workspace, decision_id)
    loading.require_read(tx, actor(tx, who), killed, now)
    if killed.state is not State.KILLED:
        raise Settled(killed)
    heading = plain("{label} {title}, anew", label=killed.label, title=killed.title)
    return Origin(id=new_id(), heading=heading, title=killed.title, revives_id=killed.id)


def submit(tx: Session, who: Who, origin: Origin, fields: Fields, now: datetime) -> Mrkdwn:
    """The form was sent: capture. Raises OnField, Stranger or NotAllowed."""
    author = acting(tx, who, now)
    require(Action.DECISION_CAPTURE, author, About(who.workspace))
    chosen, instead, because = (_said(fields, name) for name in ("chosen", "instead", "because"))
    revives = None if origin.revives_id is None else loading.of_id(tx, who.workspace, origin.revives_id)
    if revives is not None:
        loading.require_read(tx, author, revives, now)
    idea = Idea(
        title=origin.title,
        context=origin.context,
        chosen=chosen,
        instead=instead,
        because=because,
        source=origin.source,
        blocker_id=origin.blocker_id,
        kpi_id=origin.kpi_id,
        revives=revives,
    )
    decision = capture(tx, author, idea, now, origin.id)
    return captured(decision, blocks.day_and_time(decision.clock_from + CARDED, author.zone))


def _said(fields: Fields, name: str) -> str:
    words = str(as_field(fields, name) or "")
    if not words.strip():
        raise OnField(name, Missing())
    return words
