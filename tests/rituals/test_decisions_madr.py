"""A record as Markdown, read back by a strict Markdown parser and compared field by field (F76)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from rituals.decisions import Decision, Held, Lane, Outcome, State
from rituals.decisions_madr import Export, Heard, file_name, literal, markdown
from rituals.decisions_readers import Response
from tests import decisions
from tests.factories import NOW, person

ANA = person("Ana Torres")
HEADINGS = {
    "Context and Problem Statement": "context",
    "Chosen Option": "chosen",
    "Because": "because",
    "Consequences": "consequences",
    "We Will Not": "will_not",
    "Why It Was Killed": "killed_because",
}
# What a form's text box can send; Markdown has no way to hold the other control characters.
UNHELD = [chr(number) for number in (*range(9), *range(11, 32), *range(127, 160))]
WRITTEN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=UNHELD))
OPENINGS = ("# ", "* ", "- ", "+ ", "1. ", "2) ", "> ", "```\n", "~~~", "---", "===", "    ", "\t", "\n", "\n\n")
INLINE = ("\\", "\\\n", "`", "``", "*a*", "_b_", "**", "[x](y)", "[r]: /u", "![i](j)", "<b>", "</p>", "<!-- ", "  \n")
OTHERS = ("<!channel>", "&amp;", "&#10;", "https://x.example/?a=1&b=2", "|a|b|", "|-|-|", "🎯", ":tada:", "שלום")
BLANKS = ("\u202e", "\u2028", "\xa0", "\u3000", "a", "word ")
MARKED = st.lists(st.sampled_from([*OPENINGS, *INLINE, *OTHERS, *BLANKS]), max_size=12).map("".join)
WORDS = st.one_of(WRITTEN, MARKED)


def read_back(text: str) -> tuple[str, Mapping[str, str], Mapping[str, str], list[str], list[str]]:
    """Title, facts, fields, options, and readers of a record, as a strict CommonMark parser sees them."""
    tokens = MarkdownIt("commonmark").parse(text)
    heading, title = "", ""
    facts: dict[str, str] = {}
    fields: dict[str, list[str]] = {}
    options: list[str] = []
    heard: list[str] = []
    listed = False
    for before, token in pairwise(tokens):
        listed = (listed or token.type == "bullet_list_open") and token.type != "bullet_list_close"
        assert token.type not in {"html_block", "code_block", "fence", "blockquote_open", "hr", "ordered_list_open"}
        if token.type != "inline":
            continue
        words = _words(token)
        if before.type == "heading_open":
            heading, title = (words, title) if before.tag != "h1" else ("", words)
        elif not listed:
            fields.setdefault(heading, []).append(words)
        elif heading:
            (heard if heading == "Readers" else options).append(words)
        else:
            name, _, fact = words.partition(": ")
            facts[name] = fact
    return title, facts, {name: "\n\n".join(parts) for name, parts in fields.items()}, options, heard


def _words(token: Token) -> str:
    found = []
    for child in token.children or []:
        assert child.type in {"text", "text_special", "softbreak", "hardbreak"}, child.type
        found.append("\n" if child.type.endswith("break") else child.content)
    return "".join(found)


def export(decision: Decision, **facts: Any) -> Export:
    given: dict[str, Any] = {
        "owner": "Ana Torres",
        "author": "Ana Torres",
        "approver": "Priya Raman",
        "limit": "",
        "affects": (),
        "readers": (),
        "supersedes": "",
        "superseded_by": "",
        "takes_up": "",
    }
    return Export(decision, **(given | facts))


@settings(max_examples=300, deadline=None)
@given(WORDS)
def test_whatever_people_write_is_read_back_as_it_was(words: str) -> None:
    tokens = MarkdownIt("commonmark").parse(f"before\n\n{literal(words)}\n\nafter")

    inline = [_words(token) for token in tokens if token.type == "inline"]
    assert "\n\n".join(inline[1:-1]) == words
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}


@settings(max_examples=100, deadline=None)
@example([""] * 6, ["", ""], "0 #")
@example([""] * 6, ["", ""], "0 ##")
@given(st.lists(WORDS, min_size=6, max_size=6), st.lists(WORDS, min_size=2, max_size=4), WORDS)
def test_a_record_is_read_back_field_by_field(said: list[str], considered: list[str], title: str) -> None:
    written = dict(zip(HEADINGS.values(), said, strict=True))
    one_line = " ".join(title.split())
    decision = decisions.decision(
        ANA.id, one_line, number=19, options="\n".join(considered), **(written | {"killed_because": said[-1] or None})
    )

    shown_title, _, fields, options, _ = read_back(markdown(export(decision)))

    assert shown_title == f"D-19 {one_line}".rstrip()
    for heading, name in HEADINGS.items():
        kept = getattr(decision, name) or ""
        assert fields.get(heading, "") == kept, name
    assert options == list(decision.considered)


def test_the_facts_of_a_record_stand_at_its_head() -> None:
    decision = replace(
        decisions.decision(ANA.id, number=19),
        state=State.SUPERSEDED,
        lane=Lane.GUARDRAIL,
        capability="Pricing",
        held=Held.CENTRAL,
        decide_by=date(2026, 11, 27),
        review_on=date(2027, 3, 1),
        outcome=Outcome.PARTLY,
        learned="Slower\nthan planned",
        restricted=True,
        source="https://nordlicht.slack.com/archives/C0/p1?thread_ts=1.2&cid=C0",
        settled_at=NOW,
    )
    readers = [Heard("Tom Becker", Response.OBJECT, "My *margin*"), Heard("Dana Weiss", None, "")]
    told = export(
        decision, limit="Discounts: up to 15 %", affects=["EMEA", "Sales"], readers=readers, superseded_by="D-20"
    )

    title, facts, fields, _, heard = read_back(markdown(told))

    assert title == "D-19 Two-year discount rule"
    assert facts == {
        "Status": "superseded",
        "Date": "2026-11-23",
        "Captured": "2026-11-23",
        "Lane": "guardrail",
        "Limit": "Discounts: up to 15 %",
        "Capability": "Pricing, central",
        "Decision-makers": "Ana Torres, Priya Raman",
        "Owner": "Ana Torres",
        "Approver": "Priya Raman",
        "Written by": "Ana Torres",
        "Decide by": "2026-11-27",
        "Review on": "2027-03-01",
        "Affects": "EMEA, Sales",
        "Superseded by": "D-20",
        "From": "https://nordlicht.slack.com/archives/C0/p1?thread_ts=1.2&cid=C0",
        "Kept to": "those it names",
    }
    assert fields["Confirmation"] == "partly\nSlower\nthan planned"
    assert heard == ["Tom Becker: object, My *margin*", "Dana Weiss: not yet"]


def test_a_file_is_named_by_number_and_title() -> None:
    assert file_name(decisions.decision(ANA.id, "Größe: 2 Jahre?", number=7)) == "D-0007-grosse-2-jahre.md"
    assert file_name(decisions.decision(ANA.id, "שלום", number=12345)) == "D-12345.md"
