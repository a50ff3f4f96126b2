"""A decision costs next to nothing beside what it decides on."""

from __future__ import annotations

import statistics
import time

import pytest

from bench.gate import RULES, decision_times, usual_policy

MOST_S = 0.0001
BATCHES = 20
DECISIONS = 2_000


@pytest.mark.requirement("GATE-POLICY-05")
def test_a_decision_over_100_rules_takes_at_most_a_tenth_of_a_millisecond_at_p99() -> None:
    """Processor time of the best batch: what others do on this machine at the same time is not the policy's."""
    policy = usual_policy()
    assert len(policy.rules) == RULES == 100
    best = 1.0
    for _ in range(BATCHES):
        best = min(best, statistics.quantiles(decision_times(policy, DECISIONS, time.thread_time), n=100)[98])
        if best <= MOST_S:
            break
    assert best <= MOST_S
