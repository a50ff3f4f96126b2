"""Circuit breaker: after several failures in a row an endpoint is left alone for a while, then tried by one request.

Pure: the caller brings the time, in seconds of any steady clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Breaker:
    """`opened_at`: since when nothing passes. `probing`: the one request that tries again is under way."""

    threshold: int = 5
    pause_s: float = 30.0
    failures: int = 0
    opened_at: float | None = None
    probing: bool = False

    def wait_s(self, now: float) -> float:
        """Seconds until a request may pass; 0 when one may pass now."""
        if self.opened_at is None:
            return 0.0
        left = self.opened_at + self.pause_s - now
        return max(left, 0.0) if not self.probing else max(left, 1.0)

    def began(self) -> Breaker:
        """A request passes; with an open breaker it is the probe."""
        return replace(self, probing=self.opened_at is not None)

    def succeeded(self) -> Breaker:
        return replace(self, failures=0, opened_at=None, probing=False)

    def failed(self, now: float) -> Breaker:
        failures = self.failures + 1
        opens = self.probing or failures >= self.threshold
        return replace(self, failures=failures, opened_at=now if opens else self.opened_at, probing=False)

    def abandoned(self) -> Breaker:
        """The request ended without saying anything about the endpoint."""
        return replace(self, probing=False)
