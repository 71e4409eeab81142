"""What people are told when the rules of a weekly say no: what is wrong, and the next step."""

from bot.blocks import cut, short_day
from bot.catalogue import plain
from bot.errors import sentence
from rituals import actions, meetings, themes
from rituals.meetings import Kind
from rituals.weekly import LONGEST_MEETING, WeeklyOrder

LONGEST_QUOTE = 40
MOST_NAMED = 3


@sentence.register
def _(_: actions.NothingToDo) -> str:
    return plain("Write what will be done, in one line.")


@sentence.register
def _(_: actions.NoOwner) -> str:
    return plain("Somebody here must own it. Pick a colleague who is on the roster.")


@sentence.register
def _(refusal: actions.NoDate) -> str:
    return plain("It needs a date to come: {today} or later.", today=short_day(refusal.today))


@sentence.register
def _(_: actions.WhyNotDone) -> str:
    return plain("Say in one line what stood in the way.")


@sentence.register
def _(refusal: actions.AlreadySettled) -> str:
    text = cut(refusal.action.text, LONGEST_QUOTE)
    return plain("“{text}” is {state} already. Nothing changed.", text=text, state=refusal.action.state.value)


@sentence.register
def _(_: meetings.CollectionOver) -> str:
    return plain("The agenda is being written, so nothing more is collected. Say it in the meeting.")


@sentence.register
def _(_: meetings.AlreadyClosed) -> str:
    return plain("This weekly is closed. What comes up now belongs to the next one.")


@sentence.register
def _(_: meetings.BadMinutes) -> str:
    return plain("Write whole minutes, like 45.")


@sentence.register
def _(refusal: meetings.NotSaid) -> str:
    name = plain("decision made") if refusal.kind is Kind.MADE else plain("decision needed")
    return plain("No {name} is written down. Add one with its button, or tick that there is none.", name=name)


@sentence.register
def _(refusal: meetings.ActionsLack) -> str:
    named = [f"“{cut(one.text, LONGEST_QUOTE)}”" for one in refusal.actions][:MOST_NAMED]
    said = []
    if named:
        more = plain(" and {n} more", n=len(refusal.actions) - MOST_NAMED) if len(refusal.actions) > MOST_NAMED else ""
        words = "Not closed: {names}{more} lacks an owner or a date to come. Its menu has done, move, drop and give."
        said.append(plain(words, names=", ".join(named), more=more))
    if refusal.themes:
        names = ", ".join(one.name for one in refusal.themes[:MOST_NAMED])
        said.append(
            plain(
                "Not closed: {names} has no action yet. Add one with + Action and choose it under “For”.", names=names
            )
        )
    return " ".join(said)


@sentence.register
def _(refusal: WeeklyOrder) -> str:
    match refusal.field:
        case "closes_at":
            return plain("This must come after the time it begins.")
        case "minutes":
            return plain("Whole minutes, from 15 to {most}.", most=LONGEST_MEETING)
    return plain("The agenda comes two hours before, when all is collected. Meet later, or collect earlier.")


@sentence.register
def _(_: themes.NoName) -> str:
    return plain("Give the theme a name that the team will recognise.")


@sentence.register
def _(refusal: themes.AlreadyDecided) -> str:
    words = {
        themes.ThemeState.MADE: plain("is on the agenda already"),
        themes.ThemeState.AGREED: plain("has ended in an action"),
        themes.ThemeState.REFUSED: plain("was refused already"),
    }
    state = words.get(refusal.theme.state, plain("was looked at again since"))
    return plain("“{name}” {state}. Nothing changed.", name=refusal.theme.name, state=state)


@sentence.register
def _(_: themes.SplitsNothing) -> str:
    return plain("Leave at least one ticked and one not; to drop the whole proposal press Not a theme.")
