"""Scripted trees with a believable starter, and the jobs that come of them."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from joblens.collector.identity.identities import Identities, Site
from joblens.collector.jobs import Jobs, Remembered, Rows
from joblens.collector.probes.probe import Evidence
from joblens.collector.probes.scripted_probe import ScriptedProbe
from joblens.records import JobKey


class Host:
    """A scripted probe and its `Jobs`; `tick` lets a second pass and gives what is new."""

    def __init__(self, probe: ScriptedProbe | None = None, *, arrays: bool = False, linger_s: float = 0.0) -> None:
        self.probe = probe or ScriptedProbe()
        self._arrays, self._linger_s = arrays, linger_s
        self.jobs = self._new_jobs(())

    def step(self, job: str, step: str = "0", *, uid: int = 2001, environ: dict[str, str] | None = None) -> int:
        """The handle of a new tree: a step of a Slurm job."""
        evidence = Evidence(50, "slurmstepd", f"slurmstepd: [{job}.{step}]", (0, 0, 0), "alice")
        return self.probe.begin(self._pid(job, step), environ or {}, uid=uid, evidence=evidence)

    def tick(self, seconds: float = 1.0, only: set[JobKey] | None = None) -> Rows:
        self.probe.wait(seconds)
        self.jobs.take(self.probe.read())
        return self.jobs.rows(only)

    def restart_collector(self, probe: ScriptedProbe, away_s: float = 10.0) -> None:
        """`probe` holds what runs now; the jobs are those of a new run that remembers the old one."""
        self.probe, remembered = probe, self.jobs.remember()
        self.jobs = self._new_jobs(remembered, away_s)

    def _new_jobs(self, remembered: Iterable[Remembered], away_s: float = 0.0) -> Jobs:
        identities = Identities("node1", Site())
        return Jobs(identities, linger_s=self._linger_s, arrays=self._arrays, remembered=remembered, away_s=away_s)

    def _pid(self, job: str, step: str) -> int:
        return 1000 + zlib.crc32(f"{job}.{step}".encode()) % 100_000


def key(job: str) -> JobKey:
    return JobKey("slurm", job)
