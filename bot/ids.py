"""Ids are made here and nowhere deeper: rules and storage are handed them."""

from uuid import UUID, uuid5

from uuid_utils import compat

CADENCE = UUID("e9d47175-00e2-42eb-8504-43f02231281d")


def new_id() -> UUID:
    """A UUIDv7: unique, and sorted by the time it was made."""
    return compat.uuid7()


def same_id(*about: object) -> UUID:
    """The one id of what these words name, on every host and after every restore.

    For what is opened by the clock: opened again, it finds the message that it had before, and that one's buttons work.
    """
    return uuid5(CADENCE, ":".join(map(str, about)))
