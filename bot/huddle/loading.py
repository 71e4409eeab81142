"""Reading what a huddle's views show. The number of queries does not grow with the number of people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy.orm import Session

from bot import keys
from bot.blockers.loading import book as blocker_book
from bot.errors import Gone
from bot.huddle import card_views, talking
from bot.huddle.card_views import Day, Undoable
from bot.huddle.returning import returned
from bot.huddle.views import Ask, Frame
from rituals import calendar, snooze
from rituals import huddle as rules
from rituals.attendance import attendance
from rituals.blockers import Blocker
from rituals.calendar import DaysOff
from rituals.huddle import Huddle
from rituals.people import Person, Team, responder, with_manager
from rituals.plans import Answer, Item, Outcome, Plan, PlanState
from rituals.policy import About, about
from rituals.undo import UNDO_FOR
from storage import (
    audit,
    blockers,
    calendars,
    directory,
    huddles,
    kpis,
    moods,
    outbox,
    people,
    plans,
    pulse,
    questions,
    team_questions,
    values,
)
from storage.plans import Written


def written(tx: Session, plan_id: UUID, workspace: str, *, lock: bool = False) -> Written:
    """A plan of this workspace and whose it is; `lock` makes others who would change it wait. Raises Gone."""
    found = plans.written(tx, plan_id, lock=lock)
    if found is None or found.plan.workspace != workspace:
        raise Gone
    return found


def plan_of(tx: Session, plan_id: UUID, workspace: str, *, lock: bool = False) -> tuple[Plan, Person]:
    """The same: the plan and its writer."""
    found = written(tx, plan_id, workspace, lock=lock)
    return found.plan, found.person


def team_of(tx: Session, person: Person) -> tuple[Team, Huddle]:
    """A person's team and its huddle; raises Gone when there is none."""
    team = None if person.team_id is None else people.team(tx, person.team_id)
    if team is None:
        raise Gone
    return team, huddle_of(tx, team)


def huddle_of(tx: Session, team: Team) -> Huddle:
    """A team's huddle; raises Gone when there is none."""
    huddle = huddles.of_team(tx, team.id)
    if huddle is None:
        raise Gone
    return huddle


def team_of_plan(tx: Session, plan: Plan) -> tuple[Team, Huddle]:
    """The team whose day a plan belongs to, also after its writer has moved to another; raises Gone."""
    team = people.team(tx, plan.team_id)
    if team is None:
        raise Gone
    return team, huddle_of(tx, team)


def about_plan(tx: Session, plan: Plan, rep: Person, now: datetime) -> About:
    """A plan as what is acted on; raises Gone.

    Above its writer stand those of the team whose day it is, with the deputies of whoever was off when the card came,
    or is off now (F90); beside them those with a dotted line to the writer (F92).
    """
    team, huddle = team_of_plan(tx, plan)
    asked = with_manager(rep, team)
    line = people.lines_above(tx, [asked])
    off_duty = off(tx, line.values(), plan.day, huddle.card_at, now)
    dotted = people.some(tx, [one.manager_id for one in directory.dotted_from(tx, rep.id)])
    return replace(about(asked, line, off_duty), dotted=tuple(dotted.values()))


def _at(day: date, wall: time, zone: str) -> datetime:
    # A date that a zone skipped has no huddle; the fallback only keeps a line from having no time at all.
    return calendar.instant(day, wall, zone) or datetime.combine(day, wall, UTC)


def away(tx: Session, some: Iterable[Person], day: date, at: time) -> Mapping[UUID, date]:
    """Who of some people of one workspace has the day off at a wall time, and their last date off."""
    asked = list(some)
    if not asked:
        return {}
    days_off = calendars.days_off(tx, asked[0].workspace, [person.id for person in asked], day, day)
    return away_on(days_off, asked, day, at)


def away_on(days_off: DaysOff, some: Iterable[Person], day: date, at: time) -> Mapping[UUID, date]:
    """The same, from the days off that were loaded for many."""
    return {person.id: days_off.until(person, day) for person in some if days_off.on(person, day, at)}


