"""Actions are found by what they came out of, by owner and by team; a form sent twice makes one."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.ids import new_id
from rituals.actions import Action, done
from storage import actions, audit
from storage.audit import Act
from storage.database import Database
from storage.values import fetch
from tests import factories
from tests.storage.support import ANA, DANA, NOW, TEAM, TOM, WORKSPACE, put


async def test_an_agenda_has_what_is_owed_and_what_was_settled_since(company: Database) -> None:
    subject = new_id()
    owed = factories.action(ANA.id, "owed", team_id=TEAM.id, subject_id=subject)
    fresh = done(factories.action(TOM.id, "fresh", team_id=TEAM.id, due=owed.due - timedelta(days=1)), NOW)
    old = done(factories.action(TOM.id, "old", team_id=TEAM.id), NOW - timedelta(days=8))
    leaders = factories.action(ANA.id, "leaders", subject_id=subject, due=owed.due + timedelta(days=1))
    await company.write(put, leaders, old, fresh, owed)

    assert await company.read(actions.of_team, TEAM.id, NOW - timedelta(days=7)) == [fresh, owed]
    assert await company.read(actions.owned_by, [ANA.id, TOM.id]) == [owed, leaders]
    assert await company.read(actions.owned_by, [TOM.id]) == []
    assert await company.read(actions.of_subjects, [subject]) == [owed, leaders]
    assert await company.read(actions.find, owed.id) == owed
    assert await company.read(actions.find, new_id()) is None


async def test_a_form_sent_twice_makes_one_action_and_one_line_in_the_record(company: Database) -> None:
    mine = factories.action(ANA.id)

    def send(tx: Session, action: Action) -> bool:
        audit.begin(tx, Act(new_id(), WORKSPACE, DANA.id, "weekly.action", NOW))
        return actions.add_once(tx, action)

    assert await company.write(send, mine)
    assert not await company.write(send, replace(mine, text="again"))

    assert await company.read(fetch, Action) == [mine]
    (entry,) = await company.read(audit.of, [mine.id])
    assert (entry.kind, entry.before, entry.act.actor_id) == ("actions", None, DANA.id)
