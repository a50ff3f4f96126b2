"""A collector whose jobs are scripted, and whose writer has no thread."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from joblens.collector.collector import Collector, Parts
from joblens.collector.config import Config
from joblens.collector.delivery.spool import Spool
from joblens.collector.hardware import Cards, Energy
from joblens.collector.remembered import MemoryFile, Snapshot
from joblens.records import Batch
from tests.unit.joblens.scripted_jobs import Host


class Disk:
    """The writer, without its thread."""

    def __init__(self, spool: Spool) -> None:
        self.spool, self.lost = spool, 0

    def put(self, new: Batch | Snapshot) -> None:
        if isinstance(new, Batch):
            self.spool.append(replace(new, sequence=self.spool.last_sequence + 1))


def of_host(host: Host, spool: Spool, folder: Path, cards: Cards | None = None) -> Collector:
    parts = SimpleNamespace(
        probe=host.probe,
        jobs=host.jobs,
        arrays=None,
        spool=spool,
        writer=Disk(spool),
        courier=SimpleNamespace(asked_at=0.0),
        cards=cards or Cards(),
        energy=Energy(),
        memory=MemoryFile(folder / "jobs.jlb"),
    )
    return Collector(Config(interval_s=0.1), cast(Parts, parts))
