"""What was left uncertain is looked for, and what cannot be known waits for somebody's decision."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ids import new_id
from storage import aftermath, outbox, recipients, sending
from storage.aftermath import Held
from storage.database import Database
from storage.outbox import Kind, Place, Policy, Rank, State
from storage.tables import Outbox
from tests.storage.hands import LEASE, OUT, addressed_to, became, claim, keys, message, reap, sent
from tests.storage.support import NOW, WORKSPACE

SECOND = timedelta(seconds=1)
LOST_AT = NOW + LEASE


async def state(database: Database) -> str | None:
    return await database.read(outbox.state_of, WORKSPACE, "plan:1")


async def lose(database: Database, policy: Policy = Policy.HOLD, *, known: bool = True) -> None:
    """A message to Ana whose sender is gone; `known` says that her DM was written to before."""
    if known:
        await database.write(recipients.learn_dms, WORKSPACE, {"U0ANA": "D0ANA"})
    await database.write(outbox.post, message(policy=policy), "U0ANA")
    await database.write(claim)
    assert await database.write(reap, LOST_AT) == 1


async def test_a_workspace_has_something_to_send_when_its_time_has_come(database: Database) -> None:
    await database.write(outbox.post, message(not_before=NOW + SECOND), "U0ANA")
    await database.write(outbox.post, message(workspace="T0OTHER", not_before=NOW), "U0TOM")

    assert await database.read(sending.ready_workspaces, NOW) == ["T0OTHER"]
    assert sorted(await database.read(sending.ready_workspaces, NOW + SECOND)) == ["T0OTHER", WORKSPACE]


async def test_a_claim_takes_only_what_belongs_to_its_workspace(database: Database) -> None:
    await database.write(outbox.post, message("other", workspace="T0OTHER", expires_at=NOW), "U0ANA")
    await database.write(outbox.post, message("mine"), "U0ANA")

    assert keys(await database.write(claim)) == ["mine"]
    assert await database.read(outbox.state_of, "T0OTHER", "other") == State.READY


@pytest.mark.parametrize("policy", Policy)
async def test_a_lost_message_to_a_known_dm_is_looked_for_whatever_its_policy(
    policy: Policy, database: Database
) -> None:
    await lose(database, policy)

    (uncertain,) = await database.write(aftermath.uncertain, LOST_AT, 10)
    assert (uncertain.key, uncertain.policy, uncertain.recipient, uncertain.dm) == (
        "plan:1",
        policy,
        "U0ANA",
        "D0ANA",
    )
    assert await state(database) == State.UNKNOWN
    assert await database.write(claim, LOST_AT) == []


async def test_a_look_is_taken_by_one_and_again_after_a_while(database: Database) -> None:
    await lose(database)
    assert len(await database.write(aftermath.uncertain, LOST_AT, 10)) == 1
    assert await database.write(aftermath.uncertain, LOST_AT + aftermath.LOOK_AGAIN - SECOND, 10) == []

    assert len(await database.write(aftermath.uncertain, LOST_AT + aftermath.LOOK_AGAIN, 10)) == 1


async def test_what_is_found_was_sent(database: Database) -> None:
    await lose(database)
    (uncertain,) = await database.write(aftermath.uncertain, LOST_AT, 10)
    await database.write(aftermath.looked, uncertain, OUT)

    assert await database.read(outbox.place_of, WORKSPACE, "plan:1") == OUT
    assert await database.write(aftermath.uncertain, LOST_AT + 9 * aftermath.LOOK_AGAIN, 10) == []
    assert await database.write(claim, LOST_AT) == []


async def test_what_is_absent_twice_is_sent_again_and_not_before(database: Database) -> None:
    await lose(database)
    (first,) = await database.write(aftermath.uncertain, LOST_AT, 10)
    await database.write(aftermath.looked, first, None)
    assert await database.write(claim, LOST_AT) == []

    (second,) = await database.write(aftermath.uncertain, LOST_AT + aftermath.LOOK_AGAIN, 10)
    await database.write(aftermath.looked, second, None)
    assert keys(await database.write(claim, LOST_AT + aftermath.LOOK_AGAIN)) == ["plan:1"]


@pytest.mark.parametrize(
    ("expected", "policy"),
    [(State.READY, Policy.RESEND), (State.DEAD, Policy.DROP), (State.UNKNOWN, Policy.HOLD)],
)
async def test_where_nobody_can_look_the_policy_decides(expected: State, policy: Policy, database: Database) -> None:
    await lose(database, policy)
    (uncertain,) = await database.write(aftermath.uncertain, LOST_AT, 10)
    await database.write(aftermath.unknowable, uncertain)

    assert await state(database) == expected
    assert await database.write(aftermath.uncertain, LOST_AT + 9 * aftermath.LOOK_AGAIN, 10) == []


async def test_a_look_that_comes_late_changes_nothing(database: Database) -> None:
    await lose(database)
    (uncertain,) = await database.write(aftermath.uncertain, LOST_AT, 10)
    await database.write(aftermath.looked, uncertain, OUT)
    await database.write(aftermath.looked, uncertain, Place("D0ANA", "other"))
    await database.write(aftermath.unknowable, uncertain)

    assert await database.read(outbox.place_of, WORKSPACE, "plan:1") == OUT


async def test_a_held_message_waits_for_a_decision_and_one_that_is_looked_for_does_not(database: Database) -> None:
    await lose(database, known=True)
    assert await database.read(aftermath.held) == []
    (uncertain,) = await database.write(aftermath.uncertain, LOST_AT, 10)
    await database.write(aftermath.unknowable, uncertain)

    (held,) = await database.read(aftermath.held)
    assert held == Held(uncertain.id, WORKSPACE, "plan:1", "plan:1")
    assert await database.read(aftermath.undelivered, WORKSPACE, held.id) == held
    assert await database.read(aftermath.undelivered, "T0OTHER", held.id) is None


async def test_a_held_message_is_sent_after_all_to_somebody_else(database: Database) -> None:
    await lose(database, known=False)
    (held,) = await database.read(aftermath.held)
    assert await database.write(aftermath.revive, held.id, NOW, recipient="U0TOM")

    (envelope,) = await database.write(claim)
    assert (addressed_to(envelope), envelope.attempt) == ("U0TOM", 1)
    await database.write(sent, envelope)
    assert not await database.write(aftermath.revive, held.id, NOW)
    assert await state(database) == State.SENT


async def test_a_held_message_is_let_be(database: Database) -> None:
    await lose(database, known=False)
    (held,) = await database.read(aftermath.held)

    assert await database.write(aftermath.let_be, held.id)
    assert not await database.write(aftermath.let_be, held.id)
    assert await state(database) == State.DEAD
    assert await database.write(claim) == []


async def test_what_is_ready_or_never_was_is_no_decision(database: Database) -> None:
    asked = message()
    await database.write(outbox.post, asked, "U0ANA")

    assert not await database.write(aftermath.revive, asked.id, NOW)
    assert not await database.write(aftermath.let_be, asked.id)
    assert not await database.write(aftermath.revive, new_id(), NOW)
    assert await database.read(aftermath.undelivered, WORKSPACE, asked.id) is None


async def test_nothing_is_sent_to_somebody_who_cannot_be_reached_until_they_can(database: Database) -> None:
    await database.write(recipients.mark_unreachable, WORKSPACE, "U0ANA", "user_disabled")
    await database.write(outbox.post, message("ana"), "U0ANA")
    await database.write(outbox.post, message("tom"), "U0TOM")

    assert keys(await database.write(claim)) == ["tom"]
    assert await database.read(outbox.state_of, WORKSPACE, "ana") == State.DEAD
    assert await database.read(recipients.unreachable, WORKSPACE) == {"U0ANA": "user_disabled"}
    await database.write(recipients.learn_dms, WORKSPACE, {"U0ANA": "D0ANA"})
    await database.write(outbox.post, message("again"), "U0ANA")
    assert keys(await database.write(claim)) == ["again"]


async def test_a_dm_is_remembered_when_its_person_cannot_be_reached_for_a_while(database: Database) -> None:
    await database.write(recipients.learn_dms, WORKSPACE, {"U0ANA": "D0ANA", "U0TOM": "D0TOM"})
    await database.write(recipients.mark_unreachable, WORKSPACE, "U0ANA", "user_disabled")

    assert await database.read(recipients.dms, WORKSPACE, ["U0ANA", "U0ZOE"]) == {"U0ANA": "D0ANA"}
    assert await database.read(recipients.dms, "T0OTHER", ["U0ANA"]) == {}


async def test_a_workspace_is_held_until_it_is_released(database: Database) -> None:
    assert await database.read(recipients.held, WORKSPACE) is None
    await database.write(recipients.hold, WORKSPACE, NOW, "first")
    await database.write(recipients.hold, WORKSPACE, NOW + SECOND, "team_access_not_granted")
    assert await database.read(recipients.held, WORKSPACE) == (NOW + SECOND, "team_access_not_granted")
    assert await database.read(recipients.held, "T0OTHER") is None

    await database.write(recipients.release, WORKSPACE)
    assert await database.read(recipients.held, WORKSPACE) is None


async def test_what_was_learnt_of_slacks_pace_is_kept_by_workspace_and_method(database: Database) -> None:
    learnt = (4.25, None, NOW, NOW + SECOND, 17, True)
    assert await database.read(recipients.paces, WORKSPACE) == {}
    await database.write(recipients.keep_pace, WORKSPACE, "chat.postMessage", (1.0, 2.0, None, None, 0, False))
    await database.write(recipients.keep_pace, WORKSPACE, "chat.postMessage", learnt)

    assert await database.read(recipients.paces, WORKSPACE) == {"chat.postMessage": learnt}
    assert await database.read(recipients.paces, "T0OTHER") == {}


async def test_only_a_message_whose_lease_was_not_lost_counts_as_ours(database: Database) -> None:
    await database.write(outbox.post, message(), "U0ANA")
    (slow,) = await database.write(claim)
    await database.write(reap, LOST_AT)
    (second,) = await database.write(claim, LOST_AT)

    assert await database.write(sending.record, [sending.Result(slow, State.SENT, OUT)]) == set()
    assert await database.write(sending.record, [sending.Result(second, State.SENT, OUT)]) == {second.id}


async def test_a_refused_shape_goes_again_in_plain_text(database: Database) -> None:
    await database.write(outbox.post, message(), "U0ANA")
    (envelope,) = await database.write(claim)
    assert not envelope.plain
    again = sending.Result(envelope, State.READY, error="invalid_blocks", again_at=NOW, plain=True)
    await database.write(sending.record, [again])

    (second,) = await database.write(claim)
    assert second.plain


async def test_a_message_that_was_given_up_is_not_looked_for(database: Database) -> None:
    await database.write(outbox.post, message(), "U0ANA")
    (envelope,) = await database.write(claim)
    await database.write(became, envelope, State.DEAD, "channel_not_found")

    assert await database.write(aftermath.uncertain, LOST_AT, 10) == []


async def test_after_a_restore_what_a_known_dm_may_hold_is_looked_for_and_the_rest_follows_its_policy(
    database: Database,
) -> None:
    await database.write(recipients.learn_dms, WORKSPACE, {"U0ANA": "D0ANA"})
    for policy in Policy:
        await database.write(outbox.post, message(f"ana:{policy}", policy=policy), "U0ANA")
        await database.write(outbox.post, message(f"new:{policy}", policy=policy), "U0TOM")
        await database.write(outbox.reply, message(f"thread:{policy}", policy=policy), "ana:hold")

    assert await database.write(aftermath.doubt, NOW) == 3

    due = await database.write(aftermath.uncertain, NOW, 10)
    assert sorted(one.key for one in due) == sorted(f"ana:{policy}" for policy in Policy)
    for kind in ("new", "thread"):
        states = [await database.read(outbox.state_of, WORKSPACE, f"{kind}:{policy}") for policy in Policy]
        assert states == [State.READY, State.DEAD, State.UNKNOWN]


# Edits and replies whose message never went out

LINE = "post:1"
GIVEN_UP = [State.DEAD, State.EXPIRED]


async def give_up(database: Database, state: State, policy: Policy = Policy.RESEND) -> None:
    """A message to Ana that never goes out, with an edit and a reply that wait for it."""
    await database.write(outbox.post, message(LINE, policy=policy), "U0ANA")
    (envelope,) = await database.write(claim)
    await database.write(became, envelope, state, "too late, or refused")


async def state_of(database: Database, key: str) -> str | None:
    return await database.read(outbox.state_of, WORKSPACE, key)


@pytest.mark.parametrize("state_of_it", GIVEN_UP)
async def test_what_waits_for_a_message_that_was_given_up_is_skipped_with_a_reason(
    state_of_it: State, database: Database
) -> None:
    await give_up(database, state_of_it)
    await database.write(outbox.edit, message("edit", rank=Rank.DIGEST), LINE)
    await database.write(outbox.reply, message("reply"), LINE)
    await database.write(outbox.reply, message("reply to nobody"), "never asked for")

    assert await database.write(aftermath.orphans, NOW) == 3

    for key in ("edit", "reply", "reply to nobody"):
        assert await state_of(database, key) == State.SKIPPED
    assert await database.read(reasons, "edit") == "its message was never sent"
    assert await database.write(claim) == []
    assert await database.write(aftermath.orphans, NOW) == 0


async def test_the_edit_that_a_person_waits_for_goes_out_as_the_message_itself(database: Database) -> None:
    await give_up(database, State.DEAD)
    await database.write(outbox.edit, message("edit", rank=Rank.REPLY, body={"text": "Filed"}), LINE)

    assert await database.write(aftermath.orphans, NOW) == 1

    (envelope,) = await database.write(claim)
    assert (envelope.key, envelope.kind, envelope.body, envelope.attempt) == (LINE, Kind.POST, {"text": "Filed"}, 1)
    assert envelope.expires_at is None
    assert await state_of(database, "edit") == State.SKIPPED
    await database.write(sent, envelope)
    await database.write(outbox.edit, message("edit", rank=Rank.REPLY, body={"text": "Filed again"}), LINE)
    assert [one.body for one in await database.write(claim)] == [{"text": "Filed again"}]


async def withdraw(database: Database) -> None:
    await database.write(outbox.post, message(LINE), "U0ANA")
    await database.write(outbox.withdraw, WORKSPACE, LINE)


async def lose_them(database: Database) -> None:
    await give_up(database, State.DEAD)
    await database.write(recipients.mark_unreachable, WORKSPACE, "U0ANA", "user_disabled")


async def drop(database: Database) -> None:
    await give_up(database, State.DEAD, Policy.DROP)


@pytest.mark.parametrize("happens", [withdraw, lose_them, drop])
async def test_nothing_goes_out_after_all_that_may_stand_elsewhere_or_reaches_nobody(
    happens: Callable[[Database], Awaitable[None]], database: Database
) -> None:
    await happens(database)
    await database.write(outbox.edit, message("edit", rank=Rank.REPLY), LINE)

    assert await database.write(aftermath.orphans, NOW) == 1
    assert await state_of(database, "edit") == State.SKIPPED
    assert await database.write(claim) == []


@pytest.mark.parametrize("given_up", [State.READY, State.SENDING, State.UNKNOWN, State.SENT])
async def test_what_waits_for_a_message_that_may_still_arrive_goes_on_waiting_and_wakes_nobody(
    given_up: State, database: Database
) -> None:
    await database.write(outbox.post, message(LINE, not_before=NOW + SECOND), "U0ANA")
    if given_up is not State.READY:
        (envelope,) = await database.write(claim, NOW + SECOND)
        if given_up is not State.SENDING:
            await database.write(became, envelope, given_up, "lost")
    await database.write(outbox.edit, message("edit"), LINE)

    assert await database.write(aftermath.orphans, NOW) == 0
    assert await state_of(database, "edit") == State.READY
    assert await database.read(sending.ready_workspaces, NOW) == ([WORKSPACE] if given_up is State.SENT else [])


async def test_what_was_skipped_follows_a_message_that_is_sent_after_all(database: Database) -> None:
    await give_up(database, State.DEAD, Policy.HOLD)
    await database.write(outbox.reply, message("reply"), LINE)
    await database.write(aftermath.orphans, NOW)
    (dead,) = await database.read(ids, LINE)

    assert await database.write(aftermath.revive, dead, NOW, recipient="C0OTHER")

    (envelope,) = await database.write(claim)
    await database.write(sent, envelope)
    assert keys(await database.write(claim)) == ["reply"]


def reasons(tx: Session, key: str) -> str | None:
    return tx.execute(select(Outbox.last_error).where(Outbox.key == key)).scalar_one()


def ids(tx: Session, key: str) -> list[UUID]:
    return list(tx.execute(select(Outbox.id).where(Outbox.key == key)).scalars())
