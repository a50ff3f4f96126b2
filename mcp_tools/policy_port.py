"""The site's policy as a tool changes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ink_core.errors import Conflict, NotFound
from mcp_tools.tool_value import ToolValue


class PolicyOwnedByFile(Conflict):
    """The settings name a file of the site, and two writers would undo each other's work."""

    code = "policy_owned_by_file"


class PolicyChanged(Conflict):
    """Another policy is in force than the one that was looked at."""

    code = "policy_changed"


@dataclass(frozen=True)
class PolicyAsked:
    """`replaces` is the version that must be in force; `operation_id` names the change for ever."""

    text: str
    replaces: str
    reason: str
    by: str
    operation_id: str


class AppliedPolicy(ToolValue):
    version: str
    replaced: str
    rules: int


class PolicyChanges(Protocol):
    def check(self, text: str, replaces: str) -> str:
        """How it differs from the policy in force, in lines. Blocks. Raises what `apply` raises, but for the ledger."""
        ...

    async def apply(self, asked: PolicyAsked) -> AppliedPolicy:
        """In force, and on record, when it returns.

        Raises `PolicyInvalid`, `PolicyOwnedByFile`, `PolicyChanged` or `LedgerUnavailable`.
        """
        ...

    async def applied(self, operation_id: str) -> AppliedPolicy | None:
        """What this operation put in force, if it did."""
        ...


class NoPolicy:
    """Where no policy can be changed."""

    def check(self, text: str, replaces: str) -> str:
        raise NotFound("there is no policy to change here")

    async def apply(self, asked: PolicyAsked) -> AppliedPolicy:
        raise NotFound("there is no policy to change here")

    async def applied(self, operation_id: str) -> AppliedPolicy | None:
        return None
