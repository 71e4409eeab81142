"""What a submission of a plan meets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot.errors import Gone
from bot.huddle import answering_teams, own_plans
from bot.payloads import Who
from rituals.blockers import Blocker
from rituals.huddle import Huddle
from rituals.kpis import Kpi
from rituals.people import Person, Team
from rituals.plans import Item, Plan, PlanState, Redirect
from rituals.team_questions import Asked
from storage import blockers, kpis, plans


@dataclass(frozen=True, slots=True)
class Before:
    """All that a submission meets, read once.

    `items` stand in the plan now, `redirects` are theirs, `earlier` stood in the one before; `blocker` is the plan's
    own, `stuck` the others.
    """

    plan: Plan
    person: Person
    team: Team
    huddle: Huddle
    items: Sequence[Item]
    redirects: Mapping[UUID, Redirect]
    earlier: Sequence[Item]
    blocker: Blocker | None
    stuck: Sequence[Blocker]
    kpis: Mapping[UUID, Kpi]
    asked: Sequence[Asked]

    @property
    def first(self) -> bool:
        """Whether this is the day's first answer and no edit."""
        return self.plan.state is not PlanState.FILED


def meeting(tx: Session, plan_id: UUID, who: Who, now: datetime) -> Before:
    """Read it all; the plan's row is held. Raises Stranger, Gone or NotAllowed."""
    found = own_plans.to_write(tx, plan_id, who, now)
    plan, person = found.plan, found.person
    if found.team is None or found.huddle is None:
        raise Gone
    promised = plans.promised(tx, plan)
    blocker, stuck = blockers.concerning(tx, person.id, plan.id)
    return Before(
        plan=plan,
        person=person,
        team=found.team,
        huddle=found.huddle,
        items=promised.items,
        redirects=promised.redirects,
        earlier=promised.earlier,
        blocker=blocker,
        stuck=stuck,
        kpis=kpis.of_team(tx, plan.workspace, plan.team_id),
        asked=answering_teams.asked(tx, found),
    )
