"""The registry through its doors: KPIs added and retired, caps with their way out, objectives, shares, the tree."""

import asyncio
import time
from dataclasses import replace
from decimal import Decimal
from threading import Event
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.ids import new_id
from bot.kpis import form_views, registry, views
from bot.kpis.form_views import Meta
from bot.payloads import Who
from rituals.kpis import Direction, Function, Kpi, Link, Objective, Paid, Share, Terms
from rituals.kpis_registry import FunctionFull
from rituals.people import Role
from sandbox import Outcome
from storage import audit
from tests import factories
from tests.bot import forging
from tests.bot.steps import change, filled, stored, submitted
from tests.bot.test_kpis import owned, typed
from tests.bot.world import World, words
from tests.factories import FUNCTION, OBJECTIVE, WORKSPACE

Json = dict[str, Any]
NEW: Json = {"name": "Churn", "unit": "%", "target": "5", "direction": "lower"}


async def adding(world: World, who: str = "Priya", **said: Any) -> Outcome:
    """Open the form of a new KPI and send it."""
    hand = world.hand(who)
    assert (await hand.command("/kpi", "add")).ok
    await filled(world, who)
    return await hand.submit(values=NEW | {"owner": world.people["Ana"].slack_id} | said)


async def active(world: World) -> list[Kpi]:
    """KPIs that are not retired, by number."""
    return sorted((k for k in await stored(world, Kpi) if k.retired_on is None), key=lambda kpi: kpi.number)


async def crowd(world: World, count: int, **facts: Any) -> list[Kpi]:
    """So many KPIs of one function for one objective, instead of those that were there."""
    for kpi in world.kpis.values():
        await change(world, replace(kpi, retired_on=factories.DAY))
    found = [factories.kpi(f"KPI {n}", number=100 + n, **facts) for n in range(count)]
    await world.write(*found, *(factories.terms(kpi.id) for kpi in found))
    return found


# A new KPI


async def test_a_kpi_is_added_with_a_number_and_its_terms(morning: World) -> None:
    assert (await adding(morning)).ok

    kpi = (await active(morning))[-1]
    assert (kpi.label, kpi.name, kpi.unit, kpi.owner_id) == ("K-4", "Churn", "%", morning.people["Ana"].id)
    (terms,) = [one for one in await stored(morning, Terms) if one.kpi_id == kpi.id]
    assert (terms.target, terms.direction, terms.yellow_from) == (Decimal(5), Direction.LOWER, Decimal(10))
    told = words(morning.hand("Priya").ephemerals()[-1])
    assert told.startswith("Added K-4 *Churn*: target 5 % or less")


@pytest.mark.parametrize("gone", ["name", "objective", "function", "owner", "unit", "target", "direction"])
async def test_a_kpi_without_what_it_needs_is_refused_by_the_server_too(morning: World, gone: str) -> None:
    hand = morning.hand("Priya")
    assert (await hand.command("/kpi", "add")).ok
    view = await filled(morning, "Priya")
    held = {block: dict(inside) for block, inside in view["state"]["values"].items()}
    given = NEW | {"owner": morning.people["Ana"].slack_id}
    for block in view["blocks"]:
        if block["type"] != "input" or (block["block_id"] not in given and block["block_id"] != gone):
            continue
        element = block["element"]
        said: Json = {"type": element["type"]}
        if block["block_id"] != gone:
            value = given[block["block_id"]]
            said |= {
                "plain_text_input": {"value": value},
                "radio_buttons": {"selected_option": {"value": value}},
                "users_select": {"selected_user": value},
            }[element["type"]]
        held[block["block_id"]] = {element["action_id"]: said}

    answer = await forging.submission(morning, "Priya", {**view, "state": {"values": held}})

    assert list((answer.payload or {}).get("errors") or {}) == [gone]
    assert len(await active(morning)) == 3


async def test_a_target_of_zero_demands_bands_in_the_unit_and_loses_nothing(morning: World) -> None:
    outcome = await adding(morning, target="0")
    view = morning.hand("Priya").view or {}

    assert outcome.errors == {
        "bands": "A target of 0 has no percentage. Choose bands in the KPI's own unit and say how far behind is yellow."
    }
    assert view["state"]["values"]["name"]["name"]["value"] == "Churn"
    assert (await morning.hand("Priya").submit(values={"bands": "absolute", "from": "1", "until": "2"})).ok
    assert (await active(morning))[-1].name == "Churn"


