"""The picture of twelve months: right in every cell, in letters that there are, and below the leader's digest."""

import asyncio
import io
from datetime import UTC, date, datetime

import pytest
from aiohttp import ClientSession
from PIL import Image, ImageColor

from bot.ids import new_id
from bot.stoplight import picture_views as views
from bot.stoplight.picture_views import LOOKS, Picture, Row
from rituals.kpis import Colour, Link
from rituals.kpis_periods import Period, Span
from rituals.stoplight_history import Months
from tests.bot.month_steps import REPORTED, collected, message
from tests.bot.world import WORKSPACE, world

NOVEMBER = Period(date(2026, 11, 1), Span.MONTH)
G, Y, R, S, X = Colour.GREEN, Colour.YELLOW, Colour.RED, Colour.SLIPPING, Colour.GREY


def row(number: int, name: str = "New bookings", months: Months = (G,) * 12) -> Row:
    return Row(f"K-{number}", name, "Marketing", views.stands(months[-1] or X, "−25%"), months)


def filled(png: bytes, n: int, month: int) -> Colour | None:
    """The colour with which a cell is filled, of those that are filled at all."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    # Below its letter.
    seen = image.getpixel((int(views.MARGIN + views.STEP * (month + 0.5)), views.TOP + views.ROW * n + 102 + 27))
    assert isinstance(seen, tuple)
    fills = {one: ImageColor.getrgb(look.fill) for one, look in LOOKS.items() if look.fill != "white"}
    near = [one for one, fill in fills.items() if max(abs(a - b) for a, b in zip(seen, fill, strict=False)) < 24]
    return near[0] if near else None


def test_every_cell_shows_its_colour() -> None:
    rows = [row(1, months=(None, None, X, R, Y, G, S, R, R, Y, G, R)), row(2, months=(G, Y, R) * 4)]
    (png,) = views.draw(Picture(NOVEMBER, rows))

    for n, one in enumerate(rows):
        expected = [None if colour in {None, X, S} else colour for colour in one.months]
        assert [filled(png, n, month) for month in range(12)] == expected


@pytest.mark.parametrize(
    ("expected", "name"),
    [
        ("Größe & Wert <50 %>", "Größe & Wert <50 %>"),
        ("Churn, $ per $", "Churn, $ per $"),
        ("Growth of pipeline", "\U0001f680 Growth \U0001f469\u200d\U0001f4bb of pipeline \ufe0f"),
        ("می\u200cشود", "می\u200cشود"),
        ("חידושים בזמן", "חידושים בזמן"),
        ("معدل الفوز", "معدل الفوز"),
        ("Доля побед", "Доля побед"),
        (None, "ᏣᎳᎩ \U00013000"),
        (None, "🚀"),
    ],
)
def test_a_name_is_written_in_letters_that_there_are_or_stands_by_its_number(expected: str | None, name: str) -> None:
    assert views.legible(name) == expected
    # A box for a missing letter is a warning, and a warning is an error.
    assert views.draw(Picture(NOVEMBER, [row(1, name)]))


def test_many_kpis_are_spread_evenly_and_what_is_left_out_is_said() -> None:
    assert [len(page) for page in Picture(NOVEMBER, [row(n) for n in range(21)]).pages] == [11, 10]
    many = Picture(NOVEMBER, [row(n, f"Number {n} {'x' * 60}", (Y, R) * 6) for n in range(207)])
    assert [len(page) for page in many.pages] == [20] * 10
    text = views.told(many)
    assert text.startswith("*Twelve months of colours, up to November 2026.* Now 207 red.\nRed: K-0 Number 0 xxx")
    assert text.endswith("and 195 more.\nThe 7 best are not drawn; the whole report has them.")


def test_the_picture_is_told_in_words_too() -> None:
    rows = [row(1, "A <b>", (R,) * 12), row(2, "C", (*((Y, G) * 5), G, R)), row(3, "D", (None,) * 11 + (Y,)), row(4)]
    assert views.told(Picture(NOVEMBER, rows)).splitlines() == [
        "*Twelve months of colours, up to November 2026.* Now 2 red, 1 yellow, 1 green.",
        "Red: K-1 A &lt;b&gt; (12 months in a row), K-2 C.",
        "Yellow: K-3 D.",
    ]


async def test_a_leaders_digest_brings_a_table_and_a_picture(database_url: str) -> None:
    since = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
    async with world(database_url, since, ["files:write"]) as built:
        leading, lagging = built.kpis["New bookings"], built.kpis["Renewals"]
        await built.write(Link(new_id(), WORKSPACE, leading.id, lagging.id))
        await collected(built)
        await built.at("08:00", REPORTED, "Europe/London")
        digest = message(built, "Priya", "November:")
        table, picture = built.hand("Priya").messages(thread=digest["ts"])[1:]
        assert [[cell["text"] for cell in line] for line in table["blocks"][1]["rows"]] == [
            ["KPI", "Colour", "Value / expected", "Behind", "Function"],
            ["K-1 New bookings", "🔴 RED", "70 / 100", "−30%", "Sales"],
            ["K-2 Renewals ⚠ leading K-1 red", "🟡 YELLOW", "88 / 100", "−12%", "Sales"],
            ["K-3 Qualified leads", "🟢 GREEN", "104 / 100", "+4%", "Sales"],
        ]
        assert picture["text"] == (
            "*Twelve months of colours, up to November 2026.* Now 1 red, 1 yellow, 1 green.\n"
            "Red: K-1 New bookings.\nYellow: K-2 Renewals (2 months in a row)."
        )
        (file,) = picture["files"]
        assert file["name"] == "stoplight-2026-11-1.png"
        assert file["title"] == "Twelve months of colours, up to November 2026"
        async with ClientSession() as session, session.get(file["url_private"]) as given:
            png = await given.read()

        built.clock.now = datetime(2027, 1, 8, 8, 0, tzinfo=UTC)
        await built.cadence.scheduler.tick()
        await built.cadence.delivery.drain()  # what stands alone; what stands below it comes next
        built.sandbox.faults.add("chat.postMessage", "fail", error="invalid_blocks")
        await built.deliver()
        digest = message(built, "Priya", "December:")
        below = built.hand("Priya").messages(thread=digest["ts"])[1:]
        (refused,) = [one for one in below if "files" not in one]
        assert "blocks" not in refused
        assert refused["text"].startswith("*December in one table*\nK-1 ⚪ no value *New bookings* – / 100 █▁·")

    assert [await asyncio.to_thread(filled, png, n, month) for n in range(3) for month in (10, 11)] == [
        Y, R, Y, Y, Y, G,
    ]  # fmt: skip
