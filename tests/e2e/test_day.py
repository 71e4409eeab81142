"""A whole day in a real browser: a rep, a manager of eight, a manager of forty, and a dotted line; wide and on a phone.

With CADENCE_PICTURES=<folder> the screens are kept there.
"""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect
from sqlalchemy.orm import Session

from rituals import calendar
from rituals.people import Person
from storage.values import add
from tests import factories
from tests.databases import sqlite_url
from tests.e2e.test_morning import PATIENCE, last, open_dm, picture, window
from tests.month.company import Office, company, office

FRIDAY = date(2027, 5, 7)
PHONE = {"viewport": {"width": 390, "height": 800}}


@asynccontextmanager
async def at_work(path: Path) -> AsyncIterator[Office]:
    """Eight people in one team and forty in another, on a Friday at six."""
    built = company({"North": 8, "South": 40}, FRIDAY, FRIDAY)
    since = datetime.combine(FRIDAY, time(4), UTC)
    async with office(sqlite_url(path), built, since, running_by_itself=True) as open_:
        yield open_


async def becomes(work: Office, wall: str, zone: str = "Europe/Berlin") -> None:
    """The clock shows another time, and what is due then happens."""
    moment = calendar.instant(FRIDAY, time.fromisoformat(wall), zone)
    assert moment is not None
    work.clock.now = moment
    work.sandbox.tell_now()
    await work.cadence.scheduler.tick()
    work.cadence.deps.wake()


def planned(tx: Session, work: Office, reps: list[Person], filed_at: datetime) -> None:
    """People's plans: one result of theirs moves a number, every third has one that moves none."""
    kpi = work.kpis["Renewals"].id
    for number, rep in enumerate(reps):
        assert rep.team_id is not None
        plan = factories.plan(rep.id, rep.team_id, day=FRIDAY, filed_at=filed_at)
        add(tx, plan)
        add(tx, factories.item(plan.id, f"Three slipped renewals of customer {number} called", kpi_id=kpi))
        if number % 3 == 0:
            add(tx, factories.item(plan.id, f"Slides for meeting {number}", position=2, why_no_kpi="investor visit"))


def form(page: Page) -> Locator:
    return page.get_by_role("dialog").last


async def rep_plans(page: Page) -> None:
    await open_dm(page)
    await expect(last(page)).to_contain_text("Plan for Friday 7 May", timeout=PATIENCE)
    await picture("day-1-prompt")(page)
    await last(page).get_by_role("button", name="Write plan").click()
    results = form(page).get_by_role("textbox", name=re.compile("^Results for"))
    await results.fill("Beltrán says yes to the new bookings offer\nSlides for Friday")
    await picture("day-2-form")(page)
    await form(page).get_by_role("button", name="Submit").click()
    await expect(form(page)).to_be_hidden()
    await expect(last(page)).to_contain_text("2 results", timeout=PATIENCE)
    await picture("day-3-receipt")(page)


async def manager_of_eight(page: Page, rep: str) -> None:
    await open_dm(page)
    card = last(page)
    await expect(card).to_contain_text("7 of 8 planned", timeout=PATIENCE)
    await picture("day-4-card-of-eight")(page)
    await card.get_by_role("button", name=re.compile("^Agree all without")).click()
    await expect(card.get_by_role("button", name="Agree", exact=True)).to_have_count(0, timeout=PATIENCE)
    mine = card.locator("*").filter(has_text=re.compile(f"^{rep}")).first
    await expect(mine).to_be_visible()
    await card.get_by_role("button", name="Redirect…").first.click()
    dialog = form(page)
    await dialog.get_by_role("textbox", name="Do instead").fill("Call the three slipped renewals first")
    await dialog.get_by_role("textbox", name="Why").fill("Slides can wait")
    await picture("day-5-redirect")(page)
    await dialog.get_by_role("button", name="Send").click()
    await expect(dialog).to_be_hidden()
    await expect(card).to_contain_text("Call the three slipped renewals first", timeout=PATIENCE)


