"""Nominal date + wall time + IANA zone → instant; working days."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


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


def instant(day: date, wall: time, zone_name: str) -> datetime | None:
    """Return when a clock on the wall shows `wall` on `day`, in UTC (F102).

    In a spring gap the time shifts forward by the gap; in an autumn overlap the first of the two counts;
    a date that the zone skipped (Apia, 30 December 2011) gives None.
    """
    local = zone(zone_name)
    moment = datetime.combine(day, wall, local).astimezone(UTC)
    if moment.astimezone(local).date() != day:
        noon = datetime.combine(day, time(12), local).astimezone(UTC)
        if noon.astimezone(local).date() != day:
            return None
    return moment


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
    """Working days that passed between two dates: Friday to the next Monday is 1 (F28)."""
    passed = days_between(start + timedelta(days=1), end)
    return sum(str(day.isoweekday()) in working_days for day in passed)
