"""When the manager looks for garbage: nothing else runs meanwhile, a request as little as a thread.

Most is dropped as soon as nobody holds it; only what holds itself in a circle has to be looked for. What was looked
through and is still held stays out of later looks (it is frozen): the jobs of a large queue alone took a twentieth of a
second, again and again. Once in a while all is looked through, for circles that ended after that.
"""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager

YOUNG = 1_000
"""Objects made and not dropped between two looks at the youngest, each of which takes a third of a millisecond."""
ALL_S = 3600.0
_FULL = 2


@contextmanager
def not_looked_for() -> Generator[None]:
    """While much is made that stays, as modules and routes at the start: else a fifth of the time goes there."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def begin() -> None:
    """What was built by now stays."""
    gc.callbacks.append(_keep_what_stayed)
    gc.set_threshold(YOUNG)
    gc.collect()


async def look_through_all() -> None:
    """Takes a tenth of a second of everybody's time where very much is held."""
    gc.unfreeze()
    gc.collect()


def _keep_what_stayed(phase: str, info: dict[str, int]) -> None:
    if phase == "stop" and info["generation"] == _FULL:
        gc.freeze()
