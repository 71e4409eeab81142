"""When a huddle asks, reminds, closes and reports, and who counts as what."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals import calendar, huddle
from rituals.attendance import Attendance, attendance, oldest_worry_first
from rituals.calendar import DaysOff
from rituals.due import Due
from rituals.huddle import Changed, Huddle, Slot
from rituals.people import Person
from rituals.plans import Answer, Item, PlanState
from tests import factories

MONDAY = date(2026, 11, 23)
SATURDAY = date(2026, 11, 28)
TEAM = factories.team()
HUDDLE = factories.huddle(TEAM.id)
ANA = factories.person()
EVERY_ZONE = sorted(calendar.zones())


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type] # a zone is given by name only


def test_a_rep_is_asked_and_reminded_at_their_own_wall_time_until_the_cut_off() -> None:
    cut_off = utc(2026, 11, 23, 8, 0)

    assert huddle.for_person(HUDDLE, ANA, MONDAY) == [
        Due(Slot.PROMPT, ANA.id, MONDAY, utc(2026, 11, 23, 7, 30), cut_off, "Europe/Berlin"),
        Due(Slot.REMINDER, ANA.id, MONDAY, utc(2026, 11, 23, 7, 50), cut_off, "Europe/Berlin"),
    ]


def test_auckland_is_asked_before_berlin_and_berlin_before_san_francisco_on_the_same_date() -> None:
    zones = ["Pacific/Auckland", "Europe/Berlin", "America/Los_Angeles"]
    expected = [utc(2026, 11, 22, 19, 30), utc(2026, 11, 23, 7, 30), utc(2026, 11, 23, 16, 30)]

    prompts = [huddle.for_person(HUDDLE, replace(ANA, zone=zone), MONDAY)[0] for zone in zones]
    assert [prompt.due_at for prompt in prompts] == expected
    assert {prompt.day for prompt in prompts} == {MONDAY}


def test_a_day_off_is_due_like_any_other_so_that_the_ledger_can_say_why_nothing_came() -> None:
    tuesday_to_saturday = replace(ANA, working_days="23456")

    assert huddle.for_person(HUDDLE, tuesday_to_saturday, MONDAY) == huddle.for_person(HUDDLE, ANA, MONDAY)


def test_nobody_is_asked_on_a_day_without_a_huddle() -> None:
    assert huddle.for_person(HUDDLE, replace(ANA, working_days="1234567"), SATURDAY) == []


def test_somebody_who_works_saturdays_is_asked_on_a_saturday_of_the_huddle() -> None:
    saturdays = replace(HUDDLE, weekdays="6")

    assert len(huddle.for_person(saturdays, replace(ANA, working_days="23456"), SATURDAY)) == 2


@pytest.mark.parametrize(
    ("expected", "since"),
    [
        ([Slot.PROMPT, Slot.REMINDER], utc(2026, 11, 23, 7, 30)),
        ([Slot.REMINDER], utc(2026, 11, 23, 7, 31)),
        ([], utc(2026, 11, 23, 12)),
    ],
)
def test_a_huddle_that_starts_today_asks_for_nothing_that_has_passed(expected: list[Slot], since: datetime) -> None:
    found = huddle.for_person(replace(HUDDLE, since=since), ANA, MONDAY)

    assert [due.slot for due in found] == expected


def test_a_prompt_in_a_spring_gap_takes_a_cut_off_at_the_gaps_end_along() -> None:
    early = {"asks_at": time(2, 45), "reminds_at": time(2, 50), "closes_at": time(3, 0)}
    one = factories.huddle(TEAM.id, weekdays="1234567", **early)
    gap = date(2026, 3, 29)

    dues = huddle.for_person(one, ANA, gap)

    assert [(due.slot, due.due_at, due.expires_at) for due in dues] == [
        (Slot.PROMPT, utc(2026, 3, 29, 1, 45), utc(2026, 3, 29, 2, 0)),
        (Slot.REMINDER, utc(2026, 3, 29, 1, 50), utc(2026, 3, 29, 2, 0)),
    ]
    assert not huddle.is_late(one, ANA, gap, utc(2026, 3, 29, 1, 59))
    assert huddle.is_late(one, ANA, gap, utc(2026, 3, 29, 2, 0))


@pytest.mark.parametrize(
    ("zone", "gap"),
    [
        ("Europe/Berlin", date(2026, 3, 29)),
        ("America/New_York", date(2026, 3, 8)),
        ("Australia/Lord_Howe", date(2026, 10, 4)),
        ("Africa/Cairo", date(2026, 4, 24)),
        ("America/Havana", date(2026, 3, 8)),
    ],
)
def test_whoever_is_asked_before_the_cut_off_on_the_wall_is_asked_on_the_day_of_a_gap(zone: str, gap: date) -> None:
    rep = replace(ANA, zone=zone)
    for quarter, before in itertools.product(range(1, 20), (5, 15, 40, 75)):
        closes = datetime.combine(gap, time(0)) + timedelta(minutes=15 * quarter)
        asks = closes - timedelta(minutes=before)
        if asks.date() == gap:
            walls = {"asks_at": asks.time(), "reminds_at": closes.time(), "closes_at": closes.time()}
            one = factories.huddle(TEAM.id, **{"weekdays": "1234567", **walls})

            (due,) = huddle.for_person(one, rep, gap)

            assert due.slot is Slot.PROMPT


def test_a_reminder_at_or_after_the_cut_off_is_none() -> None:
    never = replace(HUDDLE, reminds_at=HUDDLE.closes_at)

    assert [due.slot for due in huddle.for_person(never, ANA, MONDAY)] == [Slot.PROMPT]


def test_a_date_that_a_persons_zone_skipped_asks_nothing() -> None:
    early = replace(HUDDLE, since=utc(2011, 1, 1))

    assert huddle.for_person(early, replace(ANA, zone="Pacific/Apia"), date(2011, 12, 30)) == []
    assert len(huddle.for_person(early, replace(ANA, zone="Pacific/Apia"), date(2011, 12, 29))) == 2


def test_a_large_team_is_asked_over_the_lead_before_its_minute() -> None:
    prompt, reminder = huddle.for_person(replace(HUDDLE, lead_minutes=10), ANA, MONDAY)

    assert prompt.due_at == utc(2026, 11, 23, 7, 20)
    assert reminder.due_at == utc(2026, 11, 23, 7, 50)


def test_without_a_lead_everybody_is_asked_at_once() -> None:
    assert huddle.spread(HUDDLE, ANA) == timedelta(0)


@given(person=st.uuids(), minutes=st.integers(1, 60))
def test_a_person_has_one_moment_within_the_lead(person: UUID, minutes: int) -> None:
    lead = replace(HUDDLE, lead_minutes=minutes)

    assert timedelta(0) <= huddle.spread(lead, replace(ANA, id=person)) < timedelta(minutes=minutes)
    assert huddle.spread(lead, replace(ANA, id=person)) == huddle.spread(lead, replace(ANA, id=UUID(str(person))))


def test_the_ids_of_one_company_spread_over_the_whole_lead() -> None:
    lead = replace(HUDDLE, lead_minutes=10)
    minutes = [huddle.spread(lead, factories.person()) // timedelta(minutes=1) for _ in range(1000)]

    assert all(50 <= minutes.count(minute) <= 160 for minute in range(10))


def test_a_team_gets_its_card_its_line_and_what_waits_at_the_managers_wall_time() -> None:
    midnight = utc(2026, 11, 23, 23)

    assert huddle.for_team(HUDDLE, "Europe/Berlin", MONDAY) == [
        Due(Slot.CARD, TEAM.id, MONDAY, utc(2026, 11, 23, 8, 0), midnight, "Europe/Berlin"),
        Due(Slot.POST, TEAM.id, MONDAY, utc(2026, 11, 23, 8, 30), midnight, "Europe/Berlin"),
        Due(Slot.OWED, TEAM.id, MONDAY, utc(2026, 11, 23, 13), utc(2026, 11, 23, 17), "Europe/Berlin"),
    ]


def test_whoever_has_dotted_lines_gets_a_card_with_the_teams() -> None:
    now = utc(2026, 11, 23, 6)
    zoe = ANA.id

    found = huddle.coming_of_team(HUDDLE, "Europe/Berlin", now, now + timedelta(hours=6), [zoe])

    assert [(due.slot, due.subject) for due in found if due.slot in (Slot.CARD, Slot.DOTTED)] == [
        (Slot.CARD, TEAM.id),
        (Slot.DOTTED, zoe),
    ]
    assert len({(due.due_at, due.expires_at) for due in found if due.slot in (Slot.CARD, Slot.DOTTED)}) == 1


def test_a_team_gets_nothing_on_a_day_without_a_huddle() -> None:
    assert huddle.for_team(HUDDLE, "Europe/Berlin", SATURDAY) == []


def test_a_team_gets_nothing_from_before_its_huddle_began() -> None:
    late = replace(HUDDLE, since=utc(2026, 11, 23, 8, 15))

    assert [due.slot for due in huddle.for_team(late, "Europe/Berlin", MONDAY)] == [Slot.POST, Slot.OWED]


def test_a_team_whose_zone_skips_tomorrow_still_gets_todays_card() -> None:
    early = replace(HUDDLE, since=utc(2011, 1, 1))

    card, *others = huddle.for_team(early, "Pacific/Apia", date(2011, 12, 29))
    assert [due.slot for due in (card, *others)] == [Slot.CARD, Slot.POST, Slot.OWED]
    assert card.expires_at == utc(2011, 12, 30, 10)
    assert huddle.for_team(early, "Pacific/Apia", date(2011, 12, 30)) == []


@given(
    zone=st.sampled_from(EVERY_ZONE),
    day=st.dates(date(2024, 1, 1), date(2034, 12, 31)),
    asks=st.times(),
    reminds=st.times(),
    closes=st.times(),
    digits=st.sets(st.sampled_from("1234567")),
)
def test_whatever_is_due_lies_between_the_start_and_the_cut_off_of_a_day_of_the_huddle(
    zone: str, day: date, asks: time, reminds: time, closes: time, digits: set[str]
) -> None:
    any_huddle = replace(HUDDLE, asks_at=asks, reminds_at=reminds, closes_at=closes, weekdays="1234567")
    person = replace(ANA, zone=zone)

    found = huddle.for_person(replace(any_huddle, weekdays="".join(sorted(digits))), person, day)
    assert not found or str(day.isoweekday()) in digits
    for due in found:
        assert any_huddle.since <= due.due_at < due.expires_at == calendar.instant(day, closes, zone)
        assert (due.subject, due.day, due.zone) == (person.id, day, zone)
        assert calendar.local_day(due.due_at, zone) == day


@given(zone=st.sampled_from(EVERY_ZONE), day=st.dates(date(2026, 1, 2), date(2034, 12, 31)))
def test_a_nine_o_clock_huddle_asks_once_at_nine_everywhere_on_every_date(zone: str, day: date) -> None:
    nine = replace(HUDDLE, asks_at=time(9), closes_at=time(9, 30), weekdays="1234567")

    prompts = [
        due
        for due in huddle.for_person(nine, replace(ANA, zone=zone, working_days="1234567"), day)
        if due.slot is Slot.PROMPT
    ]
    assert [due.due_at.astimezone(calendar.zone(zone)).replace(tzinfo=None) for due in prompts] == [
        datetime.combine(day, time(9))
    ]


@pytest.mark.parametrize(
    ("expected", "now"),
    [(False, utc(2026, 11, 23, 7, 59)), (True, utc(2026, 11, 23, 8, 0)), (True, utc(2026, 11, 23, 11, 0))],
)
def test_a_plan_is_late_from_the_cut_off_on(expected: bool, now: datetime) -> None:
    assert huddle.is_late(HUDDLE, ANA, MONDAY, now) is expected


def test_on_a_date_that_the_zone_skipped_nothing_is_late() -> None:
    assert not huddle.is_late(HUDDLE, replace(ANA, zone="Pacific/Apia"), date(2011, 12, 30), utc(2012, 1, 1))


def test_people_are_answered_excused_missing_or_not_asked_yet() -> None:
    filed, excused, away, asked, silent, later = roster = [
        factories.person("Filed"),
        factories.person("Excused"),
        factories.person("Away"),
        factories.person("Asked"),
        factories.person("Silent"),
        factories.person("Later", zone="America/Los_Angeles"),
    ]
    plans = {
        person.id: factories.plan(person.id, TEAM.id, state=state)
        for person, state in ((filed, PlanState.FILED), (excused, PlanState.EXCUSED), (asked, PlanState.OPEN))
    }

    found = attendance(HUDDLE, roster, plans, [away.id], MONDAY, utc(2026, 11, 23, 8))
    assert found == Attendance((filed,), (excused, away), (asked, silent), (later,))


@pytest.mark.parametrize(
    ("expected", "now"), [("later", utc(2026, 11, 23, 7, 29)), ("missing", utc(2026, 11, 23, 7, 30))]
)
def test_nobody_is_missing_before_the_minute_in_which_they_are_asked(expected: str, now: datetime) -> None:
    found = attendance(HUDDLE, [ANA], {}, [], MONDAY, now)

    assert getattr(found, expected) == (ANA,)


def test_nobody_is_missing_on_a_date_that_their_zone_skipped() -> None:
    far = replace(ANA, zone="Pacific/Apia")

    found = attendance(HUDDLE, [far], {}, [], date(2011, 12, 30), utc(2012, 1, 1))
    assert found == Attendance((), (), (), ())


def test_nobody_is_missing_who_was_never_asked_because_the_huddle_began_or_went_on_later() -> None:
    resumed = huddle.resumed(replace(HUDDLE, paused=True), utc(2026, 11, 23, 7, 40))

    assert (resumed.paused, resumed.since) == (False, utc(2026, 11, 23, 7, 40))
    assert attendance(resumed, [ANA], {}, [], MONDAY, utc(2026, 11, 23, 8)) == Attendance((), (), (), ())


def test_a_huddle_that_goes_on_does_not_begin_earlier_than_it_was_to() -> None:
    tomorrow = replace(HUDDLE, paused=True, since=utc(2026, 11, 24))

    assert huddle.resumed(tomorrow, utc(2026, 11, 23, 7, 40)).since == utc(2026, 11, 24)


def test_a_plan_filed_from_a_day_off_or_an_absence_counts() -> None:
    plans = {ANA.id: factories.plan(ANA.id, TEAM.id)}

    found = attendance(HUDDLE, [ANA], plans, [ANA.id], MONDAY, utc(2026, 11, 23, 8))
    assert found.answered == (ANA,)


@given(
    facts=st.lists(
        st.tuples(
            st.none() | st.sampled_from(PlanState),
            st.booleans(),
            st.sampled_from(["Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"]),
        ),
        max_size=8,
    ),
    now=st.datetimes(datetime(2026, 11, 22), datetime(2026, 11, 25), timezones=st.just(UTC)),  # noqa: DTZ001 - zone beside it
)
def test_nobody_is_in_two_groups_and_nobody_excused_is_missing(
    facts: list[tuple[PlanState | None, bool, str]], now: datetime
) -> None:
    roster = [factories.person(zone=zone) for *_, zone in facts]
    cases = list(zip(roster, facts, strict=True))
    plans = {
        person.id: factories.plan(person.id, TEAM.id, state=state) for person, (state, *_) in cases if state is not None
    }
    away = {person.id for person, (_, is_away, *_) in cases if is_away}

    found = attendance(HUDDLE, roster, plans, away, MONDAY, now)
    placed = [person.id for person in (*found.answered, *found.excused, *found.missing, *found.later)]
    assert len(placed) == len(set(placed))
    for person, (state, is_away, zone) in cases:
        excused = state is PlanState.EXCUSED or (is_away and state is not PlanState.FILED)
        owing = state is not PlanState.FILED and not excused
        was_asked = now.astimezone(calendar.zone(zone)).replace(tzinfo=None) >= datetime.combine(MONDAY, time(8, 30))
        assert (person in found.answered) == (state is PlanState.FILED)
        assert (person in found.excused) == excused
        assert (person in found.missing) == (owing and was_asked)
        assert (person in found.later) == (owing and not was_asked)


def results(*kinds: str) -> list[Item]:
    made = {
        "⚠": factories.item(new_id()),
        "owed": factories.item(new_id(), kpi_id=new_id()),
        "done": factories.item(new_id(), kpi_id=new_id(), answer=Answer.AGREED),
    }
    return [made[kind] for kind in kinds]


def test_the_card_begins_with_who_is_stuck_longest_then_warnings_then_what_is_owed_then_names() -> None:
    expected = ["Stuck long", "Stuck today", "Two warnings", "One warning", "Owed", "Ada", "Zoe"]
    people = {name: factories.person(name) for name in sorted(expected, reverse=True)}
    items = {
        people["Two warnings"].id: results("⚠", "⚠"),
        people["One warning"].id: results("⚠", "owed", "owed"),
        people["Owed"].id: results("owed"),
        people["Ada"].id: results("done"),
    }
    stuck = {people["Stuck long"].id: 4, people["Stuck today"].id: 0}

    found = oldest_worry_first(list(people.values()), items, stuck)
    assert [person.name for person in found] == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), min_size=1, max_size=6), st.randoms())
def test_the_order_of_the_card_does_not_depend_on_the_order_of_the_roster(
    facts: list[tuple[int, int]], random: object
) -> None:
    people = [factories.person(f"P{number}") for number in range(len(facts))]
    items: dict[UUID, list[Item]] = {
        person.id: results(*["⚠"] * warnings) for person, (_, warnings) in zip(people, facts, strict=True)
    }
    stuck = {person.id: age for person, (age, _) in zip(people, facts, strict=True) if age}
    shuffled = list(people)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    expected = oldest_worry_first(people, items, stuck)
    assert oldest_worry_first(shuffled, items, stuck) == expected
    ages = [stuck.get(person.id, -1) for person in expected]
    assert ages == sorted(ages, reverse=True)


def test_the_refusal_of_an_answer_to_a_changed_plan_says_whose_it_is() -> None:
    assert Changed(ANA, timedelta(seconds=3)).rep == ANA


NOBODY_OFF = DaysOff({}, [])
PRIYA = factories.person("Priya Raman")
DANA = factories.person("Dana Weiss", manager_id=PRIYA.id)
MANAGED = replace(TEAM, manager_id=DANA.id)
LINE = {person.id: person for person in (DANA, PRIYA)}


def off(*people: Person) -> DaysOff:
    return DaysOff({person.id: [factories.absence(person.id, MONDAY, MONDAY)] for person in people}, [])


def test_the_card_goes_to_the_nearest_who_works_and_when_nobody_does_the_manager_keeps_it() -> None:
    cases = [((), DANA), ((DANA,), PRIYA), ((PRIYA,), DANA), ((DANA, PRIYA), DANA)]

    assert [huddle.reader(HUDDLE, MANAGED, LINE, MONDAY, off(*away)) for away, _ in cases] == [who for _, who in cases]


def test_the_card_of_a_manager_who_left_goes_to_the_nearest_above_and_without_one_to_nobody_else() -> None:
    left = replace(DANA, active=False)

    assert huddle.reader(HUDDLE, MANAGED, LINE | {DANA.id: left}, MONDAY, NOBODY_OFF) == PRIYA
    assert huddle.reader(HUDDLE, MANAGED, LINE | {DANA.id: left}, MONDAY, off(PRIYA)) == PRIYA
    assert huddle.reader(HUDDLE, MANAGED, {DANA.id: replace(left, manager_id=None)}, MONDAY, NOBODY_OFF) is not None
    assert huddle.reader(HUDDLE, TEAM, LINE, MONDAY, NOBODY_OFF) is None
    assert huddle.reader(HUDDLE, MANAGED, {}, MONDAY, NOBODY_OFF) is None


MEMBER = replace(ANA, team_id=TEAM.id)
WHY_NOT: list[tuple[str | None, Slot, Huddle, Person | None, DaysOff, bool, bool]] = [
    (None, Slot.PROMPT, HUDDLE, MEMBER, NOBODY_OFF, False, False),
    (None, Slot.PROMPT, HUDDLE, MEMBER, NOBODY_OFF, True, False),
    (huddle.ANSWERED, Slot.PROMPT, HUDDLE, MEMBER, NOBODY_OFF, True, True),
    (None, Slot.REMINDER, HUDDLE, MEMBER, NOBODY_OFF, True, False),
    ("was not asked", Slot.REMINDER, HUDDLE, MEMBER, NOBODY_OFF, False, False),
    ("answered already", Slot.REMINDER, HUDDLE, MEMBER, NOBODY_OFF, True, True),
    ("away: holiday", Slot.PROMPT, HUDDLE, MEMBER, off(MEMBER), True, True),
    ("left the team", Slot.PROMPT, HUDDLE, ANA, off(ANA), False, False),
    ("left the team", Slot.PROMPT, HUDDLE, None, NOBODY_OFF, False, False),
    ("left the team", Slot.REMINDER, HUDDLE, replace(MEMBER, active=False), NOBODY_OFF, True, False),
    (huddle.PAUSED, Slot.PROMPT, replace(HUDDLE, paused=True), None, NOBODY_OFF, False, False),
]


@pytest.mark.parametrize(("expected", "slot", "one", "person", "days_off", "asked", "answered"), WHY_NOT)
def test_the_ledger_has_one_reason_why_somebody_gets_nothing(  # noqa: PLR0917 - a table of cases
    expected: str | None, slot: Slot, one: Huddle, person: Person | None, days_off: DaysOff, asked: bool, answered: bool
) -> None:
    assert huddle.why_not(slot, one, person, MONDAY, days_off, asked=asked, answered=answered) == expected


@pytest.mark.parametrize(
    ("expected", "slot", "facts", "roster", "answered"),
    [
        (None, Slot.CARD, {}, [ANA], False),
        (None, Slot.CARD, {}, [], False),
        (None, Slot.POST, {}, [MEMBER, ANA], False),
        ("the whole team is off", Slot.CARD, {}, [MEMBER], False),
        ("the whole team is off", Slot.POST, {}, [MEMBER], False),
        (None, Slot.CARD, {}, [MEMBER], True),
        ("nobody manages this team", Slot.CARD, {"manager_id": None}, [ANA], False),
        (None, Slot.POST, {"manager_id": None}, [ANA], False),
        ("no channel is set", Slot.POST, {"channel": None}, [ANA], False),
        (None, Slot.CARD, {"channel": None}, [ANA], False),
    ],
)
def test_the_ledger_has_one_reason_why_a_team_gets_nothing(
    expected: str | None, slot: Slot, facts: dict[str, Any], roster: list[Person], answered: bool
) -> None:
    away = DaysOff({MEMBER.id: [factories.absence(MEMBER.id, MONDAY, MONDAY)]}, [])
    present = [person if person is MEMBER else factories.person("Here") for person in roster]

    team = replace(MANAGED, **facts)
    assert huddle.why_no_report(slot, HUDDLE, team, present, MONDAY, away, answered=answered) == expected
    paused = replace(HUDDLE, paused=True)
    assert huddle.why_no_report(slot, paused, team, present, MONDAY, away, answered=answered) == huddle.PAUSED
