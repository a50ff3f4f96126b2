"""Writes docs/reference/settings.md from the settings' own fields: `python -m ink_core.settings.reference`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, cast, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ink_core.settings.layers import shipped_profile
from ink_core.settings.model import Settings

INTRODUCTION = """# Settings

Layers, each over the one before: `base` → profile (`--profile embedded` or `dev`) → site overlay (`--config FILE`) →
environment (`INK_SECTION__KEY=value`). Mappings merge key by key, lists are replaced. An unknown key is an error that
names its file. In files `${NAME}` and `${NAME:-default}` come from the environment and `{data_dir}` is the setting of
that name. This page is made from the code.

| key | value at first | meaning |
|---|---|---|
"""


def reference() -> str:
    """The page as Markdown."""
    return INTRODUCTION + "".join(f"{row}\n" for row in rows(Settings, "", shipped_profile("base")))


def rows(section: type[BaseModel], prefix: str, shipped: dict[str, Any]) -> Iterator[str]:
    """A line of a Markdown table for each key of a section and of those in it: key, first value, meaning."""
    for name, field in section.model_fields.items():
        value = shipped.get(name, field.get_default())
        kinds = list(_models(field.annotation))
        if field.description:
            yield f"| `{prefix}{name}` | {_shown(value)} | {field.description} |"
        for model in kinds:
            inner = cast(dict[str, Any], value) if isinstance(value, dict) else {}
            yield from rows(model, f"{prefix}{name}{_item(field, model)}.", inner)


def _item(field: FieldInfo, model: type[BaseModel]) -> str:
    """Nothing for a section, also one that may be left out; `[]` for an item of a list, `[slurm]` if it has a type."""
    if field.annotation is model or get_args(field.annotation) == (model, type(None)):
        return ""
    kind = model.model_fields.get("type")
    return f"[{kind.default}]" if kind else "[]"


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _shown(value: object) -> str:
    return "required" if value is PydanticUndefined else f"`{json.dumps(value)}`"


if __name__ == "__main__":
    print(reference(), end="")
