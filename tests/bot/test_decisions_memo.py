"""A memo is written at leisure, proposed when it is whole, answered by its approver and its readers (F66-F73)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot.decisions import card_views, limits, memo_views
from rituals.decisions import Decision, Lane, State
from rituals.decisions_lanes import Guardrail
from rituals.decisions_memo import words_in
from rituals.decisions_readers import Effect, Reader, Response
from storage import decisions as kept
from tests.bot import forging
from tests.bot.decision_steps import MEMO, SAID, answer, approved, captured, card, only, opened, pressed, proposed
from tests.bot.steps import change, element, filled, stored, submitted
from tests.bot.world import World, buttons, words
from tests.factories import FUNCTION


async def test_a_proposal_waits_on_a_card_and_is_approved_in_one_press(morning: World) -> None:
    decision = await proposed(morning)

    assert (decision.state, decision.lane, decision.approver_id) == (
        State.PROPOSED,
        Lane.COMMITMENT,
        morning.people["Priya"].id,
    )
    shown = words(card(morning, "Priya"))
    assert "*D-1 Two-year discount rule*" in shown
    assert "*Commitment, waiting for Priya* · by Fri 27 Nov" in shown
    assert "Margin falls by 1 %, churn by 3 %." in shown
    assert buttons(card(morning, "Priya")) == ["Approve", "Return…"]

    assert (await pressed(morning, "Priya", card_views.APPROVE)).ok
    decided = await only(morning)
    assert (decided.state, decided.settled_by_id) == (State.APPROVED, morning.people["Priya"].id)
    assert "*Commitment, approved by Priya*" in words(card(morning, "Priya"))
    assert buttons(card(morning, "Priya")) == []
    assert "Priya approved it." in words(card(morning, "Ana"))
    assert answer(morning, "Priya") == "*D-1 Two-year discount rule* is approved."


GAPS: Sequence[tuple[dict[str, Any], str, str]] = (
    ({"options": "10 % off"}, "options", "there is 1 option"),
    ({"options": "\n".join("abcdefgh")}, "options", "there are 8 options"),
    ({"consequences": None}, "consequences", "Fill this in before you propose it"),
    ({"touches": None}, "touches", "whether anybody must approve"),
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
    assert "Draft of" in words(again)
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


async def test_a_return_brings_words_and_the_next_proposal_is_approved(morning: World) -> None:
    await proposed(morning)
    assert (await pressed(morning, "Priya", card_views.RETURN)).ok
    await filled(morning, "Priya")
    assert (await submitted(morning, "Priya", {"words": "Which <customers> & why?"})).ok
    await morning.deliver()

    back = await only(morning)
    assert (back.state, back.returned_because) == (State.DRAFT, "Which <customers> & why?")
    told = card(morning, "Ana")
    assert "Priya returned it." in words(told)
    assert "“Which &lt;customers&gt; &amp; why?”" in words(told)
    assert (await morning.hand("Ana").click(told, card_views.WRITE)).ok
    view = await filled(morning, "Ana")
    assert "Which &lt;customers&gt; &amp; why?" in words(view)
    assert (await submitted(morning, "Ana", {"context": "Those of the north.", "then": "propose"})).ok
    await morning.deliver()
    assert (await pressed(morning, "Priya", card_views.APPROVE)).ok
    assert (await only(morning)).state is State.APPROVED


async def test_a_card_of_an_older_version_approves_nothing(morning: World) -> None:
    await proposed(morning)
    old = card(morning, "Priya")
    decision = await only(morning)
    await change(morning, replace(decision, version=decision.version + 1))

    await morning.hand("Priya").click(old, card_views.APPROVE)

    assert (await only(morning)).state is State.PROPOSED
    assert "Somebody changed D-1 meanwhile" in answer(morning, "Priya")


async def test_an_owner_never_approves_their_own_whatever_their_role(morning: World) -> None:
    await proposed(morning, owner="U0PRIYA", approver="U0DANA")

    await forging.press(morning, "Priya", card(morning, "Dana"), card_views.APPROVE, f"{(await only(morning)).id}:1")

    assert "Only Dana or a leader can do this" in answer(morning, "Priya")
    assert (await only(morning)).state is State.PROPOSED


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


async def test_readers_answer_in_three_working_days_and_the_owner_hears(morning: World) -> None:
    await proposed(morning, readers=["U0TOM", "U0DANA", "U0ZOE"])

    found = {reader.person_id: reader for reader in await stored(morning, Reader)}
    assert {reader.due_on for reader in found.values()} == {date(2026, 11, 25)}
    assert "answer by Wed 25 Nov (3 working days)" in words(card(morning, "Tom"))
    assert (await pressed(morning, "Tom", card_views.READ)).ok
    assert (await pressed(morning, "Dana", card_views.QUESTION)).ok
    await filled(morning, "Dana")
    assert (await submitted(morning, "Dana", {"words": "Since when?"})).ok
    await morning.deliver()
    assert "*D-1 Two-year discount rule*\nDana asks: “Since when?”" in words(card(morning, "Ana"))
    assert (await pressed(morning, "Zoe", card_views.OBJECT)).ok
    await filled(morning, "Zoe")
    assert (await submitted(morning, "Zoe", {"words": "It is my margin"})).ok
    await morning.deliver()

    answers = {reader.person_id: reader.response for reader in await stored(morning, Reader)}
    expected = {"Tom": Response.READ, "Dana": Response.QUESTION, "Zoe": Response.OBJECT}
    assert answers == {morning.people[name].id: response for name, response in expected.items()}
    assert "readers 3 of 3" in words(card(morning, "Priya"))
    assert "You answered: read." in words(card(morning, "Tom"))
    assert await owed(morning) == 0


async def owed(world: World) -> int:
    """How many responses readers owe."""

    def count(tx: Session) -> int:
        return len(kept.owed_readings(tx, world.team.workspace))

    found: int = await world.read(count)
    return found


async def test_a_memo_that_went_back_to_its_author_is_owed_by_nobody(morning: World) -> None:
    await proposed(morning, readers=["U0TOM"])
    assert await owed(morning) == 1

    await morning.hand("Priya").command("/decide", "return D-1 Which?")

    assert await owed(morning) == 0


async def said(world: World, name: str, action_id: str, text: str) -> None:
    """Somebody answers the memo with words."""
    assert (await pressed(world, name, action_id)).ok
    await filled(world, name)
    assert (await submitted(world, name, {"words": text})).ok
    await world.deliver()


async def test_the_owner_answers_a_reader_in_place_and_the_reader_hears_it_once(morning: World) -> None:
    await proposed(morning, readers=["U0DANA"])
    await said(morning, "Dana", card_views.QUESTION, "Since <when>?")
    question = card(morning, "Ana")
    assert "*D-1 Two-year discount rule*\nDana asks: “Since &lt;when&gt;?”" in words(question)
    assert buttons(question) == ["Answer…"]

    await pressed(morning, "Ana", card_views.REPLY)
    assert "Dana asks: “Since &lt;when&gt;?”" in words(await filled(morning, "Ana"))
    before = len(morning.dm("Dana"))
    assert (await submitted(morning, "Ana", {"words": "Since May & June"})).ok
    await morning.deliver()

    (reader,) = await stored(morning, Reader)
    assert (reader.words, reader.reply, reader.replied_by_id) == (
        "Since <when>?",
        "Since May & June",
        morning.people["Ana"].id,
    )
    assert answer(morning, "Ana") == "Dana reads your answer on *D-1*."
    assert "Ana answers “Since &lt;when&gt;?”:\n“Since May &amp; June”" in words(card(morning, "Dana"))
    assert len(morning.dm("Dana")) == before + 1
    assert buttons(card(morning, "Ana")) == ["Change the answer…"]

    await said(morning, "Ana", card_views.REPLY, "Since June")
    assert len(morning.dm("Dana")) == before + 1
    assert "“Since June”" in words(card(morning, "Dana"))
    await morning.hand("Tom").command("/decide", "show D-1")
    assert "Dana asks: “Since &lt;when&gt;?” → Ana: “Since June”" in answer(morning, "Tom")
    await morning.hand("Tom").command("/decide", "log D-1")
    assert "why: Since May &amp; June" in answer(morning, "Tom")


async def test_a_reply_is_kept_from_standing_under_words_that_it_is_not_about(morning: World) -> None:
    await proposed(morning, readers=["U0DANA"])
    memo = card(morning, "Dana")
    await said(morning, "Dana", card_views.QUESTION, "Since when?")
    assert (await pressed(morning, "Ana", card_views.REPLY)).ok
    await filled(morning, "Ana")
    morning.clock.now += timedelta(minutes=1)
    assert (await morning.hand("Dana").click(memo, card_views.OBJECT)).ok
    await filled(morning, "Dana")
    assert (await submitted(morning, "Dana", {"words": "It is my margin"})).ok

    refused = await submitted(morning, "Ana", {"words": "Since May"})

    assert "The reader has answered anew since" in refused.errors["words"]
    (reader,) = await stored(morning, Reader)
    assert (reader.words, reader.reply) == ("It is my margin", None)
    await morning.hand("Tom").command("/decide", "show D-1")
    assert "Dana objects: “It is my margin” _(no answer yet)_" in answer(morning, "Tom")


async def test_whom_it_affects_is_asked_to_read_it_once_and_it_stands_on_the_months_agenda(morning: World) -> None:
    await change(morning, replace(FUNCTION, head_id=morning.people["Zoe"].id))
    await proposed(morning, affects=[str(FUNCTION.id), str(morning.team.id)])

    assert {reader.person_id for reader in await stored(morning, Reader)} == {
        morning.people["Zoe"].id,
        morning.people["Dana"].id,
    }
    assert "affects Sales, EMEA" in words(card(morning, "Zoe")) or "affects EMEA, Sales" in words(card(morning, "Zoe"))
    assert len([one for one in morning.dm("Zoe") if "D-1" in one["text"]]) == 1
    effects = await stored(morning, Effect)
    assert all(effect.told_at == morning.clock.now for effect in effects)

    def agenda(tx: Session) -> list[str]:
        since, until = morning.clock.now.replace(day=1), morning.clock.now.replace(month=12)
        return [decision.label for decision, _ in kept.affecting(tx, morning.team.workspace, since, until)]

    assert await morning.read(agenda) == ["D-1", "D-1"]


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


async def test_the_same_works_by_commands(morning: World) -> None:
    await proposed(morning)
    priya = morning.hand("Priya")

    await priya.command("/decide", "return D-1")
    assert answer(morning, "Priya") == "Say why, in a few words."
    await priya.command("/decide", "return D-1 Which &lt;customers&gt;?")
    assert (await only(morning)).returned_because == "Which <customers>?"
    await opened(morning)
    assert (await submitted(morning, "Ana", {"then": "propose"})).ok
    await priya.command("/decide", "approve 1")
    assert answer(morning, "Priya") == "*D-1 Two-year discount rule* is approved."
    await priya.command("/decide", "approve 1")
    assert answer(morning, "Priya") == "D-1 is approved. Nothing changed."
    await morning.hand("Ana").command("/decide", "edit D-1")
    assert "D-1 is approved. Nothing changed." in words(morning.hand("Ana").view or {})


MARKS = "🎯 :tada: `code` *bold* _it_ ~no~ <!channel> <@U0TOM> &amp; & < > https://x.example/?a=1&b=2 |pipe| "
FOREIGN = "שלום עולם مرحبا \u202eabc\u202c ```block``` "
LONG = MARKS + FOREIGN + " ".join(f"w{n}" for n in range(440))
AROUND = "One\n\n\n  indented & <kept>\n\ttabbed\n# no heading\n1. no list\n> no quote\n--- no rule\n" + LONG[:1500]


async def test_nine_hundred_words_of_anything_survive_form_card_and_edit(morning: World) -> None:
    said = {"context": LONG, "consequences": AROUND}
    await captured(morning)
    await opened(morning)
    assert (await submitted(morning, "Ana", MEMO | said)).ok
    await morning.deliver()

    decision = await only(morning)
    assert (decision.context, decision.consequences) == (LONG, AROUND)
    shown = words(card(morning, "Priya"))
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert LONG in plain
    assert AROUND in plain
    assert 800 < sum(words_in(decision).values()) <= 900
    assert (await pressed(morning, "Priya", card_views.RETURN)).ok
    await filled(morning, "Priya")
    assert (await submitted(morning, "Priya", {"words": "Once more"})).ok
    again = await opened(morning)
    assert element(again, "context")["initial_value"] == LONG
    assert element(again, "consequences")["initial_value"] == AROUND
    assert (await submitted(morning, "Ana", {"then": "propose"})).ok
    decision = await only(morning)
    assert (decision.context, decision.consequences) == (LONG, AROUND)


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
