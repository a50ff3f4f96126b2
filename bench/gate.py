"""`make bench NAME=gate`: a decision of the policy over 100 rules, and a whole gated call beside a bare MCP call.

`policy_*`: the shipped rules and site rules of all kinds, 100 in all, over calls of every built-in tool.
`policy_all_open_*`: the worst case, 100 rules that name no tool, risk or origin, so that all are looked at. Each
decision is timed alone and makes its whole trace. `gate_*` and `bare_mcp_*`: see `bench/calls.py`.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.calls import ROUNDS, measure_calls, milliseconds, ratio
from bench.machine import machine
from ink_core.identity.principal import USER_SCOPES
from manager.gate.policy import CallFacts, Origin, Policy, Rule, decide
from manager.gate.policy.rates import Rates
from manager.gate.policy_file import load_policy
from mcp_tools.catalogue import default_catalogue

RULES = 100
DECISIONS = 50_000
KINDS: Sequence[dict[str, Any]] = (
    {"tools": ["submit_job", "remove_*"], "users": ["svc-*"]},
    {"tools": ["*_file"], "arguments": {"path": {"outside": ["/scratch", "."]}}},
    {"clusters": ["farm"], "weekdays": ["sat", "sun"], "hours": "22:00-06:00"},
    {"origin": ["model"], "derives_from_untrusted": True, "risk": ["write", "high"]},
    {"arguments": {"count": {"over": 5000}, "queue": {"one_of": ["long", "gpu"]}}},
    {"groups": ["production"], "any_owner": ["root", "condor"]},
    {"tools": ["list_*", "describe_job"], "rate": {"over": 1e9, "per": "1h"}},
    {"confidentiality": ["experiment"], "roles": ["user"], "targets_over": 50},
)
OPEN: Sequence[dict[str, Any]] = (
    {"users": ["svc-*"], "clusters": ["farm"]},
    {"others_property": False, "targets_over": 50},
    {"arguments": {"path": {"like": ["*.root", "*.dat"]}}},
    {"derives_from_untrusted": False, "confidentiality": ["experiment"]},
    {"roles": ["user"], "cpu_hours_over": 100},
)


def main() -> None:
    figures: dict[str, Any] = {"bench": "gate", "rules": RULES, "decisions": DECISIONS}
    figures |= _spread("policy", decision_times(usual_policy(), DECISIONS))
    figures |= _spread("policy_all_open", decision_times(_policy([], OPEN), DECISIONS))
    with tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
        figures |= _gate(Path(folder) / "data")
    figures["target"] = {"policy_p99_ms": 0.1, "gate_over_bare_p50": 1.0}
    figures["machine"] = machine()
    print(json.dumps(figures))


def usual_policy() -> Policy:
    """The shipped rules, and rules of a site of all kinds."""
    return _policy(load_policy(None).rules, KINDS)


def decision_times(policy: Policy, decisions: int, clock: Callable[[], float] = time.perf_counter) -> Sequence[float]:
    """Seconds of each decision, over calls of all tools in turn."""
    calls, usage, seconds = _calls(), Rates().under(policy), list[float]()
    for number in range(decisions):
        facts = calls[number % len(calls)]
        began = clock()
        decide(policy, facts, usage)
        seconds.append(clock() - began)
    return seconds


def _policy(shipped: Sequence[Rule], kinds: Sequence[dict[str, Any]]) -> Policy:
    plain = {"effect": "ask", "reason": "The site wants it."}
    more = [
        Rule.model_validate({**plain, "id": f"site-{number}", "when": kinds[number % len(kinds)]})
        for number in range(RULES - len(shipped))
    ]
    return Policy(rules=[*shipped, *more], groups={"production": ["svc-mc"]})


def _spread(name: str, seconds: Sequence[float]) -> dict[str, float]:
    percentiles = statistics.quantiles(seconds, n=100)
    return {f"{name}_p50_ms": round(percentiles[49] * 1000, 4), f"{name}_p99_ms": round(percentiles[98] * 1000, 4)}


def _calls() -> Sequence[CallFacts]:
    """One of each built-in tool, by the model."""
    arguments = {"path": "analysis/run7/histograms.root", "count": 100, "cluster": "pool"}
    return [
        CallFacts(
            tool=spec.name,
            risk=spec.risk,
            origin=Origin.MODEL,
            username="alice",
            is_admin=False,
            scopes=USER_SCOPES,
            arguments=arguments,
            owners=frozenset({"alice"}),
            target_count=1,
            session="session:s1",
            cluster="pool",
            time=datetime(2026, 1, 1, 12, tzinfo=UTC),
            home="/home/alice",
            workspace="/scratch/alice",
        )
        for spec in default_catalogue()
    ]


def _gate(data: Path) -> dict[str, float]:
    times = asyncio.run(measure_calls(data))
    return {
        "gate_p50_ms": milliseconds(times.gated, 50),
        "gate_mcp_p50_ms": milliseconds(times.gated_mcp, 50),
        "bare_mcp_p50_ms": milliseconds(times.bare, 50),
        "gate_over_bare_p50": ratio(times.gated, times.bare),
        "gate_mcp_over_bare_p50": ratio(times.gated_mcp, times.bare),
        "rounds": ROUNDS,
    }


if __name__ == "__main__":
    main()
