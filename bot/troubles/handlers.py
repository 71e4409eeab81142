"""Tell an owner of what could not be delivered, and do what they decide."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from slack_bolt.async_app import AsyncAck
from sqlalchemy.orm import Session

from bot import payloads
from bot.acting import acting
from bot.catalogue import plain
from bot.deps import Deps
from bot.doors import Doors
from bot.errors import Gone, answer_press
from bot.ids import new_id
from bot.payloads import Press, Who
from bot.ritual import Ritual
from bot.slack import Refused
from bot.troubles import views
from rituals.budget import Turn
from rituals.people import Person
from rituals.policy import Action, about, require
from storage import aftermath, outbox
from storage.outbox import Kind, Message, Policy, Rank
from storage.sending import Envelope

ALERT_AFTER = timedelta(minutes=10)
"""How long an uncertain digest is held before its owner is asked."""


class Troubles:
    """What rituals say of who owns a message, put to use."""

    def __init__(self, rituals: Sequence[Ritual]) -> None:
        self._rituals = rituals

    def owner(self, tx: Session, key: str) -> Person | None:
        """Who must know when the message with this key can't be delivered."""
        found = (ritual.owner(tx, key) for ritual in self._rituals)
        return next((person for person in found if person is not None), None)

    def tell(self, tx: Session, envelope: Envelope, refused: Refused, now: datetime) -> None:
        """Send the owner of a post what its channel refused, with `Pick a channel` (F104)."""
        owner = self.owner(tx, envelope.key)
        if owner is None or envelope.kind is not Kind.POST:
            return
        why = refused.why.partition(":")[0]
        body = views.undelivered(envelope.id, envelope.recipient, why, envelope.body)
        # The claim is in the key: tried again and refused again, the owner hears of it again.
        key = f"trouble:{envelope.id}:{envelope.token}"
        outbox.post(
            tx,
            Message(new_id(), owner.workspace, key, Policy.RESEND, Rank.DIGEST, body, now, turn=Turn.REST),
            owner.slack_id,
        )

    def ask_about_held(self, tx: Session, now: datetime) -> int:
        """Ask the owner of each held message whether it arrived, once, ten minutes on; return how many are held."""
        held = aftermath.held(tx)
        for message in held:
            owner = self.owner(tx, message.key)
            if owner is not None:
                body = views.uncertain(message.id, message.text)
                question = Message(
                    new_id(),
                    message.workspace,
                    f"held:{message.id}",
                    Policy.DROP,
                    Rank.DIGEST,
                    body,
                    now + ALERT_AFTER,
                    turn=Turn.REST,
                )
                outbox.post(tx, question, owner.slack_id)
        return len(held)

    def register(self, doors: Doors) -> None:
        """The ways out."""

        def on(action_id: str, decide: Callable[[Session, Press, datetime], str]) -> None:
            async def pressed(ack: AsyncAck, body: dict[str, Any], deps: Deps) -> None:
                press = payloads.press(body)
                words: list[str] = []

                def decided(tx: Session) -> None:
                    words[:] = [decide(tx, press, deps.clock())]

                await answer_press(ack, deps, press, deps.database.write(decided))
                if words and press.response_url is not None:
                    await deps.slack.respond(press.response_url, views.settled(words[0]) | {"replace_original": True})

            doors.action(action_id)(pressed)

        on(views.PICK, self.pick)
        on(views.AGAIN, self.again)
        on(views.TO_ME, self.to_me)
        on(views.LET_BE, self.let_be)

    def _mine(self, tx: Session, who: Who, message_id: str, now: datetime) -> tuple[aftermath.Held, Person]:
        """The message and the person who may decide; raises Stranger, Gone or NotAllowed."""
        person = acting(tx, who, now)
        message = aftermath.undelivered(tx, who.workspace, UUID(message_id))
        owner = None if message is None else self.owner(tx, message.key)
        if message is None or owner is None:
            raise Gone
        require(Action.TROUBLE_SETTLE, person, about(owner))
        return message, person

    def pick(self, tx: Session, press: Press, now: datetime) -> str:
        """`Pick a channel`: what the message belongs to lives there from now on, and the message goes there."""
        message, _ = self._mine(tx, press.who, press.block_id.partition(":")[2], now)
        for ritual in self._rituals:
            ritual.rehome(tx, message.key, press.value)
        aftermath.revive(tx, message.id, now, recipient=press.value)
        return plain("It goes to the channel that you picked, today and from now on.")

    def again(self, tx: Session, press: Press, now: datetime) -> str:
        """`Try again`, `Send it again`."""
        message, _ = self._mine(tx, press.who, press.value, now)
        aftermath.revive(tx, message.id, now)
        return plain("It is on its way again.")

    def to_me(self, tx: Session, press: Press, now: datetime) -> str:
        """`Send it to me instead`: this one only."""
        message, person = self._mine(tx, press.who, press.value, now)
        aftermath.revive(tx, message.id, now, recipient=person.slack_id)
        return plain("It comes to you. The channel stays as it is set; pick another if it is gone for good.")

    def let_be(self, tx: Session, press: Press, now: datetime) -> str:
        """`It arrived`."""
        message, _ = self._mine(tx, press.who, press.value, now)
        aftermath.let_be(tx, message.id)
        return plain("Good. Nothing is sent again.")
