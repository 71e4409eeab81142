"""What a leader's month hears of memos: which they owe a reading, whose is overdue, what affects others (F72, F73)."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from bot.catalogue import say
from bot.decisions import loading, views
from bot.decisions.digest_views import Memos
from rituals.decisions import Decision
from rituals.kpis_periods import Period
from rituals.people import Person
from storage import decisions, people

NIGHT = time(tzinfo=UTC)


def memos(tx: Session, leader: Person, month: Period, now: datetime) -> Memos:
    """Of what the leader may read; the forum is of the month that the digest is about."""
    readable = loading.readable(tx, leader, now)
    owed = decisions.owed_readings(tx, leader.workspace, readable)
    known = people.some(tx, {reader.person_id for _, reader in owed})
    mine, late = [], dict[Decision, list[str]]()
    for decision, reader in owed:
        person = known[reader.person_id]
        if person.id == leader.id:
            mine.append(views.owed(decision, reader, overdue=reader.overdue(loading.today(leader, now))))
        elif person.active and reader.overdue(loading.today(person, now)):
            late.setdefault(decision, []).append(person.given_name)
    since, until = (datetime.combine(day, NIGHT) for day in (month.first, month.last + timedelta(days=1)))
    told = {decision.id: decision for decision, _ in decisions.affecting(tx, leader.workspace, since, until, readable)}
    forum = loading.records(tx, list(told.values()), now, leader)
    return Memos(
        mine,
        [say("{memo}: {names}", memo=views.name(one), names=", ".join(names)) for one, names in late.items()],
        [say("{memo} affects {names}", memo=views.name(one.decision), names=", ".join(one.affects)) for one in forum],
    )
