"""The `cadence` command."""

import asyncio
import logging
import sys
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

import click

from bot import doctor as checkup
from bot import preview as foreseeing
from bot import rights as rights_table
from bot import run as running
from bot import simulate as simulation
from bot.app import RITUALS
from bot.clock import SharedClock, machine_clock
from bot.decisions import exporting
from bot.demo import DEFAULT_PORT, play
from bot.errors import sentence
from bot.people import admins
from bot.people.admins import NotOne
from bot.run import AppTokenRefused, NeedsPostgres
from bot.scheduler import look_back
from bot.settings import BadSettings, Settings, StorageSettings, load
from bot.slack import Fault, Refused
from bot.web import PortTaken
from rituals.refusals import Refusal
from storage.database import Ahead, Behind, Database, Unreachable

BAD_SETTINGS = 2
FAILED = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="cadence-rituals", message="%(package)s %(version)s")
@click.option("-v", "--verbose", is_flag=True, help="Log what happens, not only what goes wrong.")
def cadence(verbose: bool) -> None:
    """Run a sales organisation's execution rituals in Slack.

    Settings come from the environment or a .env file: DATABASE_URL, SLACK_BOT_TOKEN, and SLACK_APP_TOKEN
    (Socket Mode) or SLACK_SIGNING_SECRET (HTTP). To look around without a Slack account: cadence demo.
    """
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # At INFO this one logs the body of every request whose signature is wrong.
    logging.getLogger("bolt").setLevel(logging.WARNING)


@cadence.command()
@click.option(
    "--port",
    default=DEFAULT_PORT,
    type=click.IntRange(0, 65535),
    show_default=True,
    help="Where the demo's page is served.",
)
@click.option("--fresh", is_flag=True, help="Forget the last demo and start the morning again.")
@click.option(
    "--folder", default=".demo", show_default=True, type=click.Path(path_type=Path), help="Where its state is kept."
)
@click.option("--http", is_flag=True, help="Let Slack's stand-in call Cadence over signed HTTP, not Socket Mode.")
def demo(port: int, fresh: bool, folder: Path, http: bool) -> None:
    """Live one morning: a local stand-in for Slack in your browser, a company, and Cadence."""
    asyncio.run(play(port, folder, fresh=fresh, http=http))


@cadence.command()
def run() -> None:
    """Run everything in one process: Slack, the scheduler and delivery."""
    asyncio.run(running.run(load(Settings)))


@cadence.command()
def web() -> None:
    """Answer Slack over HTTP, on HOST and PORT; as many of these as you like, on PostgreSQL."""
    asyncio.run(running.web(load(Settings)))


@cadence.command()
def worker() -> None:
    """Plan and deliver; as many of these as you like, on PostgreSQL."""
    asyncio.run(running.worker(load(Settings)))


@cadence.command()
def migrate() -> None:
    """Bring the database to this version's tables, from empty or from any earlier version."""
    database = Database(load(StorageSettings).database_url)
    database.migrate()
    click.echo("The database is up to date.")


@cadence.command()
def restored() -> None:
    """Say that the database was put back from a backup: what went out since is looked for, not sent again.

    Run it once after putting the backup back, before anything else is started.
    """

    async def look() -> int:
        database = Database(load(StorageSettings).database_url)
        try:
            await asyncio.to_thread(database.check)
            return await look_back(database, RITUALS, machine_clock(), SharedClock())
        finally:
            await database.close()

    click.echo(f"{asyncio.run(look())} unsent messages will be looked for in their DMs before they are sent.")


@cadence.command()
def doctor() -> None:
    """Look for what is wrong with this installation; exit code 1 when something is."""
    settings = load(Settings)

    async def report() -> bool:
        well = True
        async for finding in checkup.examine(settings):
            well = well and not finding.mend
            click.echo(f"{'✗' if finding.mend else '✓'} {finding.what}" + (f" {finding.mend}" if finding.mend else ""))
        return well

    if not asyncio.run(report()):
        sys.exit(FAILED)


