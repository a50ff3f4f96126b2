"""What is read of a tree's starter: bounded, following no link that the job's user laid, and empty when it is gone."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from joblens.collector.identity.evidence import MAX_BYTES, MAX_VALUE, environment, gather, telling
from tests.acceptance.waiting import until

SLEEPER = "import sys; sys.stdin.read()"
HOLDER = """import fcntl, os, signal, sys
signal.signal(signal.SIGIO, signal.SIG_IGN)
file = os.open(sys.argv[1], os.O_CREAT | os.O_RDWR)
fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def starter(tmp_path: Path) -> Iterator[int]:
    """The pid of a process that is called like HTCondor's starter and works in `tmp_path`."""
    program = tmp_path.parent / f"{tmp_path.name}-bin" / "condor_starter"
    program.parent.mkdir()
    program.symlink_to(os.path.realpath(sys.executable))
    argv = [str(program), "-I", "-S", "-c", SLEEPER, "slot1_1"]
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, cwd=tmp_path, env={"SLURM_JOB_NAME": "a=b", "SECRET": "s"}
    ) as process:
        until("it has its name", lambda: Path(f"/proc/{process.pid}/comm").read_text() == "condor_starter\n")
        yield process.pid
        assert process.stdin
        process.stdin.close()


def test_a_starter_is_named_with_its_title_and_owner(starter: int) -> None:
    seen = gather(starter, os.getuid())
    assert (seen.starter, seen.starter_pid) == ("condor_starter", starter)
    assert seen.starter_title.endswith("slot1_1")
    assert seen.starter_uids == (os.getuid(),) * 3


def test_the_description_of_the_job_comes_with_the_time_of_its_last_change(starter: int, tmp_path: Path) -> None:
    ad = tmp_path / ".job.ad"
    ad.write_text("ClusterId = 17\n")
    seen = gather(starter, os.getuid())
    assert (seen.job_ad, seen.job_ad_changed) == ("ClusterId = 17\n", ad.stat().st_ctime)


def test_a_link_in_its_place_is_not_followed(starter: int, tmp_path: Path) -> None:
    (tmp_path / "other").write_text("ClusterId = 18\n")
    (tmp_path / ".job.ad").symlink_to("other")
    assert gather(starter, os.getuid()).job_ad == ""
    (tmp_path / ".job.ad").unlink()
    (tmp_path / ".job.ad").hardlink_to(tmp_path / "other")
    assert gather(starter, os.getuid()).job_ad == ""


def test_a_pipe_in_its_place_is_not_waited_for(starter: int, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".job.ad")
    assert gather(starter, os.getuid()).job_ad == ""


def test_a_lease_that_its_owner_holds_on_it_is_not_waited_for(starter: int, tmp_path: Path) -> None:
    argv = [sys.executable, "-I", "-S", "-c", HOLDER, str(tmp_path / ".job.ad")]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin and holder.stdout
        assert holder.stdout.readline() == b"held\n"
        looking = threading.Thread(target=gather, args=(starter, os.getuid()), daemon=True)
        looking.start()
        looking.join(30)  # the kernel breaks the lease after 45 s, and all other jobs wait so long
        assert not looking.is_alive()
        holder.stdin.close()


def test_a_description_without_end_is_cut(starter: int, tmp_path: Path) -> None:
    (tmp_path / ".job.ad").write_bytes(b"x" * (MAX_BYTES + 1))
    assert len(gather(starter, os.getuid()).job_ad) == MAX_BYTES


def test_of_a_process_that_is_gone_everything_is_empty() -> None:
    with subprocess.Popen(["true"]) as gone:
        pass
    seen = gather(gone.pid, 4_000_000_000)
    assert (seen.starter, seen.starter_title, seen.starter_uids, seen.account, seen.job_ad) == ("", "", (), "", "")
    assert environment(gone.pid) == {}


def test_a_variable_without_end_is_cut() -> None:
    told = telling(f"CUDA_VISIBLE_DEVICES={'1,' * 50_000}\0SLURM_JOB_ID=7\0SECRET=s")
    assert (len(told["CUDA_VISIBLE_DEVICES"]), told["SLURM_JOB_ID"], len(told)) == (MAX_VALUE, "7", 2)


def test_of_an_environment_only_what_tells_of_the_job_is_kept_whole(starter: int) -> None:
    assert environment(starter) == {"SLURM_JOB_NAME": "a=b"}
