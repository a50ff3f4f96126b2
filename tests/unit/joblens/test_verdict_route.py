"""The verdict on a job over REST."""

from __future__ import annotations

from pathlib import Path

import pytest

from joblens.store.memory import MemoryStore
from tests.unit.joblens.lens_site import BEGIN, CLUSTER, lens_site, measured

PATH = f"/api/v1/joblens/jobs/{CLUSTER}/172.0/verdict"


@pytest.mark.requirement("LENS-SUMMARY-02")
async def test_an_owner_is_told_what_the_job_is_bound_by_and_what_to_change(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0", seconds=300)]) as site:
        verdict = (await site.get(PATH)).json()
    assert verdict["cause"] == "single_threaded"
    assert verdict["sentence"] == "It computes on one core and holds 2: it used 1.00 of them."
    assert verdict["change"] == {"htcondor": ["request_cpus = 1"], "slurm": ["#SBATCH --cpus-per-task=1"]}
    assert verdict["saving"]["core_hours"] == pytest.approx(300 / 3600)
    assert [each["cause"] for each in verdict["also"]] == ["memory_over_requested"]


class CountingStore(MemoryStore):
    """How often it was asked for the files of all jobs of a cluster."""

    asked = 0

    def hot_files(self, cluster: str, *, since: float, limit: int) -> list[tuple[str, int, int]]:
        self.asked += 1
        return super().hot_files(cluster, since=since, limit=limit)


async def test_which_files_are_hot_is_not_asked_for_each_look_at_each_job(tmp_path: Path) -> None:
    jobs = [measured(f"{number}.0", seconds=100, sequence=number) for number in range(1, 11)]
    for job in jobs:
        job.files[:] = [file._replace(read_bytes=2**30) for file in job.files]
    store = CountingStore(lambda: BEGIN + 60)
    async with lens_site(tmp_path, jobs, store) as site:
        paths = [f"/api/v1/joblens/jobs/{CLUSTER}/{number}.0/verdict" for number in (1, 2, 1)]
        causes = [(await site.get(path)).json()["cause"] for path in paths]
    assert (causes, store.asked) == (["hot_file"] * 3, 1)


@pytest.mark.requirement("LENS-REST-04")
async def test_a_job_of_somebody_else_has_no_verdict_for_me(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        answer = await site.get(PATH, "bob")
        assert (answer.status_code, answer.json()["code"]) == (404, "job_not_recorded")
        assert (await site.get(PATH, "admin")).status_code == 200
