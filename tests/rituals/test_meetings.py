"""A weekly closes once, with both lists said, and no action without an owner or a date (F40, F41, W8)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals.actions import done
from rituals.meetings import (
    AlreadyClosed,
    Kind,
    Line,
    NotSaid,
    closed,
    ended_early,
    lacking,
    require_open,
    started,
    taken,
)
from tests import factories
from tests.factories import DAY, NOW, WORKSPACE

MEETING = factories.meeting(new_id(), new_id())
BY = new_id()


def line(kind: Kind) -> Line:
    return Line(new_id(), WORKSPACE, MEETING.id, kind, "Yes", None, BY, NOW, None)


@given(st.lists(st.sampled_from(Kind), max_size=4), st.sets(st.sampled_from(Kind)))
def test_it_closes_only_when_each_list_is_filled_or_ticked_empty(filled: list[Kind], ticked: set[Kind]) -> None:
    lines = [line(kind) for kind in filled]
    if set(filled) | ticked != set(Kind):
        with pytest.raises(NotSaid):
            closed(MEETING, lines, empty=ticked, minutes=30, by=BY, now=NOW)
        return
    found = closed(MEETING, lines, empty=ticked, minutes=30, by=BY, now=NOW)

    assert (found.made_none, found.needed_none) == (Kind.MADE not in filled, Kind.NEEDED not in filled)
    with pytest.raises(AlreadyClosed):
        closed(found, lines, empty=set(Kind), minutes=30, by=BY, now=NOW)
    with pytest.raises(AlreadyClosed):
        require_open(found)


def test_its_minutes_count_from_where_it_began_and_fewer_than_planned_is_early() -> None:
    begun = started(MEETING, NOW)
    later = NOW + timedelta(minutes=41, seconds=40)
    found = closed(begun, [], empty=set(Kind), minutes=None, by=BY, now=later)

    assert started(begun, later) == begun
    assert found.minutes == 42
    assert ended_early(found, 60)
    assert not ended_early(found, 42)
    assert not ended_early(begun, 60)
    assert taken(MEETING, NOW) == 1


def test_an_action_lacks_something_when_its_owner_left_or_its_date_has_come() -> None:
    ana, gone = factories.person("Ana Torres"), factories.person("Mia Keller", active=False)
    people = {one.id: one for one in (ana, gone)}
    fine = factories.action(ana.id, due=DAY + timedelta(days=1))
    today, orphan = factories.action(ana.id, due=DAY), factories.action(gone.id, due=DAY + timedelta(days=1))
    settled = done(replace(today, id=new_id()), NOW)

    assert lacking([fine, today, orphan, settled], people, DAY) == [today, orphan]
