"""How values become facts, the same for all ingesters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum

from knowledge_graph.facts import Attribute, Edge, NodeId, NodeKind, Origin, Relation, Scalar, node_id

_NO_WORD = re.compile(r"[^a-z0-9]+")
LONGEST_TEXT = 500
"""Characters of a text that a user chose; what is longer is cut, for no pack has room for it."""

Told = Scalar | datetime | Enum | None
Related = tuple[Relation, NodeKind, str | None]


def attributes(subject: NodeId, origin: Origin, values: Mapping[str, Told]) -> Iterator[Attribute]:
    """One fact for each value that is known; an empty text tells nothing."""
    for name, value in values.items():
        if value is not None and value != "":
            yield Attribute(subject, name, _scalar(value), origin)


def edges(subject: NodeId, origin: Origin, targets: Iterable[Related]) -> Iterator[Edge]:
    """To each named target; one without a name is not there."""
    for relation, kind, name in targets:
        if name:
            yield Edge(subject, relation, node_id(kind, shortened(one_line(name))), origin)


def word(text: str) -> str:
    """As a part of the name of an attribute."""
    return _NO_WORD.sub("_", text.lower())


def one_line(text: str) -> str:
    """Whoever names a thing could otherwise begin a line of a context pack."""
    if text.isprintable():
        return text
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def shortened(text: str, longest: int = LONGEST_TEXT) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _scalar(value: Scalar | datetime | Enum) -> Scalar:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, Enum):
        return str(value.value)
    return shortened(one_line(value)) if isinstance(value, str) else value
