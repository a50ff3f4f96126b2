"""The local scheduler in a directory of its own, with two slots."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ink_core.compute.local.control import LocalControl
from ink_core.compute.local.queue import LocalQueue
from ink_core.compute.local.reader import LocalReader
from ink_core.compute.local.schema import LocalJob
from ink_core.compute.model import ENDED_STATES, JobAction, JobSpec

SLOTS = 2


@dataclass(frozen=True)
class Local:
    """`queue` is looked at without the adapters, which would start what is due."""

    directory: Path
    work: Path
    control: LocalControl
    reader: LocalReader
    queue: LocalQueue

    def submit(self, script: str, **changes: object) -> str:
        return self.submit_many(script, **changes)[0]

    def submit_many(self, script: str, **changes: object) -> tuple[str, ...]:
        spec = JobSpec(executable="/bin/sh", arguments=("-c", script), working_directory=str(self.work))
        return self.control.submit(spec.model_copy(update=changes), f"test-{secrets.token_hex(8)}").job_ids

    def job(self, job_id: str) -> LocalJob:
        job = self.queue.job(job_id)
        assert job is not None
        return job

    def wait(self, job_id: str, fits: Callable[[LocalJob], bool], patience_s: float = 60) -> LocalJob:
        deadline = time.monotonic() + patience_s
        while not fits(job := self.job(job_id)):
            assert time.monotonic() < deadline, f"it did not come to that: {job}"
            time.sleep(0.02)
        return job

    def wait_for_end(self, job_id: str) -> LocalJob:
        return self.wait(job_id, lambda job: job.state in ENDED_STATES and job.claim is None)

    def wait_for_text(self, name: str) -> str:
        """The content of a file that a job writes."""
        deadline = time.monotonic() + 60
        path = self.work / name
        while not (path.exists() and path.read_text()):
            assert time.monotonic() < deadline, f"{name} was not written"
            time.sleep(0.02)
        return path.read_text()


@pytest.fixture
def local(tmp_path: Path) -> Generator[Local]:
    directory, work = tmp_path / "queue", tmp_path / "work"
    work.mkdir()
    made = Local(
        directory,
        work,
        LocalControl("local", directory, owner="alice", slots=SLOTS),
        LocalReader("local", directory, slots=SLOTS),
        LocalQueue(directory),
    )
    yield made
    left = [job.job_id for job in made.reader.snapshot().jobs if job.state not in ENDED_STATES]
    made.control.act(JobAction.REMOVE, left, "the test is over")
    for job_id in left:
        made.wait_for_end(job_id)
