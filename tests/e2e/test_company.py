"""A company that changes: a joiner, a rename, a leaver, a move and a manager on leave, walked in a real browser.

With CADENCE_PICTURES=<folder> the screens are kept there.
"""

import re
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.test_morning import PATIENCE, demo, jump, last, open_dm, picture, window


async def slack(url: str, **told: Any) -> None:
    """Something happens to somebody in Slack."""
    async with ClientSession() as session, session.post(f"{url}/control/people", json=told) as answer:
        assert answer.ok, await answer.text()


async def command(page: Page, text: str) -> None:
    """Type a slash command into the DM with Cadence, once no dialog stands before it: Enter would be lost on it."""
    await expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    box = page.get_by_role("textbox", name=re.compile("^Message "))
    await box.fill(text)
    await box.press("Enter")


async def room_of(page: Page, text: str, words: str) -> Locator:
    """Open a room or a form by a slash command; on a busy machine do what its sentence says and type it again."""
    room = page.get_by_role("dialog").last
    late = page.locator("#main").get_by_text("Type the command again").last
    for _ in range(3):
        await command(page, text)
        await expect(room.or_(late).first).to_be_visible(timeout=PATIENCE)
        if await room.count():
            break
    await expect(room).to_contain_text(words, timeout=PATIENCE)
    return room


async def choose(page: Page, name: str | re.Pattern[str], typed: str) -> None:
    """Choose from a menu of the form or room on top."""
    box = page.get_by_role("dialog").last.get_by_role("combobox", name=name)
    await box.click()
    await box.fill(typed)
    await page.get_by_role("option", name=re.compile(typed)).first.click()


async def put_on_a_team(priya: Page, url: str) -> None:
    """Nia joins; Priya, an admin, finds her waiting and puts her on a team."""
    await slack(url, join={"id": "U0NIA", "name": "nia", "real_name": "Nia Brandt", "tz": "Europe/Berlin"})
    await open_dm(priya)
    room = await room_of(priya, "/cadence people", "On no team yet")
    await expect(room).to_contain_text("Nia Brandt", timeout=PATIENCE)
    await picture("company-1-people")(priya)
    await room.get_by_role("button", name="Put on a team…").nth(1).click()
    form = priya.get_by_role("dialog").last
    await expect(form).to_contain_text("Reports to", timeout=PATIENCE)
    await choose(priya, "Team", "EMEA")
    await picture("company-2-person")(priya)
    await form.get_by_role("button", name="Save").click()
    await expect(priya.get_by_role("dialog").last).to_contain_text("Lin Ode", timeout=PATIENCE)
    await expect(priya.get_by_role("dialog").last).to_contain_text("On no team yet · 1", timeout=PATIENCE)
    await picture("company-3-placed")(priya)


async def move(priya: Page) -> None:
    """Ella moves to another team."""
    found = priya.get_by_role("dialog").last.get_by_placeholder("Type a name")
    await found.click()
    await found.fill("Ella")
    await priya.get_by_role("option", name=re.compile("Ella")).first.click()
    form = priya.get_by_role("dialog").last
    await expect(form).to_contain_text("Reports to", timeout=PATIENCE)
    await choose(priya, "Team", "Americas")
    await form.get_by_role("button", name="Save").click()
    await expect(priya.get_by_role("dialog").last).to_contain_text("Find somebody", timeout=PATIENCE)
    await priya.get_by_role("dialog").last.get_by_role("button", name="Close").first.click()


async def look_at_teams(priya: Page) -> None:
    room = await room_of(priya, "/cadence teams", "managed by Dana Weiss")
    await expect(room).to_contain_text("Americas · 5 people", timeout=PATIENCE)
    await picture("company-4-teams")(priya)
    await room.get_by_role("button", name="Change…").first.click()
    await expect(priya.get_by_role("dialog").last).to_contain_text("Huddle on", timeout=PATIENCE)
    await picture("company-5-team")(priya)
    await priya.get_by_role("dialog").last.get_by_role("button", name="Cancel").click()
    await priya.get_by_role("dialog").last.get_by_role("button", name="Close").first.click()
    await room_of(priya, "/cadence holidays", "Company days")
    await picture("company-6-holidays")(priya)
    await priya.get_by_role("dialog").last.get_by_role("button", name="Close").first.click()


async def test_a_company_changes_in_a_day(browser: Browser, tmp_path: Path) -> None:
    async with demo(tmp_path / "demo") as (_, url):
        dana = await window(browser, url, "U0DANA")
        await jump(dana, "08:30")
        priya = await window(browser, url, "U0PRIYA", viewport={"width": 1280, "height": 1400})
        await put_on_a_team(priya, url)
        await move(priya)
        await look_at_teams(priya)

        await jump(dana, "09:00")
        await open_dm(dana)
        await expect(last(dana)).to_contain_text("EMEA huddle", timeout=PATIENCE)
        await expect(last(dana)).not_to_contain_text("Ella")  # who was not asked yet, and is elsewhere now
        await slack(url, change="U0JONAS", fields={"real_name": "Jonas Lind-Berg"})
        await slack(url, change="U0ANA", fields={"deleted": True})
        await expect(last(dana)).to_contain_text("Ana Torres has left", timeout=PATIENCE)
        await expect(last(dana)).to_contain_text("B-42")
        await picture("company-7-leaver")(dana)
        await last(dana).get_by_role("button", name="I take it").first.click()
        await expect(last(dana)).to_contain_text("Dana Weiss has it", timeout=PATIENCE)
        await picture("company-8-taken")(dana)

        form = await room_of(dana, "/plan away", "Who is away")
        await picture("company-9-away")(dana)
        await form.get_by_role("button", name="Cancel").click()
        await command(dana, "/plan away tomorrow - in 3 days walking in the hills")
        await expect(dana.locator("#main")).to_contain_text("You are away", timeout=PATIENCE)
        ravi = await window(browser, url, "U0RAVI")
        await open_dm(ravi)
        await until_it_shows(ravi, "You have this huddle while the team's manager is away")
        await expect(last(ravi)).to_contain_text("Jonas Lind-Berg")
        await expect(last(ravi)).not_to_contain_text("Ella")
        await expect(last(ravi)).not_to_contain_text("Ana Torres")
        await picture("company-10-deputy")(ravi)


async def until_it_shows(page: Page, words: str) -> None:
    """Jump ahead until the newest message says something."""
    button = page.get_by_role("button", name=re.compile("^Jump to"))
    for _ in range(20):
        if words in await page.locator("#main").inner_text():
            return
        await expect(button).to_be_enabled(timeout=PATIENCE)
        label = await button.inner_text()
        await button.click()
        await expect(button).not_to_have_text(label, timeout=PATIENCE)
    raise AssertionError(f"{words!r} never came")
