"""`python -m tests.themes`: how good the proposed themes are, against simpler ways, on blockers nobody tuned on."""

import sys
from time import thread_time

from rituals.recurring import MOST_CASES, Case, propose
from tests.themes.blockers import HALVES, read
from tests.themes.measure import Score, measured
from tests.themes.rivals import RIVALS, cadence, rival

ROUNDS = 5


def table() -> dict[tuple[str, str], Score]:
    """Every way on each half."""
    ways = {"Cadence": cadence} | {name: rival(name) for name in RIVALS}
    return {(half, name): measured(half, find) for half in HALVES for name, find in ways.items()}


def milliseconds() -> float:
    """Processor time of the largest search, at the median: as many blockers as are ever compared."""
    said = [one for half in HALVES for company in read(half) for one in company]
    cases = [Case(one.id, one.case.said) for one in said][:MOST_CASES]
    taken = []
    for _ in range(ROUNDS):
        started = thread_time()
        propose(cases, {})
        taken.append((thread_time() - started) * 1000)
    return sorted(taken)[ROUNDS // 2]


def main() -> int:
    """Print precision and recall of pairs."""
    sys.stdout.write(f"{'half':10}{'way':27}{'pairs':>6}{'proposed':>10}{'precision':>11}{'recall':>8}\n")
    for (half, name), found in table().items():
        figures = f"{found.true:>6}{found.proposed:>10}{found.precision:>11.0%}{found.recall:>8.0%}"
        sys.stdout.write(f"{half:10}{name:27}{figures}\n")
    sys.stdout.write(f"{MOST_CASES} blockers at once: {milliseconds():.0f} ms of processor\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
