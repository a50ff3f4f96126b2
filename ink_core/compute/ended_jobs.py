"""Hands the jobs of a cluster that have ended to the history, and keeps what it could not take.

While the database is away all of them wait for the next poll. A single job that cannot be recorded (its name holds what
no database stores, for instance) is set aside and named: it stops neither the others nor the view of its cluster.
Limits: what waits is in memory, `MOST_WAITING` jobs at most.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from ink_core.compute.changes import ChangeKind, JobChange
from ink_core.compute.model import ENDED_STATES, Job
from ink_core.errors import InkError

Record = Callable[[Sequence[Job]], None]
MOST_WAITING = 100_000
MOST_NAMED = 100
"""Of more jobs that cannot be recorded, the latest are named."""
MOST_ASIDE = 20
"""Where so many fail in one poll the fault is not theirs: the others wait."""
_LOG = logging.getLogger(__name__)


class EndedJobs:
    """Of one cluster. `take` belongs to the poll's thread; anybody may ask for `unrecorded`."""

    def __init__(self, cluster: str, record: Record) -> None:
        self._cluster = cluster
        self._record = record
        self._waiting: dict[str, Job] = {}
        self._failed_now = 0
        self.unrecorded: Mapping[str, str] = {}
        """Jobs that the history does not have, with the reason."""

    def take(self, changes: Sequence[JobChange]) -> None:
        """Records what has ended since the last poll, and what waits from earlier ones. Never raises."""
        ended = (one.job for one in changes if one.kind is not ChangeKind.LEFT and one.job.state in ENDED_STATES)
        self._waiting.update((job.job_id, job) for job in ended)
        while len(self._waiting) > MOST_WAITING:
            self._set_aside(next(iter(self._waiting)), "too many ended jobs waited for the database")
        self._failed_now = 0
        try:
            self._record_all(tuple(self._waiting.values()))
        except Exception as error:  # whatever the history meets, the view goes on
            _LOG.warning("cluster %s: %s ended jobs wait: %s", self._cluster, len(self._waiting), error)

    def _record_all(self, jobs: Sequence[Job]) -> None:
        """By halves where it fails, until the job that is the reason stands alone."""
        if not jobs:
            return
        try:
            self._record(jobs)
        except InkError:
            raise
        except Exception as error:
            if self._failed_now >= MOST_ASIDE:
                raise
            if len(jobs) == 1:
                self._failed_now += 1
                self._set_aside(jobs[0].job_id, f"{type(error).__name__}: {error}"[:500])
            else:
                self._record_all(jobs[: len(jobs) // 2])
                self._record_all(jobs[len(jobs) // 2 :])
        else:
            for job in jobs:
                del self._waiting[job.job_id]

    def _set_aside(self, job_id: str, reason: str) -> None:
        del self._waiting[job_id]
        _LOG.error("cluster %s: the history does not have job %s: %s", self._cluster, job_id, reason)
        named = {**self.unrecorded, job_id: reason}
        self.unrecorded = dict(list(named.items())[-MOST_NAMED:])
