"""The strategy is read in a handful of choices, and whoever is asked says which of them changes their week (C12)."""

from bot.strategy import views
from rituals.strategy import Mark, Strategy
from tests.bot.steps import Json, file, stored, submitted
from tests.bot.strategy_steps import SAID, asked, pressed, written
from tests.bot.world import World, buttons, words


def question(world: World, name: str) -> Json:
    """The question in somebody's DM."""
    (found,) = (one for one in world.dm(name) if one["text"].startswith("Which of our choices"))
    return found


async def read(world: World, name: str) -> str:
    """What `/cadence strategy` shows somebody."""
    assert (await world.hand(name).command("/cadence", "strategy")).ok
    return words(world.hand(name).ephemerals()[-1])


async def test_three_say_whose_week_a_choice_changes_and_plans_cite_it(morning: World) -> None:
    await asked(morning)
    assert "*S2* Renewals &lt;before&gt; new" in words(question(morning, "Ana"))
    for name, choice in (("Ana", 2), ("Tom", 0), ("Ravi", 2)):
        one = next(one for one in await stored(morning, Mark) if one.person_id == morning.people[name].id)
        assert (await morning.hand(name).click(question(morning, name), views.MARK, f"{one.id}:{choice}")).ok
    await morning.deliver()
    assert "You said: S2." in words(question(morning, "Ana"))
    assert "You said: none of them." in words(question(morning, "Tom"))
    await morning.at("08:30")
    assert (await file(morning, "Ana", "Three renewals called (S2)", "Slides (s2) and (S9)", "Calls")).ok

    told = await read(morning, "Priya")
    assert "*S1* Mid-market first\n_changes the week of EMEA 0 of 4_" in told
    new = "*S2* Renewals &lt;before&gt; new\n_changes the week of EMEA 2 of 4 · cited by 2 results this week_"
    assert new in told
    assert buttons(morning.hand("Priya").ephemerals()[-1]) == ["Write…", "Ask three teams…"]
    told = await read(morning, "Tom")
    assert "We grow where renewals are." in told
    assert "changes the week" not in told
    assert "Write…" not in told

    await pressed(morning, "Priya", views.ASK)
    assert (await submitted(morning, "Priya", {"teams": [str(morning.team.id)]})).ok
    await morning.deliver()
    assert len(await stored(morning, Mark)) == 4


async def test_what_is_no_strategy_is_refused_on_its_field_and_the_edition_before_stays(morning: World) -> None:
    await pressed(morning, "Priya", views.WRITE)
    for said, field, told in (
        ({"choices": "\n".join("abcdefgh")}, "choices", "there are 8 choices"),
        ({"choices": "a\n" + "b" * 151}, "choices", "Line 2 is longer"),
        ({"text": "word " * 500, "more": "word " * 399}, "text", "904 words are more than two pages"),
    ):
        refused = await submitted(morning, "Priya", SAID | said)
        assert list(refused.errors) == [field]
        assert told in refused.errors[field]
    pages = {"text": f"{'One word. ' * 250}\n\nMore.", "more": "word " * 390}
    assert (await submitted(morning, "Priya", SAID | pages)).ok
    await written(morning, choices="Only renewals")

    one, two = await stored(morning, Strategy)
    assert (one.choices, two.choices) == ("Mid-market first\nRenewals <before> new", "Only renewals")
    assert one.text == "\n\n".join(page.strip() for page in pages.values())
