"""Energy of the host's processors by RAPL, as the kernel shows it under `/sys/class/powercap` (AMD's too).

Format: Documentation/power/powercap/powercap.rst of the kernel. `energy_uj` counts microjoules up to
`max_energy_range_uj` and begins again at 0; at full load of a large processor that takes some minutes, so that a
reading each minute misses no turn. A package does not contain its memory (`dram`); its cores are part of it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from joblens.errors import PowerRefused

POWERCAP = Path("/sys/class/powercap")
COUNTED = ("package", "dram")


@dataclass(slots=True)
class _Zone:
    path: Path
    range_uj: int
    last_uj: int


class Rapl:
    """Raises `PowerRefused` where the host has no counters or does not let this process read them (root only)."""

    def __init__(self, root: Path = POWERCAP) -> None:
        found = [path for path in sorted(root.glob("intel-rapl:*")) if _name(path).startswith(COUNTED)]
        if not found:
            raise PowerRefused(f"this host tells no energy: no RAPL package under {root}")
        try:
            self._zones = [_Zone(path, _number(path / "max_energy_range_uj"), _energy(path)) for path in found]
        except PermissionError as error:
            raise PowerRefused(
                f"{error.filename} is for root alone; run the collector with CAP_DAC_READ_SEARCH"
            ) from error
        except OSError as error:
            raise PowerRefused(f"the energy counters cannot be read: {error}") from error

    def spent_uj(self) -> int:
        """Microjoules of all packages since the last call, or since it was opened; what cannot be read adds nothing."""
        return sum(_spent(zone) for zone in self._zones)


def _spent(zone: _Zone) -> int:
    try:
        now = _energy(zone.path)
    except OSError:
        return 0  # a processor taken offline; it counts on from here when it is back
    spent = now - zone.last_uj
    zone.last_uj = now
    return spent if spent >= 0 else spent + zone.range_uj


def _energy(zone: Path) -> int:
    return _number(zone / "energy_uj")


def _number(path: Path) -> int:
    return int(path.read_text())


def _name(zone: Path) -> str:
    try:
        return (zone / "name").read_text().strip()
    except OSError:
        return ""


def busy_ns(stat: Path = Path("/proc/stat")) -> int:
    """CPU time that the host has spent on anything since it was booted: its first line but idle, iowait and guests."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(int, stat.read_text().split(maxsplit=9)[1:9])
    return (user + nice + system + irq + softirq + steal) * (1_000_000_000 // os.sysconf("SC_CLK_TCK"))
