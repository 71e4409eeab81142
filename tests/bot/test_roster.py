"""The roster follows Slack: who joins, leaves, returns, is renamed, moves zone, shows a status."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.clock import machine_clock
from bot.ids import new_id
from bot.payloads import Who
from bot.people import accounts, leaving, leaving_views, roster
from rituals.absences import ExcusingWord
from rituals.handover import AlreadyGiven, Kind
from rituals.kpis import Kpi
from rituals.people import Absence, Role
from rituals.plans import Outcome
from rituals.policy import NotAllowed
from storage import actions, audit, outbox, people
from storage.occurrences import State
from storage.outbox import Message, Policy, Rank
from storage.people import roster as roster_of
from tests import factories
from tests.bot.people_steps import becomes, joiner, joins, known, now
from tests.bot.steps import card, carded, change, file, items_of, outbox_row, stored, submitted
from tests.bot.test_planning import outcome, prompts
from tests.bot.world import MONDAY, TUESDAY, WORKSPACE, World, buttons, words

DANA = Who(WORKSPACE, "U0DANA", "forged")
LEFT_OUT = {
    "bot": {"is_bot": True},
    "guest": {"is_restricted": True},
    "single-channel guest": {"is_ultra_restricted": True},
    "stranger": {"is_stranger": True, "team_id": "T0PARTNER"},
    "invited": {"is_invited_user": True},
    "deactivated": {"deleted": True},
}


# Reading the whole roster


async def test_the_whole_roster_is_read_page_by_page_and_again_changes_nothing(morning: World) -> None:
    for number in range(205):
        morning.sandbox.admin.join(joiner(number))

    await morning.cadence.roster.read()
    assert await morning.cadence.roster.read() == 0
    found = await known(morning, "U1204")
    assert found is not None
    assert (found.name, found.zone, found.role, found.team_id) == ("New 204", "Asia/Tokyo", Role.REP, None)
    assert (await now(morning, "Ana")) == morning.people["Ana"]
    read = [call for call in morning.sandbox.calls if call.method == "users.list" and call.ok]
    assert len(read) == 4


async def test_five_readings_at_once_make_each_person_once(morning: World) -> None:
    morning.sandbox.admin.join(joiner(1))
    await asyncio.gather(*(morning.cadence.roster.read() for _ in range(5)))

    assert len([p for p in (await morning.read(people.everybody, WORKSPACE)).values() if p.slack_id == "U1001"]) == 1


async def test_the_roster_is_read_at_the_start_at_night_and_by_one_process(morning: World) -> None:
    def readings() -> int:
        return sum(call.method == "users.list" for call in morning.sandbox.calls)

    await morning.cadence.roster.look()
    await morning.cadence.roster.look()
    assert readings() == 1
    morning.clock.now = datetime(2026, 11, 23, 1, 59, tzinfo=UTC)
    await morning.cadence.roster.look()
    assert readings() == 1
    morning.clock.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 03:00 in Berlin
    await asyncio.gather(*(morning.cadence.roster.look() for _ in range(3)))
    assert readings() == 2


async def test_a_refused_reading_is_tried_again_after_its_lease(morning: World) -> None:
    morning.sandbox.faults.add(on="users.list", kind="fail")
    await morning.cadence.roster.look()
    morning.sandbox.admin.join(joiner(7))
    morning.clock.now += timedelta(minutes=11)
    await morning.cadence.roster.look()

    assert await known(morning, "U1007") is not None


# Joining


async def test_a_joiner_is_a_person_without_a_team_and_is_never_asked(morning: World) -> None:
    await joins(morning, joiner(1, tz="Europe/Berlin"))
    await morning.at("08:30")

    found = await known(morning, "U1001")
    assert found is not None
    assert (found.team_id, found.active) == (None, True)
    assert morning.sandbox.person("U1001").dm() == []


@pytest.mark.parametrize("facts", LEFT_OUT.values(), ids=LEFT_OUT)
async def test_bots_guests_strangers_and_invited_accounts_are_left_out(facts: dict[str, Any], morning: World) -> None:
    await joins(morning, joiner(2, **facts))
    await morning.cadence.roster.read()

    assert await known(morning, "U1002") is None


async def test_an_invited_account_becomes_a_person_when_it_accepts(morning: World) -> None:
    await joins(morning, joiner(2, is_invited_user=True))
    before = len(morning.sandbox.deliveries)
    morning.sandbox.admin.change("U1002", is_invited_user=False)
    await morning.sandbox.until(lambda: len(morning.sandbox.deliveries) > before)

    assert await known(morning, "U1002") is not None


# Changing


async def test_a_rename_shows_on_the_card_at_once(morning: World) -> None:
    await carded(morning)
    assert (await becomes(morning, "Ana", real_name="Ana <b> Ruiz")).name == "Ana <b> Ruiz"
    await morning.at("09:05")

    assert "Ana &lt;b&gt; Ruiz" in words(card(morning))
    assert "Ana Torres" not in words(card(morning))


async def test_a_new_zone_moves_what_is_planned(morning: World) -> None:
    await morning.at("12:05", day=MONDAY - timedelta(days=1))
    await becomes(morning, "Ana", tz="America/New_York")
    await morning.at("08:30")
    assert prompts(morning, "Ana") == []
    await morning.at("08:30", zone="America/New_York")
    assert len(prompts(morning, "Ana")) == 1


async def test_a_zone_that_is_told_no_longer_is_kept(morning: World) -> None:
    assert (await becomes(morning, "Mia", tz=None)).zone == "Pacific/Auckland"


async def test_an_event_told_three_times_changes_one_thing_once(morning: World) -> None:
    user = {"id": "U0ANA", "real_name": "Ana Ruiz", "tz": "Europe/Berlin", "updated": 1_800_000_000}
    profile = accounts.profile(user, WORKSPACE)
    write = morning.cadence.deps.database.write
    done = [await write(roster.take_in, WORKSPACE, [profile], morning.clock.now, machine_clock()) for _ in range(3)]

    assert done == [1, 0, 0]


async def test_what_is_told_late_does_not_undo_what_is_newer(morning: World) -> None:
    told = [{"id": "U0ANA", "tz": "Europe/Berlin", "real_name": f"Ana {n}", "updated": n} for n in (2_000, 1_000)]
    for user in told:
        profile = accounts.profile(user, WORKSPACE)
        await morning.cadence.deps.database.write(
            roster.take_in, WORKSPACE, [profile], morning.clock.now, machine_clock()
        )

    assert (await now(morning, "Ana")).name == "Ana 2000"


async def test_an_event_during_a_reading_is_newer_than_the_page_that_was_asked_for_before_it(morning: World) -> None:
    asked_at = machine_clock()
    page = [accounts.profile({"id": "U0ANA", "tz": "Europe/Berlin", "real_name": "Ana Page", "updated": 5}, WORKSPACE)]
    event = [
        accounts.profile({"id": "U0ANA", "tz": "Europe/Berlin", "real_name": "Ana Event", "updated": 5}, WORKSPACE)
    ]
    write, at = morning.cadence.deps.database.write, morning.clock.now
    await write(roster.take_in, WORKSPACE, event, at, machine_clock())
    await write(roster.take_in, WORKSPACE, page, at, machine_clock(), asked_at)
    assert (await now(morning, "Ana")).name == "Ana Event"

    await write(roster.take_in, WORKSPACE, page, at, machine_clock(), machine_clock())
    assert (await now(morning, "Ana")).name == "Ana Page"


async def test_what_slack_changes_is_recorded_as_slacks(morning: World) -> None:
    await becomes(morning, "Ana", real_name="Ana Ruiz")
    (entry,) = await morning.read(audit.of, [morning.people["Ana"].id])

    assert (entry.act.actor_id, entry.act.via, entry.after) == (None, "slack", {"name": "Ana Ruiz"})


# Leaving


async def test_a_leaver_is_off_every_roster_that_minute_and_nothing_reaches_them(morning: World) -> None:
    await morning.at("12:05", day=MONDAY - timedelta(days=1))
    waiting = Message(
        new_id(),
        WORKSPACE,
        "later",
        Policy.RESEND,
        Rank.REPLY,
        {"text": "x"},
        morning.clock.now + timedelta(1),
    )
    await morning.cadence.deps.database.write(outbox.post, waiting, "U0TOM")
    left = await becomes(morning, "Tom", deleted=True)

    assert (left.active, left.left_on) == (False, MONDAY - timedelta(days=1))
    assert [p.name for p in await morning.read(roster_of, morning.team.id)] == ["Ana Torres", "Mia Keller", "Ravi Shah"]
    assert await outcome(morning, "Tom") == (State.CANCELLED, "has left")
    assert (await outbox_row(morning, "later"))["state"] == "expired"
    await morning.at("08:30")
    assert morning.dm("Tom") == []


@pytest.mark.parametrize("facts", [{"is_restricted": True}, {"is_bot": True}], ids=["guest", "bot"])
async def test_becoming_a_guest_or_a_bot_is_leaving(facts: dict[str, Any], morning: World) -> None:
    assert not (await becomes(morning, "Tom", **facts)).active


async def test_whoever_returns_is_on_their_team_again(morning: World) -> None:
    await becomes(morning, "Tom", deleted=True)
    back = await becomes(morning, "Tom", deleted=False)
    await morning.at("08:30")

    assert back == morning.people["Tom"]
    assert len(prompts(morning, "Tom")) == 1


def values_of(shown: dict[str, Any]) -> list[str]:
    """What the buttons of a list carry."""
    return [e["value"] for block in shown["blocks"] if block["type"] == "actions" for e in block["elements"]]


async def leaving_list(world: World, name: str = "Dana") -> dict[str, Any]:
    (found,) = (message for message in world.dm(name) if "has left" in message["text"])
    return found


async def test_all_that_a_leaver_left_open_is_one_list_for_their_manager(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Tom", "Three renewals called", stuck="Legal sits on <it>")).ok
    await becomes(morning, "Tom", deleted=True)

    shown = words(await leaving_list(morning))
    assert "Tom Becker has left" in shown
    assert "B-1 Legal sits on &lt;it&gt;" in shown
    assert "Three renewals called" in shown
    assert buttons(await leaving_list(morning)) == ["I take it", "Give to…"] * 2
    assert "Tom" not in words(await carded_only(morning))


async def carded_only(world: World) -> dict[str, Any]:
    await world.at("09:00")
    return card(world)


async def test_an_item_is_taken_with_one_press_or_given_and_once_only(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Tom", "Three renewals called", stuck="Legal")).ok
    owed = factories.action(morning.people["Tom"].id)
    await morning.write(owed)
    await becomes(morning, "Tom", deleted=True)
    dana = morning.hand("Dana")
    shown = await leaving_list(morning)
    blocker, plan, action = (block["block_id"] for block in shown["blocks"] if block["type"] == "actions")
    assert (await dana.click(shown, leaving_views.TAKE, block_id=plan)).ok
    assert (await dana.click(shown, leaving_views.GIVE, block_id=blocker)).ok
    assert (await submitted(morning, "Dana", {"to": "U0ANA"})).ok
    assert (await dana.click(shown, leaving_views.TAKE, block_id=action)).ok
    await morning.deliver()

    after = words(await leaving_list(morning))
    assert f"{owed.text} · Dana Weiss has it" in after
    assert (await morning.read(actions.find, owed.id)).owner_id == morning.people["Dana"].id
    assert "Everything that was theirs has somebody now" in after
    assert "B-1 Legal · Ana Torres has it" in after
    (item,) = await items_of(morning, "Tom")
    assert (item.outcome, item.dropped_because) == (Outcome.DROPPED, "Tom left; Dana has it")
    meta = leaving_views.meta_of(values_of(shown)[0])
    with pytest.raises(AlreadyGiven):
        await morning.cadence.deps.database.write(leaving.hand_over, meta, DANA, None, morning.clock.now)


async def test_when_a_manager_leaves_their_team_and_people_go_to_whoever_takes_them(morning: World) -> None:
    await becomes(morning, "Dana", deleted=True)
    shown = await leaving_list(morning, "Priya")
    priya = morning.hand("Priya")
    for block in [block["block_id"] for block in shown["blocks"] if block["type"] == "actions"]:
        assert (await priya.click(shown, leaving_views.TAKE, block_id=block)).ok
    await morning.at("08:30")
    await morning.at("09:00", zone="Europe/London")

    assert (await morning.read(people.team, morning.team.id)).manager_id == morning.people["Priya"].id
    assert (await now(morning, "Ana")).manager_id == morning.people["Priya"].id
    assert card(morning, "Priya")


async def test_the_list_goes_to_the_deputy_while_the_manager_is_away(morning: World) -> None:
    await change(morning, replace(morning.people["Dana"], deputy_id=morning.people["Ravi"].id))
    await morning.write(factories.absence(morning.people["Dana"].id, MONDAY, TUESDAY))
    await morning.at("08:30", zone="America/Los_Angeles")
    assert (await file(morning, "Tom", "Three renewals called")).ok
    await becomes(morning, "Tom", deleted=True)

    assert buttons(await leaving_list(morning, "Ravi"))
    assert not [m for m in morning.dm("Dana") if "has left" in m["text"]]


async def test_nobody_else_takes_what_a_leaver_left(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Tom", "Three renewals called")).ok
    await becomes(morning, "Tom", deleted=True)
    shown = await leaving_list(morning)
    meta = leaving_views.meta_of(values_of(shown)[0])
    assert meta.kind is Kind.PLAN
    with pytest.raises(NotAllowed):
        await morning.cadence.deps.database.write(
            leaving.hand_over, meta, Who(WORKSPACE, "U0ANA", "forged"), None, morning.clock.now
        )


# What a Slack status excuses from


async def excused(world: World) -> list[Absence]:
    return [one for one in await stored(world, Absence) if one.until is not None]


@pytest.fixture
async def worded(morning: World) -> World:
    """A company whose admin chose two words."""
    for word in ("vacation", ":palm_tree:"):
        await morning.write(ExcusingWord(new_id(), WORKSPACE, word))
    return morning


def until(day: int, hour: int) -> int:
    return int(datetime(2026, 11, day, hour, tzinfo=UTC).timestamp())


async def test_a_status_with_a_chosen_emoji_excuses_until_it_expires(worded: World) -> None:
    await becomes(worded, "Ana", status_emoji=":palm_tree:", status_expiration=until(24, 6))
    await worded.at("08:30")
    assert prompts(worded, "Ana") == []
    assert await outcome(worded, "Ana") == (State.SKIPPED, "away: palm tree")
    await worded.at("08:30", TUESDAY)

    assert len(prompts(worded, "Ana")) == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"status_text": "vacation"},
        {"status_text": "Vacationing", "status_expiration": until(24, 6)},
        {"status_emoji": ":coffee:", "status_expiration": until(24, 6)},
        {"status_text": "vacation", "status_expiration": until(20, 6)},
    ],
    ids=["no end", "another word", "another emoji", "over already"],
)
async def test_other_statuses_excuse_nobody(facts: dict[str, Any], worded: World) -> None:
    await becomes(worded, "Ana", **facts)
    await worded.at("08:30")

    assert len(prompts(worded, "Ana")) == 1


async def test_a_status_that_is_cleared_ends_the_excuse_and_one_ended_by_hand_stays_ended(worded: World) -> None:
    await becomes(worded, "Ana", status_text="On Vacation!", status_expiration=until(27, 6))
    await becomes(worded, "Tom", status_text="vacation", status_expiration=until(27, 6))
    await becomes(worded, "Ana", status_text="", status_expiration=0)
    assert (await worded.hand("Tom").command("/plan", "back")).ok
    await becomes(worded, "Tom", title="Something else changes")
    await worded.at("08:30")

    assert len(await excused(worded)) == 2
    assert len(prompts(worded, "Ana")) == 1
    assert len(prompts(worded, "Tom")) == 1


async def test_the_kpis_that_a_leaver_owned_are_offered_and_get_an_owner(morning: World) -> None:
    await change(morning, replace(morning.kpis["Renewals"], owner_id=morning.people["Tom"].id))
    await becomes(morning, "Tom", deleted=True)
    shown = await leaving_list(morning)
    assert "Renewals" in words(shown)
    (row,) = (block["block_id"] for block in shown["blocks"] if block["type"] == "actions")

    assert (await morning.hand("Dana").click(shown, leaving_views.TAKE, block_id=row)).ok
    await morning.deliver()

    kpi = next(one for one in await stored(morning, Kpi) if one.name == "Renewals")
    assert kpi.owner_id == morning.people["Dana"].id
    assert "Renewals · Dana Weiss has it" in words(await leaving_list(morning))
