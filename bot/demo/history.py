"""Three weeks of believable plans, and the company behind them, written into an empty database."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.demo import company, month, numbers, weekly
from bot.ids import new_id
from rituals import blockers_life as life
from rituals import calendar
from rituals.absences import ExcusingWord
from rituals.blockers import Blocker, BlockerState
from rituals.huddle import Huddle
from rituals.kpis import Kpi
from rituals.people import Absence, Part, Person, Role, Team, works_on
from rituals.plans import Answer, Item, Outcome, Plan, PlanState
from storage.tables import Counters
from storage.values import add

WEEKS = timedelta(weeks=3)
RESULTS_A_DAY = 3


def fill(tx: Session, start: datetime) -> None:
    """Write the company as it stands at `start`, the demo's first morning."""
    teams = {name: Team(new_id(), company.WORKSPACE, name, None, channel) for name, channel in company.CHANNELS.items()}
    people: dict[str, Person] = {}
    for employee in company.EMPLOYEES:
        people[employee.name] = Person(
            id=new_id(),
            workspace=company.WORKSPACE,
            slack_id=employee.slack_id,
            name=employee.name,
            zone=employee.zone,
            role=employee.role,
            team_id=teams[employee.team].id if employee.team else None,
            manager_id=people[employee.manager].id if employee.manager else None,
            working_days="12345",
            active=True,
            holidays=company.HOLIDAYS[employee.zone],
            also=frozenset({Role.ADMIN} if employee.name in company.ADMINS else ()),
            works_from=company.HOURS.get(employee.name, (None, None))[0],
            works_to=company.HOURS.get(employee.name, (None, None))[1],
        )
        if employee.role is Role.MANAGER and employee.team is not None:
            teams[employee.team] = replace(teams[employee.team], manager_id=people[employee.name].id)
    for name, deputy in company.DEPUTIES.items():
        people[name] = replace(people[name], deputy_id=people[deputy].id)
    add(tx, *(ExcusingWord(new_id(), company.WORKSPACE, word) for word in company.EXCUSING))
    add(tx, *teams.values())
    for person in people.values():
        add(tx, person)
    add(tx, *(_huddle(team, start) for team in teams.values()))
    kpis = numbers.fill(tx, people, start)
    today = calendar.local_day(start, company.BERLIN)
    away = people[company.AWAY]
    add(tx, Absence(new_id(), company.WORKSPACE, away.id, today, today + timedelta(days=2), "holiday", Part.WHOLE))
    _write_plans(tx, [person for person in people.values() if person.plans and person.team_id], kpis, start)
    stuck = _write_blockers(tx, people, start)
    weekly.fill(tx, teams, people, start)
    weekly.propose(tx, teams[weekly.TEAM], stuck, start)
    month.fill(tx, people, kpis, start)


def _huddle(team: Team, start: datetime) -> Huddle:
    return Huddle(
        id=new_id(),
        workspace=team.workspace,
        team_id=team.id,
        weekdays="12345",
        since=start,
        paused=False,
        lead_minutes=0,
        **company.TIMES,
    )


def _write_plans(tx: Session, reps: list[Person], kpis: Mapping[str, Kpi], start: datetime) -> None:
    dice = Random(7)  # noqa: S311 - a made-up past, the same each time
    plans: list[Plan] = []
    items: list[Item] = []
    for rep in reps:
        days = list(_days_filed(rep, start))
        for day in days:
            plan = _plan(rep, day)
            plans.append(plan)
            items += _items(plan, kpis, dice, newest=day == days[-1])
    add(tx, *plans)
    add(tx, *items)


def _days_filed(rep: Person, start: datetime) -> Iterator[date]:
    """The working days whose huddle had run at `start`, by the person's own clock."""
    today = calendar.local_day(start, rep.zone)
    for day in calendar.days_between(today - WEEKS, today):
        closed = calendar.instant(day, company.TIMES["closes_at"], rep.zone)
        if works_on(rep, day) and closed is not None and closed < start:
            yield day


def _plan(rep: Person, day: date) -> Plan:
    filed_at = calendar.instant(day, company.TIMES["asks_at"], rep.zone)
    if rep.team_id is None or filed_at is None:
        raise ValueError(f"{rep.name} has no team, or no morning on {day}")
    return Plan(
        id=new_id(),
        workspace=rep.workspace,
        person_id=rep.id,
        team_id=rep.team_id,
        day=day,
        state=PlanState.FILED,
        filed_at=filed_at + timedelta(minutes=9),
        late=False,
        revision=1,
        note=None,
        note_shared=False,
        excuse=None,
    )


def _items(plan: Plan, kpis: Mapping[str, Kpi], dice: Random, *, newest: bool) -> Iterator[Item]:
    chosen = dice.sample(sorted(company.RESULTS), RESULTS_A_DAY)
    for position, name in enumerate(chosen, 1):
        text = dice.choice(company.RESULTS[name]).format(customer=dice.choice(company.CUSTOMERS))
        # Of the newest plan the last two results are still open: that is what the morning asks about.
        done = not newest or position == 1
        yield Item(
            id=new_id(),
            workspace=plan.workspace,
            plan_id=plan.id,
            position=position,
            text=text,
            kpi_id=kpis[name].id,
            guessed=False,
            why_no_kpi=None,
            answer=Answer.AGREED,
            kept_because=None,
            outcome=Outcome.DONE if done else Outcome.OPEN,
            dropped_because=None,
            removed_in=None,
        )


def _write_blockers(tx: Session, people: Mapping[str, Person], start: datetime) -> Mapping[str, Blocker]:
    found: dict[str, Blocker] = {}
    for number, (name, (text, age)) in enumerate(company.STUCK.items(), company.FIRST_BLOCKER):
        reporter = people[name]
        today = calendar.local_day(start, reporter.zone)
        recent = calendar.days_between(today - WEEKS, today)
        raised = next(d for d in reversed(recent) if calendar.working_days_since(d, today, "12345") == age)
        blocker = _blocker(number, reporter, text, raised, start)
        if name in company.HELD:
            blocker = life.ack(blocker, people["Dana Weiss"], start - timedelta(days=1))
        found[blocker.label] = blocker
    add(tx, *found.values())
    last = company.FIRST_BLOCKER + len(company.STUCK) - 1
    tx.execute(insert(Counters).values(workspace=company.WORKSPACE, letter="B", last=last))
    return found


def _blocker(number: int, reporter: Person, text: str, raised: date, start: datetime) -> Blocker:
    return Blocker(
        id=new_id(),
        workspace=reporter.workspace,
        number=number,
        reporter_id=reporter.id,
        plan_id=None,
        text=text,
        needs=None,
        impact=None,
        state=BlockerState.OPEN,
        opened_at=calendar.instant(raised, company.TIMES["asks_at"], reporter.zone) or start,
        opened_on=raised,
        restated=0,
    )


def first_morning(now: datetime) -> datetime:
    """The next moment when it is 08:29 on a working day in Berlin: the first prompts are a minute away."""
    today = calendar.local_day(now, company.BERLIN)
    for day in calendar.days_between(today, today + timedelta(days=14)):
        asks = calendar.instant(day, company.TIMES["asks_at"], company.BERLIN)
        works = day.isoweekday() <= 5 and calendar.closed(company.HOLIDAYS[company.BERLIN], day, ()) is None  # noqa: PLR2004 - Friday
        if works and asks is not None and asks - timedelta(minutes=1) >= now:
            return asks - timedelta(minutes=1)
    raise AssertionError("two weeks without a working day")
