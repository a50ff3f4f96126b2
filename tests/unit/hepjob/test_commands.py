"""The `hepjob` commands as programs: their options, what they print, and what they never do with a token."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ink_core.compute.model import JobState
from ink_core.hepjob import change, clus, q, sub
from ink_core.hepjob.rest import Failed, Portal, portal

ROOT = Path(__file__).parents[3]
JOB: dict[str, Any] = {
    "job_id": "172.0",
    "owner": "alice",
    "state": "RUNNING",
    "command": "/home/alice/scan/job.sh 1 2",
    "submitted_at": "2026-01-01T00:00:00Z",
    "started_at": "2026-01-01T01:00:00Z",
    "ended_at": "2026-01-02T03:01:05Z",
    "memory_mb": 2000,
    "priority": 5,
    "group": "CEPC.higgs.short",
}


def chosen(*argv: str) -> list[str]:
    states = ("QUEUEING", "RUNNING", "HOLDING", "COMPLETED", "CANCELLED")
    jobs = [JOB | {"job_id": f"{n}.0", "state": state} for n, state in enumerate(states)]
    options = q._options().parse_args(argv)  # pyright: ignore[reportPrivateUsage]
    return [job["job_id"] for job in jobs if q.chosen(job, options)]


@pytest.mark.requirement("CORE-HEPJOB-02")
def test_the_list_has_its_columns_and_its_footer() -> None:
    lines = q.table([JOB, JOB | {"job_id": "172.1", "state": "HOLDING", "started_at": None}])
    assert lines[0].split() == "JOBID OWNER SUBMITTED RUN_TIME ST PRI SIZE CMD".split()
    assert lines[1].split()[:2] == ["172.0", "alice"]
    assert lines[1].split()[4:] == ["1+02:01:05", "R", "5", "2000.0", "job.sh", "1", "2"]
    assert lines[2].split()[4:6] == ["0+00:00:00", "H"]
    assert lines[-1] == "2 jobs; 0 completed, 0 removed, 0 idle, 1 running, 1 held, 0 suspended"
    assert q.table([])[-1] == "0 jobs; 0 completed, 0 removed, 0 idle, 0 running, 0 held, 0 suspended"


def test_what_others_wrote_moves_no_cursor() -> None:
    assert "\x1b" not in "".join(q.table([JOB | {"command": "\x1b[2Jrm\n-rf"}]))


@pytest.mark.requirement("CORE-HEPJOB-02")
@pytest.mark.parametrize(
    ("argv", "ids"),
    [
        ((), ["0.0", "1.0", "2.0"]),
        (("-hold",), ["2.0"]),
        (("-run",), ["1.0"]),
        (("-hold", "-run"), ["1.0", "2.0"]),
        (("-stat", "C"), ["3.0"]),
        (("-stat", "X"), ["4.0"]),
        (("-i", "3", "1.0"), ["1.0", "3.0"]),
        (("-g", "higgs"), ["0.0", "1.0", "2.0"]),
        (("-g", "physics"), []),
    ],
)
def test_the_list_is_filtered(argv: tuple[str, ...], ids: list[str]) -> None:
    assert chosen(*argv) == ids


@pytest.mark.parametrize(
    ("argv", "queries"),
    [
        (("-hold",), [{"state": ["HOLDING"]}]),
        (("-stat", "X"), [{"state": ["CANCELLED", "TIMEOUT"]}]),
        ((), [{"state": ["SUBMITTING", "QUEUEING", "RUNNING", "HOLDING", "SUSPENDED"]}]),
        (("-i", "3", "1.0", "1.2", "7.0@schedd"), [{"array": "3"}, {"array": "1"}, {"array": "7@schedd"}]),
        (("-i", "3", "nonsense"), [{}]),
        (("-i", *map(str, range(100))), [{}]),
    ],
)
def test_the_portal_leaves_out_what_is_not_asked_for(argv: tuple[str, ...], queries: list[dict[str, Any]]) -> None:
    options = q._options().parse_args(argv)  # pyright: ignore[reportPrivateUsage]
    assert q.queries(options) == queries
    assert {state for query in queries for state in query.get("state", [])} <= set(JobState)


@pytest.mark.requirement("CORE-HEPJOB-01")
def test_hep_sub_takes_its_documented_options(tmp_path: Path) -> None:
    line = (
        "job.sh -g higgs -o out -e err -mem 4000 -np 2 -n 10 -os AlmaLinux9 -wt long -wn node1 -gwn gpu -prio 3 "
        f"-p pool -u vanilla -name tag -dir {tmp_path} -argu %{{ProcId}} -5"
    )
    assert request(line) == {
        "script": "job.sh", "directory": str(tmp_path), "group": "higgs", "output": "out", "error": "err",
        "memory_mb": 4000, "cores": 2, "count": 10, "os": "AlmaLinux9", "wall_time": "long", "node": "node1",
        "node_group": "gpu", "priority": 3, "cluster": "pool", "universe": "vanilla", "name": "tag",
        "arguments": ["%{ProcId}", "-5"],
    }  # fmt: skip
    assert request("job.sh -m 100 -schedd other") == {"script": "job.sh", "memory_mb": 100, "schedd": "other"}


def request(line: str) -> dict[str, Any]:
    return sub.request(sub._options().parse_args(line.split()))  # pyright: ignore[reportPrivateUsage]


def test_one_argument_may_hold_several() -> None:
    given = sub._options().parse_args(["job.sh", "-argu", "1 'b c'", "d"])  # pyright: ignore[reportPrivateUsage]
    assert sub.request(given)["arguments"] == ["1", "b c", "d"]


def test_where_the_files_are_shared_a_job_works_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here.sh").touch()
    monkeypatch.chdir(tmp_path)
    asked = request("here.sh")
    assert (asked["script"], asked["directory"]) == (str(tmp_path / "here.sh"), str(tmp_path))
    assert "directory" not in request("elsewhere.sh")


@pytest.mark.requirement("CORE-JOBS-18")
def test_a_pool_and_one_of_its_schedds_are_named_together() -> None:
    assert request("job.sh -p one -schedd two") == {"script": "job.sh", "cluster": "one", "schedd": "two"}


@pytest.mark.requirement("CORE-HEPJOB-04")
def test_the_load_is_a_table() -> None:
    row = {"name": "short", "running": 3, "idle": 2, "held": 1, "cpus": 12}
    lines = clus.table({"cluster": "htcondor", "nodes": 4, "cpus": 16, "cpus_used": 12, "rows": [row]}, "WALLTIME")
    assert lines[0] == "htcondor: 12 of 16 CPUs used on 4 node(s)"
    assert [line.split() for line in lines[1:]] == [
        ["WALLTIME", "RUNNING", "IDLE", "HELD", "CPUS"],
        ["short", "3", "2", "1", "12"],
    ]


def test_the_token_comes_from_a_file_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "token"
    environment = {"INK_TOKEN_FILE": str(file), "HOME": str(tmp_path)}
    with pytest.raises(Failed, match="no token"):
        portal(environment)
    file.write_text("ink_secret\n")
    file.chmod(0o644)
    with pytest.raises(Failed, match="others can read"):
        portal(environment)
    file.chmod(0o600)
    assert isinstance(portal(environment), Portal)


@pytest.mark.parametrize("url", ["http://portal.example", "ftp://portal.example", "portal.example", "https://"])
def test_a_token_is_sent_nowhere_in_the_clear(url: str) -> None:
    with pytest.raises(Failed):
        Portal(url, "ink_secret")


@pytest.mark.requirement("CORE-HEPJOB-03")
@pytest.mark.parametrize("argv", [["172", "173.1"], ["-a"]])
def test_jobs_are_named_by_id_or_all_at_once(argv: list[str]) -> None:
    given = change._options("hep_rm", "").parse_args(argv)  # pyright: ignore[reportPrivateUsage]
    assert (given.ids, given.all) == (([], True) if argv == ["-a"] else (argv, False))


@pytest.mark.parametrize("argv", [[], ["-a", "172"]])
def test_no_jobs_and_too_many_are_a_wrong_use(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        change.remove(argv)
    assert ended.value.code == 2 and "usage: hep_rm" in capsys.readouterr().err


def test_the_commands_load_the_standard_library_only() -> None:
    program = "import sys, ink_core.hepjob.{0}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    for module in ("sub", "q", "change", "clus"):
        argv = [sys.executable, "-c", program.format(module)]
        loaded = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True).stdout.split()
        assert not {"pydantic", "httpx2", "yaml", "rich", "typer", "fastapi", "asyncio"} & set(loaded), module


def test_no_command_takes_a_token_on_its_command_line() -> None:
    actions = sub._options()._actions + q._options()._actions  # pyright: ignore[reportPrivateUsage]
    names = [name for action in actions if isinstance(action, argparse.Action) for name in action.option_strings]
    assert not [name for name in names if "token" in name]
