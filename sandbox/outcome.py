"""What came of something a person did."""

from dataclasses import dataclass, field

from sandbox.delivery import Answer
from sandbox.errors import Json

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Outcome:
    """Whether the app acked in time; `text` is what the person reads when it did not.

    `errors` are field errors of a modal by block id; `response` is the payload of the ack.
    """

    ok: bool
    error: str | None = None
    text: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    response: Json | None = None
    ts: str | None = None

    def body(self) -> Json:
        """Return what the page receives."""
        shown: Json = {"ok": self.ok}
        for name in ("error", "text", "errors", "ts"):
            value = getattr(self, name)
            if value:
                shown[name] = value
        return shown


def refused(error: str, text: str) -> Outcome:
    """Return an outcome that never reached the app."""
    return Outcome(ok=False, error=error, text=text)


def command_failed(command: str, answer: Answer) -> Outcome:
    """Return what Slack says of a command that was not acked."""
    return Outcome(ok=False, error=answer.error, text=f'{command} failed with the error "{answer.error}"')


def press_failed(answer: Answer) -> Outcome:
    """Return what Slack says of a press that was not acked."""
    text = "This app did not respond." if answer.error == "operation_timeout" else "This app could not be reached."
    return Outcome(ok=False, error=answer.error, text=text)


def trouble_connecting(response: Json | None = None) -> Outcome:
    """Return what Slack says of a submit that failed; the modal stays."""
    return Outcome(ok=False, error="trouble_connecting", text=TROUBLE, response=response)
