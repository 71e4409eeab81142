"""The colours of the specification, through the command that files a value (F49, F50, F51); and KPIs in the huddle."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.kpis import views
from rituals.kpis import Direction, Filed, Pace
from rituals.kpis_periods import Span
from tests import factories
from tests.bot.steps import change, file, items_of, stored
from tests.bot.test_kpis import owned, terms_become, typed
from tests.bot.test_kpis_changes import asked, proposing
from tests.bot.world import TUESDAY, World, words


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("100", "🟢 GREEN *Qualified leads* 100 / 100"),
        ("90.01", "▽ slipping *Qualified leads* 90.01 / 100"),
        ("90", "🟡 YELLOW *Qualified leads* 90 / 100"),
        ("85", "🟡 YELLOW *Qualified leads* 85 / 100"),
        ("84.99", "🔴 RED *Qualified leads* 84.99 / 100"),
    ],
)
async def test_higher_is_better_against_a_hundred(morning: World, value: str, told: str) -> None:
    await owned(morning)

    assert told in await typed(morning, "Ana", f"set K-3 {value}")
    assert told in await typed(morning, "Ana", "")


async def test_no_value_is_grey(morning: World) -> None:
    kpi = await owned(morning)
    (october,) = [one for one in await stored(morning, Filed) if one.kpi_id == kpi.id]
    await change(morning, replace(october, value=None))

    assert "⚪ no value *Qualified leads* – / 100" in await typed(morning, "Ana", "")


@pytest.mark.parametrize(("value", "word"), [("8.8", "🟡 YELLOW"), ("9.2", "🟡 YELLOW"), ("9.21", "🔴 RED")])
async def test_lower_is_better_against_eight(morning: World, value: str, word: str) -> None:
    kpi = await owned(morning)
    await terms_become(morning, kpi, direction=Direction.LOWER, target=Decimal(8))

    assert f"{word} *Qualified leads* {value} / 8" in await typed(morning, "Ana", f"set K-3 {value}")


async def test_a_target_of_zero_takes_bands_in_the_unit(morning: World) -> None:
    await owned(morning)
    zero = {"target": "0", "direction": "lower", "bands": "absolute", "from": "2", "until": "5"}

    assert (await proposing(morning, **zero)).ok
    assert (await morning.hand("Dana").click(asked(morning), views.APPROVE)).ok
    await morning.at("12:00", date(2026, 12, 20))

    for value, told in (("0", "🟢 GREEN"), ("1", "▽ slipping"), ("5", "🟡 YELLOW"), ("5,01", "🔴 RED")):
        assert told in await typed(morning, "Ana", f"set K-3 {value}")
    assert "−5.01 leads" in await typed(morning, "Ana", "")


async def test_half_of_a_quarters_goal_after_two_of_three_months_is_a_quarter_behind_and_red(morning: World) -> None:
    kpi = await owned(morning)
    await terms_become(morning, kpi, pace=Pace.LINEAR, goal=Span.QUARTER)
    await morning.at("09:00", date(2026, 12, 2))

    told = await typed(morning, "Ana", "set K-3 50")

    assert told.startswith("Saved K-3: *50 leads* for November 2026.\n🔴 RED *Qualified leads* 50 / 66.7")
    assert told.endswith("−25%")


async def test_a_target_changed_in_mid_year_leaves_earlier_months_as_they_were(morning: World) -> None:
    kpi = await owned(morning)
    await typed(morning, "Ana", "set K-3 100")
    assert (await proposing(morning, target="200")).ok
    assert (await morning.hand("Dana").click(asked(morning), views.APPROVE)).ok

    assert "🟢 GREEN *Qualified leads* 100 / 100" in await typed(morning, "Ana", "")
    await morning.at("12:00", date(2026, 12, 20))
    assert "🔴 RED *Qualified leads* 100 / 200" in await typed(morning, "Ana", "set K-3 100")
    assert kpi.retired_on is None


# In the huddle


def huddle_card(world: World) -> dict[str, Any]:
    """Dana's card."""
    return next(message for message in world.dm("Dana") if message["text"].startswith("EMEA huddle"))


async def test_the_card_shows_the_colour_of_what_a_result_moves(morning: World) -> None:
    await owned(morning)
    await typed(morning, "Ana", "set K-3 50")
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Ten qualified leads called")).ok
    await morning.at("09:00")

    assert "*Ana Torres* · Qualified leads 🔴 RED −50 %" in words(huddle_card(morning))


async def test_a_retired_kpi_is_proposed_no_more_and_yesterdays_result_finds_another(morning: World) -> None:
    kpi = morning.kpis["Qualified leads"]
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Ten qualified leads called")).ok
    (item,) = await items_of(morning, "Ana")
    assert item.kpi_id == kpi.id
    assert (await morning.hand("Priya").command("/kpi", "retire K-3")).ok
    assert (await morning.hand("Priya").click(morning.hand("Priya").ephemerals()[-1], views.RETIRE)).ok
    await morning.at("09:00")
    assert "Qualified leads" in words(huddle_card(morning))
    await morning.at("08:30", TUESDAY)

    assert (await morning.hand("Ana").command("/plan", "same")).ok

    (again,) = await items_of(morning, "Ana", TUESDAY)
    assert again.text == item.text
    assert again.kpi_id is None
    assert factories.DAY < TUESDAY
