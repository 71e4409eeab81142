"""`python -m tests.proposals`: how often the proposed KPI is right, against simpler ways, on lines nobody tuned on."""

import sys
from collections.abc import Sequence
from time import thread_time
from uuid import UUID, uuid5

from rituals.proposals import learn, propose_kpi
from tests.proposals.lines import HALVES, Half, read
from tests.proposals.replay import Fate, Tally, accuracy, replay, shuffled
from tests.proposals.rivals import baseline, cadence, most_frequent

HEAD = ("half", "what", "lines", *Fate, "accuracy", "first day", "later", "presses a plan")
KPIS, DAYS, LINES, ROUNDS = 30, 60, 5, 50
MOST_MS = 10
"""What a plan of five lines may take at most, at the median, against 30 KPIs and 60 days of five lines."""


def tallies(half: Half) -> dict[str, Tally]:
    """The proposal, its rivals, and the negative control."""
    return {
        "Cadence": replay(half, cadence),
        "baseline": replay(half, baseline),
        "most frequent KPI": replay(half, most_frequent),
        "Cadence, KPIs shuffled": replay(shuffled(half), cadence),
    }


def sound(counted: dict[str, Tally]) -> bool:
    """Whether the proposal beats its rivals and the control collapses: half of it and no better than a habit."""
    score = {name: accuracy(tally.all) for name, tally in counted.items()}
    ours, control = score["Cadence"], score["Cadence, KPIs shuffled"]
    return ours > max(score["baseline"], score["most frequent KPI"]) and control < ours / 2


def _cells(half: str, name: str, tally: Tally) -> tuple[str, ...]:
    fates = tally.all
    shares = (accuracy(fates), accuracy(tally.first), accuracy(tally.later))
    counts = (fates.total(), *(fates[fate] for fate in Fate))
    return (half, name, *map(str, counts), *(f"{share:.1%}" for share in shares), f"{tally.presses:.2f}")


def _table(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def milliseconds() -> tuple[float, float]:
    """Processor time that a large plan takes: when no word of it was read before, and the median of many."""
    half = read(HALVES[0])
    said = half.lines
    names = [name for kpis in half.kpis.values() for name in kpis.values()]
    ids = [uuid5(UUID(int=0), str(number)) for number in range(KPIS)]
    kpis = {kpi: f"{names[number % len(names)]} {number}" for number, kpi in enumerate(ids)}
    past = [(ids[number % KPIS], f"{said[number % len(said)].text} {number}") for number in range(DAYS * LINES)]
    taken = []
    for number in range(ROUNDS):
        started = thread_time()
        learned = learn(kpis, past)
        for line in said[number : number + LINES]:
            propose_kpi(line.text, learned)
        taken.append((thread_time() - started) * 1000)
    return taken[0], sorted(taken)[ROUNDS // 2]


def main() -> int:
    """Print the table; 1 when a rival is better, the control does not collapse, or it takes too long."""
    table: list[Sequence[str]] = [HEAD]
    fine = True
    for name in HALVES:
        counted = tallies(read(name))
        table += [_cells(name, what, tally) for what, tally in counted.items()]
        fine = fine and sound(counted)
    first, usual = milliseconds()
    sys.stdout.write(f"{_table(table)}\n")
    size = f"{LINES} lines, {KPIS} KPIs, {DAYS} days of history"
    sys.stdout.write(f"{size}: {usual:.1f} ms of processor, {first:.1f} ms at first\n")
    return 0 if fine and usual < MOST_MS else 1


if __name__ == "__main__":
    sys.exit(main())
