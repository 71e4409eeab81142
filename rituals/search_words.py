"""Words to search by, the same for both databases: without case, accents or punctuation."""

import re
import unicodedata

LONGEST_WORD = 64
MOST_WORDS = 16
"""Words of one search; the rest narrow nothing down that these do not."""

_WORD = re.compile(r"[^\W_]+")


def words_of(text: str) -> list[str]:
    """The words of a text in their order: "Größe, Café_2" → "grosse", "cafe", "2"."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain.casefold())]


def asked(text: str) -> list[str]:
    """The words that a search looks for, each as the beginning of a word."""
    return words_of(text)[:MOST_WORDS]
