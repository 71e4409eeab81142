"""One huddle morning: the real `cadence demo` process, walked in a real browser.

With CADENCE_PICTURES=<folder> the screens are kept there; the README's picture is one of them.
"""

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, expect

READY_SECONDS = 60
STOP_SECONDS = 10
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)


@asynccontextmanager
async def demo(folder: Path, *options: str) -> AsyncIterator[tuple[Process, str]]:
    """The demo as a newcomer starts it, on a free port: the process and the address that it prints."""
    command = (sys.executable, "-m", "bot", "demo", "--port", "0", "--folder", str(folder), *options)
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT)
    assert process.stdout is not None
    try:
        said = ""
        async with asyncio.timeout(READY_SECONDS):
            while not (found := re.search(r"(http://127\.0\.0\.1:\d+)/", said)):
                line = await process.stdout.readline()
                assert line, f"the demo ended: {said}"
                said += line.decode()
        yield process, found[1]
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def window(browser: Browser, url: str, person: str, **options: Any) -> Page:
    """A window of one person; anything that its console calls an error fails the test."""
    options.setdefault("viewport", {"width": 1280, "height": 860})
    context = await browser.new_context(reduced_motion="reduce", **options)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(f"{url}/#/as/{person}")
    await expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
    return page


async def jump(page: Page, to: str) -> None:
    """Press the demo's clock until it has shown `to`."""
    button = page.get_by_role("button", name=re.compile("^Jump to"))
    while True:
        await expect(button).to_be_enabled(timeout=PATIENCE)
        label = await button.inner_text()
        await button.click()
        await expect(button).not_to_have_text(label, timeout=PATIENCE)
        if label.endswith(to):
            return


async def open_dm(page: Page) -> None:
    await page.get_by_role("navigation").get_by_role("link", name=re.compile("^Cadence")).click()


def last(page: Page) -> Locator:
    """The newest message on screen."""
    return page.locator("#main").get_by_role("article").last


def picture(name: str) -> Callable[[Page], Any]:
    """Keep a screen where the environment asks for pictures."""

    async def keep(page: Page) -> None:
        if folder := os.environ.get("CADENCE_PICTURES"):
            await page.screenshot(path=Path(folder) / f"{name}.png")

    return keep


async def write_plan(ana: Page) -> None:
    await open_dm(ana)
    await expect(last(ana)).to_contain_text("Plan for Monday", timeout=PATIENCE)
    await picture("1-prompt")(ana)
    await last(ana).get_by_role("button", name="Write plan").click()
    form = ana.get_by_role("dialog")
    box = form.get_by_role("textbox", name=re.compile("^Results for"))
    carried = (await box.input_value()).splitlines()
    await form.get_by_role("radiogroup", name=carried[0]).get_by_role("radio", name="Done").check()
    await expect(form.get_by_role("textbox", name=re.compile("^Results for"))).to_have_value(carried[1])
    await form.get_by_role("radiogroup", name=carried[1]).get_by_role("radio", name="Drop").check()
    await form.get_by_role("textbox", name="Why drop it").fill("They bought elsewhere")
    box = form.get_by_role("textbox", name=re.compile("^Results for"))
    await expect(box).to_have_value("")
    await box.fill("\n".join(f"Result number {n}" for n in range(1, 7)))
    await picture("2-form")(ana)
    await form.get_by_role("button", name="Submit").click()
    await expect(form.get_by_text(re.compile("6 results are more than a day holds"))).to_be_visible()
    await box.fill("Beltrán says yes or no to the new bookings offer\nThree slipped renewals called\nSlides for Friday")
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_be_hidden()
    await expect(last(ana)).to_contain_text("Saved 08:30")
    await expect(last(ana)).to_contain_text("Which number does this move?")
    await picture("3-receipt")(ana)


async def answer_plans(dana: Page) -> None:
    await open_dm(dana)
    card = last(dana)
    await expect(card).to_contain_text("EMEA huddle")
    await expect(card).to_contain_text("Mia away")
    await expect(card).to_contain_text("Ana Torres")
    await picture("4-card")(dana)
    await card.get_by_role("button", name="Agree", exact=True).first.click()
    await expect(card).to_contain_text("✓ 1 Beltrán says yes or no")
    await card.get_by_role("button", name="Redirect…").first.click()
    form = dana.get_by_role("dialog")
    await form.get_by_role("radio", name="Slides for Friday").check()
    await form.get_by_role("textbox", name="Do instead").fill("Call the three slipped renewals first")
    await form.get_by_role("textbox", name="Why").fill("Slides can wait, renewals are 14 % behind")
    await picture("5-redirect")(dana)
    await form.get_by_role("button", name="Send").click()
    await expect(form).to_be_hidden()
    await expect(card).to_contain_text("Call the three slipped renewals first (Renewals)")
    await picture("6-card-answered")(dana)


@pytest.mark.parametrize("transport", [(), ("--http",)], ids=["socket-mode", "signed-http"])
async def test_a_newcomer_lives_one_morning(browser: Browser, tmp_path: Path, transport: tuple[str, ...]) -> None:
    async with demo(tmp_path / "demo", *transport) as (process, url):
        ana = await window(browser, url, "U0ANA")
        await jump(ana, "08:30")
        await write_plan(ana)

        dana = await window(browser, url, "U0DANA")
        await jump(dana, "09:00")
        await answer_plans(dana)

        await expect(last(ana)).to_contain_text("Dana agreed 2 and redirected 1")
        await picture("7-redirected")(ana)
        await last(ana).get_by_role("button", name="Accept").click()
        await expect(last(ana)).to_contain_text("You accepted")
        await expect(last(dana)).to_contain_text("accepted")

        await jump(dana, "09:30")
        tom = await window(browser, url, "U0TOM", viewport={"width": 390, "height": 800})
        await tom.get_by_role("button", name="Channels and people").click()
        await tom.get_by_role("navigation").get_by_role("link", name=re.compile("emea-huddle")).click()
        await expect(last(tom)).to_contain_text("planned, 1 away")
        for secret in ("⚠", "late", "redirect", "Tom", "open"):
            await expect(last(tom)).not_to_contain_text(secret)
        await picture("8-channel-on-a-phone")(tom)

        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(STOP_SECONDS):
            assert await process.wait() == 0

    async with demo(tmp_path / "demo", *transport) as (_, url):
        again = await window(browser, url, "U0ANA")
        await open_dm(again)
        await expect(last(again)).to_contain_text("You accepted")
        await again.reload()
        await expect(last(again)).to_contain_text("You accepted")
