"""A tool that runs in the manager and changes something, as tests of the gate need one."""

from __future__ import annotations

from typing import Any

from ink_core.identity.principal import Scope
from mcp_tools.spec import Confidentiality, Integrity, Label, Risk, RunsOn, ToolSpec

_WRITE: dict[str, Any] = {
    "description": "",
    "risk": Risk.WRITE,
    "scopes": frozenset({Scope.FILES_WRITE}),
    "runs_on": RunsOn.CORE,
    "idempotent": False,
    "timeout_s": 5,
    "label": Label(Confidentiality.SCRATCH, Integrity.TRUSTED),
}


def writing_tool(name: str, **fields: Any) -> ToolSpec:
    """`fields` are those of the specification: at least input, output and run."""
    return ToolSpec(name=name, title=name.capitalize(), **{**_WRITE, **fields})
