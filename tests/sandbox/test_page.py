"""Walks over the page in a real browser: the sandbox, a Bolt app over Socket Mode, headless Chromium."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, Route, async_playwright, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Addon, Sandbox
from tests.sandbox.support import Connect, Json, actions, button, field, modal, plain, section

CHROMIUM = "/usr/bin/chromium"
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
    if not os.access(CHROMIUM, os.X_OK):
        reason = f"{CHROMIUM} is not installed, so the page cannot be walked"
        if os.environ.get("CADENCE_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=10_000)  # a failure after 3 s must still be seen on a busy machine
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
    return page.locator("#main").get_by_role("group", name="Messages").get_by_role("article")


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
    team = ben.get_by_role("link", name="team 1 unread")
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
    asked: Json = button(
        "ask",
        confirm={
            "title": plain("Sure?"),
            "text": plain("It asks."),
            "confirm": plain("Go on"),
            "deny": plain("No"),
        },
    )
    await client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(button("lost"), asked)])
    page = await visit("U0ANA", "C0TEAM")
    box = page.get_by_role("textbox", name="Message #team")
    await box.press_sequentially("/p")
    await expect(page.get_by_role("option", name=re.compile("plan .today. ?Write a plan"))).to_be_visible()
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
        page.locator("[data-key='row/lost']"),
        page.locator("[data-key='row/ask']"),
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


HOSTILE = "<img src=x onerror=window.pwned=1> &lt;b&gt; <javascript:alert(1)|trap>"
TYPED = "*bold* _slant_ ~gone~ `code` :tada: <https://example.com|site> <@U0BEN> <#C0TEAM>"


async def test_text_is_drawn_and_never_believed(client: AsyncWebClient, visit: Visit) -> None:
    noon = 1796212800  # 2 December 2026, 12:00 UTC
    date = f"<!date^{noon}^{{date_num}} {{time}}|then>"
    await client.chat_postMessage(channel="C0TEAM", text=f"{TYPED}\n{date}\n&gt; quoted\n```pre *raw*```")
    await client.chat_postMessage(channel="C0TEAM", text=HOSTILE, blocks=[section(HOSTILE)])
    leads = "<slack://channel?team=T0NORD&id=C0OPEN|there> <slack://user?team=T0ELSE&id=U0BEN|elsewhere>"
    await client.chat_postMessage(channel="C0TEAM", text=leads)
    ana, ben = await visit("U0ANA", "C0TEAM"), await visit("U0BEN", "C0TEAM")
    drawn = messages(ana).first
    for tag, text in {
        "strong": "bold",
        "em": "slant",
        "s": "gone",
        "code": "code",
        "blockquote": "quoted",
    }.items():
        await expect(drawn.locator(f".text {tag}").first).to_have_text(text)
    await expect(drawn.locator("pre")).to_have_text("pre *raw*")
    await expect(drawn.get_by_role("img", name="tada")).to_have_text("🎉")
    await expect(drawn.get_by_role("link", name="site")).to_have_attribute("href", "https://example.com/")
    await expect(drawn.get_by_role("button", name="@Ben Okafor")).to_be_visible()
    await expect(drawn.locator(".text time")).to_have_text("2026-12-02 13:00")
    await expect(messages(ben).first.locator(".text time")).to_have_text("2026-12-02 07:00")
    await expect(messages(ben).first.locator(".mention.me")).to_have_text("@Ben Okafor")

    hostile = messages(ana).nth(1)
    await expect(hostile).to_contain_text("<b>")
    await expect(hostile).to_contain_text("trap")
    assert await hostile.locator("img, a").count() == 0
    await say(ana, "5 < 6 & *so* @be")
    await ana.keyboard.press("Control+a")
    box = ana.get_by_role("textbox", name="Message #team")
    await box.fill("")
    await box.press_sequentially("5 < 6 & *so* @be")
    await expect(ana.get_by_role("option", name=re.compile("Ben Okafor"))).to_be_visible()
    await box.press("Enter")
    await box.press("Enter")
    await expect(messages(ana).last).to_contain_text("5 < 6 & so @Ben Okafor")
    assert await ana.evaluate("window.pwned") is None

    assert await messages(ana).nth(2).get_by_role("link").count() == 1
    await messages(ana).nth(2).get_by_role("link", name="there").click()
    await expect(ana).to_have_url(re.compile("#/as/U0ANA/C0OPEN$"))


async def test_a_plain_address_and_an_unknown_person_lead_to_somebody(
    sandbox: Sandbox, client: AsyncWebClient, browser: Browser
) -> None:
    await client.chat_postMessage(channel="U0ANA", text="For Ana")
    page = await (await browser.new_context()).new_page()
    await page.goto(sandbox.url)
    await expect(messages(page).last).to_contain_text("For Ana")
    await expect(page).to_have_url(re.compile("#/as/U0ANA/D"))
    await page.goto(f"{sandbox.url}/#/as/U0GONE")
    await expect(page.locator("#notices")).to_contain_text("Nobody can act as U0GONE here.")
    await expect(page).to_have_url(re.compile("#/as/U0ANA/D"))
    await expect(messages(page).last).to_contain_text("For Ana")


async def test_a_link_to_a_person_opens_the_dm_with_them(
    sandbox: Sandbox, client: AsyncWebClient, visit: Visit
) -> None:
    link = "<slack://user?team=T0NORD&id=U0BEN|Message Ben>"
    await client.chat_postMessage(channel="C0TEAM", text=link, blocks=[section(link)])
    ana, ben = await visit("U0ANA", "C0TEAM"), await visit("U0BEN", "C0TEAM")
    await messages(ana).last.get_by_role("link", name="Message Ben").click()
    await expect(ana.get_by_role("textbox", name="Message Ben Okafor")).to_be_visible()
    await say(ana, "Lunch?")
    await expect(messages(ana).last).to_contain_text("Lunch?")
    await ben.get_by_role("link", name=re.compile("Ana Torres.* 1 unread")).click()
    await expect(messages(ben).last).to_contain_text("Lunch?")
    await ana.go_back()
    await messages(ana).last.get_by_role("link", name="Message Ben").click()
    await expect(messages(ana)).to_have_count(1)
    assert [message["text"] for message in sandbox.messages(ana.url.rsplit("/", 1)[1])] == ["Lunch?"]


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


async def test_threads_shortcuts_home_and_unread_marks(
    client: AsyncWebClient, bolt: AsyncApp, connect: Connect, visit: Visit
) -> None:
    @bolt.event("app_home_opened")
    async def home(event: Json, client: AsyncWebClient) -> None:
        if event["tab"] == "home":
            owed = section("*I owe* nothing", accessory=button("refresh", text=plain("Refresh")))
            await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [owed]})

    @bolt.action("refresh")
    async def refresh(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        view = {"type": "home", "blocks": [section("*I owe* one plan")]}
        await client.views_publish(user_id=body["user"]["id"], view=view)

    @bolt.shortcut("keep")
    async def keep(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        await respond(f"Kept: {body['message']['text']}")

    await connect(bolt)
    root = await client.chat_postMessage(channel="C0TEAM", text="Who can call Beltrán?")
    page = await visit("U0ANA", "C0TEAM")
    await messages(page).first.focus()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Reply in thread")).to_be_focused()
    await page.keyboard.press("Enter")
    reply = page.get_by_role("complementary", name="Thread").get_by_role("textbox", name="Reply")
    await expect(reply).to_be_focused()
    await reply.fill("I can")
    await reply.press("Enter")
    thread = page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("article").last).to_contain_text("I can")
    await client.chat_postMessage(channel="C0TEAM", thread_ts=root["ts"], text="Thank you")
    await expect(thread.get_by_role("article").last).to_contain_text("Thank you")
    await expect(messages(page)).to_have_count(1)
    await expect(page.get_by_role("button", name=re.compile("2 replies"))).to_be_visible()
    await page.reload()
    await expect(thread.get_by_role("article")).to_have_count(3)
    await reply.press("Escape")
    await expect(thread).to_be_hidden()

    await messages(page).first.hover()
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Keep this").click()
    await expect(messages(page).last).to_contain_text("Kept: Who can call Beltrán?")

    await page.get_by_role("link", name="Test app").click()
    await page.get_by_role("tab", name="Home").click()
    await expect(page.locator("#main")).to_contain_text("I owe nothing")
    await client.chat_postMessage(channel="C0TEAM", text="While away")
    await expect(page.get_by_role("link", name="team 1 unread")).to_be_visible()
    await page.get_by_role("button", name="Refresh").click()
    await expect(page.locator("#main")).to_contain_text("I owe one plan")
    await page.reload()
    await expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    await page.get_by_role("link", name="team 1 unread").click()
    await expect(page.get_by_role("separator", name="New")).to_be_visible()


async def test_acting_as_another_person_on_a_phone(client: AsyncWebClient, visit: Visit) -> None:
    wide = [{"type": "raw_text", "text": f"Column {number}"} for number in range(12)]
    table = {"type": "table", "rows": [wide, wide]}
    await client.chat_postMessage(channel="C0TEAM", text="x" * 400, blocks=[section("x" * 400), table])
    page = await visit("U0ANA", "C0TEAM", viewport={"width": 390, "height": 844}, has_touch=True)
    await expect(messages(page).first).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await expect(page.get_by_role("navigation")).to_be_hidden()
    await page.get_by_role("button", name="Channels and people").click()
    await page.get_by_role("button", name=re.compile("Acting as Ana Torres")).click()
    await page.get_by_role("combobox", name="Act as").fill("new york")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.get_by_role("option", name=re.compile("Ben Okafor")).click()
    await expect(page).to_have_url(re.compile("#/as/U0BEN/C0TEAM$"))
    await page.get_by_role("button", name="Channels and people").click()
    await expect(page.get_by_role("button", name=re.compile("Acting as Ben Okafor"))).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("navigation")).to_be_hidden()


async def test_the_page_comes_back_after_the_workspace_did(
    browser: Browser, tmp_path: Path, client: AsyncWebClient
) -> None:
    del client
    state = tmp_path / "state.json"
    first = Sandbox(random_seed=1, state_path=state)
    page = await browser.new_page()
    async with first:
        port = int(first.url.rsplit(":", 1)[1])
        await page.goto(f"{first.url}/#/as/U0ANA/C0GENERAL")
        await say(page, "Before")
        await expect(messages(page)).to_have_count(1)
    await expect(page.get_by_role("status").filter(has_text="Reconnecting…")).to_be_visible()
    async with Sandbox(random_seed=2, state_path=state, port=port) as second:
        await second.person("U0BEN").say("After", "C0GENERAL")
        await expect(messages(page)).to_have_count(2, timeout=15_000)
        await expect(messages(page).last).to_contain_text("After")
        await page.close()


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
