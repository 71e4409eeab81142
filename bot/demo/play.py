"""Run the sandbox and Cadence in one process, with a clock that jumps to the next thing due."""

import asyncio
import errno
import json
import socket
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import click
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy.orm import Session

from bot.clock import DemoClock, machine_clock
from bot.demo import colleagues, company, history
from bot.run import Running, running, stop_signal
from bot.settings import Settings
from bot.web import PortTaken
from rituals.huddle import Slot
from rituals.ladder import Step
from rituals.people import Role
from rituals.stoplight_cycle import Slot as Month
from rituals.weekly import Slot as Weekly
from sandbox import Addon, App, Channel, Command, Sandbox, Seed, Shortcut, Team, User
from storage import occurrences, people
from storage.database import Database
from storage.occurrences import Occurrence

DEFAULT_PORT = 8137
SCRIPT = Path(__file__).with_name("clock.js")
MANIFEST = Path(__file__).parents[1] / "manifest.json"

DOES = {
    Slot.PROMPT: "asks {names}",
    Slot.REMINDER: "reminds {names}, if still open",
    Slot.SNOOZED: "asks {names} again, as they wished",
    Slot.CARD: "sends the huddle card of {names}",
    Slot.DOTTED: "sends the dotted-line card of {names}",
    Slot.WEEK: "asks {names} whether it was a good week",
    Slot.OWED: "tells who waits for an answer in {names}",
    Slot.POST: "posts the line of {names}",
    Weekly.COLLECT: "asks {names} what the weekly should talk about",
    Weekly.THEMES: "looks for what recurs in {names}",
    Weekly.AGENDA: "sends the agenda of the weekly of {names}",
    Weekly.MEET: "begins the weekly of {names}",
    Step.WARN: "warns that a blocker climbs",
    Step.CLIMB: "brings a blocker one level up",
    Step.LAPSE: "opens a blocker again on which nothing moved",
    Step.WAKE: "ends the snooze of a blocker",
    Month.ASK: "asks {names} for last month's numbers",
    Month.REMIND: "reminds {names} of what is still open of last month",
    Month.CLOSE: "closes last month's numbers of {names}",
    Month.DIGEST: "sends the month's digest to {names}",
    Month.CLIMB: "brings a red that nobody acknowledged one level up",
}


@dataclass(frozen=True, slots=True)
class Files:
    """What the demo keeps between two starts."""

    folder: Path

    @property
    def database(self) -> Path:
        """Cadence's database."""
        return self.folder / "cadence.db"

    @property
    def slack(self) -> Path:
        """The sandbox's messages."""
        return self.folder / "slack.json"

    @property
    def clock(self) -> Path:
        """How far the demo's clock is ahead."""
        return self.folder / "clock.json"

    def forget(self) -> None:
        """Start over."""
        for path in (self.slack, self.clock, *self.folder.glob("cadence.db*")):
            path.unlink(missing_ok=True)


def seed(request_url: str | None) -> Seed:
    """The workspace as Slack knows it; with `request_url` it calls the app over signed HTTP, else by Socket Mode."""
    everybody = tuple(employee.slack_id for employee in company.EMPLOYEES)
    rooms = [
        Channel(
            channel,
            f"{team.lower()}-huddle",
            (*(e.slack_id for e in company.EMPLOYEES if e.team == team or e.role is Role.LEADER), "U0CADENCE"),
        )
        for team, channel in company.CHANNELS.items()
    ]
    return Seed(
        team=Team(company.WORKSPACE, company.COMPANY, company.COMPANY.lower()),
        users=tuple(
            User(e.slack_id, e.name.split()[0].lower(), e.name, tz=e.zone, title=e.title) for e in company.EMPLOYEES
        ),
        channels=(Channel("C0GENERAL", "general", (*everybody, "U0CADENCE")), *rooms),
        app=app(request_url),
    )


def app(request_url: str | None) -> App:
    """Cadence as its manifest makes it at a real Slack: the same commands, shortcuts, scopes and events."""
    manifest = json.loads(MANIFEST.read_text())
    features, scopes = manifest["features"], manifest["oauth_config"]["scopes"]["bot"]
    return App(
        id="A0CADENCE",
        name=manifest["display_information"]["name"],
        bot_user_id="U0CADENCE",
        bot_id="B0CADENCE",
        bot_token="xoxb-demo",  # noqa: S106 - it opens nothing but the local sandbox
        app_token="xapp-demo",  # noqa: S106 - likewise
        scopes=(*scopes, "connections:write"),
        events=manifest["settings"]["event_subscriptions"]["bot_events"],
        commands=[Command(**one) for one in features["slash_commands"]],
        shortcuts=[Shortcut(**one) for one in features["shortcuts"]],
        home_tab=features["app_home"]["home_tab_enabled"],
        request_url=request_url,
    )