async def test_a_profile_must_be_whole(morning: World) -> None:
    outcome = await adding(morning, pace="profile", profile="20/30")

    assert outcome.errors == {
        "profile": "A profile for a quarter has 3 parts that make 100, the first above 0: for example 20/30/50."
    }


async def test_an_owner_outside_the_roster_is_refused(morning: World) -> None:
    await change(morning, replace(morning.people["Ravi"], active=False))

    outcome = await adding(morning, owner=morning.people["Ravi"].slack_id)

    assert list(outcome.errors) == ["owner"]
    assert len(await active(morning)) == 3


@pytest.mark.parametrize(("name", "may"), [("Priya", True), ("Dana", True), ("Ana", False), ("Tom", False)])
async def test_leaders_admins_and_heads_add_and_nobody_else(morning: World, name: str, may: bool) -> None:
    await change(morning, replace(FUNCTION, head_id=morning.people["Dana"].id))

    hand = morning.hand(name)
    assert (await hand.command("/kpi", "add")).ok
    shown = hand.view or {}

    assert (shown.get("callback_id") == form_views.ADD_SUBMIT) is may
    assert may or "Only" in words(shown)


async def test_a_form_sent_twice_adds_one_kpi(morning: World) -> None:
    hand = morning.hand("Priya")
    assert (await hand.command("/kpi", "add")).ok
    view = await filled(morning, "Priya")
    assert (await hand.submit(values=NEW | {"owner": morning.people["Ana"].slack_id})).ok
    assert (await hand.command("/kpi", "add")).ok
    await filled(morning, "Priya")
    sent = {**(hand.view or {}), "private_metadata": view["private_metadata"]}
    assert (await hand.submit(view=sent, values=NEW | {"owner": morning.people["Ana"].slack_id, "name": "Two"})).ok

    names = [kpi.name for kpi in await active(morning)]
    assert len(names) - len({"Churn", "Two"} & set(names)) == 3


# Caps


async def test_the_sixth_is_refused_with_the_five_and_a_way_out_above_the_form(morning: World) -> None:
    five = await crowd(morning, 5)
    hand = morning.hand("Priya")

    assert (await adding(morning)).ok
    above = hand.view or {}

    assert len(hand.stack) == 2
    shown = words(above)
    assert "Grow in EMEA already has 5 KPIs for Sales" in shown
    assert all(f"K-{kpi.number}" in shown and kpi.name in shown for kpi in five)
    assert shown.count("\nRetire one\n") == 5
    assert (await hand.click(above, views.RETIRE, block_id=above["blocks"][1]["block_id"])).ok
    assert "is retired. Close this and press Add again." in words(hand.view or {})
    await hand.close()
    assert (hand.view or {})["state"]["values"]["name"]["name"]["value"] == "Churn"
    assert (await hand.submit()).ok
    assert "Churn" in {kpi.name for kpi in await active(morning)}
    assert len(await active(morning)) == 5


async def test_the_tenth_of_a_team_is_stored_with_a_warning_and_the_eleventh_refused(morning: World) -> None:
    marketing = factories.function()
    await morning.write(marketing, other := factories.function("Support"))
    await crowd(morning, 4, team_id=morning.team.id)
    more = [
        factories.kpi(f"M {n}", number=200 + n, team_id=morning.team.id, function_id=marketing.id) for n in range(5)
    ]
    await morning.write(*more, *(factories.terms(kpi.id) for kpi in more))
    place = {"team": str(morning.team.id), "function": str(other.id)}

    assert (await adding(morning, **place)).ok
    told = words(morning.hand("Priya").ephemerals()[-1])
    assert (await adding(morning, **place, name="One too many")).ok

    assert "⚠ That is the team's KPI number 10: an eleventh will be refused." in told
    assert "EMEA already has 10 KPIs" in words(morning.hand("Priya").view or {})
    assert len(await active(morning)) == 10


