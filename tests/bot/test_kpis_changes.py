"""A target, band, direction or pace changes by somebody else's word, from the next period on (F46)."""

import asyncio
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot import blocks
from bot.kpis import views
from rituals.kpis import Kpi, Terms
from rituals.kpis_changes import Change, State
from rituals.people import Role
from sandbox import Outcome
from storage import audit, kpis
from tests.bot import forging
from tests.bot.steps import change, filled, stored
from tests.bot.test_kpis import owned, typed
from tests.bot.world import TUESDAY, World, words
from tests.factories import FUNCTION

Json = dict[str, Any]


async def proposing(world: World, who: str = "Ana", **said: Any) -> Outcome:
    """Open the form for K-3 and send it: a target of 120, because the market grew."""
    hand = world.hand(who)
    assert (await hand.command("/kpi", "bands K-3")).ok
    await filled(world, who)
    outcome = await hand.submit(values={"target": "120", "reason": "The market grew"} | said)
    await world.deliver()
    return outcome


async def proposed(world: World) -> Kpi:
    """Ana owns K-3 and has proposed; Dana has it in her DM."""
    kpi = await owned(world)
    assert (await proposing(world)).ok
    return kpi


def asked(world: World, name: str = "Dana") -> Json:
    """The DM that asks somebody for an approval."""
    (found,) = (message for message in world.dm(name) if "proposes to change" in message["text"])
    return found


async def only_change(world: World) -> Change:
    """The one change there is."""
    (found,) = await stored(world, Change)
    return found


async def in_force(world: World, kpi: Kpi, day: date) -> Terms:
    """Which terms apply to the period that begins on a date."""

    def look(tx: Session) -> Terms:
        found = kpis.readings(tx, [kpi], day)[kpi.id]
        return found.terms

    terms: Terms = await world.read(look)
    return terms


async def test_a_proposal_reaches_the_nearest_above_the_owner_with_before_after_and_why(morning: World) -> None:
    kpi = await proposed(morning)

    shown = words(asked(morning))
    assert "*Change of K-3 Qualified leads* by Ana Torres · proposed" in shown
    assert "before: target 100 leads or more" in shown
    assert "after: target 120 leads or more" in shown
    assert "why: The market grew" in shown
    assert words(morning.hand("Ana").ephemerals()[-1]) == "Proposed. Dana has it; until then K-3 stays as it is."
    assert (await in_force(morning, kpi, date(2027, 1, 15))).target == 100


async def test_approved_it_applies_from_the_next_period_and_the_proposer_hears(morning: World) -> None:
    kpi = await proposed(morning)

    assert (await morning.hand("Dana").click(asked(morning), views.APPROVE)).ok
    await morning.deliver()

    assert (await in_force(morning, kpi, date(2026, 11, 23))).target == 100
    assert (await in_force(morning, kpi, date(2026, 12, 23))).target == 120
    found = await only_change(morning)
    assert (found.state, found.decided_by_id) == (State.APPROVED, morning.people["Dana"].id)
    told = words(morning.dm("Ana")[-1])
    assert "approved by Dana Weiss, from December 2026" in told
    assert "before: target 100" in told
    assert "after: target 120" in told
    edited = words(morning.dm("Dana")[-1])
    assert "approved by Dana Weiss" in edited
    assert "Approve\n" not in edited
    assert "approved by Dana Weiss" in await typed(morning, "Tom", "show K-3")


async def test_returned_it_changes_nothing_and_the_words_reach_the_proposer(morning: World) -> None:
    kpi = await proposed(morning)
    dana = morning.hand("Dana")

    assert (await dana.click(asked(morning), views.RETURN)).ok
    await filled(morning, "Dana")
    assert (await dana.submit(values={"answer": "Not before <January>"})).ok
    await morning.deliver()

    assert (await in_force(morning, kpi, date(2026, 12, 23))).target == 100
    assert "returned by Dana Weiss: “Not before &lt;January&gt;”" in words(morning.dm("Ana")[-1])
    assert (await proposing(morning, target="110")).ok
    assert len(await stored(morning, Change)) == 2


