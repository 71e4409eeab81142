"""A leaver's open items: offered to whoever is above them in one list, each taken or given away once (F91)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bot import keys
from bot.acting import acting, actor
from bot.blockers import acts
from bot.catalogue import plain
from bot.decisions import ending
from bot.errors import Gone
from bot.huddle import loading
from bot.ids import new_id
from bot.payloads import Who
from bot.people import leaving_views
from bot.people.leaving_views import GiveMeta, Listed
from bot.standing import standing
from rituals import hours
from rituals.actions import handed_on
from rituals.budget import Turn
from rituals.handover import AlreadyGiven, Handover, Kind, Left, require_here
from rituals.people import Person, Role, first_present, require_no_loop, responder
from rituals.plans import Outcome, Settled, settle
from rituals.policy import Action, require
from storage import actions, blockers, decisions, directory, kpis, outbox, people, plans, values
from storage.outbox import Message, Policy, Rank


def key_of(leaver: Person) -> str:
    """Outbox key of the list about somebody who left; whoever returns and leaves again gets a new one."""
    return f"leaver:{leaver.id}:{leaver.left_on}"


def left_open(tx: Session, leaver: Person) -> list[Left]:
    """What is somebody's and open: blockers, a plan, actions, KPIs, decisions, teams, people who answer to them."""
    found = [Left(Kind.BLOCKER, b.id, f"{b.label} {b.text}", "open blocker") for b in blockers.held_by(tx, leaver.id)]
    plan = None if leaver.left_on is None else plans.find_on(tx, leaver.id, leaver.left_on)
    results = [] if plan is None else loading.still_open(plans.items(tx, [plan.id])[plan.id])
    if plan is not None and results:
        texts = "; ".join(item.text for item in results)
        found.append(Left(Kind.PLAN, plan.id, texts, "planned for that day"))
    found += [Left(Kind.ACTION, a.id, a.text, "owed") for a in actions.owned_by(tx, [leaver.id])]
    found += [Left(Kind.KPI, k.id, f"{k.label} {k.name}", "KPI to own") for k in kpis.owned_by(tx, leaver.id)]
    memos = decisions.left_open(tx, leaver.id)
    found += [Left(Kind.DECISION, d.id, f"{d.label} {d.title}", "decision to own") for d in memos]
    found += [Left(Kind.TEAM, team.id, team.name, "team to manage") for team in people.managed_by(tx, [leaver.id])]
    reports = people.reports_of(tx, leaver.id)
    if reports:
        names = ", ".join(person.name for person in reports)
        found.append(Left(Kind.REPORTS, leaver.id, names, "answered to them"))
    return found


def heir(tx: Session, leaver: Person, now: datetime) -> Person | None:
    """Who is offered what somebody left: the nearest above who is here, or their deputy; else an admin (F90)."""
    stands = standing(tx, leaver, now)
    above = responder(stands.person, stands.line, stands.away)
    admins = directory.with_role(tx, leaver.workspace, Role.ADMIN)
    return above or first_present(admins, {}, stands.away) or next(iter(admins), None)


def offer(tx: Session, leaver: Person, now: datetime) -> None:
    """Send the one list about what a leaver left open, if anything is."""
    items = left_open(tx, leaver)
    reader = heir(tx, leaver, now) if items else None
    if reader is None:
        return
    body = leaving_views.offered(leaver, [Listed(item, None) for item in items])
    at = hours.opens(reader, now)
    message = Message(new_id(), leaver.workspace, key_of(leaver), Policy.RESEND, Rank.DIGEST, body, at, turn=Turn.REST)
    outbox.post(tx, message, reader.slack_id)


def listed(tx: Session, leaver: Person) -> list[Listed]:
    """All of a leaver's list: what was given, to whom, then what is open still."""
    given = directory.handovers(tx, leaver.id)
    to = people.some(tx, {one.to_id for one in given})
    done = [Listed(_given(tx, leaver, one), to[one.to_id]) for one in given]
    return done + [Listed(item, None) for item in left_open(tx, leaver)]


_NAMED: Mapping[Kind, tuple[Callable[[Session, UUID], Any], str]] = {
    Kind.BLOCKER: (blockers.find, "{0.label} {0.text}"),
    Kind.ACTION: (actions.find, "{0.text}"),
    Kind.KPI: (kpis.find, "{0.label} {0.name}"),
    Kind.DECISION: (decisions.find, "{0.label} {0.title}"),
    Kind.TEAM: (people.team, "{0.name}"),
}
"""How each kind is found again, and what it is called."""