async def test_two_who_add_at_once_never_pass_the_cap(morning: World) -> None:
    await crowd(morning, 4)
    said = NEW | {
        "objective": str(OBJECTIVE.id),
        "function": str(FUNCTION.id),
        "owner": morning.people["Ana"].slack_id,
        "cadence": "month",
        "bands": "percent",
        "from": "10",
        "until": "15",
        "pace": "none",
        "goal": "month",
    }
    who = Who(WORKSPACE, morning.people["Priya"].slack_id, "kpi.add_submit")
    first_has_added = Event()
    now = morning.clock.now

    def first(tx: Session) -> None:
        registry.add(tx, who, Meta(id=new_id()), said | {"name": "First"}, now)
        first_has_added.set()
        time.sleep(0.3)  # not committed yet: the other must wait, or it would count four too

    def second(tx: Session) -> None:
        assert first_has_added.wait(10)
        registry.add(tx, who, Meta(id=new_id()), said | {"name": "Second"}, now)

    database = morning.cadence.deps.database
    found = await asyncio.gather(database.write(first), database.write(second), return_exceptions=True)

    assert isinstance(found[1], FunctionFull)
    assert len(await active(morning)) == 5


async def test_retiring_asks_once_more_and_keeps_the_history(morning: World) -> None:
    kpi = morning.kpis["Renewals"]
    hand = morning.hand("Priya")

    assert (await hand.command("/kpi", "retire K-2")).ok
    assert (await hand.click(hand.ephemerals()[-1], views.RETIRE)).ok

    assert words(hand.ephemerals()[-1]) == "K-2 *Renewals* is retired. Its history stays."
    assert kpi.id not in {one.id for one in await active(morning)}
    assert "October 2026: *88*" in await typed(morning, "Priya", "show K-2")
    assert "is retired: nothing is filed for it." in await typed(morning, "Priya", "retire K-2")
    assert (
        await typed(morning, "Tom", "retire K-1")
        == "Only a leader or an admin can do this. Nothing changed; ask one of them."
    )


# Objectives and functions


async def test_objectives_are_set_renamed_and_closed(morning: World) -> None:
    hand = morning.hand("Priya")
    assert (await hand.command("/kpi", "objectives")).ok
    listed = hand.ephemerals()[-1]
    assert "🎯 Grow in EMEA" in words(listed)
    button = next(b for b in listed["blocks"] if b["type"] == "actions")

    assert (await hand.click(listed, views.OBJECTIVE, block_id=button["block_id"])).ok
    await filled(morning, "Priya")
    assert (await hand.submit(values={"name": "grow in  emea"})).errors == {
        "name": "There is another one called grow in emea. Choose a name that tells them apart."
    }
    assert (await hand.submit(values={"name": "Keep what we have"})).ok
    assert words(hand.ephemerals()[-1]) == "*Keep what we have* is set. `/kpi add` puts a KPI under it."
    keep = next(one for one in await stored(morning, Objective) if one.name == "Keep what we have")
    edit = next(b for b in listed["blocks"] if b.get("accessory"))
    assert (await hand.click(listed, views.OBJECTIVE, block_id=edit["block_id"])).ok
    await filled(morning, "Priya")
    refused = await hand.submit(values={"close": ["yes"]})

    assert "Retire them first; then close it." in refused.errors["close"]
    assert keep.closed_on is None


async def test_functions_have_a_head(morning: World) -> None:
    hand = morning.hand("Priya")
    assert (await hand.command("/kpi", "functions")).ok
    listed = hand.ephemerals()[-1]
    assert "Sales · head: nobody" in words(listed)
    edit = next(b for b in listed["blocks"] if b.get("accessory"))

    assert (await hand.click(listed, views.FUNCTION, block_id=edit["block_id"])).ok
    await filled(morning, "Priya")
    assert (await hand.submit(values={"head": morning.people["Dana"].slack_id})).ok

    (function,) = await stored(morning, Function)
    assert function.head_id == morning.people["Dana"].id
    assert "Sales · head: Dana Weiss" in await typed(morning, "Ana", "functions")
    assert "Edit" not in await typed(morning, "Ana", "functions")


async def test_without_an_objective_one_comes_first(morning: World) -> None:
    await change(morning, replace(OBJECTIVE, closed_on=factories.DAY))

    told = await typed(morning, "Priya", "add")

    assert told.startswith("A KPI stands under an objective and a function.")
    assert "Add objective" in told


# Shares and links


