"""Managers coach everybody: who has not been spoken to for two weeks (W11)."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from rituals.talks import unspoken
from tests import factories

TODAY = date(2026, 11, 23)
ANA, BEN, CORA = (factories.person(f"{name} X") for name in ("Ana", "Ben", "Cora"))


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_two_weeks_without_a_word_are_told_and_a_day_less_is_not() -> None:
    asked = {ANA.id: ago(28), BEN.id: ago(28), CORA.id: ago(28)}

    assert unspoken([ANA, BEN], asked, {ANA.id: ago(13), BEN.id: ago(14)}, TODAY) == [BEN]
    assert unspoken([ANA, BEN, CORA], asked, {ANA.id: ago(15), BEN.id: ago(20)}, TODAY) == [CORA, BEN, ANA]


def test_whoever_is_new_or_was_away_all_the_time_before_is_nobody_to_be_told_of() -> None:
    assert unspoken([ANA, BEN, CORA], {ANA.id: ago(13), BEN.id: ago(14)}, {}, TODAY) == [BEN]


days = st.dictionaries(st.sampled_from([ANA.id, BEN.id, CORA.id]), st.integers(0, 40).map(ago))


@settings(max_examples=150)
@given(days, days)
def test_a_word_is_heard_for_two_weeks_whatever_else(asked: dict[UUID, date], last: dict[UUID, date]) -> None:
    told = unspoken([ANA, BEN, CORA], asked, last, TODAY)

    assert len({one.id for one in told}) == len(told)
    for one in (ANA, BEN, CORA):
        heard = one.id in last and last[one.id] > ago(14)
        old = one.id in asked and asked[one.id] <= ago(14)
        assert (one in told) == (old and not heard)
