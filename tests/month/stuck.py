"""What people do about what stops them and others: raise it, ack it, give it away, leave it lying, say what is new."""

from datetime import timedelta
from typing import Any

from bot.blockers import views
from sandbox import Outcome
from tests.month.life import Message, Month

Json = dict[str, Any]
TEXTS = (
    "Legal has not returned the NDA for {customer}",
    "No NDA from Legal for {customer}",
    "Pricing has not approved the discount for {customer}",
    "The tool for quotes is slow for {customer}",
    "{customer} waits for the security questionnaire",
)


def worded(month: Month, customer: str) -> str:
    """A blocker in words that nobody else uses, told apart by a number: what no channel may ever hold."""
    text = f"{month.random.choice(TEXTS).format(customer=customer)}, number {len(month.tally.private)}"
    month.tally.private.add(text)
    return text


def answers(month: Month, form: Json) -> Json:
    """What a plan's form says of what one was stuck on before: some is solved; what was said too often goes up."""
    fields: Json = {}
    for block in form["blocks"]:
        row = str(block.get("block_id", ""))
        if row.startswith("blocker:"):
            fixed = month.random.random() < 0.25
            chosen = "solved" if fixed else block["element"]["options"][0]["value"]
            fields[row] = chosen
    return fields


def habit(month: Month, message: Message) -> bool:
    """Have whoever got something about a blocker act on it; False when it is about none."""
    does = message.actions
    if views.SEND in does:
        month.later(month.random.randint(20, 200), lambda: _warned(month, message))
    elif views.HAVE in does:
        month.later(month.random.randint(20, 300), lambda: _asked_for_help(month, message))
    elif views.STILL in does:
        month.later(month.random.randint(5, 90), lambda: _still_or_solved(month, message))
    elif views.ANSWER in does:
        month.later(month.random.randint(5, 90), lambda: _answers(month, message))
    elif does & {views.ACK, views.UPDATE, views.RESOLVE} and message.body["text"].startswith("B-"):
        month.later(month.random.randint(60, 3000), lambda: _works_on_it(month, message))
    else:
        return False
    return True


def rows(shown: Json) -> list[str]:
    """The blockers' rows of a message."""
    found = (str(block.get("block_id", "")) for block in shown.get("blocks", ()) if block["type"] == "actions")
    return [row for row in found if row.startswith("blocker:")]


async def sends(month: Month, name: str, fields: Json) -> Outcome:
    """Fill the form that opens and send it; what opens may say instead that somebody was faster, and is closed."""
    hand = month.hand(name)
    view = await month.office.sandbox.until(lambda: hand.view if "One moment" not in str(hand.view or "") else None)
    return await (hand.submit(view, fields) if view["submit"] else hand.close(view))


async def triages(month: Month, message: Message) -> None:
    """Of a hundred on a card 30 are acked, 10 given away, 10 solved, 15 parked, 5 snoozed; 30 are left lying."""
    name = message.person.given_name
    hand = month.hand(name)
    for row in rows(month.shown(message)):
        shown, luck = month.shown(message), month.random.random()
        does = _does(shown, row)
        if views.ACK not in does:
            continue
        if luck < 0.3:
            await month.does(name, "ack", hand.click(shown, views.ACK, block_id=row))
        elif luck < 0.4:
            await _gives(month, message, row)
        elif luck < 0.5:
            await _resolves(month, message, row)
        elif luck < 0.65 and views.PARK in does:
            await month.does(name, "park", hand.click(shown, views.PARK, block_id=row))
        elif luck < 0.7:
            await _snoozes(month, message, row)


def _does(shown: Json, row: str) -> set[str]:
    block = next((one for one in shown.get("blocks", ()) if one.get("block_id") == row), None)
    return {one["action_id"] for one in block["elements"]} if block else set()


async def _gives(month: Month, message: Message, row: str) -> None:
    name = message.person.given_name
    hand, mates = month.hand(name), _mates(month, message)
    fields = {"to": month.people[month.random.choice(mates)].slack_id}
    press = hand.click(month.shown(message), views.ASSIGN, block_id=row)
    await month.does(name, "assign", press, sends(month, name, fields))


def _mates(month: Month, message: Message) -> list[str]:
    """Who is on a team with whoever reads this, and here; a director's are the managers."""
    me = message.person
    return [
        name
        for name, one in month.people.items()
        if one.active and (one.team_id == me.team_id if me.team_id else one.manager_id == me.id)
    ] or [me.given_name]


