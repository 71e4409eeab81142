"""Values of decision memos for tests: name what matters, the rest is filled in."""

import itertools
from typing import Any
from uuid import UUID

from bot.ids import new_id
from rituals.decisions import Decision, State
from rituals.decisions_lanes import Guardrail
from rituals.decisions_readers import Reader
from tests.factories import NOW, WORKSPACE

_numbers = itertools.count(1)


def guardrail(name: str = "Discounts", **facts: Any) -> Guardrail:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "name": name,
        "limit": "up to 15 % without asking",
        "owner_id": None,
        "closed_on": None,
    }
    return Guardrail(**(given | facts))


def decision(author_id: UUID, title: str = "Two-year discount rule", **facts: Any) -> Decision:
    """A draft captured now; whose clock runs."""
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "number": next(_numbers),
        "author_id": author_id,
        "owner_id": author_id,
        "state": State.DRAFT,
        "title": title,
        "captured_at": NOW,
        "clock_from": NOW,
    }
    return Decision(**(given | facts))


def reader(decision_id: UUID, person_id: UUID, **facts: Any) -> Reader:
    given: dict[str, Any] = {
        "id": new_id(),
        "workspace": WORKSPACE,
        "decision_id": decision_id,
        "person_id": person_id,
    }
    return Reader(**(given | facts))
