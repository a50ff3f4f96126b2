"""All the cards of a host, of whatever vendor, as one reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from joblens.errors import GpuRefused
from joblens.gpu import amd, nvml
from joblens.gpu.reader import CardReading, GpuReader

VENDORS: tuple[Callable[[], GpuReader], ...] = (
    lambda: nvml.NvmlReader(nvml.load_nvml()),
    lambda: amd.AmdReader(amd.load_amdsmi()),
)


class Cards:
    """Raises `GpuRefused`, with what each vendor lacks, where no card can be read."""

    def __init__(self, vendors: Sequence[Callable[[], GpuReader]] = VENDORS) -> None:
        self._readers: list[GpuReader] = []
        refused: list[str] = []
        for vendor in vendors:
            try:
                self._readers.append(vendor())
            except GpuRefused as error:
                refused.append(str(error))
        if not self._readers:
            raise GpuRefused("; ".join(refused))

    def read(self) -> list[CardReading]:
        return [reading for reader in self._readers for reading in reader.read()]

    def close(self) -> None:
        for reader in self._readers:
            reader.close()
