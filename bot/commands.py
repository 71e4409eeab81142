"""One grammar for every slash command: `/plan same` is `/cadence plan same`, and nothing is ever done on a guess."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import blocks, grammar, payloads
from bot.blocks import Block
from bot.catalogue import Mrkdwn, as_read, join, plain, say
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import refused, tell
from bot.payloads import Who
from rituals.refusals import Refusal

RUN = "commands.run"
LONGEST_OFFER = 200
"""Characters of a command that a button offers to run: longer ones are better typed again."""


@dataclass(frozen=True, slots=True)
class Call:
    """A command that somebody gave, by typing or by the button of a suggestion; `text` follows the verb.

    `options` are those that the verb takes, by name; one without a value has "".
    """

    who: Who
    text: str
    deps: Deps
    trigger_id: str
    response_url: str
    _ack: AsyncAck
    typed: bool
    options: Mapping[str, str] = field(default_factory=dict)

    async def answer(self, words: Mrkdwn, body: Sequence[Block] = ()) -> None:
        """Say something to the person who asked, and to nobody else unless they asked for it (`--public`)."""
        public = "public" in self.options
        if self.typed:
            how = {"response_type": "in_channel"} if public else {}
            await self._ack(text=words, blocks=list(body) or None, **how)  # type: ignore[arg-type]
        else:
            await self._ack()
            await tell(self.deps, self.response_url, words, body, public=public)

    async def show(self, load: Callable[..., tuple[Mrkdwn, Sequence[Block]]], *given: Any) -> None:
        """Answer with what a read-only transaction of (who, *given) finds."""
        words, body = await self.deps.database.read(load, self.who, *given)
        await self.answer(words, body)

    async def accept(self) -> None:
        """Answer with nothing: what follows is a form."""
        await self._ack()


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that a command does. `usage` is what may follow; `does` is the line in the help.

    `options` names what it takes behind two hyphens: "public" only where no answer is meant for one person alone.
    """

    name: str
    usage: str
    does: str
    run: Callable[[Call], Awaitable[None]]
    also: Sequence[str] = ()
    options: frozenset[str] = frozenset()
    takes_person: bool = False


@dataclass(frozen=True, slots=True)
class Noun:
    """A command: `/plan`, or `/cadence plan`. Its first verb is what it does without one.

    `own` says whether it has a slash command of its own: Slack gives an app few, and people remember fewer. `dated`
    says whether a date may stand where the verb would: `/plan tomorrow`. `reads` says the same of other words, given
    the text and today: `/stoplight last month`. `names` says whether the whole text is the name of something that its
    first verb takes: `/stoplight EMEA`. `letter` is that of the numbers of what it is about, whose verb `show` a number
    alone stands for: `/blockers 42`.
    """

    name: str
    verbs: Sequence[Verb]
    own: bool = True
    dated: bool = False
    reads: Callable[[str, date], bool] | None = None
    names: Callable[[Session, Who, str], bool] | None = None
    letter: str | None = None

    @property
    def typed(self) -> str:
        """What people type to get here."""
        return f"/{self.name}" if self.own else f"/cadence {self.name}"

    def find(self, word: str) -> Verb | None:
        """The verb called `word`, in any case."""
        word = word.lower()
        return next((verb for verb in self.verbs if word in (verb.name, *verb.also)), None)

    def shows(self, text: str) -> bool:
        """Whether a text is the number of something, and nothing else."""
        read = None if self.letter is None else grammar.ident(text, self.letter)
        return read is not None and not read[1]

    def help(self) -> Mrkdwn:
        """What is built, a line a verb."""
        return join((self._line(verb) for verb in self.verbs), "\n")

    def _line(self, verb: Verb) -> Mrkdwn:
        shown = " ".join(part for part in (self.typed, verb.name, verb.usage) if part)
        return say("`{shown}` {does}", shown=shown, does=verb.does)


