"""Who presses, types and sends: the person behind a Slack id, and whose name a change is recorded under."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.errors import Stranger
from bot.ids import new_id
from bot.payloads import Who
from rituals.people import Person, Role
from storage import audit, directory, people
from storage.audit import Act


def actor(tx: Session, who: Who, likely: Person | None = None) -> Person:
    """The person who only looks; raises Stranger when the roster has nobody with this id.

    `likely` was read before, and mostly is the one.
    """
    if likely is not None and (likely.workspace, likely.slack_id) == (who.workspace, who.slack_id):
        return likely
    person = people.find_by_slack(tx, who.workspace, who.slack_id)
    if person is None:
        raise stranger(tx, who)
    return person


def stranger(tx: Session, who: Who) -> Stranger:
    """What somebody is told who is on no roster or no team: who can put them on one."""
    return Stranger(who, directory.with_role(tx, who.workspace, Role.ADMIN))


def acting(tx: Session, who: Who, now: datetime, likely: Person | None = None) -> Person:
    """The person who changes something: all that this transaction writes is recorded as theirs (F119).

    Raises Stranger.
    """
    person = actor(tx, who, likely)
    audit.begin(tx, Act(new_id(), person.workspace, person.id, who.via, now))
    return person
