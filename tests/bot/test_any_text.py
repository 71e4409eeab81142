"""Whatever somebody types, they get a clear answer, fast, and nothing is done on a guess."""

import time
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import PARTS, RITUALS
from bot.catalogue import say
from bot.commands import Call, Noun, Verb, run, run_any
from bot.ritual import Part, Ritual
from tests.bot.steps import Json
from tests.bot.world import World, words

SECONDS = 0.05
BUILT: Sequence[Ritual | Part] = (*RITUALS, *PARTS)
NOUNS = [noun for part in BUILT for noun in part.commands]
KNOWN = ["cadence", "help", *(noun.name for noun in NOUNS), *(verb.name for noun in NOUNS for verb in noun.verbs)]
PIECES = [
    *KNOWN,
    *("<@U0TOM|tom>", "<@U0NOBODY>", "<#C0EMEA|emea>", "me", "tomorrow", "31 Feb", "3 Dec - 7 Dec", "in 99999 weeks"),
    *("B-42", "K-3", "999999999999", "-1", "1e400", "NaN", "50 %", "€", "for november", "--public", "—page 2"),
    *(
        "<!channel>",
        "&lt;",
        "```",
        "{}",
        "{0}",
        "%s",
        "\\",
        "'",
        '"',
        "“",
        "\u202e",
        "\x00",
        "🙂",
        "\n",
        "\t",
        "--team",
    ),
    *("away today - tomorrow x", "x" * 300, "a b c d e f g"),
]
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join))


class Heard:
    """Stands where Slack's ack would, and keeps what was said."""

    def __init__(self) -> None:
        self.said: list[Json] = []

    async def __call__(self, **answer: object) -> None:
        self.said.append(answer)


def known_only() -> dict[str, Noun]:
    """Every command as it is built, with verbs that do nothing but take note."""

    async def note(call: Call) -> None:
        await call.answer(say("ran with {text}", text=call.text))

    return {
        noun.name: Noun(noun.name, [Verb(v.name, v.usage, v.does, note, v.also, v.options) for v in noun.verbs])
        for noun in NOUNS
    }


@given(TEXTS)
@settings(max_examples=400, deadline=None)
async def test_any_text_is_answered_once_within_50_ms_of_work(text: str) -> None:
    nouns = known_only()
    heard = Heard()
    call = Call(None, text, None, "", "", heard, typed=True)  # type: ignore[arg-type]

    began = time.thread_time()
    await run_any(nouns, call)
    for noun in nouns.values():
        await run(noun, call)
    spent = time.thread_time() - began

    assert len(heard.said) == 1 + len(nouns)
    assert all(answer["text"] for answer in heard.said)
    # Work, not time on the wall: a busy machine must not fail it.
    assert spent < SECONDS * len(heard.said)


@pytest.mark.parametrize("seed", range(4))
async def test_typed_into_slack_any_text_gets_a_sentence_or_a_form(morning: World, seed: int) -> None:
    await morning.at("08:30")
    random = Random(seed)  # noqa: S311 - a repeatable choice, not a secret
    ana = morning.hand("Ana")
    commands = ["/cadence", *(noun.typed for noun in NOUNS if noun.own)]
    for _ in range(40):
        text = " ".join(random.choices(PIECES, k=random.randint(0, 5)))
        command = random.choice(commands)
        before = len(ana.ephemerals())

        assert (await ana.command(command, text)).ok, (command, text)

        told = ana.ephemerals()[before:]
        shown = [*map(words, told), *([words(ana.view)] if ana.view else [])]
        assert shown, (command, text)
        assert "Reference" not in "".join(shown), (command, text, shown)
        if ana.view is not None:
            await ana.close(is_cleared=True)
