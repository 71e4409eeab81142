"""Every block on the page, and what somebody adds to it."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Route, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Addon, Sandbox
from tests.sandbox.page import Visit, messages
from tests.sandbox.support import Connect, Json, actions, button, field, plain, section


def card(title: str, **more: Any) -> Json:
    return {"type": "card", "title": {"type": "mrkdwn", "text": title}, **more}


def gallery() -> list[list[Json]]:
    """Return messages that together hold every block a message may have (one table-like block each)."""
    words = {"type": "mrkdwn", "text": "*words*"}
    option = {"text": plain("Later"), "value": "later"}
    runs: list[Json] = [
        {"type": "text", "text": "styled", "style": {"bold": True}},
        {"type": "user", "user_id": "U0BEN"},
        {"type": "emoji", "name": "tada"},
        {"type": "date", "timestamp": 1796212800, "format": "{date_long_full}"},
    ]
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": runs}]}
    cells: list[list[Json]] = [[{"type": "raw_text", "text": "Name"}, {"type": "raw_text", "text": "Value"}]]
    cells += [
        [{"type": "raw_text", "text": f"Row {n}"}, {"type": "raw_number", "value": -n, "text": f"{-n}"}]
        for n in range(4)
    ]
    picture = {"image_url": "https://pictures.invalid/a.png", "alt_text": "A red square"}
    container = {
        "type": "container",
        "title": plain("Folded"),
        "is_collapsible": True,
        "default_collapsed": True,
    }
    video = {
        "title": plain("Watch me"),
        "video_url": "https://films.invalid/1",
        "thumbnail_url": "https://films.invalid/1.png",
    }
    menu = {"type": "overflow", "action_id": "menu", "options": [option]}
    return [
        [
            {"type": "header", "text": plain("Heading")},
            section(accessory=menu),
            {"type": "section", "fields": [words, words]},
            {"type": "divider"},
            {"type": "context", "elements": [words, {"type": "image", **picture}]},
            {"type": "image", **picture, "title": plain("Its title")},
            field("note"),
            actions(button("tell", text=plain("Tell"))),
            rich,
        ],
        [
            {"type": "markdown", "text": "# Big\n- [x] ticked\n\n| A | B |\n|---|---|\n| 1 | 2 |"},
            {"type": "table", "rows": cells},
        ],
        [{"type": "data_table", "caption": "Scores", "page_size": 2, "rows": cells}],
        [
            card("Lone", subtitle=words, body=words, actions=[button("carded", text=plain("Card button"))]),
            {"type": "carousel", "elements": [card("First"), card("Second")]},
            {**container, "child_blocks": [section("Inside")]},
            {"type": "video", "alt_text": "film", **video},
        ],
    ]


async def test_every_block_is_drawn_and_what_is_unknown_is_said(
    client: AsyncWebClient, bolt: AsyncApp, connect: Connect, visit: Visit
) -> None:
    pressed: dict[str, Json] = {}

    @bolt.action(re.compile(".*"))
    async def press(ack: Any, body: Json, action: Json) -> None:
        await ack()
        pressed[action["action_id"]] = {**action, "state": body.get("state")}

    await connect(bolt)
    for blocks in gallery():
        await client.chat_postMessage(channel="C0TEAM", text="Gallery", blocks=blocks)
    page = await visit("U0ANA", "C0TEAM")
    await expect(messages(page)).to_have_count(4)
    first, second, third, fourth = [messages(page).nth(number) for number in range(4)]
    await expect(page.locator(".unknown")).to_have_count(0)
    for kind in ("header", "section", "divider", "context", "image", "input", "actions", "rich_text"):
        await expect(first.locator(f".block-{kind}").first).to_be_visible()
    await expect(first.locator(".block-rich_text")).to_have_text("styled@Ben Okafor🎉December 2, 2026")
    await expect(first.locator(".block-image .missing")).to_have_text("A red square")
    await first.get_by_role("textbox", name="note").fill("typed in place")
    await first.get_by_role("button", name="Tell").click()
    await first.get_by_role("button", name="More actions").first.press("Enter")
    await page.keyboard.press("Enter")
    await expect(second.get_by_role("heading", name="Big")).to_be_visible()
    await expect(second.get_by_role("table")).to_have_count(2)
    await expect(third.get_by_role("row")).to_have_count(3)
    await third.get_by_role("button", name="Value").click()
    await expect(third.get_by_role("row").nth(1)).to_contain_text("Row 3")
    await third.get_by_role("button", name="Next page").click()
    await expect(third.get_by_text(re.compile("^3.4 of 4$"))).to_be_visible()
    await fourth.get_by_role("button", name="Card button").click()
    await expect(fourth.get_by_text("Inside")).to_be_hidden()
    await fourth.get_by_role("button", name="Folded").click()
    await expect(fourth.get_by_text("Inside")).to_be_visible()
    await expect(fourth.get_by_role("link", name="Watch me")).to_have_attribute("href", "https://films.invalid/1")
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert pressed["tell"]["state"]["values"]["note"]["note_value"]["value"] == "typed in place"
    assert pressed["menu"]["selected_option"]["value"] == "later"
    assert "carded" in pressed

    async def newer(route: Route) -> None:
        answer = await (await route.fetch()).json()
        answer["messages"][0]["blocks"] = [{"type": "hologram", "depth": 3}]
        await route.fulfill(json=answer)

    await page.route("**/page/messages?*", newer)
    await page.reload()
    await expect(messages(page).first.locator(".unknown")).to_contain_text("hologram")
    await expect(messages(page).first.locator(".unknown pre")).to_contain_text('"depth": 3')


async def test_an_addon_gets_its_place_and_the_time(browser: Browser, tmp_path: Path) -> None:
    script = tmp_path / "clock.js"
    script.write_text(
        "export function mount(slot, api) {"
        "  slot.textContent = `${api.person().name} at ${api.now().getUTCFullYear()}`;"
        "  api.onPerson((person) => { slot.textContent = person.name; });"
        "}"
    )
    noon = datetime(2031, 5, 6, 12, tzinfo=UTC)
    async with Sandbox(clock=lambda: noon, addons=[Addon(script=script)]) as sandbox:
        page = await browser.new_page()
        await page.goto(f"{sandbox.url}/#/as/U0ANA/C0GENERAL")
        await expect(page.get_by_role("banner")).to_contain_text("ana at 2031")
        await page.get_by_role("button", name=re.compile("Acting as Ana")).click()
        await page.keyboard.type("chi")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("banner")).to_contain_text("chi")
        await expect(page.get_by_role("button", name=re.compile("Acting as Chi"))).to_contain_text("21:00")
        await page.close()
