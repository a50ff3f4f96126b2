"""Jobs as a site has them: some compute, some read, some idle, with noise in every figure; five files each."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from joblens.records import Batch, FileSample, JobInfo, JobKey, JobSample, Level, Traffic

BEGAN = 1_764_100_000.0
MB = 1 << 20
FILES = 5


@dataclass(slots=True)
class Job:
    key: JobKey
    host: str
    chance: random.Random
    counters: list[int] = field(default_factory=lambda: [0] * 15)
    rss: int = 200 * MB
    read: list[int] = field(default_factory=lambda: [0] * FILES)

    @property
    def info(self) -> JobInfo:
        user = f"user{self.chance.randrange(200)}"
        return JobInfo(self.key, "htcondor", self.host, user, 1000, "reco.sh", 17, BEGAN, schedd="schedd@ap", cpus=1)

    def step(self, time: float, seconds: float, *, final: bool) -> tuple[JobSample, list[FileSample]]:
        """What was counted when `seconds` more have passed. A third of the jobs reads a lot, a third is nearly idle."""
        kind = int(self.key.job.partition(".")[0]) % 3
        busy = (0.95, 0.6, 0.02)[kind] * self.chance.uniform(0.9, 1.05)
        read = int(seconds * (2e5, 3e7, 1e3)[kind] * self.chance.uniform(0.5, 1.5))
        self._count(int(seconds * busy * 1e9), read, seconds)
        self.rss = max(10 * MB, self.rss + self.chance.randrange(-64, 70) * 4096)
        gauges = [0 if final else self.rss, self.rss, 0, 3, 7]
        numbers = [*self.counters, *gauges]
        sample = JobSample._make((self.key, time, *numbers, final))
        place = int((time - BEGAN) / 700) % FILES
        self.read[place] += read
        path = f"/eos/experiment/run{self.key.job}/events-{place:04}.root"
        file = FileSample(
            self.key, time, path, "/eos", "fuse", Traffic.FILE, self.read[place], self.read[place] // 262144, 0, 0
        )
        return sample, [file] if kind < 2 else []

    def _count(self, cpu: int, read: int, seconds: float) -> None:
        wrote, chance = read // 40, self.chance
        switches = int(seconds * chance.uniform(20, 200))
        grown = (cpu, read, wrote, read // 2, wrote, read // 262144, wrote // 4096, read // 3, wrote // 5,
                 chance.randrange(2000), 0, switches, switches // 7,
                 chance.randrange(20), 0)  # fmt: skip
        self.counters = [before + each for before, each in zip(self.counters, grown, strict=True)]


def batches(*, hosts: int, jobs: int, seconds: float, interval: float) -> Iterator[list[Batch]]:
    """Of each interval, one batch a host; `jobs` run on each host, all the time."""
    known = {f"node{host:03}": [_job(host * jobs + number, host) for number in range(jobs)] for host in range(hosts)}
    steps = round(seconds / interval)
    for step in range(1, steps + 1):
        yield [_batch(host, running, step, interval, final=step == steps) for host, running in known.items()]


def _job(number: int, host: int) -> Job:
    return Job(JobKey("htcondor", f"{number}.0"), f"node{host:03}", random.Random(number))


def _batch(host: str, jobs: list[Job], step: int, interval: float, *, final: bool) -> Batch:
    time = BEGAN + step * interval + 0.137
    told = [job.step(time, interval, final=final) for job in jobs]
    infos = [job.info for job in jobs] if step == 1 else []
    files = [file for _, each in told for file in each]
    return Batch(host, step, time, interval, Level.BPF, (), infos, [sample for sample, _ in told], files)
