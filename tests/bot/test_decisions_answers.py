"""What its approver and its readers answer to a memo, and what they are answered (F68, F71-F73)."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from bot.decisions import card_views, views
from rituals.decisions import Lane, State
from rituals.decisions_readers import Effect, Reader, Response
from storage import decisions as kept
from tests.bot import forging
from tests.bot.decision_steps import answer, card, only, opened, pressed, proposed
from tests.bot.people_steps import becomes
from tests.bot.steps import change, filled, stored, submitted
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


async def test_readers_answer_in_three_working_days_and_the_owner_hears(morning: World) -> None:
    await proposed(morning, readers=["U0TOM", "U0DANA", "U0ZOE"])

    found = {reader.person_id: reader for reader in await stored(morning, Reader)}
    assert {reader.due_on for reader in found.values()} == {date(2026, 11, 25)}
    assert "answer by Wed 25 Nov (3 working days). 1 minute to read." in words(card(morning, "Tom"))
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

    await pressed(morning, "Ana", views.REPLY)
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

    await said(morning, "Ana", views.REPLY, "Since June")
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
    assert (await pressed(morning, "Ana", views.REPLY)).ok
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


async def test_the_same_works_by_commands(morning: World) -> None:
    await proposed(morning)
    priya = morning.hand("Priya")

    await priya.command("/decide", "return D-1")
    assert answer(morning, "Priya") == "Say why, in a few words."
    await priya.command("/decide", "return D-1 Which <customers>?")
    assert (await only(morning)).returned_because == "Which <customers>?"
    await opened(morning)
    assert (await submitted(morning, "Ana", {"then": "propose"})).ok
    await priya.command("/decide", "approve 1")
    assert answer(morning, "Priya") == "*D-1 Two-year discount rule* is approved."
    await priya.command("/decide", "approve 1")
    assert answer(morning, "Priya") == "D-1 was approved by Priya at 11:00. Nothing changed."
    await morning.hand("Ana").command("/decide", "edit D-1")
    assert "D-1 is approved. Nothing changed." in words(morning.hand("Ana").view or {})


async def test_a_later_owner_answers_what_was_asked_before_and_whoever_is_above_one_that_left(morning: World) -> None:
    await proposed(morning, readers=["U0ZOE", "U0RAVI"])
    await said(morning, "Zoe", card_views.QUESTION, "Since when?")
    await morning.hand("Dana").command("/decide", "owner D-1 <@U0TOM> by friday")
    await morning.deliver()

    assert "Zoe asks: “Since when?”" in words(card(morning, "Tom"))
    await said(morning, "Tom", views.REPLY, "Since May")
    assert "Tom answers “Since when?”:\n“Since May”" in words(card(morning, "Zoe"))
    assert "Tom: “Since May”" in words(next(one for one in morning.dm("Ana") if "Zoe asks" in words(one)))

    assert await owed(morning) == 1
    await morning.hand("Dana").command("/decide", "show D-1")
    assert "readers 1 of 2" in words(morning.hand("Dana").ephemerals()[-1])
    for name in ("Tom", "Ravi"):
        await becomes(morning, name, deleted=True)
    assert await owed(morning) == 0
    morning.clock.now += timedelta(days=1)
    asked = next(one for one in morning.dm("Zoe") if "Object…" in buttons(one))
    assert (await morning.hand("Zoe").click(asked, card_views.OBJECT)).ok
    await filled(morning, "Zoe")
    assert (await submitted(morning, "Zoe", {"words": "It is my margin"})).ok
    await morning.deliver()
    assert "Zoe objects: “It is my margin”" in words(card(morning, "Ana"))
    dana = morning.hand("Dana")
    assert "Zoe objects: “It is my margin”" in words(card(morning, "Dana"))
    await dana.command("/decide", "show D-1")
    assert "readers 1 of 1" in words(dana.ephemerals()[-1])
    assert (await dana.click(dana.ephemerals()[-1], views.REPLY)).ok
    await filled(morning, "Dana")
    assert (await submitted(morning, "Dana", {"words": "It comes back in June"})).ok
    (reader,) = (one for one in await stored(morning, Reader) if one.reply)
    assert (reader.reply, reader.replied_by_id) == ("It comes back in June", morning.people["Dana"].id)
