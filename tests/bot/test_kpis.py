"""Values through `/kpi` and its form: read exactly, said back, corrected with their history; and the lists."""

import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.ids import new_id
from bot.kpis import reading, value_forms, views
from bot.payloads import Who
from rituals.kpis import Direction, Filed, Kpi, Link, Pace, Source
from rituals.kpis_periods import Span
from rituals.people import Role
from sandbox import Outcome
from storage import kpis
from storage.values import add
from tests import factories
from tests.bot import forging
from tests.bot.steps import change, filled, stored
from tests.bot.world import WORKSPACE, World, undated, words

Json = dict[str, Any]
NOVEMBER = date(2026, 11, 1)


async def owned(world: World, name: str = "Ana", kpi: str = "Qualified leads") -> Kpi:
    """One of the company's KPIs, owned by somebody."""
    found = replace(world.kpis[kpi], owner_id=world.people[name].id, unit="leads")
    await change(world, found)
    return found


async def typed(world: World, name: str, text: str, command: str = "/kpi") -> str:
    """What a command answers."""
    hand = world.hand(name)
    assert (await hand.command(command, text)).ok
    return words(hand.ephemerals()[-1])


async def history(world: World, kpi: Kpi) -> list[Filed]:
    """Everything that was filed for November, oldest first."""
    found = [one for one in await stored(world, Filed) if one.kpi_id == kpi.id and one.period == NOVEMBER]
    return sorted(found, key=lambda one: one.revision)


async def terms_become(world: World, kpi: Kpi, **facts: Any) -> None:
    """Other terms for a KPI, from January on."""

    def look(tx: Session) -> Any:
        return kpis.terms(tx, kpi.id)[0]

    await change(world, replace(await world.read(look), **facts))


# One line


async def test_a_value_in_one_line_is_stored_and_said_back(morning: World) -> None:
    kpi = await owned(morning)

    told = await typed(morning, "Ana", "set K-3 90 for november note trade fair")

    assert told == "Saved K-3: *90 leads* for November 2026.\n🟡 YELLOW *Qualified leads* 90 / 100 ▁█ −10%"
    (filed,) = await history(morning, kpi)
    assert (filed.value, filed.note, filed.source) == (Decimal(90), "trade fair", Source.COMMAND)
    assert (filed.by_id, filed.as_of) == (morning.people["Ana"].id, date(2026, 11, 22))


@pytest.mark.parametrize("command", [("/kpi", "set 3 1.2k"), ("/cadence", "kpi set k3 1,2k"), ("/kpi", "SET k-3 1200")])
async def test_the_same_is_said_in_many_ways(morning: World, command: tuple[str, str]) -> None:
    kpi = await owned(morning)

    told = await typed(morning, "Ana", command[1], command[0])

    assert told.startswith("Saved K-3: *1200 leads* for November 2026.")
    assert [one.value for one in await history(morning, kpi)] == [Decimal(1200)]


async def test_a_correction_keeps_what_it_corrects(morning: World) -> None:
    kpi = await owned(morning)
    await typed(morning, "Ana", "set K-3 90")

    told = await typed(morning, "Dana", "set K-3 91 note counted again")
    await typed(morning, "Ana", "set K-3 none")

    assert "*91 leads* for November 2026 (was 90, filed by Ana)." in told
    assert [(one.revision, one.value) for one in await history(morning, kpi)] == [(1, 90), (2, 91), (3, None)]
    shown = await typed(morning, "Tom", "show K-3")
    assert "November 2026: *91* (correction 1) · Dana Weiss, Sun 22 Nov, by command _counted again_" in undated(shown)
    assert "^{date_short_pretty}|Sun 22 Nov>" in shown  # on the reader's own calendar
    assert "November 2026: *taken back* (correction 2)" in shown


