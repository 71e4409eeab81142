"""A decision from a thread to its review: captured on a phone, written, returned, approved, read, superseded, reviewed.

With CADENCE_PICTURES=<folder> the screens are kept there.
"""

import re
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.test_company import choose, command
from tests.e2e.test_morning import PATIENCE, demo, last, open_dm, picture, window

PHONE = {"width": 390, "height": 800}
WRITTEN = {
    "Context": "Deals of two years are asked for more and more.",
    "Options, two to seven, one a line": "Ten per cent off for two years\nFifteen per cent off\nNothing",
    "Consequences": "Margin falls by 1 %, churn by 3 %.",
    "We will not": "No discount for one year.",
}
READERS = ("Tom Becker", "Jonas Lind", "Ella Grant", "Ravi Shah", "Dana Weiss")


async def capture_on_a_phone(ana: Page) -> None:
    """In the thread where it was decided: the words stand in the form already."""
    await ana.get_by_role("button", name="Channels and people").click()
    await ana.get_by_role("navigation").get_by_role("link", name=re.compile("emea-huddle")).click()
    box = ana.get_by_role("textbox", name=re.compile("^Message "))
    await box.fill("Ten per cent off for two years")
    await box.press("Enter")
    await expect(last(ana)).to_contain_text("Ten per cent off", timeout=PATIENCE)
    await last(ana).get_by_role("button", name="More actions").click()
    await ana.get_by_role("menuitem", name="Make a decision").click()
    form = ana.get_by_role("dialog")
    await expect(form.get_by_role("textbox", name="Chosen")).to_have_value("Ten per cent off for two years")
    await form.get_by_role("textbox", name="Instead of").fill("Fifteen per cent off")
    await form.get_by_role("textbox", name="Because").fill("Churn is the price")
    await picture("memo-1-capture-on-a-phone")(ana)
    await form.get_by_role("button", name="Save").click()
    await expect(ana.locator("#main")).to_contain_text("D-1 Ten per cent off for two years", timeout=PATIENCE)


async def opened(page: Page, number: int) -> Locator:
    """The full form of a memo."""
    await command(page, f"/decide edit D-{number}")
    form = page.get_by_role("dialog").last
    await expect(form).to_contain_text("When saved", timeout=PATIENCE)
    return form


async def propose(page: Page, form: Locator) -> None:
    """Send the form as a proposal."""
    await form.get_by_role("radio", name=re.compile("^Propose")).check()
    await form.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)


async def fill(form: Locator, touches: str) -> None:
    """What a proposal needs but for people."""
    await form.get_by_role("radiogroup", name=re.compile("financial target")).get_by_role("radio", name=touches).check()
    for name, words in WRITTEN.items():
        await form.get_by_role("textbox", name=name).fill(words)
    await form.get_by_label("Decide by").fill("2026-12-01")
    await form.get_by_label("Review on").fill("2027-03-01")


async def write(ana: Page) -> None:
    """The whole memo; without an approver it is refused on that field, and nothing is lost."""
    await open_dm(ana)
    form = await opened(ana, 1)
    await fill(form, "Yes")
    readers = form.get_by_role("combobox", name="Readers")
    for name in READERS:
        await readers.click()
        await readers.fill(name)
        await expect(ana.get_by_role("option", name=re.compile(name)).first).to_be_visible()
        await readers.press("Enter")
    await readers.press("Tab")
    await form.get_by_role("radio", name=re.compile("^Propose")).check()
    await form.get_by_role("button", name="Save", exact=True).click()
    await expect(form.get_by_text(re.compile("approved by somebody who is not its owner"))).to_be_visible()
    await choose(ana, "Approver", "Priya")
    await picture("memo-2-form")(ana)
    await propose(ana, form)
    await expect(ana.locator("#main")).to_contain_text("Commitment, waiting for Priya", timeout=PATIENCE)


