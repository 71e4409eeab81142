"""What is said when a strategy can't be kept, with the next step."""

from bot.catalogue import count, plain
from bot.errors import sentence
from rituals import strategy as rules


@sentence.register
def _(refusal: rules.ChoicesOff) -> str:
    words = (
        "Write one to {most} choices, one a line; there {are} {choices}. More than a handful is remembered by nobody."
    )
    are = "is" if refusal.count == 1 else "are"
    return plain(words, most=rules.MOST_CHOICES, are=are, choices=count(refusal.count, "choice"))


@sentence.register
def _(refusal: rules.ChoiceTooLong) -> str:
    return plain(
        "Line {line} is longer than a sentence. Keep {most} characters.", line=refusal.line, most=rules.LONGEST_CHOICE
    )


@sentence.register
def _(refusal: rules.StrategyTooLong) -> str:
    return plain("{words} words are more than two pages. Keep {most}.", words=refusal.words, most=rules.MOST_WORDS)


@sentence.register
def _(_: rules.WrittenMeanwhile) -> str:
    return plain("Somebody wrote a newer edition meanwhile. Copy your text, close this, and type /cadence strategy.")


@sentence.register
def _(_: rules.TeamsOff) -> str:
    return plain("Choose one to {most} teams.", most=rules.MOST_TEAMS)
