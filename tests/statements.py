"""Statements that are compiled once a process: each test has engines of its own, which would compile them all again."""

from typing import Any

from sqlalchemy import URL, Engine
from sqlalchemy.dialects import plugins
from sqlalchemy.engine import CreateEnginePlugin

NAME = "cadence.statements"


class Compiled(dict[Any, Any]):
    """What SQLAlchemy keeps by (dialect, statement, …). Each engine has a dialect of its own, like any of its kind."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


class SharedStatements(CreateEnginePlugin):
    """Named in a database's address, has its engine use what others compiled."""

    compiled = Compiled()

    def update_url(self, url: URL) -> URL:
        return url

    def engine_created(self, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=self.compiled)


plugins.register(NAME, __name__, SharedStatements.__name__)


def shared(url: str) -> str:
    """The same address, with the plugin."""
    return f"{url}{'&' if '?' in url else '?'}plugin={NAME}"
