"""Many values at once: a look before they are stored, a fault for each bad line, and all of them or none."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.kpis import value_forms
from rituals.kpis import Filed, Source
from tests.bot.steps import change, filled, stored
from tests.bot.test_kpis import owned
from tests.bot.world import World, words

Json = dict[str, Any]
GOOD = 'kpi;period;value;note\nK-3;november;1,2k;fair\nK-3;september;81,5;=HYPERLINK("x")\nK-3;october;90\n'


async def opened(world: World, name: str = "Ana") -> Json:
    """The form of a table."""
    assert (await world.hand(name).command("/kpi", "import")).ok
    return await filled(world, name)


async def imported(world: World) -> list[Filed]:
    """What came in by a table, by period."""
    return sorted((one for one in await stored(world, Filed) if one.source is Source.CSV), key=lambda one: one.period)


async def test_the_first_look_stores_nothing_and_the_second_stores_all_of_it(morning: World) -> None:
    await owned(morning)
    await opened(morning)
    ana = morning.hand("Ana")

    assert (await ana.submit(values={"lines": GOOD})).ok
    view = ana.view or {}
    shown = words(view)
    assert view["submit"]["text"] == "Store 3"
    assert "K-3 Qualified leads, November 2026: *1200 leads*" in shown
    assert "K-3 Qualified leads, October 2026: *90 leads* (was 88)" in shown
    assert await imported(morning) == []

    assert (await ana.submit()).ok

    found = await imported(morning)
    assert [one.value for one in found] == [Decimal("81.5"), Decimal(90), Decimal(1200)]
    assert [one.note for one in found] == ['=HYPERLINK("x")', None, "fair"]
    assert [one.revision for one in found] == [1, 2, 1]
    assert words(ana.ephemerals()[-1]) == "Stored 3 values. `/kpi` shows how they stand."


async def test_one_bad_line_stores_none_and_every_bad_line_is_told(morning: World) -> None:
    await owned(morning)
    await opened(morning)
    ana = morning.hand("Ana")
    bad = "K-3;november;50\nK-9;november;1\nK-3;smarch;1\nK-3;october;1.200\n=1+1;october;5\nK-3;september;=A1"

    outcome = await ana.submit(values={"lines": bad})

    (told,) = outcome.errors.values()
    assert told.splitlines() == [
        "Nothing was stored.",
        "Line 2: “K-9” is no KPI that takes values. Write its number, like K-3.",
        "Line 3: “smarch” is no month that has begun. Write it like november, 2026-11, last month.",
        "Line 4: “1.200” can be read two ways. Write 1200 or 1.2000.",
        "Line 5: “=1+1” is no KPI that takes values. Write its number, like K-3.",
        "Line 6: I read no number in “=A1”. Write it like 50, 81.5, 1.2M or 12 %.",
    ]
    assert (ana.view or {})["state"]["values"]["lines"]["lines"]["value"] == bad
    assert await imported(morning) == []


async def test_lines_of_somebody_elses_kpi_are_refused(morning: World) -> None:
    await owned(morning)
    await opened(morning, "Tom")

    outcome = await morning.hand("Tom").submit(values={"lines": "K-3;november;50"})

    (told,) = outcome.errors.values()
    assert "Line 1: “K-3” is filed by its owner, those above them, or an admin." in told


async def test_lines_changed_after_the_look_are_looked_at_again(morning: World) -> None:
    await owned(morning)
    await opened(morning)
    ana = morning.hand("Ana")
    assert (await ana.submit(values={"lines": "K-3;november;50"})).ok

    assert (await ana.submit(values={"lines": "K-3;november;60"})).ok

    assert await imported(morning) == []
    assert "*60 leads*" in words(ana.view or {})


async def test_what_became_impossible_after_the_look_stores_nothing(morning: World) -> None:
    kpi = await owned(morning)
    await opened(morning)
    ana = morning.hand("Ana")
    assert (await ana.submit(values={"lines": "K-3;november;50\nK-3;october;60"})).ok
    await change(morning, replace(kpi, owner_id=morning.people["Tom"].id))

    outcome = await ana.submit()

    assert "Nothing was stored." in next(iter(outcome.errors.values()))
    assert await imported(morning) == []


async def test_the_same_table_again_changes_nothing(morning: World) -> None:
    await owned(morning)
    ana = morning.hand("Ana")
    for _ in range(2):
        await opened(morning)
        assert (await ana.submit(values={"lines": GOOD})).ok
        assert (await ana.submit()).ok

    assert len(await imported(morning)) == 3


async def test_a_long_table_shows_its_first_lines(morning: World) -> None:
    await owned(morning)
    await opened(morning)
    ana = morning.hand("Ana")
    lines = "\n".join(f"K-3;{year}-{month:02};{month}" for year in (2023, 2024, 2025) for month in range(1, 13))

    assert (await ana.submit(values={"lines": lines})).ok

    assert "… and 16 more" in words(ana.view or {})
    assert (ana.view or {})["callback_id"] == value_forms.IMPORT_SUBMIT
    assert (await ana.submit()).ok
    assert len(await imported(morning)) == 36


async def test_the_form_says_how_a_file_comes_in(morning: World) -> None:
    await owned(morning)

    assert "A file can't be uploaded here: that needs the scope `files:read`" in words(await opened(morning))
