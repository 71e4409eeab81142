"""Which KPI a result is proposed to move: by name, by the trade's words, by the person's own past."""

import random
from collections.abc import Mapping, Sequence
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals.proposals import learn, propose_kpi

NEW, RENEW, LEADS, PAY = (new_id() for _ in range(4))
NAMES = {NEW: "New bookings", RENEW: "Renewals", LEADS: "Qualified leads", PAY: "Days to pay"}
OTHER = new_id()

Past = Sequence[tuple[UUID | None, str]]


def proposed(text: str, names: Mapping[UUID, str], past: Past) -> UUID | None:
    return propose_kpi(text, learn(names, past))


said = st.sampled_from(
    [
        "Beltrán",
        "Hafen",
        "renewal",
        "renewed",
        "signs",
        "offer",
        "invoice",
        "paid",
        "leads",
        "booking",
        "new",
        "expenses",
    ]
)
lines = st.lists(said, max_size=6).map(" ".join)
choices = st.sampled_from([NEW, RENEW, LEADS, PAY, OTHER, None])
pasts = st.lists(st.tuples(choices, lines), max_size=12)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (RENEW, "Three renewals called"),
        (RENEW, "RENEWAL letter written"),
        (LEADS, "leeds? no: leads from Tuesday's fair"),
        (NEW, "one more booking from Hafen"),
    ],
)
def test_a_result_moves_the_kpi_that_it_names(expected: UUID, text: str) -> None:
    assert proposed(text, NAMES, ()) == expected


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (NEW, "Hafen signs the order form"),
        (NEW, "Hafen: Unterschrift Rahmenvertrag"),
        (NEW, "Beltrán: firma antes del viernes"),
        (RENEW, "Lakeside stays another year"),
        (RENEW, "Hafen: Verlängerung zugesagt"),
        (LEADS, "20 contacts from the webinar sorted"),
        (PAY, "Supersol: factura de septiembre"),
        (PAY, "Kessler: Mahnung raus"),
        (PAY, "facture de Lyon"),
    ],
)
def test_on_the_first_day_the_words_of_the_trade_speak_in_four_languages(expected: UUID, text: str) -> None:
    assert proposed(text, NAMES, ()) == expected


def test_a_result_moves_the_kpi_that_its_words_moved_before() -> None:
    past = [(LEADS, "Beltrán says yes or no"), (RENEW, "Mirai asked about Friday")]

    assert proposed("beltran once more", NAMES, past) == LEADS


def test_accents_endings_and_doubled_letters_make_no_other_word() -> None:
    past = [(LEADS, "Red Door: Müllers besucht")]

    assert proposed("redd", NAMES, past) == LEADS
    assert proposed("muller", NAMES, past) == LEADS


def test_a_kpis_own_name_outweighs_a_word_of_the_past() -> None:
    assert proposed("Beltrán renewal", NAMES, [(LEADS, "Beltrán"), (LEADS, "Hafen")]) == RENEW


def test_a_word_said_for_every_number_says_less_than_one_said_for_one() -> None:
    past = [(NEW, "Hafen price"), (RENEW, "Hafen date"), (LEADS, "Hafen Oslo"), (PAY, "Hafen bank")]

    assert proposed("Hafen Oslo", NAMES, past) == LEADS


def test_a_word_that_the_person_seldom_says_outweighs_one_they_say_all_the_time() -> None:
    past = [(NEW, "Monday Oslo"), (NEW, "Monday Rome"), (NEW, "Monday Bern"), (RENEW, "Turku")]

    assert proposed("Monday Turku", NAMES, past) == RENEW


def test_new_and_first_and_time_in_a_name_do_not_say_which_number() -> None:
    assert proposed("a new date for Hafen", NAMES, ()) is None
    assert proposed("on time for Hafen", {PAY: "First answer time"}, ()) is None


def test_a_kpis_own_name_outweighs_a_word_of_the_trade() -> None:
    assert proposed("renewal invoice", NAMES, ()) == RENEW


def test_a_phrase_says_more_than_its_words() -> None:
    names = {NEW: "New bookings", LEADS: "Forecast accuracy"}

    assert proposed("close dates cleaned up", names, ()) == LEADS
    assert proposed("close by Friday", names, ()) == NEW


