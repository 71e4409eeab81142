"""Settings: every problem at once, each with what to do, and no secret among them."""

from typing import Any

import pytest
from pydantic import SecretStr

from bot.settings import SLACK_API, Settings, StorageSettings

GOOD: dict[str, Any] = {
    "database_url": "sqlite:///cadence.db",
    "slack_bot_token": SecretStr("xoxb-good"),
    "slack_app_token": SecretStr("xapp-good"),
    "slack_signing_secret": SecretStr(""),
    "slack_api_url": SLACK_API,
}


def problems(**facts: Any) -> list[str]:
    hidden = {
        name: SecretStr(value) if name.startswith("slack_") and name != "slack_api_url" else value
        for name, value in facts.items()
    }
    return Settings(**(GOOD | hidden)).problems()


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"slack_app_token": "", "slack_signing_secret": "s3cret"},
        {"slack_api_url": "http://127.0.0.1:8137/api/"},
        {"database_url": "sqlite:////var/lib/cadence.db"},
        {"database_url": "postgres://u:p@h:5432/d"},
        {"database_url": "postgresql://u@h/d?sslmode=require"},
        {"database_url": "postgresql+psycopg:///d?host=/run/postgresql"},
    ],
)
def test_with_good_settings_there_is_no_problem(facts: dict[str, str]) -> None:
    assert problems(**facts) == []


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        ("SLACK_BOT_TOKEN is missing", {"slack_bot_token": ""}),
        ("SLACK_BOT_TOKEN is not a bot token", {"slack_bot_token": "xoxp-hunter2"}),
        ("Set SLACK_APP_TOKEN", {"slack_app_token": ""}),
        ("SLACK_APP_TOKEN is not an app-level token", {"slack_app_token": "xoxb-hunter2"}),
        ("SLACK_API_URL is not a web address", {"slack_api_url": "slack.com/hunter2"}),
        *[
            ("DATABASE_URL is not an address that I know", {"database_url": url})
            for url in (
                "hunter2",
                "mysql://u:hunter2@h/d",
                "postgresql://u:hunter2@h:port/d",
                "postgresql+asyncpg://u:hunter2@h/d",
                "postgresql+psycopg2://u:hunter2@h/d",
                "sqlite+aiosqlite:///hunter2.db",
                "sqlite://hunter2.db",
            )
        ],
    ],
)
def test_a_bad_setting_is_one_sentence_that_does_not_repeat_it(expected: str, facts: dict[str, str]) -> None:
    (problem,) = problems(**facts)

    assert problem.startswith(expected)
    assert "hunter2" not in problem


def test_every_problem_is_told_at_once() -> None:
    bad = {"database_url": "x", "slack_bot_token": "x", "slack_app_token": "x", "slack_api_url": "x"}

    named = [problem.split()[0] for problem in problems(**bad)]
    assert named == ["DATABASE_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL"]


def test_migrating_needs_a_database_and_nothing_else() -> None:
    assert StorageSettings(database_url="sqlite:///cadence.db").problems() == []
    assert len(StorageSettings(database_url="x").problems()) == 1


def test_settings_that_are_shown_hide_their_secrets() -> None:
    secrets = {name: SecretStr("hunter2") for name in GOOD if name.startswith("slack_") and name != "slack_api_url"}

    assert "hunter2" not in repr(Settings(**(GOOD | secrets)))
