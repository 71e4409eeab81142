"""Who changed what, as an admin reads it (F119)."""

from dataclasses import replace

from sqlalchemy.orm import Session

from bot.acting import acting
from bot.ids import new_id
from bot.payloads import Who
from bot.records import views
from rituals.people import Role
from storage import audit, values
from storage.audit import Act
from tests import factories
from tests.bot import forging
from tests.bot.steps import carded, change, items_of
from tests.bot.world import WORKSPACE, World, buttons, words


async def admin(world: World, name: str = "Zoe") -> None:
    """Make somebody an admin, without a record of it."""
    await change(world, replace(world.people[name], role=Role.ADMIN))


async def renamed(world: World, name: str, to: str) -> None:
    """Somebody's name changes, by themselves."""
    person = world.people[name]

    def work(tx: Session) -> None:
        acting(tx, Who(WORKSPACE, person.slack_id, "people.submit"), world.clock.now)
        values.save(tx, replace(person, name=to))

    await world.cadence.deps.database.write(work)


async def test_an_admin_reads_who_changed_what_by_which_door(morning: World) -> None:
    await renamed(morning, "Tom", "Tom Becker-Lind")
    await admin(morning)

    assert (await morning.hand("Zoe").command("/cadence", "audit")).ok

    told = words(morning.hand("Zoe").ephemerals()[-1])
    assert "*Tom Becker-Lind* · people Tom Becker-Lind · by `people.submit`" in told
    assert "name: Tom Becker → Tom Becker-Lind" in told


async def test_what_people_say_of_their_days_is_recorded_and_read_by_no_admin(morning: World) -> None:
    await carded(morning)
    assert (await morning.hand("Ana").command("/plan", "away tomorrow a secret illness")).ok
    item = (await items_of(morning, "Ana"))[0]
    await admin(morning)

    assert (await morning.hand("Zoe").command("/cadence", "audit")).ok

    assert words(morning.hand("Zoe").ephemerals()[-1]) == "Nothing was changed yet."
    (entry,) = await morning.read(audit.of, [item.id])
    assert (entry.after or {})["text"] == item.text


async def test_what_people_wrote_is_shown_literally(morning: World) -> None:
    await renamed(morning, "Ana", "<!channel> Ana")
    await admin(morning)

    assert (await morning.hand("Zoe").command("/cadence", "audit")).ok

    told = words(morning.hand("Zoe").ephemerals()[-1])
    assert "→ &lt;!channel&gt; Ana" in told
    assert "<!channel>" not in told


async def test_older_changes_are_a_press_away_and_none_is_shown_twice(morning: World) -> None:
    for number in range(70):
        await renamed(morning, "Ana", f"Ana {number:02}")
    await admin(morning)
    zoe = morning.hand("Zoe")
    assert (await zoe.command("/cadence", "audit")).ok

    seen: list[str] = []
    for _ in range(20):
        shown = zoe.ephemerals()[-1]
        seen += [line.rpartition("→ ")[2] for line in words(shown).splitlines() if "→ Ana" in line]
        if "Older" not in buttons(shown):
            break
        assert (await zoe.click(shown, views.OLDER)).ok

    assert seen == [f"Ana {number:02}" for number in reversed(range(70))]


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
    await renamed(morning, "Ana", "Ana Maria")
    await admin(morning)

    assert (await morning.hand("Zoe").command("/cadence", "audit")).ok

    told = words(morning.hand("Zoe").ephemerals()[-1])
    assert "Ana Maria" in told
    assert "Their secret" not in told
