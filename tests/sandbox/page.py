"""The page in a real browser: headless Chromium, and the windows that people look through."""

import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from sandbox import Sandbox

Visit = Callable[..., Any]


@pytest.fixture
async def visit(sandbox: Sandbox, browser: Browser) -> AsyncIterator[Visit]:
    """Open the page as somebody, each time in a window of its own; no window may report an error."""
    expect.set_options(timeout=10_000)  # a failure after 3 s must still be seen on a busy machine
    faults: list[str] = []

    async def visit(person: str, place: str = "", **window: Any) -> Page:
        window.setdefault("viewport", {"width": 1280, "height": 860})
        context = await browser.new_context(reduced_motion="reduce", **window)
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.set_default_timeout(10_000)
        await page.goto(f"{sandbox.url}/#/as/{person}{f'/{place}' if place else ''}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    yield visit
    assert faults == []


def messages(page: Page) -> Locator:
    return page.locator("#main").get_by_role("group", name="Messages").get_by_role("article")


async def say(page: Page, text: str) -> None:
    box = page.locator("#main").get_by_role("textbox", name=re.compile("^Message "))
    await box.fill(text)
    await box.press("Enter")
