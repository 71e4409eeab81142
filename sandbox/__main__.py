"""Run a sandbox alone: `python -m sandbox --port 8137`."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from sandbox.sandbox import Sandbox
from sandbox.seed import Seed


def main() -> int:
    """Read the arguments and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A strict local Slack workspace.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8137)
    parser.add_argument("--seed", type=Path, help="JSON file with team, users, channels and app")
    parser.add_argument("--state", type=Path, help="file in which the workspace is kept")
    parser.add_argument("--allow-remote", action="store_true", help="listen on an address others can reach")
    parser.add_argument("--no-rate-limits", action="store_true")
    given = parser.parse_args()
    try:
        seed = Seed() if given.seed is None else read_seed(given.seed)
        sandbox = Sandbox(
            seed,
            host=given.host,
            port=given.port,
            allow_remote=given.allow_remote,
            state_path=given.state,
            rate_limits=not given.no_rate_limits,
        )
        asyncio.run(_serve(sandbox))
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    return 0


def read_seed(path: Path) -> Seed:
    """Return the seed in a JSON file, or raise one error that names every problem."""
    try:
        return TypeAdapter(Seed).validate_json(path.read_bytes())
    except ValidationError as problem:
        lines = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problem.errors()]
        raise ValueError(f"{path}: " + "; ".join(lines)) from None


async def _serve(sandbox: Sandbox) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    async with sandbox:
        app = sandbox.seed.app
        sys.stdout.write(
            f"Page            {sandbox.url}\n"
            f"Web API         {sandbox.api_url}\n"
            f"Bot token       {app.bot_token}\n"
            f"App token       {app.app_token}\n"
            f"Signing secret  {app.signing_secret}\n"
        )
        sys.stdout.flush()
        await stopped.wait()


if __name__ == "__main__":
    sys.exit(main())
