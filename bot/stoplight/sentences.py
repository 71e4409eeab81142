"""What a person is told when a rule of the month says no: what is wrong, and the next step."""

from collections.abc import Sequence

from bot.catalogue import plain
from bot.errors import sentence
from bot.kpis.lines import COLOURS
from rituals import stoplight, stoplight_digest, stoplight_words, triggers
from rituals.kpis import Kpi
from rituals.refusals import Refusal
from rituals.stoplight import Answered


class OpenReds(Refusal):
    """The month can't close while these KPIs have no agreed action with a helper."""

    def __init__(self, kpis: Sequence[Kpi]) -> None:
        super().__init__(*(kpi.id for kpi in kpis))
        self.kpis = kpis


class HeadsNothing(Refusal):
    """Whoever writes a narrative named no function, and heads none; `known` are those that there are."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(known)
        self.known = known


@sentence.register
def _(refusal: HeadsNothing) -> str:
    known = ", ".join(refusal.known) or plain("none yet")
    return plain("Which function? There is {known}. For example: /stoplight tell Marketing.", known=known)


@sentence.register
def _(refusal: OpenReds) -> str:
    names = ", ".join(f"{kpi.label} {kpi.name}" for kpi in refusal.kpis)
    return plain("Still without an agreed action, owner, helper and date: {names}. Assign help first.", names=names)


@sentence.register
def _(_: stoplight_digest.MonthClosed) -> str:
    return plain("This month is closed already. Nothing changed.")


@sentence.register
def _(refusal: stoplight.WrongColour) -> str:
    fits = {Answered.ACK: "red", Answered.ACT: "yellow", Answered.WATCH: "yellow", Answered.THANKED: "green"}
    now = COLOURS[refusal.colour]
    return plain(
        "That answers a {fits} number; this one is {now} now. Nothing changed.", fits=fits[refusal.answer], now=now
    )


@sentence.register
def _(_: stoplight.AnsweredAlready) -> str:
    return plain("This was answered already. Nothing changed; it shows by whom.")


@sentence.register
def _(refusal: stoplight_words.NarrativeTooLong) -> str:
    most = stoplight_words.LONGEST_NARRATIVE
    return plain("The three answers have {n} characters; keep the {most} that matter.", n=refusal.length, most=most)


@sentence.register
def _(_: triggers.PeriodsUnclear) -> str:
    return plain("Say for how many in a row, from 1 to {most}: 2, for example.", most=triggers.MOST_PERIODS)


@sentence.register
def _(_: triggers.NothingAgreed) -> str:
    return plain("Write what is agreed to happen then.")


@sentence.register
def _(_: triggers.WhyOverruled) -> str:
    return plain("Say in one line why what was agreed is not done.")


@sentence.register
def _(_: triggers.FiringAnswered) -> str:
    return plain("This was answered already. Nothing changed; it shows by whom.")
