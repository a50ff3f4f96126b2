"""What stays is not looked through again and again, and circles that end later are found in the end."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from manager import garbage


class Circle:
    """Holds itself."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def as_in_the_manager() -> Iterator[None]:
    thresholds, callbacks = gc.get_threshold(), list(gc.callbacks)
    garbage.begin()
    yield
    gc.callbacks[:] = callbacks
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_what_a_full_look_has_found_in_use_is_in_no_later_look() -> None:
    held = [Circle() for _ in range(1000)]
    gc.collect()
    assert not [each for each in gc.get_objects() if type(each) is Circle]
    assert len(held) == 1000


def test_a_circle_that_ends_before_it_was_looked_through_goes_at_the_next_look() -> None:
    gone = weakref.ref(Circle())
    gc.collect()
    assert gone() is None


async def test_a_circle_that_ends_later_goes_when_all_is_looked_through() -> None:
    circle = Circle()
    gc.collect()
    gone = weakref.ref(circle)
    del circle
    gc.collect()
    assert gone() is not None
    await garbage.look_through_all()
    assert gone() is None


def test_what_is_made_at_the_start_is_not_looked_through_and_afterwards_everything_is_again() -> None:
    with pytest.raises(RuntimeError), garbage.not_looked_for():
        assert not gc.isenabled()
        raise RuntimeError
    assert gc.isenabled()
