"""Several schedds of one pool, on local schedulers: listed together, and one that is down leaves the others' jobs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ink_core.clock import ManualClock
from ink_core.compute.cluster_view import MirroredCluster
from ink_core.compute.dag import Dag, DagNode
from ink_core.compute.local.control import LocalControl
from ink_core.compute.local.reader import LocalReader
from ink_core.compute.mirror import QueueMirror
from ink_core.compute.model import Description, JobAction, JobChanges, JobSpec, QueueSnapshot
from ink_core.compute.schedds import FIRST, ControlOfSchedds, ReaderOfSchedds
from ink_core.errors import BadInput, JobNotFound, SchedulerDown, SchedulerRefused

pytestmark = pytest.mark.requirement("CORE-JOBS-18")


class Switched(LocalReader):
    """A schedd that can be down, or silent until it is let go."""

    down = False
    silent: threading.Event | None = None

    def snapshot(self) -> QueueSnapshot:
        if self.silent is not None:
            assert self.silent.wait(60)
        if self.down:
            raise SchedulerDown("it does not answer")
        return super().snapshot()


@dataclass
class Pool:
    """Two schedds with a slot each, the first without a name."""

    directory: Path
    readers: dict[str, Switched] = field(default_factory=dict[str, Switched])
    controls: dict[str, LocalControl] = field(default_factory=dict[str, LocalControl])

    def __post_init__(self) -> None:
        for name in (FIRST, "second"):
            queue = self.directory / (name or "first")
            self.readers[name] = Switched("pool", queue, slots=1)
            self.controls[name] = LocalControl("pool", queue, slots=1)
        self.reader = ReaderOfSchedds("pool", self.readers, grace_s=30)
        self.control = ControlOfSchedds("pool", self.controls, None)

    def submit(self, schedd: str | None, operation: str) -> str:
        spec = JobSpec(executable="/bin/sleep", arguments=("600",), working_directory=str(self.directory))
        (job_id,) = self.control.submit(spec.model_copy(update={"schedd": schedd}), operation).job_ids
        return job_id


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    made = Pool(tmp_path)
    yield made
    for name, control in made.controls.items():
        made.readers[name].down = False
        left = [job.job_id for job in made.readers[name].snapshot().jobs]
        control.act(JobAction.REMOVE, left, "the test is over")
    made.reader.close()


def test_jobs_of_all_schedds_are_listed_together_and_each_has_an_id_of_its_own(pool: Pool) -> None:
    assert pool.submit(None, "op-1") == "1.0"
    assert pool.submit("second", "op-2") == "1.0@second"
    assert [job.job_id for job in pool.reader.snapshot().jobs] == ["1.0", "1.0@second"]
    assert pool.reader.explain("1.0@second").job_id == "1.0@second"
    for unknown in ("7.0@second", "1.0@third"):
        with pytest.raises(JobNotFound):
            pool.reader.explain(unknown)


def test_an_operation_is_found_on_whichever_schedd_has_it(pool: Pool) -> None:
    job_id = pool.submit("second", "op-1")
    found = pool.control.find_operation("op-1")
    assert found is not None and found.job_ids == (job_id,)
    assert pool.control.find_operation("op-9") is None


def test_an_unknown_schedd_is_named_with_the_known_ones(pool: Pool) -> None:
    with pytest.raises(BadInput, match="no schedd 'third'; known are the local one, second"):
        pool.submit("third", "op-1")
    description = Description(text="queue", working_directory="/", schedd="third")
    with pytest.raises(BadInput, match="no schedd 'third'"):
        pool.control.submit_description(description, "op-1")
    with pytest.raises(SchedulerRefused, match="no language of its own"):
        pool.control.submit_description(description.model_copy(update={"schedd": "second"}), "op-1")


def test_jobs_of_several_schedds_are_acted_on_in_one_call(pool: Pool) -> None:
    first, second = pool.submit(None, "op-1"), pool.submit("second", "op-2")
    asked = [second, first, "9.0@second", "1.0@third"]
    held = pool.control.act(JobAction.HOLD, asked, "")
    assert held.done == (second, first)
    assert held.refused == {"9.0@second": "there is no such job", "1.0@third": "cluster pool has no schedd 'third'"}
    assert pool.control.edit(JobChanges(name="other"), [second]).done == (second,)
    assert {job.job_id: job.name for job in pool.reader.snapshot().jobs} == {first: "sleep", second: "other"}


def test_a_dag_belongs_to_its_schedd(pool: Pool) -> None:
    job = JobSpec(executable="/bin/sleep", arguments=("600",), working_directory=str(pool.directory))
    dag = Dag(nodes=(DagNode(name="a", job=job), DagNode(name="b", parents=("a",), job=job)), schedd="second")
    submitted = pool.control.submit_dag(dag, "op-1")
    assert submitted.dag.endswith("@second")
    assert {job.dag for job in pool.reader.snapshot().jobs} == {submitted.dag}
    assert pool.control.find_operation("op-1") == submitted


def test_a_schedd_that_is_down_leaves_the_others_jobs_and_is_told(pool: Pool) -> None:
    first, second = pool.submit(None, "op-1"), pool.submit("second", "op-2")
    assert pool.reader.snapshot().problems == ()
    pool.readers["second"].down = True
    new = pool.submit(None, "op-3")
    seen = pool.reader.snapshot()
    assert {job.job_id for job in seen.jobs} == {first, new, second}
    assert seen.problems == ("schedd second: it does not answer",)
    pool.readers["second"].down = False
    assert pool.reader.snapshot().problems == ()


def test_when_every_schedd_is_down_the_cluster_is(pool: Pool) -> None:
    for reader in pool.readers.values():
        reader.down = True
    with pytest.raises(SchedulerDown, match="schedd of the cluster: it does not answer; schedd second"):
        pool.reader.snapshot()


def test_a_silent_schedd_keeps_nobody_waiting_and_its_answer_counts_when_it_comes(pool: Pool) -> None:
    first, second = pool.submit(None, "op-1"), pool.submit("second", "op-2")
    silent = pool.readers["second"].silent = threading.Event()
    hasty = ReaderOfSchedds("pool", pool.readers, grace_s=0.01)
    seen = hasty.snapshot()
    assert [job.job_id for job in seen.jobs] == [first]
    assert seen.problems == ("schedd second: it has not answered yet",)
    silent.set()
    while (seen := hasty.snapshot()).problems:
        assert len(seen.jobs) in (1, 2)
    assert {job.job_id for job in seen.jobs} == {first, second}
    hasty.close()


async def test_the_mirror_shows_what_there_is_and_says_which_schedd_is_missing(pool: Pool) -> None:
    first, second = pool.submit(None, "op-1"), pool.submit("second", "op-2")
    mirror = QueueMirror([MirroredCluster(pool.reader)], ManualClock(pool.reader.snapshot().observed_at))
    await mirror.refresh("pool")
    assert mirror.status("pool").problem is None
    pool.readers["second"].down = True
    new = pool.submit(None, "op-3")
    await mirror.refresh("pool")
    assert {job.job_id for job in mirror.snapshot("pool").jobs} == {first, second, new}
    assert mirror.problems() == {"pool": "schedd second: it does not answer"}
    assert (await mirror.explain("pool", second)).job_id == second
    await mirror.close()
