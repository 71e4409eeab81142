"""The ladder by the clock: warned, climbed, acked, lapsed; re-planned when people and calendars change."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.blockers import views
from bot.people import team_views
from bot.preview import foresee
from rituals.blockers import Blocker, BlockerState
from rituals.calendar import CompanyDay
from rituals.ladder import Step
from rituals.people import Role
from storage import audit, ladders, people
from storage.occurrences import State
from storage.tables import Occurrences
from tests import factories
from tests.bot.steps import card, change, stored, submitted
from tests.bot.test_blockers import blocker, press, stuck, thread, told
from tests.bot.test_teams import pressed, room
from tests.bot.world import MONDAY, TUESDAY, World, buttons, words

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 11, 25), date(2026, 11, 26), date(2026, 11, 27)
NEXT_MONDAY, NEXT_WEDNESDAY = date(2026, 11, 30), date(2026, 12, 2)
Json = dict[str, Any]


async def ledger(world: World) -> list[tuple[str, str]]:
    """Every step in the ledger with its state, by time."""

    def look(tx: Session) -> list[tuple[str, str]]:
        rows = tx.execute(
            select(Occurrences.slot, Occurrences.state)
            .where(Occurrences.slot.in_(list(Step)))
            .order_by(Occurrences.due_at, Occurrences.id)
        )
        return [(row.slot, row.state) for row in rows]

    found: list[tuple[str, str]] = await world.read(look)
    return found


async def pending(world: World) -> list[str]:
    return [slot for slot, state in await ledger(world) if state == State.PLANNED]


def helped(world: World, name: str = "Priya") -> list[Json]:
    return [one for one in world.dm(name) if one["text"].startswith("For your help: B-1")]


def on_cards(world: World, name: str = "Dana") -> list[Json]:
    """What stands in the threads of somebody's huddle cards."""
    cards = (message for message in world.dm(name) if message["text"].startswith("EMEA huddle"))
    return [one for shown in cards for one in thread(world, name, shown)]


def warned(world: World, name: str = "Dana") -> list[Json]:
    """The warnings among them."""
    return [one for one in on_cards(world, name) if "goes to" in words(one)]


async def climbed(world: World) -> Json:
    """B-1 was ignored from Monday to Wednesday morning, and Priya is asked for help."""
    await stuck(world)
    await world.at("13:00", TUESDAY)
    await world.at("09:00", WEDNESDAY)
    (asked,) = helped(world)
    return asked


async def test_ignored_for_two_working_days_it_is_announced_and_then_climbs(morning: World) -> None:
    await stuck(morning)
    await morning.at("12:59", TUESDAY)
    assert not warned(morning)
    assert await pending(morning) == [Step.WARN]

    await morning.at("13:00", TUESDAY)
    (warning,) = warned(morning)
    assert "*B-1* Legal has not returned the NDA goes to Priya" in words(warning)
    assert buttons(warning) == ["Ack", "Send with my ask…"]
    assert await pending(morning) == [Step.CLIMB]

    await morning.at("08:59", WEDNESDAY)
    assert not helped(morning)
    await morning.at("09:00", WEDNESDAY)
    (asked,) = helped(morning)
    assert "edited" not in asked
    assert "*For your help: B-1*, 2 working days. _Climbed by the clock; no ask written yet._" in words(asked)
    assert buttons(asked) == ["I have it", "Ask", "Give to…", "Not now…"]
    assert (await blocker(morning)).level == 1
    assert "*B-1* went to Priya for help." in await told(morning)
    assert [words(one) for one in on_cards(morning)] == ["*B-1* went to Priya."]


async def test_a_team_says_itself_after_how_many_working_days_it_climbs(morning: World) -> None:
    await stuck(morning)
    await pressed(morning, "Dana", await room(morning, "Dana", "teams"), team_views.EDIT, f"team:{morning.team.id}")
    refused = await submitted(morning, "Dana", {"climb_days": "3", "leader_days": "3"})
    assert refused.errors == {"leader_days": "This must be more than the days above it."}
    assert (await morning.hand("Dana").submit(values={"climb_days": "1"})).ok

    await morning.at("13:00")
    assert len(warned(morning)) == 1
    await morning.at("09:00", TUESDAY)
    assert (await blocker(morning)).level == 1


async def test_the_climb_stands_in_the_record_as_the_clocks(morning: World) -> None:
    await climbed(morning)
    entries = await morning.read(audit.of, [(await blocker(morning)).id])

    (climb,) = [one for one in entries if (one.after or {}).get("level") == 1]
    assert (climb.act.actor_id, climb.act.via) == (None, "clock")


