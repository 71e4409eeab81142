"""What the guide tells a reader to type works as it stands."""

import asyncio
import json
import re
import sys
from pathlib import Path
from textwrap import indent

import aiohttp

from sandbox import Sandbox

GUIDE = Path(__file__).parents[2] / "docs" / "sandbox.md"
THE_READERS_APP = """
import asyncio
from slack_bolt.app.async_app import AsyncApp

def my_app(client):
    app = AsyncApp(client=client)

    @app.command("/hello")
    async def hello(ack):
        await ack("Hello")

    return app
"""


async def test_the_five_lines_run() -> None:
    (lines,) = re.findall(r"## Five lines\n\n```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    program = (
        f"{THE_READERS_APP}\nasync def main():\n{indent(lines, '    ')}    print(outcome)\n\nasyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    told, _ = await process.communicate()
    assert process.returncode == 0
    assert b"Outcome(ok=True" in told


async def test_every_control_call_is_taken() -> None:
    calls = re.findall(r"curl -X POST localhost:8137(\S+) -d '(.*)'", GUIDE.read_text(encoding="utf-8"))
    assert len(calls) == 6
    async with Sandbox() as sandbox, aiohttp.ClientSession() as session:
        for path, body in calls:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}  # as curl sends it
            async with session.post(sandbox.url + path, data=body, headers=headers) as response:
                assert (response.status, (await response.json())["ok"]) == (200, True), path
        assert [rule.kind for rule in sandbox.faults.rules] == ["drop_reply"]
        assert not sandbox.rate_limits.enabled
        assert json.loads(calls[2][1])["skew_seconds"] == 360


async def test_every_fault_in_the_guide_exists() -> None:
    tables = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    kinds = [kind for row in tables for kind in re.findall(r"`(\w+)`", row)]
    assert len(kinds) == 11
    sandbox = Sandbox()
    for kind in kinds:
        sandbox.faults.add("*", kind)
