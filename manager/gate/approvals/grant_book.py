"""The grants that there are: a fold over `grant.given`, `grant.revoked` and the intents that used one.

Limits: the newest 2,000 are kept; the audit has all.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from pydantic import JsonValue

from audit.ledger import Event, Record
from manager.gate.approvals.errors import GrantNotFound
from manager.gate.approvals.grants import Grant, Limit, LimitKind
from mcp_tools.spec import Risk, Seen

KEPT = 2_000
GIVEN = "grant.given"
REVOKED = "grant.revoked"


class GrantBook:
    def __init__(self, kept: int = KEPT) -> None:
        self._grants: OrderedDict[str, Grant] = OrderedDict()
        self._bodies: dict[str, Mapping[str, JsonValue]] = {}
        self._kept = kept

    def fold(self, event: Event) -> None:
        """An event of any kind; those that do not concern grants change nothing."""
        body = cast("dict[str, Any]", dict(event.body))
        match event.kind:
            case "grant.given":
                self._put(grant_of(body), body)
            case "grant.revoked" if body["grant_id"] in self._grants:
                self._change(body["grant_id"], revoked_by=body["by"])
            case "call.intent" if body.get("grant_id") in self._grants:
                self._change(body["grant_id"], used=self._grants[body["grant_id"]].used + 1)
            case _:
                pass

    def read_again(self, events: Iterable[Event]) -> None:
        """Keep of grants whose content was erased what the ledger still holds; they cover nothing any more."""
        for event in events:
            grant_id = str(event.body.get("grant_id"))
            if event.kind == GIVEN and event.erased and grant_id in self._grants:
                body, known = cast("dict[str, Any]", dict(event.body)), self._grants[grant_id]
                self._bodies[grant_id] = body
                self._grants[grant_id] = replace(grant_of(body), used=known.used, revoked_by=known.revoked_by)

    def get(self, grant_id: str) -> Grant:
        if grant_id not in self._grants:
            raise GrantNotFound(f"there is no grant {grant_id}")
        return self._grants[grant_id]

    def signed(self, grant_id: str) -> Mapping[str, JsonValue]:
        """The body that was signed, with its signature."""
        self.get(grant_id)
        return self._bodies[grant_id]

    def live(self, now: datetime) -> Sequence[Grant]:
        return tuple(grant for grant in self._grants.values() if grant.live(now))

    def all(self) -> Sequence[Grant]:
        return tuple(self._grants.values())

    def _put(self, grant: Grant, body: Mapping[str, JsonValue]) -> None:
        self._grants[grant.grant_id], self._bodies[grant.grant_id] = grant, body
        while len(self._grants) > self._kept:
            dropped, _ = self._grants.popitem(last=False)
            del self._bodies[dropped]

    def _change(self, grant_id: str, **changes: Any) -> None:
        self._grants[grant_id] = replace(self._grants[grant_id], **changes)


def grant_body(grant: Grant, call_id: str) -> dict[str, JsonValue]:
    """Body of `grant.given`, still without its signature. `call_id` is the call that was approved with it."""
    arguments: dict[str, JsonValue] = {
        name: {"kind": limit.kind.value, "value": limit.value} for name, limit in grant.arguments.items()
    }
    return {
        "call_id": call_id,
        "grant_id": grant.grant_id,
        "session": grant.chain,
        "approval_id": grant.approval_id,
        "tool": grant.tool,
        "requester": grant.requester,
        "worker_id": grant.worker_id,
        "rule": grant.rule,
        "policy_version": grant.policy_version,
        "risk": grant.risk.value,
        "owners": list[JsonValue](sorted(grant.owners)),
        "most_targets": grant.most_targets,
        "arguments": arguments,
        "scripts": [one.model_dump(mode="json") for one in grant.scripts],
        "by": grant.approver,
        "given_at": grant.given_at.isoformat(),
        "expires_at": grant.expires_at.isoformat(),
        "most_uses": grant.most_uses,
    }


def grant_of(body: Mapping[str, Any]) -> Grant:
    return Grant(
        grant_id=body["grant_id"],
        approval_id=body["approval_id"],
        chain=body["session"],
        tool=body["tool"],
        requester=body["requester"],
        worker_id=body["worker_id"],
        rule=body["rule"],
        policy_version=body["policy_version"],
        risk=Risk(body["risk"]),
        owners=frozenset(body["owners"]),
        most_targets=body["most_targets"],
        arguments=_limits(body["arguments"]),
        scripts=tuple(Seen.model_validate(one) for one in body["scripts"]),
        approver=body["by"],
        given_at=datetime.fromisoformat(body["given_at"]),
        expires_at=datetime.fromisoformat(body["expires_at"]),
        most_uses=body["most_uses"],
    )


def _limits(body: Mapping[str, Any]) -> dict[str, Limit]:
    """None of arguments that were erased: such a grant covers nothing any more."""
    if "erased" in body:
        return {}
    return {name: Limit(LimitKind(limit["kind"]), limit["value"]) for name, limit in body.items()}


def revoked_record(grant_id: str, by: str, reason: str) -> Record:
    return Record(REVOKED, {"grant_id": grant_id, "by": by, "reason": reason})
