"""A reading of cards asks once which processes belong to which jobs, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

import pytest

from joblens.collector.delivery.spool import Spool
from joblens.collector.hardware import Cards
from joblens.collector.probes.scripted_probe import ScriptedProbe
from joblens.records import GpuSample, JobKey
from tests.unit.joblens.scripted_collector import of_host
from tests.unit.joblens.scripted_jobs import Host, key


class CountingProbe(ScriptedProbe):
    looks = 0

    def members(self) -> dict[int, list[int]]:
        self.looks += 1
        return super().members()


class Asking:
    """In place of cards: keeps what it was told of processes."""

    def samples(self, members: Callable[[], Mapping[JobKey, list[int]]], *_: object) -> list[GpuSample]:
        self.told = members()
        return []


@pytest.mark.requirement("LENS-COST-01")
def test_the_processes_of_all_jobs_are_looked_at_once(tmp_path: Path) -> None:
    probe, cards = CountingProbe(), Asking()
    host = Host(probe)
    probe.open()
    roots = {key(str(job)): host.step(str(job)) for job in range(1, 6)}
    of_host(host, Spool(tmp_path / "spool", 1 << 20), tmp_path, cast(Cards, cards)).turn()
    assert (set(cards.told), probe.looks) == (set(roots), 1)
    assert len({pid for pids in cards.told.values() for pid in pids}) == 5
