"""Looking after people in Slack: the list, a person's form, one's own, through commands, presses and submissions."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bot.huddle import card_views
from bot.payloads import Who
from bot.people import person, person_views, views
from bot.people.person_views import PersonForm, PersonMeta
from rituals.people import DottedLine, Role
from rituals.policy import NotAllowed
from sandbox import Outcome
from storage import audit, huddles
from storage.occurrences import State
from storage.values import add
from tests import factories
from tests.bot import forging
from tests.bot.people_steps import joiner, joins, known, now
from tests.bot.steps import Json, card, carded, change, file, items_of, stored, submitted
from tests.bot.test_planning import outcome, prompts
from tests.bot.world import MONDAY, TUESDAY, WORKSPACE, World, words

SATURDAY = MONDAY + timedelta(days=5)
SUNDAY = MONDAY - timedelta(days=1)


@pytest.fixture
async def office(morning: World) -> AsyncIterator[World]:
    """The company with Priya as an admin."""
    await change(morning, replace(morning.people["Priya"], also=frozenset({Role.ADMIN})))
    yield morning
    await morning.cadence.deps.background.drained(10)


async def room(world: World, name: str, text: str) -> Json:
    """What somebody sees after `/cadence …`."""
    assert (await world.hand(name).command("/cadence", text)).ok
    return await shown(world, name)


async def shown(world: World, name: str) -> Json:
    """The view on top, once it is more than "One moment"."""

    def look() -> Json | None:
        view = world.hand(name).view
        return view if view is not None and "One moment" not in words(view) else None

    return await world.sandbox.until(look)


async def form_of(world: World, name: str, whose: str) -> Json:
    """Somebody's form, opened by its name in the list."""
    await room(world, name, "people")
    hand = world.hand(name)
    assert hand.view is not None
    assert (await hand.click(hand.view, views.FIND, world.people[whose].slack_id)).ok
    return await shown(world, name)


async def mine(world: World, name: str, **fields: Any) -> Outcome:
    """Change one's own settings by `/cadence me`."""
    await room(world, name, "me")
    return await submitted(world, name, fields)


# The list


async def test_the_list_shows_everybody_and_who_waits_for_a_team(office: World) -> None:
    await joins(office, joiner(1, real_name="Lin Ode"))
    seen = words(await room(office, "Priya", "people"))

    assert "On no team yet* · 2. Nobody asks them anything until they are." in seen
    assert "Lin Ode · Tokyo" in seen
    assert "*Ana Torres* · Rep · EMEA · reports to Dana Weiss · Berlin" in seen
    assert "Leader, also admin" in seen


async def test_a_rep_sees_the_list_without_a_way_to_change_anybody(office: World) -> None:
    view = await room(office, "Tom", "people")

    assert "On no team yet*" not in words(view)
    assert not any(block.get("accessory", {}).get("action_id") == views.EDIT for block in view["blocks"])


async def test_two_thousand_people_are_turned_over_page_by_page_within_slacks_limits(office: World) -> None:
    crowd = [factories.person(f"Rep {n:04}", slack_id=f"U9{n:04}", team_id=office.team.id) for n in range(2000)]
    await office.cadence.deps.database.write(add, *crowd)
    view = await room(office, "Priya", "people")
    assert len(view["blocks"]) <= 100
    hand = office.hand("Priya")
    assert (await hand.click(view, views.FILTER, str(office.team.id))).ok
    view = await shown(office, "Priya")
    assert "2005 people" in words(view)
    assert (await hand.click(view, views.PAGE)).ok
    view = await office.sandbox.until(lambda: hand.view if "Page 2 of 67" in words(hand.view or {}) else None)

    assert "Rep 0030" in words(view)
    assert len(view["blocks"]) <= 40


async def test_somebody_who_is_no_person_is_explained(office: World) -> None:
    await joins(office, joiner(3, is_restricted=True))
    view = await room(office, "Priya", "people")
    assert (await office.hand("Priya").click(view, views.FIND, "U1003")).ok

    assert "This account is a guest in Slack, so it is none of the people here." in words(await shown(office, "Priya"))


# An admin's form


