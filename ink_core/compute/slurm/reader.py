"""Reads the queue and the nodes of one Slurm cluster.

Jobs that ended before the reader started, and are no longer with slurmctld, are in Slurm's accounting only, which is
not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from ink_core.compute.job_ids import family_of
from ink_core.compute.model import Associations, ClusterHealth, Explanation, Job, QueueSnapshot
from ink_core.compute.options import SlurmOptions
from ink_core.compute.priorities import Priorities
from ink_core.compute.slurm.explain import explain
from ink_core.compute.slurm.interface import Slurm, open_slurm
from ink_core.compute.slurm.memory import EndedJobs
from ink_core.compute.slurm.nodes import node_of, out_of_service, problem_of
from ink_core.compute.slurm.priorities import priorities
from ink_core.compute.slurm.records import jobs_from
from ink_core.compute.slurm.topology import topology
from ink_core.compute.topology import Topology
from ink_core.errors import JobNotFound


class SlurmReader:
    def __init__(self, options: SlurmOptions, slurm: Slurm | None = None) -> None:
        self._options = options
        self._slurm = slurm or open_slurm(options)
        self._ended = EndedJobs(options.history_s, options.history_limit)

    @property
    def cluster(self) -> str:
        return self._options.name

    def close(self) -> None:
        self._slurm.close()

    def snapshot(self) -> QueueSnapshot:
        observed_at = datetime.now(UTC)
        records = self._slurm.jobs()
        jobs = [job for record in records for job in jobs_from(self.cluster, record)]
        all_jobs = tuple(self._ended.with_past(jobs, observed_at))
        return QueueSnapshot(cluster=self.cluster, observed_at=observed_at, jobs=all_jobs)

    def look(self, job_ids: Sequence[str]) -> Sequence[Job]:
        records = [record for number in _numbers(job_ids) for record in self._slurm.job(number)]
        found = {job.job_id: job for record in records for job in jobs_from(self.cluster, record)}
        jobs = [found[job_id] for job_id in job_ids if job_id in found]
        self._ended.remember(jobs)
        return jobs

    def health(self) -> ClusterHealth:
        records = self._slurm.nodes()
        return ClusterHealth(
            cluster=self.cluster,
            observed_at=datetime.now(UTC),
            nodes=tuple(node_of(record) for record in records),
            problems=tuple(problem_of(record) for record in records if out_of_service(record)),
        )

    def topology(self) -> Topology:
        return topology(self.cluster, self._slurm)

    def associations(self, user: str) -> Associations:
        """Accounts and QOS from slurmdbd, and the partitions there are."""
        records = self._slurm.associations(user)
        partitions = self._slurm.partitions()
        return Associations(
            accounts=_sorted(str(one["account"]) for one in records),
            qos=_sorted(str(qos) for one in records for qos in one.get("qos") or ()),
            partitions=_sorted(str(one["name"]) for one in partitions),
        )

    def priorities(self) -> Priorities:
        return priorities(self.cluster, self._slurm)

    def explain(self, job_id: str) -> Explanation:
        jobs = {job.job_id: job for job in self.snapshot().jobs}
        if job_id not in jobs:
            raise JobNotFound(f"cluster {self.cluster} has no job {job_id}, and none ended lately")
        return explain(jobs[job_id], list(jobs.values()), self.health().nodes)


def _numbers(job_ids: Sequence[str]) -> Sequence[str]:
    """Of jobs and arrays, each once; what is no id of Slurm's names nothing."""
    return [number for number in dict.fromkeys(map(family_of, job_ids)) if number.isdecimal()]


def _sorted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))
