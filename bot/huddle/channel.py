"""A team's one line in its channel."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot import keys
from bot.huddle import channel_views
from bot.huddle.card_views import Day
from bot.ids import new_id
from storage import outbox
from storage.outbox import Message, Policy, Rank


def post(tx: Session, day: Day, now: datetime) -> None:
    """Post a team's one line and, in its thread, what people ticked for the team; once a day (F17)."""
    key = keys.post_key(day.team.id, day.day)
    body = channel_views.post(day)
    line = Message(new_id(), day.team.workspace, key, Policy.HOLD, Rank.DIGEST, body, now)
    if day.team.channel is not None and outbox.post(tx, line, day.team.channel):
        thread = channel_views.thread(day)
        if thread is not None:
            outbox.reply(tx, replace(line, id=new_id(), key=f"{key}:thread", body=thread), key)


def correct(tx: Session, day: Day, now: datetime) -> None:
    """Bring the team's line up to date after late answers, in place (F15)."""
    key = keys.post_key(day.team.id, day.day)
    body = channel_views.post(day)
    if outbox.shown(tx, day.team.workspace, key, keys.edit_key(key)) != body:
        line = Message(new_id(), day.team.workspace, keys.edit_key(key), Policy.RESEND, Rank.DIGEST, body, now)
        outbox.edit(tx, line, key)
