"""The database's schema, kept by Alembic: bring it to head, or ask whether it is there."""

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
    head = ScriptDirectory.from_config(config("")).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