def test_a_compound_is_known_by_its_end() -> None:
    assert proposed("Rahmenvertrag Hafen", NAMES, ()) == NEW


@pytest.mark.parametrize("text", ["", "   ", "\n", "40", "!?", "Kuchen um vier", "x"])
def test_where_nothing_speaks_for_a_number_none_is_proposed(text: str) -> None:
    assert proposed(text, NAMES, [(RENEW, "quiet customers")]) is None


@pytest.mark.parametrize("text", ["expenses of the signed trip", "travel to Hafen", "Reisekosten für Beltrán"])
def test_what_reads_like_work_without_a_number_stays_without_one(text: str) -> None:
    assert proposed(text, NAMES, ()) is None


def test_what_was_said_to_move_no_number_is_no_number_again() -> None:
    past = [(RENEW, "Hafen called"), (None, "prep for Dana's review")]

    assert proposed("review with Dana", NAMES, past) is None


def test_a_team_without_kpis_has_none_to_propose() -> None:
    assert proposed("Three renewals called", {}, [(RENEW, "Three renewals called")]) is None


def test_between_two_that_match_alike_none_is_proposed() -> None:
    assert proposed("bookings or renewals", NAMES, ()) is None
    assert proposed("Hafen today", NAMES, [(NEW, "Hafen Oslo"), (RENEW, "Hafen Rome")]) is None


def test_two_kpis_of_one_name_are_told_apart_by_the_past_only() -> None:
    twins = {NEW: "Renewals", RENEW: "Renewals"}

    assert proposed("renewal of Hafen", twins, ()) is None
    assert proposed("renewal of Hafen", twins, [(NEW, "Hafen called")]) == NEW


def test_of_two_alike_the_one_that_the_person_moves_more_often_is_proposed() -> None:
    past = [(RENEW, "Oslo"), (RENEW, "Rome"), (NEW, "Bern")]

    assert proposed("bookings or renewals", NAMES, past) == RENEW


def test_a_correction_of_the_same_line_is_the_last_word() -> None:
    past = [(RENEW, "Renewals called"), (PAY, "renewals  CALLED")]

    assert proposed("Renewals called", NAMES, past) == PAY
    assert proposed("Renewals called", NAMES, [*past, (None, "Renewals called")]) is None


def test_a_kpi_that_the_team_no_longer_has_is_not_proposed() -> None:
    assert proposed("Hafen called", NAMES, [(OTHER, "Hafen called")]) is None


@given(st.permutations(list(NAMES)), lines, pasts)
def test_a_proposal_does_not_depend_on_the_order_of_the_kpis(order: list[UUID], text: str, past: Past) -> None:
    assert proposed(text, {kpi: NAMES[kpi] for kpi in order}, past) == proposed(text, NAMES, past)


@given(lines, pasts, st.randoms(use_true_random=False))
def test_the_same_is_proposed_again_whatever_was_read_in_between(text: str, past: Past, chance: random.Random) -> None:
    first = proposed(text, NAMES, past)
    for line in chance.sample(past, len(past)):
        proposed(line[1], NAMES, past)

    assert proposed(text, dict(NAMES), list(past)) == first


@given(st.text(max_size=300), st.lists(st.tuples(choices, st.text(max_size=40)), max_size=8), st.text(max_size=40))
def test_any_text_is_read_and_what_is_proposed_is_one_of_the_teams(text: str, past: Past, name: str) -> None:
    assert proposed(text, NAMES | {OTHER: name}, past) in {None, OTHER, *NAMES}


@given(pasts)
def test_an_empty_text_moves_nothing(past: Past) -> None:
    assert proposed("", NAMES, past) is None
    assert proposed(" \t", NAMES, past) is None


@given(
    st.text(min_size=1, max_size=60).filter(lambda text: text.strip() != ""),
    st.sampled_from([NEW, RENEW, LEADS, PAY]),
    pasts,
)
@example(text="\N{ACUTE ACCENT}", kpi=NEW, past=[])
def test_a_line_that_was_confirmed_keeps_its_number(text: str, kpi: UUID, past: Past) -> None:
    assert proposed(text, NAMES, [*past, (kpi, text)]) == kpi
