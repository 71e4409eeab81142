"""What people do around a weekly: say what to talk about, make themes, and lead the hour to its close."""

from datetime import timedelta
from typing import Any

from bot.weekly import action_views, collect_views, theme_views, views
from rituals.people import Team
from tests.month.life import Message, Month
from tests.month.stuck import does_of

Json = dict[str, Any]
MEETS_IN = 120
"""Minutes from the agenda to the meeting."""


def habit(month: Month, message: Message) -> bool:
    """Have whoever got something of a weekly act on it; False when it is of none."""
    does = message.actions
    if does & {collect_views.WRITE, collect_views.NOTHING}:
        month.later(month.random.randint(5, 200), lambda: _says(month, message))
    elif theme_views.MAKE_THEME in does and views.CLOSE not in does:
        month.later(month.random.randint(10, 90), lambda: _decides(month, message))
    elif views.CLOSE in does:
        month.later(MEETS_IN + month.random.randint(5, 20), lambda: _leads(month, message))
    else:
        return False
    return True


async def _says(month: Month, message: Message) -> None:
    """Half have nothing, a third write, the others forget."""
    name, shown = message.person.given_name, month.shown(message)
    hand, luck = month.hand(name), month.random.random()
    if not month.works(name) or collect_views.WRITE not in does_of(shown):
        return
    if luck < 0.5 and collect_views.NOTHING in does_of(shown):
        await month.does(name, "nothing for the weekly", hand.click(shown, collect_views.NOTHING))
    elif luck < 0.8:
        text = f"Why is Legal slow, number {len(month.tally.private)}"
        month.tally.private.add(text)
        press = hand.click(shown, collect_views.WRITE)
        await month.does(name, "say for the weekly", press, hand.submit(values={"text": text}))


async def _decides(month: Month, message: Message) -> None:
    """Two of three proposals become themes, the others are none."""
    name = message.person.given_name
    hand = month.hand(name)
    if not month.works(name):
        return
    for row in _rows(month.shown(message), "theme:"):
        shown = month.shown(message)
        if row not in _rows(shown, "theme:"):
            continue
        if month.random.random() < 0.67:
            await month.does(
                name, "make a theme", hand.click(shown, theme_views.MAKE_THEME, block_id=row), hand.submit()
            )
        else:
            await month.does(name, "not a theme", hand.click(shown, theme_views.NOT_A_THEME, block_id=row))


def _rows(shown: Json, kind: str) -> list[str]:
    return [str(one["block_id"]) for one in shown.get("blocks", ()) if str(one.get("block_id", "")).startswith(kind)]


async def _leads(month: Month, message: Message) -> None:
    """Answer what is owed, take actions, write both lists down, close."""
    name = message.person.given_name
    if not month.works(name) or views.CLOSE not in does_of(month.shown(message)):
        return
    await _settles(month, message)
    await _acts(month, message)
    await _adds(month, message, views.MADE, {"text": "No samples below 10 k"})
    owner = _owner(month, message)
    await _adds(month, message, views.NEEDED, {"text": "Discount rule for two years", "owner": owner})
    hand = month.hand(name)
    await month.does(name, "close a weekly", _press(month, message, views.CLOSE), hand.submit())


async def _settles(month: Month, message: Message) -> None:
    """Each action whose menu is there is done, or moved by a week."""
    name = message.person.given_name
    hand, due = month.hand(name), month.now.date() + timedelta(days=7)
    for row in _rows(month.shown(message), "action:"):
        shown, action = month.shown(message), row.removeprefix("action:")
        if month.random.random() < 0.6:
            press = hand.click(shown, action_views.SETTLE, f"done:{action}", row)
            await month.does(name, "settle an action", press)
        else:
            press = hand.click(shown, action_views.SETTLE, f"move:{action}", row)
            fields = {"due": due.isoformat(), "why": "The client is away"}
            await month.does(name, "move an action", press, hand.submit(values=fields))


async def _acts(month: Month, message: Message) -> None:
    """One action for each theme and for the first that was parked, and one more."""
    name = message.person.given_name
    hand = month.hand(name)
    taken: set[str] = set()
    for _ in range(4):
        owner = _owner(month, message)
        assert (await _press(month, message, views.ACTION)).ok
        form = await month.office.sandbox.until(lambda: hand.view if hand.view and hand.view["submit"] else None)
        fields = {"text": "Ask Legal for a two-day answer", "owner": owner}
        choices = _choices(form)
        chosen = next((value for value in choices if value not in taken), None)
        fields |= {} if chosen is None else {"theme": chosen}
        taken |= {chosen} if chosen else set()
        await month.does(name, None, hand.submit(values=fields))
        month.tally.takes("+ Action", 2)
        if len(taken) == len(choices):
            return


def _choices(form: Json) -> list[str]:
    box = next((one["element"] for one in form["blocks"] if one.get("block_id") == "theme"), None)
    return [str(one["value"]) for one in box["options"]][1:] if box else []


async def _adds(month: Month, message: Message, button: str, fields: Json) -> None:
    name = message.person.given_name
    hand = month.hand(name)
    await month.does(name, "decision", _press(month, message, button), hand.submit(values=fields))


def _press(month: Month, message: Message, button: str) -> Any:
    hand = month.hand(message.person.given_name)
    return hand.click(month.shown(message), button, block_id="running")


def _owner(month: Month, message: Message) -> str:
    """Somebody of the team, who may be named in its channel from now on: they own an action, or a decision."""
    team = _team(month, message)
    mates = [one for one in month.people.values() if one.team_id == team.id and one.active and one.plans]
    chosen = month.random.choice(mates)
    for place in (str(team.channel), f"thread in {team.channel}"):
        month.tally.signed[place].add(chosen.given_name)
    return chosen.slack_id


def _team(month: Month, message: Message) -> Team:
    teams = month.office.company.teams.values()
    return next(team for team in teams if message.body["text"].startswith(f"{team.name} weekly"))
