"""Finds a job by the id that a client of INK has: the scheduler's own, or that of an HTCondor cluster."""

from __future__ import annotations

from ink_core.api.ink_rows.jobs import clusters_of
from ink_core.compute.model import Job
from ink_core.compute.queues import Queues
from ink_core.errors import InkError, JobNotFound


def find_job(queues: Queues, job_id: str, cluster_id: str | None) -> Job:
    """The job of that id, or the first of that HTCondor cluster. Raises what leaves most hope of finding it."""
    problem: InkError | None = None
    for cluster in clusters_of(queues, cluster_id):
        try:
            return queues.job(cluster, job_id)
        except InkError as error:
            problem = error if problem is None or isinstance(problem, JobNotFound) else problem
    raise problem or JobNotFound(f"there is no job {job_id}")
