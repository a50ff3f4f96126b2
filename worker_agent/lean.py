"""Keeps the agent small: what its libraries import at their start and the agent never uses is not loaded.

Limits: only for a process that is an agent and nothing else, before those libraries are imported. Whoever imports one
of the unused modules later, for instance a capability pack, gets the real one.
"""

from __future__ import annotations

import importlib
import sys
import typing
from collections.abc import Generator
from contextlib import contextmanager
from types import ModuleType
from typing import Any, NoReturn

import typing_extensions


class _Unused(Exception):
    """What stands for a class or an exception of a module that is not loaded."""

    def __init__(self, *_: Any, **__: Any) -> NoReturn:
        raise RuntimeError("this part of the standard library is not loaded in an agent")


class _PlainDict(dict[str, Any]):
    """What stands for a `TypedDict`: it keeps no types."""

    def __init_subclass__(cls, **_: Any) -> None:
        cls.__annotations__ = {}


def _nothing(**_: Any) -> tuple[()]:
    return ()


_UNUSED: dict[str, dict[str, Any]] = {
    "decimal": {"Decimal": _Unused},  # pydantic knows these types: none is on the wire
    "fractions": {"Fraction": _Unused},
    "importlib.metadata": {"entry_points": _nothing},  # pydantic looks for plugins: there are none
    "urllib.request": {},  # websockets asks for a proxy: the agent dials directly
    "zoneinfo": {"ZoneInfo": _Unused, "ZoneInfoNotFoundError": _Unused},
}
_NEVER: dict[str, dict[str, Any]] = {
    "pydantic.json_schema": {  # what describes models to others: an agent describes none
        "DEFAULT_REF_TEMPLATE": "",
        "GenerateJsonSchema": _Unused,
        "JsonSchemaKeyT": str,
        "JsonSchemaMode": str,
        "JsonSchemaValue": dict,
        "PydanticJsonSchemaWarning": _Unused,
        "model_json_schema": _nothing,
    },
}
"""The same for good: pydantic asks for these again whenever it builds a model."""


@contextmanager
def without_unused_modules() -> Generator[None]:
    """While the block runs, imports of the unused modules get a stand-in, unless they are loaded already."""
    unused = {**_UNUSED, **_NEVER}
    stand_ins = {name: _stand_in(name, names) for name, names in unused.items() if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        with _plain_typed_dicts():
            yield
    finally:
        for name in stand_ins.keys() & _UNUSED.keys():
            del sys.modules[name]


@contextmanager
def _plain_typed_dicts() -> Generator[None]:
    """What pydantic's library of schemas says of its dictionaries is for type checkers: nobody asks for it here."""
    homes: tuple[Any, ...] = (typing, typing_extensions)
    real = [home.TypedDict for home in homes]
    for home in homes:
        home.TypedDict = _PlainDict
    try:
        importlib.import_module("pydantic_core.core_schema")
    finally:
        for home, kept in zip(homes, real, strict=True):
            home.TypedDict = kept
    yield


def _stand_in(name: str, names: dict[str, Any]) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(names)
    return module
