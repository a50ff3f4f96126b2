"""What a decision must know of the calls before: how long until a rate has room for one more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Protocol

from manager.gate.policy.document import Measure, Rate
from manager.gate.policy.facts import CallFacts


@dataclass(frozen=True, eq=False)
class Limit:
    """The rate of one rule, and whether it counts the calls of a tool."""

    rule: str
    rate: Rate
    counts: Callable[[str], bool]


class Usage(Protocol):
    def wait_s(self, limit: Limit, facts: CallFacts) -> float:
        """Seconds until the rate has room for this call: 0 when it has, infinite when it never will."""
        ...


@dataclass(frozen=True, slots=True)
class Spend:
    """What one call takes of the rates."""

    tool: str
    user: str
    session: str | None
    targets: int
    jobs: int
    cpu_hours: float

    def amount(self, measure: Measure) -> float:
        match measure:
            case Measure.CALLS:
                return 1.0
            case Measure.TARGETS:
                return float(self.targets)
            case Measure.JOBS:
                return float(self.jobs)
            case Measure.CPU_HOURS:
                return self.cpu_hours


def spend_of(facts: CallFacts) -> Spend:
    return Spend(facts.tool, facts.username, facts.session, facts.target_count, facts.jobs, facts.cpu_hours)


class NoUsage:
    """Nothing was called before: the shipped double."""

    def wait_s(self, limit: Limit, facts: CallFacts) -> float:
        return inf if spend_of(facts).amount(limit.rate.of) > limit.rate.over else 0.0


NO_USAGE = NoUsage()
