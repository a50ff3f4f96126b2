"""CPUs and memory of this machine, and what jobs ask of them.

Standard library only: every running job keeps a runner.
"""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Capacity:
    """What there is, or what is asked for; `cpus` are slots."""

    cpus: int
    memory_mb: int

    def __sub__(self, used: Capacity) -> Capacity:
        return Capacity(self.cpus - used.cpus, self.memory_mb - used.memory_mb)

    def lack(self, asked: Capacity) -> str | None:
        """What is missing for who asks for so much; None where it fits."""
        if asked.cpus > self.cpus:
            return f"it asks for {asked.cpus} CPUs, and this machine has {self.cpus} slots"
        if asked.memory_mb > self.memory_mb:
            return f"it asks for {asked.memory_mb} MB of memory, and this machine has {self.memory_mb}"
        return None


def of_machine(slots: int | None = None) -> Capacity:
    """At least 4 slots unless said else, so that a waiting worker agent never keeps other jobs out."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Capacity(slots or max(4, os.cpu_count() or 1), memory // 2**20)