@pytest.mark.parametrize("name", ["Ana", "Tom"])
async def test_the_owner_and_colleagues_never_approve(morning: World, name: str) -> None:
    kpi = await proposed(morning)
    found = await only_change(morning)

    await forging.press(morning, name, asked(morning), views.APPROVE, str(found.id))

    told = words(morning.hand(name).ephemerals()[-1])
    assert told.startswith("Only Dana, a leader or an admin can do this. Nothing changed. <slack://user?")
    assert told.endswith("|Ask Dana>")
    assert (await only_change(morning)).state is State.PROPOSED
    assert (await in_force(morning, kpi, date(2026, 12, 23))).target == 100


async def test_a_leader_who_owns_the_kpi_does_not_approve_it_either(morning: World) -> None:
    await owned(morning, "Priya")
    await change(morning, replace(morning.people["Zoe"], role=Role.ADMIN))
    assert (await proposing(morning, "Priya")).ok

    found = await only_change(morning)
    await forging.press(morning, "Priya", asked(morning, "Zoe"), views.APPROVE, str(found.id))

    assert "can do this" in words(morning.hand("Priya").ephemerals()[-1])
    assert (await only_change(morning)).state is State.PROPOSED
    assert found.approver_id == morning.people["Zoe"].id


async def test_where_nobody_may_approve_nothing_is_proposed(morning: World) -> None:
    await owned(morning, "Priya")

    outcome = await proposing(morning, "Priya")

    assert "Nobody here may approve this" in next(iter(outcome.errors.values()))
    assert await stored(morning, Change) == []


async def test_of_two_approvers_at_once_one_decides_and_the_other_is_told(morning: World) -> None:
    await proposed(morning)
    found = await only_change(morning)
    message = asked(morning)

    async def press(name: str, action: str) -> None:
        await forging.press(morning, name, message, action, str(found.id))

    await asyncio.gather(press("Dana", views.APPROVE), press("Priya", views.APPROVE))
    await morning.deliver()

    told = {name: words(morning.hand(name).ephemerals()[-1]) for name in ("Dana", "Priya")}
    first = next(name for name, said in told.items() if said.startswith("K-3: approved"))
    second = "Priya" if first == "Dana" else "Dana"
    assert told[second] == f"{first} approved this before you. Nothing changed."
    assert (await only_change(morning)).decided_by_id == morning.people[first].id
    assert len([message for message in morning.dm("Ana") if "approved" in message["text"]]) == 1


async def test_a_second_proposal_waits_for_the_first(morning: World) -> None:
    await proposed(morning)
    hand = morning.hand("Priya")

    assert (await hand.command("/kpi", "change K-3")).ok

    assert "Another change of K-3 waits for an answer." in words(hand.view or {})


async def test_a_form_sent_again_proposes_once(morning: World) -> None:
    await owned(morning)
    hand = morning.hand("Ana")
    assert (await hand.command("/kpi", "target K-3")).ok
    view = await filled(morning, "Ana")
    held = {**view["state"]["values"]}
    for name, said in (("target", "120"), ("reason", "The market grew")):
        held[name] = {name: {"type": "plain_text_input", "value": said}}

    for _ in range(3):
        assert forging.errors(await forging.submission(morning, "Ana", {**view, "state": {"values": held}})) == []
    await morning.deliver()

    assert len(await stored(morning, Change)) == 1
    assert len(morning.dm("Dana")) == 1


@pytest.mark.parametrize(
    ("said", "field", "told"),
    [
        ({"target": "100"}, "target", "This is what applies already."),
        ({"target": "0"}, "bands", "A target of 0 has no percentage."),
        ({"target": "1.200"}, "target", "“1.200” can be read two ways."),
        ({"from": "20"}, "until", "Yellow can't go from 20 to 15."),
        ({"until": "50 leads"}, "until", "names another unit"),
        ({"pace": "linear", "goal": "week"}, "goal", "The target is for a week, but values come once a month."),
        ({"pace": "profile", "goal": "month", "profile": "100"}, "profile", "A profile needs a target for a quarter"),
        ({"pace": "profile", "goal": "year", "profile": "50/50"}, "profile", "has 4 or 12 parts that make 100"),
    ],
)
async def test_terms_that_cannot_be_are_refused_on_their_field(
    morning: World, said: Json, field: str, told: str
) -> None:
    await owned(morning)

    outcome = await proposing(morning, **said)

    assert list(outcome.errors) == [field]
    assert told in outcome.errors[field]
    assert await stored(morning, Change) == []