async def test_the_same_value_again_changes_nothing(morning: World) -> None:
    kpi = await owned(morning)

    await typed(morning, "Ana", "set K-3 90")
    await typed(morning, "Ana", "set K-3 90")

    assert len(await history(morning, kpi)) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("set", "Which KPI? Name it by its number, like K-3; /kpi tree lists them all."),
        ("set K-99 5", "There is no KPI “K-99”. Name it by its number, like K-3; /kpi tree lists them all."),
        ("set K-3 1.200", "“1.200” can be read two ways. Write 1200 or 1.2000."),
        ("set K-3 many", "I read no number in “many”. Write it like 50, 81.5, 1.2M or 12 %."),
        ("set K-3 $50", "“$50” names another unit. This KPI is in leads: write the number alone."),
        (
            "set K-3 50 for smarch",
            "“smarch” is no month that has begun. Write it like november, 2026-11, last month.",
        ),
        (
            "set K-3 50 for 2026-12",
            "“2026-12” is no month that has begun. Write it like november, 2026-11, last month.",
        ),
    ],
)
async def test_what_is_unclear_is_told_and_stores_nothing(morning: World, text: str, told: str) -> None:
    kpi = await owned(morning)

    assert await typed(morning, "Ana", text) == told
    assert await history(morning, kpi) == []


async def test_words_of_people_are_shown_literally(morning: World) -> None:
    kpi = await owned(morning)
    await change(morning, replace(kpi, name="<!channel> & {co}", unit="{x}<"))
    await typed(morning, "Ana", "set K-3 90 note <!here> {y}")

    for text in ("mine", "show K-3", "tree"):
        shown = await typed(morning, "Ana", text)
        assert "&lt;!channel&gt; &amp; {co}" in shown
        assert "<!" not in undated(shown)
    assert "@here {y}" in await typed(morning, "Ana", "show K-3")


async def test_only_the_owner_their_line_and_admins_file(morning: World) -> None:
    kpi = await owned(morning)

    told = await typed(morning, "Tom", "set K-3 90")
    ways = [await typed(morning, "Tom", "set K-3"), words(morning.hand("Tom").view or {})]

    assert told.startswith("Only Ana, Dana or an admin can do this. Nothing changed. ")
    assert any("Only Ana" in way for way in ways)
    assert await history(morning, kpi) == []
    for name in ("Dana", "Priya"):
        assert (await typed(morning, name, "set K-3 90")).startswith("Saved")


async def test_a_leaver_a_stranger_and_another_workspace_are_refused(morning: World) -> None:
    foreign = factories.kpi("Their secret", number=9, workspace="T0OTHER")
    await morning.write(foreign, factories.terms(foreign.id))
    await change(morning, replace(morning.people["Ravi"], active=False))

    assert "on a team yet" in await typed(morning, "Ravi", "tree")
    assert await typed(morning, "Ana", "show K-9") == (
        "There is no KPI “K-9”. Name it by its number, like K-3; /kpi tree lists them all."
    )


# The form


async def opened(world: World, name: str = "Ana") -> Json:
    """Somebody's list, and the form behind its `Enter`."""
    hand = world.hand(name)
    assert (await hand.command("/kpi")).ok
    assert (await hand.click(hand.ephemerals()[-1], views.ENTER)).ok
    return await filled(world, name)


async def send(world: World, name: str = "Ana", **values: str) -> Outcome:
    """Submit the form of a value for November."""
    named = {f"{field}:2026-11-01" if field != "period" else field: value for field, value in values.items()}
    return await world.hand(name).submit(values=named)


async def test_two_clicks_file_a_value_and_the_form_shows_the_last_three(morning: World) -> None:
    kpi = await owned(morning)
    months = {date(2026, 8, 1): "70", date(2026, 9, 1): "80"}
    await morning.write(*(factories.filed(kpi.id, value, period=month) for month, value in months.items()))

    shown = words(await opened(morning))
    assert (await send(morning, value="95")).ok

    assert "Last: August 2026 *70* · September 2026 *80* · October 2026 *88*" in shown
    assert "target 100 leads or more · yellow from 10 to 15 % behind, red beyond" in shown
    (filed,) = await history(morning, kpi)
    assert (filed.value, filed.source) == (Decimal(95), Source.FORM)
    assert words(morning.hand("Ana").ephemerals()[-1]).startswith(
        "Saved K-3: *95 leads* for November 2026.\n▽ slipping"
    )


async def test_the_colour_shows_before_saving(morning: World) -> None:
    await owned(morning)
    view = await opened(morning)
    hand = morning.hand("Ana")

    for number, told in (("84.99", "🔴 RED"), ("85", "🟡 YELLOW"), ("1.200", "“1.200” can be read two ways.")):
        await hand.click(view, value_forms.VALUE_TYPED, number, block_id="value:2026-11-01")
        await morning.cadence.deps.background.drained(10)
        view = hand.view or {}
        assert told in words(view)
    assert await stored(morning, Filed) != []


