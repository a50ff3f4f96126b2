"""The five things that an agent uses up, as whole numbers, so that sums are exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

MILLION = 1_000_000
"""Money is counted in millionths of the site's unit."""
HOUR_S = 3600
MOST_CPU_S = 10**13
"""Of one call or job: 300,000 years of a core, and what says more counts as much. So sums of hundred thousands of them
fit 64 bits, and what one user wishes, or writes into a job, keeps nobody's budget from being summed."""

TITLES = {"tokens": "tokens", "money": "money", "calls": "tool calls", "wall_ms": "wall time", "cpu_s": "CPU-hours"}
SHOWN_AS = {"wall_ms": "wall_s", "cpu_s": "cpu_hours"}
"""Names in settings, records and answers, of the measures that stand there in another unit."""


@dataclass(frozen=True)
class Amounts:
    """Tokens of models, money in millionths of the site's unit, tool calls, wall time in ms, CPU time in seconds."""

    tokens: int = 0
    money: int = 0
    calls: int = 0
    wall_ms: int = 0
    cpu_s: int = 0

    def __post_init__(self) -> None:
        if min(self._values()) < 0:
            negative = [name for name, value in self.items() if value < 0]
            raise ValueError(f"an amount cannot be negative: {', '.join(negative)}")

    def __add__(self, other: Amounts) -> Amounts:
        if other is NOTHING:
            return self
        return Amounts(
            self.tokens + other.tokens,
            self.money + other.money,
            self.calls + other.calls,
            self.wall_ms + other.wall_ms,
            self.cpu_s + other.cpu_s,
        )

    def less(self, other: Amounts) -> Amounts:
        """Each measure without the other's, and never below nothing."""
        return Amounts(*(max(mine - its, 0) for mine, its in zip(self._values(), other._values(), strict=True)))

    def items(self) -> Iterator[tuple[str, int]]:
        return zip(TITLES, self._values(), strict=True)

    def _values(self) -> tuple[int, ...]:
        return self.tokens, self.money, self.calls, self.wall_ms, self.cpu_s


NOTHING = Amounts()


@dataclass(frozen=True)
class Limits:
    """The most of each measure; None for as much as the account above has."""

    tokens: int | None = None
    money: int | None = None
    calls: int | None = None
    wall_ms: int | None = None
    cpu_s: int | None = None

    @classmethod
    def given(
        cls,
        *,
        tokens: int | None = None,
        money: float | None = None,
        calls: int | None = None,
        wall_s: float | None = None,
        cpu_hours: float | None = None,
    ) -> Self:
        """As people write them: money in the site's unit, wall time in seconds, CPU time in hours."""
        return cls(tokens, _times(money, MILLION), calls, _times(wall_s, 1000), _times(cpu_hours, HOUR_S))

    def items(self) -> Iterator[tuple[str, int | None]]:
        return zip(TITLES, (self.tokens, self.money, self.calls, self.wall_ms, self.cpu_s), strict=True)

    def exceeded_by(self, amounts: Amounts) -> tuple[str, ...]:
        """Names of the measures of which `amounts` has more."""
        if self == UNLIMITED:
            return ()
        pairs = zip(self.items(), amounts.items(), strict=True)
        return tuple(name for (name, most), (_, value) in pairs if most is not None and value > most)

    def within(self, other: Limits) -> Limits:
        """Of each measure the smaller limit."""
        pairs = zip(self.items(), other.items(), strict=True)
        return Limits(*(_smaller(mine, its) for (_, mine), (_, its) in pairs))

    def left(self, used: Amounts) -> Limits:
        """What of each limit is not used up."""
        pairs = zip(self.items(), used.items(), strict=True)
        return Limits(*(None if most is None else max(most - value, 0) for (_, most), (_, value) in pairs))


UNLIMITED = Limits()


def shown(amounts: Amounts | Limits) -> dict[str, int | float | None]:
    """By the names and in the units that people see: `tokens`, `money`, `calls`, `wall_s`, `cpu_hours`."""
    return {
        "tokens": amounts.tokens,
        "money": _over(amounts.money, MILLION),
        "calls": amounts.calls,
        "wall_s": _over(amounts.wall_ms, 1000),
        "cpu_hours": _over(amounts.cpu_s, HOUR_S),
    }


def _times(value: float | None, by: int) -> int | None:
    return None if value is None else round(value * by)


def _over(value: int | None, by: int) -> float | None:
    return None if value is None else value / by


def _smaller(one: int | None, other: int | None) -> int | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)
