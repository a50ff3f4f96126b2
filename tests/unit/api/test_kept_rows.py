"""Rows of jobs that did not change are written once, however often they are listed."""

from __future__ import annotations

from ink_core.api.kept_rows import KeptRows
from ink_core.compute.model import Job
from mcp_tools.doubles import memory_job


class Written:
    """Writes rows and notes of which jobs."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []

    def __call__(self, job: Job) -> bytes:
        self.jobs.append(job)
        return job.model_dump_json().encode()


def test_a_row_is_written_once_as_long_as_the_job_is_the_same() -> None:
    written = Written()
    rows, job = KeptRows(written), memory_job("1.0", "alice")
    assert rows.of(job) == rows.of(job) == job.model_dump_json().encode()
    assert written.jobs == [job]


def test_the_row_of_a_job_that_changed_is_written_anew() -> None:
    rows, job = KeptRows(Written()), memory_job("1.0", "alice")
    changed = job.model_copy(update={"name": "another"})
    assert rows.of(job) != rows.of(changed) == changed.model_dump_json().encode()


def test_jobs_of_two_clusters_with_one_id_have_a_row_each() -> None:
    rows, job = KeptRows(Written()), memory_job("1.0", "alice")
    other = job.model_copy(update={"cluster": "other"})
    assert [rows.of(each) for each in (job, other, job)] == [
        each.model_dump_json().encode() for each in (job, other, job)
    ]


def test_no_more_rows_are_kept_than_the_bound() -> None:
    written = Written()
    rows, jobs = KeptRows(written, most=2), [memory_job(f"{number}.0", "alice") for number in range(5)]
    assert [rows.of(job) for job in jobs] == [job.model_dump_json().encode() for job in jobs]
    rows.of(jobs[0])
    assert written.jobs == [*jobs, jobs[0]]
