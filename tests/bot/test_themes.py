"""Wednesday's themes: proposed from the week's blockers, made, split or refused, and refusing teaches (F33)."""

import asyncio
from typing import Any

from bot.ids import new_id
from bot.payloads import Who
from bot.weekly import running as doors
from bot.weekly import theme_views, theming, views
from bot.weekly.form_views import Meta
from rituals.actions import Action, Source
from rituals.themes import Grouped, Theme, ThemeState
from rituals.weekly import NOTHING_RECURS, Slot
from storage import occurrences
from tests import factories
from tests.bot import forging
from tests.bot.steps import filled, stored, submitted
from tests.bot.weekly_steps import (
    LEGAL,
    NEXT,
    THURSDAY,
    TITLE,
    WEDNESDAY,
    act,
    agenda,
    close,
    make_theme,
    press_close,
    running,
    seen_themes,
    set_up,
    stuck,
)
from tests.bot.world import WORKSPACE, World, buttons, words


async def proposed(world: World, *texts: str, **facts: Any) -> list[Theme]:
    """What Wednesday brings."""
    await set_up(world)
    await stuck(world, *texts, **facts)
    await world.at("15:00", WEDNESDAY)
    return [one for one in await stored(world, Theme) if one.state is ThemeState.PROPOSED]


async def test_on_wednesday_at_three_three_similar_blockers_are_one_theme_that_names_all_three(morning: World) -> None:
    await set_up(morning)
    await stuck(morning, *LEGAL, "Laptop dies")
    await morning.at("14:59", WEDNESDAY)
    assert not [message for message in morning.dm("Dana") if message["text"] == "Themes I see"]
    for _ in range(2):
        await morning.at("15:00", WEDNESDAY)

    shown = seen_themes(morning)
    assert "*Legal turnaround* · 3 blockers (B-31, B-32, B-33), 3 people, 10 working days lost" in words(
        shown
    )  # Mia is in Auckland
    assert "B-34" not in words(shown)
    assert buttons(shown) == ["Make theme", "Split", "Not a theme"]
    assert len([message for message in morning.dm("Dana") if message["text"] == "Themes I see"]) == 1


async def test_the_same_kpi_or_the_same_tag_is_a_theme_too(morning: World) -> None:
    kpi = morning.kpis["Renewals"]
    await set_up(morning)
    await stuck(morning, "Laptop dies", "Flight to Oslo", "Nobody answers in Rome", kpi_id=kpi.id)
    await stuck(morning, "Stand at the fair", "Badges", "Rollups", first=41, tags="itsa")
    await stuck(morning, "Too long ago", "nothing at all", "never", first=51, days=30, tags="old")
    await morning.at("15:00", WEDNESDAY)

    assert {one.name for one in await stored(morning, Theme)} == {"Renewals", "#itsa"}


async def test_nothing_that_recurs_sends_nothing_and_the_ledger_says_so(morning: World) -> None:
    weekly = await set_up(morning)
    await stuck(morning, *LEGAL[:2])
    await morning.at("15:00", WEDNESDAY)

    entry = await morning.read(occurrences.find, weekly.id, morning.team.id, THURSDAY, Slot.THEMES)
    assert (entry.state, entry.reason) == ("skipped", NOTHING_RECURS)
    assert not [message for message in morning.dm("Dana") if message["text"] == "Themes I see"]


async def test_when_the_manager_is_off_on_wednesday_the_themes_come_on_tuesday(morning: World) -> None:
    await set_up(morning)
    await stuck(morning, *LEGAL)
    await morning.write(factories.company_day(WEDNESDAY, "inventory"))
    await morning.at("15:00", morning_before())

    assert "Legal turnaround" in words(seen_themes(morning))


def morning_before() -> Any:
    return WEDNESDAY.replace(day=WEDNESDAY.day - 1)