async def _resolves(month: Month, message: Message, row: str) -> None:
    name = message.person.given_name
    hand = month.hand(name)
    press = hand.click(month.shown(message), views.RESOLVE, block_id=row)
    await month.does(name, "resolve", press, sends(month, name, {"how": "They answered"}))


async def _snoozes(month: Month, message: Message, row: str) -> None:
    name = message.person.given_name
    hand, day = month.hand(name), month.now.date() + timedelta(days=month.random.randint(2, 7))
    fields = {"until": day.isoformat(), "why": "Waiting for the audit"}
    press = hand.click(month.shown(message), views.MORE, f"snooze:{row.removeprefix('blocker:')}", block_id=row)
    await month.does(name, "snooze a blocker", press, sends(month, name, fields))


async def _warned(month: Month, message: Message) -> None:
    """Four working hours before it climbs: some ack, some write what they ask, most let it go."""
    name, shown = message.person.given_name, month.shown(message)
    hand, luck = month.hand(name), month.random.random()
    if not month.works(name) or views.SEND not in does_of(shown):
        return
    if luck < 0.25:
        await month.does(name, "ack", hand.click(shown, views.ACK))
    elif luck < 0.45:
        fields = {"ask": "Get them to commit to a date"}
        await month.does(name, "send up with an ask", hand.click(shown, views.SEND), sends(month, name, fields))


def does_of(shown: Json) -> set[str]:
    """What the buttons of a message do."""
    rows = (block for block in shown.get("blocks", ()) if block["type"] == "actions")
    return {element["action_id"] for row in rows for element in row["elements"]}


async def _asked_for_help(month: Month, message: Message) -> None:
    """A director has half of it, gives some back, says not now to a few and leaves the rest."""
    name, shown = message.person.given_name, month.shown(message)
    hand, luck, found = month.hand(name), month.random.random(), rows(month.shown(message))
    if not month.works(name) or views.HAVE not in does_of(shown):
        return
    if luck < 0.5:
        await month.does(name, "have", hand.click(shown, views.HAVE))
    elif luck < 0.7:
        await _gives(month, message, found[0])
    elif luck < 0.8:
        fields = {"until": (month.now.date() + timedelta(days=4)).isoformat(), "why": "After the audit"}
        press = hand.click(shown, views.SNOOZE)
        await month.does(name, "not now", press, sends(month, name, fields))


async def _still_or_solved(month: Month, message: Message) -> None:
    name, shown = message.person.given_name, month.shown(message)
    does = does_of(shown)
    if not month.works(name) or views.STILL not in does:
        return
    if views.SOLVED in does and month.random.random() < 0.7:
        await month.does(name, "solved", month.hand(name).click(shown, views.SOLVED))
    elif views.SOLVED in does or month.random.random() < 0.15:
        await month.does(name, "still", month.hand(name).click(shown, views.STILL))


async def _answers(month: Month, message: Message) -> None:
    name, shown = message.person.given_name, month.shown(message)
    hand = month.hand(name)
    if month.works(name) and views.ANSWER in does_of(shown):
        press = hand.click(shown, views.ANSWER)
        await month.does(name, "answer about a blocker", press, sends(month, name, {"answer": "Jo in Legal has it"}))


async def _works_on_it(month: Month, message: Message) -> None:
    """Whoever has it says what is new, or that it is over; half never do."""
    name, shown = message.person.given_name, month.shown(message)
    hand, luck, found = month.hand(name), month.random.random(), rows(month.shown(message))
    if not month.works(name) or not found:
        return
    if luck < 0.3 and views.RESOLVE in _does(shown, found[0]):
        await _resolves(month, message, found[0])
    elif luck < 0.5 and views.UPDATE in _does(shown, found[0]):
        fields = {"news": "They called back and look into it"}
        await month.does(name, "update", hand.click(shown, views.UPDATE), sends(month, name, fields))


async def raises(month: Month, name: str, customer: str) -> None:
    """Somebody is stuck in the middle of the day."""

    async def form() -> Outcome:
        return await month.hand(name).submit(values={"text": worded(month, customer)})

    if month.works(name):
        await month.does(name, "new blocker", month.hand(name).command("/blockers", "new"), form())
