"""Cards and energy of the host, shared among its jobs; where a host has neither, nothing is begun and nothing costs."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from joblens.errors import PowerRefused
from joblens.gpu.child import GpuChild
from joblens.gpu.devices import driver_present
from joblens.gpu.join import join
from joblens.power.rapl import Rapl, busy_ns
from joblens.power.shares import EnergyShares
from joblens.records import GpuSample, JobKey, PowerSample

_log = logging.getLogger(__name__)


class Cards:
    def __init__(self) -> None:
        self._reader = GpuChild() if driver_present() else None

    @property
    def children(self) -> tuple[int, ...]:
        """Processes that read cards for the collector."""
        return (self._reader.pid,) if self._reader and self._reader.pid else ()

    def samples(
        self,
        members: Callable[[], Mapping[JobKey, list[int]]],
        given: Mapping[JobKey, frozenset[str]],
        time: float,
    ) -> list[GpuSample]:
        return join(self._reader.read(), members(), given, time) if self._reader else []

    def close(self) -> None:
        if self._reader:
            self._reader.close()


class Energy:
    def __init__(self) -> None:
        try:
            self._rapl = Rapl()
        except PowerRefused as why:
            _log.info("no energy is told: %s", why)
            self._rapl = None
        self._shares = EnergyShares(busy_ns())

    def samples(self, cpu_ns: Callable[[], Mapping[JobKey, int]], time: float) -> list[PowerSample]:
        """`cpu_ns` tells the CPU time of each job so far."""
        return self._shares.book(self._rapl.spent_uj(), busy_ns(), cpu_ns(), time) if self._rapl else []
