"""The words of commands: dates, spans and people, from any text."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import grammar
from bot.grammar import Span

MONDAY = date(2026, 11, 23)
DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("today", (MONDAY, "")),
        ("Tomorrow sick", (date(2026, 11, 24), "sick")),
        ("monday", (date(2026, 11, 30), "")),
        ("fri", (date(2026, 11, 27), "")),
        ("next friday", (date(2026, 12, 4), "")),
        ("next monday", (date(2026, 11, 30), "")),
        ("in 3 days", (date(2026, 11, 26), "")),
        ("in 2w rest", (date(2026, 12, 7), "rest")),
        ("2027-01-31", (date(2027, 1, 31), "")),
        ("12 Dec", (date(2026, 12, 12), "")),
        ("dec 12", (date(2026, 12, 12), "")),
        ("12. december 2028 party", (date(2028, 12, 12), "party")),
        ("1 Nov", (date(2027, 11, 1), "")),
        ("31 Feb", None),
        ("2026-13-01", None),
        ("someday", None),
        ("ma 12", None),
        ("", None),
    ],
)
def test_a_date_is_read_from_the_front_of_the_text(text: str, expected: tuple[date, str] | None) -> None:
    assert grammar.when(text, MONDAY) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 Dec - 7 Dec off to sea", (Span(date(2026, 12, 3), date(2026, 12, 7)), "off to sea")),
        ("tomorrow until friday", (Span(date(2026, 11, 24), date(2026, 11, 27)), "")),
        ("28 Dec – 3 Jan", (Span(date(2026, 12, 28), date(2027, 1, 3)), "")),
        ("today", (Span(MONDAY, MONDAY), "")),
        ("this week", (Span(MONDAY, date(2026, 11, 29)), "")),
        ("last month x", (Span(date(2026, 10, 1), date(2026, 10, 31)), "x")),
        ("next quarter", (Span(date(2027, 1, 1), date(2027, 3, 31)), "")),
        ("this year", (Span(date(2026, 1, 1), date(2026, 12, 31)), "")),
        ("7 Dec - 3 Dec", None),
        ("2026-12-07 - 2026-12-03", None),
        ("soon", None),
    ],
)
def test_a_span_is_read_from_the_front_of_the_text(text: str, expected: tuple[Span, str] | None) -> None:
    assert grammar.span(text, MONDAY) == expected


def test_a_person_is_a_mention_or_me() -> None:
    assert grammar.person("<@U0ANA|ana> tomorrow", "U0ME") == ("U0ANA", "tomorrow")
    assert grammar.person("ME friday", "U0ME") == ("U0ME", "friday")
    assert grammar.person("tomorrow", "U0ME") is None


@given(DAYS, st.integers(0, 400))
def test_a_date_written_in_iso_is_read_as_itself(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)

    assert grammar.when(f"{day.isoformat()} and more", today) == (day, "and more")


@given(DAYS, st.sampled_from(grammar.WEEKDAYS))
def test_a_weekday_is_the_first_one_after_today(today: date, name: str) -> None:
    read = grammar.when(name, today)

    assert read is not None
    assert read[0].strftime("%A").lower() == name
    assert 1 <= (read[0] - today).days <= 7


@given(st.text(max_size=400), DAYS)
def test_any_text_gets_an_answer_and_spans_never_run_backwards(text: str, today: date) -> None:
    read = grammar.span(text, today)
    grammar.person(text, "U0ME")

    assert read is None or (read[0].first <= read[0].last and text.endswith(read[1]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("B-42 by friday", (42, "by friday")),
        ("b42", (42, "")),
        ("42 47", (42, "47")),
        ("K-3", None),
        ("B-", None),
        ("42nd", None),
        ("", None),
    ],
)
def test_an_id_carries_its_letter_or_none(text: str, expected: tuple[int, str] | None) -> None:
    assert grammar.ident(text, "B") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("show K-3 --public", ({"public": ""}, "show K-3")),
        ("—public show K-3", ({"public": ""}, "show K-3")),
        ("list --page 2 --team EMEA", ({"page": "2", "team": "EMEA"}, "list")),
        ("list --page", ({"page": ""}, "list")),
        ("set K-3 50 --public rest", ({"public": ""}, "set K-3 50 rest")),
        ("skip dentist -- back at 3", ({}, "skip dentist -- back at 3")),
        ("new We --really mean it", ({}, "new We --really mean it")),
        ("well-publicised --publication", ({}, "well-publicised --publication")),
    ],
)
def test_options_stand_anywhere_and_other_hyphens_are_words(text: str, expected: tuple[dict[str, str], str]) -> None:
    assert grammar.options(text) == expected


@given(st.text(alphabet="--—publicteam= 42 \t\nB<@U0>", max_size=200))
def test_any_text_has_options_and_ids_or_none(text: str) -> None:
    found, rest = grammar.options(text)
    grammar.ident(text, "B")

    assert found or rest == text
    assert set(found) <= {"public", "page", "team", "csv"}
