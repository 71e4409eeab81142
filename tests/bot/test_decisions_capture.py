"""A decision is captured where it happens, in three fields, and found under its number (F65)."""

from bot.decisions import capture_views, card_views
from rituals.decisions import Decision, State
from tests.bot.decision_steps import SAID, captured
from tests.bot.steps import element, filled, inputs, stored, submitted
from tests.bot.world import World, words


async def test_the_command_opens_three_fields_and_saves_a_numbered_draft(morning: World) -> None:
    decision = await captured(morning)

    assert (decision.label, decision.state, decision.title) == ("D-1", State.DRAFT, "10 % off for two years")
    assert (decision.chosen, decision.because) == (SAID["chosen"], SAID["because"])
    assert decision.considered == ("10 % off for two years", "15 % off")
    said = words(morning.hand("Ana").ephemerals()[-1])
    assert said.startswith("*D-1 10 % off for two years* is saved as a draft. `/decide edit D-1` opens the whole memo.")
    assert "Sun 29 Nov, 12:00 Europe/Berlin" in said
    assert (await morning.hand("Ana").click(morning.hand("Ana").ephemerals()[-1], card_views.WRITE)).ok
    assert element(await filled(morning, "Ana"), "because")["initial_value"] == SAID["because"]
    await morning.hand("Ana").close(is_cleared=True)
    assert (await captured(morning, "Tom", "new Discount rule")).title == "Discount rule"


async def test_a_message_brings_its_words_and_the_link_to_its_thread(morning: World) -> None:
    ana, hand = morning.hand("Ana"), morning.hand("Tom")
    await ana.say("Which discount?", "C0EMEA")
    first = morning.sandbox.messages("C0EMEA")[-1]
    await ana.say("We take 10 % <now> & here: https://x.example/a?b=1", "C0EMEA", first["ts"])
    reply = morning.sandbox.messages("C0EMEA")[-1] | {"channel": "C0EMEA"}

    assert (await hand.shortcut(capture_views.FROM_MESSAGE, reply)).ok
    view = await filled(morning, "Tom")
    assert inputs(view) == ["chosen", "instead", "because"]
    assert element(view, "chosen")["initial_value"] == "We take 10 % <now> & here: https://x.example/a?b=1"
    assert (await submitted(morning, "Tom", {"instead": "15 %", "because": "Churn"})).ok

    (decision,) = await stored(morning, Decision)
    ts = reply["ts"].replace(".", "")
    assert decision.source == (f"https://nordlicht.slack.com/archives/C0EMEA/p{ts}?thread_ts={first['ts']}&cid=C0EMEA")
    assert decision.chosen == "We take 10 % <now> & here: https://x.example/a?b=1"
    assert "D-1" in words(hand.ephemerals("C0EMEA")[-1])


async def test_an_empty_field_is_refused_on_itself_and_loses_nothing(morning: World) -> None:
    hand = morning.hand("Ana")
    await hand.command("/decide", "new")
    await filled(morning, "Ana")

    refused = await hand.submit(values=SAID | {"because": "  "})

    assert list(refused.errors) == ["because"]
    assert (await hand.submit(values={"because": "Churn"})).ok
    (decision,) = await stored(morning, Decision)
    assert (decision.chosen, decision.because) == (SAID["chosen"], "Churn")


async def test_a_draft_is_read_by_those_it_concerns_and_by_nobody_else(morning: World) -> None:
    await captured(morning)

    for name, sees in (("Ana", True), ("Dana", True), ("Priya", True), ("Tom", False), ("Zoe", False)):
        hand = morning.hand(name)
        await hand.command("/decide", "show D-1")
        shown = words(hand.ephemerals()[-1])
        assert ("Churn is the price" in shown) is sees, name
        assert shown.startswith("Only Ana") is not sees, name
        await hand.command("/decide", "list open")
        assert ("10 % off" in words(hand.ephemerals()[-1])) is sees, name


async def test_a_list_has_pages_newest_first(morning: World) -> None:
    for number in range(12):
        await captured(morning, command=f"new Rule {number}")
    ana = morning.hand("Ana")

    await ana.command("/decide", "")
    first = ana.ephemerals()[-1]
    assert words(first).index("D-12") < words(first).index("D-3 Rule 2")
    assert "D-2 " not in words(first)
    await ana.click(first, "decide.page.next")
    last = await morning.sandbox.until(lambda: next((m for m in ana.ephemerals()[-1:] if "D-2 " in words(m)), None))
    assert "Next page" not in words(last)


async def test_what_is_not_there_is_said_with_a_next_step(morning: World) -> None:
    for text, told in (
        ("show", "Which decision? Name it by its number, like D-18; /decide list shows them."),
        ("show D-9", "There is no decision “D-9”. Name it by its number, like D-18; /decide list shows them."),
        ("show B-1", "There is no decision “B-1”. Name it by its number, like D-18; /decide list shows them."),
        ("list mine", "Yours: none. `/decide new` captures one."),
    ):
        await morning.hand("Ana").command("/decide", text)
        assert words(morning.hand("Ana").ephemerals()[-1]) == told
