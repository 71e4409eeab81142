"""Requests as Slack sends them: one person's, with their number left open, and from it everybody's."""

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import quote_plus

from bot.clock import machine_clock
from bot.huddle import form_views, views
from bot.huddle.form_views import PlanForm
from bot.huddle.handlers import open_page
from bot.huddle.views import FormMeta
from bot.payloads import Who
from rituals.plans import Outcome
from storage.database import Database
from storage.outbox import Place
from tests.benchmarks.company import Kind, mark, prompt_ts, response_url, slack_id, uuid
from tests.factories import WORKSPACE

SECRET = "benchmarks-only"
TODAY = "Beltrán signs the new bookings\nThree slipped renewals called\nSlides for Friday's board"

Json = dict[str, Any]


def signed(body: bytes, now: float) -> bytes:
    """A whole HTTP request with Slack's signature."""
    stamp = str(int(now)).encode()
    signature = hmac.new(SECRET.encode(), b"v0:" + stamp + b":" + body, hashlib.sha256).hexdigest()
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nX-Slack-Request-Timestamp: {stamp.decode()}\r\n"
        f"X-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return head.encode() + body


def form_encoded(payload: Json) -> str:
    """A payload as Slack posts it."""
    return "payload=" + quote_plus(json.dumps(payload, ensure_ascii=False))


def _frame(kind: str, number: int) -> Json:
    return {
        "type": kind,
        "team": {"id": WORKSPACE, "domain": "nordlicht"},
        "user": {"id": slack_id(number), "username": "rep", "name": "rep", "team_id": WORKSPACE},
        "api_app_id": "A0CADENCE",
        "token": "verification",
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": f"7.7.{mark(number)}",
    }


async def submission(database: Database, number: int) -> Json:
    """What Slack sends when a person submits the plan form as it opens for them, with other words for today."""
    meta = FormMeta(
        plan=uuid(Kind.PLAN, number),
        response_url=response_url(number),
        pressed_on=Place(f"D{mark(number)}", prompt_ts(number)).mark,
    )
    page = await database.read(open_page, meta, Who(WORKSPACE, slack_id(number)), machine_clock())
    view = form_views.plan_form(page)
    said = PlanForm(today=TODAY, settled={item.id: Outcome.CARRIED for item in page.open_items})
    values = {block["block_id"]: _answer(block, said) for block in view["blocks"] if block["type"] == "input"}
    whole = {**view, "id": "V0BENCH", "hash": "1.h", "team_id": WORKSPACE, "state": {"values": values}}
    return {**_frame("view_submission", number), "view": whole, "response_urls": []}


def _answer(block: Json, said: PlanForm) -> Json:
    element = block["element"]
    name = block["block_id"].partition(":")[0]
    answer: Json = {"type": element["type"]}
    if element["type"] == "plain_text_input":
        answer["value"] = said.today if name == views.TODAY else None
    elif element["type"] == "checkboxes":
        answer["selected_options"] = []
    else:
        answer["selected_option"] = next(one for one in element["options"] if one["value"] == Outcome.CARRIED)
    return {element["action_id"]: answer}


def press(number: int) -> Json:
    """What Slack sends when a person presses `Write plan` on their prompt."""
    value = str(uuid(Kind.PLAN, number))
    button = {"type": "button", "text": {"type": "plain_text", "text": "Write plan"}}
    pressed = {**button, "action_id": views.WRITE, "block_id": "b1", "value": value, "action_ts": "1763880001.000001"}
    message = {"type": "message", "ts": prompt_ts(number), "text": "Your plan", "blocks": [{"type": "actions"}]}
    place = {"type": "message", "message_ts": prompt_ts(number), "channel_id": f"D{mark(number)}"}
    return {
        **_frame("block_actions", number),
        "container": {**place, "is_ephemeral": False},
        "channel": {"id": f"D{mark(number)}", "name": "directmessage"},
        "message": message,
        "state": {"values": {}},
        "response_url": response_url(number),
        "actions": [pressed],
    }
