"""What is kept in the state file, and how."""

import json
from pathlib import Path

from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox, User
from tests.sandbox.support import SEED, error_of, field, modal


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_restart_keeps_messages_ephemerals_dms_people_and_read_marks(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "state.json"
    async with Sandbox(SEED, state_path=path) as first:
        client = AsyncWebClient(token=SEED.app.bot_token, base_url=first.api_url)
        posted = await client.chat_postMessage(channel="U0ANA", text="Kept")
        await client.chat_postEphemeral(channel="C0TEAM", user="U0ANA", text="Psst")
        await client.files_upload_v2(channel="C0TEAM", content="abc", filename="a.txt")
        first.admin.join(User(id="U0NEW", name="new"))
        first.tokens.revoke("xoxb-old")
        first.person("U0ANA").open()
    async with Sandbox(SEED, state_path=path) as second:
        ana = second.person("U0ANA")
        assert ana.dm_id == posted["channel"]
        assert [message["ts"] for message in ana.dm()] == [posted["ts"]]
        assert ana.ephemerals("C0TEAM")[0]["text"] == "Psst"
        assert second.person("U0NEW").id == "U0NEW"
        client = AsyncWebClient(token=SEED.app.bot_token, base_url=second.api_url)
        later = await client.chat_postMessage(channel="U0ANA", text="Later")
        assert str(later["ts"]) > str(posted["ts"])
        assert (await client.files_info(file=second.messages("C0TEAM")[0]["files"][0]["id"]))["ok"]


async def test_an_open_modal_survives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with Sandbox(SEED, state_path=path) as first:
        trigger = first.new_trigger("U0ANA")
        client = AsyncWebClient(token=SEED.app.bot_token, base_url=first.api_url)
        await client.views_open(trigger_id=trigger, view=modal(field(initial_value="typed")))
        await client.views_publish(user_id="U0ANA", view={"type": "home", "blocks": []})
        unused = first.new_trigger("U0ANA")
    async with Sandbox(SEED, state_path=path) as second:
        ana = second.person("U0ANA")
        assert ana.view is not None
        assert ana.view["state"]["values"]["line"]["line_value"]["value"] == "typed"
        assert ana.home is not None
        client = AsyncWebClient(token=SEED.app.bot_token, base_url=second.api_url)
        stale = client.views_open(trigger_id=unused, view=modal())
        assert await error_of(stale) == "invalid_trigger_id"


async def test_a_change_is_written_within_a_second_and_never_half(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    async with Sandbox(SEED, state_path=path) as sandbox:
        await sandbox.person("U0ANA").say("Hello", "C0TEAM")
        await sandbox.until(path.exists, timeout=2)
        kept = json.loads(path.read_text(encoding="utf-8"))
        assert [message["text"] for message in kept["conversations"]["C0TEAM"]["messages"].values()] == ["Hello"]
        assert names_in(tmp_path) == [path.name]
