"""A blocker's week, walked in a real browser: stuck on Monday, ignored, announced, climbed on Wednesday, taken.

With CADENCE_PICTURES=<folder> the screens are kept there.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import ClientSession
from playwright.async_api import Browser, Page, expect

from tests.e2e.test_morning import PATIENCE, browser, demo, jump, last, open_dm, picture, window

__all__ = ["browser"]

BERLIN = ZoneInfo("Europe/Berlin")
STUCK = "Finance has not approved the discount for Castello"


async def on_to(url: str, days: int, wall: str) -> None:
    """Jump from one thing due to the next until that time, so many days after today's date, has come in Berlin."""
    async with ClientSession() as session:
        async with session.get(f"{url}/addon/clock") as answer:
            told = await answer.json()
        today = datetime.fromisoformat(told["now"]).astimezone(BERLIN).date()
        until = datetime.combine(today + timedelta(days=days), datetime.strptime(wall, "%H:%M").time(), BERLIN)  # noqa: DTZ007 - a wall time
        while told["next"] is not None and datetime.fromisoformat(told["next"]["at"]) <= until:
            async with session.post(f"{url}/addon/clock/jump") as answer:
                assert answer.ok, await answer.text()
                told = await answer.json()


async def say_stuck(ana: Page) -> None:
    await open_dm(ana)
    await expect(last(ana)).to_contain_text("Plan for Monday", timeout=PATIENCE)
    await last(ana).get_by_role("button", name="Write plan").click()
    form = ana.get_by_role("dialog")
    await form.get_by_role("textbox", name="Stuck on").fill(STUCK)
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_be_hidden(timeout=PATIENCE)
    await expect(last(ana)).to_contain_text("1 blocker (B-45, parked for the weekly)", timeout=PATIENCE)


async def test_a_blocker_that_nobody_acks_climbs_until_somebody_has_it(browser: Browser, tmp_path: Path) -> None:
    async with demo(tmp_path / "demo") as (_, url):
        ana = await window(browser, url, "U0ANA")
        await jump(ana, "08:30")
        await say_stuck(ana)

        dana = await window(browser, url, "U0DANA")
        await on_to(url, 0, "09:00")
        await open_dm(dana)
        await expect(last(dana)).to_contain_text(f"B-45 {STUCK} · open, new today", timeout=PATIENCE)
        await picture("blocker-1-card")(dana)

        await on_to(url, 1, "13:00")
        cards = dana.locator("#main").get_by_role("article").filter(has_text="EMEA huddle")
        await cards.last.get_by_role("button", name=re.compile("repl")).click()
        thread = dana.get_by_role("complementary")
        await expect(thread).to_contain_text(f"B-45 {STUCK} goes to Priya", timeout=PATIENCE)
        await picture("blocker-2-warned")(dana)

        await on_to(url, 1, "09:30")
        priya = await window(browser, url, "U0PRIYA", viewport={"width": 390, "height": 800})
        asked = priya.locator("#main").get_by_role("article").filter(has_text="For your help: B-45")
        await expect(asked).to_contain_text("Climbed by the clock; no ask written yet.", timeout=PATIENCE)
        await picture("blocker-3-climbed-on-a-phone")(priya)
        await asked.get_by_role("button", name="I have it").click()
        await expect(asked).to_contain_text("You acked", timeout=PATIENCE)
        await expect(asked).to_contain_text("if nothing moves")
        await picture("blocker-4-taken")(priya)

        await expect(cards.last).to_contain_text("owner: Priya", timeout=PATIENCE)
