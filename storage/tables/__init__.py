"""Declarative models, one file per group of nouns. Importing this package gives `Base` all of its tables."""

from storage.tables.actions import Actions
from storage.tables.audit import Audit
from storage.tables.base import Base, UtcDateTime
from storage.tables.blockers import Blockers, BlockerSteps, BlockerUpdates, Counters
from storage.tables.calendars import CompanyDays
from storage.tables.decisions import DecisionEffects, DecisionLog, DecisionReaders, Decisions, Guardrails
from storage.tables.huddles import Cards, GoodWeeks, HuddlePlans, Huddles, OwedAnswers, Runs
from storage.tables.kpis import (
    Functions,
    KpiChanges,
    KpiLinks,
    Kpis,
    KpiShares,
    KpiTerms,
    KpiValues,
    Objectives,
)
from storage.tables.occurrences import Occurrences, Pulses
from storage.tables.outbox import Holds, Outbox, Paces, Recipients
from storage.tables.people import (
    Absences,
    DottedLines,
    ExcusingWords,
    Handovers,
    People,
    RosterReadings,
    SlackProfiles,
    Teams,
)
from storage.tables.plans import Drafts, PlanItems, PlanRevisions, Plans, Questions, Redirects
from storage.tables.stoplight import (
    Digests,
    Explanations,
    Firings,
    Inquiries,
    MonthPlans,
    Narratives,
    Reviews,
    StaleMonths,
    Triggers,
    UnnamedPeople,
    Wins,
)
from storage.tables.team_questions import Moods, PlanAnswers, TeamQuestions

__all__ = [
    "Absences",
    "Actions",
    "Audit",
    "Base",
    "BlockerSteps",
    "BlockerUpdates",
    "Blockers",
    "Cards",
    "CompanyDays",
    "Counters",
    "DecisionEffects",
    "DecisionLog",
    "DecisionReaders",
    "Decisions",
    "Digests",
    "DottedLines",
    "Drafts",
    "ExcusingWords",
    "Explanations",
    "Firings",
    "Functions",
    "GoodWeeks",
    "Guardrails",
    "Handovers",
    "Holds",
    "HuddlePlans",
    "Huddles",
    "Inquiries",
    "KpiChanges",
    "KpiLinks",
    "KpiShares",
    "KpiTerms",
    "KpiValues",
    "Kpis",
    "MonthPlans",
    "Moods",
    "Narratives",
    "Objectives",
    "Occurrences",
    "Outbox",
    "OwedAnswers",
    "Paces",
    "People",
    "PlanAnswers",
    "PlanItems",
    "PlanRevisions",
    "Plans",
    "Pulses",
    "Questions",
    "Recipients",
    "Redirects",
    "Reviews",
    "RosterReadings",
    "Runs",
    "SlackProfiles",
    "StaleMonths",
    "TeamQuestions",
    "Teams",
    "Triggers",
    "UnnamedPeople",
    "UtcDateTime",
    "Wins",
]
