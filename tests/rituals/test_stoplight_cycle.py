"""Working days 1, 4, 5 and 6, each person's own: holidays and absences move what they should and nothing else (F52)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from rituals import calendar
from rituals import stoplight_cycle as cycle
from rituals.calendar import NEVER_OFF, DaysOff
from rituals.kpis_periods import Period, Span
from rituals.people import Person
from rituals.stoplight_cycle import Slot
from tests import factories

NOVEMBER = Period(date(2026, 11, 1), Span.MONTH)
ANA = factories.person()


def local(moment: datetime, person: Person) -> datetime:
    return moment.astimezone(ZoneInfo(person.zone))


def moments(person: Person, month: Period = NOVEMBER, off: DaysOff = NEVER_OFF) -> dict[str, datetime]:
    dues = cycle.for_owner(person, month, off) + cycle.for_leader(person, month, off)
    return {due.slot: local(due.due_at, person) for due in dues}


def days(person: Person, month: Period = NOVEMBER, off: DaysOff = NEVER_OFF) -> dict[str, str]:
    return {slot: f"{moment:%Y-%m-%d %H:%M}" for slot, moment in moments(person, month, off).items()}


def test_november_is_asked_for_on_the_first_and_reported_on_the_sixth_working_day_of_december() -> None:
    assert days(ANA) == {
        Slot.ASK: "2026-12-01 10:00",
        Slot.REMIND: "2026-12-04 10:00",
        Slot.CLOSE: "2026-12-08 00:00",
        Slot.DIGEST: "2026-12-08 08:00",
    }


def test_everything_is_at_each_persons_own_clock_and_weekdays() -> None:
    mia = factories.person("Mia Keller", zone="Pacific/Auckland", working_days="23456")

    assert days(mia)[Slot.ASK] == "2026-12-01 10:00"
    assert days(mia)[Slot.REMIND] == "2026-12-04 10:00"
    assert days(mia)[Slot.DIGEST] == "2026-12-08 08:00"
    assert days(mia, NOVEMBER.shifted(1))[Slot.ASK] == "2027-01-01 10:00"


def test_a_holiday_moves_every_later_day() -> None:
    december = Period(date(2026, 12, 1), Span.MONTH)
    ana = factories.person(holidays="DE-BE")

    assert days(ana, december)[Slot.ASK] == "2027-01-04 10:00"
    assert days(ANA, december)[Slot.ASK] == "2027-01-01 10:00"


def test_whoever_is_away_is_asked_when_they_are_back_but_never_after_the_close() -> None:
    back = factories.absence(ANA.id, date(2026, 11, 30), date(2026, 12, 2))
    gone = factories.absence(ANA.id, date(2026, 11, 30), date(2026, 12, 31))

    assert days(ANA, off=DaysOff({ANA.id: [back]}, ()))[Slot.ASK] == "2026-12-03 10:00"
    away = days(ANA, off=DaysOff({ANA.id: [gone]}, ()))
    assert away[Slot.ASK] == "2026-12-01 10:00"  # planned on its day, and skipped with the reason
    assert away[Slot.CLOSE] == "2026-12-08 00:00"


def test_a_leader_who_is_away_gets_the_digest_on_their_first_day_back() -> None:
    away = factories.absence(ANA.id, date(2026, 12, 7), date(2026, 12, 14))

    assert days(ANA, off=DaysOff({ANA.id: [away]}, ()))[Slot.DIGEST] == "2026-12-15 08:00"


def test_a_red_climbs_two_working_days_after_the_digest_over_a_weekend_and_during_an_absence() -> None:
    friday = datetime(2026, 12, 11, 7, tzinfo=ZoneInfo("UTC"))
    away = DaysOff({ANA.id: [factories.absence(ANA.id, date(2026, 12, 7), date(2026, 12, 31))]}, ())

    assert f"{local(cycle.climbs_at(ANA, friday, NEVER_OFF), ANA):%d %H:%M}" == "15 08:00"
    assert f"{local(cycle.climbs_at(ANA, friday, away), ANA):%d %H:%M}" == "15 08:00"


def test_whoever_works_on_no_day_is_never_asked() -> None:
    nobody = factories.person(working_days="")

    assert days(nobody) == {}


def test_between_two_instants_of_one_month_there_is_one_month_to_review() -> None:
    now = datetime(2026, 11, 22, tzinfo=ZoneInfo("UTC"))

    assert cycle.months(now, now + timedelta(days=4)) == [NOVEMBER.shifted(-1)]
    assert cycle.months(now, now + timedelta(days=9)) == [NOVEMBER.shifted(-1), NOVEMBER]


@given(
    st.integers(0, 60),
    st.sampled_from(["Europe/Berlin", "America/Los_Angeles", "Pacific/Auckland", "Asia/Kolkata"]),
    st.sampled_from(["12345", "23456", "1234", "67"]),
    st.sampled_from([None, "DE-BE", "US-NY"]),
)
def test_every_cycle_asks_reminds_closes_and_reports_in_this_order_on_working_days(
    months: int, zone: str, weekdays: str, holidays: str | None
) -> None:
    person = factories.person(zone=zone, working_days=weekdays, holidays=holidays)
    month = Period(date(2024, 1, 1), Span.MONTH).shifted(months)

    found = moments(person, month)

    last = found[Slot.CLOSE] - timedelta(days=1)
    assert found[Slot.ASK] < found[Slot.REMIND] < found[Slot.CLOSE]
    assert found[Slot.CLOSE].time() == time(0)
    assert found[Slot.DIGEST].date() > last.date()
    for moment in (found[Slot.ASK], found[Slot.REMIND], last, found[Slot.DIGEST]):
        assert cycle.works(person, moment.date(), NEVER_OFF)
        assert moment.date() > month.last
    between = [
        day
        for day in calendar.days_between(month.shifted(1).first, found[Slot.DIGEST].date())
        if cycle.works(person, day, NEVER_OFF)
    ]
    assert len(between) == cycle.REPORTED


def test_owners_are_asked_and_leaders_told() -> None:
    found = cycle.coming([(ANA, NOVEMBER)], [(ANA, NOVEMBER)], NEVER_OFF)

    assert [due.slot for due in found] == [Slot.ASK, Slot.REMIND, Slot.CLOSE, Slot.DIGEST]
    assert {due.day for due in found} == {NOVEMBER.first}