def off(tx: Session, some: Iterable[Person], day: date, at: time, now: datetime) -> set[UUID]:
    """Who of some people of one workspace was off at a wall time of a date, or is off now."""
    asked = list(some)
    if not asked:
        return set()
    days = [day, *(calendar.local_day(now, person.zone) for person in asked)]
    days_off = calendars.days_off(tx, asked[0].workspace, [person.id for person in asked], min(days), max(days))
    return {person.id for person in asked if days_off.on(person, day, at) or days_off.at(person, now)}


def reader(tx: Session, huddle: Huddle, team: Team, day: date, at: time | None = None) -> Person | None:
    """Who gets a team's card of a date, or what comes `at` another time; None when the team has no manager."""
    manager = None if team.manager_id is None else people.find(tx, team.manager_id)
    if manager is None:
        return None
    # Whoever would answer to the manager: above them stand the manager, those above, and the deputies of each.
    line = people.lines_above(tx, [replace(manager, manager_id=manager.id)])
    days_off = calendars.days_off(tx, team.workspace, line, day, day)
    return rules.reader(huddle, team, line, day, days_off, at)


def frame(
    huddle: Huddle, person: Person, line: Mapping[UUID, Person], off: Mapping[UUID, date], day: date, now: datetime
) -> Frame:
    """Who answers a person on a date, and when things happen.

    `off` is what `away` says of the line at the card's time.
    """
    answers = responder(person, line, set(off))
    direct = line.get(person.manager_id) if person.manager_id else None
    last = off.get(direct.id) if direct is not None and answers is not None and direct.id != answers.id else None
    # The card goes by the manager's wall clock, also when somebody stands in who lives elsewhere.
    zone = direct.zone if direct is not None else person.zone
    card = _at(day, huddle.card_at, zone)
    return Frame(
        answers=answers,
        instead_of=(direct, last) if direct is not None and last is not None else None,
        closes=rules.cut_off(huddle, person.zone, day) or _at(day, huddle.closes_at, person.zone),
        reminds=_at(day, huddle.reminds_at, person.zone),
        card=card,
        meets=_at(day, huddle.meets_at, zone),
        has_run=now >= card,
    )


def aged(
    tx: Session, found: Sequence[Blocker], some: Mapping[UUID, Person], day: date
) -> Mapping[UUID, Sequence[tuple[Blocker, int]]]:
    """Blockers by who reported them, each with its age in that person's working days; a holiday is none (F28)."""
    if not found:
        return {}
    reporters, first = {one.reporter_id for one in found}, min(one.opened_on for one in found)
    days_off = calendars.days_off(tx, found[0].workspace, reporters, first, day)
    grouped: dict[UUID, list[tuple[Blocker, int]]] = {}
    for one in found:
        age = days_off.worked(some[one.reporter_id], one.opened_on, day)
        grouped.setdefault(one.reporter_id, []).append((one, age))
    return grouped


def asks(
    tx: Session, huddle: Huddle, team: Team, some: Mapping[UUID, Person], wanted: Mapping[UUID, Plan], now: datetime
) -> Mapping[UUID, Ask]:
    """What the prompts of one team and date show, by person: `wanted` are the plans of `some` by person."""
    day = next(iter(wanted.values())).day
    asked = {person: with_manager(some[person], team) for person in wanted}
    line = people.lines_above(tx, asked.values())
    everybody = {**line, **asked}
    off = away(tx, line.values(), day, huddle.card_at)
    known = kpis.of_team(tx, team.workspace, team.id, retired=True)
    last = plans.last_filed(tx, wanted, day)
    items = plans.items(tx, [plan.id for plan in last.values()])
    stuck = aged(tx, blockers.open_of(tx, wanted), asked, day)
    outage = pulse.last_outage(tx, team.workspace)
    back = returned(tx, asked, day)
    frames: dict[tuple[UUID | None, str, UUID | None], Frame] = {}
    found = {}
    for person_id, plan in wanted.items():
        person = asked[person_id]
        previous = last.get(person_id)
        late_by = rules.late_by(huddle, person, day, now)
        # The same for all whom one manager answers in one zone, but for those who stand above somebody themselves.
        alike = (person.manager_id, person.zone, person_id if person_id in line else None)
        if alike not in frames:
            frames[alike] = frame(huddle, person, everybody, off, day, now)
        framed = frames[alike]
        found[person_id] = Ask(
            plan=plan,
            person=person,
            frame=framed,
            last=previous,
            planned=len(items[previous.id]) if previous else 0,
            open_items=still_open(items[previous.id]) if previous else (),
            kpis=known,
            stuck=stuck.get(person_id, ()),
            late_by=late_by,
            moved=back.get(person_id),
            down=outage if outage is not None and outage.explains(now - late_by, now) else None,
            snoozes=snooze.offered(person, now, framed.closes),
        )
    return found


