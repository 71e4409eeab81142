"""The table of rights as people read it, made from the rows that decide (F98)."""

from rituals.policy import RIGHTS, Right

HEAD = """# Who may do what

Made by `cadence rights` from `rituals/policy.py`, which every command, button and form asks. Nobody may do anything in
another workspace, and nobody who has left may do anything. While somebody above is away, their deputy counts as above.

| What | Who may |
| --- | --- |"""


def table() -> str:
    """Every action with who may do it, as Markdown."""
    lines = [f"| {action.capitalize()} | {_words(right)} |" for action, right in RIGHTS.items()]
    return "\n".join([HEAD, *lines])


def _words(right: Right) -> str:
    words = ", ".join(right.may)
    return f"{words}; never {', '.join(right.never)}" if right.never else words
