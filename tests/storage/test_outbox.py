"""What must be said is said once, in order, by one pair of hands at a time."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.ids import new_id
from storage import outbox
from storage.database import Database
from storage.outbox import Kind, Place, Policy, Rank, State
from storage.tables import Outbox
from tests.storage.hands import LEASE, OUT, addressed_to, became, busy, claim, keys, message, reap, sent
from tests.storage.support import NOW, WORKSPACE, Meeting

SECOND = timedelta(seconds=1)
URL = "https://hooks.example/1"


async def state(database: Database, key: str = "plan:1") -> str | None:
    return await database.read(outbox.state_of, WORKSPACE, key)


async def column(database: Database, name: str, key: str = "plan:1") -> Any:
    def read(tx: Session) -> Any:
        return tx.execute(select(Outbox.__table__.c[name]).where(Outbox.key == key)).scalar_one()

    return await database.read(read)


async def say(database: Database, *keys: str, **facts: Any) -> None:
    for key in keys:
        assert await database.write(outbox.post, message(key, **facts), "U0ANA")


async def test_a_message_is_ready_claimed_and_sent(database: Database) -> None:
    asked = message(body={"text": "Plan?", "blocks": [{"type": "divider"}]}, policy=Policy.HOLD)
    assert await state(database) is None
    assert await database.write(outbox.post, asked, "U0ANA")
    assert await state(database) == State.READY

    token = new_id()
    (envelope,) = await database.write(claim, token=token)
    assert (envelope.id, envelope.workspace, envelope.key) == (asked.id, WORKSPACE, "plan:1")
    assert (envelope.kind, envelope.policy, envelope.body) == (Kind.POST, Policy.HOLD, asked.body)
    assert (addressed_to(envelope), envelope.ts, envelope.response_url) == ("U0ANA", None, None)
    assert (envelope.attempt, envelope.token) == (1, token)
    assert await state(database) == State.SENDING
    assert await database.read(outbox.place_of, WORKSPACE, "plan:1") is None

    await database.write(sent, envelope)
    assert await state(database) == State.SENT
    assert await database.read(outbox.place_of, WORKSPACE, "plan:1") == OUT
    assert await database.write(claim) == []


async def test_a_key_used_twice_sends_once_and_the_first_words_stay(database: Database) -> None:
    await say(database, "plan:1")
    assert not await database.write(outbox.post, message(body={"text": "again"}), "U0TOM")

    (envelope,) = await database.write(claim)
    assert envelope.body == {"text": "plan:1"}
    await database.write(sent, envelope)
    assert not await database.write(outbox.post, message(), "U0ANA")
    assert await database.write(claim) == []


async def test_the_same_key_in_another_workspace_is_another_message(database: Database) -> None:
    await say(database, "plan:1")

    assert await database.write(outbox.post, message(workspace="T0OTHER"), "U0ANA")


async def test_many_are_said_at_once_and_used_keys_are_skipped(database: Database) -> None:
    await say(database, "plan:7")
    many = [(message(f"plan:{number}", body={"text": "new"}), f"U{number}") for number in range(450)]
    await database.write(outbox.post_many, many)

    claimed = await database.write(claim, limit=1000)
    assert len(claimed) == 450
    assert {envelope.key: addressed_to(envelope) for envelope in claimed if envelope.key != "plan:7"} == {
        f"plan:{number}": f"U{number}" for number in range(450) if number != 7
    }
    assert [envelope.body for envelope in claimed if envelope.key == "plan:7"] == [{"text": "plan:7"}]


async def test_asking_for_one_key_from_many_sides_at_once_is_one_message(database: Database, other: Database) -> None:
    asked = await asyncio.gather(*(one.write(outbox.post, message(), "U0ANA") for one in [database, other] * 6))

    assert asked.count(True) == 1
    assert len(await database.write(claim)) == 1


async def test_what_was_decided_by_a_failing_transaction_is_not_said(database: Database) -> None:
    def fail(tx: Session) -> None:
        outbox.post(tx, message(), "U0ANA")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await database.write(fail)

    assert await database.write(claim) == []


async def test_a_claim_is_exclusive_however_many_claim_at_once(database: Database, other: Database) -> None:
    await say(database, *(f"plan:{number}" for number in range(30)))

    hands = await asyncio.gather(*(one.write(claim, limit=7) for one in [database, other] * 4))

    taken = [key for hand in hands for key in keys(hand)]
    assert len(taken) == len(set(taken))
    while rest := await database.write(claim):
        taken += keys(rest)
    assert sorted(taken) == sorted(f"plan:{number}" for number in range(30))


@pytest.mark.postgresql
async def test_a_claim_passes_over_what_another_is_claiming(postgres_url: str) -> None:
    database = Database(postgres_url)
    await say(database, *"abcd")
    meeting = Meeting()

    def hold(tx: Session) -> list[str]:
        taken = keys(claim(tx, limit=2))
        meeting.wait()
        return taken

    first, second = await asyncio.gather(database.write(hold), database.write(hold))
    assert sorted(first + second) == list("abcd")
    await database.close()


async def test_what_goes_first_is_decided_by_rank_then_deadline_then_time_asked_for(database: Database) -> None:
    expected = ["reply", "soon", "late", "early, no deadline", "no deadline", "digest"]
    facts: dict[str, dict[str, Any]] = {
        "reply": {"rank": Rank.REPLY},
        "soon": {"expires_at": NOW + 5 * SECOND},
        "late": {"expires_at": NOW + 9 * SECOND, "not_before": NOW - 9 * SECOND},
        "early, no deadline": {"not_before": NOW - SECOND},
        "no deadline": {},
        "digest": {"rank": Rank.DIGEST, "expires_at": NOW + SECOND},
    }
    for key in reversed(expected):
        await say(database, key, **facts[key])

    assert keys(await database.write(claim)) == expected


async def test_no_more_is_claimed_than_asked_for_and_the_first_first(database: Database) -> None:
    await say(database, "later", rank=Rank.DIGEST)
    await say(database, "first", rank=Rank.REPLY)

    assert keys(await database.write(claim, limit=1)) == ["first"]
    assert keys(await database.write(claim, limit=1)) == ["later"]
    assert await database.write(claim, limit=1) == []


async def test_edits_are_claimed_apart_where_they_go_more_slowly(database: Database) -> None:
    def write(tx: Session) -> None:
        for number in range(3):
            outbox.edit(tx, message(f"edit:{number}", rank=Rank.REPLY), replace(OUT, ts=str(number)))
        pressed = message("pressed", rank=Rank.REPLY)
        outbox.edit(tx, pressed, replace(OUT, ts="3"), response_url=URL, response_until=NOW + SECOND)
        for number in range(3):
            outbox.post(tx, message(f"post:{number}"), "U0ANA")

    await database.write(write)

    assert keys(await database.write(claim, limit=2, edits=1)) == ["pressed", "post:0", "edit:0"]
    assert keys(await database.write(claim, NOW + SECOND, limit=2, edits=1)) == ["post:1", "post:2", "edit:1"]


async def test_nothing_is_sent_before_its_time(database: Database) -> None:
    await say(database, "plan:1", not_before=NOW + SECOND)

    assert await database.write(claim, NOW) == []
    assert keys(await database.write(claim, NOW + SECOND)) == ["plan:1"]


async def test_at_its_expiry_a_message_expires_instead_of_being_sent(database: Database) -> None:
    await say(database, "gone", expires_at=NOW)
    await say(database, "in time", expires_at=NOW + SECOND)

    assert keys(await database.write(claim, NOW)) == ["in time"]
    assert await state(database, "gone") == State.EXPIRED
    assert await column(database, "last_error", "gone") == "expired before it could be sent"


async def test_what_is_on_the_wire_does_not_expire(database: Database) -> None:
    await say(database, "plan:1", expires_at=NOW + SECOND)
    (envelope,) = await database.write(claim)
    assert await database.write(claim, NOW + 2 * SECOND) == []

    await database.write(sent, envelope)
    assert await state(database) == State.SENT


async def test_what_is_answered_before_it_is_sent_is_withdrawn(database: Database) -> None:
    await say(database, "plan:1", "plan:2")
    await database.write(outbox.withdraw, WORKSPACE, "plan:1")
    await database.write(outbox.withdraw, "T0OTHER", "plan:2")
    await database.write(outbox.withdraw, WORKSPACE, "never asked")

    assert keys(await database.write(claim)) == ["plan:2"]
    assert await state(database) == State.EXPIRED
    assert not await database.write(outbox.post, message(), "U0ANA")


async def test_what_is_on_the_wire_or_out_is_not_withdrawn(database: Database) -> None:
    await say(database, "plan:1")
    (envelope,) = await database.write(claim)
    await database.write(outbox.withdraw, WORKSPACE, "plan:1")
    assert await state(database) == State.SENDING

    await database.write(sent, envelope)
    await database.write(outbox.withdraw, WORKSPACE, "plan:1")
    assert await state(database) == State.SENT


async def test_a_reply_and_an_edit_wait_until_their_message_is_out_and_go_where_it_went(database: Database) -> None:
    await say(database, "post")
    await database.write(outbox.reply, message("thread"), "post")
    await database.write(outbox.edit, message("edit"), "post")
    (first,) = await database.write(claim)
    assert first.key == "post"
    assert await database.write(claim) == []
    await database.write(sent, first)

    claimed = {envelope.key: envelope for envelope in await database.write(claim)}
    assert {key: (one.kind, addressed_to(one), one.ts) for key, one in claimed.items()} == {
        "thread": (Kind.REPLY, "D0ANA", "1764.0001"),
        "edit": (Kind.EDIT, "D0ANA", "1764.0001"),
    }


async def test_a_message_known_by_its_place_is_edited_there(database: Database) -> None:
    await database.write(outbox.edit, message("edit"), Place("C0EMEA", "1.2"))

    (envelope,) = await database.write(claim)
    assert (envelope.kind, addressed_to(envelope), envelope.ts) == (Kind.EDIT, "C0EMEA", "1.2")


@pytest.mark.parametrize(("expected", "late"), [(URL, 59), (None, 61)])
async def test_an_edit_goes_by_the_presses_own_address_while_that_lives(
    expected: str | None, late: int, database: Database
) -> None:
    def edit(tx: Session) -> None:
        place = Place("C0EMEA", "1.2")
        outbox.edit(tx, message("edit"), place, response_url=URL, response_until=NOW + 60 * SECOND)

    await database.write(edit)

    (envelope,) = await database.write(claim, NOW + late * SECOND)
    assert envelope.response_url == expected


async def test_a_newer_edit_replaces_one_that_waits(database: Database) -> None:
    place = Place("C0EMEA", "1.2")
    for words in ("old", "new"):
        await database.write(outbox.edit, message("edit", body={"text": words}), place)

    (envelope,) = await database.write(claim)
    assert envelope.body == {"text": "new"}


async def test_a_message_that_was_edited_can_be_edited_again(database: Database) -> None:
    place = Place("C0EMEA", "1.2")
    await database.write(outbox.edit, message("edit"), place)
    await database.write(sent, *await database.write(claim), place=place)
    assert await database.write(claim) == []
    await database.write(outbox.edit, message("edit", body={"text": "newer"}), place)

    (envelope,) = await database.write(claim)
    assert (envelope.body, envelope.attempt) == ({"text": "newer"}, 1)


async def test_an_edit_that_comes_while_an_older_is_on_the_wire_follows_it(database: Database) -> None:
    place = Place("C0EMEA", "1.2")
    await database.write(outbox.edit, message("edit", body={"text": "old"}), place)
    (old,) = await database.write(claim)
    await database.write(outbox.edit, message("edit", body={"text": "new"}), place)
    assert await database.write(claim) == []
    await database.write(sent, old, place=place)

    (new,) = await database.write(claim)
    assert new.body == {"text": "new"}
    await database.write(sent, new, place=place)
    assert await state(database, "edit") == State.SENT


async def test_what_a_message_shows_is_its_newest_body_sent_or_not(database: Database) -> None:
    async def shown() -> Any:
        return await database.read(outbox.shown, WORKSPACE, "post", "edit")

    assert await shown() is None
    await say(database, "post", body={"text": "posted"})
    assert await shown() == {"text": "posted"}
    await database.write(outbox.edit, message("edit", body={"text": "edited"}), "post")
    assert await shown() == {"text": "edited"}


async def test_slack_says_when_to_come_back_and_that_is_no_attempt(database: Database) -> None:
    await say(database, "plan:1")
    (envelope,) = await database.write(claim)
    await database.write(busy, envelope, NOW + 30 * SECOND, counts=False)

    assert await database.write(claim, NOW + 29 * SECOND) == []
    (again,) = await database.write(claim, NOW + 30 * SECOND)
    assert again.attempt == 1
    await database.write(busy, again, NOW + 40 * SECOND, counts=True)
    (third,) = await database.write(claim, NOW + 40 * SECOND)
    assert third.attempt == 2


async def test_a_presses_address_that_failed_is_not_tried_again(database: Database) -> None:
    def edit(tx: Session) -> None:
        outbox.edit(tx, message("edit"), OUT, response_url=URL, response_until=NOW + 60 * SECOND)

    await database.write(edit)
    (envelope,) = await database.write(claim)
    await database.write(busy, envelope, NOW + SECOND)

    (again,) = await database.write(claim, NOW + SECOND)
    assert again.response_url is None


@pytest.mark.parametrize("outcome", [State.DEAD, State.UNKNOWN])
async def test_what_cannot_be_sent_keeps_its_reason_and_is_never_claimed_again(
    outcome: State, database: Database
) -> None:
    await say(database, "plan:1", policy=Policy.HOLD)
    (envelope,) = await database.write(claim)
    await database.write(became, envelope, outcome, "channel_not_found")

    assert await state(database) == outcome
    assert await column(database, "last_error") == "channel_not_found"
    assert await database.write(claim, NOW + 10 * LEASE) == []


@pytest.mark.parametrize(
    ("expected", "policy"),
    [(State.READY, Policy.RESEND), (State.DEAD, Policy.DROP), (State.UNKNOWN, Policy.HOLD)],
)
async def test_a_message_whose_sender_is_gone_is_settled_by_its_policy(
    expected: State, policy: Policy, database: Database
) -> None:
    await say(database, "plan:1", policy=policy)
    await database.write(claim)
    assert await database.write(reap, NOW + LEASE - SECOND) == 0
    assert await state(database) == State.SENDING

    assert await database.write(reap, NOW + LEASE) == 1
    assert await state(database) == expected
    assert await column(database, "last_error") == "its sender was lost"
    assert await database.write(reap, NOW + LEASE) == 0


@pytest.mark.parametrize("policy", Policy)
async def test_an_edit_whose_sender_is_gone_goes_again_whatever_its_policy(policy: Policy, database: Database) -> None:
    await database.write(outbox.edit, message("edit", policy=policy), OUT)
    await database.write(claim)

    assert await database.write(reap, NOW + LEASE) == 1
    assert keys(await database.write(claim, NOW + LEASE)) == ["edit"]


async def test_a_sender_that_comes_back_after_its_lease_changes_nothing(database: Database) -> None:
    await say(database, "plan:1")
    (slow,) = await database.write(claim)
    await database.write(reap, NOW + LEASE)
    await database.write(became, slow, State.DEAD, "too late")
    assert await state(database) == State.READY

    (second,) = await database.write(claim, NOW + LEASE)
    assert second.attempt == 2
    await database.write(sent, slow, place=Place("D0ANA", "slow"))
    assert await state(database) == State.SENDING
    await database.write(sent, second)
    assert await database.read(outbox.place_of, WORKSPACE, "plan:1") == OUT
    await database.write(sent, replace(second, token=slow.token), place=Place("D0ANA", "slow"))
    assert await database.read(outbox.place_of, WORKSPACE, "plan:1") == OUT


async def test_reapers_that_race_settle_each_message_once(database: Database, other: Database) -> None:
    await say(database, *"abcdef")
    await database.write(claim)

    settled = await asyncio.gather(*(one.write(reap, NOW + LEASE) for one in (database, other, database, other)))
    assert sum(settled) == 6
