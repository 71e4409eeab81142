"""Nominal date + wall time + IANA zone → instant; working days, holidays, days off."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holidays import country_holidays, list_supported_countries

from rituals.people import Absence, Part, Person, works_on
from rituals.refusals import Refusal

Works = Callable[[date], bool]
"""Whether a date is a working day, by the calendar of whoever asks."""

MIDDAY = time(13)
"""Where a morning off ends and an afternoon off begins (F87)."""

LEDGER = 200
"""Characters that a row of the ledger has for a reason."""


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return the IANA zone from the pinned `tzdata` package, never from the system's files.

    The two differ today by an hour for Casablanca, El Aaiún, Chisinau and Tiraspol.
    Raises ZoneInfoNotFoundError for a name that the package does not hold.
    """
    if not is_zone(name):
        raise ZoneInfoNotFoundError(name)
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Return the name of every zone that the `tzdata` package holds."""
    return frozenset(files("tzdata").joinpath("zones").read_text("utf-8").split())


def is_zone(name: str) -> bool:
    """Whether `zone(name)` would succeed."""
    return name in zones()


@lru_cache(maxsize=4096)
def instant(day: date, wall: time, zone_name: str) -> datetime | None:
    """Return when a clock on the wall shows `wall` on `day`, in UTC (F102).

    In a spring gap the time shifts forward by the gap (02:30 rings when the wall shows 03:30); in an autumn overlap
    the first of the two counts; a date that the zone skipped (Apia, 30 December 2011) gives None.
    """
    local = zone(zone_name)
    asked = datetime.combine(day, wall)
    first, second = (asked.replace(tzinfo=local, fold=fold).astimezone(UTC) for fold in (0, 1))
    for moment in (first, second):
        # Not the first without a look: zoneinfo sees an overlap in Nuuk on 28 October 2023, where there was none.
        if moment.astimezone(local).replace(tzinfo=None) == asked:
            return moment
    noon = datetime.combine(day, time(12), local).astimezone(UTC)
    return first if noon.astimezone(local).date() == day else None


def end_of(day: date, zone_name: str) -> datetime:
    """Return when a date is over in that zone, in UTC: the next midnight, also before a date that the zone skipped."""
    following = (instant(day + timedelta(days=ahead), time(0), zone_name) for ahead in (1, 2))
    return next(midnight for midnight in following if midnight is not None)


def local_day(now: datetime, zone_name: str) -> date:
    """Return the date on a calendar in that zone at `now`."""
    return now.astimezone(zone(zone_name)).date()


def days_between(first: date, last: date) -> list[date]:
    """Every date from `first` to `last`, both included; empty when `last` is earlier."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def working_days_since(start: date, end: date, working_days: str) -> int:
    """Working days that passed between two dates, holidays unknown: Friday to the next Monday is 1 (F28)."""
    return working_days_passed(start, end, lambda day: str(day.isoweekday()) in working_days)


def working_days_passed(start: date, end: date, works: Works) -> int:
    """Working days after `start`, `end` included: Friday to the next Monday is 1, a holiday does not count (F28)."""
    return sum(map(works, days_between(start + timedelta(days=1), end)))


def next_working_day(day: date, works: Works) -> date | None:
    """Return the first working day after `day`; None when a whole year ahead has none."""
    ahead = (day + timedelta(days=offset) for offset in range(1, 367))
    return next(filter(works, ahead), None)


def nth_working_day(year: int, month: int, n: int, works: Works, months: int = 1) -> date | None:
    """Return working day `n` of a month, counted from 1 (M6); of several months from that one on, with `months`.

    None when there are fewer than `n`.
    """
    found = _working_days(year, month, months, works)
    return found[n - 1] if 1 <= n <= len(found) else None


def working_days_before_end(year: int, month: int, n: int, works: Works, months: int = 1) -> date | None:
    """Return the working day that `n` more follow before the month, or the span of `months`, ends (F83).

    0 is the last working day itself. None when there are fewer.
    """
    found = _working_days(year, month, months, works)
    return found[-1 - n] if 0 <= n < len(found) else None


def _working_days(year: int, month: int, months: int, works: Works) -> list[date]:
    years_on, last = divmod(month - 1 + months - 1, 12)
    end = date(year + years_on, last + 1, monthrange(year + years_on, last + 1)[1])
    return list(filter(works, days_between(date(year, month, 1), end)))


