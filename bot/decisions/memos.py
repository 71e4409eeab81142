"""A memo written and proposed: its form, kept whatever is refused of it (F66-F68)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bot import blocks
from bot.acting import acting, actor
from bot.catalogue import Mrkdwn, say
from bot.decisions import clock, following, loading, telling
from bot.decisions.memo_views import NO_LIMIT, PROPOSE, MemoForm, MemoMeta, MemoPage, form_of
from bot.decisions.sentences import ChangedMeanwhile
from bot.errors import Several
from bot.fields import NotOnRoster, OnField
from bot.ids import new_id, same_id
from bot.payloads import Who
from rituals import decisions as rules
from rituals.decisions import Decision, Held, Settled, State
from rituals.decisions_lanes import laned
from rituals.decisions_memo import NothingExcluded, missing, require_two_pages
from rituals.decisions_readers import Effect, Reader
from rituals.people import Person
from rituals.policy import Action, require
from rituals.refusals import Refusal
from storage import decisions, drafts, kpis, people, values


def draft_of(decision_id: UUID, person: Person) -> UUID:
    """Under which id somebody's unsent form of a memo is kept."""
    return same_id("memo", decision_id, person.id)


def own_draft(tx: Session, who: Who, decision_id: UUID, now: datetime) -> tuple[Decision, Person]:
    """The draft that somebody may write on; raises Stranger, NoSuchDecision, NotAllowed or Settled."""
    person = actor(tx, who)
    decision = loading.of_id(tx, who.workspace, decision_id)
    require(Action.DECISION_WRITE, person, loading.thing(tx, decision, now))
    if decision.state is not State.DRAFT:
        raise Settled(decision)
    return decision, person


def load_page(tx: Session, who: Who, meta: MemoMeta, now: datetime, form: MemoForm | None = None) -> MemoPage:
    """What the form shows: what stands in it, else what was kept of it, else the memo."""
    decision, person = own_draft(tx, who, meta.id, now)
    kept = drafts.find(tx, draft_of(decision.id, person), now)
    if form is None and kept is not None:
        form = MemoForm.model_validate(kept[0])
    if form is None:
        form = _as_kept(tx, decision)
    return MemoPage(
        meta=meta.model_copy(update={"version": decision.version}),
        decision=decision,
        form=form,
        guardrails=decisions.guardrails(tx, who.workspace),
        places=places(tx, who.workspace),
        draft_of=None if kept is None else blocks.clock_time(kept[1], person.zone),
    )


def places(tx: Session, workspace: str) -> list[tuple[UUID, str]]:
    """Teams and functions that a decision may affect, by name."""
    teams = [(team.id, team.name) for team in people.teams(tx, workspace) if not team.archived]
    return sorted([*teams, *((one.id, one.name) for one in kpis.functions(tx, workspace))], key=lambda one: one[1])


def _as_kept(tx: Session, decision: Decision) -> MemoForm:
    readers = [reader.person_id for reader in decisions.readers(tx, [decision.id])]
    affected = [effect.place for effect in decisions.effects(tx, [decision.id])]
    known = people.some(tx, filter(None, {decision.owner_id, decision.approver_id, *readers}))
    return form_of(decision, {one.id: one.slack_id for one in known.values()}, readers, affected)


def keep_draft(tx: Session, who: Who, meta: MemoMeta, form: MemoForm, now: datetime) -> None:
    """Remember what stands in the form; raises what `own_draft` raises."""
    decision, person = own_draft(tx, who, meta.id, now)
    drafts.keep(tx, decision.workspace, draft_of(decision.id, person), form.model_dump(mode="json"), now)


def asked_before(tx: Session, who: Who, meta: MemoMeta, now: datetime) -> bool:
    """Whether an empty "We will not" was pointed out to somebody in this form."""
    kept = drafts.find(tx, draft_of(meta.id, actor(tx, who)), now)
    return kept is not None and MemoForm.model_validate(kept[0]).asked


def asks_once(refusal: Refusal) -> bool:
    """Whether a refusal is the question about what will not be done, which is asked once (C4)."""
    return isinstance(refusal, Several) and any(isinstance(one, NothingExcluded) for one in refusal.found.values())


