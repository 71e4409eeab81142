"""Walks over the page in a real browser: the sandbox, a Bolt app over Socket Mode, headless Chromium."""

import re
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, expect
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.page import Visit, messages, say
from tests.sandbox.support import Connect, Json, actions, button, field, modal, plain, section


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
