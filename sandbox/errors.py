"""Refusals, by the names that Slack gives them."""

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A Web API refusal: `error` is Slack's name, `messages` go into `response_metadata`."""

    def __init__(self, error: str, messages: list[str] | None = None, *, status: int = 200, **extra: object) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages or []
        self.status = status
        self.extra = extra

    def body(self) -> Json:
        """Return the JSON that the caller receives."""
        body: Json = {"ok": False, "error": self.error, **self.extra}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {text}" for text in self.messages]}
        return body
