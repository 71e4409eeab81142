"""What people are told when their forms about people and teams can't be kept, each with a next step."""

from difflib import get_close_matches

from holidays import list_supported_countries

from bot.blocks import short_day
from bot.catalogue import plain
from bot.errors import sentence
from rituals.absences import AlreadyAway, BadDays
from rituals.calendar import UnknownCalendar
from rituals.handover import AlreadyGiven, NotHere
from rituals.hours import BackwardHours
from rituals.people import Loop
from rituals.roster import LastAdmin
from rituals.settings import (
    AskedOutsideHours,
    AskedTooLate,
    ClimbOrder,
    EditedMeanwhile,
    HuddleOrder,
    NameTaken,
    NobodyAbove,
    NoManager,
    NoName,
    NoSuchPerson,
    NoTime,
    NoWorkingDays,
    OwnDeputy,
)

MOST_PARTS = 20


@sentence.register
def _(_: EditedMeanwhile) -> str:
    return plain("Somebody changed this in the meantime. Open it again to see how it stands.")


@sentence.register
def _(_: NoManager) -> str:
    return plain("Nobody manages this team. Name a manager first: plans there would be answered by nobody.")


@sentence.register
def _(refusal: NobodyAbove) -> str:
    who = refusal.manager.name
    return plain("Nobody stands above {who}. Say whom they answer to first: /cadence people.", who=who)


@sentence.register
def _(refusal: NoSuchPerson) -> str:
    if refusal.why is None:
        return plain("Cadence has not heard of this account yet. Pick somebody else, or try again in a few minutes.")
    return plain("This account {why}, so it is none of the people here. Pick somebody else.", why=refusal.why)


@sentence.register
def _(_: OwnDeputy) -> str:
    return plain("Nobody stands in for themselves. Pick somebody else, or leave it empty.")


@sentence.register
def _(_: NoWorkingDays) -> str:
    return plain("Tick one day at least. Somebody who works on none is better made an observer.")


@sentence.register
def _(_: NoTime) -> str:
    return plain("Choose the time here, or one of the times above.")


@sentence.register
def _(refusal: AskedTooLate) -> str:
    at = f"{refusal.closes_at:%H:%M}"
    return plain("The team's plan closes at {at}. Choose an earlier time, or the working day before.", at=at)


@sentence.register
def _(_: AskedOutsideHours) -> str:
    return plain("That is outside the working hours in this form. Change one of the two.")


@sentence.register
def _(_: BackwardHours) -> str:
    return plain("Working hours need both ends, the first before the last. Leave both empty for none.")


@sentence.register
def _(refusal: UnknownCalendar) -> str:
    code = refusal.code.strip()
    known = list_supported_countries(include_aliases=False)
    country = code.partition("-")[0].upper()
    if country in known:
        parts = ", ".join(f"{country}-{part}" for part in known[country][:MOST_PARTS])
        return plain("I know {country}, and of it: {parts}.", country=country, parts=parts or plain("no parts"))
    close = get_close_matches(country, known, n=3, cutoff=0.4)
    offer = plain(" Did you mean {codes}?", codes=" or ".join(close)) if close else ""
    return plain("Write a country's two letters, or a part of it: DE, DE-BE, US-CA.{offer}", offer=offer)


@sentence.register
def _(refusal: Loop) -> str:
    if refusal.person.id == refusal.manager.id:
        return plain("Nobody reports to themselves. Pick somebody else, or leave it empty for the team's manager.")
    names = {"person": refusal.person.given_name, "manager": refusal.manager.given_name}
    return plain("{manager} reports to {person} already, so this would be a circle. Change {manager} first.", **names)


@sentence.register
def _(refusal: LastAdmin) -> str:
    return plain("{who} is the only admin. Make somebody else an admin first.", who=refusal.person.given_name)


@sentence.register
def _(_: NoName) -> str:
    return plain("Give the team a name.")


@sentence.register
def _(refusal: NameTaken) -> str:
    if refusal.team.archived:
        return plain(
            "An archived team is called {name}. Bring it back, or choose another name.", name=refusal.team.name
        )
    return plain("There is a team called {name} already. Choose another name.", name=refusal.team.name)


@sentence.register
def _(_: ClimbOrder) -> str:
    return plain("This must be more than the days above it.")


@sentence.register
def _(_: HuddleOrder) -> str:
    return plain("This must come after the time above it: asked, reminded, closed, met, posted.")


@sentence.register
def _(refusal: AlreadyAway) -> str:
    absence = refusal.absence
    days = {"first": short_day(absence.first_day), "last": short_day(absence.last_day)}
    who = refusal.person.given_name
    return plain("{who} is away then already: {first} to {last}. Nothing changed.", who=who, **days)


@sentence.register
def _(refusal: BadDays) -> str:
    days = {"first": short_day(refusal.first), "last": short_day(refusal.last)}
    return plain("I read {first} to {last}: that is over already, ends before it begins, or is over a year.", **days)


@sentence.register
def _(refusal: AlreadyGiven) -> str:
    return plain("{who} has this already. Nothing changed; the list shows how it stands.", who=refusal.to.given_name)


@sentence.register
def _(refusal: NotHere) -> str:
    return plain("{who} has left. Pick somebody who is here.", who=refusal.person.given_name)
