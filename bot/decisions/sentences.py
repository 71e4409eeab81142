"""What a person is told when a rule about decisions says no: what is wrong, and the next step."""

from bot.catalogue import count, plain
from bot.errors import NoSuch, sentence
from rituals import decisions as rules
from rituals import decisions_clock as clock
from rituals import decisions_lanes as lanes
from rituals import decisions_memo as memo
from rituals import decisions_readers as readers
from rituals.decisions import Decision, State
from rituals.people import Person
from rituals.refusals import Refusal

SAID = {
    State.DRAFT: "still a draft",
    State.PROPOSED: "waiting for its approver",
    State.APPROVED: "approved",
    State.RECORDED: "decided",
    State.KILLED: "killed",
    State.SUPERSEDED: "superseded",
}
"""How a state reads in a sentence."""


class NoSuchDecision(NoSuch):
    """Nobody calls a decision of this workspace so."""

    what = "decision"
    hint = "Name it by its number, like D-18; /decide list shows them."


class Already(Refusal):
    """Somebody was faster: `by` settled it before, `at` which moment in words."""

    def __init__(self, decision: Decision, by: Person, at: str) -> None:
        super().__init__(decision.id)
        self.decision = decision
        self.by = by
        self.at = at


class ChangedMeanwhile(Refusal):
    """The memo was written on since whoever answers it read it."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.id)
        self.decision = decision


class NothingSought(Refusal):
    """A search for nothing."""


class WhoOwns(Refusal):
    """Nobody on the roster is named as the owner."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.id)
        self.decision = decision


def standing(decision: Decision) -> str:
    """Where it stands, in words."""
    return SAID[decision.state]


@sentence.register
def _(_: rules.NothingCaptured) -> str:
    return plain("Say what is chosen, or give it a title: /decide new Discount rule.")


@sentence.register
def _(refusal: rules.Settled) -> str:
    decision = refusal.decision
    return plain("{label} is {standing}. Nothing changed.", label=decision.label, standing=standing(decision))


@sentence.register
def _(refusal: Already) -> str:
    words = "{label} was {done} by {who} {at}. Nothing changed."
    label, done = refusal.decision.label, standing(refusal.decision)
    return plain(words, label=label, done=done, who=refusal.by.given_name, at=refusal.at)


@sentence.register
def _(refusal: ChangedMeanwhile) -> str:
    words = (
        "Somebody changed {label} meanwhile. Your text is kept: close this, /decide show {label}, and go on from there."
    )
    return plain(words, label=refusal.decision.label)


@sentence.register
def _(_: readers.SaidSince) -> str:
    return plain(
        "The reader has answered anew since, and nothing changed. /decide list shows the memo with their words."
    )


@sentence.register
def _(_: rules.ReasonMissing) -> str:
    return plain("Say why, in a few words.")


@sentence.register
def _(_: rules.OwnerApproves) -> str:
    return plain("Owner and approver are two people. Choose somebody else for one of them.")


@sentence.register
def _(_: rules.SameDecision) -> str:
    return plain("A decision is replaced by another one, not by itself or by what it replaced. Nothing changed.")


@sentence.register
def _(_: rules.AlreadyReviewed) -> str:
    return plain("What came of it is written down already. Nothing changed.")


@sentence.register
def _(_: clock.ByWhenUnclear) -> str:
    days = clock.LONGEST_PROMISE.days
    return plain(
        "By when? Say a day from today on, {days} days ahead at most: /decide owner D-18 @lee by friday.", days=days
    )


LABELS = {
    "title": "Title",
    "context": "Context",
    "options": "Options",
    "chosen": "Chosen",
    "because": "Because",
    "consequences": "Consequences",
    "will_not": "We will not",
}


@sentence.register
def _(refusal: memo.TooManyWords) -> str:
    counts = ", ".join(f"{LABELS[name]} {number}" for name, number in refusal.counts.items() if number)
    total = sum(refusal.counts.values())
    words = "{total} words are more than two pages. Keep {most}: {counts}."
    return plain(words, total=total, most=memo.MOST_WORDS, counts=counts)


@sentence.register
def _(_: memo.NotWritten) -> str:
    return plain("Fill this in before you propose it, or keep it as a draft.")


@sentence.register
def _(refusal: memo.OptionsOff) -> str:
    words = "Write two to seven options, one a line; there {are} {options}. Doing nothing is an option, too."
    return plain(words, are="is" if refusal.count == 1 else "are", options=count(refusal.count, "option"))


@sentence.register
def _(_: memo.LaneOpen) -> str:
    return plain("Answer this: it says whether anybody must approve.")


@sentence.register
def _(_: memo.ApproverMissing) -> str:
    return plain("A commitment is approved by somebody who is not its owner. Choose them here.")


@sentence.register
def _(_: memo.HeldOpen) -> str:
    return plain("Name the capability and say whether it is done in one place or by each unit; or leave both empty.")


@sentence.register
def _(_: memo.NothingExcluded) -> str:
    return plain("What will you not do because of this? Save again to leave it empty.")


@sentence.register
def _(refusal: lanes.NameTaken) -> str:
    return plain("There is a limit called {name} already. Give this one another name.", name=refusal.name)


@sentence.register
def _(refusal: WhoOwns) -> str:
    return plain(
        "Who decides? Name somebody on the roster: /decide owner {label} @lee by friday.", label=refusal.decision.label
    )


@sentence.register
def _(_: NothingSought) -> str:
    return plain("Search for what? Type a few words: /decide search price.")
