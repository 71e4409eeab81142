"""A plan's results: read, settled, matched with what stood before, answered, and tied to a KPI."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import new_id
from rituals.plans import (
    LONGEST_RESULT,
    MOST_RESULTS,
    Answer,
    Item,
    NoResults,
    NothingToAnswer,
    Outcome,
    PlanState,
    ResultTooLong,
    Settled,
    TooManyResults,
    WhyDropped,
    agree,
    answered,
    as_redirected,
    keep,
    read_results,
    reconcile,
    redirect,
    settle,
    still_planned,
)
from tests import factories

PLAN = new_id()
BOOKINGS, RENEWALS = (factories.kpi(name) for name in ("New bookings", "Renewals"))

pieces = st.sampled_from(["- ", "*\t", "•\u3000", "1. ", "12) ", "-", "a", "b ", "1.", " "])
lines = st.lists(pieces, max_size=8).map("".join)
typed = st.lists(lines, min_size=1, max_size=5).map("\n".join).filter(lambda text: "a" in text)
texts = st.sampled_from(["call Acme", "demo Beta", "quote Delta", "visit Echo"])
settlements = st.builds(Settled, st.just(PLAN), st.sampled_from(Outcome), st.none() | st.sampled_from(["", " ", "why"]))


def item(text: str = "call Acme", **facts: object) -> Item:
    return factories.item(PLAN, text, **facts)


@pytest.mark.parametrize(
    ("expected", "state"), [(False, PlanState.OPEN), (True, PlanState.FILED), (True, PlanState.EXCUSED)]
)
def test_a_plan_that_is_filed_or_excused_is_answered(expected: bool, state: PlanState) -> None:
    assert factories.plan(new_id(), new_id(), state=state).answered is expected


@pytest.mark.parametrize("outcome", [Answer.AGREED, Answer.KEPT, Answer.REDIRECTED])
def test_a_result_without_a_number_warns_until_it_is_answered(outcome: Answer) -> None:
    assert item().warns
    assert not item(answer=outcome).warns
    assert not item(kpi_id=BOOKINGS.id).warns


@pytest.mark.parametrize("outcome", [Answer.AGREED, Answer.KEPT, Answer.REDIRECTED])
def test_a_result_with_a_number_can_be_agreed_until_it_is_answered(outcome: Answer) -> None:
    assert item(kpi_id=BOOKINGS.id).agreeable
    assert not item(kpi_id=BOOKINGS.id, answer=outcome).agreeable
    assert not item().agreeable


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        (("call Acme",), "call Acme"),
        (("call Acme", "demo Beta"), "call Acme\ndemo Beta"),
        (("call Acme", "demo Beta"), "\n  call Acme  \r\n\n\tdemo Beta\n"),
        (("call Acme", "demo Beta", "x"), "- call Acme\n* demo Beta\n• x"),
        (("call Acme", "demo Beta"), "1. call Acme\n12) demo Beta"),
        (("call Acme",), "- 1. call Acme"),
        (("-5 % churn", "3.5 m pipeline", "2026 plan"), "-5 % churn\n3.5 m pipeline\n2026 plan"),
        (("100. call",), "100. call"),
        (("a", "a"), "a\na"),
    ],
)
def test_a_box_holds_one_result_a_line_without_its_list_mark(expected: tuple[str, ...], text: str) -> None:
    assert read_results(text) == expected


@pytest.mark.parametrize("text", ["", " \n\t\n", "- \n* "])
def test_an_empty_box_holds_no_results(text: str) -> None:
    with pytest.raises(NoResults):
        read_results(text)


def test_five_results_are_a_plan_and_six_are_too_many() -> None:
    assert read_results("\n".join("abcde")) == ("a", "b", "c", "d", "e")
    with pytest.raises(TooManyResults) as refusal:
        read_results("\n".join("abcdef"))

    assert refusal.value.count == 6


def test_a_result_of_280_characters_is_fine_and_a_longer_one_is_named_by_its_line() -> None:
    longest = "x" * 280

    assert read_results(f"- {longest}") == (longest,)
    with pytest.raises(ResultTooLong) as refusal:
        read_results(f"short\n\n{longest}y")
    assert (refusal.value.line, refusal.value.length) == (2, 281)


@given(typed)
def test_whatever_is_typed_on_five_lines_reads_as_one_to_five_results(text: str) -> None:
    results = read_results(text)

    assert 1 <= len(results) <= MOST_RESULTS
    for result in results:
        assert result == result.strip() != ""
        assert len(result) <= LONGEST_RESULT
        assert len(result.splitlines()) == 1


@given(typed)
def test_results_that_were_read_read_as_themselves_again(text: str) -> None:
    results = read_results(text)

    assert read_results("\n".join(results)) == results


def test_what_nobody_answered_is_carried() -> None:
    acme, beta = item("call Acme"), item("demo Beta")

    settled = settle([acme, beta], [Settled(acme.id, Outcome.DONE)])
    assert [one.outcome for one in settled] == [Outcome.DONE, Outcome.CARRIED]


def test_a_drop_keeps_its_reason() -> None:
    acme = item()

    (dropped,) = settle([acme], [Settled(acme.id, Outcome.DROPPED, "  lost to a rival ")])
    assert (dropped.outcome, dropped.dropped_because) == (Outcome.DROPPED, "lost to a rival")


@pytest.mark.parametrize("why", [None, "", "  \n"])
def test_a_drop_without_a_reason_is_refused_and_names_the_result(why: str | None) -> None:
    acme = item()
    with pytest.raises(WhyDropped) as refusal:
        settle([item("demo Beta"), acme], [Settled(acme.id, Outcome.DROPPED, why)])

    assert refusal.value.item_id == acme.id


@pytest.mark.parametrize("outcome", [Outcome.DONE, Outcome.CARRIED])
def test_a_reason_typed_for_a_drop_that_was_taken_back_is_not_kept(outcome: Outcome) -> None:
    acme = item()

    (settled,) = settle([acme], [Settled(acme.id, outcome, "lost to a rival")])
    assert settled.dropped_because is None


@given(st.lists(settlements, max_size=5), st.integers(0, 5))
def test_settling_changes_only_outcomes_and_every_drop_has_a_reason(answers: list[Settled], extra: int) -> None:
    items = [item(str(number)) for number in range(len(answers) + extra)]
    given_answers = [replace(one, item_id=thing.id) for one, thing in zip(answers, items, strict=False)]
    stranger = Settled(new_id(), Outcome.DONE)
    bare = [one.item_id for one in given_answers if one.outcome is Outcome.DROPPED and not (one.why or "").strip()]
    if bare:
        with pytest.raises(WhyDropped) as refusal:
            settle(items, given_answers)
        assert refusal.value.item_id == bare[0]
        return

    settled = settle(items, [*given_answers, stranger])
    plain = [replace(one, outcome=Outcome.OPEN, dropped_because=None) for one in settled]
    assert plain == items
    assert all((one.dropped_because is not None) == (one.outcome is Outcome.DROPPED) for one in settled)
    assert all(one.outcome is Outcome.CARRIED for one in settled[len(answers) :])


@pytest.mark.parametrize(
    ("expected", "outcome"),
    [
        (("demo Beta",), Outcome.DONE),
        (("demo Beta",), Outcome.DROPPED),
        (("call Acme", "demo Beta"), Outcome.CARRIED),
        (("call Acme", "demo Beta"), Outcome.OPEN),
    ],
)
def test_a_prefilled_line_leaves_the_plan_when_it_is_done_or_dropped(
    expected: tuple[str, ...], outcome: Outcome
) -> None:
    assert still_planned(["call Acme", "demo Beta"], [item("call Acme", outcome=outcome)]) == expected


def test_an_unchanged_line_keeps_its_item_wherever_it_moved() -> None:
    acme, beta = item("call Acme", position=1, answer=Answer.AGREED), item("demo Beta", position=2)

    kept, new = reconcile([acme, beta], ["quote Delta", "demo Beta", "call Acme"])
    assert kept == [(2, beta), (3, acme)]
    assert new == [(1, "quote Delta")]


def test_the_same_line_twice_keeps_two_items() -> None:
    first, second = item("call Acme", position=1), item("call Acme", position=2)

    kept, new = reconcile([first, second], ["call Acme", "call Acme", "call Acme"])
    assert kept == [(1, first), (2, second)]
    assert new == [(3, "call Acme")]


@given(before=st.lists(texts, max_size=5), results=st.lists(texts, min_size=1, max_size=5))
def test_every_line_is_one_item_and_no_item_is_used_twice(before: list[str], results: list[str]) -> None:
    items = [item(text, position=number) for number, text in enumerate(before, 1)]
    kept, new = reconcile(items, results)

    positions = [position for position, _ in kept] + [position for position, _ in new]
    assert sorted(positions) == list(range(1, len(results) + 1))
    assert all(results[position - 1] == one.text for position, one in kept)
    assert all(results[position - 1] == text for position, text in new)
    assert len({one.id for _, one in kept}) == len(kept)
    assert all(one in items for _, one in kept)
    for text in set(results):
        both = min(before.count(text), results.count(text))
        assert sum(one.text == text for _, one in kept) == both


@given(before=st.lists(texts, max_size=5))
def test_the_same_words_again_change_nothing(before: list[str]) -> None:
    items = [item(text, position=number) for number, text in enumerate(before, 1)]

    kept, new = reconcile(items, before)
    assert kept == list(enumerate(items, 1))
    assert new == []


def test_agree_stamps_what_has_a_number_and_no_answer_and_never_a_warning() -> None:
    tied = item("call Acme", kpi_id=BOOKINGS.id)
    warning, kept = item("slides"), item("walk", kpi_id=BOOKINGS.id, answer=Answer.KEPT)

    assert agree([tied, warning, kept]) == [replace(tied, answer=Answer.AGREED)]


def test_with_nothing_to_stamp_agree_is_refused() -> None:
    with pytest.raises(NothingToAnswer):
        agree([item("slides"), item("walk", kpi_id=BOOKINGS.id, answer=Answer.AGREED)])


def test_a_warning_is_kept_with_its_reason() -> None:
    slides = item("slides")

    assert keep(slides, "board meets on Friday") == replace(
        slides, answer=Answer.KEPT, kept_because="board meets on Friday"
    )


@pytest.mark.parametrize(
    "gone", [item(kpi_id=BOOKINGS.id), item(answer=Answer.KEPT), item(answer=Answer.REDIRECTED), item(removed_in=2)]
)
def test_what_is_no_warning_any_more_is_not_kept(gone: Item) -> None:
    with pytest.raises(NothingToAnswer):
        keep(gone, "because")


@pytest.mark.parametrize("before", [Answer.NONE, Answer.AGREED, Answer.KEPT])
def test_a_redirect_replaces_what_the_item_says_and_its_number(before: Answer) -> None:
    slides = item("slides", answer=before, guessed=True)

    assert redirect(slides, "call renewals", RENEWALS.id) == replace(
        slides, text="call renewals", kpi_id=RENEWALS.id, guessed=False, answer=Answer.REDIRECTED
    )


@pytest.mark.parametrize("gone", [item(answer=Answer.REDIRECTED), item(removed_in=2)])
def test_what_is_redirected_already_or_gone_is_not_redirected(gone: Item) -> None:
    with pytest.raises(NothingToAnswer):
        redirect(gone, "call renewals", None)


def test_the_reps_word_is_kept_on_the_redirect() -> None:
    asked = factories.redirect(new_id(), new_id())

    assert answered(asked, "accept") == replace(asked, reply="accept")


def test_a_line_that_was_redirected_meanwhile_reads_as_the_manager_wrote_it() -> None:
    redirect = factories.redirect(new_id(), new_id(), was="Slides for Friday", instead="Three renewals called")

    read = as_redirected(["Beltrán signs", " Slides for Friday", "Three renewals called"], {redirect.item_id: redirect})

    assert read == ("Beltrán signs", "Three renewals called")
