"""Who changed what, as an admin reads it (F119)."""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.ids import new_id
from bot.records import views
from rituals.people import Role
from storage import audit, values
from storage.audit import Act
from tests import factories
from tests.bot import forging
from tests.bot.steps import carded, change, file
from tests.bot.world import World, buttons, words


async def admin(world: World, name: str = "Zoe") -> None:
    """Make somebody an admin, without a record of it."""
    await change(world, replace(world.people[name], role=Role.ADMIN))


async def test_an_admin_reads_who_changed_what_by_which_door(morning: World) -> None:
    await carded(morning)
    await admin(morning)

    assert (await morning.hand("Zoe").command("/cadence", "audit")).ok

    told = words(morning.hand("Zoe").ephemerals()[-1])
    assert "*Tom Becker* · plans" in told
    assert "by `huddle.submit`" in told
    assert "state: open → filed" in told


async def test_what_people_wrote_is_shown_literally(morning: World) -> None:
    await morning.at("08:30")
    assert (await file(morning, "Ana", "<!channel> signs")).ok
    await admin(morning)

    assert (await morning.hand("Zoe").command("/cadence", "audit")).ok

    told = words(morning.hand("Zoe").ephemerals()[-1])
    assert "text: &lt;!channel&gt; signs" in told


async def test_older_changes_are_a_press_away_and_none_is_shown_twice(morning: World) -> None:
    await morning.at("08:30")
    for number in range(20):
        assert (await file(morning, "Ana", f"Version {number}")).ok
    await admin(morning)
    zoe = morning.hand("Zoe")
    assert (await zoe.command("/cadence", "audit")).ok

    seen: list[str] = []
    for _ in range(20):
        shown = zoe.ephemerals()[-1]
        seen += [line for line in words(shown).splitlines() if "text: Version" in line]
        if "Older" not in buttons(shown):
            break
        assert (await zoe.click(shown, views.OLDER)).ok

    assert len(seen) == len(set(seen)) == 20


async def test_nobody_else_reads_it(morning: World) -> None:
    await carded(morning)
    for name in ("Ana", "Dana", "Priya"):
        hand = morning.hand(name)
        assert (await hand.command("/cadence", "audit")).ok
        assert words(hand.ephemerals()[-1]) == "Only an admin can do this. Nothing changed; ask one of them."

        assert (await forging.press(morning, name, morning.dm("Ana")[0], views.OLDER, "999999")).ok
        assert words(hand.ephemerals()[-1]) == "Only an admin can do this. Nothing changed; ask one of them."


async def test_another_workspaces_changes_are_out_of_reach(morning: World) -> None:
    theirs = factories.team("Their secret", workspace="T0OTHER")

    def elsewhere(tx: Session) -> None:
        audit.begin(tx, Act(new_id(), "T0OTHER", None, "slack", morning.clock.now))
        values.add(tx, theirs)

    await morning.cadence.deps.database.write(elsewhere)
    await carded(morning)
    await admin(morning)

    assert (await morning.hand("Zoe").command("/cadence", "audit")).ok

    told = words(morning.hand("Zoe").ephemerals()[-1])
    assert "Ana Torres" in told
    assert "Their secret" not in told
