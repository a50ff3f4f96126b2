"""Cuts a tool's result to what a model should read at once: about 2,000 tokens, structure kept, and what was cut named.

Tokens are estimated at four bytes each. Limits: an object of very many fields is cut as text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from pydantic import JsonValue

MODEL_BYTES = 8_000
_STEPS = ((200, 4000), (100, 2000), (50, 1000), (25, 500), (12, 300), (6, 200), (3, 120), (1, 80))
"""(most items of a list, most characters of a text), tried in turn."""


@dataclass(frozen=True)
class Fitted:
    """`text` is JSON for the model; `cut` says what is missing from it, and is also inside the text as `_cut`."""

    text: str
    cut: tuple[str, ...]


def fit(result: JsonValue, most_bytes: int = MODEL_BYTES) -> Fitted:
    """The result as JSON of at most `most_bytes`."""
    text = _json(result)
    if len(text.encode()) <= most_bytes:
        return Fitted(text, ())
    for most_items, most_characters in _STEPS:
        cutter = _Cutter(most_items, most_characters)
        smaller = cutter.shorten(result, "")
        text = _json(_with_note(smaller, cutter.cut))
        if len(text.encode()) <= most_bytes:
            return Fitted(text, tuple(cutter.cut))
    note = f"only the first {most_bytes} bytes of a result of {len(_json(result).encode())} bytes"
    head = _json(result).encode()[: most_bytes // 2 - 200].decode(errors="ignore")  # escaping may double it
    return Fitted(_json({"_cut": [note], "head": head}), (note,))


class _Cutter:
    def __init__(self, most_items: int, most_characters: int) -> None:
        self._most_items = most_items
        self._most_characters = most_characters
        self.cut: list[str] = []

    def shorten(self, value: JsonValue, path: str) -> JsonValue:
        if isinstance(value, str):
            return self._text(value, path)
        if isinstance(value, list):
            return self._list(value, path)
        if isinstance(value, dict):
            return {key: self.shorten(item, f"{path}.{key}".lstrip(".")) for key, item in value.items()}
        return value

    def _text(self, value: str, path: str) -> str:
        if len(value) <= self._most_characters:
            return value
        self._note(f"{path or 'text'}: the first {self._most_characters} of {len(value)} characters")
        return value[: self._most_characters] + "…"

    def _list(self, value: list[JsonValue], path: str) -> list[JsonValue]:
        if len(value) > self._most_items:
            self._note(f"{path or 'list'}: the first {self._most_items} of {len(value)}")
        return [self.shorten(item, f"{path}[{n}]") for n, item in enumerate(value[: self._most_items])]

    def _note(self, note: str) -> None:
        if len(self.cut) < 5:
            self.cut.append(note)


def _with_note(value: JsonValue, cut: list[str]) -> JsonValue:
    notes: list[JsonValue] = [*cut]
    return {**value, "_cut": notes} if isinstance(value, dict) else {"_cut": notes, "result": value}


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