async def test_pace_bands_and_direction_change_the_same_way(morning: World) -> None:
    kpi = await owned(morning)
    said = {"target": "100", "direction": "lower", "bands": "absolute", "from": "1", "until": "2,5", "pace": "profile"}

    assert (await proposing(morning, **said, goal="quarter", profile="20/30/50")).ok
    assert (await morning.hand("Dana").click(asked(morning), views.APPROVE)).ok

    terms = await in_force(morning, kpi, date(2026, 12, 23))
    assert (terms.direction, terms.bands, terms.yellow_until) == ("lower", "absolute", Decimal("2.5"))
    assert (terms.pace, terms.goal, terms.profile) == ("profile", "quarter", "20/30/50")


async def test_the_head_of_the_function_proposes_and_a_colleague_does_not(morning: World) -> None:
    await owned(morning)
    await change(morning, replace(FUNCTION, head_id=morning.people["Ravi"].id))

    assert (await proposing(morning, "Ravi")).ok
    tom = morning.hand("Tom")
    assert (await tom.command("/kpi", "bands K-3")).ok

    assert "Only Ana, Ravi, a leader or an admin can do this." in words(tom.view or {})


async def test_the_record_says_who_proposed_and_who_approved(morning: World) -> None:
    await proposed(morning)
    assert (await morning.hand("Dana").click(asked(morning), views.APPROVE)).ok
    found = await only_change(morning)

    entries = await morning.read(audit.of, [found.id, found.after_id])

    by = [(entry.kind, entry.act.actor_id, entry.act.via) for entry in entries]
    ana, dana = morning.people["Ana"].id, morning.people["Dana"].id
    assert sorted(by, key=str) == sorted(
        [
            ("kpi_terms", ana, "kpi.change_submit"),
            ("kpi_changes", ana, "kpi.change_submit"),
            ("kpi_terms", dana, "kpi.approve"),
            ("kpi_changes", dana, "kpi.approve"),
        ],
        key=str,
    )


async def test_a_change_approved_in_the_same_period_builds_on_the_one_before(morning: World) -> None:
    kpi = await proposed(morning)
    assert (await morning.hand("Dana").click(asked(morning), views.APPROVE)).ok
    await morning.at("07:00", TUESDAY)

    assert (await proposing(morning, target="130")).ok
    message = next(one for one in morning.dm("Dana") if "target 130" in words(one))
    assert "before: target 120" in words(message)
    assert (await morning.hand("Dana").click(message, views.APPROVE)).ok

    assert (await in_force(morning, kpi, date(2026, 12, 23))).target == 130


async def test_a_kpi_with_much_said_of_it_still_fits_into_one_message(morning: World) -> None:
    kpi = await owned(morning)
    await change(morning, replace(kpi, definition="<" * 500))
    for month in range(1, 11):
        await typed(morning, "Ana", f"set K-3 {month} for 2026-{month:02} note {'<' * 290}")
    for target in range(101, 107):
        assert (await proposing(morning, target=str(target), reason="<" * 500)).ok
        found = next(one for one in await stored(morning, Change) if one.state is State.PROPOSED)
        await forging.press(morning, "Dana", asked_first(morning), views.APPROVE, str(found.id))

    message = await shown_to(morning, "Dana")

    assert len(message["blocks"]) <= blocks.PAGE_BLOCKS
    assert blocks.weight(message["blocks"]) <= blocks.PAGE_CHARACTERS
    assert "Enter value" in words(message)
    assert "target 106 leads" in words(message)


def asked_first(world: World) -> Json:
    """Dana's first message: from the fourth of a day on they wait."""
    return world.dm("Dana")[0]


async def shown_to(world: World, name: str) -> Json:
    """What `/kpi show K-3` answers."""
    hand = world.hand(name)
    assert (await hand.command("/kpi", "show K-3")).ok
    return hand.ephemerals()[-1]
