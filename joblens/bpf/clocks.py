"""The kernel's clock of boot, by which it tells when tasks began and ended, and the time of day."""

from __future__ import annotations

import time

_TRIES = 3


def boot_time() -> float:
    """When the machine was started, in seconds since the epoch. Who is kept waiting between the two clocks has it too
    early: the latest of some tries is the best."""
    return max(time.time() - time.clock_gettime(time.CLOCK_BOOTTIME) for _ in range(_TRIES))
