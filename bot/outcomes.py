"""What a refused or lost send becomes: ready again, dead, or uncertain (slack.md's table of errors)."""

from datetime import datetime, timedelta

from bot.slack import Fault, Refused
from storage.aftermath import AFTER_POLICY
from storage.outbox import Kind, Policy, State
from storage.sending import Envelope, Result

MOST_TRIES = 8
LONGEST_WAIT = timedelta(minutes=1)
LOOK_AFTER = timedelta(seconds=12)
"""When to look for a message whose answer was lost: by then Slack shows it, if it took it."""


def settle(envelope: Envelope, refused: Refused, now: datetime, machine_now: datetime) -> Result:
    """Decide by the meaning of the fault; `now` is ritual time, `machine_now` times the look for a lost message."""
    why = refused.why
    match refused.fault:
        case Fault.BUSY:
            # Slack did not take it and says when it will: that is no attempt.
            counts = refused.after is None
            return Result(envelope, State.READY, error=why, again_at=_later(envelope, refused, now), counts=counts)
        case Fault.DEAD | Fault.PAUSED:
            return Result(envelope, State.READY, error=why, again_at=now, counts=False, refused=refused)
        case Fault.BUG if not envelope.plain:
            return Result(envelope, State.READY, error=why, again_at=now, plain=True)
        case Fault.UNKNOWN:
            return _uncertain(envelope, refused, now, machine_now)
    return Result(envelope, State.DEAD, error=why, refused=refused)


def _uncertain(envelope: Envelope, refused: Refused, now: datetime, machine_now: datetime) -> Result:
    """Never an immediate resend: an edit may go again, a DM or a file's thread is searched, the rest follows policy."""
    if envelope.kind is Kind.FILE or (envelope.kind is Kind.POST and envelope.dm is not None):
        return Result(envelope, State.UNKNOWN, error=refused.why, look_at=machine_now + LOOK_AFTER)
    harmless = envelope.kind is Kind.EDIT or envelope.policy is Policy.RESEND
    if harmless and envelope.attempt < MOST_TRIES:
        return Result(envelope, State.READY, error=refused.why, again_at=_later(envelope, refused, now))
    return Result(envelope, State.DEAD if harmless else AFTER_POLICY[envelope.policy], error=refused.why)


def _later(envelope: Envelope, refused: Refused, now: datetime) -> datetime:
    return now + (refused.after or min(timedelta(seconds=2**envelope.attempt), LONGEST_WAIT))
