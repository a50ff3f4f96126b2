"""Changes as bytes: JSON, in which each origin stands once, compressed by zlib.

`{"origins": [[source, layer, observed_at, confidence, expires_at, confidentiality, integrity, readers], …],
"changes": [["+", subject, name, value, o], ["+", subject, relation, target, o, 1], ["-", …], ["=", o, o], …]}`, where o
is the number of an origin, "+" is said, "-" unsaid, "=" renewed, and a sixth element makes it an edge.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson

from ink_core.errors import InkError
from ink_core.labels import Confidentiality, Integrity, Label
from knowledge_graph.changes import Change, Renewed, Said, Unsaid
from knowledge_graph.facts import Attribute, Edge, Fact, Layer, Origin, Relation

LEVEL = 1
"""Of zlib: four times the speed of the default for a tenth more bytes."""

Row = list[Any]
_MADE = {"+": Said, "-": Unsaid}


class KnowledgeDamaged(InkError):
    """What the database holds of the model is not what was written there."""

    code = "knowledge_damaged"


def encode(changes: Iterable[Change]) -> bytes:
    origins = _Origins()
    rows = [_change_row(change, origins) for change in changes]
    document = {"origins": [_origin_row(origin) for origin in origins.all], "changes": rows}
    return zlib.compress(orjson.dumps(document), LEVEL)


def decode(body: bytes) -> Sequence[Change]:
    """Raises `KnowledgeDamaged`."""
    try:
        document = orjson.loads(zlib.decompress(body))
        origins = [_origin(row) for row in document["origins"]]
        return [_change(row, origins) for row in document["changes"]]
    except (zlib.error, ValueError, LookupError, TypeError) as error:
        raise KnowledgeDamaged(f"an entry of the saved model cannot be read: {error}") from error


class _Origins:
    """Told apart by identity: an origin is long to hash, and is shared by many facts anyway."""

    def __init__(self) -> None:
        self.all: list[Origin] = []
        self._numbers: dict[int, int] = {}

    def number(self, origin: Origin) -> int:
        number = self._numbers.get(id(origin))
        if number is None:
            number = self._numbers[id(origin)] = len(self.all)
            self.all.append(origin)
        return number


def _change_row(change: Change, origins: _Origins) -> Row:
    if isinstance(change, Renewed):
        return ["=", origins.number(change.before), origins.number(change.after)]
    return ["+" if isinstance(change, Said) else "-", *_fact_row(change.fact, origins)]


def _fact_row(fact: Fact, origins: _Origins) -> Row:
    number = origins.number(fact.origin)
    if isinstance(fact, Attribute):
        return [fact.subject, fact.name, fact.value, number]
    return [fact.subject, fact.relation.value, fact.target, number, 1]


def _origin_row(origin: Origin) -> Row:
    return [
        origin.source,
        origin.layer.value,
        origin.observed_at.isoformat(),
        origin.confidence,
        origin.expires_at and origin.expires_at.isoformat(),
        origin.label.confidentiality.value,
        origin.label.integrity.value,
        sorted(origin.readers),
    ]


def _change(row: Row, origins: Sequence[Origin]) -> Change:
    kind = row[0]
    if kind == "=":
        return Renewed(origins[int(row[1])], origins[int(row[2])])
    return _MADE[kind](_fact(row[1:], origins))


def _fact(row: Row, origins: Sequence[Origin]) -> Fact:
    subject, word, value, number = row[:4]
    if len(row) == 4:
        return Attribute(subject, word, value, origins[int(number)])
    return Edge(subject, Relation(word), value, origins[int(number)])


def _origin(row: Row) -> Origin:
    source, layer, observed_at, confidence, expires_at, confidentiality, integrity, readers = row
    return Origin(
        source=source,
        layer=Layer(layer),
        observed_at=datetime.fromisoformat(observed_at),
        confidence=confidence,
        expires_at=None if expires_at is None else datetime.fromisoformat(expires_at),
        label=Label(Confidentiality(confidentiality), Integrity(integrity)),
        readers=frozenset(readers),
    )