@cadence.command()
@click.argument("days", default=7, type=click.IntRange(1, 366))
@click.option("--person", help="Only who is called so, or has this in their name.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
def preview(days: int, person: str | None, as_json: bool) -> None:
    """Show every message due in the coming DAYS (7), per person in their local time, and why some are not sent.

    Nothing is sent and nothing is written. Exit code 1 when nobody is called as --person says.
    """
    found = asyncio.run(foreseeing.look(load(StorageSettings).database_url, machine_clock(), days))
    chosen = foreseeing.about(found, person)
    if person is not None and found and not chosen:
        click.echo(f"Nothing is due for anybody called {person!r} in that time.", err=True)
        sys.exit(FAILED)
    click.echo(foreseeing.as_json(chosen) if as_json else foreseeing.as_table(chosen, days))


@cadence.command()
@click.option("--people", required=True, type=click.IntRange(1, 1_000_000), help="How many are asked.")
@click.option(
    "--zones",
    required=True,
    metavar="ZONE[:SHARE],…",
    help="Where they live, and in which proportion: Europe/Berlin:3,America/New_York:1.",
)
@click.option("--at", default="08:30", show_default=True, metavar="HH:MM", help="When, on the clock of each.")
@click.option(
    "--rate", default=300.0, show_default=True, type=click.FloatRange(min=1), help="Messages a minute that Slack takes."
)
@click.option("--burst", type=click.FloatRange(min=1), help="How many at once after a rest [default: one minute's].")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="On which date; zones shift [default: today].")
def simulate(people: int, zones: str, at: str, rate: float, burst: float | None, day: datetime | None) -> None:
    """Show how long asking everybody takes at Slack's pace, who would be late, and the lead that avoids it.

    A simulation in virtual time: no database, no Slack. Late is more than 60 s after the minute. The lead goes into
    lead_minutes of the huddle, and is proven by simulating again with it.
    """
    try:
        wall, shares = time.fromisoformat(at), simulation.parse_zones(zones)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    on = machine_clock().date() if day is None else day.date()
    crowd = simulation.Crowd(people, shares, wall, on)
    click.echo("\n".join(simulation.report(crowd, simulation.Limits(rate, rate if burst is None else burst))))


@cadence.command()
def rights() -> None:
    """Show who may do what, as a Markdown table (docs/rights.md)."""
    click.echo(rights_table.table())


@cadence.group()
def admin() -> None:
    """Say who may look after people, teams and roles in Slack: the first admin is made here."""


@admin.command("add")
@click.argument("who")
def admin_add(who: str) -> None:
    """Make WHO an admin: a Slack member ID (U0123ABCD, in their Slack profile), or a name as it stands in Slack."""
    _decide(who, admins.add)


@admin.command("remove")
@click.argument("who")
def admin_remove(who: str) -> None:
    """Take the role back from WHO; the last admin stays one."""
    _decide(who, admins.remove)


def _decide(who: str, decide: admins.Decide) -> None:
    try:
        click.echo(asyncio.run(admins.decided(load(Settings), who, decide)))
    except NotOne as unclear:
        raise click.ClickException(unclear.sentence()) from unclear
    except Refusal as refusal:
        raise click.ClickException(sentence(refusal)) from refusal


@admin.command("list")
def admin_list() -> None:
    """Show every admin."""
    click.echo(asyncio.run(admins.everywhere(load(StorageSettings).database_url)))


@cadence.group()
def decide() -> None:
    """Keep decision memos outside Slack."""


@decide.command("export")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
def decide_export(directory: Path) -> None:
    """Write every decision into DIRECTORY, one Markdown file a record; drafts and restricted ones, too."""
    written = asyncio.run(exporting.everything(load(StorageSettings).database_url, directory, machine_clock()))
    click.echo(f"{written} records.")


def explain(error: Exception) -> tuple[str, int] | None:
    """The sentence and exit code for a failure that an operator can mend; None for any other."""
    words: str
    match error:
        case BadSettings():
            return "\n".join(["Cadence can't start:", *(f"  - {problem}" for problem in error.problems)]), BAD_SETTINGS
        case Unreachable():
            words = f"The database at {error.url} does not answer ({error.why}). Start it, or mend DATABASE_URL."
        case Behind():
            words = "The database is older than this program. Run `cadence migrate`, then start again."
        case Ahead():
            words = "The database is newer than this program. Install the version that migrated it, or a newer one."
        case PortTaken():
            words = f"Port {error.port} is taken. End what runs there, or choose another."
        case NeedsPostgres():
            words = "Several processes need PostgreSQL. Set DATABASE_URL to one, or use `cadence run` with SQLite."
        case AppTokenRefused():
            words = f"Slack refused SLACK_APP_TOKEN ({error.why}). Copy it again from your Slack app's page."
        case Refused(fault=Fault.DEAD):
            words = f"Slack refused SLACK_BOT_TOKEN ({error.why}). Copy it again from your Slack app's page."
        case Refused():
            words = f"Slack did not let us start ({error.why}). `cadence doctor` looks for the reason."
        case _:
            return None
    return words, FAILED


def main(command: Callable[[], object] = cadence) -> None:
    """Run the command; a failure that an operator can mend is a sentence, never a traceback."""
    try:
        command()
    except Exception as error:
        told = explain(error)
        if told is None:
            raise
        click.echo(told[0], err=True)
        sys.exit(told[1])
