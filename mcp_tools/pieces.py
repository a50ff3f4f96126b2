"""A large value in pieces that a model can read: items of a list, fields of an object or characters of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from mcp_tools.pointer import below
from mcp_tools.truncate import as_json, fit

LEAST_BYTES = 1_000
Kind = Literal["list", "object", "text", "value"]


@dataclass(frozen=True)
class Piece:
    """`total` and `offset` count items, fields or characters; `next_offset` is None when this piece is the last.

    A single item that is too large by itself is shortened, with the pointers of what is missing in its `_cut`.
    """

    kind: Kind
    value: JsonValue
    offset: int
    total: int
    next_offset: int | None


def piece_of(value: JsonValue, at: str, offset: int, most_bytes: int) -> Piece:
    """As much of `value`, which stands at the pointer `at`, as fits `most_bytes` of JSON from `offset` on."""
    if isinstance(value, str):
        text = _characters(value[offset:], most_bytes)
        return _piece("text", text, offset, len(text), len(value))
    if isinstance(value, list):
        taken = _take([(str(n), item) for n, item in enumerate(value)][offset:], at, most_bytes)
        return _piece("list", [item for _, item in taken], offset, len(taken), len(value))
    if isinstance(value, dict):
        taken = _take(list(value.items())[offset:], at, most_bytes)
        return _piece("object", dict(taken), offset, len(taken), len(value))
    return Piece("value", value, 0, 1, None)


def _piece(kind: Kind, value: JsonValue, offset: int, taken: int, total: int) -> Piece:
    end = offset + taken
    return Piece(kind, value, offset, total, end if end < total else None)


def _take(parts: Sequence[tuple[str, JsonValue]], at: str, most_bytes: int) -> list[tuple[str, JsonValue]]:
    """The first parts that fit, at least one."""
    taken, room = list[tuple[str, JsonValue]](), most_bytes - 2
    for key, part in parts:
        size = len(as_json({key: part}).encode())
        if size > room:
            break
        taken.append((key, part))
        room -= size
    if not taken and parts:
        key, part = parts[0]
        room = max(most_bytes - len(as_json(key).encode()) - 4, LEAST_BYTES)
        taken.append((key, fit(part, room, at=below(at, key)).value))
    return taken


def _characters(text: str, most_bytes: int) -> str:
    text = text[:most_bytes]
    while (size := len(as_json(text).encode())) > most_bytes:
        text = text[: max(1, len(text) * most_bytes // size - 1)]
    return text
