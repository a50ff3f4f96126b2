"""The verdict on a job over REST."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.joblens.lens_site import CLUSTER, lens_site, measured

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


@pytest.mark.requirement("LENS-REST-04")
async def test_a_job_of_somebody_else_has_no_verdict_for_me(tmp_path: Path) -> None:
    async with lens_site(tmp_path, [measured("172.0")]) as site:
        answer = await site.get(PATH, "bob")
        assert (answer.status_code, answer.json()["code"]) == (404, "job_not_recorded")
        assert (await site.get(PATH, "admin")).status_code == 200
