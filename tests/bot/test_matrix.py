"""Every door, tried by everybody: what the policy refuses is never done, and the refusal says who can (F98).

The table of doors is `tests.bot.doors.table`; which of the visitors may go through is asked of `rituals.policy` alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.doors import Doors
from rituals.people import Person, Role
from rituals.policy import RIGHTS, About, Relation, about, may
from sandbox import User
from storage import people, values
from storage.tables import Base
from tests import factories
from tests.bot.doors.door import NOBODY, Door, Visit
from tests.bot.doors.table import GUARDED, OWN, registered
from tests.bot.world import World, words

ELSEWHERE = {"team": {"id": "T0OTHER", "domain": "other"}}
STRANGERS = ("Leo", "Nia")
"""Who is on no roster: one who left, and one in Slack whom nobody added."""


def visitors(world: World) -> list[Person]:
    """Each role on another team; a leaver. Those of the world come besides: report, colleague, manager, leader."""
    team = factories.team("APAC", channel=None)
    lee = factories.person("Lee Chan", role=Role.MANAGER, team_id=team.id)
    return [
        lee,
        factories.person("Fay Moss", team_id=team.id, manager_id=lee.id),
        factories.person("Lena Berg", role=Role.LEADER),
        factories.person("Cora Pike", role=Role.CONTROLLER),
        factories.person("Otto Lang", role=Role.OBSERVER, manager_id=world.people["Dana"].id),
        factories.person("Ada Ops", role=Role.ADMIN),
        factories.person("Leo Gone", team_id=world.team.id, manager_id=world.people["Dana"].id, active=False),
    ]


async def peopled(world: World) -> World:
    """The world with everybody who will try the doors in it."""
    new = visitors(world)
    lee = new[0]
    assert lee.team_id is not None
    await world.write(factories.team("APAC", id=lee.team_id, channel=None, manager_id=None), *new)
    nia = factories.person("Nia New", active=False)  # in Slack only: the database does not have her
    for person in (*new, nia):
        # Whoever is on no roster is a guest: a member of the workspace would be on it from the moment they join.
        user = User(person.slack_id, person.given_name.lower(), person.name, tz=person.zone)
        world.sandbox.admin.join(replace(user, is_restricted=not person.active))
    return replace(world, people={**world.people, **{person.given_name: person for person in (*new, nia)}})


ROWS = {
    table.name: text(str(select(*(column for column in table.c if not column.name.startswith("response_")))))
    for table in Base.metadata.sorted_tables
}
"""What the database holds, but for when cards were last touched; as text it comes back as it is stored."""


def dump(tx: Session) -> dict[str, list[Any]]:
    """All that the database holds."""
    return {name: sorted(map(repr, tx.execute(rows))) for name, rows in ROWS.items()}


async def kept(world: World) -> Mapping[str, Any]:
    """What the database holds once everything under way has ended."""
    await world.cadence.deps.background.drained(10)
    found: dict[str, Any] = await world.read(dump)
    return found


async def thing_of(world: World, door: Door) -> About:
    """What the door leads to, as the policy sees it."""
    if door.thing is not None:
        return await door.thing(world)
    if door.owner == NOBODY:
        return About(world.team.workspace)
    owner = world.people[door.owner]
    return about(owner, await world.read(people.everybody, owner.workspace))


def told(world: World, name: str, answer: Any) -> list[str]:
    """All that somebody was told at a door: on the form's fields, in a form that opened, only to them."""
    hand = world.hand(name)
    shown = [words(hand.view)] if hand.view else []
    return [*(answer or []), *shown, *(words(one) for one in hand.ephemerals())]


def says_who_can(sentences: list[str], thing: About) -> bool:
    """Whether a refusal is among them that names somebody who may, or a role."""
    refusals = [said for said in sentences if said.startswith("Only ")]
    who = "an admin" if thing.owner is None else thing.owner.given_name
    above = [person.given_name for person in thing.above]
    return any(any(name in said for name in (who, *above, "an admin")) for said in refusals)


def test_every_door_stands_in_the_table() -> None:
    assert registered() == {door.id for door in GUARDED} | set(OWN)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # rights are asked of values, whatever keeps them
@pytest.mark.parametrize("door", GUARDED, ids=lambda door: door.id)
async def test_nobody_goes_through_a_door_that_the_policy_closes(morning: World, door: Door) -> None:
    world = await peopled(morning)
    await door.prepare(world)
    thing = await thing_of(world, door)
    allowed = [name for name, person in world.people.items() if may(door.right, person, thing)]
    refused = [name for name in world.people if name not in allowed]
    assert allowed
    leaders = {"Lena"} if Relation.LEADER in RIGHTS[door.right].may else set()
    assert set(refused) >= {"Tom", "Lee", "Fay", "Lena", "Cora", "Otto", "Zoe", "Leo", "Nia"} - leaders

    before = await kept(world)
    for name in refused:
        answer = await tried(world, door, name, {})
        stranger = name in STRANGERS and any("on a team yet" in said for said in answer)
        assert door.silent or stranger or says_who_can(answer, thing), (name, answer)
    if not door.id.startswith("/"):  # a command carries no claim: it goes to the workspace that it was typed in
        for name in allowed:
            await tried(world, door, name, ELSEWHERE)
    after = await kept(world)
    changed = {table for table in after if after[table] != before[table]}
    assert not changed, f"one of {refused}, or of {allowed} in another workspace, changed {changed} by {door.id}"

    before = after
    answer = await door.walk(Visit(world, allowed[0], {}))
    after = await kept(world)
    assert not any(said.startswith("Only ") for said in told(world, allowed[0], answer))
    assert door.shows or after != before
    # Whatever an allowed press changed, somebody stands for it in the record.
    recorded = {table.name for table in values.TABLES.values()}
    assert before["audit"] != after["audit"] or all(before[name] == after[name] for name in recorded)


async def tried(world: World, door: Door, name: str, claims: Mapping[str, Any]) -> list[str]:
    """Have somebody go through a door as far as they come; return what they are told."""
    answer = await door.walk(Visit(world, name, claims))
    await world.cadence.deps.background.drained(10)
    said = told(world, name, answer)
    hand = world.hand(name)
    if hand.view is not None:
        await hand.close(is_cleared=True)
    return said


def test_a_button_that_leads_to_two_handlers_is_refused_at_start() -> None:
    async def one(*_: Any) -> None: ...

    async def another(*_: Any) -> None: ...

    doors = Doors()
    doors.action("blockers.ack")(one)

    doors.view("blockers.ack")(another)
    with pytest.raises(ValueError, match="leads to"):
        doors.action("blockers.ack")(another)
