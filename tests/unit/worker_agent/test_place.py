"""The job id that the agent announces."""

from __future__ import annotations

from pathlib import Path

import pytest

from worker_agent.place import job_id

JOB_AD = 'Args = "ProcId = 99"\nClusterId = 4711\nProcId = 3\nMyType = "Job"\n'


@pytest.fixture
def job_ad(tmp_path: Path) -> str:
    path = tmp_path / ".job.ad"
    path.write_text(JOB_AD)
    return str(path)


def test_the_id_that_the_local_scheduler_sets_comes_first(job_ad: str) -> None:
    assert job_id({"INK_JOB_ID": "9", "_CONDOR_JOB_AD": job_ad, "SLURM_JOB_ID": "5"}) == "9"


def test_in_an_htcondor_job_it_is_cluster_and_process(job_ad: str) -> None:
    assert job_id({"_CONDOR_JOB_AD": job_ad}) == "4711.3"


def test_in_a_slurm_job_it_is_the_job_id() -> None:
    assert job_id({"SLURM_JOB_ID": "815"}) == "815"


@pytest.mark.parametrize("environment", [{}, {"_CONDOR_JOB_AD": "/nowhere"}, {"SLURM_JOB_ID": ""}])
def test_outside_a_job_there_is_none(environment: dict[str, str]) -> None:
    assert job_id(environment) is None