def _given(tx: Session, leaver: Person, one: Handover) -> Left:
    if one.kind in _NAMED:
        find, words = _NAMED[one.kind]
        found = find(tx, one.subject_id)
        return Left(one.kind, one.subject_id, "" if found is None else words.format(found), "")
    if one.kind is Kind.PLAN:
        return Left(one.kind, one.subject_id, plain("{who}'s plan of that day", who=leaver.given_name), "")
    return Left(one.kind, one.subject_id, plain("The people who answered to {who}", who=leaver.given_name), "")


def load_give(tx: Session, meta: GiveMeta, who: Who, now: datetime) -> dict[str, object]:
    """The form that asks to whom; raises Stranger, Gone, NotAllowed or AlreadyGiven."""
    leaver = _leaver(tx, meta.leaver, who)
    stands = standing(tx, leaver, now)
    require(Action.HANDOVER, actor(tx, who), stands.about)
    return leaving_views.give_form(meta, leaver, _still(tx, leaver, meta.kind, meta.subject))


def hand_over(tx: Session, meta: GiveMeta, who: Who, to_slack_id: str | None, now: datetime) -> None:
    """Give one open thing of a leaver to somebody, to the one who presses without a name; the list shows it.

    Raises Stranger, Gone, NotAllowed, NotHere, or AlreadyGiven when somebody was faster.
    """
    by = acting(tx, who, now)
    leaver = _leaver(tx, meta.leaver, who, lock=True)
    require(Action.HANDOVER, by, standing(tx, leaver, now).about)
    to = by if to_slack_id is None else people.find_by_slack(tx, who.workspace, to_slack_id)
    if to is None:
        raise Gone
    require_here(to)
    item = _still(tx, leaver, meta.kind, meta.subject)
    _give(tx, leaver, item, to, by, now)
    made = Handover(new_id(), leaver.workspace, leaver.id, item.kind, item.subject_id, to.id, by.id, now)
    values.add(tx, made)
    key = key_of(leaver)
    body = leaving_views.offered(leaver, listed(tx, leaver))
    shown = Message(new_id(), leaver.workspace, keys.edit_key(key), Policy.RESEND, Rank.REPLY, body, now)
    outbox.edit(tx, shown, key, response_url=meta.response_url, response_until=meta.response_until)


def _leaver(tx: Session, leaver_id: UUID, who: Who, *, lock: bool = False) -> Person:
    leaver = people.find(tx, leaver_id, lock=lock)
    if leaver is None or leaver.active or leaver.workspace != who.workspace:
        raise Gone
    return leaver


def _still(tx: Session, leaver: Person, kind: Kind, subject: UUID) -> Left:
    found = next((one for one in left_open(tx, leaver) if (one.kind, one.subject_id) == (kind, subject)), None)
    if found is not None:
        return found
    for one in directory.handovers(tx, leaver.id):
        to = people.find(tx, one.to_id) if (one.kind, one.subject_id) == (kind, subject) else None
        if to is not None:
            raise AlreadyGiven(to)
    raise Gone


def _give(tx: Session, leaver: Person, item: Left, to: Person, by: Person, now: datetime) -> None:
    match item.kind:
        case Kind.BLOCKER:
            acts.hand_on(tx, item.subject_id, to, by, now)
        case Kind.PLAN:
            results = loading.still_open(plans.items(tx, [item.subject_id])[item.subject_id])
            why = plain("{who} left; {to} has it", who=leaver.given_name, to=to.given_name)
            values.save(tx, *settle(results, [Settled(one.id, Outcome.DROPPED, why) for one in results]))
        case Kind.ACTION:
            action = actions.find(tx, item.subject_id, lock=True)
            values.save(tx, *([] if action is None else [handed_on(action, to)]))
        case Kind.KPI:
            kpi = kpis.find(tx, item.subject_id)
            values.save(tx, *([] if kpi is None else [replace(kpi, owner_id=to.id)]))
        case Kind.DECISION:
            ending.hand_on(tx, item.subject_id, to, by, now)
        case Kind.TEAM:
            team = people.team(tx, item.subject_id, lock=True)
            if team is not None:
                people.change_team(tx, replace(team, manager_id=to.id), now)
        case Kind.REPORTS:
            _give_reports(tx, leaver, to, now)


def _give_reports(tx: Session, leaver: Person, to: Person, now: datetime) -> None:
    """Whoever takes over colleagues answers to the next one up themselves. Raises Loop."""
    line = people.lines_above(tx, [to])
    for report in people.reports_of(tx, leaver.id):
        above = leaver.manager_id if report.id == to.id else to.id
        if report.id != to.id:
            require_no_loop(report, replace(to, manager_id=None) if to.manager_id == leaver.id else to, line)
        held = people.find(tx, report.id, lock=True)
        if held is not None:
            people.change(tx, replace(held, manager_id=above), now)
