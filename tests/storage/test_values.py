"""A column is named like the field it keeps, and gives back what was put in."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from bot.ids import new_id
from rituals.absences import ExcusingWord
from rituals.actions import Action
from rituals.blockers import Blocker, Escalation, Update
from rituals.calendar import CompanyDay
from rituals.decisions import Decision
from rituals.decisions_lanes import Guardrail
from rituals.decisions_readers import Effect, Reader
from rituals.good_week import GoodWeek
from rituals.handover import Handover
from rituals.huddle import Huddle
from rituals.kpis import Filed, Function, Kpi, Link, Objective, Share, Terms
from rituals.kpis_changes import Change
from rituals.kpis_uses import Informed
from rituals.meetings import Input, Line, Meeting, OffTrack
from rituals.owed import Owed
from rituals.partners import Pair, Promise, Wish
from rituals.people import Absence, DottedLine, Person, Team
from rituals.plans import Item, Plan, Redirect
from rituals.questions import Question
from rituals.run_sheet import Run
from rituals.stoplight import Climb, Explanation, Review
from rituals.stoplight_digest import Digest
from rituals.stoplight_greens import Named, TurnedGreen
from rituals.stoplight_words import Inquiry, Narrative, Unnamed, Win
from rituals.strategy import Mark, Strategy
from rituals.talks import Talk
from rituals.team_questions import PlanAnswer, TeamQuestion
from rituals.themes import Grouped, Theme
from rituals.triggers import Firing, Trigger
from rituals.weekly import Weekly
from storage import tables
from storage.database import Database
from storage.huddles import Card
from storage.occurrences import Occurrence
from storage.values import TABLES, add, add_new, by_id, fetch, fetch_one, save, to_columns
from tests import factories
from tests.factories import FUNCTION, OBJECTIVE
from tests.storage.support import (
    ANA,
    BLOCKER,
    DANA,
    DECISION,
    GUARDRAIL,
    ITEM,
    KPI,
    MEETING,
    MONDAY,
    NOW,
    PAIR,
    PLAN,
    QUESTION,
    REVIEW,
    STRATEGY,
    TEAM,
    TERMS,
    THEME,
    TOM,
    TRIGGER,
    WEEKLY,
)

LINKS: Mapping[tuple[type, str], UUID] = {
    (Absence, "person_id"): ANA.id,
    (Weekly, "team_id"): TEAM.id,
    (Wish, "person_id"): ANA.id,
    (Pair, "one_id"): ANA.id,
    (Pair, "other_id"): TOM.id,
    (Promise, "person_id"): ANA.id,
    (Promise, "pair_id"): PAIR.id,
    (Strategy, "by_id"): DANA.id,
    (Mark, "strategy_id"): STRATEGY.id,
    (Mark, "person_id"): ANA.id,
    (Mark, "team_id"): TEAM.id,
    (Meeting, "weekly_id"): WEEKLY.id,
    (Meeting, "team_id"): TEAM.id,
    (Meeting, "lead_id"): DANA.id,
    (Meeting, "closed_by_id"): DANA.id,
    (Input, "meeting_id"): MEETING.id,
    (Input, "person_id"): ANA.id,
    (OffTrack, "meeting_id"): MEETING.id,
    (OffTrack, "kpi_id"): KPI.id,
    (OffTrack, "by_id"): ANA.id,
    (Line, "meeting_id"): MEETING.id,
    (Line, "owner_id"): ANA.id,
    (Line, "by_id"): DANA.id,
    (Theme, "team_id"): TEAM.id,
    (Theme, "decided_by_id"): DANA.id,
    (Grouped, "theme_id"): THEME.id,
    (Grouped, "blocker_id"): BLOCKER.id,
    (Action, "team_id"): TEAM.id,
    (Action, "kpi_id"): KPI.id,
    (Action, "owner_id"): ANA.id,
    (Action, "helper_id"): TOM.id,
    (Action, "by_id"): DANA.id,
    (Blocker, "reporter_id"): ANA.id,
    (Blocker, "plan_id"): PLAN.id,
    (Decision, "author_id"): ANA.id,
    (Decision, "owner_id"): TOM.id,
    (Decision, "approver_id"): DANA.id,
    (Decision, "settled_by_id"): DANA.id,
    (Decision, "guardrail_id"): GUARDRAIL.id,
    (Decision, "blocker_id"): BLOCKER.id,
    (Decision, "kpi_id"): KPI.id,
    (Decision, "revives_id"): DECISION.id,
    (Decision, "supersedes_id"): DECISION.id,
    (Decision, "superseded_by_id"): DECISION.id,
    (Update, "blocker_id"): BLOCKER.id,
    (Update, "by_id"): DANA.id,
    (Talk, "person_id"): ANA.id,
    (Talk, "with_id"): DANA.id,
    (Talk, "by_id"): ANA.id,
    (DottedLine, "person_id"): ANA.id,
    (DottedLine, "manager_id"): DANA.id,
    (GoodWeek, "team_id"): TEAM.id,
    (GoodWeek, "person_id"): ANA.id,
    (Handover, "leaver_id"): TOM.id,
    (Handover, "to_id"): DANA.id,
    (Handover, "by_id"): DANA.id,
    (Change, "kpi_id"): KPI.id,
    (Change, "before_id"): TERMS.id,
    (Change, "after_id"): TERMS.id,
    (Change, "proposed_by_id"): ANA.id,
    (Change, "approver_id"): DANA.id,
    (Change, "decided_by_id"): DANA.id,
    (Filed, "kpi_id"): KPI.id,
    (Filed, "by_id"): ANA.id,
    (Function, "head_id"): DANA.id,
    (Huddle, "team_id"): TEAM.id,
    (Item, "plan_id"): PLAN.id,
    (Item, "kpi_id"): KPI.id,
    (Kpi, "team_id"): TEAM.id,
    (Kpi, "objective_id"): OBJECTIVE.id,
    (Kpi, "function_id"): FUNCTION.id,
    (Kpi, "owner_id"): DANA.id,
    (Link, "leading_id"): KPI.id,
    (Link, "lagging_id"): KPI.id,
    (Owed, "team_id"): TEAM.id,
    (Owed, "plan_id"): PLAN.id,
    (Owed, "reader_id"): DANA.id,
    (Person, "team_id"): TEAM.id,
    (Person, "manager_id"): DANA.id,
    (Plan, "person_id"): TOM.id,
    (Plan, "team_id"): TEAM.id,
    (Redirect, "item_id"): ITEM.id,
    (Redirect, "by_id"): DANA.id,
    (Redirect, "was_kpi_id"): KPI.id,
    (Share, "kpi_id"): KPI.id,
    (Share, "person_id"): ANA.id,
    (Terms, "kpi_id"): KPI.id,
    (PlanAnswer, "plan_id"): PLAN.id,
    (PlanAnswer, "question_id"): QUESTION.id,
    (TeamQuestion, "team_id"): TEAM.id,
    (Question, "plan_id"): PLAN.id,
    (Question, "by_id"): DANA.id,
    (Digest, "leader_id"): DANA.id,
    (Explanation, "kpi_id"): KPI.id,
    (Explanation, "by_id"): ANA.id,
    (Review, "kpi_id"): KPI.id,
    (Review, "leader_id"): DANA.id,
    (Review, "answered_by_id"): DANA.id,
    (Review, "climbed_to_id"): DANA.id,
    (Informed, "kpi_id"): KPI.id,
    (Informed, "decision_id"): DECISION.id,
    (Informed, "by_id"): ANA.id,
    (Escalation, "blocker_id"): BLOCKER.id,
    (Escalation, "by_id"): TOM.id,
    (Escalation, "to_id"): DANA.id,
    (Climb, "review_id"): REVIEW.id,
    (Climb, "person_id"): DANA.id,
    (Named, "person_id"): TOM.id,
    (TurnedGreen, "kpi_id"): KPI.id,
    (Trigger, "kpi_id"): KPI.id,
    (Trigger, "owner_id"): ANA.id,
    (Trigger, "by_id"): DANA.id,
    (Firing, "trigger_id"): TRIGGER.id,
    (Firing, "answered_by_id"): DANA.id,
    (Narrative, "function_id"): FUNCTION.id,
    (Narrative, "by_id"): DANA.id,
    (Inquiry, "kpi_id"): KPI.id,
    (Inquiry, "by_id"): DANA.id,
    (Inquiry, "to_id"): ANA.id,
    (Win, "person_id"): ANA.id,
    (Win, "by_id"): TOM.id,
    (Unnamed, "person_id"): TOM.id,
    (Guardrail, "owner_id"): DANA.id,
    (Reader, "decision_id"): DECISION.id,
    (Reader, "person_id"): TOM.id,
    (Reader, "replied_by_id"): ANA.id,
    (Effect, "decision_id"): DECISION.id,
    (Effect, "team_id"): TEAM.id,
    (Effect, "function_id"): FUNCTION.id,
    (Run, "team_id"): TEAM.id,
    (Run, "by_id"): DANA.id,
}
"""Fields that point at a row: which one of the company."""

KINDS = sorted(TABLES, key=lambda kind: kind.__name__)
names = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def sample(wanted: Any, *, other: bool) -> Any:
    """A telling value of a type: no default, no round number, no midnight; `other` gives a second one."""
    bare = next((part for part in get_args(wanted) if part is not type(None)), wanted)
    wanted = bare if get_origin(wanted) in {UnionType, Union} else wanted
    if get_origin(wanted) is frozenset:
        members: list[Any] = list(*get_args(wanted))
        return frozenset(members[2:] if other else members[:2])
    if issubclass(wanted, StrEnum):
        return list(wanted)[-1 if other else 1]
    return {
        UUID: UUID("0198f2a1-1111-7000-8000-0000000000ff") if other else UUID("0198f2a1-2222-7000-8000-0000000000aa"),
        str: "Ré 🎯" if other else "Äü '\"%",
        int: 2_000_000_011 if other else 7,
        bool: not other,
        date: date(2028, 2, 29) if other else date(1999, 12, 31),
        time: time(0, 1) if other else time(23, 59),
        datetime: datetime(2026, 3, 29, 1, 30, tzinfo=UTC) + timedelta(microseconds=1 if other else 999_999),
        Decimal: Decimal("1234567890123456.12345678") if other else Decimal("-0.00000001"),
    }[wanted]


def filled(kind: type, *, other: bool = False) -> Any:
    """A value of `kind` with something telling in every field."""
    hints = get_type_hints(kind)
    given = {
        field.name: LINKS.get((kind, field.name), sample(hints[field.name], other=other)) for field in fields(kind)
    }
    return kind(**given)


def optional(kind: type) -> list[str]:
    return [name for name, hint in get_type_hints(kind).items() if type(None) in get_args(hint)]


def leaving(kind: type) -> frozenset[str]:
    """Columns that only the build before this one reads."""
    return tables.Kpis.leaving if kind is Kpi else frozenset()


@names
def test_a_value_and_its_table_have_the_same_names(kind: type) -> None:
    assert [field.name for field in fields(kind)] != []
    assert {field.name for field in fields(kind)} == set(TABLES[kind].c.keys()) - leaving(kind)


@pytest.mark.parametrize(("kind", "table"), [(Card, tables.Cards), (Occurrence, tables.Occurrences)])
def test_what_storage_itself_defines_has_the_names_of_its_table(kind: type, table: Any) -> None:
    assert {field.name for field in fields(kind)} == set(table.__table__.c.keys())


def test_every_value_of_the_rules_that_has_an_id_is_kept() -> None:
    people = {Absence, CompanyDay, DottedLine, ExcusingWord, Handover, Person, Team}
    numbers = {Change, Filed, Function, Kpi, Link, Objective, Share, Terms}

    memos = {Decision, Effect, Guardrail, Mark, Reader, Strategy}
    of_a_day = {Action, Blocker, Escalation, GoodWeek, Huddle, Item, Owed, Plan, Question, Redirect, Run, Talk, Update}
    of_a_month = {Climb, Digest, Explanation, Firing, Inquiry, Narrative, Review, Trigger, Win}
    named = {Informed, Named, TurnedGreen, Unnamed}
    of_a_team = {PlanAnswer, TeamQuestion}
    of_a_week = {Grouped, Input, Line, Meeting, OffTrack, Pair, Promise, Theme, Weekly, Wish}
    assert people | numbers | memos | of_a_day | of_a_month | named | of_a_team | of_a_week == set(TABLES)


@names
def test_a_field_that_may_be_empty_is_a_column_that_may_be(kind: type) -> None:
    assert {column.name for column in TABLES[kind].c if column.nullable} - leaving(kind) == set(optional(kind))


@names
async def test_every_column_is_read_back_as_it_was_written(kind: type[Any], company: Database) -> None:
    expected = filled(kind)
    await company.write(add, expected)

    found = await company.read(fetch_one, kind, TABLES[kind].c.id == expected.id)
    assert found == expected
    hints = get_type_hints(kind)
    for field in fields(kind):
        kept = getattr(found, field.name)
        assert type(kept) is type(getattr(expected, field.name)), f"{field.name} of {hints[field.name]}"
        if isinstance(kept, datetime):
            assert kept.tzinfo is UTC


@names
async def test_every_column_that_may_be_empty_is_read_back_empty(kind: type[Any], company: Database) -> None:
    expected = replace(filled(kind), **dict.fromkeys(optional(kind)))
    await company.write(add, expected)

    assert await company.read(fetch_one, kind, TABLES[kind].c.id == expected.id) == expected


@names
async def test_saving_writes_every_column_of_that_row_and_of_no_other(kind: type[Any], company: Database) -> None:
    before = filled(kind)
    expected = replace(filled(kind, other=True), id=before.id)
    bystanders: list[Any] = await company.read(fetch, kind)
    await company.write(add, before)
    await company.write(save, expected)

    found = by_id(await company.read(fetch, kind))
    assert found == by_id([*bystanders, expected])


async def test_adding_or_saving_nothing_is_fine(database: Database) -> None:
    await database.write(add)
    await database.write(save)
    assert await database.write(add_new, TABLES[Team], []) == set()


async def test_several_values_are_added_and_saved_at_once(database: Database) -> None:
    north, south = factories.team("North"), factories.team("South")
    await database.write(add, north, south)
    await database.write(save, replace(north, name="N"), replace(south, name="S"))

    assert {team.name for team in await database.read(fetch, Team)} == {"N", "S"}


async def test_what_is_new_goes_in_and_what_is_there_stays_as_it_is(database: Database) -> None:
    emea, again, apac = factories.team("EMEA"), factories.team("EMEA", channel=None), factories.team("APAC")
    await database.write(add, emea)

    written = await database.write(add_new, TABLES[Team], [to_columns(again), to_columns(apac)])
    assert written == {apac.id}
    assert by_id(await database.read(fetch, Team)) == by_id([emea, apac])


async def test_a_value_that_is_not_there_is_none(database: Database) -> None:
    assert await database.read(fetch_one, Team, TABLES[Team].c.id == new_id()) is None


DECIMALS = ["0", "-0.00000001", "0.1", "100", "9999999999999999.99999999", "66.66666667", "1E+3"]


@pytest.mark.parametrize("number", DECIMALS)
async def test_a_number_is_kept_to_the_last_digit(number: str, company: Database) -> None:
    terms = factories.terms(KPI.id, version=2, target=Decimal(number))
    await company.write(add, terms)

    found = await company.read(fetch_one, Terms, TABLES[Terms].c.id == terms.id)
    assert found is not None
    assert found.target == Decimal(number)
    assert isinstance(found.target, Decimal)


MOMENTS = [
    datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=0),
    datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1),
    datetime(2026, 11, 23, 7, 30, 0, 123_456, tzinfo=timezone(-timedelta(hours=9, minutes=30))),
]


@pytest.mark.parametrize("moment", MOMENTS)
async def test_an_instant_of_any_zone_is_read_back_as_the_same_one_in_utc(moment: datetime, company: Database) -> None:
    plan = factories.plan(TOM.id, TEAM.id, filed_at=moment)
    await company.write(add, plan)

    found = await company.read(fetch_one, Plan, TABLES[Plan].c.id == plan.id)
    assert found is not None
    assert found.filed_at == moment.astimezone(UTC)
    assert found.filed_at.tzinfo is UTC


async def test_instants_of_different_zones_are_compared_as_instants(company: Database) -> None:
    early = factories.plan(TOM.id, TEAM.id, filed_at=NOW.astimezone(ZoneInfo("Pacific/Auckland")), day=date(2026, 1, 1))
    await company.write(add, early)
    column = TABLES[Plan].c.filed_at

    same = NOW.astimezone(ZoneInfo("America/Los_Angeles"))
    assert len(await company.read(fetch, Plan, column <= same)) == 2
    assert await company.read(fetch, Plan, column < same) == []


async def test_an_instant_without_a_zone_is_refused_and_nothing_is_written(company: Database) -> None:
    naive = factories.plan(TOM.id, TEAM.id, filed_at=NOW.replace(tzinfo=None))
    with pytest.raises(StatementError, match="needs a zone"):
        await company.write(add, naive)

    assert await company.read(fetch, Plan) == [PLAN]


async def test_a_word_that_the_enumeration_does_not_know_is_refused_both_ways(company: Database) -> None:
    with pytest.raises(StatementError, match="maybe"):
        await company.write(add, factories.plan(TOM.id, TEAM.id, state="maybe"))

    def spoil(tx: Session) -> None:
        tx.execute(text("UPDATE plans SET state = 'maybe'"))

    await company.write(spoil)
    with pytest.raises(ValueError, match="maybe"):
        await company.read(fetch, Plan)


async def test_a_row_that_points_at_nothing_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await database.write(add, factories.plan(new_id(), new_id(), day=MONDAY))


def test_every_table_belongs_to_a_workspace() -> None:
    without = [name for name, table in tables.Base.metadata.tables.items() if "workspace" not in table.c]

    assert without == []
