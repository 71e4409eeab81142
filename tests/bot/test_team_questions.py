"""What a team asks beyond the plan (F19), and how people feel, which leads to nobody (F21)."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.huddle import views
from bot.people import question_views, team_views
from rituals.team_questions import PlanAnswer, TeamQuestion
from sandbox import Outcome
from storage.tables import Base, Moods
from tests.bot import forging
from tests.bot.steps import Json, card, element, file, filled, inputs, plan_of, revisions, stored, submitted
from tests.bot.test_teams import pressed, room
from tests.bot.world import MONDAY, TUESDAY, World, buttons, words

WEDNESDAY = date(2026, 11, 25)


async def asks(world: World, lines: str, *, mood: bool = False, name: str = "Dana") -> Outcome:
    """The manager has the team ask this."""
    hand = world.hand(name)
    await pressed(world, name, await room(world, name, "teams"), team_views.QUESTIONS)
    outcome = await submitted(world, name, {"questions": lines, "mood": ["yes"] if mood else []})
    if outcome.ok and hand.view is not None:
        await hand.close(is_cleared=True)
    return outcome


async def opened(world: World, name: str = "Ana") -> Json:
    assert (await world.hand(name).command("/plan")).ok
    return await filled(world, name)


def labels(view: Json) -> list[str]:
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


async def answered(world: World, name: str, results: str, **answers: str) -> Outcome:
    """Open today's form and send it with these answers, by the first words of their questions."""
    view = await opened(world, name)
    found = {}
    for words_of, text in answers.items():
        label = words_of.replace("_", " ")
        block = next(b for b in view["blocks"] if b["type"] == "input" and b["label"]["text"].startswith(label))
        found[block["block_id"]] = text
    outcome = await submitted(world, name, {"today": results, **found})
    await world.deliver()
    return outcome


def receipt(world: World, name: str = "Ana") -> str:
    return words(next(one for one in reversed(world.dm(name)) if one["text"].startswith("Saved")))


async def test_a_question_appears_from_the_next_prompt_on_and_never_in_one_already_open(morning: World) -> None:
    await morning.at("08:30")
    assert (await asks(morning, "* Commit for today\nOne thing learned")).ok

    assert "Commit for today" not in labels(await opened(morning))
    assert (await file(morning, "Ana", "Beltrán signs")).ok
    await morning.deliver()
    assert "Commit" not in receipt(morning)

    await morning.at("08:30", TUESDAY)
    shown = labels(await opened(morning))
    assert "Commit for today" in shown
    assert "One thing learned" in shown
    refused = await submitted(morning, "Ana", {"today": "Beltrán signs"})
    assert not refused.ok
    assert next(iter(refused.errors)).startswith("ask:")


async def test_an_answer_stands_in_the_receipt_on_the_card_and_in_edits_with_their_revisions(morning: World) -> None:
    assert (await asks(morning, "Commit for today\nOne thing learned")).ok
    await morning.at("08:30")
    assert (await answered(morning, "Ana", "Beltrán signs", Commit="I <call> Acme & Beta")).ok
    assert "_Commit for today_: I &lt;call&gt; Acme &amp; Beta" in receipt(morning)
    assert "learned" not in receipt(morning)

    await morning.at("09:00")
    assert "_Commit for today_: I &lt;call&gt; Acme &amp; Beta" in words(card(morning))
    assert "Commit" not in "".join(words(one) for one in morning.channel())

    view = await opened(morning)
    block = next(b["block_id"] for b in view["blocks"] if b.get("block_id", "").startswith("ask:"))
    assert element(view, "ask")["initial_value"] == "I <call> Acme & Beta"
    assert (await submitted(morning, "Ana", {block: "I call Beta"})).ok
    await morning.deliver()
    assert "_Commit for today_: I call Beta" in receipt(morning)
    plan = await plan_of(morning, "Ana")
    assert [said["answers"] for said in await revisions(morning, plan.id)] == [
        {"Commit for today": "I <call> Acme & Beta"}
    ]

    await opened(morning)
    assert (await submitted(morning, "Ana", {block: ""})).ok
    assert await stored(morning, PlanAnswer) == []


