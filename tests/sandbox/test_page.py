"""Walks over the page in a real browser: the sandbox, a Bolt app over Socket Mode, headless Chromium."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.support import Connect, Json, actions, button, field, modal, plain, section

CHROMIUM = Path("/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
Visit = Callable[..., Any]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is not installed, so the page cannot be walked"
        if os.environ.get("CADENCE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield running
        await running.close()


@pytest.fixture
async def visit(sandbox: Sandbox, browser: Browser) -> AsyncIterator[Visit]:
    """Open the page as somebody, each time in a window of its own; no window may report an error."""
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
    return page.locator("#main").get_by_role("listitem")


async def say(page: Page, text: str) -> None:
    box = page.locator("#main").get_by_role("textbox", name=re.compile("^Message "))
    await box.fill(text)
    await box.press("Enter")


def radios(*names: str) -> Json:
    options = [{"text": plain(name), "value": name.lower()} for name in names]
    return {"options": options, "initial_option": options[1]}


def plan(*, dropped: bool = False) -> Json:
    """Return the form of the morning; dropping something asks why."""
    why = [field("why")] if dropped else []
    fate = field("fate", "radio_buttons", **radios("Done", "Carry", "Drop"))
    today = field("today", multiline=True, placeholder=plain("One result a line"))
    return modal({**fate, "dispatch_action": True}, *why, today, callback_id="plan")


def morning(app: AsyncApp) -> None:
    """Give the app the listeners of the morning."""

    @app.action("write")
    async def write(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=plan())

    @app.action("fate_value")
    async def decide(ack: Any, body: Json, action: Json, client: AsyncWebClient) -> None:
        await ack()
        dropped = action["selected_option"]["value"] == "drop"
        await client.views_update(view_id=body["view"]["id"], view=plan(dropped=dropped))

    @app.view("plan")
    async def save(ack: Any, body: Json, view: Json, client: AsyncWebClient) -> None:
        lines = view["state"]["values"]["today"]["today_value"]["value"].split("\n")
        if len(lines) > 2:
            await ack(response_action="errors", errors={"today": "At most two lines."})
            return
        await ack()
        why = view["state"]["values"]["why"]["why_value"]["value"]
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Saved {len(lines)}. Dropped: {why}")
        await client.chat_postMessage(channel="C0TEAM", text="*1 planned*")


async def test_a_morning_of_two_people(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect, visit: Visit
) -> None:
    morning(bolt)
    await connect(bolt)
    blocks = [section("*Plan* for today"), actions(button("write", text=plain("Write plan")))]
    await client.chat_postMessage(channel="U0ANA", text="Plan", blocks=blocks)
    ana, ben = await visit("U0ANA"), await visit("U0BEN")

    await ana.get_by_role("button", name="Write plan").press("Enter")
    form = ana.get_by_role("dialog")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("Please complete this required field.")).to_be_visible()
    today = form.get_by_role("textbox", name="today")
    await expect(today).to_be_focused()
    await today.fill("one\ntwo\nthree")
    await form.get_by_role("radio", name="Carry").focus()
    await ana.keyboard.press("ArrowDown")
    await expect(form.get_by_role("textbox", name="why")).to_be_visible()
    await expect(form.get_by_role("radio", name="Drop")).to_be_checked()
    await expect(form.get_by_role("radio", name="Drop")).to_be_focused()
    await form.get_by_role("textbox", name="why").fill("Not now")
    await form.get_by_role("button", name="Save").click()
    await expect(form.get_by_text("At most two lines.")).to_be_visible()
    await expect(today).to_have_value("one\ntwo\nthree")
    await today.fill("one\ntwo")
    await expect(form.get_by_text("At most two lines.")).to_be_hidden()
    await today.press("Control+Enter")

    await expect(form).to_be_hidden()
    await expect(messages(ana).last).to_contain_text("Saved 2. Dropped: Not now")
    await expect(ana.get_by_role("button", name="Write plan")).to_be_focused()
    team = ben.get_by_role("link", name="team, 1 unread")
    await team.click()
    await expect(messages(ben).last.locator("strong", has_text="1 planned")).to_be_visible()
    await expect(ben.get_by_role("link", name="team", exact=True)).to_be_visible()
    assert sandbox.person("U0BEN").view is None


async def test_what_nobody_answers_is_said_where_it_was_asked(
    client: AsyncWebClient, bolt: AsyncApp, connect: Connect, visit: Visit
) -> None:
    @bolt.command("/plan")
    async def answer(ack: Any, command: Json) -> None:
        await ack(f"Heard `{command['text']}`")

    await connect(bolt)
    asked: Json = button("ask", confirm={"title": plain("Sure?"), "text": plain("It asks."), "confirm": plain("Go on"), "deny": plain("No")})
    await client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(button("lost"), asked)])
    page = await visit("U0ANA", "C0TEAM")
    box = page.get_by_role("textbox", name="Message #team")
    await box.press_sequentially("/p")
    await expect(page.get_by_role("option", name=re.compile("/plan .*Write a plan"))).to_be_visible()
    await box.press("Tab")
    await box.press_sequentially("today")
    await box.press("Enter")
    await expect(messages(page).last).to_contain_text("Only visible to you")
    await expect(messages(page).last.locator("code")).to_have_text("today")

    await say(page, "/silent")
    await expect(messages(page).last).to_contain_text('/silent failed with the error "')
    await messages(page).last.get_by_role("button", name="Dismiss").click()
    await say(page, "/nowhere")
    await expect(messages(page).last).to_contain_text("/nowhere is not a valid command.")

    lost, confirmed = (
        page.locator("[data-key='row/lost']"), page.locator("[data-key='row/ask']"),
    )
    await lost.get_by_role("button").click()
    await expect(lost.get_by_role("alert")).to_be_visible()
    await confirmed.get_by_role("button").click()
    question = page.get_by_role("dialog")
    await expect(question).to_contain_text("It asks.")
    await page.keyboard.press("Escape")
    await expect(question).to_be_hidden()
    await expect(confirmed.get_by_role("alert")).to_be_hidden()
    await confirmed.get_by_role("button").click()
    await question.get_by_role("button", name="Go on").click()
    await expect(confirmed.get_by_role("alert")).to_be_visible()
