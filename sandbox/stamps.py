"""Message time stamps and random identifiers."""

import random
import string
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
_MICROS = 1_000_000
_ALPHABET = string.ascii_uppercase + string.digits


def system_clock() -> datetime:
    """Return the machine's time, in UTC."""
    return datetime.fromtimestamp(time.time(), UTC)


def epoch(moment: datetime) -> float:
    """Return seconds since 1970."""
    return moment.timestamp()


def stamp(moment: datetime, after: str | None = None) -> str:
    """Return a `ts` for this moment that is larger than `after`, even when the clock stood or went back."""
    micros = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    if after is not None:
        micros = max(micros, _to_micros(after) + 1)
    return f"{micros // _MICROS}.{micros % _MICROS:06d}"


def is_stamp(text: str) -> bool:
    """Tell whether text looks like a `ts`."""
    seconds, dot, micros = text.partition(".")
    return bool(dot) and seconds.isdigit() and micros.isdigit() and len(micros) == len("123456")


def _to_micros(ts: str) -> int:
    seconds, _, micros = ts.partition(".")
    return int(seconds) * _MICROS + int(micros)


class Identifiers:
    """Random identifiers in Slack's style, repeatable for one seed."""

    def __init__(self, seed: int | None = None) -> None:
        self.random = random.Random(seed)  # noqa: S311  identifiers of a sandbox are no secrets

    def new(self, prefix: str, length: int = 10) -> str:
        """Return something like `V0A1B2C3D4E`."""
        return prefix + "".join(self.random.choices(_ALPHABET, k=length))

    def short(self) -> str:
        """Return five characters, as generated block and action ids have."""
        return "".join(self.random.choices(string.ascii_letters + string.digits, k=5))

    def digits(self, length: int) -> str:
        """Return a run of digits that does not start with zero."""
        return str(self.random.randrange(10 ** (length - 1), 10**length))

    def hexadecimal(self, length: int) -> str:
        """Return lower-case hexadecimal."""
        return f"{self.random.getrandbits(4 * length):0{length}x}"
