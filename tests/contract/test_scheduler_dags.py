"""DAGs on every scheduler: run in their order, submitted once whatever dies in between, and removed as one."""

from __future__ import annotations

import getpass
import subprocess
import sys
import time

import pytest

from ink_core.compute.dag import SubmittedDag
from ink_core.compute.dag_progress import progress
from ink_core.compute.model import JobAction, JobState
from ink_core.errors import BadInput
from tests.contract.schedulers import PATIENCE_S, Scheduler, new_operation, options_for, scheduler

__all__ = ["scheduler"]
pytestmark = pytest.mark.requirement("CORE-JOBS-17")


def test_the_jobs_of_a_dag_run_in_its_order_and_tell_where_they_belong(scheduler: Scheduler) -> None:
    dag = scheduler.dag(
        generate=("echo generate >> order",),
        left=("echo left >> order", "generate"),
        right=("echo right >> order", "generate"),
        merge=("echo merge >> order", "left", "right"),
    )
    submitted = scheduler.control.submit_dag(dag, new_operation())
    done = JobState.COMPLETED
    jobs = scheduler.wait_for_dag(submitted.dag, generate=done, left=done, right=done, merge=done)
    assert {job.owner for job in jobs.values()} == {getpass.getuser()}
    parents = {node.name: {*node.parents} for node in progress([*jobs.values()]).nodes}
    assert parents == {"generate": set(), "left": {"generate"}, "right": {"generate"}, "merge": {"left", "right"}}
    order = (scheduler.directory / "order").read_text().split()
    assert (order[0], {*order[1:3]}, order[3:]) == ("generate", {"left", "right"}, ["merge"])


def test_what_waits_for_a_failed_node_never_runs(scheduler: Scheduler) -> None:
    dag = scheduler.dag(first=("exit 3",), second=("touch ran", "first"), third=("touch ran", "second"))
    submitted = scheduler.control.submit_dag(dag, new_operation())
    if scheduler.reader.cluster == "htcondor":  # DAGMan never submits them, and ends
        assert scheduler.wait(submitted.job_ids[0]).state is JobState.FAILED
        assert scheduler.of_dag(submitted.dag).keys() == {None, "first"}
    else:
        cancelled = JobState.CANCELLED
        scheduler.wait_for_dag(submitted.dag, first=JobState.FAILED, second=cancelled, third=cancelled)
    assert not (scheduler.directory / "ran").exists()


def test_a_dag_is_submitted_once_found_and_removed_as_one(scheduler: Scheduler) -> None:
    dag = scheduler.dag(first=("sleep 600",), second=("touch ran", "first"))
    operation = new_operation()
    submitted = scheduler.control.submit_dag(dag, operation)
    assert scheduler.control.submit_dag(dag, operation) == submitted
    assert scheduler.control.find_operation(operation) == submitted
    jobs = scheduler.wait_for_dag(submitted.dag, first=JobState.RUNNING)
    scheduler.control.act(JobAction.REMOVE, [job.job_id for job in jobs.values()], "no longer needed")
    for job in jobs.values():
        assert scheduler.wait(job.job_id).state is JobState.CANCELLED
    found = scheduler.control.find_operation(operation)
    assert isinstance(found, SubmittedDag) and found.dag == submitted.dag
    assert scheduler.control.submit_dag(dag, operation) == submitted
    assert not (scheduler.directory / "ran").exists()


def test_a_dag_with_a_node_that_cannot_be_submitted_leaves_nothing(scheduler: Scheduler) -> None:
    dag = scheduler.dag(first=("true",), second=("true", "first"))
    operation = new_operation()
    (scheduler.directory / "second.sh").unlink()
    with pytest.raises(BadInput, match=r"node second: .*second\.sh does not exist"):
        scheduler.control.submit_dag(dag, operation)
    assert scheduler.control.find_operation(operation) is None


def test_a_dag_whose_submitter_was_killed_is_completed_by_the_next(scheduler: Scheduler) -> None:
    nodes = {"first": ("echo first >> ran",)}
    nodes |= {f"node{number}": (f"echo {number} >> ran", "first") for number in range(6)}
    dag, operation = scheduler.dag(**nodes), new_operation()
    options = options_for(scheduler.reader.cluster, scheduler.directory)
    code = (
        "import sys; from pydantic import TypeAdapter; from ink_core.compute.adapters import open_control_here as o; "
        "from ink_core.compute.dag import Dag; from ink_core.compute.options import ClusterOptions as C; "
        "o(TypeAdapter(C).validate_json(sys.argv[1])).submit_dag(Dag.model_validate_json(sys.argv[2]), sys.argv[3])"
    )
    argv = [sys.executable, "-c", code, options.model_dump_json(), dag.model_dump_json(), operation]
    with subprocess.Popen(argv) as submitter:
        deadline = time.monotonic() + PATIENCE_S
        while scheduler.control.find_operation(operation) is None and submitter.poll() is None:
            assert time.monotonic() < deadline, "the DAG's first job did not come"
        submitter.kill()
    left = scheduler.control.find_operation(operation)
    submitted = scheduler.control.submit_dag(dag, operation)
    if scheduler.reader.cluster != "slurm":  # which is given one job after the other: portal_slurm.py stops in between
        assert left == submitted
    scheduler.wait_for_dag(submitted.dag, **dict.fromkeys(nodes, JobState.COMPLETED))
    ran = (scheduler.directory / "ran").read_text().split()
    assert ran[0] == "first" and sorted(ran[1:], key=int) == [str(number) for number in range(6)]
