"""A manager that has no time for each batch of each node asks for several together, and for single ones again later."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from joblens.query.gathering import LOOK_S, MANY_PER_S, MOST, Gathering

MANY, FEW = round(2 * MANY_PER_S), round(MANY_PER_S / 2)


class Busy:
    """The manager and its nodes, some seconds after each other."""

    def __init__(self) -> None:
        self.gathering = Gathering()
        self._now = self._used = 0.0

    def asked(self, looks: int, share: float, per_s: int) -> Iterator[int]:
        """What the last request after each look is answered, with this share of a core used."""
        for _ in range(looks):
            *_, together = [self._next(share, per_s) for _ in range(round(per_s * LOOK_S) + 2)]
            yield together

    def _next(self, share: float, per_s: int) -> int:
        self._now += 1 / per_s
        self._used += share / per_s
        return self.gathering.ask(self._now, self._used)


def test_a_manager_with_time_for_each_batch_takes_each_alone() -> None:
    assert list(Busy().asked(5, 0.45, MANY)) == [1] * 5


@pytest.mark.requirement("LENS-SCALE-01")
def test_a_busy_manager_asks_for_more_together_up_to_a_bound_and_goes_back_when_it_is_idle() -> None:
    manager = Busy()
    assert list(manager.asked(3, 0.9, MANY)) == [2, MOST, MOST]
    assert list(manager.asked(2, 0.4, MANY)) == [MOST, MOST]
    assert list(manager.asked(2, 0.1, MANY)) == [1, 1]


def test_what_few_nodes_send_is_not_held_back_when_something_else_keeps_the_manager_busy() -> None:
    assert list(Busy().asked(5, 1.5, FEW)) == [1] * 5
