"""Forms on the page: every input, modals above modals."""

import asyncio
import re
from typing import Any

from playwright.async_api import Locator, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.page import Visit, say
from tests.sandbox.support import Connect, Json, actions, button, field, modal, plain


def every_choice() -> list[Json]:
    """Return an input for every element that a modal can hold, and the hands for it below."""
    colours = [{"text": plain(name), "value": name.lower()} for name in ("Red", "Amber", "Green")]
    grouped = [
        {"label": plain("Warm"), "options": colours[:2]},
        {"label": plain("Cold"), "options": colours[2:]},
    ]
    limits = {"is_decimal_allowed": False, "max_value": "10"}
    return [
        field("words", multiline=True, max_length=40),
        field("email", "email_text_input"),
        field("address", "url_text_input"),
        field("number", "number_input", **limits),
        field("colour", "static_select", option_groups=grouped),
        field("colours", "multi_static_select", options=colours, max_selected_items=2),
        field("fetched", "external_select", min_query_length=1),
        field("person", "users_select"),
        field("people", "multi_users_select"),
        field("channel", "channels_select"),
        field("talk", "conversations_select"),
        field("ticks", "checkboxes", options=colours),
        field("one", "radio_buttons", options=colours),
        field("day", "datepicker"),
        field("hour", "timepicker"),
        field("moment", "datetimepicker"),
        field("rich", "rich_text_input"),
        field("papers", "file_input", max_files=2),
    ]


CHOICES = [
    ("colour", "gre", "Green"),
    ("colours", "am", "Amber"),
    ("colours", "red", "Red"),
    ("fetched", "x", "x-found"),
    ("person", "okaf", "Ben Okafor"),
    ("people", "ana", "Ana Torres"),
    ("channel", "team", "#team"),
    ("talk", "secr", "#secret"),
]


async def choose(form: Locator, name: str, typed: str, option: str) -> None:
    box = form.get_by_role("combobox", name=name, exact=True)
    await box.click()
    await box.fill(typed)
    await expect(form.get_by_role("option", name=option)).to_be_visible()
    await box.press("Enter")


async def test_every_input_says_what_was_chosen(
    sandbox: Sandbox, bolt: AsyncApp, connect: Connect, visit: Visit
) -> None:
    told: list[Json] = []

    @bolt.command("/plan")
    async def answer(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal(*every_choice(), callback_id="all"))

    @bolt.options("fetched_value")
    async def offer(ack: Any, payload: Json) -> None:
        await ack(options=[{"text": plain(f"{payload['value']}-found"), "value": "found"}])

    @bolt.view("all")
    async def save(ack: Any, view: Json) -> None:
        told.append(view["state"]["values"])
        await ack()

    await connect(bolt)
    page = await visit("U0ANA")
    await say(page, "/plan")
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox", name="words").fill("two\nlines")
    await expect(form.get_by_title("31 of 40 characters left")).to_be_visible()
    for name, wrong, right in (
        ("email", "ana", "ana@example.com"),
        ("address", "example", "https://example.com"),
        ("number", "11", "7"),
    ):
        await form.get_by_role("textbox", name=name).fill(wrong)
        await form.get_by_role("button", name="Save").click()
        await expect(
            form.locator(".invalid", has=page.get_by_role("textbox", name=name)).locator(".error")
        ).to_be_visible()
        await form.get_by_role("textbox", name=name).fill(right)
    for name, typed, option in CHOICES:
        await choose(form, name, typed, option)
    await form.get_by_role("group", name="ticks").get_by_role("checkbox", name="Amber").check()
    await form.get_by_role("radiogroup", name="one").get_by_role("radio", name="Green").check()
    for name, time in (("day", "2026-12-02"), ("hour", "09:15"), ("moment", "2026-12-02T09:15")):
        await form.get_by_label(name, exact=True).fill(time)
    await form.get_by_role("textbox", name="rich").fill("soft")
    chosen: Any = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"one"}
    await form.get_by_label("papers", exact=True).set_input_files(chosen)
    await expect(form.get_by_role("button", name="Remove plan.txt")).to_be_visible()
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_be_hidden()

    held = {name: next(iter(block.values())) for name, block in told[0].items()}
    assert [held[name]["value"] for name in ("words", "email", "address", "number")] == [
        "two\nlines",
        "ana@example.com",
        "https://example.com",
        "7",
    ]
    assert held["colour"]["selected_option"]["value"] == "green"
    assert [option["value"] for option in held["colours"]["selected_options"]] == ["amber", "red"]
    assert held["fetched"]["selected_option"]["text"]["text"] == "x-found"
    assert (held["person"]["selected_user"], held["people"]["selected_users"]) == ("U0BEN", ["U0ANA"])
    assert held["channel"]["selected_channel"] == "C0TEAM"
    assert held["talk"]["selected_conversation"] == "C0SECRET"
    assert [option["value"] for option in held["ticks"]["selected_options"]] == ["amber"]
    assert held["one"]["selected_option"]["value"] == "green"
    assert (held["day"]["selected_date"], held["hour"]["selected_time"]) == ("2026-12-02", "09:15")
    assert held["moment"]["selected_date_time"] == 1796199300  # 09:15 in Berlin
    assert held["rich"]["rich_text_value"]["elements"][0]["elements"][0]["text"] == "soft"
    (paper,) = held["papers"]["files"]
    assert (paper["name"], paper["size"]) == ("plan.txt", 3)
    assert await (await page.request.get(paper["url_private"])).body() == b"one"
    assert sandbox.person("U0ANA").view is None


