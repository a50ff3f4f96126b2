"""The circuit breaker: closed, open, one probe."""

from __future__ import annotations

import pytest

from manager.agent.breaker import Breaker

CLOSED = Breaker(threshold=2, pause_s=10)
OPEN = CLOSED.failed(now=100).failed(now=101)

pytestmark = pytest.mark.requirement("AGENT-PROVIDER-07")


def test_requests_pass_until_the_threshold_is_reached() -> None:
    assert CLOSED.failed(now=100).wait_s(now=100) == 0
    assert OPEN.wait_s(now=101) == 10


def test_a_success_forgets_the_failures_before_it() -> None:
    assert CLOSED.failed(now=1).succeeded().failed(now=2).wait_s(now=2) == 0


def test_one_probe_passes_after_the_pause() -> None:
    assert OPEN.wait_s(now=111) == 0
    assert OPEN.began().wait_s(now=111) > 0


def test_a_probe_that_succeeds_closes_the_breaker() -> None:
    assert OPEN.began().succeeded() == CLOSED


def test_a_probe_that_fails_opens_it_again_for_the_whole_pause() -> None:
    assert OPEN.began().failed(now=111).wait_s(now=112) == 9


def test_an_abandoned_probe_lets_the_next_one_pass() -> None:
    assert OPEN.began().abandoned().wait_s(now=111) == 0
