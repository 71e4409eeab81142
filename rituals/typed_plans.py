"""A plan typed as one message: `plan: call Acme; demo Beta / blocked: legal` (F4)."""

import re
from dataclasses import dataclass

# What Slack leaves of bold and italics may stand around the words that we look for.
_MARKS = r"[*_~]*"
_PLAN = re.compile(rf"\s*{_MARKS}plan\b(?P<day>[^:\n]{{0,40}}):{_MARKS}(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_BLOCKED = re.compile(rf"(?:^|[/\n])\s*{_MARKS}(?:blocked|stuck)(?:\s+(?:on|by))?\s*:{_MARKS}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed: the day as it was written ("" for today), results one a line, and what stops them.

    `stuck` is None where nothing was said of it, which leaves what was said before.
    """

    day: str
    today: str
    stuck: str | None


def read(text: str) -> Typed | None:
    """Read a message as a plan; None when it does not begin with "plan:", with a day before the colon at most.

    Results end at a semicolon or a line's end. What follows "blocked:" or "stuck:" behind a slash, or on a line of its
    own, is what stops them.
    """
    match = _PLAN.match(text)
    if match is None:
        return None
    results, *stuck = _BLOCKED.split(match["rest"], maxsplit=1)
    lines = [part.strip() for part in re.split(r"[;\n]", results)]
    said = " ".join(stuck[0].split()) if stuck else None
    day = match["day"].strip(" *_~").removeprefix("for ")
    return Typed(day, "\n".join(line for line in lines if line), said)
