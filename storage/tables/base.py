"""What every table shares: naming, the workspace key, aware instants, words for enumerations."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Numeric, String, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

REMEMBERED = 8192


class Remembering:
    """Makes a value once of what is read again and again, as whose team it is: most of a row stands in others too."""

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        """How to make a value of what the driver gives; None where that is the value."""
        made = super().result_processor(dialect, coltype)  # type: ignore[misc] # of the type that it is mixed into
        return None if made is None else lru_cache(REMEMBERED)(made)


class Id(Remembering, Uuid[UUID]):
    """A UUID; SQLite keeps it as text."""


class Base(DeclarativeBase):
    """Every table has a `workspace` column: one database may serve many Slack workspaces."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {UUID: Id()}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(Remembering, TypeDecorator[datetime]):
    """An instant. Refuses naive values; always gives back UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware instant into what the database keeps; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        utc = value.astimezone(UTC)
        # SQLite has no zone of its own and would compare "+00:00" as text.
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the instant back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(Remembering, TypeDecorator[StrEnum]):
    """A member of an enumeration, kept as its word: adding a member needs no migration."""

    impl = String(16)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Keep the word."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002
        """Give the member back; raises ValueError for a word that the enumeration does not know."""
        return None if value is None else self.kind(value)


class Words(Remembering, TypeDecorator[frozenset[StrEnum]]):
    """Members of an enumeration, kept as their words in one order."""

    impl = String(80)
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: frozenset[StrEnum] | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Keep the words."""
        return None if value is None else " ".join(sorted(self.kind(member).value for member in value))

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[StrEnum] | None:  # noqa: ARG002
        """Give the members back; raises ValueError for a word that the enumeration does not know."""
        return None if value is None else frozenset(self.kind(word) for word in value.split())


class Exact(Remembering, TypeDecorator[Decimal]):
    """An exact decimal. SQLite has none and would round through a float, so it keeps text there."""

    impl = Numeric(24, 8)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Text on SQLite, NUMERIC elsewhere."""
        return dialect.type_descriptor(String(40)) if dialect.name == "sqlite" else self.impl_instance

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | str | None:
        """Keep every digit."""
        return str(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Give a Decimal back."""
        return None if value is None else Decimal(value).normalize()


class Row(Base):
    """A row with a UUIDv7 of its own, inside one workspace."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    workspace: Mapped[str] = mapped_column(String(32))
