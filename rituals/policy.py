"""Who may do what to what: the one place that answers (F98).

An action has one right, a row of `RIGHTS`; `docs/rights.md` is generated from the same rows (`cadence rights`).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from rituals.people import Person, Role, chain_above, deputy_of
from rituals.refusals import Refusal


class Relation(StrEnum):
    """How somebody stands to what is acted on; the words are those of the documentation."""

    OWNER = "whose it is"
    ABOVE = "anybody above them"
    DOTTED = "whoever has a dotted line to them"
    HEAD = "the head of its function"
    ASSIGNEE = "whoever was given it"
    NEEDED = "whoever leads a team that it needs"
    LEADER = "a leader"
    CONTROLLER = "a controller"
    ADMIN = "an admin"
    AUTHOR = "whoever wrote it"
    APPROVER = "its approver"
    READER = "whoever is asked to read it"
    ANYBODY = "everybody on the roster"


ROLES: Mapping[Relation, Role] = {
    Relation.LEADER: Role.LEADER,
    Relation.CONTROLLER: Role.CONTROLLER,
    Relation.ADMIN: Role.ADMIN,
}
"""Relations that somebody has by their role alone, to whatever is acted on."""


class Action(StrEnum):
    """What can be done; the words are those of the documentation."""

    PLAN_WRITE = "write, edit, skip a day's plan, link its results to KPIs"
    REDIRECT_REPLY = "accept or discuss a redirect"
    PLAN_ANSWER = "agree to a plan, redirect or keep its results"
    PLAN_ASK = "ask about a plan"
    QUESTION_ANSWER = "answer a question about a plan"
    CARD_USE = "turn a huddle card's pages, post its summary"
    TEAM_READ = "see how a team's day stands, run its huddle"
    WEEK_READ = "read what somebody's week came to"
    WEEK_SAY = "say whether one's week was good"
    ABSENCE = "say that somebody is away"
    TROUBLE_SETTLE = "decide what becomes of a message that could not be delivered"
    UNDO = "take back an agreement, for ten minutes"
    KPI_PAY_READ = "read whether somebody has a share in a KPI and is paid on it"
    AUDIT_READ = "read who changed what of people, teams and numbers"
    SELF_EDIT = "change when they are asked, their hours, days, holidays and deputy"
    PERSON_EDIT = "change somebody's team, line, hours, days, holidays and deputy"
    ROLE_SET = "give and take roles"
    TEAM_EDIT = "change a team: name, manager, channel, people, huddle, what it asks"
    TEAM_MAKE = "make a team, archive one"
    PEOPLE_READ = "look through people and teams"
    HOLIDAYS = "set company days, holiday calendars and the words that excuse in a Slack status"
    HANDOVER = "take or give away what somebody who left had open"
    GOALS_SET = "set, rename or close objectives and functions"
    KPI_KEEP = "add, retire or link a KPI"
    KPI_VALUE = "file or correct a KPI's value"
    KPI_PROPOSE = "propose another target, direction, band or pace"
    KPI_APPROVE = "approve or return such a proposal"
    KPI_SHARE = "set somebody's share in a KPI"
    WEEKLY_ANSWER = "say what a weekly should talk about"
    WEEKLY_LEAD = "lead a team's weekly: write its lists, close it"
    THEME_DECIDE = "make, split or refuse a theme"
    ACTION_SETTLE = "say that an action is done, move, drop or give it"
    BLOCKER_READ = "read a blocker"
    BLOCKER_TRIAGE = "ack, take, assign, park, snooze or merge a blocker"
    BLOCKER_ASK = "ask about a blocker"
    BLOCKER_SETTLE = "resolve, drop or escalate a blocker, say what is new, answer what is asked"
    BLOCKER_REOPEN = "say that a blocker that was closed is still there"
    BRIEF_READ = "read the brief before somebody's 1:1"
    TALK_NOTE = "say that somebody and their manager have talked"
    TRIGGER_SET = "agree on a trigger of a KPI, end one"
    TRIGGER_ANSWER = "start or overrule what a trigger fired"
    NARRATE = "write a function's narrative of a month"
    INQUIRY_ANSWER = "answer a leader's question about a KPI"
    WIN_NOTE = "note somebody's win, say whether one is named in public"
    MONTH_ANSWER = "acknowledge a red, act on a yellow or watch it, agree on an action for it"
    MONTH_READ = "walk through a month's digest"
    MONTH_DETAIL = "read cause, proposal and what was agreed for a KPI that is off track"
    MONTH_CLOSE = "close one's month"
    PROMISE_KEEP = "have an accountability partner; write one's commitment and what became of it"
    GO_FIRST = "have one's commitment posted where the leaders are"
    DECISION_CAPTURE = "capture a decision"
    DECISION_READ_OPEN = "read and find a decision that was proposed and is kept to nobody"
    DECISION_READ = "read and find any other decision"
    DECISION_WRITE = "write a decision's memo and propose it"
    DECISION_APPROVE = "approve or return a decision"
    DECISION_RESPOND = "answer a memo as a reader"
    DECISION_REPLY = "reply to what a reader asks or objects"
    DECISION_CLOCK = "name the owner of an undecided decision, or kill it"
    DECISION_FOLLOW = "supersede a decision, review what came of it"
    GUARDRAIL_SET = "set and close named limits"
    STRATEGY_READ = "read the strategy"
    STRATEGY_WRITE = "write the strategy, ask teams which choice changes their week"
    STRATEGY_MARK = "say which choice changes one's week"


MOST_READERS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Right:
    """Who may: anybody who stands in one of `may` and in none of `never`. Nobody may across workspaces."""

    may: tuple[Relation, ...]
    never: tuple[Relation, ...] = ()


RIGHTS: Mapping[Action, Right] = {
    Action.PLAN_WRITE: Right((Relation.OWNER,)),
    Action.REDIRECT_REPLY: Right((Relation.OWNER,)),
    Action.PLAN_ANSWER: Right((Relation.ABOVE, Relation.ADMIN)),
    Action.PLAN_ASK: Right((Relation.ABOVE, Relation.DOTTED, Relation.ADMIN)),
    Action.QUESTION_ANSWER: Right((Relation.OWNER,)),
    Action.CARD_USE: Right((Relation.OWNER, Relation.ADMIN)),
    Action.TEAM_READ: Right((Relation.OWNER, Relation.ABOVE, Relation.ADMIN)),
    Action.WEEK_READ: Right((Relation.OWNER, Relation.ABOVE, Relation.ADMIN)),
    Action.WEEK_SAY: Right((Relation.OWNER,)),
    Action.ABSENCE: Right((Relation.OWNER, Relation.ABOVE, Relation.ADMIN)),
    Action.TROUBLE_SETTLE: Right((Relation.OWNER, Relation.ADMIN)),
    Action.UNDO: Right((Relation.OWNER,)),
    Action.KPI_PAY_READ: Right((Relation.OWNER, Relation.ABOVE, Relation.LEADER, Relation.ADMIN)),
    Action.AUDIT_READ: Right((Relation.ADMIN,)),
    Action.SELF_EDIT: Right((Relation.OWNER,)),
    Action.PERSON_EDIT: Right((Relation.ABOVE, Relation.ADMIN)),
    Action.ROLE_SET: Right((Relation.ADMIN,)),
    Action.TEAM_EDIT: Right((Relation.OWNER, Relation.ABOVE, Relation.ADMIN)),
    Action.TEAM_MAKE: Right((Relation.ADMIN,)),
    Action.PEOPLE_READ: Right((Relation.ANYBODY,)),
    Action.HOLIDAYS: Right((Relation.ADMIN,)),
    Action.HANDOVER: Right((Relation.ABOVE, Relation.ADMIN)),
    Action.GOALS_SET: Right((Relation.LEADER, Relation.ADMIN)),
    Action.KPI_KEEP: Right((Relation.HEAD, Relation.LEADER, Relation.ADMIN)),
    Action.KPI_VALUE: Right((Relation.OWNER, Relation.ABOVE, Relation.ADMIN)),
    Action.KPI_PROPOSE: Right((Relation.OWNER, Relation.HEAD, Relation.LEADER, Relation.ADMIN)),
    Action.KPI_APPROVE: Right((Relation.ABOVE, Relation.LEADER, Relation.ADMIN), never=(Relation.OWNER,)),
    Action.KPI_SHARE: Right((Relation.ABOVE, Relation.ADMIN)),
    Action.WEEKLY_ANSWER: Right((Relation.OWNER,)),
    Action.WEEKLY_LEAD: Right((Relation.OWNER, Relation.ABOVE, Relation.ADMIN)),
    Action.THEME_DECIDE: Right((Relation.OWNER, Relation.ABOVE, Relation.ADMIN)),
    Action.ACTION_SETTLE: Right((Relation.OWNER, Relation.ABOVE, Relation.ADMIN)),
    Action.BLOCKER_READ: Right(
        (Relation.OWNER, Relation.ASSIGNEE, Relation.NEEDED, Relation.ABOVE, Relation.DOTTED, Relation.ADMIN)
    ),
    Action.BLOCKER_TRIAGE: Right((Relation.ABOVE, Relation.ASSIGNEE, Relation.NEEDED, Relation.ADMIN)),
    Action.BLOCKER_ASK: Right((Relation.ABOVE, Relation.ASSIGNEE, Relation.NEEDED, Relation.DOTTED, Relation.ADMIN)),
    Action.BLOCKER_SETTLE: Right((Relation.OWNER, Relation.ABOVE, Relation.ASSIGNEE, Relation.NEEDED, Relation.ADMIN)),
    Action.BLOCKER_REOPEN: Right((Relation.OWNER, Relation.ABOVE, Relation.ADMIN)),
    Action.BRIEF_READ: Right((Relation.OWNER, Relation.ABOVE, Relation.ADMIN)),
    Action.TALK_NOTE: Right((Relation.OWNER, Relation.ABOVE)),
    Action.TRIGGER_SET: Right((Relation.HEAD, Relation.LEADER, Relation.ADMIN)),
    Action.TRIGGER_ANSWER: Right((Relation.ABOVE, Relation.LEADER)),
    Action.NARRATE: Right((Relation.HEAD, Relation.LEADER, Relation.ADMIN)),
    Action.INQUIRY_ANSWER: Right((Relation.OWNER,)),
    Action.WIN_NOTE: Right((Relation.ANYBODY,)),
    Action.MONTH_ANSWER: Right((Relation.ABOVE, Relation.LEADER)),
    Action.MONTH_READ: Right((Relation.LEADER, Relation.ADMIN)),
    Action.MONTH_DETAIL: Right(
        (Relation.OWNER, Relation.ABOVE, Relation.HEAD, Relation.LEADER, Relation.CONTROLLER, Relation.ADMIN)
    ),
    Action.MONTH_CLOSE: Right((Relation.OWNER,)),
    Action.PROMISE_KEEP: Right((Relation.OWNER,)),
    Action.GO_FIRST: Right((Relation.LEADER,)),
    Action.DECISION_CAPTURE: Right((Relation.ANYBODY,)),
    Action.DECISION_READ_OPEN: Right((Relation.ANYBODY,)),
    Action.DECISION_READ: Right(
        (
            Relation.OWNER,
            Relation.AUTHOR,
            Relation.ABOVE,
            Relation.APPROVER,
            Relation.READER,
            Relation.LEADER,
        )
    ),
    Action.DECISION_WRITE: Right((Relation.OWNER, Relation.AUTHOR, Relation.ABOVE)),
    Action.DECISION_APPROVE: Right((Relation.APPROVER, Relation.LEADER), never=(Relation.OWNER,)),
    Action.DECISION_RESPOND: Right((Relation.READER,)),
    Action.DECISION_REPLY: Right((Relation.OWNER, Relation.AUTHOR, Relation.ABOVE)),
    Action.DECISION_CLOCK: Right((Relation.OWNER, Relation.ABOVE, Relation.LEADER)),
    Action.DECISION_FOLLOW: Right((Relation.OWNER, Relation.ABOVE, Relation.LEADER)),
    Action.GUARDRAIL_SET: Right((Relation.LEADER, Relation.ADMIN)),
    Action.STRATEGY_READ: Right((Relation.ANYBODY,)),
    Action.STRATEGY_WRITE: Right((Relation.LEADER, Relation.ADMIN)),
    Action.STRATEGY_MARK: Right((Relation.OWNER,)),
}


@dataclass(frozen=True, slots=True)
class About:
    """What is acted on.

    Whose it is, if anybody's; who stands above them, nearest first, deputies included; who has a dotted line to them;
    who heads its function; whom it was given to; who manages a team that it needs. Of a decision, who wrote it, who
    approves it and who is asked to read it.
    """

    workspace: str
    owner: Person | None = None
    above: Sequence[Person] = ()
    head: Person | None = None
    dotted: Sequence[Person] = ()
    assignee: Person | None = None
    needed: Sequence[Person] = ()
    author: Person | None = None
    approver: Person | None = None
    readers: Sequence[Person] = ()


def about(owner: Person, people: Mapping[UUID, Person] | None = None, away: Collection[UUID] = ()) -> About:
    """Something that is a person's; `people` holds everybody above them and their deputies, where that matters.

    Of those above, the deputies of whoever is `away` count too, and come before them (F90); never the person's own.
    """
    known = people or {}
    above: list[Person] = []
    for manager in chain_above(owner, known):
        deputy = deputy_of(manager, known, away) if manager.id in away else None
        above += [each for each in (deputy, manager) if each is not None and each.id != owner.id]
    return About(owner.workspace, owner, tuple(above))


class NotAllowed(Refusal):
    """`actor` may not. `who_can` names who may, nearest first; anybody with one of `roles` may too."""

    def __init__(self, actor: Person, who_can: tuple[Person, ...], roles: tuple[Relation, ...]) -> None:
        super().__init__(actor.id)
        self.actor = actor
        self.who_can = who_can
        self.roles = roles


def may(action: Action, actor: Person, thing: About) -> bool:
    """Whether `actor` may do this."""
    if not actor.active or actor.workspace != thing.workspace:
        return False
    right = RIGHTS[action]
    return any(_stands(actor, one, thing) for one in right.may) and not any(
        _stands(actor, one, thing) for one in right.never
    )


def require(action: Action, actor: Person, thing: About) -> None:
    """Let only those who may go on; raises NotAllowed."""
    if may(action, actor, thing):
        return
    right = RIGHTS[action]
    named = {person.id: person for relation in right.may for person in _named(thing, relation)}
    who_can = tuple(person for person in named.values() if may(action, person, thing))
    raise NotAllowed(actor, who_can, tuple(relation for relation in right.may if relation in ROLES))


def _standing(thing: About) -> Mapping[Relation, Sequence[Person | None]]:
    """Who stands to a thing by more than their role."""
    return {
        Relation.OWNER: (thing.owner,),
        Relation.ABOVE: thing.above,
        Relation.DOTTED: thing.dotted,
        Relation.HEAD: (thing.head,),
        Relation.AUTHOR: (thing.author,),
        Relation.APPROVER: (thing.approver,),
        Relation.READER: thing.readers,
        Relation.ASSIGNEE: (thing.assignee,),
        Relation.NEEDED: thing.needed,
    }


def _named(thing: About, relation: Relation) -> list[Person]:
    """Whom a refusal names: of those above only the nearest, of readers the first few, of dotted lines nobody."""
    most = {Relation.ABOVE: 1, Relation.DOTTED: 0, Relation.READER: MOST_READERS_NAMED}.get(relation, 1)
    return [person for person in _standing(thing).get(relation, ())[:most] if person is not None]


def _stands(actor: Person, relation: Relation, thing: About) -> bool:
    if relation in ROLES:
        return actor.has(ROLES[relation])
    standing = _standing(thing).get(relation, ())
    return relation is Relation.ANYBODY or any(person is not None and actor.id == person.id for person in standing)