async def test_a_joiner_is_put_on_a_team_and_asked_the_next_morning(office: World) -> None:
    await joins(office, joiner(1, tz="Europe/Berlin"))
    view = await room(office, "Priya", "people")
    hand = office.hand("Priya")
    lin = await known(office, "U1001")
    assert lin is not None
    assert (await hand.click(view, views.EDIT, block_id=f"wait:{lin.id}")).ok
    await shown(office, "Priya")
    assert (await submitted(office, "Priya", {"team": str(office.team.id), "days": list("12345")})).ok
    await office.at("08:30")

    (prompt,) = office.sandbox.person("U1001").dm()
    assert "huddle with Dana" in words(prompt)
    await office.cadence.deps.background.drained(10)
    assert "New 1" not in words(hand.view or {}).partition("*Look through*")[2].partition("people*")[0]


async def test_a_managers_form_has_no_roles_and_a_forged_role_is_refused(office: World) -> None:
    view = await form_of(office, "Dana", "Ana")
    assert not any(block["block_id"] in {"role", "also"} for block in view["blocks"])

    meta = PersonMeta(person=office.people["Ana"].id, version=0, own=False)
    form = PersonForm(team="none", role=Role.ADMIN, days=["1"])
    with pytest.raises(NotAllowed) as refusal:
        await office.cadence.deps.database.write(
            person.keep, meta, form, Who(WORKSPACE, "U0DANA", "forged"), office.clock.now
        )
    assert refusal.value.roles


async def test_a_rep_who_opens_a_colleagues_form_is_told_who_can(office: World) -> None:
    seen = words(await form_of(office, "Tom", "Ana"))

    assert "Only Dana or an admin can do this" in seen


async def test_a_circle_in_the_reporting_line_is_refused_on_its_field(office: World) -> None:
    await form_of(office, "Priya", "Dana")
    refused = await submitted(office, "Priya", {"manager": "U0ANA"})

    assert refused.errors == {"manager": "Ana reports to Dana already, so this would be a circle. Change Ana first."}
    assert await now(office, "Dana") == office.people["Dana"]


async def test_the_last_admin_stays_one(office: World) -> None:
    await form_of(office, "Priya", "Priya")
    refused = await submitted(office, "Priya", {"also": []})

    assert refused.errors == {"role": "Priya is the only admin. Make somebody else an admin first."}


async def test_a_leader_who_is_also_an_admin_may_what_admins_may(office: World) -> None:
    await form_of(office, "Priya", "Tom")
    assert (await submitted(office, "Priya", {"role": "observer", "also": ["controller"]})).ok

    tom = await now(office, "Tom")
    assert (tom.role, tom.also, tom.version) == (Role.OBSERVER, frozenset({Role.CONTROLLER}), 1)
    entry = (await office.read(audit.of, [tom.id]))[-1]
    assert (entry.act.actor_id, entry.act.via) == (office.people["Priya"].id, person_views.SUBMIT)


async def test_dotted_lines_are_kept_and_taken_away(office: World) -> None:
    await form_of(office, "Priya", "Ana")
    assert (await submitted(office, "Priya", {"dotted": ["U0PRIYA", "U0RAVI"]})).ok
    assert {line.manager_id for line in await stored(office, DottedLine)} == {
        office.people["Priya"].id,
        office.people["Ravi"].id,
    }
    view = await form_of(office, "Priya", "Ana")
    assert sorted(_element(view, "dotted")["initial_users"]) == ["U0PRIYA", "U0RAVI"]
    assert (await submitted(office, "Priya", {"dotted": []})).ok

    assert await stored(office, DottedLine) == []


def _element(view: Json, name: str) -> Json:
    return next(dict(block["element"]) for block in view["blocks"] if block["block_id"] == name)


async def test_of_two_admins_at_once_the_second_sees_the_first_and_loses_nothing(office: World) -> None:
    await change(office, replace(await now(office, "Dana"), also=frozenset({Role.ADMIN})))
    await form_of(office, "Priya", "Tom")
    await form_of(office, "Dana", "Tom")
    assert (await submitted(office, "Dana", {"holidays": "DE-BE"})).ok
    office.clock.now += timedelta(seconds=3)
    assert (await submitted(office, "Priya", {"works_from": "09:00", "works_to": "17:00"})).ok
    view = await shown(office, "Priya")

    assert "*Dana changed this 3 seconds ago.*" in words(view)
    assert "• holidays: now DE-BE" in words(view) or "DE-BE" in str(view)
    assert _element(view, "works_from")["initial_time"] == "09:00"
    assert (await submitted(office, "Priya", {"holidays": "DE-BE"})).ok
    tom = await now(office, "Tom")
    assert (tom.works_from, tom.holidays) == (time(9), "DE-BE")


