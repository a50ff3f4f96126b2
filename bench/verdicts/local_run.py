"""The corpus on this machine: jobs under a starter of their own, a real probe, the store in memory. Needs root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.verdicts import workload
from bench.verdicts.corpus import LIMITS, Case
from bench.verdicts.report import Judged
from joblens.collector.probes.probe import Found, Probe
from joblens.records import Batch, FileSample, JobInfo, JobKey, JobSample
from joblens.store.memory import MemoryStore
from joblens.verdicts.from_store import judge_job

STARTER = f"verdict_{os.getpid() % 100000}"
"""The name of the process under which jobs are started, so that no other probe takes them for its own."""
EVERY_S = 0.25
FIRST = "-15"
"""As `priority`: before whatever else this machine does, so that what a job is bound by is its own doing."""
NAME = "SLURM_JOB_NAME"


def judge_all(probe: Probe, cases: Sequence[Case], *, at_once: int, priority: str = "") -> list[Judged]:
    """`probe` looks for `STARTER` and is open. `priority` is a nice value for each job's group."""
    with tempfile.TemporaryDirectory(prefix="ink-verdicts-", dir="/var/tmp") as folder:
        run = _Run(probe, Path(folder), cases, priority)
        run.all(at_once)
        return [Judged(case, "local", judge_job(run.store, _key(case), limits=LIMITS)) for case in cases]


def _key(case: Case) -> JobKey:
    return JobKey("local", case.name)


class _Run:
    def __init__(self, probe: Probe, folder: Path, cases: Sequence[Case], priority: str) -> None:
        self.store = MemoryStore()
        self._probe = probe
        self._folder = folder
        self._priority = priority
        self._cases = {case.name: case for case in cases}
        self._job_of: dict[int, JobKey] = {}
        self._sequence = 0
        self._starter = shutil.copy2("/bin/sh", folder / STARTER)

    def all(self, at_once: int) -> None:
        waiting, running = list(self._cases.values()), list[subprocess.Popen[bytes]]()
        while waiting or running or self._job_of:
            running = [job for job in running if job.poll() is None]
            while waiting and len(running) < at_once:
                running.append(self._started(waiting.pop(0)))
            self._probe.wait(EVERY_S)
            self._take()

    def _started(self, case: Case) -> subprocess.Popen[bytes]:
        folder = self._folder / case.name
        folder.mkdir()
        command = [self._starter, "-c", '"$@"; exit $?', STARTER, sys.executable, "-I", "-S", workload.__file__]
        environment = dict(os.environ) | {NAME: case.name}
        job = subprocess.Popen([*command, *case.arguments], cwd=folder, env=environment, start_new_session=True)
        if self._priority:
            Path(f"/proc/{job.pid}/autogroup").write_text(self._priority)
        return job

    def _take(self) -> None:
        reading = self._probe.read()
        infos = [info for found in reading.found if (info := self._named(found))]
        samples = [
            JobSample(self._job_of[usage.handle], reading.time, *usage[1:-1])
            for usage in reading.usages
            if usage.handle in self._job_of
        ]
        files = [
            FileSample(self._job_of[file.handle], reading.time, *file[1:])
            for file in reading.files
            if file.handle in self._job_of
        ]
        self._sequence += 1
        batch = Batch("here", self._sequence, reading.time, EVERY_S, self._probe.level, self._probe.unseen)
        self.store.write([_filled(batch, infos, samples, files)])
        for usage in reading.usages:
            if usage.ended:
                self._job_of.pop(usage.handle, None)

    def _named(self, found: Found) -> JobInfo | None:
        case = self._cases.get(found.environ.get(NAME, ""))
        if case is None:
            return None
        key = self._job_of[found.handle] = _key(case)
        return JobInfo(
            key, "htcondor", "here", "root", 0, case.kind, found.root_pid, found.started,
            cpus=case.cpus, memory_bytes=case.memory_mib * 1024 * 1024,
        )  # fmt: skip


def _filled(batch: Batch, infos: list[JobInfo], samples: list[JobSample], files: list[FileSample]) -> Batch:
    batch.jobs.extend(infos)
    batch.samples.extend(samples)
    batch.files.extend(files)
    return batch
