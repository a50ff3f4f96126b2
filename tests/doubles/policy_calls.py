"""Calls and rules as tests of the policy make them: a plain one, and what is different."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ink_core.identity.principal import USER_SCOPES
from manager.gate.policy import CallFacts, Origin, Policy, Rule
from mcp_tools.spec import Risk


def call(**changes: Any) -> CallFacts:
    """The model submits one job for alice, on a Thursday at noon."""
    plain: dict[str, Any] = {
        "tool": "submit_job",
        "risk": Risk.WRITE,
        "origin": Origin.MODEL,
        "username": "alice",
        "is_admin": False,
        "scopes": USER_SCOPES,
        "arguments": {"script": "hello.sh", "count": 1},
        "owners": frozenset({"alice"}),
        "target_count": 1,
        "session": "session:s1",
        "time": datetime(2026, 1, 1, 12, tzinfo=UTC),
    }
    return CallFacts(**{**plain, **changes})


def rule(effect: str = "allow", rule_id: str = "r", when: dict[str, Any] | None = None, **more: Any) -> Rule:
    return Rule.model_validate({"id": rule_id, "when": when or {}, "effect": effect, "reason": "because", **more})


def policy(*rules: Rule, **more: Any) -> Policy:
    return Policy(rules=rules, **more)
