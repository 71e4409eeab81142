"""A blocker's week, walked in a real browser: stuck on Monday, climbed on Wednesday, a theme on Thursday's agenda.

With CADENCE_PICTURES=<folder> the screens are kept there.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import ClientSession
from playwright.async_api import Browser, Page, expect

from tests.e2e.test_company import choose, command, room_of
from tests.e2e.test_morning import PATIENCE, demo, jump, last, open_dm, picture, window

BERLIN = ZoneInfo("Europe/Berlin")
STUCK = "Finance has not approved the discount for Castello"
ALIKE = {
    "U0ELLA": "The discount for Helio is not approved by finance",
    "U0JONAS": "Discount for Quill Press: finance has not approved it",
}


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
    await expect(last(ana)).to_contain_text("1 blocker (B-45, parked for Monday's weekly)", timeout=PATIENCE)


async def say_alike(url: str) -> None:
    """Two more are stuck on the same, and type it themselves."""
    async with ClientSession() as session:
        for who, text in ALIKE.items():
            said = {"as": who, "channel": "C0EMEA", "command": "/blockers", "text": f"new {text}"}
            async with session.post(f"{url}/page/command", json=said) as answer:
                assert answer.ok, await answer.text()


async def set_weekly(dana: Page) -> None:
    form = await room_of(dana, "/cadence weekly", "Weekly of EMEA")
    for field in ("Meets on", "Collects on"):
        await choose(dana, field, "Thursday")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden(timeout=PATIENCE)


async def make_theme(dana: Page) -> None:
    """Wednesday's message holds all three, and Dana makes a theme of them."""
    seen = dana.locator("#main").get_by_role("article").filter(has_text="Themes I see")
    await expect(seen).to_contain_text("blockers (B-45, B-46, B-47", timeout=PATIENCE)
    await picture("weekly-1-themes")(dana)
    told = await seen.inner_text()
    place = told[: told.index("B-45, B-46")].count("blockers (") - 1
    await seen.get_by_role("button", name="Make theme").nth(place).click()
    form = dana.get_by_role("dialog")
    await form.get_by_role("textbox", name="Name").fill("Discounts wait for Finance")
    await form.get_by_role("button", name="Make theme").click()
    await expect(form).to_be_hidden(timeout=PATIENCE)
    await expect(seen).to_contain_text("✓ on the agenda", timeout=PATIENCE)


async def hold_weekly(dana: Page) -> None:
    """The theme ends in an action, something must be decided, and the weekly closes."""
    agenda = dana.locator("#main").get_by_role("article").filter(has_text="EMEA weekly").last
    await expect(agenda).to_contain_text("Discounts wait for Finance · ", timeout=PATIENCE)
    await expect(agenda).to_contain_text("no action yet")
    form = dana.get_by_role("dialog")
    await agenda.get_by_role("button", name="+ Action").click()
    await form.get_by_role("textbox", name="Action").fill("Finance answers within two days")
    await choose(dana, "Owner", "Dana")
    await choose(dana, "For", "Discounts")
    await form.get_by_role("button", name="Add").click()
    await expect(form).to_be_hidden(timeout=PATIENCE)
    await expect(agenda).to_contain_text("Finance answers within two days", timeout=PATIENCE)

    await agenda.get_by_role("button", name="+ Decision needed").click()
    await form.get_by_role("textbox", name="What must be decided?").fill("Which discounts need no approval?")
    await choose(dana, "Who decides it?", "Priya")
    await form.get_by_role("button", name="Add").click()
    await expect(form).to_be_hidden(timeout=PATIENCE)
    await expect(agenda).to_contain_text("Which discounts need no approval? (Priya)", timeout=PATIENCE)
    await picture("weekly-2-running")(dana)

    await agenda.get_by_role("button", name="Close").click()
    await form.get_by_role("checkbox", name="None, on purpose").check()
    await form.get_by_role("button", name="Close", exact=True).last.click()
    await expect(form).to_be_hidden(timeout=PATIENCE)
    await expect(agenda.get_by_role("button", name="+ Action")).to_have_count(0, timeout=PATIENCE)
    await picture("weekly-3-closed")(dana)


async def test_a_blocker_that_nobody_acks_climbs_until_somebody_has_it(browser: Browser, tmp_path: Path) -> None:
    async with demo(tmp_path / "demo") as (_, url):
        ana = await window(browser, url, "U0ANA")
        await jump(ana, "08:30")
        await say_stuck(ana)

        await say_alike(url)
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
        await set_weekly(dana)
        await on_to(url, 0, "15:00")
        await make_theme(dana)
        await on_to(url, 1, "14:00")
        await hold_weekly(dana)

        await command(priya, "/decide list mine")
        await expect(last(priya)).to_contain_text("Which discounts need no approval?", timeout=PATIENCE)