def save(tx: Session, who: Who, meta: MemoMeta, form: MemoForm, now: datetime) -> Mrkdwn:
    """Keep the memo and, if asked to, propose it or, where no approval is needed, record it as decided.

    The same form again changes nothing more.
    Raises Several or OnField with what is refused, by field; NotAllowed, Settled, or ChangedMeanwhile.
    """
    by = acting(tx, who, now)
    was = loading.of_id(tx, who.workspace, meta.id, lock=True)
    require(Action.DECISION_WRITE, by, loading.thing(tx, was, now))
    written = _written(tx, was, form, now)
    if _sent_before(was, written, meta, form):
        return _saved(tx, was, by, now)
    if was.state is not State.DRAFT:
        raise Settled(was)
    if was.version != meta.version:
        raise ChangedMeanwhile(was)
    try:
        require_two_pages(written)
    except Refusal as refusal:
        raise OnField("context", refusal) from refusal
    readers = _chosen_readers(tx, was, form)
    _set_effects(tx, was, form)
    drafts.drop(tx, draft_of(was.id, by))
    if form.then != PROPOSE:
        _set_readers(tx, was, readers)
        decisions.write(tx, written, loading.act("written", by, now), was=was)
        _tell_new_owner(tx, was, written, now)
        return _saved(tx, written, by, now)
    if problems := missing(written, asked_before=form.asked):
        raise Several(problems)
    proposed = rules.record_or_propose(written, by, now)
    _set_readers(tx, was, [*readers, *following.affected_owners(tx, proposed)])
    name = "proposed" if proposed.state is State.PROPOSED else "recorded"
    decisions.write(tx, proposed, loading.act(name, by, now), was=was)
    _tell_new_owner(tx, was, proposed, now)
    following.mark_told(tx, proposed, now)
    telling.ask_readers(tx, proposed, now)
    if proposed.state is State.PROPOSED:
        telling.ask_approver(tx, proposed, now)
    else:
        following.settled(tx, proposed, by, now)
    clock.reschedule(tx, proposed)
    return _saved(tx, proposed, by, now)


def _sent_before(was: Decision, written: Decision, meta: MemoMeta, form: MemoForm) -> bool:
    """Whether this very form was kept before, and Slack only never heard of it."""
    left = was.state is not State.DRAFT
    return (
        was.version == meta.version + 1
        and left == (form.then == PROPOSE)
        and written == replace(was, version=written.version)
    )


def _saved(tx: Session, decision: Decision, by: Person, now: datetime) -> Mrkdwn:
    if decision.state is State.DRAFT:
        return say("*{label} {title}* is saved as a draft.", label=decision.label, title=decision.title)
    return telling.outcome(tx, decision, by, now)


def _written(tx: Session, was: Decision, form: MemoForm, now: datetime) -> Decision:
    owner = _person(tx, was.workspace, form.owner, "owner") or people.find(tx, was.author_id)
    approver = _person(tx, was.workspace, form.approver, "approver")
    changed = replace(
        was,
        title=rules.title_of(form.title) or was.title,
        context=form.context,
        options=form.options,
        chosen=form.chosen,
        because=form.because,
        consequences=form.consequences,
        will_not=form.will_not,
        capability=" ".join(form.capability.split()),
        held=None if form.held is None else Held(form.held),
        decide_by=form.decide_by,
        review_on=form.review_on,
        restricted=form.restricted,
        approver_id=None if approver is None else approver.id,
        version=was.version + 1,
    )
    if owner is not None and owner.id != was.owner_id:
        changed = replace(changed, owner_id=owner.id, owner_named_at=now)
    if form.touches is None:
        return replace(changed, lane=None, guardrail_id=None)
    known = {str(one.id): one.id for one in decisions.guardrails(tx, was.workspace)}
    limit = None if form.limit == NO_LIMIT else known.get(form.limit)
    return laned(changed, touches=form.touches == "yes", guardrail_id=limit)


def _tell_new_owner(tx: Session, was: Decision, written: Decision, now: datetime) -> None:
    if written.owner_id != was.owner_id:
        telling.tell_owner(tx, written, now)


def _person(tx: Session, workspace: str, slack_id: str | None, field: str) -> Person | None:
    if slack_id is None:
        return None
    person = people.find_by_slack(tx, workspace, slack_id)
    if person is None:
        raise OnField(field, NotOnRoster())
    return person


def _chosen_readers(tx: Session, decision: Decision, form: MemoForm) -> list[UUID]:
    found = people.behind(tx, decision.workspace, form.readers)
    chosen = [found[one] for one in form.readers if one in found and found[one].active]
    if len(chosen) != len(form.readers):
        raise OnField("readers", NotOnRoster())
    return [person.id for person in chosen]


def _set_readers(tx: Session, decision: Decision, wanted: list[UUID]) -> None:
    """Make these the readers; whoever has answered stays one."""
    standing = {reader.person_id: reader for reader in decisions.readers(tx, [decision.id])}
    gone = [one for person, one in standing.items() if person not in wanted and one.response is None]
    values.remove(tx, *gone)
    new = [person for person in dict.fromkeys(wanted) if person not in standing]
    values.add(tx, *(Reader(new_id(), decision.workspace, decision.id, person) for person in new))


def _set_effects(tx: Session, decision: Decision, form: MemoForm) -> None:
    """Make these the teams and functions that it affects."""
    teams = {str(team.id): team.id for team in people.teams(tx, decision.workspace)}
    functions = {str(one.id): one.id for one in kpis.functions(tx, decision.workspace)}
    standing = {str(effect.place): effect for effect in decisions.effects(tx, [decision.id])}
    wanted = [place for place in form.affects if place in teams or place in functions]
    values.remove(tx, *(effect for place, effect in standing.items() if place not in wanted and effect.told_at is None))
    values.add(
        tx,
        *(
            Effect(new_id(), decision.workspace, decision.id, teams.get(place), functions.get(place))
            for place in wanted
            if place not in standing
        ),
    )