def two_deep(app: AsyncApp, slow: asyncio.Event) -> list[bool]:
    """Give the app two modals, the second on the first; return how each is closed, as the app hears it."""
    closed: list[bool] = []

    @app.shortcut("start")
    async def start(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        first = modal(
            field("first"),
            actions(button("deeper", text=plain("Deeper"))),
            callback_id="first",
            notify_on_close=True,
        )
        await client.views_open(trigger_id=body["trigger_id"], view=first)

    @app.action("deeper")
    async def deeper(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        second = modal(field("second"), title=plain("Second"), callback_id="second", notify_on_close=True)
        await client.views_push(trigger_id=body["trigger_id"], view=second)

    @app.view("second")
    async def save(ack: Any) -> None:
        await slow.wait()  # far longer than an app has
        await ack()

    for name in ("first", "second"):

        @app.view_closed(name)
        async def close(ack: Any, body: Json) -> None:
            await ack()
            closed.append(body["is_cleared"])

    return closed


async def test_modals_stack_keep_their_text_and_give_focus_back(
    sandbox: Sandbox, bolt: AsyncApp, connect: Connect, visit: Visit
) -> None:
    slow = asyncio.Event()
    closed = two_deep(bolt, slow)
    await connect(bolt)
    page = await visit("U0ANA", "C0TEAM")
    await page.get_by_role("button", name="Shortcuts").press("Enter")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("textbox", name="first")).to_be_focused()
    await dialog.get_by_role("textbox", name="first").fill("kept below")
    await dialog.get_by_role("button", name="Deeper").click()
    second = dialog.get_by_role("textbox", name="second")
    await expect(second).to_be_focused()
    for _ in range(4):  # Back, close, field, Cancel, Save: round and back to the field
        await page.keyboard.press("Tab")
    await expect(dialog.get_by_role("button", name="Close all")).to_be_focused()
    await second.fill("not lost")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("button", name="Save")).to_have_attribute("aria-busy", "true")
    await expect(dialog.get_by_role("alert")).to_have_text("We had some trouble connecting. Try again?")
    await expect(second).to_have_value("not lost")
    slow.set()

    await page.reload()
    await expect(second).to_have_value("not lost")
    await page.goto(re.sub("#.*", "#/as/U0BEN", page.url))
    await expect(dialog).to_be_hidden()
    await page.go_back()
    await expect(second).to_have_value("not lost")
    await dialog.get_by_role("button", name="Back").click()
    await expect(dialog.get_by_role("textbox", name="first")).to_have_value("kept below")
    await dialog.get_by_role("button", name="Deeper").click()
    await expect(second).to_have_value("")
    await page.keyboard.press("Escape")
    await expect(dialog.get_by_role("textbox", name="first")).to_have_value("kept below")
    await dialog.get_by_role("button", name="Close", exact=True).click()
    await expect(dialog).to_be_hidden()
    assert await sandbox.until(lambda: len(closed) == 3)
    assert closed == [False, False, True]