async def test_another_period_brings_its_own_value(morning: World) -> None:
    kpi = await owned(morning)
    view = await opened(morning)
    hand = morning.hand("Ana")

    await hand.click(view, value_forms.VALUE_TYPED, "2026-10-01", block_id="period")
    await morning.cadence.deps.background.drained(10)
    assert (await hand.submit(values={"value:2026-10-01": "89"})).ok

    october = [one for one in await stored(morning, Filed) if one.kpi_id == kpi.id and one.period < NOVEMBER]
    assert sorted((one.revision, one.value) for one in october) == [(1, Decimal(88)), (2, Decimal(89))]


async def test_a_number_that_is_refused_stays_in_its_field(morning: World) -> None:
    kpi = await owned(morning)
    await opened(morning)

    outcome = await send(morning, value="1.200", note="fair")

    assert outcome.errors == {"value:2026-11-01": "“1.200” can be read two ways. Write 1200 or 1.2000."}
    held = (morning.hand("Ana").view or {})["state"]["values"]
    assert held["value:2026-11-01"][value_forms.VALUE_TYPED]["value"] == "1.200"
    assert held["note:2026-11-01"]["note"]["value"] == "fair"
    assert await history(morning, kpi) == []


async def test_two_who_file_at_once_learn_of_each_other_and_nothing_is_lost(morning: World) -> None:
    kpi = await owned(morning)
    await opened(morning)
    await typed(morning, "Dana", "set K-3 70")

    outcome = await send(morning, value="95")

    assert outcome.errors == {"value:2026-11-01": "Dana filed 70 since you opened this. Save again to correct that."}
    assert [one.value for one in await history(morning, kpi)] == [70]


async def test_a_form_sent_three_times_is_stored_once(morning: World) -> None:
    kpi = await owned(morning)
    view = await opened(morning)
    await send(morning, value="95")
    from_before = {**view, "state": {"values": {**view["state"]["values"]}}}
    from_before["state"]["values"]["value:2026-11-01"] = {
        value_forms.VALUE_TYPED: {"type": "plain_text_input", "value": "95"}
    }

    for _ in range(2):
        assert forging.errors(await forging.submission(morning, "Ana", from_before)) == []

    assert len(await history(morning, kpi)) == 1


# The lists


async def test_my_kpis_are_those_i_own_and_share_worst_first(morning: World) -> None:
    kpi = await owned(morning)
    bookings = morning.kpis["New bookings"]
    await morning.write(
        factories.share(bookings.id, morning.people["Ana"].id), factories.filed(kpi.id, "50", period=NOVEMBER)
    )

    shown = await typed(morning, "Ana", "")

    assert shown.splitlines()[:4] == [
        "*Your KPIs*",
        "🔴 RED *Qualified leads* 50 / 100 █▁ −50%",
        "Enter",
        "K-3 · November 2026",
    ]
    assert "🟡 YELLOW *New bookings* 88 / 100 −12%\nK-1 · October 2026 · your share 25 %" in shown
    assert await typed(morning, "Zoe", "mine") == (
        "You own no KPI and have a share in none. `/kpi tree` shows all of them; your manager can give a share."
    )


async def test_a_line_reads_like_the_specification(morning: World) -> None:
    kpi = await owned(morning)
    await change(morning, replace(kpi, name="Leads"))
    await terms_become(morning, kpi, pace=Pace.LINEAR, goal=Span.QUARTER)
    past = {8: "80", 9: "70", 10: "60"}
    await morning.write(
        *(factories.filed(kpi.id, v, period=date(2026, m, 1), revision=2) for m, v in past.items()),
        factories.filed(kpi.id, "50", period=NOVEMBER, as_of=date(2026, 11, 30)),
    )

    assert "🔴 RED *Leads* 50 / 66.7 █▅▃▁ −25%" in await typed(morning, "Ana", "")


async def test_a_red_leading_kpi_is_said_in_its_lagging_ones_line(morning: World) -> None:
    kpi = await owned(morning)
    leading = morning.kpis["Renewals"]
    await morning.write(Link(new_id(), WORKSPACE, leading.id, kpi.id))
    await morning.write(factories.filed(leading.id, "10", period=NOVEMBER))

    told = "⚠ leading K-2 🔴 RED *Renewals* 10 / 100"
    for text in ("", "show K-3", "tree"):
        assert told in await typed(morning, "Ana", text)


