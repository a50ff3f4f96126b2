"""How much is told by file, where a job's files lie, and what happens on a host that allows less."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from joblens.bpf.files import file_system
from joblens.bpf.probe import Files
from joblens.collector.probes.levels import open_probe
from joblens.collector.probes.proc_stat import unseen_waits
from joblens.records import Level, Traffic
from tests.integration.joblens.watching import PYTHON, Watching

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("joblens_bpf")]
ROOT = Path(__file__).parents[3]
WAITS = (
    "import os, sys, time\nfile = os.open(sys.argv[1] + '/data', os.O_CREAT | os.O_WRONLY)\n"
    "os.write(file, b'x' * 5000)\nwhile not os.path.exists(sys.argv[1] + '/go'): time.sleep(0.01)"
)
OPENS = (
    "from joblens.collector.probes.levels import open_probe\nfrom joblens.errors import ProbeRefused\nimport sys\n"
    "try:\n opened = open_probe(sys.argv[1], frozenset(('nobody',)), 'exact')\n"
    " print(opened.probe.level, *opened.refusals)\nexcept ProbeRefused as why:\n print('refused', why)"
)


def without_rights(level: str) -> str:
    """What a process of root without any capability is told."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("root and setpriv are needed to give rights up")
    argv = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", sys.executable, "-c", OPENS, level]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout


def links() -> dict[str, str]:
    """The programs of this process that are attached in the kernel, by number, and at which tracepoint."""
    told = (path.read_text() for path in Path("/proc/self/fdinfo").iterdir() if path.exists())
    fields = [dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line) for text in told]
    return {each["link_id"]: each.get("tp_name", "") for each in fields if "link_id" in each}


@pytest.mark.requirement("LENS-COST-03")
@pytest.mark.parametrize(
    ("files", "at_calls"), [("off", set()), ("sampled", set()), ("exact", {"sys_exit", "io_uring_complete"})]
)
def test_nothing_runs_at_a_system_call_but_for_exact_files(tmp_path: Path, files: str, at_calls: set[str]) -> None:
    """What does not run costs nothing. Elsewhere it is told where processes and connections begin and end."""
    before = links()
    with Watching(tmp_path, files=Files(files)):
        ours = [at for number, at in links().items() if number not in before]
    assert "sched_process_fork" in ours
    elsewhere = ("sched_process_", "inet_sock_set_state", "tcp_destroy_sock")
    assert {at for at in ours if at and not at.startswith(elsewhere)} == at_calls


def test_positions_of_open_files_are_sampled(tmp_path: Path) -> None:
    with Watching(tmp_path, files=Files.SAMPLED) as watching:
        watching.begin(PYTHON, "-I", "-S", "-c", WAITS, tmp_path)
        data = (Traffic.FILE, str(tmp_path / "data"))
        watching.until(lambda: any(data in files for files in watching.files.values()))
        (tmp_path / "go").touch()
        handle = watching.until_ended()[0]
        assert watching.figures(handle, tmp_path / "data") == (0, 0, 5000, 0)
        assert watching.probe.unseen == ("udp", *unseen_waits())


def test_files_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    with Watching(tmp_path, files=Files.OFF) as watching:
        handle, _ = watching.run(PYTHON, "-I", "-S", "-c", WAITS, tmp_path)
        assert watching.usages[handle].wchar >= 5000
        assert handle not in watching.files and watching.probe.unseen == ("udp", "files", *unseen_waits())


@pytest.mark.requirement("LENS-FILES-04")
def test_a_file_is_told_as_a_container_sees_it(tmp_path: Path) -> None:
    (tmp_path / "mounted").mkdir()
    write = "mount -t tmpfs none mounted && echo hello > mounted/inside"
    with Watching(tmp_path) as watching:
        handle, _ = watching.run("/usr/bin/env", "-C", tmp_path, "unshare", "-m", "sh", "-c", write)
        told = watching.files[handle][Traffic.FILE, str(tmp_path / "mounted/inside")]
        assert (told.mount, told.fs_type, told.write_bytes) == (str(tmp_path / "mounted"), "tmpfs", 6)


def test_a_file_is_told_below_the_root_that_the_job_has(tmp_path: Path) -> None:
    write = "import os, sys\nos.chroot(sys.argv[1])\nos.write(os.open('/inside', os.O_CREAT | os.O_WRONLY), b'12345')"
    with Watching(tmp_path) as watching:
        handle, _ = watching.run(PYTHON, "-I", "-S", "-c", write, tmp_path)
        assert watching.figures(handle, "/inside") == (0, 0, 5, 1)


@pytest.mark.requirement("LENS-FILES-04")
@pytest.mark.parametrize(
    ("kind", "subtype", "source", "mount", "told"),
    [
        ("ext4", "", "/dev/vda1", "/", "ext4"),
        ("lustre", "", "10.0.0.1@tcp:/fs", "/lustre", "lustre"),
        ("fuse", "", "cvmfs2", "/cvmfs/atlas.cern.ch", "fuse.cvmfs2"),
        ("fuse", "", "eosxd", "/eos/user", "fuse.eosxd"),
        ("fuse", "", "somewhere", "/eos", "fuse.eosxd"),
        ("fuse", "sshfs", "host:", "/mnt", "fuse.sshfs"),
        ("fuse", "", "other", "/mnt", "fuse"),
    ],
)
def test_file_systems_over_fuse_are_told_apart(kind: str, subtype: str, source: str, mount: str, told: str) -> None:
    assert file_system(kind, subtype, source, mount) == told


def test_a_host_that_refuses_is_told_why() -> None:
    assert without_rights("bpf").startswith("refused This host cannot be observed. bpf: ")


@pytest.mark.requirement("LENS-LEVEL-01")
def test_the_next_level_is_taken_and_the_reason_told() -> None:
    level, _, why = without_rights("auto").partition(" ")
    assert level == Level.PROC and why.startswith("bpf: The kernel refused the programs: Operation not permitted.")


@pytest.mark.requirement("LENS-LEVEL-01")
def test_the_best_level_is_taken_where_it_is_allowed(tmp_path: Path) -> None:
    with Watching(tmp_path):  # skips where it is not
        opened = open_probe("auto", frozenset({"nobody"}), "exact")
        opened.probe.close()
    assert (opened.probe.level, opened.refusals) == (Level.BPF, ())


def test_what_a_starter_itself_does_is_no_job_and_leaves_nothing(tmp_path: Path) -> None:
    """As HTCondor's starter transfers files: in a child that becomes no other program."""
    forks = (
        "import os, sys\nopen('/proc/self/comm', 'w').write(sys.argv[1])\nif not os.fork():\n"
        " os.write(os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY), b'x' * 100)\n os._exit(0)\nos.wait()"
    )
    with Watching(tmp_path) as watching:
        starter = next(path.name for path in tmp_path.iterdir() if path.is_symlink())
        subprocess.run([PYTHON, "-I", "-S", "-c", forks, starter, tmp_path / "data"], check=True, timeout=60)
        handle, _ = watching.run("/bin/true")
        watching.until(lambda: not watching.probe.read().files)
        assert list(watching.found) == [handle] and list(watching.usages) == [handle]
