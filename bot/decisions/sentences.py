"""What a person is told when a rule about decisions says no: what is wrong, and the next step."""

from bot.blocks import cut
from bot.catalogue import plain
from bot.errors import sentence
from rituals import decisions as rules
from rituals.decisions import Decision, State
from rituals.refusals import Refusal

LONGEST_QUOTE = 40
SAID = {
    State.DRAFT: "still a draft",
    State.PROPOSED: "waiting for its approver",
    State.APPROVED: "approved",
    State.RECORDED: "decided",
    State.KILLED: "killed",
    State.SUPERSEDED: "superseded",
}
"""How a state reads in a sentence."""


class NoSuchDecision(Refusal):
    """Nobody calls a decision of this workspace so."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def standing(decision: Decision) -> str:
    """Where it stands, in words."""
    return SAID[decision.state]


@sentence.register
def _(refusal: NoSuchDecision) -> str:
    if not refusal.text:
        return plain("Which decision? Name it by its number, like D-18; /decide list shows them.")
    return plain(
        "There is no decision “{text}”. Name it by its number, like D-18; /decide list shows them.",
        text=cut(refusal.text, LONGEST_QUOTE),
    )


@sentence.register
def _(_: rules.NothingCaptured) -> str:
    return plain("Say what is chosen, or give it a title: /decide new Discount rule.")


@sentence.register
def _(refusal: rules.Settled) -> str:
    decision = refusal.decision
    return plain("{label} is {standing}. Nothing changed.", label=decision.label, standing=standing(decision))
