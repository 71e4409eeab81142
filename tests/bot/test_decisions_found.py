"""Found again: by list, search, link and file, each showing only what the asker may see (F74, F76)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from bot import cli
from bot.decisions import exporting
from bot.files import ANNOUNCE
from rituals.decisions import Decision, Lane, State
from tests import decisions
from tests.bot.decision_steps import MEMO, answer, approved, captured, opened, proposed
from tests.bot.steps import change, stored, submitted
from tests.bot.test_matrix import STRANGERS, peopled
from tests.bot.world import World, buttons, words, world


async def test_a_superseded_record_and_its_successor_link_each_other(morning: World) -> None:
    first = await approved(morning)
    await captured(morning, command="new Eight per cent")
    ana = morning.hand("Ana")

    await ana.command("/decide", "supersede D-1 with D-2")
    assert answer(morning, "Ana") == "*D-2* will replace *D-1* once it is decided."
    await opened(morning, number=2)
    memo = {"touches": "no", "context": "x", "consequences": "y", "will_not": "z", "then": "propose"}
    assert (await submitted(morning, "Ana", memo | {"decide_by": "2026-11-27", "review_on": "2027-03-01"})).ok
    await morning.deliver()

    old, new = sorted(await stored(morning, Decision), key=lambda one: one.number)
    assert (old.state, old.superseded_by_id, new.supersedes_id) == (State.SUPERSEDED, new.id, first.id)
    await ana.command("/decide", "show D-1")
    assert words(ana.ephemerals()[-1]).startswith("⚠ This gave way to *D-2*.")
    await ana.command("/decide", "show D-2")
    assert "replaces D-1" in answer(morning, "Ana")
    await ana.command("/decide", "log D-1")
    assert "chosen: 10 % off for two years → 10 % off for two years" in answer(morning, "Ana")
    await ana.command("/decide", "supersede D-2 with D-1")
    assert "superseded. Nothing changed." in answer(morning, "Ana") or "replaced by another" in answer(morning, "Ana")


async def test_a_search_finds_what_the_asker_may_see_and_nothing_else(morning: World) -> None:
    company = await peopled(morning)
    await captured(company, chosen="Price of churn")
    await proposed_second(company)
    await proposed_second(company, 3, restricted=["yes"], readers=["U0ZOE"])

    line, others = ("Ana", "Dana", "Priya", "Lena"), ("Tom", "Lee", "Fay", "Cora", "Otto", "Ada")
    expected = {name: {"D-1", "D-2", "D-3"} for name in line} | {name: {"D-2"} for name in others}
    strangers: dict[str, set[str]] = {name: set() for name in STRANGERS}
    for name, finds in (expected | strangers | {"Zoe": {"D-2", "D-3"}}).items():
        for text in ("search churn", "list"):
            await company.hand(name).command("/decide", text)
            shown = answer(company, name)
            assert {label for label in ("D-1", "D-2", "D-3") if f"*{label} " in shown} == finds, name
    await morning.hand("Tom").command("/decide", "search nowhere")
    assert answer(morning, "Tom") == "“nowhere”: none. `/decide new` captures one."
    await morning.hand("Tom").command("/decide", "search")
    assert answer(morning, "Tom") == "Search for what? Type a few words: /decide search price."


async def proposed_second(world: World, number: int = 2, **said: Any) -> None:
    """Ana decides another one, D-2."""
    await captured(world)
    await opened(world, number=number)
    memo = {"title": "Churn", "touches": "no", "context": "x", "consequences": "y", "will_not": "z", "then": "propose"}
    assert (await submitted(world, "Ana", memo | {"decide_by": "2026-11-27", "review_on": "2027-03-01"} | said)).ok
    await world.deliver()


async def test_a_search_has_pages(morning: World) -> None:
    for number in range(12):
        await captured(morning, command=f"new Rule {number}")
    ana = morning.hand("Ana")

    await ana.command("/decide", "search rule")
    first = ana.ephemerals()[-1]
    assert words(first).count("Rule") == 10
    await ana.click(first, "decide.page.next")
    last = await morning.sandbox.until(lambda: next((m for m in ana.ephemerals()[-1:] if "Rule 0" in words(m)), None))
    assert words(last).count("Rule") == 2


async def test_an_export_shows_its_markdown_to_copy(morning: World) -> None:
    await proposed(morning)

    await morning.hand("Ana").command("/decide", "export D-1")

    shown = answer(morning, "Ana")
    assert shown.startswith("*D-0001-two-year-discount-rule.md*\n# D-1 Two-year discount rule\n\n* Status: proposed")
    assert "### Consequences\n\nMargin falls by 1 %, churn by 3 %.\n" in shown


def below(world: World, name: str) -> list[dict[str, Any]]:
    """What stands below the message that brings somebody's export."""
    (line,) = [one for one in world.dm(name) if one["text"].endswith("as a file below.")]
    return world.hand(name).messages(thread=line["ts"])[1:]