async def test_a_share_says_how_much_and_whether_it_is_paid(morning: World) -> None:
    kpi = await owned(morning)
    hand = morning.hand("Dana")
    ana = morning.people["Ana"].slack_id

    assert (await hand.command("/kpi", f"share K-3 <@{ana}|ana>")).ok
    await filled(morning, "Dana")
    refused = await hand.submit(values={"percent": "101", "paid": "opposite"})
    assert refused.errors == {"percent": "A share is a number from 0 to 100; 0 ends it."}
    assert (await hand.submit(values={"percent": "12,5 %", "paid": "opposite"})).ok

    (share,) = await stored(morning, Share)
    assert (share.kpi_id, str(share.percent), share.paid) == (kpi.id, "12.5", Paid.OPPOSITE)
    assert "Ana Torres 12.5 %, paid on the opposite" in await typed(morning, "Dana", "show K-3")

    assert (await hand.command("/kpi", f"share K-3 <@{ana}|ana>")).ok
    await filled(morning, "Dana")
    assert (await hand.submit(values={"percent": "0", "paid": "yes"})).ok
    assert "Ana Torres 0" not in await typed(morning, "Tom", "show K-3")


async def test_a_share_is_set_by_the_persons_line_only(morning: World) -> None:
    await owned(morning)
    hand = morning.hand("Ana")
    assert (await hand.command("/kpi", "share K-3")).ok
    await filled(morning, "Ana")

    outcome = await hand.submit(values={"person": morning.people["Tom"].slack_id, "percent": "10", "paid": "yes"})

    assert "Only Dana or an admin can do this." in next(iter(outcome.errors.values()))
    assert await stored(morning, Share) == []


async def test_links_are_set_taken_back_and_never_form_a_loop(morning: World) -> None:
    assert "K-1 New bookings leads to K-2 Renewals" in await typed(morning, "Priya", "link K-1 K-2")
    assert "K-2 Renewals leads to K-3" in await typed(morning, "Priya", "link 2 to k-3")
    loop = await typed(morning, "Priya", "link K-3 K-1")
    itself = await typed(morning, "Priya", "link K-3 K-3")
    assert loop.startswith("K-3 can't lead K-1")
    assert itself.startswith("K-3 can't lead K-3")
    assert len(await stored(morning, Link)) == 2
    await typed(morning, "Priya", "unlink K-1 K-2")
    assert len(await stored(morning, Link)) == 1
    assert (await typed(morning, "Tom", "link K-1 K-2")).startswith("Only a leader or an admin")


# The tree


async def test_nobody_reads_of_a_colleague_that_they_have_no_share_or_are_not_paid_on_it(morning: World) -> None:
    kpi = await owned(morning)
    ana, tom = morning.people["Ana"], morning.people["Tom"]
    await morning.write(factories.share(kpi.id, ana.id, paid=Paid.NO), factories.share(kpi.id, tom.id, paid=Paid.NO))

    for text in ("tree", "show K-3"):
        seen = {name: await typed(morning, name, text) for name in ("Tom", "Dana", "Priya", "Zoe")}
        assert [told.count("not paid on it") for told in seen.values()] == [1, 2, 2, 0], text
    tree = await typed(morning, "Zoe", "tree")
    assert "No share in any KPI:* Zoe Hart\n" in f"{tree}\n"


async def test_the_tree_shows_everything_and_names_what_is_missing(morning: World) -> None:
    kpi = await owned(morning)
    await morning.write(factories.function("Marketing"), factories.objective("Keep what we have"))
    people = morning.people
    await morning.write(
        factories.share(kpi.id, people["Ana"].id, paid=Paid.NO), factories.share(kpi.id, people["Tom"].id)
    )

    shown = await typed(morning, "Priya", "tree")

    assert "🎯 *Grow in EMEA*\n⚠ no KPI for it: Marketing" in shown
    assert "🎯 *Keep what we have*\n⚠ no KPI for it: Marketing, Sales" in shown
    assert "*Sales*\n" in shown
    assert "K-3 · owner Ana · shares: Ana 25 %, Tom 25 %" in shown
    assert "⚠ *No share in any KPI:* Dana Weiss, Mia Keller, Priya Raman, Ravi Shah, Zoe Hart" in shown
    assert "⚠ *Pay that does not follow the KPI*\nAna Torres: K-3 Qualified leads, not paid on it" in shown


