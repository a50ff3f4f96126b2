"""The seam between the collector and the drivers of GPUs: every card, or MIG slice of one, as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol


class GpuProcess(NamedTuple):
    pid: int
    memory_bytes: int
    sm_percent: float | None  # since the last reading; None where the driver does not tell it per process


@dataclass(frozen=True, slots=True)
class CardReading:
    """One card, or one MIG slice of it. Percentages are None where the driver does not tell them."""

    card: int  # its index on the host
    uuid: str
    name: str
    mig: str  # "" or the slice's uuid
    sm_percent: float | None  # time in which any kernel ran
    memory_percent: float | None  # time in which memory was read or written
    memory_total_bytes: int
    energy_mj: int  # of the whole card since its driver was loaded, read seldom; 0 where it is not told
    processes: tuple[GpuProcess, ...]


class GpuReader(Protocol):
    def read(self) -> list[CardReading]:
        """Every card and slice now; empty while the driver is away, and whole again once it is back."""
        ...

    def close(self) -> None: ...
