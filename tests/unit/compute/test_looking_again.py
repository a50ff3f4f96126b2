"""What has not changed since the last look is not made again: a large queue costs its reader what is new in it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from ink_core.compute.in_child import ChildReader
from ink_core.compute.local.control import LocalControl
from ink_core.compute.local.queue import LocalQueue
from ink_core.compute.local.reader import LocalReader
from ink_core.compute.local.schema import NewJobs
from ink_core.compute.model import Job, JobAction, JobChanges
from ink_core.compute.options import LocalOptions
from ink_core.compute.port import QueueReader
from ink_core.compute.schedds import FIRST, ReaderOfSchedds


@pytest.fixture
def control(tmp_path: Path) -> LocalControl:
    """Of a queue with three jobs that are too large to run."""
    three = NewJobs(
        owner="alice", operation_id="three", name="large", argv=("/bin/true",), working_directory=str(tmp_path),
        stdout="out", stderr="err", environment={}, cpus=2, memory_mb=100, wall_time_s=None, queue=None, group=None,
        priority=0, count=3, submitted_at=1000.0,
    )  # fmt: skip
    LocalQueue(tmp_path).submit(three)
    return LocalControl("local", tmp_path, owner="alice", slots=1)


@pytest.fixture(params=["here", "in a child process", "of several schedds"])
def reader(request: pytest.FixtureRequest, tmp_path: Path, control: LocalControl) -> Generator[QueueReader]:
    """Reads that queue, or two names for it."""
    if request.param == "in a child process":
        with closing(ChildReader(LocalOptions(name="local", directory=str(tmp_path), slots=1))) as child:
            yield child
    elif request.param == "of several schedds":
        readers = {name: LocalReader("local", tmp_path, slots=1) for name in (FIRST, "second")}
        with closing(ReaderOfSchedds("local", readers, grace_s=60)) as several:
            yield several
    else:
        yield LocalReader("local", tmp_path, slots=1)


def seen(reader: QueueReader) -> Mapping[str, Job]:
    return {job.job_id: job for job in reader.snapshot().jobs}


def test_a_job_is_the_same_until_it_changes(reader: QueueReader, control: LocalControl) -> None:
    first = seen(reader)
    again = seen(reader)
    assert list(again) == list(first) and all(again[job_id] is job for job_id, job in first.items())
    control.edit(JobChanges(priority=7), ["1.1"])
    control.act(JobAction.REMOVE, ["1.2"], "not needed")
    later = seen(reader)
    assert later["1.0"] is first["1.0"]
    assert (later["1.1"].priority, later["1.2"].state, later["1.2"].reason) == (7, "CANCELLED", "not needed (by alice)")
