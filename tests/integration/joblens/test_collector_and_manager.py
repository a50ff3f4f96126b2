"""A collector reports to a real manager, and learns from it which job to sample finer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.running_manager import Client
from tests.acceptance.embedded import Embedded, running_embedded
from tests.acceptance.waiting import until
from tests.contract.job_trees import RealTrees
from tests.integration.joblens.running_collector import RunningCollector, running_collector

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
PATIENCE_S = 90
JOB = "4711"


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    with running_embedded(tmp_path) as embedded:
        yield embedded


@pytest.fixture
def admin(embedded: Embedded) -> Iterator[Client]:
    client = embedded.sign_in("admin")
    yield client
    client.http.close()


@pytest.fixture
def trees(tmp_path: Path) -> Iterator[RealTrees]:
    (tmp_path / "job").mkdir()
    trees = RealTrees(tmp_path / "job")
    yield trees
    trees.close()


@pytest.fixture
def collector(tmp_path: Path, embedded: Embedded, trees: RealTrees) -> Iterator[RunningCollector]:
    code, token = embedded.ink("joblens", "node-token")
    assert code == 0, token
    (tmp_path / "collector").mkdir()
    settings = {"starters": (trees.starter,), "slurm_cluster": "local", "interval_s": 1}
    with running_collector(tmp_path / "collector", embedded.url, token=token.strip(), **settings) as collector:
        yield collector


def test_a_job_is_shown_by_the_manager_and_captured_at_its_word(
    collector: RunningCollector, embedded: Embedded, admin: Client, trees: RealTrees
) -> None:
    root = trees.begin({"SLURM_JOB_NAME": "fit"}, title=f"slurmstepd: [{JOB}.0]")
    trees.write(root, 70_000)

    def told() -> dict[str, Any] | None:
        rows = [row for row in admin.get("/joblens/jobs")["jobs"] if row["job"] == JOB]
        return rows[0] if rows else None

    row = until("the manager shows the job", told, PATIENCE_S)
    assert (row["cluster"], row["name"]) == ("local", "fit")
    admin.post(f"/joblens/jobs/local/{JOB}/captures", {"seconds": 600, "interval_s": 0.5, "details": ["processes"]})
    processes = f"/joblens/jobs/local/{JOB}/processes"
    until("its processes are told", lambda: root in [row["pid"] for row in admin.get(processes)], PATIENCE_S)
    embedded.crash()
    trees.end(root)
    embedded.restart()
    again = embedded.sign_in("admin")
    ended = f"/joblens/jobs/local/{JOB}"
    until("its end is told after the crash", lambda: again.get(ended)["state"] == "ended", PATIENCE_S)
    again.http.close()
