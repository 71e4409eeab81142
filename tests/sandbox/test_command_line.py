"""`python -m sandbox`, and where a sandbox may listen."""

import asyncio
import json
import re
import signal
import sys
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox import Sandbox


async def run(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_it_runs_alone_with_a_seed_and_keeps_its_state(tmp_path: Path) -> None:
    seed, state = tmp_path / "seed.json", tmp_path / "state.json"
    seed.write_text(json.dumps({"app": {"name": "My app", "bot_token": "xoxb-mine"}}))
    process = await run("--port", "0", "--seed", str(seed), "--state", str(state))
    assert process.stdout is not None
    lines = [(await process.stdout.readline()).decode() for _ in range(5)]
    found = re.search(r"http://127\.0\.0\.1:\d+/api/", lines[1])
    assert found is not None
    client = AsyncWebClient(token="xoxb-mine", base_url=found[0])
    assert (await client.chat_postMessage(channel="C0GENERAL", text="Hello"))["ok"]
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 5) == 0
    assert "Hello" in state.read_text()


async def test_a_wrong_seed_is_told_in_one_line(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"colour": "red", "team": {"id": 7}}))
    process = await run("--seed", str(seed))
    _, errors = await process.communicate()
    assert process.returncode == 2
    assert b"Traceback" not in errors
    assert b"colour" in errors
    assert b"team.id" in errors


async def test_only_loopback_is_listened_on_unless_told() -> None:
    with pytest.raises(ValueError, match="not a loopback address"):
        Sandbox(host="0.0.0.0")  # noqa: S104  it must be refused
    Sandbox(host="0.0.0.0", allow_remote=True)  # noqa: S104  allowed, and not started
    Sandbox(host="::1")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost"}, 200),
        ({"Host": "sandbox.example"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
async def test_pages_from_elsewhere_cannot_use_the_sandbox(headers: dict[str, str], status: int) -> None:
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        url = f"{sandbox.url}/page/state?as=U0ANA"
        async with session.get(url, headers=headers) as response:
            assert response.status == status