def still_open(items: Sequence[Item]) -> list[Item]:
    """What of a plan is neither done, carried nor dropped."""
    return [item for item in items if item.outcome is Outcome.OPEN]


def day(tx: Session, team: Team, on: date, reader: Person | None, now: datetime) -> Day:
    """A team's huddle on a date, for its card and its post."""
    huddle = huddle_of(tx, team)
    found = plans.of_team(tx, team.id, on)
    roster = people.roster_on(tx, team.id, on, found)
    off = away(tx, roster, on, huddle.asks_at)
    items = plans.items(tx, [plan.id for plan in found.values() if plan.state is PlanState.FILED])
    live = blockers.open_of(tx, [person.id for person in roster])
    shelf = None if reader is None or not live else blocker_book(tx, live, now)
    standing = [item for listed in items.values() for item in listed]
    return Day(
        team=team,
        day=on,
        reader_id=None if reader is None else reader.id,
        reader_is_stand_in=reader is not None and reader.id != team.manager_id,
        attendance=attendance(huddle, roster, found, off, on, now),
        plans=found,
        items=items,
        redirects=plans.redirects(tx, [item.id for item in standing]),
        kpis=kpis.readings(tx, kpis.of_team(tx, team.workspace, team.id, retired=True).values(), on),
        stuck=aged(tx, live, {person.id: person for person in roster}, on),
        undoable=None if reader is None else undoable(tx, reader, list(found.values()), standing, now),
        questions=questions.of_plans(tx, [plan.id for plan in found.values()]),
        asked=team_questions.of_plans(tx, [plan.id for plan in found.values()]),
        mood=moods.last_before(tx, team.id, on),
        unspoken=talking.unspoken(tx, team, roster, off, reader, on),
        posted=outbox.state_of(tx, team.workspace, keys.post_key(team.id, on)) is not None,
        blockers={} if shelf is None else {blocker.id: shelf.shown(blocker, reader) for blocker in live},
    )


def undoable(
    tx: Session, reader: Person, shown: Sequence[Plan], items: Sequence[Item], now: datetime
) -> Undoable | None:
    """The newest agreement on a card that its reader can still take back."""
    agreed = {item.id: item.plan_id for item in items if item.answer is Answer.AGREED}
    if not agreed:
        return None
    writers = {plan.id: plan.person_id for plan in shown}
    latest: dict[UUID, set[UUID]] = {}
    for entry in audit.by_actor(tx, reader.workspace, reader.id, card_views.AGREEMENTS, now - UNDO_FOR):
        if entry.subject in agreed:
            latest.setdefault(entry.act.id, set()).add(writers[agreed[entry.subject]])
    if not latest:
        return None
    act_id, people_agreed = list(latest.items())[-1]
    return Undoable(act_id, frozenset(people_agreed))


def agreed(tx: Session, plan: Plan) -> int:
    """How many results of a plan the manager has agreed to."""
    return sum(item.answer is Answer.AGREED for item in plans.items(tx, [plan.id])[plan.id])


def owner(tx: Session, key: str) -> Person | None:
    """Who must know when a message of the huddle can't be delivered: the reader of a card, the manager of a team."""
    kind, _, subject = key.partition(":")
    if kind in {"owed", "dotted"}:
        shown = huddles.in_message(tx, key)
        return people.find(tx, shown[0].reader_id) if shown else None
    if kind == "card":
        card = huddles.card(tx, UUID(subject))
        return None if card is None else people.find(tx, card.reader_id)
    if kind == "post":
        team = people.team(tx, UUID(subject.partition(":")[0]))
        return None if team is None or team.manager_id is None else people.find(tx, team.manager_id)
    return None


def rehome(tx: Session, key: str, channel: str) -> None:
    """Have a team post to another channel from now on (F104)."""
    kind, _, subject = key.partition(":")
    team = people.team(tx, UUID(subject.partition(":")[0])) if kind == "post" else None
    if team is not None:
        values.save(tx, replace(team, channel=channel))
