"""The offline guide as a whole: from a conversation to its next call or its answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from manager.agent.model import AssistantTurn, ModelReply, ModelRequest, OfferedTool, ToolTurn, Turn, UserTurn
from manager.agent.offline_guide import answer
from mcp_tools.catalogue import default_catalogue
from mcp_tools.schemas import input_schema

CATALOGUE = default_catalogue()
ALL_TOOLS = [OfferedTool(spec.name, spec.description, input_schema(spec)) for spec in CATALOGUE]
JOB: dict[str, JsonValue] = {
    "cluster": "dev",
    "job_id": "12.0",
    "owner": "alice",
    "name": "fit",
    "state": "HOLDING",
    "command": "/home/alice/fit.sh --part 3",
    "submitted_at": "2026-01-02T03:04:05Z",
    "started_at": "2026-01-02T03:05:00Z",
    "ended_at": None,
    "node": "node1",
    "cpus": 2,
    "memory_mb": 2048,
    "memory_peak_mb": 2100,
    "cpu_used_s": 61.4,
    "reason": "memory usage exceeded request_memory",
    "reason_code": "34",
}


def request(*turns: Turn, tools: list[OfferedTool] | None = None) -> ModelRequest:
    offered = ALL_TOOLS if tools is None else tools
    return ModelRequest("", turns, offered, user="alice", clusters=("dev", "slurm1"))


def answered(question: str, *results: JsonValue, error: bool = False) -> ModelReply:
    """The reply after its calls have brought these results, one call per round."""
    turns: list[Turn] = [UserTurn(question)]
    for result in results:
        reply = answer(request(*turns))
        turns.append(AssistantTurn(reply.text, reply.calls))
        turns += [ToolTurn(call.id, call.tool, json.dumps(result), is_error=error) for call in reply.calls]
    return answer(request(*turns))


@pytest.mark.requirement("AGENT-GUIDE-02")
def test_my_jobs_are_listed_with_id_state_times_and_script() -> None:
    listing: JsonValue = {
        "cluster": "dev",
        "observed_at": "2026-01-02T04:00:00Z",
        "jobs": [JOB],
        "total": 1,
        "counts": {},
    }
    text = answered("show me my jobs", listing).text
    for part in (
        "**1 job**",
        "`12.0`",
        "held",
        "2026-01-02 03:04:05",
        "2026-01-02 03:05:00",
        "| `fit` | `fit.sh` |",
    ):
        assert part in text
    assert "--part" not in text


@pytest.mark.requirement("AGENT-GUIDE-03")
def test_details_of_a_job_name_its_use_of_resources_and_its_reason() -> None:
    text = answered("details of job 12.0", JOB).text
    for part in ("**held**", "`node1`", "peak 2100 MB of 2048 MB", "61 s", "memory usage exceeded request\\_memory"):
        assert part in text


@pytest.mark.requirement("AGENT-GUIDE-04")
def test_why_a_job_is_held_is_answered_with_evidence_and_proposals() -> None:
    explained: JsonValue = {
        "job_id": "12.0",
        "state": "HOLDING",
        "summary": "It used more memory than it asked for.",
        "evidence": ["HoldReasonCode 34"],
        "proposals": ["release it with 3 GB"],
    }
    text = answered("why is job 12.0 held?", explained).text
    for part in ("It used more memory than it asked for.", "- HoldReasonCode 34", "- release it with 3 GB"):
        assert part in text


@pytest.mark.requirement("AGENT-GUIDE-04")
def test_a_submission_is_confirmed_with_its_ids() -> None:
    text = answered("submit hello.sh 2 times", {"cluster": "dev", "job_ids": ["13.0", "13.1"]}).text
    assert "Submitted `hello.sh` to `dev`: `13.0`, `13.1`" in text


@pytest.mark.requirement("AGENT-GUIDE-04")
def test_the_workspace_is_shown_with_sizes_and_times() -> None:
    entry: JsonValue = {
        "name": "hello.sh", "path": "hello.sh", "kind": "file", "size": 2048, "mode": 493, "modified": 0.0,
        "owner": "alice",
    }  # fmt: skip
    text = answered("what is in my workspace?", {"path": ".", "entries": [entry], "total": 1}).text
    assert "| `hello.sh` | file | 2.0 KiB | 1970-01-01 00:00:00 |" in text


@pytest.mark.requirement("AGENT-GUIDE-04")
def test_the_disk_use_is_told_in_units_for_people() -> None:
    usage: JsonValue = {
        "path": "/home/alice", "filesystem_total_bytes": 1024**4, "filesystem_free_bytes": 512 * 1024**3,
        "used_bytes": 3 * 1024**2, "entries": 7, "complete": True,
    }  # fmt: skip
    text = answered("disk use", usage).text
    assert "**3.0 MiB** in 7 entries" in text
    assert "**512.0 GiB** free of 1.0 TiB" in text


def test_the_output_of_a_command_is_shown_with_its_exit_code() -> None:
    ended: JsonValue = {"exit_code": 2, "stdout": "```\nhello\n", "stderr": "no such file", "truncated": False}
    text = answered("run ls -l x", ended).text
    assert "`ls -l x` ended with exit code **2**" in text
    assert "````\n```\nhello\n````" in text
    assert "no such file" in text


def test_a_question_in_chinese_is_answered_in_chinese() -> None:
    text = answered("作业 12.0 的详情", JOB).text
    assert "挂起" in text
    assert "节点" in text


def test_skills_of_ones_own_are_told_with_their_state_and_the_text_of_one_as_it_is() -> None:
    new: JsonValue = {"name": "user:calibrate", "state": "new", "sha256": "0" * 64, "description": None}
    old: JsonValue = {"name": "project:fit", "state": "accepted", "sha256": "1" * 64, "description": "How *to* fit."}
    told = answered("show my skills", {"skills": [new, old], "text": None}).text
    assert "| `user:calibrate` | new: not accepted as it is | – |" in told
    assert "| `project:fit` | accepted | How \\*to\\* fit. |" in told
    assert "尚未接受" in answered("我的技能", {"skills": [new], "text": None}).text
    assert ".ink/skills" in answered("my skills", {"skills": [], "text": None}).text
    assert "Begin with" in answered("show skill project:fit", {"skills": [old], "text": "Begin with the data."}).text


def test_removed_and_refused_jobs_are_told_apart() -> None:
    text = answered("remove jobs 1.0 and 2.0", {"done": ["1.0"], "refused": {"2.0": "permission denied"}}).text
    assert "Removed: `1.0`" in text
    assert "`2.0`: permission denied" in text


def test_a_step_that_needs_another_is_followed_by_it() -> None:
    listing: JsonValue = {"jobs": [JOB], "total": 1}
    reply = answered("release my held jobs", listing)
    (call,) = reply.calls
    assert (call.tool, call.arguments and call.arguments["job_ids"]) == ("release_jobs", ["12.0"])


@pytest.mark.requirement("GATE-APPROVAL-02")
def test_a_rejection_is_told_with_who_and_why() -> None:
    error: JsonValue = {
        "error": {"code": "approval_rejected", "message": "rejected", "rejected_by": "admin", "reason": "not yours"}
    }
    text = answered("remove all jobs of bob", error, error=True).text
    assert "`admin` rejected `remove_jobs`" in text
    assert "**not** run" in text
    assert "not yours" in text


@pytest.mark.parametrize(
    "code", ["job_not_found", "scheduler_down", "agent_not_connected", "indeterminate", "approval_expired"]
)
def test_an_error_is_explained_with_what_to_do(code: str) -> None:
    text = answered(
        "details of job 99.0", {"error": {"code": code, "message": "so it was", "retryable": False}}, error=True
    ).text
    first, advice, *_ = text.split("\n\n")
    assert f"so it was (`{code}`)" in first
    assert advice


def test_a_number_alone_is_tried_as_the_first_job_of_an_htcondor_cluster() -> None:
    missing: JsonValue = {"error": {"code": "job_not_found", "message": "there is no job 12", "retryable": False}}
    (call,) = answered("why is job 12 held?", missing, error=True).calls
    assert (call.tool, call.arguments) == ("explain_job", {"job_id": "12.0"})
    assert "there is no job 12" in answered("why is job 12 held?", missing, missing, error=True).text


def test_an_error_of_the_first_step_ends_the_plan() -> None:
    error: JsonValue = {"error": {"code": "scheduler_down", "message": "the schedd is silent", "retryable": True}}
    assert answered("release my held jobs", error, error=True).calls == ()


def test_a_tool_that_is_not_offered_is_never_called() -> None:
    reply = answer(request(UserTurn("show my jobs"), tools=[]))
    assert reply.calls == ()
    assert "list_jobs" in reply.text


@pytest.mark.requirement("AGENT-GUIDE-01")
def test_the_first_answer_of_a_conversation_says_who_answers() -> None:
    assert "no language model" in answered("details of job 12.0", JOB).text
    later = [UserTurn("help"), AssistantTurn("…"), UserTurn("details of job 12.0")]
    reply = answer(request(*later))
    turns = [*later, AssistantTurn("", reply.calls), ToolTurn(reply.calls[0].id, "describe_job", json.dumps(JOB))]
    assert "no language model" not in answer(request(*turns)).text


@pytest.mark.parametrize("name", ["[x](http://evil)", "![x](http://evil)", "<img src=x>", "`a` **b**", "a|b", "a\n# b"])
def test_names_of_others_cannot_become_markup(name: str) -> None:
    listing: JsonValue = {
        "jobs": [{**JOB, "name": name, "command": name, "node": name}],
        "total": 1,
        "observed_at": None,
    }
    cells = answered("show my jobs", listing).text
    for row in (line for line in cells.splitlines() if line.startswith("| `12.0`")):
        assert row.replace("\\|", "").count("|") == 8
        outside_code = "".join(row.split("`")[::2])
        assert not set("[]<>!#*") & set(outside_code)


def test_the_site_is_told_with_its_incidents_and_what_is_ones_own_matter() -> None:
    health: JsonValue = {
        "status": "degraded",
        "clusters": [
            {
                "cluster": "dev",
                "problem": None,
                "nodes": {"works": 3, "down": 1},
                "cpus": 8,
                "cpus_used": 4,
                "jobs": {"HOLDING": 2},
            }
        ],
        "incidents": [{"text": "Node wn1 is [down](http://evil)."}],
        "own": [{"text": "12 of your jobs are held."}],
    }
    said = answered("are there any incidents?", health).text
    assert (
        "**something is wrong**" in said and "`dev`; nodes: 3 at work, 1 down; CPUs in use: 4 / 8; jobs: 2 held" in said
    )
    assert "12 of your jobs are held" in said and "Node wn1" in said and "[down](" not in said


def test_a_result_that_was_cut_is_shown_as_far_as_it_goes() -> None:
    assert "`cluster" in answered("how is the cluster?", {"cut": True, "head": "cluster dev", "bytes": 99999}).text


def test_every_call_of_the_guide_fits_the_schema_of_its_tool() -> None:
    questions = (
        "show my jobs", "bob's held jobs", "job 12.0", "why is job 12.0 held?",
        "submit a.sh 3 times with 2 GB and 2 cpus",
        "remove job 1.0", "hold all my jobs", "release job 1.0", "ls data/", "show file a.sh", "run ls", "disk use",
        "how is the cluster?", "how is the site?", "search documentation for quota", "download link for a.root",
        "launch an agent", "show my agents", "stop agent w1",
    )  # fmt: skip
    for question in questions:
        (call,) = answer(request(UserTurn(question))).calls
        CATALOGUE.get(call.tool).input.model_validate(call.arguments)


@settings(deadline=None)
@given(text=st.text(max_size=200))
def test_whatever_is_asked_is_answered(text: str) -> None:
    reply = answer(request(UserTurn(text)))
    assert reply.text or reply.calls


@settings(deadline=None)
@given(
    content=st.text(max_size=300),
    question=st.sampled_from(["my jobs", "job 1.0", "ls", "disk use", "run ls", "集群状态"]),
)
def test_whatever_a_tool_returned_is_told(content: str, question: str) -> None:
    first = answer(request(UserTurn(question)))
    turns = [
        UserTurn(question),
        AssistantTurn("", first.calls),
        ToolTurn(first.calls[0].id, first.calls[0].tool, content),
    ]
    assert answer(request(*turns)).text
