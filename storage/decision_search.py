"""Decisions found again by their words, best match first: FTS5 on SQLite, tsvector on PostgreSQL, one interface (F76).

Both are given the words as `rituals.search_words` cuts them, so that the same search finds the same on either. A word
of the search is the beginning of a word of the memo; all of them must be there; the title weighs more than the rest.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, table, text
from sqlalchemy.orm import Session

from rituals.decisions import Decision
from rituals.search_words import asked, words_of
from storage.values import TABLES, selecting

_DECISIONS = TABLES[Decision].c
_ROWID = 2**63 - 1
_TITLE_WEIGHS = 10.0

_FORGET = {
    "sqlite": text("DELETE FROM decision_words WHERE rowid = :row"),
    "postgresql": text("DELETE FROM decision_words WHERE decision_id = :id"),
}
_LEARN = {
    "sqlite": text("INSERT INTO decision_words (rowid, decision_id, title, body) VALUES (:row, :hex, :title, :body)"),
    "postgresql": text(
        "INSERT INTO decision_words (decision_id, words) VALUES (:id,"
        " setweight(to_tsvector('simple', :title), 'A') || setweight(to_tsvector('simple', :body), 'D'))"
    ),
}


def index(tx: Session, *decisions: Decision) -> None:
    """Have decisions found by what their memos say now."""
    dialect = tx.get_bind().dialect.name
    rows = [_row(decision) for decision in decisions]
    if rows:
        tx.execute(_FORGET[dialect], rows)
        tx.execute(_LEARN[dialect], rows)


def _row(decision: Decision) -> dict[str, object]:
    title = f"{decision.label} {decision.number} {decision.title}"
    said = (
        decision.context,
        decision.options,
        decision.chosen,
        decision.because,
        decision.consequences,
        decision.will_not,
        decision.capability,
        decision.learned or "",
        decision.killed_because or "",
    )
    return {
        # Of the 62 random bits that end a UUIDv7, no two decisions share all.
        "row": decision.id.int & _ROWID,
        "id": decision.id,
        "hex": decision.id.hex,
        "title": " ".join(words_of(title)),
        "body": " ".join(word for part in said for word in words_of(part)),
    }


def matching(tx: Session, words: str) -> tuple[Select[Any], ColumnElement[Any]] | None:
    """A query for the decisions that hold every one of these words, and its order; None when nothing is asked for."""
    parts = asked(words)
    if not parts:
        return None
    if tx.get_bind().dialect.name == "sqlite":
        # A column with the table's own name: what FTS5 calls the whole row.
        fts = table("decision_words", column("decision_id"), column("decision_words"))
        wanted = " ".join(f'"{part}"*' for part in parts)
        rank = func.bm25(column("decision_words", is_literal=True), 0.0, _TITLE_WEIGHS, 1.0)
        joined = selecting(Decision).join_from(TABLES[Decision], fts, fts.c.decision_id == _DECISIONS.id)
        return joined.where(fts.c.decision_words.op("MATCH")(wanted)), rank
    vectors = table("decision_words", column("decision_id"), column("words"))
    query = func.to_tsquery("simple", " & ".join(f"{part}:*" for part in parts))
    joined = selecting(Decision).join_from(TABLES[Decision], vectors, vectors.c.decision_id == _DECISIONS.id)
    return joined.where(vectors.c.words.op("@@")(query)), -func.ts_rank(vectors.c.words, query)


def find(tx: Session, words: str, *where: ColumnElement[bool], first: int = 0, limit: int = 10) -> Sequence[Decision]:
    """A page of the decisions that hold these words and for which `where` holds, best match first, newest of equals."""
    found = matching(tx, words)
    if found is None:
        return []
    query, rank = found
    rows = tx.execute(query.where(*where).order_by(rank, _DECISIONS.number.desc()).offset(first).limit(limit))
    return [Decision(*row) for row in rows]
