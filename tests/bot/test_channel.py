"""What everybody sees: one quiet line and a thread, and nothing that belongs to one person."""

import re

from bot.huddle import card_views
from tests import factories
from tests.bot.steps import card, carded, file, redirected
from tests.bot.world import MONDAY, World, buttons, words

PRIVATE = ("⚠", "late", "redirect", "Ravi", "Mia", "missing", "open", "edited", "Slides", "renewals", "Redirect")


async def test_the_channel_hears_one_line_of_counts_and_a_thread_of_what_people_ticked(morning: World) -> None:
    await morning.write(factories.absence(morning.people["Mia"].id, MONDAY, MONDAY))
    await morning.at("08:30")
    assert (
        await file(
            morning,
            "Ana",
            "Slides for Friday",
            stuck="Legal is silent",
            note="Cake at four & <!channel> <@U0DANA> @here",
            share=["yes"],
        )
    ).ok
    assert (await file(morning, "Tom", "Three renewals called", note="Only for Dana")).ok
    for wall in ("09:00", "09:30", "09:31", "10:00"):
        await morning.at(wall)

    line, thread = morning.channel()
    assert words(line) == "*EMEA huddle, Mon 23 Nov* · 2 planned, 1 away, 1 blocker."
    assert thread["thread_ts"] == line["ts"]
    assert words(thread) == "*Ana*: Cake at four &amp; &lt;!channel&gt; &lt;@U0DANA&gt; @here"


async def test_nobody_is_pinged_or_shamed_in_the_channel_whatever_happens(morning: World) -> None:
    shown = await carded(morning)
    assert (await redirected(morning, shown, "Ana", "Slides for Friday", "Call the renewals")).ok
    await morning.at("09:30")
    await morning.at("11:00")
    assert (await file(morning, "Ravi", "Late, but here", note="Sorry", share=["yes"])).ok
    assert (await file(morning, "Ana", "Beltrán signs the new bookings")).ok
    await morning.at("11:01")

    (line,) = morning.channel()
    assert words(line) == "*EMEA huddle, Mon 23 Nov* · 3 planned."
    for message in morning.channel():
        everything = words(message) + message["text"]
        assert not re.search("<[@!#]", everything)
        assert not [word for word in PRIVATE if word in everything]


async def test_a_line_without_anything_ticked_has_no_thread(morning: World) -> None:
    await carded(morning)
    await morning.at("09:30")

    (line,) = morning.channel()
    assert "reply_count" not in line


async def test_post_summary_posts_now_and_the_clock_does_not_post_again(morning: World) -> None:
    shown = await carded(morning)
    assert "Post summary" in buttons(shown)
    dana = morning.hand("Dana")

    assert (await dana.click(shown, card_views.POST)).ok
    assert (await dana.click(shown, card_views.POST)).ok
    await morning.deliver()
    assert len(morning.channel()) == 1
    assert "Post summary" not in buttons(card(morning))
    await morning.at("09:30")

    assert len(morning.channel()) == 1


async def test_a_team_without_a_channel_posts_nothing_and_offers_nothing(morning: World) -> None:
    team = factories.team("Iberia", manager_id=morning.people["Priya"].id, channel=None)
    await morning.write(team, factories.huddle(team.id))
    await morning.at("09:00", zone="Europe/London")
    (shown,) = morning.dm("Priya")
    assert buttons(shown) == []

    await morning.at("09:30", zone="Europe/London")

    assert all("Iberia" not in post.text for post in morning.sandbox.posts if post.channel == "C0EMEA")
