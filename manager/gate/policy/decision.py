"""From the facts of one call to one decision. Pure: no I/O and no clock.

Every rule that matches takes part and the strictest effect wins (deny over ask over allow), so the order of rules in a
file means nothing. A call that no rule matches is denied, and a forbidden one whatever the rules say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from manager.gate.policy.facts import CallFacts
from manager.gate.policy.rules import Effect, Rule
from mcp_tools.spec import Risk

_STRICTNESS = {Effect.ALLOW: 0, Effect.ASK: 1, Effect.DENY: 2}
MATCHED = "matched"


class Policy(BaseModel):
    """A versioned set of rules with unique ids."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Looked:
    """One rule that was looked at. `found` is `matched`, or the first condition that did not hold."""

    rule: str
    found: str


@dataclass(frozen=True)
class Decision:
    """What the policy says of one call.

    For `ask`: `persons` different approvers are needed, each signed in within `fresh_login_s` where that is set; both
    are the strictest of all matching rules.
    """

    effect: Effect
    rule: str
    reason: str
    risk: Risk
    policy_version: str
    persons: int = 1
    fresh_login_s: float | None = None
    trace: tuple[Looked, ...] = ()


def decide(policy: Policy, facts: CallFacts) -> Decision:
    """The strictest effect of all matching rules; among equals the alphabetically first rule id is named."""
    looked = sorted((rule.id, rule.when.fails(facts) or MATCHED) for rule in policy.rules)
    trace = tuple(Looked(rule_id, found) for rule_id, found in looked)
    matched = {rule_id for rule_id, found in looked if found == MATCHED}
    matching = [rule for rule in policy.rules if rule.id in matched]
    if facts.risk is Risk.FORBIDDEN:
        reason = f"{facts.tool} is forbidden to everyone"
        return Decision(Effect.DENY, "forbidden", reason, facts.risk, policy.version, trace=trace)
    if not matching:
        reason = f"no policy rule allows {facts.tool} here; ask an administrator to add one"
        return Decision(Effect.DENY, "no-rule", reason, facts.risk, policy.version, trace=trace)
    fired = min(matching, key=lambda rule: (-_STRICTNESS[rule.effect], rule.id))
    return Decision(
        effect=fired.effect,
        rule=fired.id,
        reason=fired.reason,
        risk=max((facts.risk, *(rule.risk for rule in matching if rule.risk)), key=list(Risk).index),
        policy_version=policy.version,
        persons=max(rule.persons for rule in matching),
        fresh_login_s=_shortest([rule.fresh_login for rule in matching]),
        trace=trace,
    )


def _shortest(durations: Sequence[float | None]) -> float | None:
    return min((duration for duration in durations if duration is not None), default=None)
