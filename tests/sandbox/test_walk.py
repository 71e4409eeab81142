"""One walk through everything a person and an app do together, by the real SDK and Bolt."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox
from tests.sandbox.support import Connect

MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "plan",
    "title": {"type": "plain_text", "text": "Plan"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "lines",
            "label": {"type": "plain_text", "text": "Today"},
            "element": {"type": "plain_text_input", "action_id": "text", "multiline": True},
        }
    ],
}
PROMPT: list[dict[str, Any]] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "Good morning"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "write",
                "value": "1",
                "text": {"type": "plain_text", "text": "Write"},
            }
        ],
    },
]


async def test_a_morning_passes_from_prompt_to_button_to_modal_to_receipt(
    sandbox: Sandbox, client: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    seen: dict[str, Any] = {}

    @bolt.action("write")
    async def write(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        seen["press"] = body
        await client.views_open(trigger_id=body["trigger_id"], view=MODAL)

    @bolt.view("plan")
    async def save(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        typed = body["view"]["state"]["values"]["lines"]["text"]["value"]
        if typed == "bad":
            await ack(response_action="errors", errors={"lines": "Not that."})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"Saved: {typed}")

    await connect(bolt)
    ana = sandbox.person("U0ANA")
    answer = await client.chat_postMessage(channel="U0ANA", text="Good morning", blocks=PROMPT)
    assert answer["channel"].startswith("D")
    (prompt,) = ana.dm()

    assert (await ana.click(prompt, "write")).ok
    view = await sandbox.until(lambda: ana.view)
    assert seen["press"]["actions"][0]["value"] == "1"
    assert seen["press"]["message"]["ts"] == prompt["ts"]
    assert view["root_view_id"] == view["id"]

    assert (await ana.submit(view)).errors == {"lines": "Please complete this required field."}
    assert (await ana.submit(view, {"lines": "bad"})).errors == {"lines": "Not that."}
    assert (await ana.submit(view, {"text": "call five people"})).ok
    assert ana.view is None
    await sandbox.until(lambda: [m for m in ana.dm() if m["text"] == "Saved: call five people"])
