"""HTCondor's own words: quoting, clauses, job ads and hold codes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("htcondor2")

from ink_core.compute.dag import MAX_NODES, DagNode
from ink_core.compute.htcondor.ads import PROJECTION, dag_nodes_text, job_from
from ink_core.compute.htcondor.clauses import clauses
from ink_core.compute.htcondor.hold_codes import HOLD_CODES, hold_code, subcode_words
from ink_core.compute.htcondor.pool import classad
from ink_core.compute.htcondor.quoting import join, split
from ink_core.compute.htcondor.submission import describe
from ink_core.compute.model import JobSpec, JobState
from ink_core.compute.precheck import Command
from ink_core.errors import BadInput

COMMAND = Command(
    argv=("/bin/sh", "/w/$HOME.sh", 'a "b"', "it's", "$(id)"), name="n", label="n", working_directory="/w"
)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]))))
def test_any_list_of_values_survives_quoting(values: list[str]) -> None:
    assert list(split(join(values))) == values


@pytest.mark.parametrize(("told", "number"), [("0", 1), ("41", 42), ("-1", None), ('"x"', None), ("1/0", None)])
def test_the_number_of_a_checkpoint_counts_from_one(told: str, number: int | None) -> None:
    facts = f"JobStatus = 2; ExitCode = 85; CheckpointNumber = {told}; TransferOutFinished = 60"
    job = job_from("c", classad.ClassAd(f"[ClusterId = 1; ProcId = 0; {facts}]"))
    assert (job.checkpoint, job.output_at, job.exit_code) == (number, datetime.fromtimestamp(60, UTC), None)


def test_values_that_others_quoted_less_are_read_too() -> None:
    assert list(split("30 a' 'b  '' x''y")) == ["30", "a b", "", "xy"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("true", ["true"]),
        ("(A) && (B)", ["A", "B"]),
        ("((A && (B || C)) && D)", ["A", "B || C", "D"]),
        ('X == "a && b" && Y', ['X == "a && b"', "Y"]),
        (r'X == "\" && " && f(A && B)', [r'X == "\" && "', "f(A && B)"]),
        ("A || B && C", ["A || B && C"]),
        ("(A || B) && 'odd && name' > 1", ["A || B", "'odd && name' > 1"]),
    ],
)
def test_requirements_are_split_into_the_clauses_that_must_all_hold(expression: str, expected: list[str]) -> None:
    assert list(clauses(expression)) == expected


@given(st.text(max_size=40))
def test_no_expression_breaks_the_splitting(expression: str) -> None:
    assert clauses(expression)


AD = {
    "ClusterId": 7,
    "ProcId": 1,
    "Owner": "alice",
    "Cmd": "/bin/echo",
    "Arguments": "a' 'b c",
    "QDate": 1000,
    "Iwd": "/w",
}


@pytest.mark.parametrize(
    ("ad", "state", "reason"),
    [
        ({"JobStatus": 1}, JobState.QUEUEING, None),
        ({"JobStatus": 2}, JobState.RUNNING, None),
        ({"JobStatus": 6}, JobState.RUNNING, None),
        ({"JobStatus": 7}, JobState.SUSPENDED, None),
        ({"JobStatus": 9}, JobState.OTHER, None),
        ({"JobStatus": 5, "HoldReason": "why", "HoldReasonCode": 12}, JobState.HOLDING, "why"),
        ({"JobStatus": 3, "RemoveReason": "enough"}, JobState.CANCELLED, "enough"),
        (
            {"JobStatus": 3, "RemoveReason": "The PeriodicRemove expression became true", "InkWallTime": 60},
            JobState.TIMEOUT,
            "the job reached its wall time of 60 s",
        ),
        ({"JobStatus": 4, "ExitCode": 0}, JobState.COMPLETED, None),
        ({"JobStatus": 4, "ExitCode": 3}, JobState.FAILED, "the job ended with exit code 3"),
        ({"JobStatus": 4, "ExitBySignal": True, "ExitSignal": 9}, JobState.FAILED, "the job was ended by signal 9"),
    ],
)
def test_a_job_ad_becomes_a_job_with_its_state_and_reason(ad: dict[str, object], state: JobState, reason: str) -> None:
    job = job_from("c", AD | ad | {"EnteredCurrentStatus": 2000})
    assert (job.job_id, job.owner, job.state, job.reason) == ("7.1", "alice", state, reason)
    assert job.command == "/bin/echo 'a b' c"
    assert (job.ended_at is not None) == (
        state in (JobState.CANCELLED, JobState.TIMEOUT, JobState.COMPLETED, JobState.FAILED)
    )


def test_a_bare_ad_is_a_job_too() -> None:
    assert job_from("c", {"ClusterId": 1, "ProcId": 0}).state is JobState.OTHER


@pytest.mark.requirement("CORE-JOBS-17")
def test_nodes_are_read_of_dagmans_jobs_only_and_no_more_than_a_dag_may_have() -> None:
    said = AD | {"InkDagNodes": " ".join(["a", "../b", *(f"n{number}" for number in range(1000))])}
    assert job_from("c", said).dag_nodes is None
    nodes = job_from("c", said | {"Cmd": "/usr/bin/condor_dagman"}).dag_nodes
    assert nodes is not None and nodes[:3] == ("a", "n0", "n1") and len(nodes) == MAX_NODES


def test_what_dagmans_job_is_told_of_its_nodes_is_read_back_of_it() -> None:
    spec = JobSpec(executable="/bin/true", working_directory="/")
    nodes = [DagNode(name="a", job=spec), DagNode(name="b", parents=("a",), job=spec)]
    nodes.append(DagNode(name="c", parents=("a", "b"), job=spec))
    said = AD | {"Cmd": "/usr/bin/condor_dagman", "InkDagNodes": dag_nodes_text(nodes)}
    assert job_from("c", said).dag_parents == {"a": (), "b": ("a",), "c": ("a", "b")}
    hostile = job_from("c", said | {"InkDagNodes": "a<../b,c c<"})
    assert hostile.dag_parents == {"a": ("c",), "c": ()}


def test_of_a_dag_with_very_many_edges_the_names_alone_are_told() -> None:
    names, spec = (
        [f"n{'x' * 60}{number}" for number in range(MAX_NODES)],
        JobSpec(executable="/bin/true", working_directory="/"),
    )
    wide = [DagNode(name=name, parents=tuple(names[:number]), job=spec) for number, name in enumerate(names)]
    said = AD | {"Cmd": "/usr/bin/condor_dagman", "InkDagNodes": dag_nodes_text(wide)}
    assert job_from("c", said).dag_nodes == tuple(names)
    assert set((job_from("c", said).dag_parents or {}).values()) == {()}


@pytest.mark.parametrize(
    "name",
    [
        "RequestCpus", "requestcpus", "RequestMemory", "RequestGPUs", "_condor_RequestCpus", "JobUniverse", "AcctGroup",
        "AcctGroupUser", "AccountingGroup", "Requirements", "Rank", "Owner", "User", "DAGManJobId", "DAGNodeName",
        "InkOperationId", "InkWallTime", "InkDagNodes", "ConcurrencyLimits", "PeriodicRemove", "OnExitRemove", "Cmd",
        "Args", "Arguments", "Env", "Environment", "Iwd", "JobPrio", "NiceUser", "MaxHosts", "PreCmd", "CronMinute",
        "JobMaterializeLimit", "TransferInput", "UserLog", "WantDocker", "x509userproxy", "LeaveJobInQueue",
    ],
)  # fmt: skip
def test_no_attribute_of_a_users_takes_the_place_of_a_setting(name: str) -> None:
    spec = JobSpec(executable="x", working_directory="/w", attributes={name: 128})
    with pytest.raises(BadInput, match=f"the attribute {name} decides how the job is run"):
        describe(spec, COMMAND, "op")


def test_a_sites_own_attributes_are_written_into_the_job_ad() -> None:
    own = {
        "HepJob_RequestOS": "el9",
        "HepJob_Walltime": "default",
        "JobFlavour": "$(x)",
        "Author": 'a "b"',
        "Process": 3,
    }
    description = describe(JobSpec(executable="x", working_directory="/w", attributes=own), COMMAND, "op")
    assert {name: description[f"My.{name}"] for name in own} == {
        "HepJob_RequestOS": '"el9"', "HepJob_Walltime": '"default"', "JobFlavour": '"$(DOLLAR)(x)"',
        "Author": '"a \\"b\\""', "Process": "3",
    }  # fmt: skip


def test_nothing_of_the_users_is_read_as_a_macro_or_another_line() -> None:
    spec = JobSpec(executable="x", working_directory="/w", environment={"A": "$(B)"}, stdout="$(C).out")
    description = describe(spec, COMMAND, 'op"1')
    assert description["executable"] == "/bin/sh"
    assert "$(id)" not in description["arguments"] and "$(DOLLAR)(id)" in description["arguments"]
    assert "$(DOLLAR)(B)" in description["environment"] and description["output"] == "$(DOLLAR)(C).out"
    assert description["My.InkOperationId"] == '"op\\"1"'
    assert not any("\n" in value for value in description.values())
    broken = Command(argv=("/bin/sh", "a\nqueue 100"), name="n", label="n", working_directory="/w")
    with pytest.raises(BadInput, match="line breaks"):
        describe(spec, broken, "op")


def test_the_numbers_of_a_job_stand_where_their_placeholders_are() -> None:
    spec = JobSpec(executable="x", working_directory="/w", stdout="o.%{ClusterId}.%{ProcId}", stderr="$(ProcId)")
    numbered = Command(argv=("/bin/sh", "seed=%{ProcId}", "50%"), name="n", label="n", working_directory="/w")
    description = describe(spec, numbered, "op")
    assert description["arguments"] == "\"'seed=$(ProcId)' '50%'\""
    assert (description["output"], description["error"]) == ("o.$(ClusterId).$(ProcId)", "$(DOLLAR)(ProcId)")


def test_every_hold_code_has_words_and_a_proposal_and_so_has_an_unknown_one() -> None:
    assert all(code.words and code.proposal for code in HOLD_CODES.values())
    assert hold_code(12345).proposal and hold_code(None).words
    assert subcode_words(14, 2) == "No such file or directory"
    assert subcode_words(1, 2) is None and subcode_words(14, 99999) is None and subcode_words(14, None) is None


HOSTILE = (
    r'"no\377text"', 'real("NaN")', 'real("INF")', "1e30", "-1e30", "99999999999999", "-9223372036854775807",
    "{1, 2}", "[a = 1]", "undefined", "error", "true", '"\'"', r'"\"a"', "1/0", "RequestMemory + 1", 'relTime("9:9")',
)  # fmt: skip


@pytest.mark.parametrize("name", [name for name in PROJECTION if name not in ("ClusterId", "ProcId")])
def test_whatever_somebody_writes_into_the_ad_of_a_job_hides_no_other(name: str) -> None:
    """One ad that cannot be read would be the end of everybody's list. Users write most attributes themselves."""
    others = {"ClusterId": "7", "ProcId": "0", "Owner": '"bob"', "Cmd": '"/bin/true"', "JobStatus": "4"}
    for status in range(1, 6):
        for value in HOSTILE:
            facts = {**others, "JobStatus": str(status), name: value}
            ad = classad.ClassAd(f"[{';'.join(f'{key} = {told}' for key, told in facts.items())}]")
            job = job_from("c", ad)
            assert job.job_id == "7.0"
            assert json.loads(job.model_dump_json())["cluster"] == "c"


def test_a_name_that_is_no_text_is_told_with_its_bytes() -> None:
    ad = classad.ClassAd(r'[ClusterId = 7; ProcId = 0; JobBatchName = "no\377text"]')
    assert job_from("c", ad).name == r"no\377text"
