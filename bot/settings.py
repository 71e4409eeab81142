"""Settings from the environment and `.env`. A wrong or missing one is told together with all the others."""

from typing import TypeVar

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from storage.database import sqlalchemy_url

DEFAULT_DATABASE = "sqlite:///cadence.db"
SLACK_API = "https://slack.com/api/"
SQLITE = {"sqlite", "sqlite+pysqlite"}
POSTGRES = {"postgresql+psycopg"}


class BadSettings(Exception):  # noqa: N818 - reads as the state it names
    """Every problem, a sentence each; no secret among them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.problems = problems


class StorageSettings(BaseSettings):
    """What every command needs."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    database_url: str = DEFAULT_DATABASE

    def problems(self) -> list[str]:
        """What is wrong, each with what to do about it; empty when all is well."""
        try:
            url = make_url(sqlalchemy_url(self.database_url))
        except (ArgumentError, ValueError):  # the latter for a port that is no number
            url = None
        if url is not None and (url.drivername in POSTGRES or (url.drivername in SQLITE and not url.host)):
            return []
        return ["DATABASE_URL is not an address that I know. Use sqlite:///cadence.db or postgresql://user@host/name."]


class Settings(StorageSettings):
    """What it takes to talk to Slack."""

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = SLACK_API
    host: str = "127.0.0.1"
    port: int = 3000

    def problems(self) -> list[str]:
        """What is wrong, each with what to do about it; empty when all is well."""
        found = super().problems()
        bot, app = self.slack_bot_token.get_secret_value(), self.slack_app_token.get_secret_value()
        if not bot:
            found.append("SLACK_BOT_TOKEN is missing. Copy it from your Slack app's page, OAuth & Permissions.")
        elif not bot.startswith("xoxb-"):
            found.append("SLACK_BOT_TOKEN is not a bot token: those start with xoxb-.")
        if not app and not self.slack_signing_secret.get_secret_value():
            found.append("Set SLACK_APP_TOKEN (Socket Mode; no public address needed) or SLACK_SIGNING_SECRET (HTTP).")
        if app and not app.startswith("xapp-"):
            found.append("SLACK_APP_TOKEN is not an app-level token: those start with xapp-.")
        if not self.slack_api_url.startswith(("http://", "https://")):
            found.append(f"SLACK_API_URL is not a web address. Leave it out to use {SLACK_API}")
        return found


S = TypeVar("S", bound=StorageSettings)


def load(kind: type[S]) -> S:
    """Read settings of `kind` from the environment and `.env`; raises BadSettings with every problem listed."""
    settings = kind()
    problems = settings.problems()
    if problems:
        raise BadSettings(problems)
    return settings
