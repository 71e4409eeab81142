"""A card of two hundred people, and forms at their fullest, inside Slack's limits."""

from collections import Counter
from datetime import UTC, datetime

from bot.blocks import weight
from bot.huddle import card_views
from rituals.plans import Answer, Item
from tests import factories
from tests.bot.steps import Json, card, file, inputs, stored
from tests.bot.world import MONDAY, TUESDAY, World, buttons, words

PEOPLE = 200
LONG = "Beltrán & Söhne <signs> the new bookings, then sends the countersigned copy to legal and to finance. "


async def crowd(world: World, size: int) -> None:
    """Have `size` more reps in Dana's team who have filed, half of them at length.

    Every third has a result that moves no number.
    """
    dana, team = world.people["Dana"], world.team
    kpi = world.kpis["New bookings"]
    people = [
        factories.person(f"P{n:03} Rep", slack_id=f"U1P{n:03}", manager_id=dana.id, team_id=team.id)
        for n in range(size)
    ]
    filed_at = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
    plans = [factories.plan(person.id, team.id, day=MONDAY, filed_at=filed_at) for person in people]
    items = [
        factories.item(
            plan.id,
            f"{n} {LONG * 2 if count < size // 2 else 'Three renewals called'}",
            position=n + 1,
            kpi_id=None if count % 3 == 0 and n == 0 else kpi.id,
        )
        for count, plan in enumerate(plans)
        for n in range(3)
    ]
    await world.write(*people, *plans, *items)


async def pages(world: World) -> list[Json]:
    """Every page of Dana's card, turned by its button until the first comes back."""
    found = [card(world)]
    while True:
        shown = found[-1]
        assert (await world.hand("Dana").click(shown, card_views.PAGE)).ok
        await world.deliver()
        turned = card(world)
        if words(turned) == words(found[0]):
            return found
        found.append(turned)


async def test_a_card_of_two_hundred_people_is_turned_page_by_page_inside_the_limits(morning: World) -> None:
    await crowd(morning, PEOPLE)
    await morning.at("09:00")

    found = await pages(morning)

    assert len({page["ts"] for page in found}) == 1
    assert all(len(page["blocks"]) <= 40 for page in found)
    assert all(weight(page["blocks"]) <= 9000 for page in found)
    assert [buttons(page)[-1] for page in found] == ["Next page"] * (len(found) - 1) + ["First page"]
    names = [line for page in found for line in words(page).splitlines() if line.startswith("*P")]
    assert len(names) == len(set(names)) == PEOPLE
    assert all(f"Page {number} of {len(found)}" in words(page) for number, page in enumerate(found, 1))


async def test_agree_all_on_any_page_stamps_every_page(morning: World) -> None:
    await crowd(morning, 40)
    await morning.at("09:00")
    dana = morning.hand("Dana")
    assert (await dana.click(card(morning), card_views.PAGE)).ok
    await morning.deliver()

    assert (await dana.click(card(morning), card_views.AGREE_ALL)).ok
    await morning.cadence.deps.background.drained(30)
    await morning.deliver()

    found = [item.answer for item in await stored(morning, Item)]
    assert Counter(found) == Counter({Answer.AGREED: 3 * 40 - 14, Answer.NONE: 14})
    assert "Page 2 of" in words(card(morning))


async def test_a_form_with_five_longest_results_and_a_blocker_opens(morning: World) -> None:
    await morning.at("08:30")
    results = [(f"{n} " + LONG * 3)[:280] for n in range(5)]
    assert (await file(morning, "Ana", *results, stuck="x" * 500)).ok
    await morning.at("09:00")
    dana = morning.hand("Dana")

    for action in (card_views.REDIRECT, card_views.KEEP):
        if action == card_views.KEEP and "Keep, because…" not in buttons(card(morning)):
            continue
        assert (await dana.click(card(morning), action)).ok
        assert (dana.view or {})["callback_id"].startswith(action)
        assert (await dana.close()).ok

    await morning.at("08:30", TUESDAY)
    ana = morning.hand("Ana")
    assert (await ana.command("/plan")).ok
    assert inputs(ana.view or {}) == ["settle"] * 5 + ["today", "blocker", "stuck", "note", "share"]
    assert (await ana.submit()).ok
