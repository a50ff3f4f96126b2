"""What waits for an approver in a child or below it, told in its parent's conversation, where people read. Pure.

A record says that a request waits and of whom, so that a reader finds it among the approvals; what it is about stays in
the child's conversation. A parent that is a child itself passes it on, so that it reaches what a person opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from pydantic import JsonValue

from audit.ledger import Event, Record

WAITS = "subagent.waits"
GOES_ON = "subagent.goes_on"
_TOLD = ("approval_id", "tool", "risk", "approver", "persons", "requester", "expires_at")

Body = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Waiting:
    """Of the child `session_id`, for which the call `delegate` of its parent waits.

    `requests`: by approval, the body of the record that its parent's chain has or gets; `told`: those that it has.
    """

    session_id: str
    delegate: str
    profile: str
    requests: Mapping[str, Body] = field(default_factory=dict[str, Body])
    told: frozenset[str] = frozenset()

    def of_child(self, event: Event) -> Waiting:
        """After a record of the child's chain."""
        body = cast("Mapping[str, Any]", event.body)
        match event.kind:
            case "approval.requested":
                asked = {name: body[name] for name in _TOLD}
                where = {"session_id": self.session_id, "child_call_id": body["call_id"], "profile": self.profile}
                return self._with({**asked, **where})
            case "subagent.waits":
                return self._with(body)
            case "approval.decided" | "subagent.goes_on":
                return self._without("approval_id", body["approval_id"])
            case "call.refused":
                return self._without("child_call_id", body["call_id"])
            case _:
                return self

    def of_parent(self, event: Event) -> Waiting:
        """After a record of the parent's chain."""
        if event.kind not in (WAITS, GOES_ON) or event.body["delegate"] != self.delegate:
            return self
        approval = frozenset({str(event.body["approval_id"])})
        return replace(self, told=self.told | approval if event.kind == WAITS else self.told - approval)

    def due(self) -> Record | None:
        """What the parent's chain does not tell yet."""
        for approval_id in sorted(self.told - self.requests.keys()):
            return Record(GOES_ON, {"delegate": self.delegate, "approval_id": approval_id})
        untold = (body for approval_id, body in self.requests.items() if approval_id not in self.told)
        return next((Record(WAITS, dict(body)) for body in untold), None)

    def over(self) -> Waiting:
        """Nothing waits any more: the child has ended."""
        return replace(self, requests={})

    def _with(self, body: Body) -> Waiting:
        request = {**body, "delegate": self.delegate}
        return replace(self, requests={**self.requests, str(body["approval_id"]): request})

    def _without(self, name: str, value: str) -> Waiting:
        left = {approval: body for approval, body in self.requests.items() if body[name] != value}
        return replace(self, requests=left)