async def test_a_long_list_has_pages(morning: World) -> None:
    ana = morning.people["Ana"].id
    many = [factories.kpi(f"KPI {n:02}", number=100 + n, owner_id=ana) for n in range(25)]
    await morning.write(*many, *(factories.terms(kpi.id) for kpi in many))
    hand = morning.hand("Ana")

    first = await typed(morning, "Ana", "")
    assert (await hand.click(hand.ephemerals()[-1], views.PAGE)).ok
    second = words(hand.ephemerals()[-1])
    third = await typed(morning, "Ana", "mine --page 3")

    assert "Page 1 of 3" in first
    assert "Page 2 of 3" in second
    assert "Page 3 of 3" in third
    seen = [
        line for page in (first, second, third) for line in page.splitlines() if "KPI " in line and "Page" not in line
    ]
    assert len(set(seen)) == 25


async def test_lower_is_better_reads_as_such(morning: World) -> None:
    kpi = await owned(morning)
    await terms_become(morning, kpi, direction=Direction.LOWER, target=Decimal(8))

    told = await typed(morning, "Ana", "set K-3 9.21")

    assert "🔴 RED *Qualified leads* 9.21 / 8" in told
    assert "−15.13%" in told or "−15.1%" in told


async def test_everybody_on_the_roster_reads_one_in_detail(morning: World) -> None:
    kpi = await owned(morning)
    await change(morning, replace(kpi, definition="A named budget and a named date."))
    await change(morning, replace(morning.people["Zoe"], role=Role.OBSERVER))

    shown = await typed(morning, "Zoe", "show 3")

    assert "K-3 · Grow in EMEA / Sales · owned by Ana Torres · filed once a month" in shown
    assert "*What it means:* A named budget and a named date." in shown
    assert "*Expected:* target 100 leads or more" in shown
    assert "Enter value" not in shown
    assert "Enter value" in await typed(morning, "Ana", "show 3")


async def test_help_lists_what_is_built(morning: World) -> None:
    shown = await typed(morning, "Ana", "help")

    for verb in ("mine", "show", "set", "tree", "add", "retire", "bands", "share", "link", "import", "objectives"):
        assert f"`/kpi {verb}" in shown


async def test_ten_thousand_values_are_listed_within_two_seconds(morning: World) -> None:
    ana = morning.people["Ana"].id
    many = [factories.kpi(f"KPI {n:03}", number=1000 + n, owner_id=ana) for n in range(200)]
    months = [date(2022 + n // 12, n % 12 + 1, 1) for n in range(50)]

    def fill(tx: Session) -> None:
        add(tx, *many)
        add(tx, *(factories.terms(kpi.id) for kpi in many))
        add(tx, *(factories.filed(kpi.id, str(n), period=month) for kpi in many for n, month in enumerate(months)))

    await morning.cadence.deps.database.write(fill)
    for text in ("mine", "tree"):
        began = time.monotonic()
        shown = await typed(morning, "Ana", text)
        assert time.monotonic() - began < 2
        assert "Page 1 of" in shown


async def test_the_lists_ask_the_database_as_often_for_many_kpis_as_for_few(morning: World) -> None:
    await owned(morning)
    who = Who(WORKSPACE, morning.people["Ana"].slack_id, "/kpi")
    now = morning.clock.now

    def asked(tx: Session, shown: Any) -> int:
        heard: list[str] = []

        def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            heard.append(statement)

        bind = tx.connection()
        event.listen(bind, "before_cursor_execute", hear)
        shown(tx, who, "", now)
        event.remove(bind, "before_cursor_execute", hear)
        return len(heard)

    few = [await morning.read(asked, shown) for shown in (reading.mine, reading.tree)]
    many = [factories.kpi(f"KPI {n}", number=100 + n, owner_id=morning.people["Ana"].id) for n in range(60)]
    shares = [factories.share(kpi.id, morning.people["Tom"].id) for kpi in many]
    await morning.write(*many, *(factories.terms(kpi.id) for kpi in many), *shares)

    assert [await morning.read(asked, shown) for shown in (reading.mine, reading.tree)] == few
