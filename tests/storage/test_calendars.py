"""Absences and company days as they are asked for."""

from datetime import timedelta

import pytest

from rituals.calendar import DaysOff
from storage import calendars
from storage.database import Database
from storage.values import add
from tests import factories
from tests.storage.support import ANA, MONDAY, TOM, WORKSPACE, put

DAY = timedelta(days=1)


@pytest.mark.parametrize(("expected", "day"), [(False, -1), (True, 0), (True, 2), (False, 3)])
async def test_an_absence_covers_both_its_ends(expected: bool, day: int, company: Database) -> None:
    absence = factories.absence(ANA.id, MONDAY, MONDAY + 2 * DAY)
    await company.write(add, absence)

    asked = (WORKSPACE, [ANA.id, TOM.id], MONDAY + day * DAY, MONDAY + day * DAY)
    assert await company.read(calendars.days_off, *asked) == DaysOff({ANA.id: [absence]} if expected else {}, [])


async def test_of_several_absences_the_last_end_is_told(company: Database) -> None:
    long, short, later = (
        factories.absence(ANA.id, MONDAY + begins * DAY, MONDAY + ends * DAY)
        for begins, ends in ((0, 9), (0, 1), (3, 20))
    )
    await company.write(put, long, short, later)

    found = await company.read(calendars.days_off, WORKSPACE, [ANA.id], MONDAY, MONDAY)
    assert found == DaysOff({ANA.id: [long, short]}, [])
    assert found.until(ANA, MONDAY) == MONDAY + 9 * DAY
    assert found.until(TOM, MONDAY) == MONDAY


async def test_the_company_speaks_for_its_own_workspace_and_the_dates_asked_for(company: Database) -> None:
    party, last = factories.company_day(MONDAY), factories.company_day(MONDAY + DAY, "stocktaking")
    outside = (factories.company_day(MONDAY - DAY), factories.company_day(MONDAY + 2 * DAY))
    await company.write(put, last, party, *outside, factories.company_day(MONDAY, workspace="T0OTHER"))

    assert await company.read(calendars.company_days, WORKSPACE, MONDAY, MONDAY + DAY) == [party, last]
    found = await company.read(calendars.days_off, WORKSPACE, [], MONDAY, MONDAY + DAY)
    assert found == DaysOff({}, [party, last])
    assert found.on(ANA, MONDAY) is not None
