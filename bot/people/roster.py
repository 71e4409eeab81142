"""The roster follows Slack: who joins, leaves, returns, is renamed, moves zone, shows a status (F88, F91)."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bot.huddle.leave import planned_anew, went_away
from bot.ids import new_id
from bot.people import leaving
from rituals import absences, calendar
from rituals import roster as rules
from rituals.people import Absence, Person
from rituals.roster import News, Profile
from storage import audit, calendars, directory, huddles, occurrences, outbox, people, recipients, roster, values
from storage.audit import Act
from storage.roster import Heard

log = logging.getLogger(__name__)

VIA = "slack"
GONE = "has left"


def take_in(
    tx: Session,
    workspace: str,
    profiles: Iterable[Profile],
    now: datetime,
    machine_now: datetime,
    asked_at: datetime | None = None,
) -> int:
    """Bring people up to date with what Slack tells of them; return how many changed.

    The same told again, or told late, changes nothing. `asked_at` is when a page of the roster was asked for
    (machine time): what an event has told since is newer.
    """
    told = {profile.slack_id: profile for profile in profiles}
    heard = {slack_id: Heard(one.updated, _why(one)) for slack_id, one in told.items()}
    accepted = roster.accept(tx, workspace, heard, machine_now, asked_at)
    if not accepted:
        return 0
    audit.begin(tx, Act(new_id(), workspace, None, VIA, now))
    known = people.behind(tx, workspace, accepted)
    home = "UTC" if all(told[one].zone for one in accepted) else rules.home_zone(_everybody(tx, workspace))
    changed = 0
    for slack_id in sorted(accepted):
        news = rules.read(told[slack_id], known.get(slack_id), workspace, home, now, new_id())
        changed += news is not None and _happened(tx, workspace, told[slack_id], known.get(slack_id), home, now)
    recipients.reachable(tx, workspace, [one for one in accepted if told[one].left_out is None])
    return changed + _statuses(tx, workspace, [told[one] for one in sorted(accepted)], now)


def _why(profile: Profile) -> str | None:
    return None if profile.left_out is None else profile.left_out.value


def _everybody(tx: Session, workspace: str) -> Iterable[Person]:
    return people.everybody(tx, workspace).values()


def _happened(tx: Session, workspace: str, profile: Profile, known: Person | None, home: str, now: datetime) -> bool:
    """Write what a profile changes, on the row as it stands once it is held: a form may have written it meanwhile."""
    person = None if known is None else people.find(tx, known.id, lock=True)
    news = rules.read(profile, person, workspace, home, now, new_id())
    if news is None:
        return False
    kind, changed = news
    people.change(tx, changed, now)
    today = calendar.local_day(now, changed.zone)
    if changed.team_id is not None:
        huddles.mark_stale(tx, changed.team_id, today, now)
    if kind is News.LEFT:
        occurrences.cancel(tx, changed.id, GONE)
        outbox.withdraw_all(tx, workspace, changed.slack_id)
        leaving.offer(tx, changed, now)
    return True


def _statuses(tx: Session, workspace: str, profiles: Sequence[Profile], now: datetime) -> int:
    """Begin and end what people's Slack statuses excuse them from (F88)."""
    words = [one.word for one in directory.excusing_words(tx, workspace)]
    here = people.behind(tx, workspace, [one.slack_id for one in profiles if one.left_out is None])
    if not here:
        return 0
    known: dict[UUID, list[Absence]] = {}
    ids = [person.id for person in here.values()]
    for absence in calendars.absences_of(tx, ids, (now - timedelta(days=2)).date()):
        known.setdefault(absence.person_id, []).append(absence)
    changed = 0
    for profile in profiles:
        person = here.get(profile.slack_id)
        if person is None or not person.active:
            continue
        mine = known.get(person.id, [])
        for absence in absences.by_status(person, mine, profile.status, words, now, new_id()):
            is_known = any(each.id == absence.id for each in mine)
            (values.save if is_known else values.add)(tx, absence)
            if is_known:
                planned_anew(tx, person, absence.first_day, now)
            else:
                went_away(tx, person, absence, now)
            changed += 1
    return changed
