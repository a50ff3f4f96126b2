"""Cuts a tool's result to what a model should read at once: about 2,000 tokens, structure kept, and what was cut named.

What is missing is named by JSON pointers (RFC 6901) into the whole result, beside the handle by which `read_result`
gives the rest. Tokens are estimated at four bytes each. Limits: an object of very many fields is cut as text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from pydantic import JsonValue

from mcp_tools.pointer import below

MODEL_BYTES = 8_000
_STEPS = ((200, 4000), (100, 2000), (50, 1000), (25, 500), (12, 300), (6, 200), (3, 120), (1, 80))
"""(most items of a list, most characters of a text), tried in turn."""
_MOST_NOTES = 5


@dataclass(frozen=True)
class Fitted:
    """`value` is what the model may see, `text` the same as JSON; `cut` says what is missing, and stands in it too."""

    value: JsonValue
    text: str
    cut: tuple[str, ...]


def fit(result: JsonValue, most_bytes: int = MODEL_BYTES, *, handle: str | None = None, at: str = "") -> Fitted:
    """The result as JSON of at most `most_bytes`. `handle` is its call's id; `at` points to it in the whole result."""
    text = as_json(result)
    if len(text.encode()) <= most_bytes:
        return Fitted(result, text, ())
    for most_items, most_characters in _STEPS:
        cutter = _Cutter(most_items, most_characters)
        smaller = _with_notes(cutter.shorten(result, at), cutter.cut, handle)
        fitted = as_json(smaller)
        if len(fitted.encode()) <= most_bytes:
            return Fitted(smaller, fitted, tuple(cutter.cut))
    return _head(text, f"only the first bytes of the {len(text.encode())} of {at or 'the result'}", most_bytes, handle)


def head_of_text(text: str, whole_bytes: int, handle: str, most_bytes: int = MODEL_BYTES) -> Fitted:
    """The same for a result of which only the beginning of its JSON text is known."""
    return _head(text, f"only the first bytes of the {whole_bytes} of the result", most_bytes, handle)


def as_json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class _Cutter:
    def __init__(self, most_items: int, most_characters: int) -> None:
        self._most_items = most_items
        self._most_characters = most_characters
        self.cut: list[str] = []

    def shorten(self, value: JsonValue, at: str) -> JsonValue:
        if isinstance(value, str):
            return self._text(value, at)
        if isinstance(value, list):
            return self._list(value, at)
        if isinstance(value, dict):
            return {key: self.shorten(item, below(at, key)) for key, item in value.items()}
        return value

    def _text(self, value: str, at: str) -> str:
        if len(value) <= self._most_characters:
            return value
        self._note(f"{at or 'the text'}: the first {self._most_characters} of {len(value)} characters")
        return value[: self._most_characters] + "…"

    def _list(self, value: list[JsonValue], at: str) -> list[JsonValue]:
        if len(value) > self._most_items:
            self._note(f"{at or 'the list'}: the first {self._most_items} of {len(value)}")
        return [self.shorten(item, below(at, str(n))) for n, item in enumerate(value[: self._most_items])]

    def _note(self, note: str) -> None:
        if len(self.cut) < _MOST_NOTES:
            self.cut.append(note)


def _head(text: str, note: str, most_bytes: int, handle: str | None) -> Fitted:
    head = text.encode()[: most_bytes // 2 - 400].decode(errors="ignore")  # escaping may double it
    value = _with_notes({"head": head}, [note], handle)
    return Fitted(value, as_json(value), (note,))


def _with_notes(value: JsonValue, cut: list[str], handle: str | None) -> JsonValue:
    notes: dict[str, JsonValue] = {"_cut": [*cut]}
    if handle is not None:
        notes["_rest"] = f"read_result with call_id {handle}, a pointer of the above, and an offset"
    return {**value, **notes} if isinstance(value, dict) else {**notes, "result": value}
