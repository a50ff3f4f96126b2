"""AMD cards through `amdsmi`, which comes with a site's ROCm. Written from its interface (7.0); no card was at hand.

Units of the library: percent, MiB of memory in use by card, bytes by process, and an energy counter whose resolution
in microjoules it tells with the value.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from joblens.errors import GpuRefused
from joblens.gpu import devices
from joblens.gpu.reader import CardReading, GpuProcess

MIB = 1024 * 1024
NO_ENERGY: dict[str, Any] = {"energy_accumulator": 0, "counter_resolution": 0}
T = TypeVar("T")


def load_amdsmi(device: Path = devices.AMD) -> Any:
    """AMD's library, imported only on a host with its driver. Raises `GpuRefused`."""
    if not device.exists():
        raise GpuRefused(f"no AMD driver on this host: {device} is missing")
    try:
        return importlib.import_module("amdsmi")
    except Exception as error:  # without its shared library the module fails in ways of its own
        raise GpuRefused(f"the host has an AMD driver and its package amdsmi does not load: {error}") from error


class AmdReader:
    def __init__(self, amdsmi: Any) -> None:
        self._amdsmi = amdsmi
        try:
            amdsmi.amdsmi_init()
        except amdsmi.AmdSmiException as error:
            raise GpuRefused(f"amdsmi does not start: {error}") from error

    def read(self) -> list[CardReading]:
        try:
            return [self._card(*each) for each in enumerate(self._amdsmi.amdsmi_get_processor_handles())]
        except self._amdsmi.AmdSmiException:
            return []

    def close(self) -> None:
        self._told(self._amdsmi.amdsmi_shut_down, default=None)

    def _card(self, index: int, card: Any) -> CardReading:
        smi = self._amdsmi
        busy = self._told(smi.amdsmi_get_gpu_activity, card, default={})
        return CardReading(
            card=index,
            uuid=str(smi.amdsmi_get_gpu_device_uuid(card)),
            name=str(self._told(smi.amdsmi_get_gpu_asic_info, card, default={}).get("market_name", "AMD")),
            mig="",
            sm_percent=_percent(busy.get("gfx_activity")),
            memory_percent=_percent(busy.get("umc_activity")),
            memory_total_bytes=smi.amdsmi_get_gpu_vram_usage(card)["vram_total"] * MIB,
            energy_mj=_millijoules(self._told(smi.amdsmi_get_energy_count, card, default=NO_ENERGY)),
            processes=tuple(
                GpuProcess(each["pid"], each["memory_usage"]["vram_mem"], None)
                for each in self._told(smi.amdsmi_get_gpu_process_list, card, default=[])
            ),
        )

    def _told(self, function: Callable[..., T], *arguments: Any, default: T) -> T:
        try:
            return function(*arguments)
        except self._amdsmi.AmdSmiException:
            return default


def _percent(value: Any) -> float | None:
    """The library puts "N/A" for what a card does not tell."""
    return float(value) if isinstance(value, (int, float)) else None


def _millijoules(energy: dict[str, Any]) -> int:
    return round(energy["energy_accumulator"] * energy["counter_resolution"] / 1000)
