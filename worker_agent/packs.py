"""Loads capability packs: `module:function`, named by the one who starts the agent, each adding methods.

Limits: a pack is trusted code of the installation; it may not replace a method that is there already.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from worker_agent.protocol import PackMethod

_METHOD_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


class PackNotLoaded(Exception):
    """A pack that was asked for is missing or broken; the message says which and why."""


def load_packs(
    names: Sequence[str], options: Mapping[str, JsonValue], taken: Mapping[str, PackMethod]
) -> dict[str, PackMethod]:
    """`taken` with the methods of the packs."""
    methods = dict(taken)
    for name in names:
        for method, implementation in _load(name, options).items():
            if method in methods or not _METHOD_NAME.fullmatch(method):
                raise PackNotLoaded(f"The pack {name} may not add the method {method}: taken or badly named.")
            methods[method] = implementation
    return methods


def _load(name: str, options: Mapping[str, JsonValue]) -> Mapping[str, PackMethod]:
    module, _, function = name.partition(":")
    try:
        return getattr(importlib.import_module(module), function)(options)
    except Exception as error:
        raise PackNotLoaded(f"The pack {name} cannot be loaded ({type(error).__name__}: {error}).") from error
