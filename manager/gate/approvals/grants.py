"""Grants: an approval that also lets later calls of the same conversation through, for a time and within limits.

Pure. A grant never widens what was approved: same tool, session, requester, worker, rule and policy; owners among those
approved, no more targets, no higher risk, arguments within their limits, scripts unchanged. What takes two persons, a
fresh login or a script that nobody could see always asks. Limits: a path prefix is one of names; a link below it leads
where it leads in the workspace.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import JsonValue

from manager.gate.approvals.errors import GrantRefused
from manager.gate.approvals.request import ApprovalRequest
from mcp_tools.spec import Risk, Seen

MAX_MINUTES = 480
MAX_USES = 100
_TOO_WIDE = frozenset({"", ".", "..", "/", "~"})


class LimitKind(StrEnum):
    """How an argument of a later call may differ from the approved one."""

    SAME = "same"
    UNDER = "under"
    AT_MOST = "at_most"
    ANY = "any"


@dataclass(frozen=True)
class Limit:
    """`value`: the very value (same), a directory (under), a number (at most)."""

    kind: LimitKind
    value: JsonValue = None

    def holds(self, value: JsonValue) -> bool:
        match self.kind:
            case LimitKind.SAME:
                return value == self.value and isinstance(value, bool) == isinstance(self.value, bool)
            case LimitKind.UNDER:
                return isinstance(value, str) and isinstance(self.value, str) and is_under(value, self.value)
            case LimitKind.AT_MOST:
                return _is_number(value) and float(str(value)) <= float(str(self.value))
            case LimitKind.ANY:
                return True


@dataclass(frozen=True)
class GrantAsked:
    """What the approver chose. Without a pattern every argument may differ, as far as numbers do not grow.

    `pattern` names the arguments that may differ, and how; all others must be the same.
    """

    minutes: float
    uses: int
    pattern: Mapping[str, Limit] | None = None


@dataclass(frozen=True)
class Grant:
    grant_id: str
    approval_id: str
    chain: str
    tool: str
    requester: str
    worker_id: str | None
    rule: str
    policy_version: str
    risk: Risk
    owners: frozenset[str]
    most_targets: int
    arguments: Mapping[str, Limit]
    scripts: tuple[Seen, ...]
    approver: str
    given_at: datetime
    expires_at: datetime
    most_uses: int
    used: int = 0
    revoked_by: str | None = None

    def live(self, now: datetime) -> bool:
        return self.revoked_by is None and self.used < self.most_uses and now < self.expires_at


@dataclass(frozen=True)
class LaterCall:
    """What a grant looks at of a later call that the policy asks about."""

    chain: str
    tool: str
    requester: str
    worker_id: str | None
    rule: str
    policy_version: str
    risk: Risk
    persons: int
    fresh_login_s: float | None
    owners: frozenset[str]
    targets: int
    arguments: Mapping[str, JsonValue]


def grant_from(request: ApprovalRequest, asked: GrantAsked, grant_id: str, approver: str, now: datetime) -> Grant:
    """Raises `GrantRefused` for a request that always asks, or for more than it may be widened to."""
    if approver == request.requester:
        raise GrantRefused("what you confirm yourself you confirm one by one; an administrator may let more through")
    if not request.grantable:
        unseen = ", ".join(request.unbound)
        why = f"{unseen} could not be looked at" if unseen else "it takes two persons or a fresh login"
        raise GrantRefused(f"this is approved one by one: {why}")
    if not 0 < asked.minutes <= MAX_MINUTES or not 1 <= asked.uses <= MAX_USES:
        raise GrantRefused(f"a grant lasts up to {MAX_MINUTES} minutes and {MAX_USES} calls")
    return Grant(
        grant_id=grant_id,
        approval_id=request.approval_id,
        chain=request.chain,
        tool=request.tool,
        requester=request.requester,
        worker_id=request.worker_id,
        rule=request.rule,
        policy_version=request.policy_version,
        risk=request.risk,
        owners=request.owners,
        most_targets=request.target_count,
        arguments=_limits(request.arguments, asked.pattern),
        scripts=scripts(request.seen),
        approver=approver,
        given_at=now,
        expires_at=now + timedelta(minutes=asked.minutes),
        most_uses=asked.uses,
    )


def scripts(seen: Collection[Seen]) -> tuple[Seen, ...]:
    """What must not change while a grant lasts: the inputs. Targets are what the calls change themselves."""
    return tuple(one for one in seen if one.kind == "input")


def covers(grant: Grant, call: LaterCall, now: datetime) -> bool:
    """Whether the grant lets this call through, as far as can be told without looking at files."""
    same = (
        (grant.chain, grant.tool, grant.requester, grant.worker_id, grant.rule, grant.policy_version)
        == (call.chain, call.tool, call.requester, call.worker_id, call.rule, call.policy_version)
    )  # fmt: skip
    return (
        same
        and grant.live(now)
        and call.persons == 1
        and call.fresh_login_s is None
        and call.risk.rank <= grant.risk.rank
        and call.owners <= grant.owners
        and call.targets <= grant.most_targets
        and _within(grant.arguments, call.arguments)
    )


def choose(grants: Sequence[Grant], call: LaterCall, now: datetime) -> Grant | None:
    """Of several that cover the call, the one that ends first."""
    return min((one for one in grants if covers(one, call, now)), key=lambda one: one.expires_at, default=None)


def is_under(path: str, directory: str) -> bool:
    return posixpath.normpath(path).startswith(posixpath.normpath(directory) + "/")


def _within(limits: Mapping[str, Limit], arguments: Mapping[str, JsonValue]) -> bool:
    return limits.keys() == arguments.keys() and all(limits[name].holds(value) for name, value in arguments.items())


def _limits(arguments: Mapping[str, JsonValue], pattern: Mapping[str, Limit] | None) -> dict[str, Limit]:
    if pattern is None:
        return {name: _loose(value) for name, value in arguments.items()}
    if unknown := sorted(pattern.keys() - arguments.keys()):
        raise GrantRefused(f"this call has no argument {', '.join(unknown)}; it has {', '.join(arguments)}")
    for name, limit in pattern.items():
        _check(name, limit, arguments[name])
    return {name: pattern.get(name, Limit(LimitKind.SAME, value)) for name, value in arguments.items()}


def _loose(value: JsonValue) -> Limit:
    """Numbers must not grow and switches not change; texts and lists are what differs from call to call."""
    if _is_number(value):
        return Limit(LimitKind.AT_MOST, value)
    return Limit(LimitKind.ANY) if isinstance(value, str | list) else Limit(LimitKind.SAME, value)


def _check(name: str, limit: Limit, value: JsonValue) -> None:
    """A limit must hold for the call that was approved, and a directory must be one of its own ancestors."""
    if limit.kind is LimitKind.UNDER and posixpath.normpath(str(limit.value)) in _TOO_WIDE:
        raise GrantRefused(f"{name}: name a directory below the workspace")
    if not limit.holds(value):
        raise GrantRefused(f"{name}: the approved call itself does not fit this pattern")


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
