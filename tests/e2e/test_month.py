"""A leader's month on a phone: from the digest in their DM to the closed month, in a real browser.

With CADENCE_PICTURES=<folder> the screens are kept there; those in docs/pictures are some of them.
"""

import re
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.test_company import choose
from tests.e2e.test_morning import PATIENCE, demo, last, open_dm, picture, window

PHONE = {"width": 390, "height": 844}


def room(page: Page) -> Locator:
    """The screen of the digest that is open."""
    return page.get_by_role("dialog").last


async def press(page: Page, label: str, says: str | re.Pattern[str]) -> None:
    """Press a button of the screen, and see what it shows."""
    await room(page).get_by_role("button", name=label, exact=True).click()
    await expect(room(page)).to_contain_text(says, timeout=PATIENCE)


async def drilled(page: Page) -> None:
    """`More` shows all that is known of the number, above the screen it stands on."""
    await press(page, "More", "Causes and proposals")
    await expect(room(page)).to_contain_text("K-4 Qualified leads")
    await picture("month-4-more")(page)
    await room(page).get_by_title("Back").click()


async def test_a_leaders_month_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    async with demo(tmp_path / "demo") as (_, url):
        priya = await window(browser, url, "U0PRIYA", viewport=PHONE, has_touch=True)
        await priya.get_by_role("button", name="Channels and people").click()
        await open_dm(priya)
        await priya.keyboard.press("Escape")
        await expect(priya.get_by_role("navigation")).to_be_hidden()
        digest = last(priya)
        await expect(digest).to_contain_text(
            re.compile("1 red needs you, 1 yellow to choose, 1 trigger fired. About"), timeout=PATIENCE
        )
        await picture("month-1-digest")(priya)

        await digest.get_by_role("button", name=re.compile("^2 replies")).click(timeout=4 * PATIENCE)
        thread = priya.get_by_role("complementary", name="Thread")
        await expect(thread.get_by_role("table")).to_contain_text("RED", timeout=PATIENCE)
        drawn = thread.get_by_alt_text(re.compile("Twelve months of colours"))
        await expect(drawn).to_be_visible(timeout=PATIENCE)
        await expect(drawn).to_have_js_property("naturalWidth", 1200)
        await picture("month-1-thread")(priya)
        await thread.get_by_role("button", name=re.compile("^Close")).click()

        await digest.get_by_role("button", name="Start").click()
        await expect(room(priya)).to_contain_text("Obstacle: Legal (B-42).", timeout=PATIENCE)
        await picture("month-2-actions")(priya)
        await press(priya, "Next", "Freeze new discounts")
        await picture("month-3-trigger")(priya)
        await press(priya, "Start it", "started")

        await press(priya, "Next", "Move 40 k from fairs to paid search")
        await picture("month-4-red")(priya)
        await drilled(priya)
        await press(priya, "Ack", "acked")
        await room(priya).get_by_role("button", name="Assign help…").click()
        await expect(room(priya)).to_contain_text("Needed for the month to close.", timeout=PATIENCE)
        await choose(priya, "Who helps", "Lee Carter")
        await picture("month-5-help")(priya)
        await room(priya).get_by_role("button", name="Agree").click()
        await expect(room(priya)).to_contain_text("with Lee", timeout=PATIENCE)

        await press(priya, "Next", "Cause and proposal not in yet (Grace")
        await picture("month-6-yellow")(priya)
        await press(priya, "Watch", "watching")
        await press(priya, "Next", "No answer needed")
        await press(priya, "Next", "At goal")
        await press(priya, "Thank them", "Thanked.")
        await picture("month-7-thanks")(priya)
        await press(priya, "Next", "Agreed for next month")
        await press(priya, "Next", "Each red has an agreed action")
        await room(priya).get_by_role("button", name="Close the month…").click()
        await expect(room(priya)).to_contain_text("Guardrails changed", timeout=PATIENCE)
        await room(priya).get_by_role("button", name="Close", exact=True).last.click()
        await expect(room(priya)).to_contain_text("is closed", timeout=PATIENCE)
        await picture("month-8-closed")(priya)
        await room(priya).get_by_role("button", name="Close").first.click()
        await expect(last(priya)).to_contain_text("is closed: 2 actions agreed.", timeout=PATIENCE)
