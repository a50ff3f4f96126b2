"""NVIDIA cards through NVML (`nvidia-ml-py`), which needs neither privileges nor changes on the card.

Functions and their units: NVIDIA's NVML API reference (memory in bytes, energy in millijoules, utilisation in percent
over the driver's last sample period, process samples stamped in microseconds). A driver that is reloaded makes each
call fail; the library is then closed and opened again at the next reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from joblens.errors import GpuRefused
from joblens.gpu.reader import CardReading, GpuProcess

CONTROL_DEVICE = Path("/dev/nvidiactl")
T = TypeVar("T")


def load_nvml(device: Path = CONTROL_DEVICE) -> ModuleType:
    """NVIDIA's library, imported only on a host with its driver. Raises `GpuRefused`."""
    if not device.exists():
        raise GpuRefused(f"no NVIDIA driver on this host: {device} is missing")
    try:
        import pynvml  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as error:
        raise GpuRefused("the host has an NVIDIA driver and the package nvidia-ml-py is missing; install it") from error
    return pynvml


class NvmlReader:
    """`nvml` is the module `pynvml`, or a recording of it (`nvml_trace`)."""

    def __init__(self, nvml: Any) -> None:
        self._nvml = nvml
        self._open = False
        self._seen_us: dict[str, int] = {}  # per card: stamp of the newest process sample taken
        self._start()

    def read(self) -> list[CardReading]:
        try:
            if not self._open:
                self._start()
            return [reading for index in range(self._nvml.nvmlDeviceGetCount()) for reading in self._card(index)]
        except (GpuRefused, self._nvml.NVMLError):
            self.close()
            return []

    def close(self) -> None:
        if self._open:
            self._open = False
            self._told(self._nvml.nvmlShutdown, default=None)

    def _start(self) -> None:
        try:
            self._nvml.nvmlInit()
        except self._nvml.NVMLError as error:
            raise GpuRefused(f"NVML does not start: {error}") from error
        self._open = True

    def _card(self, index: int) -> Iterator[CardReading]:
        card = self._nvml.nvmlDeviceGetHandleByIndex(index)
        uuid = self._nvml.nvmlDeviceGetUUID(card)
        energy_mj = self._told(self._nvml.nvmlDeviceGetTotalEnergyConsumption, card, default=0)
        slices = list(self._slices(card))
        if not slices:
            yield self._whole(index, card, uuid, energy_mj)
        for mig in slices:
            yield self._slice(index, mig, uuid, energy_mj)

    def _slices(self, card: Any) -> Iterator[Any]:
        """The MIG devices of a card, which may be made and removed while it runs; none where MIG is off."""
        current, _pending = self._told(self._nvml.nvmlDeviceGetMigMode, card, default=(0, 0))
        if current:
            for place in range(self._nvml.nvmlDeviceGetMaxMigDeviceCount(card)):
                mig = self._told(self._nvml.nvmlDeviceGetMigDeviceHandleByIndex, card, place, default=None)
                if mig is not None:
                    yield mig

    def _whole(self, index: int, card: Any, uuid: str, energy_mj: int) -> CardReading:
        busy = self._told(self._nvml.nvmlDeviceGetUtilizationRates, card, default=None)
        return CardReading(
            card=index,
            uuid=uuid,
            name=self._nvml.nvmlDeviceGetName(card),
            mig="",
            sm_percent=None if busy is None else float(busy.gpu),
            memory_percent=None if busy is None else float(busy.memory),
            memory_total_bytes=self._nvml.nvmlDeviceGetMemoryInfo(card).total,
            energy_mj=energy_mj,
            processes=self._processes(card, self._busy_by_pid(card, uuid)),
        )

    def _slice(self, index: int, mig: Any, uuid: str, energy_mj: int) -> CardReading:
        """NVML tells no utilisation of a slice (`nvmlDeviceGetUtilizationRates`: not supported with MIG)."""
        return CardReading(
            card=index,
            uuid=uuid,
            name=self._nvml.nvmlDeviceGetName(mig),
            mig=self._nvml.nvmlDeviceGetUUID(mig),
            sm_percent=None,
            memory_percent=None,
            memory_total_bytes=self._nvml.nvmlDeviceGetMemoryInfo(mig).total,
            energy_mj=energy_mj,
            processes=self._processes(mig, None),
        )

    def _processes(self, device: Any, busy: dict[int, float] | None) -> tuple[GpuProcess, ...]:
        """Compute and graphics processes; one that is both is told twice with the same memory."""
        memory: dict[int, int] = {}
        for listed in (
            self._nvml.nvmlDeviceGetComputeRunningProcesses,
            self._nvml.nvmlDeviceGetGraphicsRunningProcesses,
        ):
            for process in self._told(listed, device, default=()):
                memory[process.pid] = max(memory.get(process.pid, 0), process.usedGpuMemory or 0)
        return tuple(GpuProcess(pid, used, _share(busy, pid)) for pid, used in sorted(memory.items()))

    def _busy_by_pid(self, card: Any, uuid: str) -> dict[int, float] | None:
        """Mean SM utilisation per process over the samples since the last reading; None where they are not told."""
        seen = self._seen_us.get(uuid, 0)
        try:
            samples = self._nvml.nvmlDeviceGetProcessUtilization(card, seen)
        except self._nvml.NVMLError as error:
            return {} if error.value == self._nvml.NVML_ERROR_NOT_FOUND else None
        self._seen_us[uuid] = max((sample.timeStamp for sample in samples), default=seen)
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
