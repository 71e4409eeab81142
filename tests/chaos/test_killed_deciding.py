"""A process killed around the commit of a decision: what was not acked is sent again, and counts once (F101, F106)."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.decisions import card_views
from rituals.decisions import Decision, State
from sandbox import Outcome
from sandbox import Person as Hand
from storage import decisions, values
from tests.bot.decision_steps import MEMO, SAID
from tests.chaos.town import AFTER_A_DEATH, Crew, Town, Verdict, town, until

FORM = MEMO | {"approver": "U0DANA"}


class Door:
    """The process that Slack talks to, killed and started anew."""

    def __init__(self, place: Town, crew: Crew) -> None:
        self._place = place
        self._crew = crew
        self._born = 0
        self.pid = 0

    async def opens(self, kill_at: str = "") -> None:
        """A new one, that dies at this point; the one before is gone."""
        ahead = self._born * AFTER_A_DEATH
        self._born += 1
        self.pid = self._crew.start(replace(self._place.orders, role="door", ahead=ahead, kill_at=kill_at))
        await until(lambda: self._place.sandbox.connected)

    async def dies(self, outcome: Outcome, after: str) -> None:
        """It died of this press or form, which nobody acked; the next one, that dies at `after`, is up."""
        assert not outcome.ok
        await self._crew.gone(self.pid)
        await until(lambda: not self._place.sandbox.connected)
        await self.opens(after)


async def form(hand: Hand, text: str) -> None:
    """The form that a command opens."""
    assert (await hand.command("/cadence", f"decide {text}")).ok
    await until(lambda: hand.view and hand.view["submit"])


async def asked(hand: Hand) -> dict[str, Any]:
    """The card that waits for somebody's approval."""
    found: dict[str, Any] = await until(lambda: next((m for m in hand.dm() if "Approve" in str(m)), None))
    return found


async def lived(place: Town, crew: Crew, moment: str) -> tuple[list[Decision], list[str]]:
    """A decision captured, proposed and approved, at each of which the process dies at this moment of the commit."""
    door = Door(place, crew)
    await door.opens(f"submit:{moment}")
    rep, dana = place.sandbox.person(place.people[0].slack_id), place.sandbox.person("U0DANA")
    await form(rep, "new")
    await door.dies(await rep.submit(values=SAID), f"save:{moment}")
    assert (await rep.submit()).ok
    await form(rep, "edit D-1")
    await door.dies(await rep.submit(values=FORM), f"approve:{moment}")
    assert (await rep.submit()).ok
    card = await asked(dana)
    # On record: her DM was not known before, where a card whose record is lost could be looked for.
    await place.settled(1)
    await door.dies(await dana.click(card, card_views.APPROVE), "")
    assert (await dana.click(card, card_views.APPROVE)).ok

    def look(tx: Session) -> tuple[list[Decision], list[str]]:
        kept = values.fetch(tx, Decision)
        return kept, [entry.act for one in kept for entry in decisions.history(tx, one.id)]

    found: tuple[list[Decision], list[str]] = await place.database.read(look)
    return found


@pytest.mark.parametrize("moment", ["after", pytest.param("before", marks=pytest.mark.chaos)])
async def test_a_decision_is_captured_proposed_and_approved_once_whenever_the_process_dies(
    database_url: str, crew: Crew, moment: str
) -> None:
    async with town(database_url, 1, asked="18:00", at="12:00") as place:
        (one,), acts = await lived(place, crew, moment)
        # The card for the approval and the word to its author.
        await place.settled(2)

        assert (one.state, one.settled_by_id) == (State.APPROVED, one.approver_id)
        assert acts == ["captured", "proposed", "approved"]
        assert (await place.verdict()).counted() == Verdict(2, 2, 0, 0)
