"""Who sends more than the rate waits for as long as it takes, and nobody else does."""

from __future__ import annotations

import pytest

from ink_core.token_buckets import TokenBuckets


def test_a_burst_goes_through_and_the_next_is_told_when() -> None:
    buckets = TokenBuckets(per_second=10, burst=5)
    assert [buckets.take("a", 100.0) for _ in range(5)] == [0.0] * 5
    assert buckets.take("a", 100.0) == pytest.approx(0.1)
    assert buckets.take("b", 100.0) == 0.0


def test_who_waits_as_told_gets_through_and_a_refusal_costs_nothing() -> None:
    buckets = TokenBuckets(per_second=10, burst=1)
    assert buckets.take("a", 100.0) == 0.0
    waits = [buckets.take("a", 100.0) for _ in range(50)]
    assert waits == [pytest.approx(0.1)] * 50
    assert buckets.take("a", 100.0 + waits[0] + 1e-9) == 0.0


def test_in_the_long_run_the_rate_holds_and_a_rest_fills_the_bucket_to_the_brim_only() -> None:
    buckets = TokenBuckets(per_second=10, burst=5)
    let_through = sum(buckets.take("a", 100 + tick / 100) == 0.0 for tick in range(1000))
    assert let_through == pytest.approx(10 * 10 + 5 - 1, abs=1)
    assert sum(buckets.take("a", 10_000.0) == 0.0 for _ in range(100)) == 5


def test_memory_is_bounded_and_those_who_come_back_soon_are_remembered() -> None:
    buckets = TokenBuckets(per_second=1, burst=1, max_keys=100)
    for number in range(1000):
        buckets.take(number, 100.0)
    assert sum(number in buckets for number in range(1000)) <= 200
    assert buckets.take(999, 100.0) > 0
