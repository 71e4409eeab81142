"""The registry of KPIs: caps with their way out, leading and lagging links, and the tree from objective to share."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from rituals.kpis import Colour, Function, Kpi, Link, Objective, Paid, Reading, Share, badness, colour
from rituals.people import Person, Role
from rituals.refusals import Refusal

MOST_OF_FUNCTION = 5
"""KPIs that a function may have for one objective (M2, F47)."""
MOST_OF_TEAM = 10
"""KPIs that a team may have; the tenth is stored with a warning (M3, F48)."""
LONGEST_NAME = 75
LONGEST_UNIT = 16


class FunctionFull(Refusal):
    """A sixth KPI of one function for one objective: one of `kpis` must be retired first (F47)."""

    def __init__(self, objective: Objective, function: Function, kpis: Sequence[Kpi]) -> None:
        super().__init__(objective.id, function.id)
        self.objective = objective
        self.function = function
        self.kpis = kpis


class TeamFull(Refusal):
    """An eleventh KPI of a team: one of `kpis` must be retired first (F48)."""

    def __init__(self, team_name: str, kpis: Sequence[Kpi]) -> None:
        super().__init__(team_name)
        self.team_name = team_name
        self.kpis = kpis


class NameTaken(Refusal):
    """Another KPI, objective or function of that place has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class StillUsed(Refusal):
    """An objective or function can't be closed while KPIs stand under it."""

    def __init__(self, name: str, kpis: Sequence[Kpi]) -> None:
        super().__init__(name)
        self.name = name
        self.kpis = kpis


class Retired(Refusal):
    """This KPI is retired: nothing is filed for it any more."""

    def __init__(self, kpi: Kpi) -> None:
        super().__init__(kpi.id)
        self.kpi = kpi


class LinkLoops(Refusal):
    """`leading` can't lead `lagging`: it would, by way of others, lead itself."""

    def __init__(self, leading: Kpi, lagging: Kpi) -> None:
        super().__init__(leading.id, lagging.id)
        self.leading = leading
        self.lagging = lagging


class PercentUnclear(Refusal):
    """A share is more than 0 and at most 100 percent."""


def check_room(kpi: Kpi, objective: Objective, function: Function, team_name: str, active: Collection[Kpi]) -> bool:
    """Whether `kpi` is the last that its team has room for; raises FunctionFull, TeamFull or NameTaken (F47, F48).

    `active` are the workspace's KPIs that are not retired, itself left out.
    """
    if any(_alike(kpi.name, one.name) and one.team_id == kpi.team_id for one in active):
        raise NameTaken(kpi.name)
    same = [one for one in active if (one.objective_id, one.function_id) == (kpi.objective_id, kpi.function_id)]
    if len(same) >= MOST_OF_FUNCTION:
        raise FunctionFull(objective, function, by_number(same))
    team = [one for one in active if one.team_id is not None and one.team_id == kpi.team_id]
    if len(team) >= MOST_OF_TEAM:
        raise TeamFull(team_name, by_number(team))
    return kpi.team_id is not None and len(team) == MOST_OF_TEAM - 1


def _alike(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def check_name(name: str, others: Iterable[str]) -> str:
    """A name without spaces around it; raises NameTaken when one of `others` is the same but for case."""
    tidy = " ".join(name.split())
    if any(_alike(tidy, other) for other in others):
        raise NameTaken(tidy)
    return tidy


def by_number(kpis: Iterable[Kpi]) -> list[Kpi]:
    """KPIs in the order of their numbers."""
    return sorted(kpis, key=lambda kpi: kpi.number)


def check_link(leading: Kpi, lagging: Kpi, links: Iterable[Link]) -> None:
    """Raise LinkLoops when `lagging` already leads `leading`, itself or by way of others (M4)."""
    leads: dict[UUID, list[UUID]] = {}
    for link in links:
        leads.setdefault(link.leading_id, []).append(link.lagging_id)
    reached, ahead = set(), [lagging.id]
    while ahead:
        at = ahead.pop()
        if at == leading.id:
            raise LinkLoops(leading, lagging)
        if at not in reached:
            reached.add(at)
            ahead += leads.get(at, ())


def warnings(readings: Mapping[UUID, Reading], links: Iterable[Link]) -> Mapping[UUID, Sequence[Reading]]:
    """Which red leading KPIs each lagging one must be told of, by the lagging one's id, worst first (F63, M4)."""
    found: dict[UUID, list[Reading]] = {}
    for link in links:
        leading = readings.get(link.leading_id)
        if leading is not None and leading.kpi.retired_on is None and colour(leading) is Colour.RED:
            found.setdefault(link.lagging_id, []).append(leading)
    return {lagging: sorted(reds, key=badness) for lagging, reds in found.items()}


@dataclass(frozen=True, slots=True)
class Branch:
    """One function's part in an objective: its KPIs, worst first, each with who has a share in it."""

    function: Function
    readings: Sequence[tuple[Reading, Sequence[tuple[Share, Person]]]]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A share that its person's pay does not follow, or works against (F136)."""

    kpi: Kpi
    share: Share
    person: Person


@dataclass(frozen=True, slots=True)
class Tree:
    """Company objective → function → KPI → share, and what is missing in it (F124, F136)."""

    objectives: Sequence[tuple[Objective, Sequence[Branch], Sequence[Function]]]
    without_share: Sequence[Person]
    mismatches: Sequence[Mismatch]


def tree(
    objectives: Iterable[Objective],
    functions: Sequence[Function],
    readings: Iterable[Reading],
    shares: Iterable[Share],
    people: Mapping[UUID, Person],
) -> Tree:
    """Grow the tree from what is open: each objective with its functions and those that have no KPI for it (F124).

    Whoever has no share in any KPI is named, leaders included; observers are never counted (F92).
    """
    standing = {reading.kpi.id: reading for reading in readings if reading.kpi.retired_on is None}
    held: dict[UUID, list[tuple[Share, Person]]] = {}
    for share in shares:
        person = people.get(share.person_id)
        if share.ended_on is None and share.kpi_id in standing and person is not None and person.active:
            held.setdefault(share.kpi_id, []).append((share, person))
    grown = []
    for objective in objectives:
        branches, bare = [], []
        for function in functions:
            mine = [
                r for r in standing.values() if (r.kpi.objective_id, r.kpi.function_id) == (objective.id, function.id)
            ]
            if mine:
                rows = [(one, _by_name(held.get(one.kpi.id, ()))) for one in sorted(mine, key=badness)]
                branches.append(Branch(function, rows))
            else:
                bare.append(function)
        grown.append((objective, branches, bare))
    sharing = {person.id for rows in held.values() for _, person in rows}
    counted = (p for p in people.values() if p.active and p.role is not Role.OBSERVER and p.id not in sharing)
    mismatches = [
        Mismatch(standing[kpi_id].kpi, share, person)
        for kpi_id, rows in held.items()
        for share, person in rows
        if share.paid is not Paid.YES
    ]
    mismatches.sort(key=lambda one: (one.kpi.number, one.person.name))
    return Tree(grown, sorted(counted, key=lambda person: person.name), mismatches)


def _by_name(rows: Iterable[tuple[Share, Person]]) -> list[tuple[Share, Person]]:
    return sorted(rows, key=lambda row: row[1].name)
