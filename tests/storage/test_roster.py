"""How new what we know of Slack's accounts is, when the roster is read, and the company as admins look through it."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.ids import new_id
from rituals.absences import ExcusingWord, Joined
from rituals.people import DottedLine, Role
from storage import calendars, directory, occurrences, outbox, people, recipients, roster
from storage.database import Database
from storage.directory import Look
from storage.occurrences import Occurrence, State
from storage.roster import Heard
from storage.values import add, save
from tests import factories
from tests.storage.hands import message
from tests.storage.support import ANA, DANA, MONDAY, NOW, TEAM, TOM, WORKSPACE, put

SECOND = timedelta(seconds=1)
LEASE = timedelta(minutes=10)
OLD, NEW = Heard(NOW - SECOND, None), Heard(NOW, "is a guest in Slack")


async def test_what_is_told_is_accepted_unless_it_is_older(database: Database) -> None:
    assert await database.write(roster.accept, WORKSPACE, {}, NOW) == set()
    assert await database.write(roster.accept, WORKSPACE, {"U1": NEW, "U2": OLD}, NOW) == {"U1", "U2"}
    assert await database.write(roster.accept, WORKSPACE, {"U1": OLD, "U2": NEW}, NOW) == {"U2"}
    assert await database.write(roster.accept, WORKSPACE, {"U1": NEW}, NOW) == {"U1"}
    assert await database.read(roster.left_out, WORKSPACE, "U1") == "is a guest in Slack"
    assert await database.read(roster.left_out, WORKSPACE, "U9") is None
    assert await database.read(roster.left_out, "T0OTHER", "U1") is None


async def test_what_was_heard_since_a_page_was_asked_for_is_newer_than_the_page(database: Database) -> None:
    await database.write(roster.accept, WORKSPACE, {"U1": NEW}, NOW)

    assert await database.write(roster.accept, WORKSPACE, {"U1": NEW}, NOW, NOW - SECOND) == set()
    assert await database.write(roster.accept, WORKSPACE, {"U1": NEW}, NOW, NOW + SECOND) == {"U1"}


async def test_one_of_several_claims_a_reading_that_is_due(database: Database, other: Database) -> None:
    claims = [each.write(roster.claim_reading, WORKSPACE, NOW, LEASE) for each in (database, other, database)]
    assert sorted(await asyncio.gather(*claims)) == [False, False, True]
    assert not await database.write(roster.claim_reading, WORKSPACE, NOW + LEASE - SECOND, LEASE)
    assert await database.write(roster.claim_reading, WORKSPACE, NOW + LEASE, LEASE)


async def test_a_reading_is_noted_with_the_next(database: Database) -> None:
    assert await database.read(roster.read_at, WORKSPACE) is None
    await database.write(roster.next_reading, WORKSPACE, NOW + LEASE, NOW)
    await database.write(roster.next_reading, WORKSPACE, NOW)

    assert await database.read(roster.read_at, WORKSPACE) == NOW
    assert await database.write(roster.claim_reading, WORKSPACE, NOW, LEASE)


async def test_people_are_looked_through_by_page_team_and_none(company: Database) -> None:
    zoe, watcher = factories.person("Zoe Hart"), factories.person("Olga Ott", role=Role.OBSERVER)
    gone = factories.person("Bo Left", active=False)
    await company.write(put, zoe, watcher, gone, factories.person("Xi Far", workspace="T0OTHER"))
    everybody = Look(WORKSPACE)

    assert await company.read(directory.how_many, everybody) == 5
    assert await company.read(directory.page, everybody, 0, 2) == [ANA, DANA]
    assert await company.read(directory.page, everybody, 4, 2) == [zoe]
    assert await company.read(directory.page, Look(WORKSPACE, team_id=TEAM.id), 0, 9) == [ANA, DANA, TOM]
    assert await company.read(directory.page, Look(WORKSPACE, teamless=True), 0, 9) == [zoe]
    assert len(await company.read(directory.everybody, everybody)) == 5
    assert await company.read(directory.members, TEAM.id) == [ANA, DANA, TOM]
    assert await company.read(directory.placed_on, [TEAM.id]) == {TEAM.id: 3}
    assert await company.read(directory.by_calendar, WORKSPACE) == {None: 5}


async def test_a_role_is_found_as_the_main_one_and_as_a_further_one(company: Database) -> None:
    ada = factories.person("Ada Ops", role=Role.ADMIN)
    also = replace(TOM, also=frozenset({Role.ADMIN, Role.CONTROLLER}))
    await company.write(put, ada, factories.person("Bo Left", role=Role.ADMIN, active=False))
    await company.write(save, also)

    assert await company.read(directory.with_role, WORKSPACE, Role.ADMIN) == [ada, also]
    assert await company.read(directory.with_role, WORKSPACE, Role.CONTROLLER) == [also]


async def test_dotted_lines_and_words_become_those_that_are_wanted(company: Database) -> None:
    lines = [DottedLine(new_id(), WORKSPACE, ANA.id, one.id) for one in (DANA, TOM)]
    await company.write(directory.set_dotted, ANA.id, lines)
    await company.write(directory.set_dotted, ANA.id, [replace(lines[0], id=new_id())])
    assert await company.read(directory.dotted_from, ANA.id) == lines[:1]
    assert await company.read(directory.dotted_to, DANA.id) == lines[:1]
    assert await company.read(directory.dotted_to, TOM.id) == []

    words = [ExcusingWord(new_id(), WORKSPACE, word) for word in ("sick", "away")]
    await company.write(directory.set_excusing_words, WORKSPACE, words)
    await company.write(directory.set_excusing_words, WORKSPACE, words[1:])
    assert await company.read(directory.excusing_words, WORKSPACE) == words[1:]


async def test_deputies_stand_in_the_lines_above_and_their_own_managers_do_not(company: Database) -> None:
    priya, lee = factories.person("Priya Raman"), factories.person("Lee Chan")
    deputy = factories.person("Eve Dean", manager_id=lee.id)
    managed = replace(DANA, manager_id=priya.id, deputy_id=deputy.id)
    await company.write(put, priya, lee, deputy)
    await company.write(save, managed)

    assert await company.read(people.lines_above, [ANA]) == {one.id: one for one in (managed, priya, deputy)}


async def test_who_counts_on_a_date_is_who_was_on_the_team_then_or_has_a_plan_of_it(company: Database) -> None:
    later = factories.person("Lin Ode", team_id=TEAM.id, team_since=MONDAY + timedelta(days=1))
    moved, watcher = factories.person("Max Moved"), factories.person("Olga Ott", team_id=TEAM.id, role=Role.OBSERVER)
    await company.write(put, later, moved, watcher)

    assert await company.read(people.roster_on, TEAM.id, MONDAY, []) == [ANA, TOM]
    assert await company.read(people.roster_on, TEAM.id, MONDAY, [moved.id, later.id]) == [ANA, later, moved, TOM]
    assert await company.read(people.roster_on, TEAM.id, MONDAY + timedelta(days=1), []) == [ANA, later, TOM]
    assert await company.read(people.watchers, TEAM.id) == [watcher]


async def test_what_is_somebodys_is_found(company: Database) -> None:
    team = replace(TEAM, manager_id=DANA.id)
    await company.write(save, team)

    assert await company.read(people.managed_by, [DANA.id]) == [team]
    assert await company.read(people.reports_of, DANA.id) == [ANA, TOM]
    assert await company.read(people.behind, WORKSPACE, ["U0ANA", "U0NOBODY"]) == {"U0ANA": ANA}
    assert await company.write(lambda tx: people.find(tx, ANA.id, lock=True)) == ANA
    assert await company.write(lambda tx: people.team(tx, TEAM.id, lock=True)) == team
    assert await company.write(lambda tx: people.find(tx, new_id(), lock=True)) is None
    await company.write(people.change_team, replace(team, archived=True), NOW)
    assert await company.read(people.managed_by, [DANA.id]) == []


async def test_what_waits_for_a_leaver_is_taken_back_and_nothing_else(company: Database) -> None:
    planned = Occurrence(
        new_id(), WORKSPACE, new_id(), ANA.id, MONDAY, "huddle.prompt", NOW, NOW, "UTC", State.PLANNED, None
    )
    toms = replace(planned, id=new_id(), subject=TOM.id)
    await company.write(occurrences.plan, [planned, toms])
    await company.write(occurrences.cancel, ANA.id, "has left")
    for key, to in (("a", "U0ANA"), ("b", "U0TOM")):
        await company.write(outbox.post, message(key), to)
    await company.write(outbox.withdraw_all, WORKSPACE, "U0ANA")

    found = await company.read(occurrences.of_ritual, planned.ritual, MONDAY, MONDAY)
    assert {(one.subject, one.state, one.reason) for one in found} == {
        (ANA.id, State.CANCELLED, "has left"),
        (TOM.id, State.PLANNED, None),
    }
    assert [await company.read(outbox.state_of, WORKSPACE, key) for key in "ab"] == ["expired", "ready"]


async def test_whoever_slack_says_is_there_is_written_to_again(company: Database) -> None:
    for slack_id in ("U0ANA", "U0TOM"):
        await company.write(recipients.mark_unreachable, WORKSPACE, slack_id, "user_disabled")
    await company.write(recipients.reachable, WORKSPACE, ["U0ANA"])

    assert await company.read(recipients.unreachable, WORKSPACE) == {"U0TOM": "user_disabled"}


async def test_an_absence_is_kept_in_place_of_those_that_it_takes_in(company: Database) -> None:
    old, new = (factories.absence(ANA.id, MONDAY, MONDAY + timedelta(days=days)) for days in (1, 3))
    shown = replace(factories.absence(ANA.id, MONDAY, MONDAY), since=NOW, until=NOW + LEASE, shown_until=NOW + LEASE)
    await company.write(add, old, shown)
    await company.write(calendars.keep, Joined(new, (old,)))
    assert set(await company.read(calendars.absences_of, [ANA.id], MONDAY)) == {new, shown}
    assert await company.write(calendars.end_absences, ANA.id, MONDAY, NOW) == 2

    assert await company.read(calendars.absences_of, [ANA.id], MONDAY) == [replace(shown, until=NOW)]
