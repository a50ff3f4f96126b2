"""Deep merge of layers that remembers which of them set each value.

Mappings merge key by key; lists and plain values are replaced as a whole, by the later layer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import ValidationError

from ink_core.complaints import in_plain_words

Tree = dict[str, Any]
KeyPath = tuple[str, ...]
Source = Callable[[KeyPath], str]


@dataclass
class Merged:
    """The merged tree, with the layer that set each key last."""

    tree: Tree = field(default_factory=lambda: Tree())
    origin: dict[KeyPath, str] = field(default_factory=lambda: dict[KeyPath, str]())

    def add(self, layer: Tree, source: str | Source) -> None:
        """`source` names the layer, or tells for each key where it stands."""
        self._merge(self.tree, layer, (lambda _: source) if isinstance(source, str) else source, ())

    def _merge(self, into: Tree, layer: Tree, source: Source, at: KeyPath) -> None:
        for key, value in layer.items():
            here = (*at, key)
            if not isinstance(value, dict):
                into[key] = value
                self._set(here, source(here))
                continue
            if not isinstance(into.get(key), dict):
                into[key] = {}
                self._set(here, source(here))
            self._merge(cast(Tree, into[key]), cast(Tree, value), source, here)

    def _set(self, at: KeyPath, source: str) -> None:
        """What stood below a replaced value is gone, and so is where it came from."""
        for known in [known for known in self.origin if known[: len(at)] == at]:
            del self.origin[known]
        self.origin[at] = source

    def source_of(self, location: tuple[str | int, ...]) -> str:
        """The layer that last set this value, or something in this section; else the nearest one above."""
        path = tuple(str(part) for part in location)
        at_or_below = [source for known, source in self.origin.items() if path and known[: len(path)] == path]
        above = (self.origin.get(path[:length]) for length in range(len(path), 0, -1))
        return at_or_below[-1] if at_or_below else next((source for source in above if source), "the configuration")

    def problems(self, error: ValidationError) -> list[str]:
        """A line for each: the layer that set the value, the key, and what is wrong."""
        return [self._problem(item["loc"], item["type"], item["msg"]) for item in error.errors()]

    def _problem(self, location: tuple[str | int, ...], kind: str, message: str) -> str:
        key = ".".join(str(part) for part in location)
        what = "unknown key" if kind == "extra_forbidden" else in_plain_words(message)
        return f"{self.source_of(location)}: {key}: {what}" if key else f"configuration: {what}"