async def test_a_made_theme_stands_on_the_agenda_and_the_weekly_ends_it_in_an_action(morning: World) -> None:
    (theme,) = await proposed(morning, *LEGAL)
    assert (await make_theme(morning, theme, seen_themes(morning), "Legal is slow")).ok
    assert "✓ on the agenda" in words(seen_themes(morning))
    shown = words(await agenda(morning))
    assert "25 themes" in shown
    assert "*Legal is slow* · 3 blockers" in shown
    assert "⚠ no action yet" in shown
    (posted,) = (message for message in morning.channel() if message["text"] == TITLE)
    assert "Legal is slow" in words(posted)

    assert "Legal is slow has no action yet" in words(await press_close(morning))
    await morning.hand("Dana").close(is_cleared=True)
    assert (await act(morning, "Two-day answer agreed", "Dana", theme=str(theme.id))).ok
    (action,) = await stored(morning, Action)
    assert (action.source, action.subject_id) == (Source.THEME, theme.id)
    assert (await close(morning, made=["none"], needed=["none"])).ok
    assert [one.state for one in await stored(morning, Theme)] == [ThemeState.AGREED]


async def test_of_a_flow_the_two_themes_that_idle_most_stand_with_who_mends_them_by_when(morning: World) -> None:
    for number, (name, days) in enumerate({"Pricing": 12, "Onboarding": 1}.items(), 1):
        made = factories.theme(morning.team.id, name, state=ThemeState.MADE, flow="Quote to cash")
        (blocker,) = await stuck(morning, f"{name} again", days=days, first=70 + number)
        await morning.write(made, Grouped(new_id(), WORKSPACE, made.id, blocker.id))
    (theme,) = await proposed(morning, *LEGAL)
    dana = morning.hand("Dana")
    assert (await dana.click(seen_themes(morning), theme_views.MAKE_THEME, block_id=f"theme:{theme.id}")).ok
    assert "So far: Quote to cash" in words(await filled(morning, "Dana"))
    await dana.close(is_cleared=True)
    assert (await make_theme(morning, theme, seen_themes(morning), flow=" quote TO  cash")).ok
    assert "✓ on the agenda · flow Quote to cash" in words(seen_themes(morning))

    head = "*Flow Quote to cash*, where it idles most\n"
    assert head + (
        "1 *Legal turnaround* · 13 idle days\n⚠ no owner and no date yet\n"
        "2 *Pricing* · 11 idle days\n⚠ no owner and no date yet"
    ) in words(await agenda(morning))
    assert (await act(morning, "Two-day answer agreed", "Dana", theme=str(theme.id))).ok
    ends = "1 *Legal turnaround* · 13 idle days\n→ *Dana* Two-day answer agreed · by Thu 3 Dec\n2 *Pricing*"
    assert head + ends in words(running(morning))
    (posted,) = (message for message in morning.channel() if message["text"] == TITLE)
    assert "idle" not in words(posted)
    assert (await dana.command("/blockers", "themes")).ok
    assert head + ends in words(dana.ephemerals()[-1])


async def test_what_was_refused_is_not_proposed_again(morning: World) -> None:
    (theme,) = await proposed(morning, *LEGAL)
    shown = seen_themes(morning)
    hand = morning.hand("Dana")
    assert (await hand.click(shown, theme_views.NOT_A_THEME, block_id=f"theme:{theme.id}")).ok
    await morning.deliver()
    assert "These are not proposed together again" in words(seen_themes(morning))
    assert buttons(seen_themes(morning)) == []

    await stuck(morning, "legal again", first=61, days=-3)
    await morning.at("15:00", NEXT.replace(day=2))
    assert [one.state for one in await stored(morning, Theme)] == [ThemeState.REFUSED]


