"""DAGs: what is none, how far one is, and what is written for DAGMan."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ink_core.compute.dag import Dag, DagNode, dag_id_of
from ink_core.compute.dag_progress import of_one_owner, progress
from ink_core.compute.model import Job, JobState
from ink_core.compute.new_dag import NewNodes
from ink_core.errors import BadInput

pytestmark = pytest.mark.requirement("CORE-JOBS-17")
START = datetime(2026, 1, 1, tzinfo=UTC)


def node(name: str, *parents: str, **changes: Any) -> dict[str, Any]:
    return {"name": name, "parents": parents, "job": {"script": f"{name}.sh", **changes}}


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ([node("a", "b"), node("b", "a")], "wait for each other: a → b → a"),
        ([node("a", "a")], "wait for each other: a → a"),
        ([node("a", "x")], "node a waits for 'x', and there is no such node"),
        ([node("a"), node("a")], "two nodes called a"),
        ([node("a"), node("A")], "two nodes called a"),
        ([node("a\nJOB b /bin/sh")], "no name of a node"),
        ([node("../a")], "no name of a node"),
        ([node("parent")], "no name of a node"),
        ([node("a", count=6000), node("b", count=6000)], "12000 jobs; a DAG has at most 10000"),
    ],
)
def test_what_is_no_dag_is_refused_with_the_reason(nodes: list[dict[str, Any]], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        NewNodes.model_validate({"nodes": nodes})


def test_nodes_are_put_in_an_order_in_which_they_can_run() -> None:
    asked = NewNodes.model_validate({"nodes": [node("merge", "left", "right"), node("left"), node("right", "left")]})
    assert [one.name for one in asked.in_order()] == ["left", "right", "merge"]


def test_who_submits_one_by_one_is_given_them_in_that_order() -> None:
    job = {"executable": "/bin/true", "working_directory": "/"}
    nodes = [{"name": "b", "parents": ["a"], "job": job}, {"name": "a", "job": job}]
    with pytest.raises(ValidationError, match="node b stands before one that it waits for"):
        Dag.model_validate({"nodes": nodes})
    assert Dag.model_validate({"nodes": nodes[::-1]}).nodes[0].name == "a"


def job(number: int, node: str | None, state: JobState, **changes: Any) -> Job:
    plain: dict[str, Any] = {
        "cluster": "c", "job_id": f"{number}.0", "owner": "alice", "name": "n", "command": "c", "dag": "7",
        "submitted_at": START + timedelta(seconds=number),
        "ended_at": START + timedelta(minutes=number) if state in ("COMPLETED", "FAILED", "CANCELLED") else None,
    }  # fmt: skip
    return Job(**{**plain, "dag_node": node, "state": state, **changes})


DONE, RUNS, FAILED, WAITS = JobState.COMPLETED, JobState.RUNNING, JobState.FAILED, JobState.QUEUEING


def test_a_node_that_dagman_has_not_submitted_waits_while_the_dag_goes_on() -> None:
    manager = job(7, None, RUNS, dag_nodes=("a", "b", "c"))
    seen = progress([job(9, "b", RUNS), job(8, "a", DONE), manager])
    assert (seen.dag, seen.owner, seen.manager, seen.state) == ("7", "alice", "7.0", RUNS)
    assert [(one.name, one.state, one.job_ids) for one in seen.nodes] == [
        ("a", DONE, ("8.0",)), ("b", RUNS, ("9.0",)), ("c", WAITS, ()),
    ]  # fmt: skip
    assert seen.counts == {"COMPLETED": 1, "RUNNING": 1, "QUEUEING": 1}
    assert seen.ended_at is None and seen.submitted_at == START + timedelta(seconds=7)


def test_a_node_that_was_never_submitted_is_cancelled_when_the_dag_has_ended() -> None:
    manager = job(7, None, FAILED, dag_nodes=("a", "b"))
    seen = progress([manager, job(8, "a", FAILED, reason="exit code 3")])
    assert (seen.state, seen.counts) == (FAILED, {"FAILED": 1, "CANCELLED": 1})
    assert [one.reason for one in seen.nodes] == ["exit code 3", "it never began: the DAG ended before"]
    assert seen.ended_at == START + timedelta(minutes=8)


def test_what_waits_for_what_is_told_by_the_manager_or_by_each_job_and_names_nodes_only() -> None:
    manager = job(7, None, RUNS, dag_nodes=("a", "b"), dag_parents={"a": (), "b": ("a", "b", "else")})
    assert [node.parents for node in progress([manager, job(8, "a", DONE)]).nodes] == [(), ("a",)]
    each = [job(1, "a", DONE, dag_parents={"a": ()}), job(2, "b", WAITS, dag_parents={"b": ("a",)})]
    assert [node.parents for node in progress(each).nodes] == [(), ("a",)]
    assert [node.parents for node in progress([job(1, "a", DONE)]).nodes] == [()]


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ([DONE, DONE], DONE),
        ([DONE, WAITS], WAITS),
        ([DONE, RUNS, WAITS], RUNS),
        ([FAILED, RUNS], RUNS),
        ([DONE, FAILED, JobState.CANCELLED], FAILED),
        ([DONE, JobState.CANCELLED], JobState.CANCELLED),
    ],
)
def test_without_a_manager_the_state_follows_from_the_nodes(states: list[JobState], whole: JobState) -> None:
    jobs = [job(number, f"n{number}", state) for number, state in enumerate(states)]
    assert progress(jobs).state is whole


def test_the_jobs_of_one_node_are_shown_together() -> None:
    seen = progress([job(1, "a", DONE), job(2, "a", RUNS, job_id="1.1"), job(3, "b", WAITS)])
    assert [(one.name, one.state, one.job_ids) for one in seen.nodes] == [
        ("a", RUNS, ("1.0", "1.1")), ("b", WAITS, ("3.0",)),
    ]  # fmt: skip


def test_a_job_of_somebody_else_that_claims_to_be_of_a_dag_does_not_count() -> None:
    mine, claimed = job(5, "a", RUNS), job(6, "a", FAILED, owner="bob")
    assert of_one_owner([claimed, mine], "alice") == [mine]
    assert of_one_owner([claimed, mine], "carol") == [mine]


def test_the_id_of_a_dag_follows_from_its_operation() -> None:
    assert dag_id_of("op-1") == dag_id_of("op-1") != dag_id_of("op-2")


def test_dagman_gets_names_and_edges_and_nothing_else_of_a_users() -> None:
    pytest.importorskip("htcondor2")
    from ink_core.compute.htcondor.dagman import rendered

    job = {"executable": "/bin/true", "working_directory": "/"}
    nodes = [{"name": "a", "job": job}, {"name": "b", "job": job}, {"name": "c", "parents": ["a", "b"], "job": job}]
    text = rendered(Dag.model_validate({"nodes": nodes}))
    assert text.splitlines() == ["JOB a a.sub", "JOB b b.sub", "JOB c c.sub", "PARENT a b CHILD c"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"attributes": {"RequestCpus": 128}}, "node a: the attribute RequestCpus decides how the job is run"),
        ({"stdout": "out\\"}, "node a: HTCondor takes no backslash at the end of output"),
        ({"stdout": "out\\ "}, "node a: HTCondor takes no backslash at the end of output"),
    ],
)
def test_no_setting_of_a_node_takes_the_place_of_another(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    pytest.importorskip("htcondor2")
    from ink_core.compute.htcondor.dagman import described

    job = {"executable": "/bin/true", "working_directory": str(tmp_path), **changes}
    with pytest.raises(BadInput, match=words):
        described(DagNode.model_validate({"name": "a", "job": job}), "operation-0001")


def test_directories_of_dags_are_bounded_and_those_that_go_on_stay(tmp_path: Path) -> None:
    pytest.importorskip("htcondor2")
    from ink_core.compute.htcondor.dagman import forget_oldest

    for number, files in enumerate((["dag.dagman.out"], ["dag.dagman.out", "dag.lock"], ["dag"], ["dag.dagman.out"])):
        (tmp_path / f"dag-{number}").mkdir()
        for name in files:
            (tmp_path / f"dag-{number}" / name).touch()
        os.utime(tmp_path / f"dag-{number}", (number, number))
    forget_oldest(tmp_path, kept=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dag-1", "dag-2", "dag-3"]
