"""Policy: a pure decision over typed facts of one call.

Every rule that matches takes part and the strictest effect wins (deny over ask over allow), so the order of rules in a
file means nothing. A call that no rule matches is denied. No I/O and no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

from pydantic import BaseModel, ConfigDict, JsonValue

from mcp_tools.spec import Risk


class Effect(StrEnum):
    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


_STRICTNESS = {Effect.ALLOW: 0, Effect.ASK: 1, Effect.DENY: 2}


class Origin(StrEnum):
    """Who wrote the call: the model, a person in the page, a REST client or an MCP client."""

    MODEL = "model"
    USER = "user"
    REST = "rest"
    MCP = "mcp"


@dataclass(frozen=True)
class CallFacts:
    """What a rule may look at. `owners` are those whose property the call would touch."""

    tool: str
    risk: Risk
    origin: Origin
    username: str
    is_admin: bool
    arguments: Mapping[str, JsonValue]
    owners: frozenset[str]
    target_count: int

    @property
    def touches_others(self) -> bool:
        return bool(self.owners - {self.username})


class Condition(BaseModel):
    """All given fields must hold; a field that is absent says nothing. `tools` are shell-style patterns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tools: tuple[str, ...] | None = None
    risk: tuple[Risk, ...] | None = None
    origin: tuple[Origin, ...] | None = None
    users: tuple[str, ...] | None = None
    others_property: bool | None = None
    targets_over: int | None = None
    argument_over: dict[str, float] | None = None
    argument_is: dict[str, JsonValue] | None = None

    def holds(self, facts: CallFacts) -> bool:
        return (
            (self.tools is None or any(fnmatchcase(facts.tool, pattern) for pattern in self.tools))
            and (self.risk is None or facts.risk in self.risk)
            and (self.origin is None or facts.origin in self.origin)
            and (self.users is None or facts.username in self.users)
            and (self.others_property is None or facts.touches_others == self.others_property)
            and (self.targets_over is None or facts.target_count > self.targets_over)
            and _all_over(self.argument_over, facts.arguments)
            and _all_equal(self.argument_is, facts.arguments)
        )


class Rule(BaseModel):
    """One rule. `risk` raises the risk that the approver is shown; `reason` is told to the user and to the model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    when: Condition
    effect: Effect
    reason: str
    risk: Risk | None = None


class Policy(BaseModel):
    """A versioned set of rules with unique ids."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Decision:
    effect: Effect
    rule: str
    reason: str
    risk: Risk
    policy_version: str


def decide(policy: Policy, facts: CallFacts) -> Decision:
    """The strictest effect of all matching rules; among equals the alphabetically first rule id is named."""
    matching = [rule for rule in policy.rules if rule.when.holds(facts)]
    if not matching:
        reason = f"no policy rule allows {facts.tool} here; ask an administrator to add one"
        return Decision(Effect.DENY, "no-rule", reason, facts.risk, policy.version)
    fired = min(matching, key=lambda rule: (-_STRICTNESS[rule.effect], rule.id))
    risk = max((facts.risk, *(rule.risk for rule in matching if rule.risk)), key=list(Risk).index)
    return Decision(fired.effect, fired.id, fired.reason, risk, policy.version)


def _all_over(limits: Mapping[str, float] | None, arguments: Mapping[str, JsonValue]) -> bool:
    return all(_number(arguments.get(name)) > limit for name, limit in (limits or {}).items())


def _all_equal(expected: Mapping[str, JsonValue] | None, arguments: Mapping[str, JsonValue]) -> bool:
    return all(arguments.get(name) == value for name, value in (expected or {}).items())


def _number(value: JsonValue) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("-inf")
