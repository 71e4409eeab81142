"""One item a screen behind `Start`, each with its own actions (F56)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bot import blocks
from bot.blocks import Block
from bot.catalogue import Mrkdwn, join, plain, say
from bot.kpis.lines import line
from bot.stoplight.collect_views import name_of
from bot.stoplight.fired_views import Fired, fired_blocks
from bot.stoplight.inform_views import idle_line
from bot.stoplight.one_views import One, Walk, action_line, kpi_blocks, more_button, warnings
from bot.stoplight.word_views import months_at_goal, quoted, win_line
from rituals.actions import Action
from rituals.blockers import Blocker
from rituals.decisions import Decision
from rituals.decisions_memo import minutes_to_read
from rituals.kpis import Kpi, Reading
from rituals.kpis_periods import Period
from rituals.people import Person
from rituals.stoplight_digest import Digest
from rituals.stoplight_words import Narrative, Win

NEXT = "month.next"
BACK = "month.back"
THANK = "month.thank"
READ_NEXT = "month.read_next"
READ = "month.read"
CLOSE = "month.close"
CLOSE_SUBMIT = "month.close_submit"

MOST_LINES = 12
"""Lines of one screen; what is left stands in the whole report."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen of the walk: its place, and whatever its kind shows."""

    walk: Walk
    month: Period
    of: int
    one: One | None = None
    fired: Fired | None = None
    actions: Sequence[tuple[Person, Sequence[Action]]] = ()
    lines: Sequence[Reading] = ()
    warned: Mapping[UUID, Sequence[Reading]] = field(default_factory=dict)
    owners: Mapping[UUID, Person] = field(default_factory=dict)
    green_for: Mapping[UUID, int] = field(default_factory=dict)
    thankable: bool = False
    wins: Sequence[tuple[Person, Win]] = ()
    early: Sequence[tuple[Person, Sequence[Blocker]]] = ()
    narratives: Sequence[tuple[str, Narrative]] = ()
    changes: Sequence[Mrkdwn] = ()
    idle: Sequence[tuple[Kpi, Person | None]] = ()
    affecting: Sequence[Mrkdwn] = ()
    to_read: Sequence[Decision] = ()
    unread: Sequence[tuple[Decision, Sequence[Person]]] = ()
    open_reds: Sequence[str] = ()
    digest: Digest | None = None
    kpis: Mapping[UUID, str] = field(default_factory=dict)
    zone: str = "UTC"


def screen(page: Screen) -> Block:
    """The room that shows one item, with `Back` and `Next`."""
    kind = page.walk.at.partition(":")[0]
    body = {
        "actions": _last_actions,
        "trigger": _trigger,
        "red": _one,
        "yellow": _one,
        "rest": _rest,
        "words": _words,
        "greens": _greens,
        "next": _next_actions,
        "memos": _memos,
        "close": _closing,
    }[kind](page)
    body.append(_moves(page))
    place = say("{month} · {n} of {of}", month=name_of(page.month), n=page.walk.n + 1, of=page.of)
    body.append(blocks.context(place))
    return blocks.room(name_of(page.month), body, page.walk.model_dump_json(), "month.walk")


def _moves(page: Screen) -> Block:
    buttons = []
    if page.walk.n > 0:
        buttons.append(blocks.button("Back", BACK, f"{page.walk.n - 1}"))
    if page.walk.n < page.of - 1:
        buttons.append(blocks.button("Next", NEXT, f"{page.walk.n + 1}"))
    return blocks.actions(*buttons, block_id="moves")


def _last_actions(page: Screen) -> list[Block]:
    """Last month's actions by owner, done or what stood in the way (F59)."""
    body = [blocks.section(say("*Last month's actions*"))]
    if not page.actions:
        body.append(blocks.context(say("None were agreed last month.")))
    return body + _by_owner(page, lambda one: action_line(one, page.owners))


def _by_owner(page: Screen, told: Callable[[Action], Mrkdwn]) -> list[Block]:
    """A block an action: each may be as long as a block takes, and none may be cut off."""
    body = []
    for person, mine in page.actions:
        lines = [told(one) for one in mine]
        lines[0] = say("*{who}*\n{line}", who=person.name, line=lines[0])
        body += [blocks.section(one) for one in lines]
    return body


def _trigger(page: Screen) -> list[Block]:
    if page.fired is None:
        return [blocks.section(say("This trigger is no longer there."))]
    return fired_blocks(page.fired, page.zone)


def _one(page: Screen) -> list[Block]:
    if page.one is None:
        return [blocks.section(say("This KPI is no longer under review."))]
    return kpi_blocks(page.one, page.zone)


def _rest(page: Screen) -> list[Block]:
    """What asks for nothing: still watched, not filed with the owner's name, slipping."""
    body = [blocks.section(say("*No answer needed*"))]
    return body + _lines(page, lambda one: say("{line}{who}", line=line(one), who=_owned(one, page)))


def _lines(page: Screen, told: Callable[[Reading], Mrkdwn]) -> list[Block]:
    """A line a KPI, with what it is warned of (F63) and with all that is known of it behind `More`."""
    body = []
    for one in page.lines[:MOST_LINES]:
        words = join([told(one), *warnings(page.warned.get(one.kpi.id, ()))], "\n")
        body.append(blocks.section(words, more_button(one.kpi.id, page.month.first)))
    if left := len(page.lines[MOST_LINES:]):
        body.append(blocks.context(say("… and {left} more, in the whole report.", left=left)))
    return body


def _owned(one: Reading, page: Screen) -> Mrkdwn:
    owner = page.owners.get(one.kpi.owner_id) if one.kpi.owner_id else None
    return say(" · {who}", who=owner.name if owner is not None else plain("nobody owns it"))


