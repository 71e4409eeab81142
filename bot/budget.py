"""The message budget: what comes to somebody beyond it goes into the thread of what they have (F109)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from rituals import budget
from rituals.budget import Sent
from rituals.people import Person
from storage import outbox
from storage.outbox import Message, State

DAY = timedelta(days=1)


def bring(tx: Session, *messages: tuple[Message, Person]) -> None:
    """Have messages brought to people who did not ask for them, each at its `not_before`.

    Once somebody has three of the kind on a day, the next goes into the thread of the newest: a reply is no message of
    its own. Escalations to leaders, and answers to somebody's own press, do not come this way.
    """
    if not messages:
        return
    workspace = messages[0][0].workspace
    earliest = min(message.not_before for message, _ in messages) - DAY
    had: dict[str, list[Sent]] = {person.slack_id: [] for _, person in messages}
    for recipient, key, at, state in outbox.posted(tx, workspace, had, earliest):
        had[recipient].append(Sent(key, at, is_out=state == State.SENT))
    alone: list[tuple[Message, str]] = []
    for message, person in messages:
        mine: Sequence[Sent] = had[person.slack_id]
        thread = budget.thread_of(person, mine, message.not_before)
        if thread is not None:
            outbox.reply(tx, message, thread)
        else:
            alone.append((message, person.slack_id))
            had[person.slack_id].append(Sent(message.key, message.not_before, is_out=False))
    outbox.post_many(tx, alone)