async def late_plan(page: Page, rep: str) -> None:
    await expect(last(page)).to_contain_text(f"After the huddle: {rep}", timeout=PATIENCE)
    await picture("day-8-after-the-huddle")(page)
    await last(page).get_by_role("button", name="Agree", exact=True).click()
    await last(page).get_by_role("button", name="Keep, because…").click()
    await form(page).get_by_role("textbox", name="Keep it, because").fill("The investor comes")
    await form(page).get_by_role("button", name="Keep").click()
    await expect(last(page)).to_contain_text("✅ 1 plan is answered", timeout=PATIENCE)


async def manager_of_forty(page: Page) -> None:
    await page.get_by_role("button", name="Channels and people").click()
    await open_dm(page)
    card = last(page)
    await expect(card).to_contain_text("40 of 40 planned", timeout=PATIENCE)
    await expect(card).to_contain_text("Page 1 of 3")
    await card.get_by_role("button", name="Next page").click()
    await expect(card).to_contain_text("Page 2 of 3", timeout=PATIENCE)
    await picture("day-6-forty-on-a-phone")(page)
    await card.get_by_role("button", name=re.compile(r"^Agree all without ⚠ \(40 people\)")).click()
    await expect(card.get_by_role("button", name=re.compile("^Agree all"))).to_have_count(0, timeout=PATIENCE)


async def dotted_line(page: Page) -> None:
    await open_dm(page)
    card = last(page)
    await expect(card).to_contain_text("Dotted lines, Fri 7 May", timeout=PATIENCE)
    await expect(card.get_by_role("button", name="Agree")).to_have_count(0)
    await card.get_by_role("button", name="Ask").first.click()
    await form(page).get_by_role("textbox", name="Your question").fill("Do you need me there?")
    await form(page).get_by_role("button", name="Send").click()
    await expect(card).to_contain_text("Do you need me there?", timeout=PATIENCE)
    await picture("day-7-dotted")(page)


async def test_a_friday_from_the_first_prompt_to_the_question_about_the_week(
    browser: Browser, sqlite_template: Path, tmp_path: Path
) -> None:
    path = tmp_path / "day.db"
    shutil.copyfile(sqlite_template, path)
    async with at_work(path) as work:
        rep, late = work.company.reps("North")[1:3]
        others = [one for one in work.company.people.values() if one.plans and one not in (rep, late)]
        ids = {name: work.company.people[name].slack_id for name in ("Dana", "Lee", "Zoe")}
        url = work.sandbox.url
        await work.cadence.deps.database.write(planned, work, others, work.clock.now)
        await becomes(work, "08:30")
        page = await window(browser, url, rep.slack_id)
        await rep_plans(page)

        await becomes(work, "09:00")
        dana = await window(browser, url, ids["Dana"])
        await manager_of_eight(dana, rep.name)
        await becomes(work, "09:30")
        phone: dict[str, Any] = PHONE
        await becomes(work, "09:00", "Europe/London")
        lee = await window(browser, url, ids["Lee"], **phone)
        await manager_of_forty(lee)
        zoe = await window(browser, url, ids["Zoe"])
        await dotted_line(zoe)

        await becomes(work, "13:30")
        hand = work.sandbox.person(late.slack_id)
        assert (await hand.command("/plan")).ok
        assert (await hand.submit(values={"today": "Five renewals called\nSlides for Monday"})).ok
        await becomes(work, "14:00")
        await late_plan(dana, late.given_name)
        await becomes(work, "16:00")
        await expect(last(page)).to_contain_text("Was it a good week?", timeout=PATIENCE)
        await last(page).get_by_role("button", name="Yes").click()
        await expect(last(page)).to_contain_text("Was it a good week? Yes", timeout=PATIENCE)
        await picture("day-9-week")(page)
