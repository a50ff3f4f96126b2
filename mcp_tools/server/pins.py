"""Definitions of tools by hash: each definition tells its own, and two sets of them are compared.

A client that pinned a hash sees by the definition itself that it is another one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from mcp import types
from pydantic import JsonValue

from mcp_tools.answers import tool_definition
from mcp_tools.spec import ToolSpec

META = "ink/sha256"
"""Where a definition tells its hash, in `_meta`."""


@cache
def pinned_definition(spec: ToolSpec) -> types.Tool:
    definition = tool_definition(spec)
    return definition.model_copy(update={"meta": {META: digest(definition)}})


def digest(definition: types.Tool) -> str:
    """SHA-256 of what a client is shown: name, texts, schemas and annotations, as canonical JSON."""
    shown = definition.model_dump(mode="json", by_alias=True, exclude_none=True, exclude={"meta"})
    return sha256(json.dumps(shown, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def pins_of(specs: Iterable[ToolSpec]) -> dict[str, str]:
    return {spec.name: (pinned_definition(spec).meta or {})[META] for spec in specs}


@dataclass(frozen=True)
class DefinitionChanges:
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def to_json(self) -> dict[str, JsonValue]:
        return {"added": [*self.added], "removed": [*self.removed], "changed": [*self.changed]}


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> DefinitionChanges:
    return DefinitionChanges(
        added=tuple(sorted(after.keys() - before.keys())),
        removed=tuple(sorted(before.keys() - after.keys())),
        changed=tuple(sorted(name for name in after.keys() & before.keys() if after[name] != before[name])),
    )
