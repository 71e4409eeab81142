"""A memo is written at leisure, kept whatever is refused of it, and proposed when it is whole (F66-F68, F70, F71)."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.decisions import card_views, exporting, limits, memo_views
from rituals.decisions import Decision, Lane, State
from rituals.decisions_lanes import Guardrail
from rituals.decisions_memo import WRITTEN, words_in
from tests.bot.decision_steps import MEMO, SAID, answer, approved, captured, card, only, opened, pressed, proposed
from tests.bot.steps import change, element, filled, stored, submitted
from tests.bot.world import World, buttons, words
from tests.rituals.test_decisions_madr import HEADINGS, read_back

GAPS: Sequence[tuple[dict[str, Any], str, str]] = (
    ({"options": "10 % off"}, "options", "there is 1 option"),
    ({"options": "\n".join("abcdefgh")}, "options", "there are 8 options"),
    ({"consequences": None}, "consequences", "Fill this in before you propose it"),
    ({"capability": "Pricing"}, "held", "in one place or by each unit"),
    ({"capability": None, "held": "units"}, "capability", "or leave both empty"),
    ({"held": None, "touches": None}, "touches", "whether anybody must approve"),
    ({"approver": None}, "approver", "somebody who is not its owner"),
    ({"approver": "U0ANA"}, "approver", "somebody who is not its owner"),
    ({"readers": ["U0CADENCE"]}, "readers", "on the roster"),
    ({"context": "word " * 500, "because": "word " * 450}, "context", "Context 500"),
)
"""What is wrong with a proposal, on which field it is refused, and in which words."""


async def test_what_is_not_whole_is_refused_on_its_field_and_nothing_is_lost(morning: World) -> None:
    await captured(morning)
    whole = MEMO | {"readers": [], "because": SAID["because"]}
    for said, field, told in GAPS:
        await opened(morning)

        refused = await submitted(morning, "Ana", whole | said)

        assert list(refused.errors) == [field]
        assert told in refused.errors[field]
        assert (await only(morning)).state is State.DRAFT
        await morning.hand("Ana").close(is_cleared=True)
        again = await opened(morning)
        assert element(again, "will_not")["initial_value"] == MEMO["will_not"]
        if field in {"options", "context"}:
            assert element(again, field)["initial_value"] == said[field]
        await morning.hand("Ana").close(is_cleared=True)


async def test_several_gaps_are_named_at_once_and_what_will_not_be_done_is_asked_once(morning: World) -> None:
    await captured(morning)
    await opened(morning)
    gaps = {"context": None, "decide_by": None, "review_on": None, "will_not": None}

    refused = await submitted(morning, "Ana", MEMO | gaps)
    assert list(refused.errors) == ["context", "decide_by", "review_on"]
    asked = await submitted(morning, "Ana", MEMO | {"will_not": None})
    assert asked.errors == {"will_not": "What will you not do because of this? Save again to leave it empty."}
    assert (await submitted(morning, "Ana", MEMO | {"will_not": None})).ok
    assert (await only(morning)).state is State.PROPOSED


async def test_a_draft_of_the_form_is_kept_while_it_is_written(morning: World) -> None:
    await captured(morning)
    ana = morning.hand("Ana")
    view = await opened(morning)
    held = {**view["state"]["values"], "context": {"context": {"type": "plain_text_input", "value": "Half a thought"}}}

    await ana.click({**view, "state": {"values": held}}, memo_views.SAVE_DRAFT)
    await morning.cadence.deps.background.drained(10)
    await ana.close(is_cleared=True)

    again = await opened(morning)
    assert "Draft of <!date^" in words(again)
    assert (await only(morning)).context == ""


async def test_two_who_write_at_once_are_told_and_nothing_is_lost(morning: World) -> None:
    await captured(morning)
    await opened(morning)
    await opened(morning, "Dana")
    assert (await submitted(morning, "Dana", {"context": "Dana's", "then": "draft"})).ok

    refused = await submitted(morning, "Ana", {"context": "Ana's", "then": "draft"})

    assert "Somebody changed D-1 meanwhile" in next(iter(refused.errors.values()))
    assert (await only(morning)).context == "Dana's"
    await morning.hand("Ana").close(is_cleared=True)
    assert element(await opened(morning), "context")["initial_value"] == "Ana's"


async def limit(world: World) -> Guardrail:
    """Priya names a limit."""
    priya = world.hand("Priya")
    await priya.command("/decide", "limits")
    assert (await priya.click(priya.ephemerals()[-1], limits.ADD)).ok
    await filled(world, "Priya")
    assert (await submitted(world, "Priya", {"name": "Discounts", "limit": "Up to 15 %"})).ok
    (found,) = await stored(world, Guardrail)
    return found


async def test_within_a_named_limit_it_is_decided_at_once_and_the_use_is_recorded(morning: World) -> None:
    named = await limit(morning)

    decision = await proposed(morning, touches="no", limit=str(named.id), approver="U0PRIYA")

    assert (decision.state, decision.lane, decision.guardrail_id) == (State.RECORDED, Lane.GUARDRAIL, named.id)
    assert decision.approver_id is None
    assert "*Guardrail, decided* · within Discounts: Up to 15 %" in answer(morning, "Ana")
    await morning.hand("Tom").command("/decide", "limits")
    assert "*Discounts* Up to 15 % · used 1 time" in answer(morning, "Tom")
    assert "Add limit" not in answer(morning, "Tom")


async def test_autonomy_is_recorded_and_open_to_everybody_unless_it_is_kept_to_some(morning: World) -> None:
    decision = await proposed(morning, touches="no", restricted=["yes"])
    assert (decision.state, decision.lane) == (State.RECORDED, Lane.AUTONOMY)

    await morning.hand("Zoe").command("/decide", "show D-1")
    assert answer(morning, "Zoe").startswith("Only Ana")
    await change(morning, replace(decision, restricted=False))
    await morning.hand("Zoe").command("/decide", "show D-1")
    assert "*Autonomy, decided*" in answer(morning, "Zoe")


async def test_the_change_log_tells_before_after_approver_and_why(morning: World) -> None:
    await approved(morning)

    await morning.hand("Tom").command("/decide", "log D-1")

    shown = answer(morning, "Tom")
    for line in (
        "*Ana Torres* · captured",
        "*Ana Torres* · proposed",
        "lane: nothing → commitment",
        "*Priya Raman* · approved",
        "state: proposed → approved",
        "approver: Priya Raman",
        "why: Churn is the price",
    ):
        assert line in shown


MARKS = "🎯 :tada: `code` *bold* _it_ ~no~ <!channel> <@U0TOM> &amp; & < > https://x.example/?a=1&b=2 |pipe| "
FOREIGN = "שלום עולם مرحبا \u202eabc\u202c ```block``` "
LONG = "  " + MARKS + FOREIGN + " ".join(f"w{n}" for n in range(440)) + " \n "
AROUND = "One\n\n\n  indented & <kept>\n\ttabbed\n# no heading\n1. no list\n> no quote\n--- no rule\n" + LONG[:1500]


async def test_nine_hundred_words_of_anything_survive_form_card_edit_and_export(morning: World, tmp_path: Path) -> None:
    await captured(morning)
    said: dict[str, Any] = {"context": LONG, "consequences": AROUND, "because": SAID["because"]}
    others = sum(len(str((MEMO | SAID | said)[name]).split()) for name in WRITTEN if name != "will_not")
    said["will_not"] = "no " * (900 - others)
    await opened(morning)
    assert (await submitted(morning, "Ana", MEMO | said)).ok
    await morning.deliver()

    decision = await only(morning)
    assert (decision.context, decision.consequences) == (LONG, AROUND)
    assert sum(words_in(decision).values()) == 900
    shown = words(card(morning, "Priya"))
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert LONG in plain
    assert AROUND in plain
    assert (await pressed(morning, "Priya", card_views.RETURN)).ok
    await filled(morning, "Priya")
    assert (await submitted(morning, "Priya", {"words": "Once more"})).ok
    again = await opened(morning)
    assert element(again, "context")["initial_value"] == LONG
    assert element(again, "consequences")["initial_value"] == AROUND
    assert (await submitted(morning, "Ana", {"then": "propose"})).ok
    decision = await only(morning)
    assert (decision.context, decision.consequences) == (LONG, AROUND)
    await exporting.write_all(morning.cadence.deps.database, tmp_path, morning.clock.now)
    _, _, fields, options, _ = read_back(only_file(tmp_path))
    assert {name: fields[heading] for heading, name in HEADINGS.items() if heading in fields} == {
        name: getattr(decision, name) for name in HEADINGS.values() if getattr(decision, name)
    }
    assert options == list(decision.considered)


def only_file(folder: Path) -> str:
    """What the one exported file says."""
    (file,) = folder.rglob("*.md")
    return file.read_text(encoding="utf-8")


async def test_a_memo_too_long_for_a_message_is_opened_whole(morning: World) -> None:
    text = "&" * 2900
    await proposed(morning, context=text, consequences=text, will_not=text, options=f"{text[:1400]}\nNothing")

    shown = card(morning, "Priya")
    assert buttons(shown)[0] == "Whole memo"
    assert (await morning.hand("Priya").click(shown, card_views.WHOLE)).ok
    view = await filled_room(morning, "Priya")
    assert words(view).count("&amp;") > 3 * 2900
    decisions = await stored(morning, Decision)
    assert decisions[0].context == text


async def filled_room(world: World, name: str) -> dict[str, Any]:
    """The view that somebody looks into, once it is more than "One moment"."""
    hand = world.hand(name)
    return await world.sandbox.until(lambda: next((v for v in [hand.view] if v and len(v["blocks"]) > 1), None))