class UnknownCalendar(Refusal):
    """Nobody keeps a holiday calendar under this code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def is_calendar(code: str) -> bool:
    """Whether `public_holidays(code, …)` would succeed: a country ("DE") or a part of one ("DE-BE", "US-CA")."""
    country, dash, subdivision = code.partition("-")
    parts = list_supported_countries(include_aliases=False).get(country)
    return parts is not None and (subdivision in parts if dash else True)


def public_holidays(code: str, years: Iterable[int]) -> Mapping[date, str]:
    """Return the public holidays of those years with their names, English where there is a translation (F89).

    Raises UnknownCalendar.
    """
    if not is_calendar(code):
        raise UnknownCalendar(code)
    return MappingProxyType({day: name for year in years for day, name in _holidays_in(code, year).items()})


@lru_cache(maxsize=1024)
def _holidays_in(code: str, year: int) -> Mapping[date, str]:
    country, _, subdivision = code.partition("-")
    # Without a language the names would follow the LANG of whatever machine this runs on.
    found = country_holidays(country, subdiv=subdivision or None, years=year, expand=False, language="en_US")
    return MappingProxyType(dict(sorted(found.items())))


@dataclass(frozen=True, slots=True)
class CompanyDay:
    """What the company says about one date: closed (`working` False), or open on a public holiday (True).

    `calendar` None speaks for everybody, "DE" also for those on "DE-BE"; the closest one is heard. A weekday on
    which somebody never works stays free.
    """

    id: UUID
    workspace: str
    calendar: str | None
    day: date
    name: str
    working: bool

    def concerns(self, code: str | None) -> bool:
        """Whether it speaks for people on the calendar `code`, None being those on no calendar."""
        return self.calendar is None or (code is not None and f"{code}-".startswith(f"{self.calendar}-"))


class Off(StrEnum):
    """Why somebody is not asked on a date."""

    WEEKDAY = "not one of their working days"
    COMPANY = "company day"
    HOLIDAY = "holiday"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class DayOff:
    """A date, or half of one, on which somebody is not asked; `name` is what the day or the absence is called."""

    kind: Off
    name: str | None

    @property
    def reason(self) -> str:
        """What the ledger keeps, in at most 200 characters: "holiday: Labor Day"."""
        whole = self.kind.value if self.name is None else f"{self.kind}: {self.name}"
        return whole if len(whole) <= LEDGER else f"{whole[: LEDGER - 1]}…"


def closed(code: str | None, day: date, company_days: Iterable[CompanyDay]) -> DayOff | None:
    """Why nobody on the calendar `code` works on `day`: the company's word first, then public holidays (F89).

    `company_days` are those of one workspace, of any date. Weekdays are not looked at.
    """
    said = [each for each in company_days if each.day == day and each.concerns(code)]
    if said:
        # Should two speak equally closely, the free day wins: a prompt too few harms less than one on a day off.
        closest = max(said, key=lambda each: (len(each.calendar or ""), not each.working, each.name))
        return None if closest.working else DayOff(Off.COMPANY, closest.name)
    # A code that a newer `holidays` has dropped must not stop a whole workspace: its people are asked as if no
    # holiday were known.
    if code is None or not is_calendar(code):
        return None
    name = public_holidays(code, [day.year]).get(day)
    return None if name is None else DayOff(Off.HOLIDAY, name)


def day_off(
    person: Person,
    day: date,
    absences: Iterable[Absence],
    company_days: Iterable[CompanyDay],
    at: time | None = None,
) -> DayOff | None:
    """Why `person` is not asked on `day`, or None when they work (F86, F87, F89).

    `at` is the wall time of what would happen: a morning off excuses from what comes before 13:00, an afternoon off
    from 13:00 on. Without it the question is about the whole day, and half a day off leaves the other half.
    `absences` may hold other people's and other dates'.
    """
    if not works_on(person, day):
        return DayOff(Off.WEEKDAY, None)
    return closed(person.holidays, day, company_days) or _away(person, day, absences, at)


def _away(person: Person, day: date, absences: Iterable[Absence], at: time | None) -> DayOff | None:
    found = [each for each in absences if each.person_id == person.id and each.first_day <= day <= each.last_day]
    if not found:
        return None
    by_date = [each for each in found if each.until is None]
    halves = (Part.MORNING, Part.AFTERNOON)
    asked = halves if at is None else (halves[at >= MIDDAY],)
    excusing: list[Absence] = []
    if all(any(each.part in (Part.WHOLE, half) for each in by_date) for half in asked):
        excusing = [each for each in by_date if each.part in (Part.WHOLE, *asked)]
    excusing += [each for each in found if _lasts(each, person, day, at)]
    if not excusing:
        return None
    return DayOff(Off.AWAY, max(excusing, key=lambda each: (each.last_day, each.reason)).reason)


def _lasts(absence: Absence, person: Person, day: date, at: time | None) -> bool:
    """Whether an absence by instants covers a wall time of a day, or without one all of the day (F88)."""
    if absence.since is None or absence.until is None:
        return False
    if at is not None:
        moment = instant(day, at, person.zone)
        return moment is not None and absence.since <= moment < absence.until
    begins = instant(day, time(0), person.zone)
    return begins is not None and absence.since <= begins and end_of(day, person.zone) <= absence.until


@dataclass(frozen=True, slots=True)
class DaysOff:
    """What keeps the people of one workspace from working in a window of dates, loaded once for many of them.

    `absences` is by person: whoever is not in it is not away.
    """

    absences: Mapping[UUID, Sequence[Absence]]
    company_days: Sequence[CompanyDay]

    def on(self, person: Person, day: date, at: time | None = None) -> DayOff | None:
        """Why `person` is not asked on `day`, or None when they work; like `day_off`."""
        return day_off(person, day, self.absences.get(person.id, ()), self.company_days, at)

    def at(self, person: Person, moment: datetime) -> DayOff | None:
        """Why `person` is off at an instant, by their own clock; None when they work."""
        wall = moment.astimezone(zone(person.zone))
        return self.on(person, wall.date(), wall.time())

    def worked(self, person: Person, start: date, end: date) -> int:
        """How many days after `start`, `end` included, somebody worked; a holiday does not count (F28)."""
        return working_days_passed(start, end, lambda day: self.on(person, day) is None)

    def until(self, person: Person, day: date) -> date:
        """The last date that somebody who is off on `day` is known to be off without a break in their absence."""
        mine = self.absences.get(person.id, ())
        return max((each.last_day for each in mine if each.first_day <= day <= each.last_day), default=day)


NEVER_OFF = DaysOff({}, ())
"""For whoever asks about weekdays alone."""
