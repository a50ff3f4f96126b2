"""A job's share of the host's energy: in each interval, as its CPU time is to all CPU time the host spent.

What the processors take while idle is thus borne by what ran. Pure: energy and CPU times come in, samples go out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from joblens.records import JobKey, PowerSample


@dataclass(slots=True)
class _Account:
    cpu_ns: int
    energy_uj: float = 0.0
    host_energy_uj: int = 0


class EnergyShares:
    """Cumulative per job since it was first told of; a job that is told of no more is forgotten."""

    def __init__(self, busy_ns: int) -> None:
        self._busy_ns = busy_ns
        self._accounts: dict[JobKey, _Account] = {}

    def book(self, spent_uj: int, busy_ns: int, cpu_ns: Mapping[JobKey, int], time: float) -> list[PowerSample]:
        """`busy_ns` and `cpu_ns` are cumulative; `spent_uj` is what the host spent since the last booking."""
        busy, self._busy_ns = busy_ns - self._busy_ns, busy_ns
        before, self._accounts = self._accounts, {}
        for key, used in cpu_ns.items():
            self._accounts[key] = account = before.get(key) or _Account(used)
            if key in before:
                share = min((used - account.cpu_ns) / busy, 1.0) if busy > 0 else 0.0
                account.cpu_ns = used
                account.energy_uj += spent_uj * max(share, 0.0)
                account.host_energy_uj += spent_uj
        return [
            PowerSample(key, time, round(account.energy_uj), account.host_energy_uj)
            for key, account in self._accounts.items()
        ]