async def test_an_export_comes_as_a_file_where_files_may_be_sent_to_whoever_may_read_it(database_url: str) -> None:
    async with world(database_url, datetime(2026, 11, 22, 11, 0, tzinfo=UTC), ["files:write"]) as built:
        decision = await proposed(built)
        for name in ("Ana", "Zoe"):
            await built.hand(name).command("/decide", "export D-1")
            assert answer(built, name) == "D-1 Two-year discount rule comes as a file, into our DM."
        await change(built, replace(decision, restricted=True))
        await built.deliver()

        (reply,) = below(built, "Ana")
        (file,) = reply["files"]
        async with ClientSession() as session, session.get(file["url_private"]) as given:
            told = await given.text()
        assert file["name"] == "D-0001-two-year-discount-rule.md"
        assert told.startswith("# D-1 Two-year discount rule\n\n* Status: proposed")
        assert below(built, "Zoe") == [], "she may not read it any more"
        await built.hand("Zoe").command("/decide", "export D-1")
        assert "comes as a file" not in answer(built, "Zoe")

        built.sandbox.faults.add(ANNOUNCE, "fail", error="file_uploads_disabled")
        await built.hand("Ana").command("/decide", "export D-1")
        await built.deliver()
        (instead,) = [one for one in built.dm("Ana") if one["text"].startswith("Slack did not take D-1 as a file.")]
        assert "# D-1 Two-year discount rule" in words(instead)


async def test_the_command_line_writes_one_file_a_record(morning: World, tmp_path: Path) -> None:
    await proposed(morning)
    await proposed_second(morning)

    deps = morning.cadence.deps
    assert await exporting.write_all(deps.database, tmp_path, deps.clock()) == 2

    files = sorted(path.name for path in (tmp_path / "T0TEST").iterdir())
    assert files == ["D-0001-two-year-discount-rule.md", "D-0002-churn.md"]
    assert "export" in cli.cadence.commands["decide"].commands  # type: ignore[attr-defined] # click's groups


async def test_the_numbers_say_how_long_deciding_takes_by_lane(morning: World) -> None:
    await approved(morning, readers=["U0TOM"])
    decision = (await stored(morning, Decision))[0]
    await change(morning, replace(decision, captured_at=decision.captured_at.replace(day=18)))
    await captured(morning)

    await morning.hand("Ana").command("/decide", "numbers")

    shown = answer(morning, "Ana")
    assert "Commitment: 4.0 days to decide (median of 1 decision) · 100 % of all" in shown
    assert "Autonomy: none decided yet" in shown
    assert "1 undecided · 1 owed a reading" in shown


async def test_approvals_that_change_nothing_are_asked_about_where_limits_are_named(morning: World) -> None:
    ana, priya = morning.people["Ana"].id, morning.people["Priya"].id
    facts: dict[str, Any] = {"lane": Lane.COMMITMENT, "approver_id": priya, "settled_by_id": priya}
    facts["workspace"] = morning.team.workspace
    for number in range(9):
        at = morning.clock.now - timedelta(days=number + 1)
        await morning.write(
            decisions.decision(ana, number=50 + number, state=State.APPROVED, settled_at=at, proposed_at=at, **facts)
        )
    await approved(morning)

    steady = "*Ana's last 10 commitments* were approved as written. A named limit lets Ana decide within it."
    assert f"{steady} `/decide limits` names one." in answer(morning, "Priya")
    await morning.hand("Priya").command("/decide", "numbers")
    told = answer(morning, "Priya")
    assert "*Priya's last 10 approvals* sent nothing back. Which of them could be a named limit instead?" in told
    assert steady in told
    assert buttons(morning.hand("Priya").ephemerals()[-1]) == ["Add limit"]
    await morning.hand("Ana").command("/decide", "numbers")
    assert "sent nothing back" not in answer(morning, "Ana")

    await proposed(morning, number=2)
    await morning.hand("Priya").command("/decide", "return D-2 Which?")
    await opened(morning, number=2)
    assert (await submitted(morning, "Ana", {"then": "propose"})).ok
    await morning.hand("Priya").command("/decide", "approve D-2")
    await morning.hand("Priya").command("/decide", "numbers")
    assert "last" not in answer(morning, "Priya")


async def test_a_capability_stands_where_the_newest_decision_in_force_puts_it(morning: World) -> None:
    await proposed(morning, touches="no", capability="Pricing  desk", held="central")

    await morning.hand("Tom").command("/decide", "capabilities")
    assert answer(morning, "Tom").endswith("*Pricing desk*: in one place for all · D-1, Ana · review on Mon 1 Mar")
    await morning.hand("Tom").command("/decide", "search pricing")
    assert "*D-1 " in answer(morning, "Tom")
    await captured(morning)
    await opened(morning, number=2)
    assert (await submitted(morning, "Ana", MEMO | {"touches": "no", "capability": "pricing desk", "held": "units"})).ok
    morning.clock.now = datetime(2027, 3, 2, 12, tzinfo=UTC)
    await morning.hand("Tom").command("/decide", "capabilities")
    shown = answer(morning, "Tom")
    assert shown.endswith("*pricing desk*: by each unit · D-2, Ana · ⚠ review was due on Mon 1 Mar")
    assert "D-1" not in shown


async def test_what_is_not_there_is_said(morning: World) -> None:
    await captured(morning)

    for text in ("supersede D-1", "supersede D-1 with D-9", "review D-9", "log", "export D-7"):
        await morning.hand("Ana").command("/decide", text)
        assert "like D-18" in answer(morning, "Ana")
