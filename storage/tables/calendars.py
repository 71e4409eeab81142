"""What the company says about single dates."""

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Row


class CompanyDays(Row):
    """`rituals.calendar.CompanyDay`."""

    __tablename__ = "company_days"
    __table_args__ = (Index(None, "workspace", "day"),)

    calendar: Mapped[str | None] = mapped_column(String(32))
    day: Mapped[date]
    name: Mapped[str] = mapped_column(String(200))
    working: Mapped[bool]
