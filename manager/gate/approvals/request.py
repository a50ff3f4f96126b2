"""What an approver decides on: one request, bound by digest to exactly what would run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from audit.canonical import canonical_json, sha256_hex
from manager.gate.policy import Approver
from mcp_tools.spec import Risk, Seen


class Verdict(StrEnum):
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"
    VOID = "void"


@dataclass(frozen=True)
class ApprovalRequest:
    """One pending approval, as recorded in `approval.requested`.

    `persons` different approvers are needed, each signed in within `fresh_login_s` where that is set; where `approver`
    is the requester, an administrator or their own confirmation will do. `seen` are files
    and jobs as they were when it was asked for, `unbound` files that could not be seen, `diff` the change in lines.
    `authors` are others who wrote to the conversation that it came of: it may be their own wish.
    """

    approval_id: str
    call_id: str
    chain: str
    tool: str
    arguments: Mapping[str, JsonValue]
    requester: str
    worker_id: str | None
    risk: Risk
    rule: str
    reason: str
    policy_version: str
    preview: Mapping[str, JsonValue]
    requested_at: datetime
    expires_at: datetime
    approver: Approver = Approver.ADMINISTRATOR
    persons: int = 1
    fresh_login_s: float | None = None
    seen: tuple[Seen, ...] = ()
    unbound: tuple[str, ...] = ()
    diff: str | None = None
    authors: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        bound: dict[str, JsonValue] = {
            "approval_id": self.approval_id,
            "call_id": self.call_id,
            "chain": self.chain,
            "tool": self.tool,
            "arguments": dict(self.arguments),
            "requester": self.requester,
            "worker_id": self.worker_id,
            "policy_version": self.policy_version,
            "targets": self.preview.get("targets", []),
            "owners": self.preview.get("owners", []),
            "seen": [seen.model_dump(mode="json") for seen in self.seen],
            "persons": self.persons,
            "fresh_login_s": self.fresh_login_s,
            "expires_at": self.expires_at.isoformat(),
        }
        if self.approver is not Approver.ADMINISTRATOR:
            bound["approver"] = self.approver.value
        if self.authors:
            bound["authors"] = list[JsonValue](self.authors)
        return sha256_hex(canonical_json(bound))

    @property
    def grantable(self) -> bool:
        """Whether an administrator may let later calls through with it; what cannot be seen may be another then."""
        return self.persons == 1 and self.fresh_login_s is None and not self.unbound

    @property
    def owners(self) -> frozenset[str]:
        """Those whose property it would touch."""
        return _names(self.preview.get("owners"))

    @property
    def target_count(self) -> int:
        targets = self.preview.get("targets")
        return len(targets) if isinstance(targets, list) else 0

    @property
    def touches_others(self) -> bool:
        return bool(self.owners - {self.requester})


def _names(value: JsonValue) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()
