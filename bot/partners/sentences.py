"""What people are told when a commitment can't be kept so."""

from bot.catalogue import plain
from bot.errors import sentence
from rituals import partners


@sentence.register
def _(_: partners.NoWords) -> str:
    return plain("Write it in one line.")


@sentence.register
def _(_: partners.AlreadySaid) -> str:
    return plain("What became of it was said already, or nothing was written. Nothing changed.")
