"""What people do with what comes to them: reps plan, managers answer, some are late, some never look."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot.huddle import answer_views, ask_views, card_views, good_week_views, views
from rituals import calendar
from rituals.people import Part, Person
from sandbox import Outcome
from tests.bot.world import buttons
from tests.month import stuck, weekly
from tests.month.company import Away, Company
from tests.month.life import Deed, Message, Month

Json = dict[str, Any]
RESULTS = (
    "{customer} signs the new bookings offer",
    "Three slipped renewals of {customer} called",
    "Twenty qualified leads from {customer} sorted",
    "{customer} confirms the renewals in writing",
    "{customer} names the budget for new bookings",
    "The oldest renewals of {customer} have a date",
    "Five qualified leads at {customer} called",
    "Slides for {customer}",
)
CUSTOMERS = ("Beltrán", "Hafen Logistik", "Castello Foods", "Arden & Co", "Atlas Freight", "Quill Press")
NOTE = "Cake in the kitchen at four"
BUSY = 0.12
"""How often a manager does not come to their card at all that day."""


def habit(month: Month, message: Message) -> None:
    """Have whoever got a message do something about it, in their time."""
    does, acts = message.actions, message.body
    if weekly.habit(month, message):
        return
    if views.WRITE in does and "Excused" not in acts["text"] and "filed" not in acts["text"]:
        _asked(month, message)
    elif views.ACCEPT in does:
        month.later(month.random.randint(5, 60), lambda: _replies(month, message))
    elif ask_views.ANSWER in does:
        month.later(month.random.randint(5, 90), lambda: _answers(month, message))
    elif good_week_views.YES in does:
        month.later(month.random.randint(1, 40), lambda: _says(month, message))
    elif does & {card_views.AGREE_ALL, card_views.AGREE, card_views.REDIRECT, card_views.POST, card_views.RUN}:
        if month.random.random() > BUSY:
            month.later(month.random.randint(8, 25), lambda: _reads_card(month, message))
    elif stuck.habit(month, message):
        return
    elif "Dotted lines" in acts["text"]:
        month.later(month.random.randint(20, 60), lambda: _wonders(month, message))


# A rep's day


def _asked(month: Month, message: Message) -> None:
    """Of a hundred 75 write and 10 take the same plan in time, 3 skip, 3 snooze, 5 are late by hours, 4 never plan."""
    luck = month.random.random()
    if luck < 0.75:
        month.later(month.random.randint(1, 18), lambda: _plans(month, message))
    elif luck < 0.85:
        month.later(month.random.randint(1, 10), lambda: _same(month, message))
    elif luck < 0.88:
        month.later(month.random.randint(1, 10), lambda: _skips(month, message))
    elif luck < 0.91:
        month.later(2, lambda: _snoozes(month, message))
    elif luck < 0.96:
        month.later(month.random.randint(60, 290), lambda: _plans(month, message))


def _results(month: Month) -> str:
    chosen = month.random.sample(RESULTS, month.random.randint(1, 3))
    return "\n".join(one.format(customer=month.random.choice(CUSTOMERS)) for one in chosen)


def _block(shown: Json, action: str) -> str | None:
    """The row of a message in which a button stands."""
    for block in shown.get("blocks", ()):
        if block["type"] == "actions" and any(one["action_id"] == action for one in block["elements"]):
            return str(block["block_id"])
    return None


async def _plans(month: Month, message: Message) -> None:
    name = message.person.given_name
    shown, hand = month.shown(message), month.hand(name)
    if not month.works(name) or _block(shown, views.WRITE) is None or "Saved" in shown["text"]:
        return
    fields: Json = {"today": _results(month)}
    if month.random.random() < 0.1:
        fields |= {"stuck": stuck.worded(month, month.random.choice(CUSTOMERS))}
    if month.random.random() < 0.1:
        fields |= {"note": NOTE, "share": ["yes"]}
        month.tally.signed[f"thread in {_channel(month, name)}"].add(name)

    async def send() -> Outcome:
        form = await month.office.sandbox.until(lambda: hand.view if hand.view and hand.view["submit"] else None)
        return await hand.submit(values=fields | stuck.answers(month, form))

    await month.does(name, "plan", hand.click(shown, views.WRITE), send())
    if month.random.random() < 0.02:
        month.later(month.random.randint(60, 200), lambda: stuck.raises(month, name, month.random.choice(CUSTOMERS)))
    if month.random.random() < 0.08:
        month.later(month.random.randint(20, 200), lambda: _edits(month, message))


def _channel(month: Month, name: str) -> str:
    teams = month.office.company.teams.values()
    return next(str(team.channel) for team in teams if team.id == month.people[name].team_id)


async def _edits(month: Month, message: Message) -> None:
    """The plan is changed after it was filed."""
    name = message.person.given_name
    shown, hand = month.shown(message), month.hand(name)
    if not month.works(name) or _block(shown, views.WRITE) is None:
        return
    fields = {"today": _results(month)}
    await month.does(name, None, hand.click(shown, views.WRITE), hand.submit(values=fields))


async def _same(month: Month, message: Message) -> None:
    name, shown = message.person.given_name, month.shown(message)
    if not month.works(name):
        return
    if _block(shown, views.SAME) is None:
        await _plans(month, message)
        return
    await month.does(name, "same plan", month.hand(name).click(shown, views.SAME))


async def _skips(month: Month, message: Message) -> None:
    name, shown = message.person.given_name, month.shown(message)
    hand = month.hand(name)
    if month.works(name) and _block(shown, views.SKIP) is not None:
        await month.does(name, "skip", hand.click(shown, views.SKIP), hand.submit())


async def _snoozes(month: Month, message: Message) -> None:
    """Asked again later: the prompt that comes back is written at once."""
    name, shown = message.person.given_name, month.shown(message)
    row = next((one for one in _elements(shown) if one["action_id"] == views.MORE), None)
    if month.works(name) and row is not None and len(row["options"]) > 1:
        chosen = row["options"][0]["value"]
        await month.does(name, "snooze", month.hand(name).click(shown, views.MORE, chosen))
        month.asks_back(name, message.body["text"])


def _elements(shown: Json) -> Iterator[Json]:
    for block in shown.get("blocks", ()):
        if block["type"] == "actions":
            yield from block["elements"]


async def _replies(month: Month, message: Message) -> None:
    name, shown = message.person.given_name, month.shown(message)
    action = views.ACCEPT if month.random.random() < 0.8 else views.DISCUSS
    if month.works(name) and _block(shown, action) is not None:
        task = "accept" if action == views.ACCEPT else "discuss"
        await month.does(name, task, month.hand(name).click(shown, action))


async def _answers(month: Month, message: Message) -> None:
    name, shown = message.person.given_name, month.shown(message)
    hand = month.hand(name)
    if month.works(name) and _block(shown, ask_views.ANSWER) is not None:
        fields = {"answer": "Their buyer, on Thursday"}
        await month.does(name, "answer", hand.click(shown, ask_views.ANSWER), hand.submit(values=fields))


async def _says(month: Month, message: Message) -> None:
    name, shown = message.person.given_name, month.shown(message)
    if not month.works(name) or month.random.random() < 0.2:
        return
    action = good_week_views.YES if month.random.random() < 0.7 else good_week_views.NO
    await month.does(name, "say of one's week", month.hand(name).click(shown, action))


# A manager's day


async def _reads_card(month: Month, message: Message) -> None:
    """Agree to all, then settle most of the ⚠, page by page."""
    name = message.person.given_name
    if not month.works(name):
        return
    hand, shown = month.hand(name), month.shown(message)
    if _block(shown, card_views.AGREE_ALL) is not None:
        await month.does(name, "agree all", hand.click(shown, card_views.AGREE_ALL))
    for page in range(12):
        await _settles(month, message)
        await stuck.triages(month, message)
        shown = month.shown(message)
        if "Next page" not in buttons(shown) or page == 11:
            return
        await month.does(name, None, hand.click(shown, card_views.PAGE))


async def _settles(month: Month, message: Message) -> None:
    """Keep or redirect what moves no number on the page that is shown; now and then leave one, or ask."""
    name = message.person.given_name
    hand = month.hand(name)
    for row in [block["block_id"] for block in month.shown(message)["blocks"] if block["type"] == "actions"]:
        shown = month.shown(message)
        block = next((one for one in shown["blocks"] if one.get("block_id") == row), None)
        does = {one["action_id"] for one in block["elements"]} if block else set()
        luck = month.random.random()
        if card_views.KEEP in does and luck < 0.55:
            fields = {"because": "It has to be done"}
            await month.does(
                name,
                "keep",
                hand.click(shown, card_views.KEEP, block_id=row),
                hand.submit(values=fields),
            )
        elif card_views.KEEP in does and luck < 0.9:
            await _redirects(month, message, row)
        elif ask_views.ASK in does and luck > 0.97:
            fields = {"question": "Who decides there?"}
            await month.does(
                name,
                "ask",
                hand.click(shown, ask_views.ASK, block_id=row),
                hand.submit(values=fields),
            )


async def _redirects(month: Month, message: Message, row: str) -> None:
    name = message.person.given_name
    hand, number = month.hand(name), len(month.tally.private)
    fields = {"instead": f"Call the oldest renewal, number {number}", "why": f"They are behind, reason {number}"}
    fields["how"] = answer_views.LIVE if month.random.random() < 0.2 else answer_views.SEND
    month.tally.private |= {fields["instead"], fields["why"]}

    async def send() -> Outcome:
        view = hand.view
        chosen = next(block for block in (view or {})["blocks"] if block.get("block_id") == "item")["element"]
        month.tally.private.add(str(chosen["initial_option"]["text"]["text"]))
        return await hand.submit(values=fields)

    shown = month.shown(message)
    await month.does(name, "redirect", hand.click(shown, card_views.REDIRECT, block_id=row), send())


async def _wonders(month: Month, message: Message) -> None:
    """Somebody with dotted lines asks now and then."""
    name, shown = message.person.given_name, month.shown(message)
    hand = month.hand(name)
    if not month.works(name) or month.random.random() > 0.3 or _block(shown, ask_views.ASK) is None:
        return
    row, fields = _block(shown, ask_views.ASK), {"question": "Do you need me there?"}
    await month.does(
        name,
        "ask",
        hand.click(shown, ask_views.ASK, block_id=row),
        hand.submit(values=fields),
    )


# What happens to people


def happenings(month: Month, built: Company) -> None:
    """Put down what happens on which day: who says that they are away, who leaves, who moves."""
    for gone in built.away:
        if gone.says_on is not None:
            month.at(_noon(month, gone.name, gone.says_on), _going(month, gone))
    if built.leaver is not None:
        name, day = built.leaver
        month.at(_noon(month, name, day), lambda: _leaves(month, name))
    if built.moves is not None:
        mover, moved_on, zone = built.moves
        month.at(_noon(month, mover, moved_on), lambda: _moves(month, mover, zone))


def _noon(month: Month, name: str, day: date) -> datetime:
    moment = calendar.instant(day, time(12), month.people[name].zone)
    assert moment is not None
    return moment


def _going(month: Month, gone: Away) -> Deed:
    async def goes() -> None:
        await _goes(month, gone)

    return goes


async def _goes(month: Month, gone: Away) -> None:
    """By the form that `/plan away` opens."""
    hand = month.hand(gone.name)
    fields: Mapping[str, Any] = {"first": gone.first.isoformat(), "last": gone.last.isoformat(), "part": Part.WHOLE}
    assert (await hand.command("/plan", "away")).ok
    await month.does(gone.name, "away", hand.submit(values=fields))
    month.goes_away(gone)


async def _leaves(month: Month, name: str) -> None:
    await _told(month, lambda: month.office.sandbox.admin.deactivate(month.people[name].slack_id))
    month.people[name] = _as(month, name, active=False)


async def _moves(month: Month, name: str, zone: str) -> None:
    await _told(month, lambda: month.office.sandbox.admin.change(month.people[name].slack_id, tz=zone))
    month.people[name] = _as(month, name, zone=zone)


async def _told(month: Month, change: Callable[[], None]) -> None:
    """Slack tells the app of a change, and the app has heard it."""

    def heard() -> int:
        return sum(one.kind == "events_api" and one.ok for one in month.office.sandbox.deliveries)

    before = heard()
    change()
    await month.office.sandbox.until(lambda: heard() > before)
    await month.office.deliver()


def _as(month: Month, name: str, **facts: Any) -> Person:
    return replace(month.people[name], **facts)
