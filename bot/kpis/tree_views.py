"""The tree of KPIs as people read it (F124, F136)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from bot import blocks
from bot.catalogue import Mrkdwn, join, plain, say
from bot.kpis.views import LONGEST_PART, PAID_WORDS, Answer, kpi_text, turning
from rituals.kpis import Reading, Share
from rituals.kpis_numbers import shown
from rituals.kpis_registry import Tree
from rituals.people import Person

Warned = Mapping[UUID, Collection[Reading]]
"""Which red leading KPIs each lagging one is told of."""


def tree(grown: Tree, people: Mapping[UUID, Person], warned: Warned, page: int) -> Answer:
    """Objective → function → KPI → share, what is missing, and pay that does not follow; in pages (F124, F107)."""
    groups = [[blocks.section(text)] for text in _tree_parts(grown, people, warned)]
    found = blocks.pages(groups, blocks.PAGE_BLOCKS - 3, blocks.PAGE_CHARACTERS - 300)
    page = min(max(page, 1), len(found))
    title = say("*Objectives, functions, KPIs and shares*")
    body = [blocks.section(title), *found[page - 1], *turning(page, len(found), "tree")]
    return say("The tree of KPIs"), body


def _tree_parts(grown: Tree, people: Mapping[UUID, Person], warned: Warned) -> Iterable[Mrkdwn]:
    if not grown.objectives:
        yield say("There is no objective yet. A leader or an admin sets the first one: `/kpi objectives`.")
    for objective, branches, bare in grown.objectives:
        head = [say("🎯 *{name}*", name=objective.name)]
        if bare:
            names = ", ".join(function.name for function in bare)
            head.append(say("⚠ no KPI for it: {names}", names=names))
        yield join(head, "\n")
        for branch in branches:
            lines = [say("*{name}*", name=branch.function.name)]
            lines += [_leaf(one, shares, people, warned.get(one.kpi.id, ())) for one, shares in branch.readings]
            yield from chunks(lines, "\n")
    if grown.without_share:
        named = [say("{name}", name=person.name) for person in grown.without_share]
        named[0] = say("⚠ *No share in any KPI:* {name}", name=named[0])
        yield from chunks(named, ", ")
    if grown.mismatches:
        rows = [say("⚠ *Pay that does not follow the KPI*")]
        rows += [
            say(
                "{who}: {label} {name}, {paid}",
                who=m.person.name,
                label=m.kpi.label,
                name=m.kpi.name,
                paid=PAID_WORDS[m.share.paid],
            )
            for m in grown.mismatches
        ]
        yield from chunks(rows, "\n")


def _leaf(
    one: Reading,
    shares: Sequence[tuple[Share, Person]],
    people: Mapping[UUID, Person],
    warned_by: Collection[Reading],
) -> Mrkdwn:
    owner = people.get(one.kpi.owner_id) if one.kpi.owner_id else None
    facts = [one.kpi.label, plain("owner {who}", who=owner.given_name if owner else "nobody")]
    held = [f"{person.given_name} {shown(share.percent)} %" for share, person in shares]
    facts.append(plain("shares: {held}", held=", ".join(held)) if held else plain("nobody has a share"))
    return say(
        "{line}\n      {facts}", line=kpi_text(one, warned_by), facts=blocks.cut_markup(join(facts), LONGEST_PART // 4)
    )


def chunks(parts: Iterable[Mrkdwn], between: str) -> Iterable[Mrkdwn]:
    """Parts put together into as few texts as Slack's limit of a section allows; a part stays whole."""
    held: list[Mrkdwn] = []
    used = 0
    for part in parts:
        if held and used + len(part) > LONGEST_PART:
            yield join(held, between)
            held, used = [], 0
        held.append(part)
        used += len(part) + len(between)
    if held:
        yield join(held, between)
