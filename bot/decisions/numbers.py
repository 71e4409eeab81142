"""`/decide numbers`: days to decide and share by lane, memos unread (C7)."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import blocks
from bot.acting import actor
from bot.catalogue import count, join, say
from bot.decisions import loading
from bot.decisions.views import Answer
from bot.payloads import Who
from rituals.decisions_numbers import LaneNumbers, by_lane
from storage import decisions

DAY_SECONDS = 86_400


def shown(tx: Session, who: Who, now: datetime) -> Answer:
    """Of the decisions that the asker may read, each figure with how many are behind it."""
    reader = actor(tx, who)
    readable = loading.readable(tx, reader, now)
    lanes = by_lane(decisions.settled(tx, readable))
    undecided, unread = decisions.undecided_count(tx, readable), decisions.unread_count(tx, readable)
    head = say("*Deciding, in numbers*")
    body = [_line(lane) for lane in lanes]
    owed = say("{open} undecided · {unread} owed a reading", open=undecided, unread=unread)
    return head, [blocks.section(join([head, *body], "\n")), blocks.context(owed)]


def _line(lane: LaneNumbers) -> object:
    if lane.median is None:
        return say("{lane}: none decided yet", lane=lane.lane.capitalize())
    days = lane.median.total_seconds() / DAY_SECONDS
    return say(
        "{lane}: {days} days to decide (median of {number}) · {share} % of all",
        lane=lane.lane.capitalize(),
        days=f"{days:.1f}",
        number=count(lane.decided, "decision"),
        share=round(lane.share * 100),
    )
