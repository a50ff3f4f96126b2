"""Capability packs: methods that the one who starts an agent adds to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, JsonValue

from worker_agent.protocol.calls import Call, WorkerFault


class PackError(Exception):
    """Raised by a pack's handler to answer with a typed fault; any other exception is answered as `internal_error`."""

    def __init__(self, fault: WorkerFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True)
class PackMethod:
    """One method that a capability pack adds. `handler(arguments, call)` gets a validated `arguments` model.

    One `without_effect` is not remembered as an operation, and only such a one may answer with bytes.
    """

    arguments: type[BaseModel]
    result: type[BaseModel]
    handler: Callable[[Any, Call], Awaitable[BaseModel]]
    without_effect: bool = False


Pack = Callable[[Mapping[str, JsonValue]], Mapping[str, PackMethod]]
"""A pack is `module:function`; the function gets `AgentConfig.pack_options` and returns method name → `PackMethod`."""
