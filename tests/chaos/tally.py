"""Adds up what the chaos tests wrote down: `python -m tests.chaos.tally FILE` prints the figures, then one line."""

import json
import sys
from pathlib import Path


def main(path: Path) -> int:
    """Return 1 when anything was lost or doubled, or nothing at all was tried."""
    told = [json.loads(line) for line in path.read_text().splitlines()]
    for line in told:
        if isinstance(line, str):
            sys.stdout.write(line + "\n")
    counts = [line for line in told if isinstance(line, list)]
    due, sent, lost, doubled = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0, 0)
    sys.stdout.write(f"{due} due, {sent} sent, {lost} lost, {doubled} doubled\n")
    return int(not told or bool(lost or doubled))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
