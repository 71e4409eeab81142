"""What was parked for a weekly, and what becomes of it when that is over (D5)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot import blocks
from bot.blockers import cases, news, planning
from bot.blockers.loading import book
from bot.blockers.news import Desk
from bot.catalogue import say
from rituals import blockers_life as life
from rituals.actions import Action
from rituals.blockers import Blocker, BlockerState
from rituals.people import Person, Team
from storage import blockers, themes, values


def end(tx: Session, team: Team, by: Person, now: datetime) -> Sequence[Blocker]:
    """Give each to whoever took an action for it or its theme, open the others again, and say so; return them."""
    held = blockers.locked(tx, [one.id for one in themes.parked(tx, team.id)])
    # Looked at anew once it is held: somebody may have resolved one this moment.
    before = [one for one in held.values() if one.state is BlockerState.PARKED and not one.snoozed]
    owed = themes.taken_for(tx, [one.id for one in before])
    taken = {one: next((each for each in several if each.owed), None) for one, several in owed.items()}
    changed = [life.met(one, by, taken.get(one.id), now) for one in before]
    values.save(tx, *changed, was=before)
    planning.place(tx, changed, now)
    shelf = book(tx, changed, now, also={by.id, *(one.owner_id for one in changed if one.owner_id is not None)})
    for one in changed:
        desk = Desk(shelf, one, now)
        news.redraw(tx, desk, None)
        _tell(tx, desk, by, taken.get(one.id))
    return sorted(changed, key=lambda one: (one.opened_at, one.number))


def _tell(tx: Session, desk: Desk, by: Person, action: Action | None) -> None:
    label = desk.blocker.label
    if action is None:
        words = say("The weekly is over and *{label}* is open again.", label=label)
    else:
        owner = desk.book.known[action.owner_id].given_name
        due = blocks.short_day(action.due)
        words = say("The weekly gave *{label}* to {who}, by {due}.", label=label, who=owner, due=due)
    news.tell(tx, desk, cases.others(desk, by), cases.event(desk, "met"), words)