async def test_no_manager_gets_a_message_of_their_own_for_a_blocker(morning: World) -> None:
    await stuck(morning)
    before = len(morning.dm("Dana"))
    await morning.at("13:00", TUESDAY)

    assert [one["text"] for one in morning.dm("Dana")[before:] if "B-1" in one["text"]] == []


async def test_an_ack_takes_back_every_step_in_the_same_moment_and_runs_out(morning: World) -> None:
    await stuck(morning)
    await morning.at("13:00", TUESDAY)
    (warning,) = warned(morning)
    dana = morning.hand("Dana")
    assert (await dana.click(warning, views.ACK)).ok
    assert await pending(morning) == [Step.LAPSE]
    await morning.at("17:00", WEDNESDAY)
    assert not helped(morning)

    await morning.at("12:59", FRIDAY)
    assert (await blocker(morning)).state is BlockerState.ACKED
    await morning.at("13:00", FRIDAY)
    one = await blocker(morning)
    assert (one.state, one.climb, one.level) == (BlockerState.OPEN, 2, 0)
    lapsed = [words(said) for message in morning.dm("Dana") for said in thread(morning, "Dana", message)]
    assert sum("Nothing has moved on *B-1* since it was acked" in said for said in lapsed) == 1
    await morning.at("09:00", date(2026, 12, 1))
    assert await pending(morning) == [Step.CLIMB]
    assert [buttons(one) for one in warned(morning)] == [["Ack", "Send with my ask…"]]


async def test_news_lets_an_ack_run_anew(morning: World) -> None:
    await stuck(morning)
    await press(morning, "Dana", card(morning), views.ACK)
    await morning.at("12:00", WEDNESDAY)
    assert (await morning.hand("Ana").command("/blockers", "update 1 Legal called back")).ok
    await morning.at("12:00", THURSDAY)
    assert (await blocker(morning)).state is BlockerState.ACKED
    await morning.at("12:00", NEXT_MONDAY)
    assert (await blocker(morning)).state is BlockerState.OPEN


async def test_a_director_who_has_it_stops_the_climb(morning: World) -> None:
    asked = await climbed(morning)
    assert (await morning.hand("Priya").click(asked, views.HAVE)).ok
    await morning.deliver()

    one = await blocker(morning)
    assert (one.state, one.owner_id) == (BlockerState.ACKED, morning.people["Priya"].id)
    (shown,) = helped(morning)
    assert "I have it" not in buttons(shown)
    assert "You acked" in words(shown)
    assert "Priya has *B-1*." in await told(morning)
    assert await pending(morning) == [Step.LAPSE]


async def test_who_is_higher_up_may_say_not_now_with_a_reason_and_a_date(morning: World) -> None:
    asked = await climbed(morning)
    assert (await morning.hand("Priya").click(asked, views.SNOOZE)).ok
    assert (await submitted(morning, "Priya", {"until": "2026-11-30", "why": "after the audit"})).ok
    await morning.deliver()

    assert "snoozed until Mon 30 Nov: after the audit" in words(helped(morning)[0])
    await morning.at("09:00", NEXT_MONDAY, zone="Europe/London")
    woken = [words(said) for said in thread(morning, "Priya", helped(morning)[0])]
    assert any("The snooze of *B-1* is over: after the audit." in said for said in woken)


async def test_a_manager_may_write_the_ask_and_it_goes_at_once(morning: World) -> None:
    await stuck(morning)
    await morning.at("13:00", TUESDAY)
    assert (await morning.hand("Dana").click(warned(morning)[0], views.SEND)).ok
    assert (await submitted(morning, "Dana", {"ask": "get Legal to commit to a date", "worth": "Beltrán €120k"})).ok
    await morning.deliver()

    (asked,) = helped(morning)
    assert "Dana asks: _get Legal to commit to a date_" in words(asked)
    assert "Worth: Beltrán €120k" in words(asked)
    assert warned(morning) == []
    await morning.at("09:00", WEDNESDAY)
    assert len(helped(morning)) == 1


async def test_after_four_working_days_it_reaches_the_leader_and_stops_there(morning: World) -> None:
    leo = factories.person("Leo Marsh", role=Role.LEADER)
    await morning.write(leo)
    await change(morning, replace(morning.people["Priya"], role=Role.MANAGER, manager_id=leo.id))
    await climbed(morning)
    await morning.at("14:00", THURSDAY)
    assert await pending(morning) == [Step.CLIMB]
    await morning.at("10:00", FRIDAY)

    one = await blocker(morning)
    assert one.level == 2
    assert await pending(morning) == []