def _greens(page: Screen) -> list[Block]:
    """Greens by name, wins, and `Thank them` (F55)."""
    body = [blocks.section(say("*At goal*")), *_lines(page, lambda one: _green(one, page))] if page.lines else []
    if page.wins:
        won = [win_line(*one) for one in page.wins[:MOST_LINES]]
        body += [blocks.section(one) for one in (say("*Wins*"), *won)]
    if page.early:
        rows = [_early(who, theirs) for who, theirs in page.early[:MOST_LINES]]
        body.append(blocks.section(join([say("*Escalated early*, before the clock did"), *rows], "\n")))
    if page.thankable:
        button = blocks.button("Thank them", THANK, page.month.first.isoformat(), "primary")
        body.append(blocks.actions(button, block_id="greens"))
    elif page.lines:
        body.append(blocks.context(say("Thanked.")))
    return body


def _early(who: Person, theirs: Sequence[Blocker]) -> Mrkdwn:
    return say("{who}: {labels}", who=who.name, labels=", ".join(one.label for one in theirs[:MOST_LINES]))


def _green(one: Reading, page: Screen) -> Mrkdwn:
    again = months_at_goal(page.green_for.get(one.kpi.id, 1))
    return say("🟢 *{name}*{who}{again}", name=one.kpi.name, who=_owned(one, page), again=again)


def _words(page: Screen) -> list[Block]:
    """What the heads say of their month, and which commitments changed (F64, M13)."""
    body = [blocks.section(quoted(function, narrative)) for function, narrative in page.narratives[:MOST_LINES]]
    return [*body, *_changed(page), *_affecting(page), *_idle(page)]


def _changed(page: Screen) -> list[Block]:
    """The commitments that changed, before and after (M13, F135)."""
    if not page.changes:
        return []
    return [blocks.section(one) for one in (say("*Commitments changed*"), *page.changes[:MOST_LINES])]


def _idle(page: Screen) -> list[Block]:
    """The numbers that nothing came of in the quarter that ended: no vanity metrics (M14)."""
    if not page.idle:
        return []
    head = say("*Informed no decision this quarter*")
    return [blocks.section(one) for one in (head, *(idle_line(*one) for one in page.idle[:MOST_LINES]))]


def _affecting(page: Screen) -> list[Block]:
    """What was decided in one group and touches another's commitment or limit (C6, F72)."""
    if not page.affecting:
        return []
    head = say("*Decided, and others are affected*")
    return [blocks.section(one) for one in (head, *page.affecting[:MOST_LINES])]


def _next_actions(page: Screen) -> list[Block]:
    """What was agreed this month, with owners and dates (M7)."""
    body = [blocks.section(say("*Agreed for next month*"))]
    if not page.actions:
        body.append(blocks.context(say("Nothing yet. `Assign help…` and `Act…` agree on it.")))
    return body + _by_owner(page, lambda one: _promise(one, page))


def _promise(action: Action, page: Screen) -> Mrkdwn:
    helper = page.owners.get(action.helper_id) if action.helper_id else None
    helped = say(", with {who}", who=helper.given_name) if helper is not None else ""
    name = None if action.kpi_id is None else page.kpis.get(action.kpi_id)
    kpi = say(" _({name})_", name=name) if name is not None else ""
    by = blocks.short_day(action.due)
    return say("{text}{kpi}{helped}, by {by}", text=action.text, kpi=kpi, helped=helped, by=by)


def _memos(page: Screen) -> list[Block]:
    """The memos that are owed an answer: the reader's own, then whose day is past (F73)."""
    own = [
        say(
            "{label} {title} ({n} min): `/decide show {label}`",
            label=one.label,
            title=one.title,
            n=minutes_to_read(one),
        )
        for one in page.to_read[:MOST_LINES]
    ]
    late = [
        say(
            "{label} {title}: {who}",
            label=one.label,
            title=one.title,
            who=", ".join([person.given_name for person in readers[:MOST_LINES]]),
        )
        for one, readers in page.unread[:MOST_LINES]
    ]
    body = []
    for head, rows, all_ in (
        (say("*Memos you owe an answer*"), own, page.to_read),
        (say("*Memos unread after their three working days*"), late, page.unread),
    ):
        if rows:
            body += [blocks.section(one) for one in (head, *rows)]
        if left := len(all_[MOST_LINES:]):
            body.append(blocks.context(say("… and {left} more.", left=left)))
    if page.to_read:
        label = plain("Read next ({n} min)", n=minutes_to_read(page.to_read[0]))
        body.append(blocks.actions(blocks.button(label, READ_NEXT, "next", "primary"), block_id="memos"))
    return body


def _closing(page: Screen) -> list[Block]:
    """The last screen: what keeps the month open, or `Close the month…` (F135)."""
    month = name_of(page.month)
    if page.digest is not None and page.digest.closed_at is not None:
        at = blocks.day_of(page.digest.closed_at)
        body = [blocks.section(say("*{month} is closed*, since {at}.", month=month, at=at))]
        if page.digest.guardrails:
            changed = say("*Guardrails changed*\n{lines}", lines=page.digest.guardrails)
            body.append(blocks.section(changed))
        return [*body, *_changed(page)]
    body = [blocks.section(say("*Close {month}*", month=month)), *_changed(page)]
    if page.open_reds:
        names = join(page.open_reds, ", ")
        words = say("Each red leaves with an agreed action, owner, helper and date. Missing: {names}.", names=names)
        return [*body, blocks.section(words)]
    body.append(blocks.section(say("Each red has an agreed action, owner, helper and date.")))
    if page.digest is None:
        return body
    button = blocks.button("Close the month…", CLOSE, str(page.digest.id), "primary")
    return [*body, blocks.actions(button, block_id="close")]
