"""The merged deployment as YAML with the origin of each value beside it: what a person reads, and what init reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast

from ink_core.settings.merging import KeyPath, Merged, Tree


def shown(merged: Merged) -> str:
    """Each plain value or list on a line of its own, in JSON's form, which YAML reads."""
    return "".join(f"{line}\n" for line in _lines(merged, merged.tree, ()))


def _lines(merged: Merged, tree: Tree, at: KeyPath) -> Iterator[str]:
    for key, value in tree.items():
        here, indent = (*at, key), "  " * len(at)
        name = key if key.replace("-", "_").isidentifier() else json.dumps(key)
        if isinstance(value, dict) and value:
            yield f"{indent}{name}:"
            yield from _lines(merged, cast(Tree, value), here)
        else:
            yield f"{indent}{name}: {_plain(value)}  # {merged.source_of(here)}"


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
