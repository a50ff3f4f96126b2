"""A collector reports to a real manager, and learns from it which job to sample finer."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.running_manager import Client
from tests.acceptance.embedded import Embedded, running_embedded
from tests.acceptance.waiting import until
from tests.contract.job_trees import RealTrees
from tests.integration.joblens.running_collector import RunningCollector, running_collector

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
PATIENCE_S = 90
JOB = "4711"
ME = getpass.getuser()
"""Whose processes the job's are, and so who may see and capture it."""


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    with running_embedded(tmp_path, {"sign_in": {"first_accounts": [{"username": ME}]}}) as embedded:
        yield embedded


@pytest.fixture
def owner(embedded: Embedded) -> Iterator[Client]:
    client = embedded.sign_in(ME)
    yield client
    client.http.close()


@pytest.fixture
def collector(tmp_path: Path, embedded: Embedded, trees: RealTrees) -> Iterator[RunningCollector]:
    code, token = embedded.ink("joblens", "node-token", "--host", "*")
    assert code == 0, token
    (tmp_path / "collector").mkdir()
    settings = {"starters": (trees.starter,), "slurm_cluster": "local", "interval_s": 1}
    with running_collector(tmp_path / "collector", embedded.url, token=token.strip(), **settings) as collector:
        yield collector


@pytest.mark.requirement("LENS-RULES-01")
def test_a_job_is_shown_to_its_owner_and_captured_at_their_word(
    collector: RunningCollector, owner: Client, trees: RealTrees
) -> None:
    root = trees.begin({"SLURM_JOB_NAME": "fit"}, title=f"slurmstepd: [{JOB}.0]")

    def told() -> dict[str, Any] | None:
        return next((row for row in owner.get("/joblens/jobs")["jobs"] if row["job"] == JOB), None)

    row = until("the manager shows the job", told, PATIENCE_S)
    assert (row["cluster"], row["name"], row["user"]) == ("local", "fit", ME)
    owner.post(f"/joblens/jobs/local/{JOB}/captures", {"seconds": 600, "interval_s": 0.5, "details": ["processes"]})
    processes = f"/joblens/jobs/local/{JOB}/processes"
    until("its processes are told", lambda: root in [row["pid"] for row in owner.get(processes)], PATIENCE_S)
