"""The one statement that looks for events across chains, for both databases: they differ in marks and names only."""

from __future__ import annotations

from dataclasses import dataclass

from audit.canonical import time_text
from audit.ledger import Where

LAST = 2**63 - 1


@dataclass(frozen=True)
class Dialect:
    """`mark` stands for a value; `index_of` is the function (text, piece) that is 0 where the piece is not there."""

    table: str
    mark: str
    index_of: str


def newest(dialect: Dialect, where: Where, before: int | None, limit: int) -> tuple[str, list[str | int]]:
    """Statement and values.

    Limit: without a chain all events below `before` are looked at until `limit` are found.
    """
    wanted: list[tuple[str, str | int]] = [("position < {}", LAST if before is None else before)]
    wanted += [("position >= {}", where.first)] if where.first else []
    wanted += [("chain = {}", where.chain)] if where.chain else []
    wanted += [("kind = {}", where.kind)] if where.kind else []
    wanted += [("time >= {}", time_text(where.since))] if where.since else []
    wanted += [("time < {}", time_text(where.until))] if where.until else []
    wanted += [(dialect.index_of + "(body, {}) > 0", piece) for piece in where.pieces]
    conditions = " AND ".join(condition.format(dialect.mark) for condition, _ in wanted)
    columns = "position, chain, seq, kind, time, body, seal, private, prev, hash"
    found = f"SELECT {columns} FROM {dialect.table} WHERE {conditions}"  # noqa: S608 (fixed words; values have marks)
    return f"{found} ORDER BY position DESC LIMIT {dialect.mark}", [*(value for _, value in wanted), limit]
