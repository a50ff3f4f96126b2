"""Real jobs on the development cluster, and a collector on this machine, which sees those of all nodes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from joblens.records import JobInfo, JobSample
from tests.acceptance.waiting import until
from tests.integration.cluster.dev_cluster import DevCluster
from tests.integration.joblens.running_collector import RunningCollector, TakingManager, running_collector

PATIENCE_S = 120
SCRIPT = "#!/bin/sh\nexec sleep 900\n"


class PoolJobs:
    """Alice's jobs; all that are left are removed by `close`."""

    def __init__(self, cluster: DevCluster, manager: TakingManager, collector: RunningCollector) -> None:
        self.cluster, self.manager, self.collector = cluster, manager, collector
        self._condor: list[str] = []
        self._slurm: list[str] = []

    def condor(self, executable: str, arguments: str = "", count: int = 1, *more: str) -> list[str]:
        """Submits; the ids of the jobs."""
        settings = [f"executable={executable}", f"arguments={arguments}", "transfer_executable=false", *more]
        argv = ["condor_submit", "-terse", *settings, "-queue", str(count)]
        cluster = self.cluster.exec("portal", argv, "alice").partition(".")[0]
        self._condor.append(cluster)
        return [f"{cluster}.{proc}" for proc in range(count)]

    def slurm(self, *options: str, script: str = SCRIPT) -> str:
        """Submits with `sbatch`; the number of the job or array."""
        argv = ["sbatch", "--parsable", "--chdir=/tmp", "--output=/dev/null", "--mem=20", *options]
        job = self.cluster.exec("portal", argv, "alice", stdin=script).strip()
        self._slurm.append(job)
        return job

    def remove_condor(self, *jobs: str) -> None:
        self.cluster.try_exec("portal", ["condor_rm", *jobs], "alice")

    def remove_slurm(self, *jobs: str) -> None:
        self.cluster.try_exec("portal", ["scancel", *jobs], "alice")

    def info(self, cluster: str, job: str) -> JobInfo:
        """What is known of a job last, once it is told."""

        def last() -> JobInfo | None:
            infos = (info for batch in self.manager.batches for info in batch.jobs if info.key == (cluster, job))
            return next(iter(list(infos)[::-1]), None)

        try:
            return until(f"job {job} is told", last, PATIENCE_S)
        except TimeoutError as late:
            late.add_note(f"{self._queue(cluster, job)}\nthe collector said:\n{self.collector.said()[-2000:]}")
            raise

    def _queue(self, cluster: str, job: str) -> str:
        ask = ["scontrol", "show", "job", job] if cluster == "slurm" else ["condor_q", "-long", job]
        asked = self.cluster.try_exec("portal", ask, "alice")
        return f"the queue has:\n{asked.stdout}{asked.stderr}"

    def last(self, job: str) -> JobSample:
        return self.manager.samples(job)[-1]

    def final(self, job: str) -> JobSample:
        def ended() -> JobSample | None:
            return next((sample for sample in self.manager.samples(job) if sample.final), None)

        return until(f"the end of job {job} is told", ended, PATIENCE_S)

    def new_collector(self) -> None:
        """In place of the old one, which is killed; it remembers nothing, and nothing is told yet."""
        self.collector.kill()
        (self.collector.folder / "state/jobs.jlb").unlink(missing_ok=True)
        self.manager.batches.clear()
        self.collector.restart()

    def close(self) -> None:
        if self._condor:
            self.remove_condor(*self._condor)
        if self._slurm:
            self.remove_slurm(*self._slurm)


@contextmanager
def pool_jobs(cluster: DevCluster, folder: Path, **settings: object) -> Iterator[PoolJobs]:
    manager = TakingManager()
    squeue = (*cluster.command("cm", ["squeue"]),)
    settings = {"squeue": squeue, "unprivileged_starters": False} | settings
    try:
        with running_collector(folder, manager.url, (), "node-token", **settings) as collector:
            jobs = PoolJobs(cluster, manager, collector)
            try:
                yield jobs
            finally:
                jobs.close()
    finally:
        manager.close()
