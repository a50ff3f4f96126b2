"""What the model is told of skills, tools, rules and errors, and who reads it."""

from __future__ import annotations

from datetime import UTC, datetime

from ink_core.compute.model import Job, JobState
from ink_core.labels import Confidentiality
from knowledge_graph.facts import Relation
from knowledge_graph.ingest.catalogue import (
    ErrorText,
    RuleText,
    SkillText,
    ToolText,
    facts_of_errors,
    facts_of_rules,
    facts_of_skills,
    facts_of_tools,
)
from knowledge_graph.ingest.jobs import facts_of_job
from knowledge_graph.ingest.reasons import scheduler_reasons
from tests.told import links, values

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAUSED = Relation.CAUSED_BY


def test_a_skill_leads_to_the_tools_that_it_relies_on() -> None:
    facts = [*facts_of_skills([SkillText("hepjob", "How jobs are submitted.", ["submit_job"])], NOW)]
    assert values(facts, "skill:hepjob") == {"text": "How jobs are submitted."}
    assert links(facts) == {("skill:hepjob", Relation.USES, "tool:submit_job")}


def test_a_tool_is_told_with_its_risk_and_what_it_takes_to_call_it() -> None:
    tool = ToolText("hold_jobs", "Hold jobs", "Keeps jobs from running.", "write", ["jobs:manage"], "access_point")
    assert values([*facts_of_tools([tool], NOW)], "tool:hold_jobs") == {
        "title": "Hold jobs",
        "text": "Keeps jobs from running.",
        "risk": "write",
        "scopes": "jobs:manage",
        "runs_on": "access_point",
    }


def test_everybody_reads_what_a_rule_tells_and_administrators_alone_what_it_looks_at() -> None:
    rule = RuleText("many-jobs", "ask", "An administrator must approve it.", ["hold_jobs"], "users: [mallory]")
    facts = [*facts_of_rules([rule], NOW)]
    open_to_all = [fact for fact in facts if not fact.origin.readers]
    assert values(open_to_all, "rule:many-jobs") == {"effect": "ask", "text": "An administrator must approve it."}
    assert not links(open_to_all)
    assert {fact.origin.readers for fact in facts if fact not in open_to_all} == {frozenset({"admins"})}
    assert ("rule:many-jobs", Relation.APPLIES_TO, "tool:hold_jobs") in links(facts)


def test_an_error_code_tells_what_it_means() -> None:
    facts = [*facts_of_errors([ErrorText("scheduler_down", "It does not answer.", retryable=True)], NOW)]
    assert values(facts, "error:scheduler_down") == {"text": "It does not answer.", "retryable": True}
    assert {fact.origin.label.confidentiality for fact in facts} == {Confidentiality.PUBLIC}


def test_the_reason_of_a_held_or_waiting_job_leads_to_what_it_means() -> None:
    known = {error.code: error for error in scheduler_reasons()}
    for scheduler, state, code in (
        ("htcondor", JobState.HOLDING, "34"),
        ("slurm", JobState.QUEUEING, "Priority"),
    ):
        job = Job(cluster="c", job_id="1", owner="a", name="n", state=state, command="c", reason_code=code)
        (target,) = [to for _, relation, to in links(facts_of_job(job, NOW, scheduler)) if relation is CAUSED]
        assert known[target.removeprefix("error:")].proposal
    failed = Job(cluster="c", job_id="1", owner="a", name="n", state=JobState.FAILED, command="c", reason_code="x")
    assert not [link for link in links(facts_of_job(failed, NOW, "htcondor")) if link[1] is CAUSED]