async def test_the_same_submission_three_times_is_one_answer_and_one_mood(morning: World) -> None:
    assert (await asks(morning, "Commit for today", mood=True)).ok
    await morning.at("08:30")
    view = await opened(morning)
    held = {name: dict(inside) for name, inside in view["state"]["values"].items()}
    ask = next(name for name in held if name.startswith("ask:"))
    held["today:0"]["today"]["value"] = "Beltrán signs"
    held[ask]["ask"]["value"] = "I call Acme"
    held["mood"]["mood"] = {"type": "radio_buttons", "selected_option": {"value": "4"}}
    for _ in range(3):
        answer = await forging.submission(morning, "Ana", view, state={"values": held})
        assert forging.errors(answer) == []

    assert [answer.text for answer in await stored(morning, PlanAnswer)] == ["I call Acme"]
    assert await counted(morning) == {4: 1}


async def test_same_plan_stays_one_press_carries_the_answers_and_names_the_one_that_is_owed(morning: World) -> None:
    assert (await asks(morning, "* Commit for today")).ok
    await morning.at("08:30")
    assert (await answered(morning, "Ana", "Beltrán signs", Commit="I call Acme")).ok
    assert (await asks(morning, "* Commit for today\n* Whom do you help?")).ok
    await morning.at("08:30", TUESDAY)
    prompt = next(one for one in reversed(morning.dm("Ana")) if "Same plan, nothing stuck" in buttons(one))
    assert (await morning.hand("Ana").click(prompt, views.SAME)).ok
    await morning.deliver()

    said = receipt(morning)
    assert "_Commit for today_: I call Acme" in said
    assert "_Whom do you help?_: not answered yet" in said
    await morning.at("09:00", TUESDAY)
    assert "_Whom do you help?_: not answered yet" in words(
        next(one for one in reversed(morning.dm("Dana")) if one["text"].startswith("EMEA huddle, Tue"))
    )


async def test_an_answer_is_kept_as_a_draft_and_a_mood_is_not(morning: World) -> None:
    assert (await asks(morning, "Commit for today", mood=True)).ok
    await morning.at("08:30")
    view = await opened(morning)
    block = next(b["block_id"] for b in view["blocks"] if b.get("block_id", "").startswith("ask:"))
    hand = morning.hand("Ana")
    values = {block: "I call Acme", "mood": "2"}
    assert (await hand.click(view, views.SAVE_DRAFT, values=values)).ok
    await morning.cadence.deps.background.drained(10)
    assert element(hand.view or {}, "mood")["initial_option"]["value"] == "2"
    assert (await hand.close(is_cleared=True)).ok

    again = await opened(morning)
    assert element(again, "ask")["initial_value"] == "I call Acme"
    assert "initial_option" not in element(again, "mood")


async def test_a_retired_question_is_asked_no_more_and_keeps_its_answers(morning: World) -> None:
    assert (await asks(morning, "Commit for today\nOne thing learned")).ok
    await morning.at("08:30")
    assert (await answered(morning, "Ana", "Beltrán signs", Commit="I call Acme")).ok
    assert (await asks(morning, "One thing learned")).ok
    assert "_Commit for today_: I call Acme" in receipt(morning)
    assert "Commit for today" in labels(await opened(morning))
    await morning.hand("Ana").close(is_cleared=True)

    await morning.at("08:30", TUESDAY)
    assert "Commit for today" not in labels(await opened(morning))
    assert [answer.text for answer in await stored(morning, PlanAnswer)] == ["I call Acme"]


async def test_whoever_saves_second_sees_what_the_first_one_asks_and_decides(morning: World) -> None:
    dana, priya = morning.hand("Dana"), morning.hand("Priya")
    for name in ("Dana", "Priya"):
        await pressed(morning, name, await room(morning, name, "teams"), team_views.QUESTIONS)
    assert (await dana.submit(values={"questions": "Commit for today", "mood": ["yes"]})).ok
    assert (await priya.submit(values={"questions": "One thing learned"})).ok

    again = priya.view or {}
    assert "Now it asks: Commit for today; how people feel." in words(again)
    assert element(again, question_views.QUESTIONS)["initial_value"] == "One thing learned"
    assert [one.text for one in await stored(morning, TeamQuestion)] == ["Commit for today", ""]
    assert (await priya.submit()).ok
    standing = [one.text for one in await stored(morning, TeamQuestion) if one.retired_at is None]
    assert standing == ["One thing learned"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("a\nb\nc\nd\ne\nf", "6 questions are more than a plan bears."),
        ("Fine\n" + "x" * 80, "Line 2 is too long for a form."),
        ("Same\nsame", "“same” stands here twice."),
    ],
)
async def test_a_bad_question_is_a_sentence_on_its_field(morning: World, lines: str, expected: str) -> None:
    refused = await asks(morning, lines)

    assert refused.errors["questions"].startswith(expected)
    assert await stored(morning, TeamQuestion) == []


