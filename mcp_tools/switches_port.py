"""What is switched while the manager runs, as a tool does it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from pydantic import Field

from ink_core.errors import NotFound
from mcp_tools.tool_value import ToolValue


class SwitchKind(StrEnum):
    MODEL = "model"
    LENS_RULE = "lens_rule"


class SwitchState(StrEnum):
    """`dry_run`: what a rule would do is told and not done; a model knows on and off only."""

    ON = "on"
    DRY_RUN = "dry_run"
    OFF = "off"


class SetSwitch(ToolValue):
    kind: SwitchKind
    name: str = Field(min_length=1, max_length=100)
    to: SwitchState
    reason: str = Field(min_length=1, max_length=1000)


class Switched(SetSwitch):
    by: str
    at: datetime


class Switching(Protocol):
    def check(self, asked: SetSwitch) -> None:
        """Raises `NotFound` where there is nothing of that name, `BadInput` where it has no such state."""
        ...

    async def set(self, asked: SetSwitch, by: str) -> Switched:
        """On record, then so, when it returns. Raises what `check` does, and `LedgerUnavailable`."""
        ...


class NothingToSwitch:
    def check(self, asked: SetSwitch) -> None:
        raise NotFound("there is nothing to switch here")

    async def set(self, asked: SetSwitch, by: str) -> Switched:
        raise NotFound("there is nothing to switch here")