async def test_a_large_tree_is_paged_within_slacks_limits(morning: World) -> None:
    goals = [factories.objective(f"Objective {n} {'x' * 40}") for n in range(12)]
    functions = [factories.function(f"Function {n:02}") for n in range(10)]
    await morning.write(*goals, *functions)
    many = [
        factories.kpi(
            f"KPI {n} {m} {k} {'y' * 40}", number=1000 + n * 100 + m * 10 + k, objective_id=g.id, function_id=f.id
        )
        for n, g in enumerate(goals)
        for m, f in enumerate(functions)
        for k in range(3)
    ]
    extra = [factories.person(f"Person {n:03}", slack_id=f"U1X{n:03}") for n in range(300)]
    await morning.write(*many, *(factories.terms(kpi.id) for kpi in many), *extra)
    hand = morning.hand("Priya")

    page, seen = 1, ""
    while True:
        assert (await hand.command("/kpi", f"tree --page {page}")).ok
        message = hand.ephemerals()[-1]
        assert len(message["blocks"]) <= 40
        text = words(message)
        assert len(text) <= 9000
        seen += text
        if f"Page {page} of {page}" in text:
            break
        page += 1

    assert page > 3
    assert all(kpi.name in seen for kpi in many)
    assert all(person.name in seen for person in extra)


async def test_what_belongs_to_another_workspace_is_not_there(morning: World) -> None:
    foreign = factories.objective("Theirs", workspace="T0OTHER")
    await morning.write(foreign)

    assert "Theirs" not in await typed(morning, "Priya", "tree")
    hand = morning.hand("Priya")
    assert (await hand.command("/kpi", "add")).ok
    view = await filled(morning, "Priya")
    given = NEW | {"owner": morning.people["Ana"].slack_id}
    state: Json = {block: dict(inside) for block, inside in view["state"]["values"].items()}
    for name in ("name", "unit", "target"):
        state[name] = {name: {"type": "plain_text_input", "value": given[name]}}
    state["direction"] = {"direction": {"type": "radio_buttons", "selected_option": {"value": "lower"}}}
    state["objective"] = {"objective": {"type": "static_select", "selected_option": {"value": str(foreign.id)}}}

    answer = await forging.submission(morning, "Priya", {**view, "state": {"values": state}})

    assert list((answer.payload or {})["errors"]) == ["objective"]
    other = replace(factories.kpi("Theirs", number=1), id=new_id(), workspace="T0OTHER")
    await morning.write(other)
    assert "Theirs" not in await typed(morning, "Priya", "show K-1")
    assert other.workspace != WORKSPACE


async def test_an_admin_may_all_of_it(morning: World) -> None:
    await change(morning, replace(morning.people["Zoe"], role=Role.ADMIN))

    assert (await adding(morning, "Zoe")).ok
    assert (await typed(morning, "Zoe", "set K-4 3")).startswith("Saved K-4")
    assert (await typed(morning, "Zoe", "link K-4 K-1")).startswith("K-4 Churn leads to K-1")


async def test_name_owner_and_definition_are_edited_and_the_record_keeps_what_they_were(morning: World) -> None:
    priya, ana = morning.hand("Priya"), morning.people["Ana"]
    assert (await priya.command("/kpi", "edit K-1")).ok
    await filled(morning, "Priya")
    said = {"name": "Bookings <won>", "owner": ana.slack_id, "definition": "Signed this month"}
    assert (await submitted(morning, "Priya", said)).ok

    kpi = next(one for one in await active(morning) if one.number == 1)
    assert (kpi.name, kpi.owner_id, kpi.definition) == ("Bookings <won>", ana.id, "Signed this month")
    saved = "Saved: K-1 *Bookings &lt;won&gt;*, owned by Ana."
    assert words(priya.ephemerals()[-1]) == saved
    assert kpi.controllable
    assert (await priya.command("/kpi", "edit K-1")).ok
    await filled(morning, "Priya")
    assert (await submitted(morning, "Priya", {"controllable": []})).ok
    warned = "⚠ Ana can move none of the numbers that they own. Give them one they can."
    assert words(priya.ephemerals()[-1]) == f"{saved}\n{warned}"
    first, _ = await morning.read(audit.of, [kpi.id])
    assert (first.after or {})["owner_id"] == str(ana.id)


async def test_a_kpi_that_is_not_there_cannot_be_edited(morning: World) -> None:
    assert (await morning.hand("Priya").command("/kpi", "edit K-99")).ok

    assert "K-99" in words(morning.hand("Priya").ephemerals()[-1])
