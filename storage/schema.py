"""The database's schema, kept by Alembic: bring it to head, or ask whether it is there."""

from functools import cache
from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def config(url: str) -> Config:
    """Return Alembic's configuration for the database at `url`."""
    settings = Config()
    settings.set_main_option("script_location", str(files("migrations")))
    settings.attributes["url"] = url
    return settings


def upgrade(url: str) -> None:
    """Bring the database to the newest revision, from empty or from any earlier one."""
    command.upgrade(config(url), "head")


def is_current(connection: Connection) -> bool:
    """Whether the connected database is at the newest revision that this build knows."""
    return _revision(connection) == _revisions()[0]


def is_known(connection: Connection) -> bool:
    """Whether this build knows the revision of the connected database; an empty one counts."""
    return _revision(connection) in {None, *_revisions()}


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@cache
def _revisions() -> tuple[str, ...]:
    """What this build knows, the newest first; a build does not change while it runs."""
    scripts = ScriptDirectory.from_config(config(""))
    return tuple(script.revision for script in scripts.walk_revisions())
