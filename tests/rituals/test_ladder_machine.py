"""The ladder as a machine: whatever people and calendars do, one step is pending and no level comes twice a climb."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rituals import blockers_life as life
from rituals import calendar, ladder
from rituals.blockers import Blocker, BlockerState
from rituals.calendar import DaysOff
from rituals.ladder import Line, Next, Step
from rituals.people import Absence, Person, Role
from rituals.refusals import Refusal
from rituals.undo import UNDO_FOR
from tests import factories

START = datetime(2026, 11, 23, 7, 42, tzinfo=UTC)
LEADER = factories.person("Leo Marsh", role=Role.LEADER, zone="America/Los_Angeles")
DIRECTOR = factories.person("Priya Raman", role=Role.MANAGER, zone="Europe/London", manager_id=LEADER.id)
DEPUTY = factories.person("Lee Chan", role=Role.MANAGER, manager_id=DIRECTOR.id)
MANAGER = factories.person("Dana Weiss", role=Role.MANAGER, manager_id=DIRECTOR.id, deputy_id=DEPUTY.id)
REPORTER = factories.person("Ana Torres", manager_id=MANAGER.id)
OTHER = factories.blocker(REPORTER.id, 41, opened_at=START - timedelta(days=1), opened_on=START.date())
CROWD = (LEADER, DIRECTOR, DEPUTY, MANAGER, REPORTER)
names = st.sampled_from([MANAGER.id, DIRECTOR.id, DEPUTY.id, LEADER.id])


class Ladder(RuleBasedStateMachine):
    """One blocker, whoever stands around it, and a clock that does what falls due on its way."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.people: dict[object, Person] = {person.id: person for person in CROWD}
        self.absences: list[Absence] = []
        self.blocker = factories.blocker(REPORTER.id, 42, opened_at=START, opened_on=START.date())
        self.waits = [(1, 0)]
        """Each climb and level at which somebody came to have it, in that order."""
        self.lapsed: set[object] = set()
        self.warned: list[tuple[int, datetime, object]] = []
        self.resolved: tuple[BlockerState, datetime] | None = None

    def line(self) -> Line:
        by_person: dict[object, list[Absence]] = {}
        for absence in self.absences:
            by_person.setdefault(absence.person_id, []).append(absence)
        days_off = DaysOff(by_person, ())  # type: ignore[arg-type] # keys are ids
        away = frozenset(
            person.id for person in self.people.values() if days_off.on(person, *self._local(person)) is not None
        )
        return Line(self.people[REPORTER.id], self.people, away, days_off)  # type: ignore[arg-type]

    def _local(self, person: Person) -> tuple[date, time]:
        local = self.now.astimezone(calendar.zone(person.zone))
        return local.date(), local.time()

    def pending(self) -> Next | None:
        return ladder.next_step(self.blocker, self.line(), self.now)

    def fire(self, step: Next) -> None:
        """What the clock does at a step's time; each is looked at anew before."""
        before = self.blocker
        assert before.live
        match step.step:
            case Step.WARN:
                assert before.state is BlockerState.OPEN
                self.warned.append((before.climb, before.since, step.holder.id))
                self.blocker = life.warned(before, step.holder, step.at)
            case Step.CLIMB:
                assert before.state is BlockerState.OPEN
                assert not before.snoozed
                assert step.to is not None
                assert step.to.id != REPORTER.id
                assert before.warned_id == step.holder.id
                assert before.warned_at is not None
                assert step.at - before.warned_at >= ladder.WARNED_BEFORE
                assert step.at - before.since >= timedelta(days=1)
                self.blocker = life.climbed(before, step.level, step.at, by_clock=True)
                self.comes_to_somebody()
            case Step.LAPSE:
                assert before.state in (BlockerState.ACKED, BlockerState.PARKED)
                assert before.moved_at not in self.lapsed, "an ack reopens the ladder once"
                self.lapsed.add(before.moved_at)
                self.blocker = life.lapse(before, step.at)
                self.comes_to_somebody()
            case Step.WAKE:
                assert before.snoozed
                self.blocker = life.wake(before, step.at)

    def comes_to_somebody(self) -> None:
        self.waits.append((self.blocker.climb, self.blocker.level))

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        until = self.now + timedelta(hours=hours)
        while (step := self.pending()) is not None and step.at <= until:
            self.now = max(self.now, step.at)
            again = self.pending()  # the line may look different by then
            if again is not None and again.at <= self.now:
                self.fire(again)
        self.now = until

    @rule(who=names)
    def somebody_acks(self, who: object) -> None:
        self.act(lambda: life.ack(self.blocker, self.people[who], self.now))

    @rule(who=names)
    def somebody_takes_it(self, who: object) -> None:
        self.act(lambda: life.take(self.blocker, self.people[who], self.now))

    @rule(who=names, to=names, days=st.integers(0, 8))
    def somebody_gives_it(self, who: object, to: object, days: int) -> None:
        today = self.now.date()
        due = today + timedelta(days=days)
        self.act(lambda: life.assign(self.blocker, self.people[who], self.people[to], due, today, self.now))

    @rule(who=names)
    def somebody_parks_it(self, who: object) -> None:
        self.act(lambda: life.park(self.blocker, self.people[who], self.now))

    @rule(who=names, taken=st.booleans(), days=st.integers(0, 8))
    def the_weekly_is_over(self, who: object, taken: bool, days: int) -> None:
        if self.blocker.state is not BlockerState.PARKED or self.blocker.snoozed:
            return
        action = factories.action(DEPUTY.id, due=self.now.date() + timedelta(days=days)) if taken else None
        self.blocker = life.met(self.blocker, self.people[who], action, self.now)
        assert (self.blocker.state is BlockerState.ACKED) == taken
        if not taken:
            self.comes_to_somebody()

    @rule(who=names, days=st.integers(1, 30))
    def somebody_snoozes_it(self, who: object, days: int) -> None:
        today = self.now.date()
        until = today + timedelta(days=days)
        self.act(lambda: life.snooze(self.blocker, self.people[who], until, "audit", today))

    @rule(who=names)
    def somebody_sends_it_up(self, who: object) -> None:
        above = self.line().above(self.blocker.level)
        if above is None or not self.blocker.live:
            return
        level, _ = above
        told = life.asked(self.blocker, self.people[who], "help", None)
        self.blocker = life.climbed(told, level, self.now, by_clock=False)
        self.comes_to_somebody()

    @rule(who=names)
    def somebody_resolves_it(self, who: object) -> None:
        before = self.blocker.state
        if self.act(lambda: life.resolve(self.blocker, self.people[who], None, self.now)):
            self.resolved = (before, self.now)

    @rule()
    def it_is_taken_back(self) -> None:
        if self.resolved is not None and not self.blocker.live and self.now - self.resolved[1] <= UNDO_FOR:
            self.blocker = life.take_back(self.blocker, self.resolved[0])
            self.resolved = None

    @rule()
    def it_is_still_stuck(self) -> None:
        if not self.blocker.live:
            self.blocker = life.reopen(self.blocker, self.now)
            self.resolved = None
            self.comes_to_somebody()

    @rule()
    def something_moves(self) -> None:
        if self.blocker.live:
            self.blocker = life.moved(self.blocker, self.now)

    @rule(level=st.integers(0, 2), held=st.booleans())
    def another_is_merged_into_it(self, level: int, held: bool) -> None:
        newer = factories.blocker(REPORTER.id, 43, opened_at=self.now, level=level, opened_on=self.now.date())
        newer = replace(newer, waiting_since=self.now)
        newer = life.ack(newer, DEPUTY, self.now) if held else newer
        was = self.blocker.level
        if self.act(lambda: life.merge(self.blocker, newer, MANAGER, self.now)[0]) and self.blocker.level > was:
            self.comes_to_somebody()

    @rule(who=names, first=st.integers(-1, 6), days=st.integers(0, 12))
    def somebody_goes_away(self, who: object, first: int, days: int) -> None:
        begins = self.now.date() + timedelta(days=first)
        self.absences.append(factories.absence(who, begins, begins + timedelta(days=days)))  # type: ignore[arg-type]

    @rule()
    def everybody_is_back(self) -> None:
        self.absences.clear()

    @rule(who=names, deputy=st.none() | names)
    def somebody_names_a_deputy(self, who: object, deputy: object) -> None:
        self.people[who] = replace(self.people[who], deputy_id=deputy)  # type: ignore[arg-type]

    @rule(who=names)
    def somebody_leaves_or_returns(self, who: object) -> None:
        self.people[who] = replace(self.people[who], active=not self.people[who].active)

    def act(self, act: Callable[[], Blocker]) -> bool:
        try:
            self.blocker = act()
        except Refusal:
            return False
        return True

    @invariant()
    def what_is_closed_has_no_step_and_what_lives_at_most_its_own(self) -> None:
        step = self.pending()
        if step is None:
            return
        expected = {
            BlockerState.OPEN: {Step.WARN, Step.CLIMB},
            BlockerState.ACKED: {Step.LAPSE},
            BlockerState.PARKED: {Step.LAPSE},
        }
        assert self.blocker.live
        assert step.step in ({Step.WAKE} if self.blocker.snoozed else expected[self.blocker.state])
        assert step.holder.id != REPORTER.id or not self.line().rungs

    @invariant()
    def no_level_is_reached_twice_in_a_climb(self) -> None:
        assert len(set(self.waits)) == len(self.waits), self.waits

    @invariant()
    def nobody_is_warned_twice_of_one_wait(self) -> None:
        assert len(set(self.warned)) == len(self.warned), self.warned


Ladder.TestCase.settings = settings(max_examples=120, stateful_step_count=25)
TestLadder = Ladder.TestCase
