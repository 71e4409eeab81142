"""What a person is told when a rule of the month says no: what is wrong, and the next step."""

from collections.abc import Sequence

from bot.catalogue import plain
from bot.errors import sentence
from bot.kpis.lines import COLOURS
from rituals import actions, stoplight
from rituals.kpis import Kpi
from rituals.refusals import Refusal
from rituals.stoplight import Answered


class OpenReds(Refusal):
    """The month can't close while these KPIs have no agreed action with a helper."""

    def __init__(self, kpis: Sequence[Kpi]) -> None:
        super().__init__(*(kpi.id for kpi in kpis))
        self.kpis = kpis


@sentence.register
def _(refusal: OpenReds) -> str:
    names = ", ".join(f"{kpi.label} {kpi.name}" for kpi in refusal.kpis)
    return plain("Still without an agreed action, owner, helper and date: {names}. Assign help first.", names=names)


@sentence.register
def _(_: stoplight.MonthClosed) -> str:
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
def _(_: actions.NothingToDo) -> str:
    return plain("Write what will be done.")


@sentence.register
def _(refusal: actions.NoDate) -> str:
    return plain("Pick a day from {today} on.", today=f"{refusal.today:%a} {refusal.today.day} {refusal.today:%b}")
