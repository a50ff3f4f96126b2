"""NVIDIA cards through NVML (`nvidia-ml-py`), which needs neither privileges nor changes on the card.

Functions and their units: NVIDIA's NVML API reference (memory in bytes, energy in millijoules, utilisation in percent
over the driver's last sample period, process samples stamped in microseconds). A driver that is reloaded makes each
call fail; the library is then closed and opened again at the next reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from joblens.errors import GpuRefused
from joblens.gpu import devices
from joblens.gpu.reader import CardReading, GpuProcess

LISTED_EVERY = 60
"""Readings after which cards and slices are listed again: MIG slices may be made and removed while a host runs."""
ENERGY_EVERY = 6
"""Readings after which the energy counter is asked for again: on an H200 that call takes 5 of a reading's 9 ms."""
T = TypeVar("T")


def load_nvml(device: Path = devices.NVIDIA) -> ModuleType:
    """NVIDIA's library, imported only on a host with its driver. Raises `GpuRefused`."""
    if not device.exists():
        raise GpuRefused(f"no NVIDIA driver on this host: {device} is missing")
    try:
        import pynvml  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise GpuRefused("the host has an NVIDIA driver and the package nvidia-ml-py is missing; install it") from error
    return pynvml


@dataclass(frozen=True, slots=True)
class _Device:
    """What rarely changes of a card or slice, and costs a call into the driver for each figure."""

    handle: Any
    card: Any  # the handle of the card itself
    index: int
    uuid: str
    name: str
    mig: str
    memory_total_bytes: int


class NvmlReader:
    """`nvml` is the module `pynvml`, or a recording of it (`nvml_trace`)."""

    def __init__(self, nvml: Any) -> None:
        self._nvml = nvml
        self._open = False
        self._devices: list[_Device] = []
        self._readings = 0
        self._seen_us: dict[str, int] = {}  # per card: stamp of the newest process sample taken
        self._energy_mj: dict[str, int] = {}  # per card
        self._start()

    def read(self) -> list[CardReading]:
        try:
            if not self._open:
                self._start()
            if self._readings % LISTED_EVERY == 0:
                self._devices = list(self._listed())
            if self._readings % ENERGY_EVERY == 0:
                self._energy_mj = {device.uuid: self._energy(device) for device in self._devices}
            self._readings += 1
            return [self._reading(device) for device in self._devices]
        except (GpuRefused, self._nvml.NVMLError):
            self.close()
            return []

    def close(self) -> None:
        if self._open:
            self._open, self._readings = False, 0
            self._told(self._nvml.nvmlShutdown, default=None)

    def _start(self) -> None:
        try:
            self._nvml.nvmlInit()
        except self._nvml.NVMLError as error:
            raise GpuRefused(f"NVML does not start: {error}") from error
        self._open = True

    def _listed(self) -> Iterator[_Device]:
        for index in range(self._nvml.nvmlDeviceGetCount()):
            card = self._nvml.nvmlDeviceGetHandleByIndex(index)
            uuid = self._nvml.nvmlDeviceGetUUID(card)
            slices = list(self._slices(card))
            for handle in slices or [card]:
                yield _Device(
                    handle=handle,
                    card=card,
                    index=index,
                    uuid=uuid,
                    name=self._nvml.nvmlDeviceGetName(handle),
                    mig=self._nvml.nvmlDeviceGetUUID(handle) if slices else "",
                    memory_total_bytes=self._nvml.nvmlDeviceGetMemoryInfo(handle).total,
                )

    def _slices(self, card: Any) -> Iterator[Any]:
        """The MIG devices of a card; none where MIG is off."""
        current, _pending = self._told(self._nvml.nvmlDeviceGetMigMode, card, default=(0, 0))
        if current:
            for place in range(self._nvml.nvmlDeviceGetMaxMigDeviceCount(card)):
                mig = self._told(self._nvml.nvmlDeviceGetMigDeviceHandleByIndex, card, place, default=None)
                if mig is not None:
                    yield mig

    def _reading(self, device: _Device) -> CardReading:
        """NVML tells no utilisation of a slice (`nvmlDeviceGetUtilizationRates`: not supported with MIG)."""
        rates = None if device.mig else self._told(self._nvml.nvmlDeviceGetUtilizationRates, device.card, default=None)
        return CardReading(
            card=device.index,
            uuid=device.uuid,
            name=device.name,
            mig=device.mig,
            sm_percent=None if rates is None else float(rates.gpu),
            memory_percent=None if rates is None else float(rates.memory),
            memory_total_bytes=device.memory_total_bytes,
            energy_mj=self._energy_mj[device.uuid],
            processes=self._processes(device),
        )

    def _energy(self, device: _Device) -> int:
        return self._told(self._nvml.nvmlDeviceGetTotalEnergyConsumption, device.card, default=0)

    def _processes(self, device: _Device) -> tuple[GpuProcess, ...]:
        """Compute and graphics processes; one that is both is told twice with the same memory."""
        memory: dict[int, int] = {}
        for listed in (
            self._nvml.nvmlDeviceGetComputeRunningProcesses,
            self._nvml.nvmlDeviceGetGraphicsRunningProcesses,
        ):
            for process in self._told(listed, device.handle, default=()):
                memory[process.pid] = max(memory.get(process.pid, 0), process.usedGpuMemory or 0)
        busy = self._busy_by_pid(device) if memory and not device.mig else None
        return tuple(GpuProcess(pid, used, _share(busy, pid)) for pid, used in sorted(memory.items()))

    def _busy_by_pid(self, device: _Device) -> dict[int, float] | None:
        """Mean SM utilisation per process over the samples since the last reading; None where they are not told."""
        seen = self._seen_us.get(device.uuid, 0)
        try:
            samples = self._nvml.nvmlDeviceGetProcessUtilization(device.card, seen)
        except self._nvml.NVMLError as error:
            return {} if error.value == self._nvml.NVML_ERROR_NOT_FOUND else None
        self._seen_us[device.uuid] = max((sample.timeStamp for sample in samples), default=seen)
        values: dict[int, list[int]] = {}
        for sample in samples:
            if sample.timeStamp > seen and sample.smUtil <= 100:  # out of range: not a sample
                values.setdefault(sample.pid, []).append(sample.smUtil)
        return {pid: sum(each) / len(each) for pid, each in values.items()}

    def _told(self, function: Callable[..., T], *arguments: Any, default: T) -> T:
        """What a card of this kind may not tell: the default then. A driver that is gone is not that."""
        try:
            return function(*arguments)
        except self._nvml.NVMLError as error:
            gone = (self._nvml.NVML_ERROR_UNINITIALIZED, self._nvml.NVML_ERROR_GPU_IS_LOST)
            if self._open and error.value in gone:
                raise
            return default


def _share(busy: dict[int, float] | None, pid: int) -> float | None:
    """A process without a sample did nothing on the card, where samples are told at all."""
    return None if busy is None else busy.get(pid, 0.0)