async def test_a_split_makes_two_of_one_that_never_meet_again(morning: World) -> None:
    (theme,) = await proposed(morning, *LEGAL, "legal: contract of Arbor", "contract of Helio at the lawyers")
    hand = morning.hand("Dana")
    assert (await hand.click(seen_themes(morning), theme_views.SPLIT, block_id=f"theme:{theme.id}")).ok
    form = await filled(morning, "Dana")
    (box,) = (block for block in form["blocks"] if block["block_id"] == "kept")
    ids = [option["value"] for option in box["element"]["options"]]
    assert (await submitted(morning, "Dana", {"kept": ids})).errors["kept"].startswith("Leave at least one ticked")
    assert (await hand.submit(values={"kept": ids[:3]})).ok
    await morning.deliver()

    shown = words(seen_themes(morning))
    assert "3 blockers (B-31, B-32, B-33)" in shown
    assert "2 blockers (B-34, B-35)" in shown
    await morning.at("15:00", NEXT.replace(day=2))
    groups = [one for one in await stored(morning, Theme) if one.state is ThemeState.PROPOSED]
    assert all("B-34" not in words(seen_themes(morning)) or "B-31" not in words(seen_themes(morning)) for _ in groups)


async def test_two_who_make_it_at_once_make_it_once_and_the_second_is_told(morning: World) -> None:
    (theme,) = await proposed(morning, *LEGAL)
    meta, write = Meta(about=theme.id), morning.cadence.deps.database.write
    tries = [
        write(
            theming.keep_made,
            meta,
            {"name": name},
            doors._pressed(Who(WORKSPACE, who, "test"), meta),
            morning.clock.now,
        )
        for who, name in (("U0DANA", "Dana's"), ("U0PRIYA", "Priya's"))
    ]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sorted(type(one).__name__ for one in found) == ["NoneType", "OnField"]

    value = str(theme.id)
    assert (await forging.press(morning, "Dana", seen_themes(morning), theme_views.SPLIT, value)).ok
    notice = await morning.sandbox.until(lambda: morning.hand("Dana").view)
    assert "is on the agenda already" in words(notice)


async def test_an_undecided_proposal_may_be_made_in_the_meeting_and_goes_with_the_next(morning: World) -> None:
    (theme,) = await proposed(morning, *LEGAL)
    shown = await agenda(morning)
    assert "_Proposed:_ *Legal turnaround*" in words(shown)
    assert (await make_theme(morning, theme, shown)).ok
    assert "⚠ no action yet" in words(running(morning))

    assert buttons(running(morning))[-1] == "Close"
    assert views.CLOSE == "weekly.close"


async def test_themes_are_there_when_the_manager_asks_and_a_decision_shows_wherever_they_stand(morning: World) -> None:
    ana, dana = morning.hand("Ana"), morning.hand("Dana")
    await set_up(morning)
    assert (await dana.command("/blockers", "themes")).ok
    assert "None is open" in words(dana.ephemerals()[-1])
    await stuck(morning, *LEGAL)
    await stuck(morning, "Stand at the fair", "Badges", "Rollups", first=41, tags="itsa")
    await morning.at("15:00", WEDNESDAY)
    by_name = {one.name: one for one in await stored(morning, Theme)}

    assert (await ana.command("/blockers", "themes --team EMEA")).ok
    assert "Only Dana" in words(ana.ephemerals()[-1])
    assert (await dana.command("/blockers", "themes")).ok
    shown = dana.ephemerals()[-1]
    assert "*Legal turnaround* · 3 blockers (B-31, B-32, B-33)" in words(shown)
    assert "B-41 Stand at the fair" in words(shown)
    assert buttons(shown) == ["Make theme", "Split", "Not a theme"] * 2

    assert (await make_theme(morning, by_name["Legal turnaround"], shown, "Legal is slow")).ok
    await morning.cadence.deps.background.drained(10)
    shown = dana.ephemerals()[-1]
    assert "✓ on the agenda" in words(shown)
    assert "*Legal is slow*" in words(seen_themes(morning))
    assert (await dana.click(shown, theme_views.NOT_A_THEME, block_id=f"theme:{by_name['#itsa'].id}")).ok
    await morning.deliver()
    await morning.cadence.deps.background.drained(10)
    shown = dana.ephemerals()[-1]
    assert "B-41" not in words(shown)
    assert buttons(shown) == []
    assert "These are not proposed together again" in words(seen_themes(morning))
    assert len([one for one in dana.ephemerals() if "Themes of EMEA" in one["text"]]) == 2