async def test_the_same_form_sent_three_times_is_one_change(office: World) -> None:
    view = await form_of(office, "Priya", "Tom")
    assert (await submitted(office, "Priya", {"holidays": "de-by"})).ok

    state = {**view["state"]["values"], "holidays": {"holidays": {"type": "plain_text_input", "value": "DE-BY"}}}
    for _ in range(2):
        answer = await forging.submission(office, "Priya", {**view, "state": {"values": state}}, {})
        assert forging.errors(answer) == []

    tom = await now(office, "Tom")
    assert (tom.holidays, tom.version) == ("DE-BY", 1)


# Moves


async def test_a_move_leaves_today_with_the_old_team_and_gives_tomorrow_to_the_new(office: World) -> None:
    lee = factories.person("Lee Chan", role=Role.MANAGER)
    south = factories.team("South", manager_id=lee.id, channel=None)
    await office.write(lee, south, factories.huddle(south.id, since=office.clock.now))
    await carded(office)
    await form_of(office, "Priya", "Ana")
    assert (await submitted(office, "Priya", {"team": str(south.id)})).ok
    await office.at("09:10")

    ana = await now(office, "Ana")
    assert (ana.team_id, ana.team_since, ana.manager_id) == (south.id, TUESDAY, None)
    assert "Ana Torres" in words(card(office))
    assert (await file(office, "Ana", "Beltrán signs", "Slides", "One more")).ok
    await office.at("09:15")
    assert "One more" in words(card(office))
    await office.at("08:30", TUESDAY)
    assert "huddle with Lee" in words(office.dm("Ana")[-1])
    assert len([text for text in prompts(office, "Ana") if "24 November" in text]) == 1


async def test_a_move_before_anything_was_asked_belongs_to_the_new_team_at_once(office: World) -> None:
    south = factories.team("South", manager_id=office.people["Priya"].id, channel=None)
    await office.write(south, factories.huddle(south.id, asks_at=time(10), reminds_at=time(10, 30), closes_at=time(11)))
    await office.at("08:00")
    await form_of(office, "Priya", "Ana")
    assert (await submitted(office, "Priya", {"team": str(south.id)})).ok
    await office.at("08:30")
    assert prompts(office, "Ana") == []
    await office.at("10:00")

    assert "huddle with Priya" in words(office.dm("Ana")[-1])


# Hours, days and times


async def test_a_tuesday_to_saturday_person_is_asked_on_saturday_and_not_on_monday(office: World) -> None:
    one = factories.huddle(office.team.id, weekdays="1234567")

    standing = await office.read(huddles.of_team, office.team.id)
    await office.cadence.deps.database.write(huddles.change, replace(one, id=standing.id), office.clock.now)
    assert (await mine(office, "Ana", days=list("23456"))).ok
    await office.at("08:30")
    assert prompts(office, "Ana") == []
    assert await outcome(office, "Ana") == (State.SKIPPED, "not one of their working days")
    await office.at("08:30", SATURDAY)

    assert len(prompts(office, "Ana")) == 1
    assert not any("Saturday" in text for text in prompts(office, "Tom"))


async def test_a_prompt_before_the_hours_waits_for_them_when_the_cut_off_is_later(office: World) -> None:
    assert (await mine(office, "Ana", works_from="08:45", works_to="17:00")).ok
    await office.at("08:30")
    assert prompts(office, "Ana") == []
    await office.at("08:45")

    assert len(prompts(office, "Ana")) == 1
    assert "Sorry" not in words(office.dm("Ana")[0])


async def test_hours_that_begin_after_the_cut_off_leave_a_reason_in_the_ledger(office: World) -> None:
    assert (await mine(office, "Ana", works_from="10:00", works_to="18:00")).ok
    await office.at("08:30")
    await office.at("10:00")

    assert office.dm("Ana") == []
    assert await outcome(office, "Ana") == (State.SKIPPED, "outside their working hours until the cut-off")


