"""Which team somebody means."""

from collections.abc import Sequence

from rituals.people import Team
from rituals.refusals import Refusal


class NoSuchTeam(Refusal):
    """No team is called `name`; `known` are those that there are."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(name)
        self.name = name
        self.known = known


class WhichTeam(Refusal):
    """Several teams are meant."""

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__(known)
        self.known = known


class ManagesNobody(Refusal):
    """No team is theirs today."""


def meant(named: str | None, teams: Sequence[Team], mine: Sequence[Team]) -> Team:
    """The team called `named`, in any case, or the only one of one's own.

    Raises NoSuchTeam, WhichTeam or ManagesNobody.
    """
    if named:
        found = [team for team in teams if team.name.casefold() == named.casefold()]
        if not found:
            raise NoSuchTeam(named, [team.name for team in teams])
        return found[0]
    if not mine:
        raise ManagesNobody
    if len(mine) > 1:
        raise WhichTeam([team.name for team in mine])
    return mine[0]