async def test_a_decision_is_captured_answered_and_found_again(browser: Browser, tmp_path: Path) -> None:
    async with demo(tmp_path / "demo") as (_, url):
        await capture_on_a_phone(await window(browser, url, "U0ANA", viewport=PHONE))
        ana = await window(browser, url, "U0ANA", viewport={"width": 1280, "height": 1400})
        await write(ana)

        priya = await window(browser, url, "U0PRIYA")
        await open_dm(priya)
        card = last(priya)
        await expect(card).to_contain_text("readers 0 of 5", timeout=PATIENCE)
        await picture("memo-3-card")(priya)
        await card.get_by_role("button", name="Return…").click()
        form = priya.get_by_role("dialog")
        await form.get_by_role("textbox", name="What is missing").fill("Which customers?")
        await form.get_by_role("button", name="Return").click()
        await expect(last(ana)).to_contain_text("Which customers?", timeout=PATIENCE)
        await last(ana).get_by_role("button", name="Write the memo").click()
        form = ana.get_by_role("dialog").last
        await expect(form).to_contain_text("Returned: Which customers?", timeout=PATIENCE)
        await form.get_by_role("textbox", name="Context").fill("Those of the north ask for it.")
        await propose(ana, form)
        await expect(last(priya)).to_contain_text("Those of the north", timeout=PATIENCE)
        await last(priya).get_by_role("button", name="Approve").click()
        await expect(last(ana)).to_contain_text("Priya approved it.", timeout=PATIENCE)

        for person in ("U0TOM", "U0JONAS", "U0ELLA"):
            reader = await window(browser, url, person)
            await open_dm(reader)
            asked = reader.locator("#main").get_by_role("article").filter(has_text="D-1").first
            await expect(asked).to_contain_text("approved by Priya", timeout=PATIENCE)
            await asked.get_by_role("button", name="Read", exact=True).click()
            await expect(asked).to_contain_text("You answered: read.", timeout=PATIENCE)
        await command(ana, "/decide show D-1")
        await expect(last(ana)).to_contain_text("readers 3 of 5", timeout=PATIENCE)

        await supersede_and_review(ana)


async def supersede_and_review(ana: Page) -> None:
    """Another one takes its place, and what came of the first is written down."""
    await command(ana, "/decide new Eight per cent")
    form = ana.get_by_role("dialog").last
    await form.get_by_role("textbox", name="Chosen").fill("Eight per cent off")
    await form.get_by_role("textbox", name="Instead of").fill("Ten per cent off")
    await form.get_by_role("textbox", name="Because").fill("Margin")
    await form.get_by_role("button", name="Save", exact=True).click()
    await expect(last(ana)).to_contain_text("D-2 Eight per cent", timeout=PATIENCE)
    form = await opened(ana, 2)
    await fill(form, "No")
    await propose(ana, form)
    await expect(last(ana)).to_contain_text("Autonomy, decided", timeout=PATIENCE)
    await command(ana, "/decide supersede D-1 with D-2")
    await expect(last(ana)).to_contain_text("D-1 gave way to D-2", timeout=PATIENCE)
    await command(ana, "/decide search per cent")
    await expect(last(ana)).to_contain_text("superseded by D-2", timeout=PATIENCE)
    await command(ana, "/decide show D-1")
    await expect(last(ana)).to_contain_text("This gave way to D-2", timeout=PATIENCE)
    await picture("memo-4-superseded")(ana)
    await command(ana, "/decide review D-1")
    await expect(last(ana)).to_contain_text("as expected?", timeout=PATIENCE)
    await last(ana).get_by_role("button", name="Partly…").click()
    form = ana.get_by_role("dialog").last
    await form.get_by_role("textbox", name="Partly, because").fill("Margin fell by 2 %")
    await form.get_by_role("button", name="Save", exact=True).click()
    await expect(last(ana)).to_contain_text("D-1 is reviewed: partly", timeout=PATIENCE)