async def test_an_absence_moves_the_step_to_whoever_stands_in_and_their_return_moves_it_back(morning: World) -> None:
    await change(morning, replace(morning.people["Dana"], deputy_id=morning.people["Ravi"].id))
    await stuck(morning)
    assert await pending(morning) == [Step.WARN]
    await morning.at("09:30")
    assert (await morning.hand("Dana").command("/plan", "away today - tomorrow sick")).ok
    await morning.at("09:31")
    one = await blocker(morning)
    row = await morning.read(planned, one)
    assert row.zone == "America/Los_Angeles"

    await morning.at("09:40")
    assert (await morning.hand("Dana").command("/plan", "back")).ok
    await morning.at("09:41")
    assert (await morning.read(planned, one)).zone == "Europe/Berlin"
    assert await pending(morning) == [Step.WARN]


def planned(tx: Session, one: Blocker) -> Any:
    """The one step that is planned for a blocker."""
    mine = (Occurrences.subject == one.id, Occurrences.state == State.PLANNED)
    return tx.execute(select(Occurrences.__table__).where(*mine)).one()


async def test_a_company_day_and_a_leaver_move_it_too(morning: World) -> None:
    await stuck(morning)
    one = await blocker(morning)
    before = (await morning.read(planned, one)).due_at
    await morning.write(factories.company_day(TUESDAY))
    await morning.cadence.deps.database.write(plan_all, morning)
    await morning.at("09:31")
    assert (await morning.read(planned, one)).due_at > before
    assert [day.day for day in await stored(morning, CompanyDay)] == [TUESDAY]

    gone = replace(morning.people["Dana"], active=False)
    await morning.cadence.deps.database.write(people.change, gone, morning.clock.now)
    await morning.at("09:32")
    assert await pending(morning) == []  # Priya has it now, and nobody stands above her


def plan_all(tx: Session, world: World) -> None:
    ladders.plan_all_again(tx, world.team.workspace, world.clock.now)


async def test_resolved_nothing_is_pending_and_undone_the_same_step_is(morning: World) -> None:
    await stuck(morning)
    dana = morning.hand("Dana")
    due = (await morning.read(planned, await blocker(morning))).due_at
    assert (await dana.command("/blockers", "resolve 1")).ok
    assert await pending(morning) == []
    assert (await dana.click(dana.ephemerals()[-1], views.UNDO)).ok
    assert (await morning.read(planned, await blocker(morning))).due_at == due


async def test_after_a_night_down_it_climbs_once_and_late(morning: World) -> None:
    await stuck(morning)
    await morning.at("13:00", TUESDAY)
    await morning.at("11:00", THURSDAY)

    assert (await blocker(morning)).level == 1
    assert len(helped(morning)) == 1
    assert (await ledger(morning)).count((Step.CLIMB, State.OPENED)) == 1


async def test_what_comes_is_foreseen(morning: World) -> None:
    await stuck(morning)
    await morning.at("09:01")
    found = await morning.read(foresee, morning.clock.now, morning.clock.now + (FRIDAY - MONDAY))

    (warning,) = [one for one in found if one.ritual == "blockers"]
    assert (warning.to, warning.what) == ("Dana Weiss", "a warning that B-1 climbs")


async def test_help_that_is_no_longer_needed_says_so_and_asks_nothing(morning: World) -> None:
    await climbed(morning)
    assert len(helped(morning)) == 1
    assert (await morning.hand("Dana").command("/blockers", "resolve 1 They signed")).ok
    await morning.deliver()

    (shown,) = helped(morning)
    assert "resolved by Dana" in words(shown)
    assert buttons(shown) == []

    ana = morning.hand("Ana")
    closed = next(m for m in ana.messages(ana.dm_id, ana.dm()[0]["ts"]) if "Still stuck" in buttons(m))
    assert (await ana.click(closed, views.STILL)).ok
    await morning.deliver()
    assert len(helped(morning)) == 2
    assert buttons(helped(morning)[-1]) == ["I have it", "Ask", "Give to…", "Not now…"]


@pytest.mark.parametrize("verb", ["ack 1", "resolve 1", "park 1", "snooze 1 until tomorrow audit"])
async def test_whatever_is_done_leaves_at_most_one_step(morning: World, verb: str) -> None:
    await stuck(morning)
    assert (await morning.hand("Dana").command("/blockers", verb)).ok

    expected = {"ack 1": [Step.LAPSE], "resolve 1": [], "park 1": [Step.LAPSE]}
    assert await pending(morning) == expected.get(verb, [Step.WAKE])
