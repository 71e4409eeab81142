"""The demo's company: who works there, what they sell, how they talk about it."""

from dataclasses import dataclass
from datetime import time

from rituals.people import Role

WORKSPACE = "T0NORDLICHT"
COMPANY = "Nordlicht"

BERLIN, LONDON, NEW_YORK, SINGAPORE = "Europe/Berlin", "Europe/London", "America/New_York", "Asia/Singapore"


@dataclass(frozen=True, slots=True)
class Employee:
    """Somebody at Nordlicht. `manager` and `team` are names in this file."""

    slack_id: str
    name: str
    title: str
    zone: str
    role: Role
    team: str | None = None
    manager: str | None = None


EMPLOYEES = (
    Employee("U0OMAR", "Omar Haddad", "Chief Revenue Officer", NEW_YORK, Role.LEADER),
    Employee("U0PRIYA", "Priya Raman", "Sales Director", LONDON, Role.LEADER, manager="Omar Haddad"),
    Employee("U0DANA", "Dana Weiss", "Sales Manager EMEA", BERLIN, Role.MANAGER, "EMEA", "Priya Raman"),
    Employee("U0LEE", "Lee Carter", "Sales Manager Americas", NEW_YORK, Role.MANAGER, "Americas", "Priya Raman"),
    Employee("U0NOOR", "Noor Aziz", "Sales Manager APAC", SINGAPORE, Role.MANAGER, "APAC", "Priya Raman"),
    Employee("U0ANA", "Ana Torres", "Account Executive", BERLIN, Role.REP, "EMEA", "Dana Weiss"),
    Employee("U0ELLA", "Ella Grant", "Account Executive", LONDON, Role.REP, "EMEA", "Dana Weiss"),
    Employee("U0JONAS", "Jonas Lind", "Account Executive", BERLIN, Role.REP, "EMEA", "Dana Weiss"),
    Employee("U0MIA", "Mia Keller", "Customer Success", BERLIN, Role.REP, "EMEA", "Dana Weiss"),
    Employee("U0RAVI", "Ravi Shah", "Account Executive", LONDON, Role.REP, "EMEA", "Dana Weiss"),
    Employee("U0TOM", "Tom Becker", "Business Development", BERLIN, Role.REP, "EMEA", "Dana Weiss"),
    Employee("U0LIN", "Lin Ode", "Account Executive, since today", BERLIN, Role.REP),
    Employee("U0DIEGO", "Diego Luna", "Account Executive", NEW_YORK, Role.REP, "Americas", "Lee Carter"),
    Employee("U0GRACE", "Grace Kim", "Customer Success", NEW_YORK, Role.REP, "Americas", "Lee Carter"),
    Employee("U0SAM", "Sam Ortiz", "Business Development", NEW_YORK, Role.REP, "Americas", "Lee Carter"),
    Employee("U0AISHA", "Aisha Rahman", "Account Executive", SINGAPORE, Role.REP, "APAC", "Noor Aziz"),
    Employee("U0KENJI", "Kenji Mori", "Business Development", SINGAPORE, Role.REP, "APAC", "Noor Aziz"),
    Employee("U0WEI", "Wei Chen", "Customer Success", SINGAPORE, Role.REP, "APAC", "Noor Aziz"),
)

CHANNELS = {"EMEA": "C0EMEA", "Americas": "C0AMERICAS", "APAC": "C0APAC"}
AWAY = "Mia Keller"
ADMINS = {"Priya Raman"}
DEPUTIES = {"Dana Weiss": "Ravi Shah"}
HOURS = {"Ravi Shah": (time(8), time(17)), "Grace Kim": (time(8), time(16))}
HOLIDAYS = {BERLIN: "DE-BE", LONDON: "GB-ENG", NEW_YORK: "US-NY", SINGAPORE: "SG"}
EXCUSING = ("vacation", ":palm_tree:", "sick")

TIMES = {
    "asks_at": time(8, 30),
    "reminds_at": time(8, 50),
    "closes_at": time(9, 0),
    "card_at": time(9, 0),
    "meets_at": time(9, 15),
    "posts_at": time(9, 30),
}

RESULTS = {
    "New bookings": (
        "{customer} says yes or no to the revised quote",
        "Signed order form from {customer} on my desk by five",
        "{customer}'s buyer names the date for the contract",
        "{customer} picks one of the two prices",
    ),
    "Renewals": (
        "{customer} confirms the renewal in writing",
        "Three slipped renewals called, each with a new date",
        "{customer}'s open invoice settled before the renewal call",
    ),
    "Pipeline created": (
        "Second meeting with {customer} in both calendars",
        "{customer} names its budget and who decides",
        "Four cold accounts in logistics answered with a yes or a no",
    ),
    "Qualified leads": (
        "Twenty leads from the {customer} webinar sorted, five called",
        "Every lead from Tuesday's fair has a next step or a no",
    ),
    "First answer": (
        "No question from {customer} older than eight hours tonight",
        "The three oldest tickets at {customer} answered by noon",
    ),
}

CUSTOMERS = (
    "Beltrán",
    "Hafen Logistik",
    "Castello Foods",
    "Arden & Co",
    "Mirai Systems",
    "Lakeside Health",
    "Atlas Freight",
    "Helio Energy",
    "Quill Press",
    "Tamarind Retail",
    "Bergmann Optik",
    "Solvay Street",
)

STUCK = {
    "Jonas Lind": ("No NDA from Legal for Helio Energy, asked twice", 2),
    "Ella Grant": ("Legal wants to change our NDA for Quill Press", 2),
    "Ana Torres": ("Legal has not returned the NDA for Beltrán", 2),
    "Ravi Shah": ("Atlas Freight waits for the security questionnaire", 3),
    "Grace Kim": ("Lakeside Health can't log in since the upgrade", 1),
}
"""Blockers that are open when the demo starts: the words and how many working days ago they were raised."""

FIRST_BLOCKER = 40
HELD = {"Jonas Lind", "Ella Grant"}
"""Whose blocker their manager has acked."""
