"""Slack's side where the sandbox would be the bottleneck: takes every call, checks nothing, answers at once.

`python -m tests.benchmarks.stub` prints its port and serves until its input ends.
"""

import asyncio
import itertools
import sys

from aiohttp import web

_STAMPS = itertools.count()


async def _post(request: web.Request) -> web.Response:
    said = await request.json()
    return web.json_response({"ok": True, "channel": said["channel"], "ts": f"1763890000.{next(_STAMPS):06d}"})


async def _open(request: web.Request) -> web.Response:
    await request.read()
    return web.json_response({"ok": True, "view": {"id": "V1"}})


async def main() -> None:
    """Serve."""
    application = web.Application()
    application.router.add_post("/api/chat.postMessage", _post)
    application.router.add_post("/api/views.open", _open)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