def register(doors: Doors, nouns: Sequence[Noun]) -> None:
    """Listen for every noun, for `/cadence`, and for the button of a suggestion."""
    by_name = {noun.name: noun for noun in nouns}

    def on(noun: Noun) -> None:
        async def typed(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
            await run(noun, _typed(ack, body, deps))

        doors.command(f"/{noun.name}")(typed)

    async def everything(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        await run_any(by_name, _typed(ack, body, deps))

    async def pressed(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
        press = payloads.press(body)
        call = Call(press.who, press.value, deps, press.trigger_id, press.response_url or "", ack, typed=False)
        await run_any(by_name, call)

    for noun in nouns:
        if noun.own:
            on(noun)
    doors.command("/cadence")(everything)
    doors.action(RUN)(pressed)


def _typed(ack: AsyncAck, body: Mapping[str, Any], deps: Deps) -> Call:
    command = payloads.command(body)
    return Call(command.who, command.text, deps, command.trigger_id, command.response_url, ack, typed=True)


async def run_any(nouns: Mapping[str, Noun], call: Call) -> None:
    """`/cadence`: the noun is the first word; without one, help."""
    word, rest = _first(call.text)
    noun = nouns.get(word.lower())
    if noun is not None:
        await run(noun, replace(call, text=rest))
    elif word.lower() in {"", "help"}:
        await call.answer(join((noun.help() for noun in nouns.values()), "\n"))
    else:
        close = get_close_matches(word.lower(), list(nouns), n=1)
        otherwise = say("There is {nouns}.", nouns=join(nouns, ", "))
        await call.answer(*_unknown(word, close[0] if close else None, rest, otherwise))


async def run(noun: Noun, call: Call) -> None:
    """Do what the verb says; an unknown one gets its closest match with a button, never a guess."""
    options, text = grammar.options(call.text)
    word, rest = _first(text)
    verb = noun.verbs[0] if not word else noun.find(word)
    names = verb is None and noun.verbs[0].takes_person and grammar.person(text, call.who.slack_id) is not None
    if names or (verb is None and _begins_like(noun, text, call)):
        verb, rest = noun.verbs[0], text
    if verb is None and noun.shows(text):
        verb, rest = noun.find("show"), text
    if verb is None and word.lower() == "help":
        await call.answer(noun.help())
        return
    if verb is None and noun.names is not None and await call.deps.database.read(noun.names, call.who, text):
        verb, rest = noun.verbs[0], text
    if verb is None:
        known = [name for verb in noun.verbs for name in (verb.name, *verb.also) if name]
        close = get_close_matches(word.lower(), known, n=1)
        offered = f"{noun.name} {close[0]}" if close else None
        otherwise = say("`{typed} help` lists what there is.", typed=noun.typed)
        await call.answer(*_unknown(word, offered, call.text.replace(word, "", 1), otherwise))
        return
    strange = next((name for name in options if name not in verb.options), None)
    if strange is not None:
        typed = f"{noun.typed} {verb.name}".strip()
        await call.answer(say("`{typed}` takes no `--{option}`. Nothing was done.", typed=typed, option=strange))
        return
    try:
        await verb.run(replace(call, text=rest, options=options))
    except Refusal as refusal:
        await call.answer(refused(refusal, typed=True))


def _begins_like(noun: Noun, text: str, call: Call) -> bool:
    """Whether a text is what the noun's first verb takes, without the verb: a date, or what the noun reads."""
    if noun.reads is None and not noun.dated:
        return False
    today = call.deps.clock().date()
    read = noun.reads is not None and noun.reads(text, today)
    return read or (noun.dated and grammar.when(text, today) is not None)


def _first(text: str) -> tuple[str, str]:
    """The first word of a text and what follows it."""
    word, rest = (*text.split(maxsplit=1), "", "")[:2]
    return word, rest.strip()


def _unknown(word: str, offered: str | None, rest: str, otherwise: Mrkdwn) -> tuple[Mrkdwn, list[Block]]:
    unknown = say("I don't know “{word}”.", word=blocks.cut(as_read(word), 40))
    whole = f"{offered} {rest.strip()}".strip()
    if offered is None or len(whole) > LONGEST_OFFER:
        words = say("{unknown} {otherwise}", unknown=unknown, otherwise=otherwise)
        return words, [blocks.section(words)]
    words = say("{unknown} Did you mean `{offered}`?", unknown=unknown, offered=offered)
    button = blocks.button(plain("Run {whole}", whole=as_read(whole)), RUN, whole)
    return words, [blocks.section(words), blocks.actions(button)]
