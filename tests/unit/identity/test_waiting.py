"""What waits is over in time, and bounded in all and for each owner."""

from __future__ import annotations

from datetime import timedelta

from ink_core.clock import ManualClock
from ink_core.identity.waiting import Waiting


def test_what_waits_is_taken_once_and_over_in_time() -> None:
    waiting, clock = Waiting[int](timedelta(seconds=10), most_of_one=5), ManualClock()
    waiting.add("a", "alice", 1, clock.now())
    waiting.add("b", "alice", 2, clock.now())
    assert (waiting.get("a", clock.now()), waiting.take("a", clock.now()), waiting.take("a", clock.now())) == (
        1,
        1,
        None,
    )
    clock.advance(10)
    assert (waiting.get("b", clock.now()), list(waiting.all(clock.now()))) == (None, [])


def test_whoever_asks_for_much_loses_the_oldest_and_nobody_else_does() -> None:
    waiting, now = Waiting[int](timedelta(seconds=10), most_of_one=2), ManualClock().now()
    for number, owner in enumerate(["bob", "alice", "alice", "alice"]):
        waiting.add(str(number), owner, number, now)
    assert list(waiting.all(now)) == [0, 2, 3]


def test_of_too_many_in_all_the_oldest_gives_way() -> None:
    waiting, now = Waiting[int](timedelta(seconds=10), most_of_one=2, most=3), ManualClock().now()
    for number in range(5):
        waiting.add(str(number), f"owner {number}", number, now)
    assert list(waiting.all(now)) == [2, 3, 4]