async def counted(world: World) -> dict[int, int]:
    """Answers by mood, of all days."""

    def look(tx: Session) -> dict[int, int]:
        return {row.mood: row.answers for row in tx.execute(select(Moods.mood, Moods.answers))}

    found: dict[int, int] = await world.read(look)
    return found


ZONES = {"Mia": "Pacific/Auckland", "Ana": "Europe/Berlin", "Tom": "Europe/Berlin", "Ravi": "America/Los_Angeles"}
"""The team, in the order in which a date comes to them."""


async def feels(world: World, day: date, **moods: str) -> None:
    """People file their plans when they are asked, in the order of `ZONES`, and say how they feel."""
    for name, zone in ZONES.items():
        await world.at("08:30", day, zone)
        if name in moods:
            await opened(world, name)
            assert (await submitted(world, name, {"today": f"{name} signs", "mood": moods[name]})).ok


async def mood_on_card(world: World, day: date) -> list[str]:
    """What the card of a date says of the mood."""
    await world.at("08:30", day)
    assert (await file(world, "Ana", "Beltrán signs")).ok
    await world.at("09:00", day)
    shown = next(one for one in reversed(world.dm("Dana")) if one["text"].startswith("EMEA huddle"))
    return [line for line in words(shown).splitlines() if line.startswith("Mood")]


async def test_the_mood_is_off_until_a_manager_asks_for_it(morning: World) -> None:
    await morning.at("08:30")
    assert "mood" not in inputs(await opened(morning))
    assert (await asks(morning, "", mood=True)).ok
    await morning.at("08:30", TUESDAY)
    view = await opened(morning)
    assert "mood" in inputs(view)
    assert next(block for block in view["blocks"] if block.get("block_id") == "mood")["optional"]


async def test_an_average_is_shown_a_day_later_and_only_of_four_answers_or_more(morning: World) -> None:
    assert (await asks(morning, "", mood=True)).ok
    await feels(morning, MONDAY, Mia="3", Ana="5", Tom="1")
    assert "Mood" not in words(card(morning)), "a day that goes on says nothing: each plan would move it"
    assert await mood_on_card(morning, TUESDAY) == ["Mood on Mon 23 Nov: not enough answers"]

    await feels(morning, WEDNESDAY, Mia="3", Ana="5", Tom="1", Ravi="4")
    assert await mood_on_card(morning, WEDNESDAY + timedelta(days=1)) == [
        "Mood on Wed 25 Nov: 3.2 of 5, from 4 answers"
    ]


async def test_a_late_plan_is_not_asked_for_a_mood_and_an_edit_does_not_count_again(morning: World) -> None:
    assert (await asks(morning, "", mood=True)).ok
    await feels(morning, MONDAY, Ana="5")
    assert "mood" not in inputs(await opened(morning))
    await morning.hand("Ana").close(is_cleared=True)
    await morning.at("19:00")
    assert "mood" not in inputs(await opened(morning, "Tom"))

    assert await counted(morning) == {5: 1}


async def test_no_row_of_any_table_and_no_record_ties_a_mood_to_a_person(morning: World) -> None:
    assert (await asks(morning, "", mood=True)).ok
    await feels(morning, MONDAY, Ana="5", Tom="1")
    await opened(morning)
    assert (await submitted(morning, "Ana", {"today": "Ana signs twice"})).ok

    def everything(tx: Session) -> dict[str, list[dict[str, Any]]]:
        return {
            table.name: [dict(row._mapping) for row in tx.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }

    found = await morning.read(everything)
    moods = found.pop("moods")
    assert sorted(set(moods[0]) - {"team_id", "day", "mood", "answers", "workspace"}) == []
    assert {row["mood"]: row["answers"] for row in moods} == {5: 1, 1: 1}
    for name, rows in found.items():
        kept = json.dumps(rows, default=str)
        said = '"mood"' in kept.replace('"kind": "mood"', "")
        assert not said, f"{name} says something of a mood"
