"""The jobs of a site as its collectors tell them, and the same again, so that what is kept can be compared.

Each node sends once an interval, at a time of its own in it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.tracestore.workload import Job
from joblens.records import COUNTERS, Batch, JobKey, Level

FILES_EVERY = 6
"""Samples, as the collector's defaults have it: 5 s and 30 s."""


@dataclass(frozen=True)
class Site:
    """`began` is in seconds since the epoch; jobs run all the time, node by node."""

    nodes: int
    jobs: int
    steps: int
    interval_s: float
    began: float

    def batches(self, node: int) -> Iterator[Batch]:
        """What one node sends, in its order; a batch's time is when it is due."""
        host, phase = f"node{node:04}", random.Random(node).uniform(0, self.interval_s)
        jobs = [Job(_key(number), host, random.Random(number)) for number in range(node, self.jobs, self.nodes)]
        for step in range(1, self.steps + 1):
            time = self.began + phase + (step - 1) * self.interval_s
            told = [job.step(time, self.interval_s, final=step == self.steps) for job in jobs]
            infos = [replace(job.info, started=self.began) for job in jobs] if step == 1 else []
            files = [file for _, each in told for file in each] if step % FILES_EVERY == 1 else []
            samples = [sample for sample, _ in told]
            yield Batch(host, step, time, self.interval_s, Level.BPF, (), infos, samples, files)

    def totals(self) -> Iterator[tuple[JobKey, dict[str, int]]]:
        """The counters that each job has at its end."""
        for node in range(self.nodes):
            *_, last = self.batches(node)
            for sample in last.samples:
                yield sample.key, {name: getattr(sample, name) for name in COUNTERS}


def _key(number: int) -> JobKey:
    return JobKey("htcondor", f"{number}.0")


def rows_of(site: Site) -> list[list[list[list[object]]]]:
    """Samples and files of all nodes as plain rows, interval by interval."""
    steps = zip(*(site.batches(node) for node in range(site.nodes)), strict=True)
    return [
        [
            [[row.key.job, batch.host, *row[1:-1]] for batch in step for row in batch.samples],
            [[row.key.job, batch.host, row.time, row.path, *row[6:]] for batch in step for row in batch.files],
        ]
        for step in steps
    ]
