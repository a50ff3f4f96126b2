"""From the facts of one call to one decision. Pure: no I/O and no clock.

Every rule that matches takes part and the strictest effect wins (deny over throttle over ask over allow), so the order
of rules in a file means nothing. A call that no rule matches is denied, and a forbidden one whatever the rules say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from manager.gate.policy.document import Approver, Effect
from manager.gate.policy.facts import CallFacts
from manager.gate.policy.policy import Looked, Policy, ReadyRule
from manager.gate.policy.usage import NO_USAGE, Usage
from mcp_tools.spec import Risk

_STRICTNESS = {effect: place for place, effect in enumerate(Effect)}


@dataclass(frozen=True)
class Decision:
    """What the policy says of one call.

    For `ask`: `persons` different approvers are needed, each signed in within `fresh_login_s` where that is set, or it
    is for the requester to confirm (`approver`); all are the strictest of the matching rules. For `throttle`:
    `retry_after_s` until there is room again, None for never.
    """

    effect: Effect
    rule: str
    reason: str
    risk: Risk
    policy_version: str
    approver: Approver = Approver.ADMINISTRATOR
    persons: int = 1
    fresh_login_s: float | None = None
    retry_after_s: float | None = None
    trace: tuple[Looked, ...] = ()


def decide(policy: Policy, facts: CallFacts, usage: Usage = NO_USAGE) -> Decision:
    """The strictest effect of all matching rules; among equals the alphabetically first rule id is named."""
    matching, trace = _match(policy, facts, usage)
    if facts.risk is Risk.FORBIDDEN:
        return _denied("forbidden", f"{facts.tool} is forbidden to everyone", policy, facts, trace)
    if not matching:
        reason = f"no policy rule allows {facts.tool} here; ask an administrator to add one"
        return _denied("no-rule", reason, policy, facts, trace)
    return _strictest(matching, policy, facts, usage, trace)


def throttled_unseen(policy: Policy, facts: CallFacts, usage: Usage) -> Decision | None:
    """The throttle that holds already before anybody has looked at what the call would touch, if there is one."""
    full = [ready for ready in policy.about(facts).open if ready.early and ready.fails(facts, usage) is None]
    trace = tuple(ready.matched for ready in full)
    return _strictest(full, policy, facts, usage, trace) if full else None


def _strictest(
    matching: Sequence[ReadyRule], policy: Policy, facts: CallFacts, usage: Usage, trace: tuple[Looked, ...]
) -> Decision:
    fired = min(matching, key=lambda ready: (-_STRICTNESS[ready.rule.effect], ready.rule.id)).rule
    risk = max([facts.risk, *(ready.rule.risk for ready in matching if ready.rule.risk)], key=lambda one: one.rank)
    return Decision(
        effect=fired.effect,
        rule=fired.id,
        reason=fired.reason,
        risk=risk,
        policy_version=policy.version,
        approver=_approver(matching, facts, risk),
        persons=max(ready.rule.persons for ready in matching),
        fresh_login_s=min((ready.rule.fresh_login for ready in matching if ready.rule.fresh_login), default=None),
        retry_after_s=_wait_s(matching, facts, usage) if fired.effect is Effect.THROTTLE else None,
        trace=trace,
    )


def _approver(matching: Sequence[ReadyRule], facts: CallFacts, risk: Risk) -> Approver:
    """The requester, where every rule that asks says so; never for a high risk or for what belongs to others."""
    named = {ready.rule.approver for ready in matching if ready.rule.effect is Effect.ASK}
    own = risk.rank <= Risk.WRITE.rank and not facts.touches_others
    return Approver.REQUESTER if named == {Approver.REQUESTER} and own else Approver.ADMINISTRATOR


def _match(policy: Policy, facts: CallFacts, usage: Usage) -> tuple[Sequence[ReadyRule], tuple[Looked, ...]]:
    rules = policy.about(facts)
    matching: list[ReadyRule] = []
    looked: list[Looked] = []
    for ready in rules.open:
        fails = ready.fails(facts, usage)
        if fails is None:
            matching.append(ready)
            looked.append(ready.matched)
        else:
            looked.append(fails)
    return matching, (*looked, *rules.settled)


def _denied(rule: str, reason: str, policy: Policy, facts: CallFacts, trace: tuple[Looked, ...]) -> Decision:
    return Decision(Effect.DENY, rule, reason, facts.risk, policy.version, trace=trace)


def _wait_s(matching: Sequence[ReadyRule], facts: CallFacts, usage: Usage) -> float | None:
    """The longest wait of all rates that are full."""
    wait = max(usage.wait_s(ready.limit, facts) for ready in matching if ready.limit)
    return None if wait == inf else wait