def settings(sandbox: Sandbox, files: Files, http_port: int | None) -> Settings:
    """What `cadence run` would read from the environment; with `http_port` it listens there for Slack."""
    return Settings(
        database_url=f"sqlite:///{files.database}",
        slack_bot_token=SecretStr("xoxb-demo"),
        slack_app_token=SecretStr("" if http_port else "xapp-demo"),
        slack_signing_secret=SecretStr(sandbox.seed.app.signing_secret),
        slack_api_url=sandbox.api_url,
        port=http_port or 0,
    )


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def prepare(files: Files) -> DemoClock:
    """Make the database and its company on the first start; continue on later ones."""
    files.folder.mkdir(parents=True, exist_ok=True)
    database = Database(f"sqlite:///{files.database}")
    try:
        await asyncio.to_thread(database.migrate)
        if await database.read(people.workspaces):
            kept = json.loads(files.clock.read_text()) if files.clock.exists() else {"seconds_ahead": 0}
            return DemoClock(timedelta(seconds=kept["seconds_ahead"]))
        start = history.first_morning(machine_clock())
        await database.write(history.fill, start)
        clock = DemoClock(start - machine_clock())
        keep(files, clock)
        return clock
    finally:
        await database.close()


def keep(files: Files, clock: DemoClock) -> None:
    """Remember how far the clock is ahead."""
    files.clock.write_text(json.dumps({"seconds_ahead": clock.offset.total_seconds()}))


class ClockPanel:
    """The clock in the page's top bar: what time it is in the demo, what is next, and the jump there."""

    def __init__(self, files: Files, clock: DemoClock) -> None:
        self._files = files
        self._clock = clock
        self.sandbox: Sandbox | None = None
        self.running: Running | None = None

    def addon(self) -> Addon:
        """For the sandbox's page."""
        return Addon(SCRIPT, [web.get("/clock", self.show), web.post("/clock/jump", self.jump)])

    async def show(self, _request: web.Request) -> web.Response:
        """What time it is and what is next."""
        return web.json_response(await self._told(self._clock()))

    async def jump(self, _request: web.Request) -> web.Response:
        """Move to the next thing due and let it happen."""
        now = self._clock()
        following = await self._next(now)
        if self.running is not None and following is not None:
            self._clock.jump_to(datetime.fromisoformat(following["at"]))
            keep(self._files, self._clock)
            await self.running.scheduler.tick()
            while await self.running.delivery.drain():
                pass
        if self.sandbox is not None:
            self.sandbox.tell_now()
            await colleagues.answer(self.sandbox)
        return web.json_response(await self._told(self._clock()) | {"happened": following})

    async def _told(self, now: datetime) -> dict[str, object]:
        return {"now": now.isoformat(), "next": await self._next(now)}

    async def _next(self, now: datetime) -> dict[str, str] | None:
        return None if self.running is None else await self.running.deps.database.read(upcoming, now)


def upcoming(tx: Session, now: datetime) -> dict[str, str] | None:
    """The next instant at which something is due, and what in words."""
    due = occurrences.upcoming(tx, now)
    if not due:
        return None
    names = _names(tx, due)
    does = []
    for slot, words in DOES.items():
        named = sorted({names.get(one.subject, "") for one in due if one.slot == slot})
        if named:
            does.append(words.format(names=", ".join(named)))
    return {"at": due[0].due_at.isoformat(), "what": "; ".join(does)}


def _names(tx: Session, due: list[Occurrence]) -> dict[object, str]:
    everybody = people.everybody(tx, due[0].workspace)
    names: dict[object, str] = {person.id: person.given_name for person in everybody.values()}
    return names | {team.id: team.name for team in people.teams(tx, due[0].workspace)}


async def play(port: int, folder: Path, *, fresh: bool, http: bool = False) -> None:
    """Run the demo until Ctrl-C, by Socket Mode or over signed HTTP; raises PortTaken."""
    files = Files(folder)
    if fresh:
        files.forget()
    clock = await prepare(files)
    panel = ClockPanel(files, clock)
    http_port = free_port() if http else None
    request_url = f"http://127.0.0.1:{http_port}/slack/events" if http else None
    sandbox = Sandbox(seed(request_url), port=port, state_path=files.slack, clock=clock, addons=[panel.addon()])
    async with stop_signal() as stopping, AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(sandbox)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortTaken("127.0.0.1", port) from error
            raise
        panel.sandbox = sandbox
        panel.running = await stack.enter_async_context(running(settings(sandbox, files, http_port), clock))
        click.echo(WELCOME.format(url=sandbox.url))
        await stopping.wait()


WELCOME = """
  Cadence is running in a make-believe company. Open

      {url}/#/as/U0ANA

  You are Ana, a rep in Berlin, a minute before the first prompt. Press "Jump" in the top bar, then:
    1. Ana's DM with Cadence asks for her plan: press "Write plan", then "Submit".
    2. Act as Dana, her manager (top left), press "Jump" until her huddle card is there: agree, redirect.
    3. Act as Ana again: accept the redirect. Then look at #emea-huddle after the last jump.
    4. As Dana, jump until 14:00, when the agenda of today's weekly is in her DM: make the theme, give it an action,
       write down what you decided and what must be decided, and press "Close".

  Everything is kept in .demo until you start with `make demo ARGS=--fresh`. Ctrl-C ends it.
"""
