"""Declarative models, one file per group of nouns. Importing this package gives `Base` all of its tables."""

from storage.tables.base import Base, UtcDateTime
from storage.tables.blockers import Blockers, Counters
from storage.tables.calendars import CompanyDays
from storage.tables.huddles import Cards, Huddles
from storage.tables.kpis import Kpis
from storage.tables.occurrences import Occurrences
from storage.tables.outbox import Outbox
from storage.tables.people import Absences, People, Teams
from storage.tables.plans import PlanItems, PlanRevisions, Plans, Redirects

__all__ = [
    "Absences",
    "Base",
    "Blockers",
    "Cards",
    "CompanyDays",
    "Counters",
    "Huddles",
    "Kpis",
    "Occurrences",
    "Outbox",
    "People",
    "PlanItems",
    "PlanRevisions",
    "Plans",
    "Redirects",
    "Teams",
    "UtcDateTime",
]
