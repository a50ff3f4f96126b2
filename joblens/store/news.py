"""What a batch changes in the list of jobs: a job, what is known of it, its end, and that it goes on after that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from joblens.records import Batch, JobInfo, JobKey, JobSample
from joblens.store.grouping import Rows

MAX_KNOWN = 100_000


class Told(NamedTuple):
    """Of one job on one host. `user` and `name` are empty where the batch does not tell them."""

    began: float
    seen: float
    sampled: float | None
    ended: bool
    user: str
    name: str


def told_of(batch: Batch, rows: Rows) -> Told:
    infos: Sequence[JobInfo] = rows.get("jobs", ())
    samples: Sequence[JobSample] = rows.get("samples", ())
    began = min([batch.time, *(sample.time for sample in samples), *(info.started for info in infos)])
    sampled = samples[-1].time if samples else None
    ended = bool(samples and samples[-1].final)
    user, name = (infos[-1].user, infos[-1].name) if infos else ("", "")
    return Told(began, sampled or batch.time, sampled, ended, user, name)


class KnownJobs:
    """Which jobs of a host are in the list, and whether as ended. It only spares looking again: it may be cleared."""

    def __init__(self) -> None:
        self._ended: dict[tuple[str, JobKey], bool] = {}

    def clear(self) -> None:
        self._ended.clear()

    def changed(self, host: str, jobs: Mapping[JobKey, Rows]) -> dict[JobKey, Rows]:
        """Those that the list does not tell rightly."""
        return {key: rows for key, rows in jobs.items() if self._is_news(rows, self._ended.get((host, key)))}

    def note(self, host: str, jobs: Mapping[JobKey, Rows]) -> None:
        """They are in the list now. Who tells marks alone does not say whether a job runs."""
        if len(self._ended) + len(jobs) > MAX_KNOWN:
            self._ended.clear()
        for key, rows in jobs.items():
            samples: Sequence[JobSample] = rows.get("samples", ())
            if samples or rows.get("jobs"):
                self._ended[host, key] = bool(samples and samples[-1].final)

    @staticmethod
    def _is_news(rows: Rows, ended: bool | None) -> bool:
        samples: Sequence[JobSample] = rows.get("samples", ())
        return ended is None or bool(rows.get("jobs")) or bool(samples and samples[-1].final != ended)
