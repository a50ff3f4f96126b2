"""The site file of `hepjob`, and the accounting of a submission that follows from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ink_core.compute.hep.load import by_partition, of_group
from ink_core.compute.hep.site import HepSiteInvalid, load_site
from ink_core.compute.hep.submission import HepSubmission, tool_arguments
from ink_core.compute.model import JobState
from ink_core.errors import BadInput
from mcp_tools.doubles import memory_job

SITE = load_site(None)


def asked(**options: Any) -> dict[str, Any]:
    submission = HepSubmission.model_validate({"script": "job.sh", **options})
    return dict(tool_arguments(SITE, {"htcondor"}, "htcondor", "alice", submission))


@pytest.mark.requirement("CORE-JOBS-18")
def test_a_schedd_is_one_of_the_pool_or_the_name_of_a_cluster_or_that_of_the_experiment() -> None:
    given = asked(schedd="second@ap")
    assert (given["cluster"], given["schedd"]) == ("htcondor", "second@ap")
    named = asked(schedd="htcondor")
    assert named["cluster"] == "htcondor" and "schedd" not in named
    with pytest.raises(BadInput, match="not of the pool other"):
        asked(schedd="htcondor", cluster="other")
    experiments = {**SITE.experiments, "BES": SITE.experiments["BES"].model_copy(update={"schedd": "bes@ap"})}
    site = SITE.model_copy(update={"experiments": experiments})
    of_bes = HepSubmission(script="job.sh", group="bes")
    assert tool_arguments(site, {"htcondor"}, "htcondor", "alice", of_bes)["schedd"] == "bes@ap"
    elsewhere = of_bes.model_copy(update={"cluster": "other"})
    assert "schedd" not in tool_arguments(site, {"htcondor"}, "htcondor", "alice", elsewhere)


@pytest.mark.requirement("CORE-HEPJOB-05")
@pytest.mark.parametrize(
    ("group", "experiment"),
    [
        ("bes", "BES"), ("dqarun", "BES"), ("offlinerun", "BES"), ("physics", "BES"), ("juno", "JUNO"),
        ("junogns", "JUNO"), ("lhaaso_wcda", "LHAASO"), ("herd", "HERD"), ("higgs", "CEPC"), ("atlas", "ATLAS"),
        ("u07", "CC"), ("csns", "OTHERS"), ("comet", "OTHERS"),
    ],
)  # fmt: skip
def test_a_group_is_one_of_an_experiment(group: str, experiment: str) -> None:
    assert SITE.experiment_of(group)[0] == experiment


@pytest.mark.requirement("CORE-HEPJOB-05")
def test_wall_times_are_the_sites_data() -> None:
    assert SITE.wall_times == {"test": 300, "short": 1800, "default": 144_000, "mid": 720_000, "long": 2_592_000}


@pytest.mark.requirement("CORE-HEPJOB-05")
def test_a_job_ad_carries_the_accounting() -> None:
    arguments = asked(group="junogns", wall_time="short", os="centos7")
    assert arguments["group"] == "JUNO.junogns.short" and arguments["wall_time_s"] == 1800
    assert arguments["attributes"] == {
        "HepJob_Experiment": "JUNO",
        "HepJob_JobType": "batch",
        "HepJob_Walltime": "short",
        "HepJob_RequestOS": "CentOS7",
        "HepJob_RealGroup": "junogns",
    }
    assert arguments["concurrency_limits"] == "inkjob_alice_batch"


def test_without_options_a_job_is_of_the_default_group_and_logs_beside_its_script() -> None:
    arguments = asked()
    assert (arguments["group"], arguments["wall_time_s"]) == ("BES.physics.default", 144_000)
    assert (arguments["stdout"], arguments["stderr"]) == ("job.sh.out.%{ClusterId}", "job.sh.err.%{ClusterId}")
    assert asked(count=2)["stdout"] == "job.sh.out.%{ClusterId}.%{ProcId}"


def test_where_there_are_no_job_ads_nothing_of_them_is_asked_for() -> None:
    arguments = asked(cluster="slurm")
    assert arguments["cluster"] == "slurm" and not {"attributes", "concurrency_limits"} & set(arguments)


@pytest.mark.parametrize(
    "options",
    [{"group": "nobody"}, {"wall_time": "eternal"}, {"os": "Windows"}, {"universe": "java"}, {"node_group": 'a"b'}],
)
def test_what_the_site_does_not_have_is_refused(options: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        asked(**options)


@pytest.mark.requirement("CORE-HEPJOB-05")
def test_a_site_brings_its_own_file(tmp_path: Path) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(
        "{version: 1, default_group: own, default_os: Linux, operating_systems: [Linux], wall_times: {default: 1d},"
        " experiments: {OWN: {groups: [own], cluster: other}}}"
    )
    submission = HepSubmission(script="job.sh")
    arguments = tool_arguments(load_site(file), {"other"}, "htcondor", "alice", submission)
    assert (arguments["cluster"], arguments["group"], arguments["wall_time_s"]) == ("other", "OWN.own.default", 86400)


GOOD = {
    "version": 1,
    "default_group": "a",
    "default_os": "L",
    "operating_systems": ["L"],
    "wall_times": {"default": "1m"},
    "experiments": {"A": {"groups": ["a"]}},
}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"version": 2}, "version"),
        ({"extra": 1}, "extra"),
        ({"wall_times": {"short": "1m"}}, "no 'default'"),
        ({"wall_times": {"default": "soon"}}, "wall_times.default"),
        ({"default_group": "b"}, "default_group"),
        ({"experiments": {"A": {"groups": ["*"]}}}, "experiments.A.groups"),
    ],
)
def test_a_wrong_site_file_says_where(tmp_path: Path, change: dict[str, Any], wrong: str) -> None:
    file = tmp_path / "site.yaml"
    file.write_text(yaml.safe_dump(GOOD))
    assert load_site(file).wall_time("default") == 60
    file.write_text(yaml.safe_dump(GOOD | change))
    with pytest.raises(HepSiteInvalid, match=wrong):
        load_site(file)


@pytest.mark.parametrize("text", ["{", "- a list", ""])
def test_what_is_no_site_file_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "site.yaml").write_text(text)
    with pytest.raises(HepSiteInvalid):
        load_site(tmp_path / "site.yaml")


@pytest.mark.requirement("CORE-HEPJOB-04")
def test_the_load_of_a_group_is_counted_by_state_and_wall_time() -> None:
    states = (JobState.RUNNING, JobState.QUEUEING, JobState.HOLDING, JobState.COMPLETED)
    jobs = [memory_job(f"{n}.0", "alice", state) for n, state in enumerate(states)]
    jobs = [job.model_copy(update={"group": "CEPC.higgs.short", "cpus": 4}) for job in jobs]
    other = memory_job("9.0", "bob").model_copy(update={"group": "BES.physics.short", "queue": "cpu"})
    (load,) = of_group([*jobs, other], "higgs", by_wall_time=True)
    assert (load.name, load.running, load.idle, load.held, load.cpus) == ("short", 1, 1, 1, 4)
    assert [load.name for load in of_group(jobs, "higgs", by_wall_time=False)] == ["higgs"]
    assert [(load.name, load.running) for load in by_partition([other])] == [("cpu", 1)]
