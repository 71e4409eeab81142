"""Seven days in "decide": warned on day 5, two buttons on day 7, the leader on day 9; then a review (F69, F75)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.decisions import card_views, clock_views, openings
from bot.decisions.clock_views import REVIEWS
from bot.people import leaving_views
from rituals.decisions import Decision, Outcome, State
from storage import decisions as kept
from storage import occurrences
from tests import factories
from tests.bot.decision_steps import answer, approved, captured, card, only, proposed
from tests.bot.people_steps import becomes
from tests.bot.steps import Json, change, filled, stored, submitted
from tests.bot.world import World, buttons, words

AT_WORK = 7.875
"""The capture was on Sunday at noon in Berlin: so many days later it is Monday at nine."""


async def after(world: World, days: float) -> None:
    """So many days after the capture."""
    decision = (await stored(world, Decision))[0]
    world.clock.now = decision.captured_at + timedelta(days=days)
    await world.cadence.scheduler.tick()
    await world.deliver()


def cards(world: World, name: str) -> list[Json]:
    """The two-button cards that somebody has."""
    return [one for one in world.dm(name) if "Kill it…" in buttons(one)]


async def test_day_5_warns_day_7_asks_the_manager_day_9_the_leader(morning: World) -> None:
    await captured(morning)

    await after(morning, 4.99)
    assert not [one for one in morning.dm("Ana") if "_decide_" in words(one)]
    await after(morning, 5)
    warned = words(card(morning, "Ana"))
    assert "has been in _decide_ for 5 days" in warned
    assert "In 2 days Dana is asked who decides." in warned
    assert cards(morning, "Dana") == []

    await after(morning, 7)
    assert cards(morning, "Dana") == []  # on Sunday she does not work
    await after(morning, AT_WORK)
    (asked,) = cards(morning, "Dana")
    assert buttons(asked) == ["Name the owner…", "Kill it…"]
    assert words(asked).startswith("*D-1 10 % off for two years* has been in _decide_ for 7 days. One of two:")
    assert "_No answer in 2 days and Priya gets this card._" in words(asked)
    assert cards(morning, "Priya") == []

    await after(morning, 9)
    (climbed,) = cards(morning, "Priya")
    assert buttons(climbed) == ["Name the owner…", "Kill it…"]
    assert "_Dana was asked two days ago and has not answered._" in words(climbed)
    await after(morning, 30)
    assert len(cards(morning, "Dana")) == len(cards(morning, "Priya")) == 1


@pytest.mark.parametrize("deputy", [None, "Zoe"])
async def test_day_9_on_a_saturday_waits_for_the_leader_or_goes_to_whom_stands_in(
    morning: World, deputy: str | None
) -> None:
    monday = date(2026, 12, 7)
    priya, stands_in = morning.people["Priya"], None if deputy is None else morning.people[deputy].id
    await change(morning, replace(priya, deputy_id=stands_in))
    await morning.write(factories.absence(priya.id, monday, monday))
    await morning.at("12:00", date(2026, 11, 26))
    await captured(morning)
    await after(morning, 7)
    assert len(cards(morning, "Dana")) == 1

    await after(morning, 9)
    await morning.at("08:59", monday)
    assert cards(morning, "Priya") == cards(morning, "Zoe") == []
    await morning.at("10:00", monday)
    assert [len(cards(morning, name)) for name in ("Priya", "Zoe")] == [0, int(deputy is not None)]
    await morning.at("09:00", monday + timedelta(days=1), "Europe/London")
    assert [len(cards(morning, name)) for name in ("Priya", "Zoe")] == ([1, 0] if deputy is None else [0, 1])


async def test_the_owner_is_named_in_writing_and_the_clock_goes_by_their_day(morning: World) -> None:
    await captured(morning)
    await after(morning, AT_WORK)
    dana = morning.hand("Dana")

    assert (await dana.click(cards(morning, "Dana")[0], clock_views.NAME)).ok
    await filled(morning, "Dana")
    late = await submitted(morning, "Dana", {"owner": "U0TOM", "by": "2027-01-31"})
    assert "30 days ahead at most" in late.errors["by"]
    assert (await submitted(morning, "Dana", {"owner": "U0TOM", "by": "2026-12-04"})).ok
    await morning.deliver()

    named = await only(morning)
    assert (named.owner_id, named.decide_by) == (morning.people["Tom"].id, date(2026, 12, 4))
    assert named.owner_named_at == morning.clock.now
    assert cards(morning, "Dana") == []
    assert "*D-1* is Tom's to decide by Fri 4 Dec." in words(card(morning, "Dana"))
    assert "Tom decides it by Fri 4 Dec." in words(card(morning, "Tom"))

    await after(morning, 9)
    assert cards(morning, "Priya") == []
    await morning.at("23:59", date(2026, 12, 4))
    assert cards(morning, "Dana") == []
    await morning.at("00:00", date(2026, 12, 5))
    assert cards(morning, "Dana") == []
    await morning.at("09:00", date(2026, 12, 7))
    assert len(cards(morning, "Dana")) == 1


async def test_a_kill_keeps_reason_and_author_and_only_a_new_one_takes_it_up(morning: World) -> None:
    await captured(morning)
    await after(morning, AT_WORK)
    assert (await morning.hand("Dana").click(cards(morning, "Dana")[0], clock_views.KILL)).ok
    await filled(morning, "Dana")
    assert (await submitted(morning, "Dana", {"words": "No <money>"})).ok
    await morning.deliver()

    killed = await only(morning)
    assert (killed.state, killed.killed_because, killed.settled_by_id) == (
        State.KILLED,
        "No <money>",
        morning.people["Dana"].id,
    )
    assert cards(morning, "Dana") == []
    assert "Dana killed it." in words(card(morning, "Ana"))
    await after(morning, 9)
    assert cards(morning, "Priya") == []

    def logged(tx: Session) -> Any:
        return kept.history(tx, killed.id)[-1]

    entry = await morning.read(logged)
    assert (entry.act, entry.by_id, entry.reason) == ("killed", morning.people["Dana"].id, "No <money>")
    ana = morning.hand("Ana")
    await ana.command("/decide", "show D-1")
    assert (await ana.click(ana.ephemerals()[-1], card_views.REVIVE)).ok
    assert "D-1 10 % off for two years, anew" in words(await filled(morning, "Ana"))
    assert (await submitted(morning, "Ana", {"chosen": "8 %", "instead": "Nothing", "because": "Money came"})).ok
    again = next(one for one in await stored(morning, Decision) if one.number == 2)
    assert (again.revives_id, again.state) == (killed.id, State.DRAFT)
    await ana.command("/decide", "show D-2")
    assert "takes up D-1 again" in answer(morning, "Ana")


async def test_the_same_in_one_line(morning: World) -> None:
    await captured(morning)

    for text, told in (
        ("owner D-1", "Who decides? Name somebody on the roster: /decide owner D-1 @lee by friday."),
        ("owner D-1 <@U0TOM>", "By when? Say a day from today on"),
        ("kill D-1", "Say why, in a few words."),
        ("owner D-1 <@U0TOM> by friday", "*D-1* is Tom's to decide by Fri 27 Nov."),
        ("kill 1 No money", "*D-1* is killed. The work stops; the record says why."),
        ("kill 1 No money", "D-1 was killed by Dana at 12:00. Nothing changed."),
    ):
        await morning.hand("Dana").command("/decide", text)
        assert told in answer(morning, "Dana")


async def test_a_proposal_that_waits_warns_its_approver_and_a_decided_one_nobody(morning: World) -> None:
    await proposed(morning)
    await after(morning, 5)
    assert "It waits for your answer." in words(card(morning, "Priya"))
    asked = next(one for one in morning.dm("Priya") if "Approve" in buttons(one))
    assert (await morning.hand("Priya").click(asked, card_views.APPROVE)).ok

    await after(morning, 9)
    assert cards(morning, "Dana") == cards(morning, "Priya") == []


async def test_on_the_review_date_the_owner_is_asked_as_expected(morning: World) -> None:
    await approved(morning)
    await morning.at("09:00", date(2027, 3, 1))

    asked = card(morning, "Ana")
    assert words(asked).startswith("*D-1 Two-year discount rule*: as expected?")
    assert buttons(asked) == ["Yes", "Partly…", "No…"]
    assert (await morning.hand("Ana").click(asked, REVIEWS[Outcome.PARTLY])).ok
    await filled(morning, "Ana")
    assert (await submitted(morning, "Ana", {"words": "Margin fell by 2 %"})).ok
    await morning.deliver()
    done = await only(morning)
    assert (done.outcome, done.learned) == (Outcome.PARTLY, "Margin fell by 2 %")
    assert buttons(card(morning, "Ana")) == []
    await morning.hand("Ana").command("/decide", "review D-1")
    assert answer(morning, "Ana") == "What came of it is written down already. Nothing changed."


async def test_what_is_coming_is_foreseen(morning: World) -> None:
    await captured(morning)
    now = morning.clock.now

    found = await morning.read(openings.foresee, now, now + timedelta(days=14))

    assert [(one.to, one.at - now) for one in found] == [
        ("Ana Torres", timedelta(days=5)),
        ("Dana Weiss", timedelta(days=AT_WORK)),
        ("Priya Raman", timedelta(days=9)),
    ]
    assert found[1].what == "the card: name the owner, or kill it (D-1)"
    await morning.hand("Ana").command("/decide", "kill D-1 No money")
    assert await morning.read(openings.foresee, now, now + timedelta(days=14)) == []

    def states(tx: Session) -> set[str]:
        return {row.state for row in occurrences.coming(tx, list(openings.OPENERS), now + timedelta(days=14))}

    assert await morning.read(states) == set()


async def test_what_a_leaver_owned_is_offered_to_their_manager_and_its_clock_goes_on(morning: World) -> None:
    await proposed(morning, approver="U0DANA")
    await becomes(morning, "Ana", deleted=True)
    (left,) = (one for one in morning.dm("Dana") if "has left" in one["text"])
    assert "D-1 Two-year discount rule" in words(left)

    assert (await morning.hand("Dana").click(left, leaving_views.TAKE)).ok
    await morning.deliver()

    taken = await only(morning)
    dana = morning.people["Dana"]
    # Who was to approve it owns it now, so somebody else must approve.
    assert (taken.owner_id, taken.approver_id, taken.state) == (dana.id, None, State.DRAFT)
    await after(morning, AT_WORK)
    assert len(cards(morning, "Priya")) == 1