@pytest.mark.parametrize(
    ("expected", "fields"),
    [
        ("07:30", {"ask": "07:30"}),
        ("07:10", {"ask": "other", "ask_at": "07:10"}),
        ("08:30", {"ask": "team"}),
    ],
)
async def test_somebody_is_asked_when_they_chose(expected: str, fields: dict[str, Any], office: World) -> None:
    assert (await mine(office, "Ana", **fields)).ok
    before = f"{(int(expected[:2]) * 60 + int(expected[3:]) - 1) // 60:02}:{(int(expected[3:]) - 1) % 60:02}"
    await office.at(before)
    assert prompts(office, "Ana") == []
    await office.at(expected)

    assert len(prompts(office, "Ana")) == 1


async def test_the_day_before_is_the_last_working_day(office: World) -> None:
    friday = MONDAY - timedelta(days=3)
    office.clock.now = office.clock.now - timedelta(days=4)
    assert (await mine(office, "Ana", ask="17:30-eve")).ok

    standing = await office.read(huddles.of_team, office.team.id)
    await office.cadence.deps.database.write(
        huddles.change, replace(standing, since=office.clock.now), office.clock.now
    )
    await office.at("17:29", friday)
    assert [text for text in prompts(office, "Ana") if "23 November" in text] == []
    await office.at("17:30", friday)
    assert [text for text in prompts(office, "Ana") if "23 November" in text] != []
    await office.at("08:30")

    assert len([text for text in prompts(office, "Ana") if "23 November" in text]) == 1


@pytest.mark.parametrize(
    ("field", "expected", "fields"),
    [
        ("ask", "The team's plan closes at 09:00", {"ask": "other", "ask_at": "09:30"}),
        ("ask", "outside the working hours", {"ask": "07:30", "works_from": "08:00", "works_to": "16:00"}),
        ("ask_at", "Choose the time here", {"ask": "other"}),
        ("works_to", "the first before the last", {"works_from": "17:00", "works_to": "09:00"}),
        ("works_to", "the first before the last", {"works_from": "17:00"}),
        ("days", "Tick one day at least", {"days": []}),
        ("holidays", "I know DE, and of it: DE-BB", {"holidays": "DE-XX"}),
        ("holidays", "Write a country's two letters", {"holidays": "Bavaria"}),
        ("deputy", "Nobody stands in for themselves", {"deputy": "U0ANA"}),
    ],
)
async def test_bad_settings_are_a_sentence_on_their_field(
    field: str, expected: str, fields: dict[str, Any], office: World
) -> None:
    refused = await mine(office, "Ana", **fields)

    assert list(refused.errors) == [field]
    assert expected in refused.errors[field]
    assert await now(office, "Ana") == office.people["Ana"]


# Deputies and observers


async def test_with_the_manager_away_the_card_and_its_answers_go_to_the_deputy(office: World) -> None:
    assert (await mine(office, "Dana", deputy="U0TOM")).ok
    assert (await office.hand("Dana").command("/plan", "away tomorrow")).ok
    await office.at("08:30")
    assert (await file(office, "Ana", "Beltrán signs the new bookings")).ok
    assert (await file(office, "Tom", "Three renewals called")).ok
    assert "Tom" in words(office.dm("Ana")[0])
    await office.at("09:00")
    tom = office.hand("Tom")
    assert "You have this huddle while the team's manager is away" in words(card(office, "Tom"))

    assert (await tom.click(card(office, "Tom"), card_views.AGREE_ALL)).ok
    assert [item.answer for item in await items_of(office, "Ana")] == ["agreed"]
    assert [item.answer for item in await items_of(office, "Tom")] == ["none"]
    assert not [message for message in office.dm("Dana") if message["text"].startswith("EMEA huddle")]


async def test_observers_get_the_digest_and_are_neither_asked_nor_counted(office: World) -> None:
    await form_of(office, "Priya", "Tom")
    assert (await submitted(office, "Priya", {"role": "observer"})).ok
    await carded_without_tom(office)
    await office.at("09:30")

    assert prompts(office, "Tom") == []
    assert "Tom" not in words(card(office))
    (digest,) = office.dm("Tom")
    assert "*EMEA huddle, Mon 23 Nov* · 1 planned" in words(digest)


async def carded_without_tom(world: World) -> None:
    await world.at("08:30")
    assert (await file(world, "Ana", "Beltrán signs the new bookings")).ok
    await world.at("09:00")
