"""What has not changed since the last look is not made again: a large queue costs its reader what is new in it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from ink_core.clock import ManualClock
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
    LocalQueue(tmp_path).submit(new_jobs(tmp_path, 3))
    return LocalControl("local", tmp_path, owner="alice", slots=1)


def new_jobs(directory: Path, count: int) -> NewJobs:
    return NewJobs(
        owner="alice", operation_id="some", name="large", argv=("/bin/true",), working_directory=str(directory),
        stdout="out", stderr="err", environment={}, cpus=2, memory_mb=100, wall_time_s=None, queue=None, group=None,
        priority=0, count=count, submitted_at=1000.0,
    )  # fmt: skip


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


def test_all_jobs_are_the_same_where_nothing_has_changed(reader: QueueReader, control: LocalControl) -> None:
    first = reader.snapshot()
    again = reader.snapshot()
    assert again.jobs is first.jobs and again.observed_at > first.observed_at
    control.edit(JobChanges(priority=7), ["1.0"])
    assert reader.snapshot().jobs is not first.jobs


def test_of_ended_jobs_the_latest_are_shown_for_a_while_and_a_new_reader_sees_the_same(tmp_path: Path) -> None:
    clock = ManualClock()
    queue = LocalQueue(tmp_path)
    queue.submit(new_jobs(tmp_path, 5))

    def reader() -> LocalReader:
        return LocalReader("local", tmp_path, slots=1, history_s=60, history_limit=2, clock=clock)

    follows = reader()
    assert list(seen(follows)) == ["1.0", "1.1", "1.2", "1.3", "1.4"]
    for number in (3, 1, 2):
        clock.advance(10)
        queue.change_state(f"1.{number}", ["HOLDING"], "CANCELLED", None, None, clock.now().timestamp())
    assert list(seen(follows)) == list(seen(reader())) == ["1.0", "1.4", "1.2", "1.1"]
    clock.advance(55)
    assert list(seen(follows)) == list(seen(reader())) == ["1.0", "1.4", "1.2"]


def test_a_queue_of_an_earlier_release_tells_what_changes_from_now_on(tmp_path: Path) -> None:
    earlier = LocalQueue(tmp_path)
    earlier.submit(new_jobs(tmp_path, 3))
    with earlier.transaction() as connection:
        for what in ("TRIGGER job_came", "TRIGGER job_changed", "TABLE latest_changes"):
            connection.execute(f"DROP {what}")
    follows = LocalReader("local", tmp_path, slots=1)
    assert list(seen(follows)) == ["1.0", "1.1", "1.2"]
    with earlier.transaction() as connection:  # as a runner of that release does, which knows of no numbers
        connection.execute("UPDATE jobs SET state = 'FAILED', ended_at = 1e10 WHERE proc_id = 1")
    assert {job_id: job.state for job_id, job in seen(follows).items() if job.ended_at} == {"1.1": "FAILED"}


def test_a_new_child_process_tells_all_jobs_and_one_that_goes_on_who_left(
    tmp_path: Path, control: LocalControl
) -> None:
    options = LocalOptions(name="local", directory=str(tmp_path), slots=1, history_limit=1)
    with closing(ChildReader(options)) as reader:
        first = seen(reader)
        reader.close()
        again = seen(reader)
        assert list(again) == list(first) and all(again[job_id] is job for job_id, job in first.items())
        control.act(JobAction.REMOVE, ["1.1"], "not needed")
        assert sorted(seen(reader)) == ["1.0", "1.1", "1.2"]
        control.act(JobAction.REMOVE, ["1.2"], "not needed")
        assert sorted(seen(reader)) == ["1.0", "1.2"]
