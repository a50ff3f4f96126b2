"""What the shipped skills say holds: our tools accept their calls, their code parses, their questions find them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from knowledge_graph.documents import DocumentIndex
from manager.skills.checks import can_run, lint, try_out
from mcp_tools.catalogue import default_catalogue
from skills.catalogue import LIBRARY, SkillCatalogue
from skills.evaluation import Evaluation, examples, read_evaluation
from skills.format import Skill

SHIPPED = list(SkillCatalogue.load())
every_skill = pytest.mark.parametrize("shipped", SHIPPED, ids=lambda shipped: shipped.name)


@pytest.fixture(scope="module")
def index() -> Iterator[DocumentIndex]:
    built = DocumentIndex.build([LIBRARY])
    yield built
    built.close()


def evaluation_of(skill: Skill) -> Evaluation:
    evaluation = read_evaluation(LIBRARY / skill.name)
    assert evaluation is not None, f"{skill.name} has no evaluation"
    return evaluation


def test_the_seven_skills_are_shipped() -> None:
    assert {shipped.name for shipped in SHIPPED} == {
        "cern-root", "dirac", "hepjob", "hepjob-queue", "ihep-computing", "ink-download", "joblens",
    }  # fmt: skip


@every_skill
def test_nothing_is_wrong_with_a_shipped_skill(shipped: Skill) -> None:
    assert list(lint(shipped, default_catalogue())) == []
    assert len(examples(shipped, "json")) >= 5


@every_skill
def test_the_questions_of_a_skill_find_it_before_the_others(shipped: Skill, index: DocumentIndex) -> None:
    assert list(try_out(shipped, evaluation_of(shipped), index, run=False)) == []


@pytest.mark.skipif(find_spec("ROOT") is None, reason="ROOT is not installed here: the examples are only compiled")
def test_the_examples_of_cern_root_run(index: DocumentIndex) -> None:
    (skill,) = (one for one in SHIPPED if one.name == "cern-root")
    assert can_run(evaluation_of(skill))
    assert list(try_out(skill, evaluation_of(skill), index, run=True)) == []


@pytest.mark.requirement("SKILL-ROOT-01")
@pytest.mark.parametrize(
    "made",
    ["TH1D", "TH2D", "TH3D", "TGraphErrors", "TF1", "TChain", "RDataFrame", "RooAddPdf", "RooRealVar", "TMVA.Factory"],
)
def test_cern_root_shows_each_part_of_root_by_a_python_example(made: str) -> None:
    code = "\n".join(examples(SkillCatalogue.load().get("cern-root"), "python"))
    assert f"ROOT.{made}(" in code


@pytest.mark.requirement("SKILL-DIRAC-01")
def test_dirac_shows_jobs_files_and_proxies() -> None:
    commands = {json.loads(block)["arguments"].get("argv", [""])[0] for block in _calls("dirac")}
    assert {"dirac-proxy-info", "dirac-wms-job-submit", "dirac-wms-job-status", "dirac-dms-lfn-replicas"} <= commands


@pytest.mark.requirement("SKILL-HEPJOB-01")
@pytest.mark.parametrize("command", ["hep_sub", "hep_q", "hep_rm", "hep_release", "hep_edit", "hep_clus"])
def test_hepjob_has_a_tool_for_each_of_the_six_commands(command: str) -> None:
    skill = SkillCatalogue.load().get("hepjob")
    (row, *_) = (line for line in skill.text.splitlines() if line.startswith(f"| `{command}"))
    assert any(f"`{tool}`" in row for tool in skill.tools)


@pytest.mark.requirement("SKILL-QUEUE-01")
def test_hepjob_queue_tells_experiments_schedds_groups_aliases_and_quotas() -> None:
    text = SkillCatalogue.load().get("hepjob-queue").text
    assert all(word in text for word in ("experiment", "schedd", "group", "aliases", "quota"))


@pytest.mark.requirement("SKILL-SITE-01")
def test_ihep_computing_tells_accounts_login_storage_and_software() -> None:
    text = SkillCatalogue.load().get("ihep-computing").text
    assert all(f"## {word}" in text for word in ("Accounts and login", "Storage", "Software"))


@pytest.mark.requirement("SKILL-LINK-01")
def test_ink_download_makes_links_by_its_tool() -> None:
    assert "create_download_link" in {json.loads(block)["tool"] for block in _calls("ink-download")}


@pytest.mark.requirement("SKILL-LENS-01")
def test_joblens_fetches_series_summaries_and_raw_records() -> None:
    skill = SkillCatalogue.load().get("joblens")
    assert {"job_usage", "job_series"} <= set(skill.tools)
    assert all(route in skill.text for route in ("/data/summary", "/data/timeseries", "/data/raw"))


def _calls(name: str) -> list[str]:
    return list(examples(SkillCatalogue.load().get(name), "json"))
