"""What eBPF tells of a job equals what the job counted itself and what the kernel told its parent."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from joblens.records import Traffic
from tests.integration.joblens.watching import PYTHON, START_AND_WAIT, Watching, program

pytestmark = [pytest.mark.integration, pytest.mark.xdist_group("joblens_bpf")]
CLOCKS_S = 0.5  # between the clock of boot and the time of day, which the system corrects


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a service, outside the job, that says everything again."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                while data := connection.recv(65536):
                    connection.sendall(data)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join(30)


class Counted:
    """One job that counted itself, and what was told of it."""

    def __init__(self, watching: Watching, folder: Path, port: int) -> None:
        self.watching = watching
        self.handle, self.ran = watching.run(*program("counted.py", folder, "127.0.0.1", str(port)))
        self.counts: dict[str, Any] = json.loads((folder / "counts.json").read_text())
        self.usage = watching.usages[self.handle]


@pytest.fixture
def counted(tmp_path: Path, echo: int) -> Iterator[Counted]:
    with Watching(tmp_path) as watching:
        yield Counted(watching, tmp_path, echo)


@pytest.mark.requirement("LENS-FILES-01")
@pytest.mark.requirement("LENS-FILES-02")
@pytest.mark.requirement("LENS-FILES-06")
@pytest.mark.requirement("LENS-NET-01")
@pytest.mark.requirement("LENS-CPU-01")
def test_a_job_is_told_as_it_counted_itself(counted: Counted, echo: int) -> None:
    watching, handle, usage = counted.watching, counted.handle, counted.usage
    told = {path: list(watching.figures(handle, path)) for path in counted.counts["files"]}
    assert told == counted.counts["files"]
    received, sent = counted.counts["peer"]
    peer = watching.figures(handle, f"tcp://127.0.0.1:{echo}", Traffic.NETWORK)
    assert (peer[0], peer[2]) == (received, sent) == (usage.net_rx, usage.net_tx)
    assert usage.cpu_ns == pytest.approx(counted.ran["cpu_ns"], rel=0.02)
    assert watching.lost_events == 0


@pytest.mark.requirement("LENS-MEM-01")
@pytest.mark.requirement("LENS-PROC-01")
def test_memory_and_faults_are_what_the_parent_was_told(counted: Counted) -> None:
    ran, usage = counted.ran, counted.usage
    assert usage.minor_faults >= ran["minor_faults"] > 0  # with those of the daemon, for whom nobody waited
    switches = usage.voluntary_switches + usage.involuntary_switches
    assert switches >= 0.9 * ran["switches"] > 0  # a thread's last comes after it was counted
    assert usage.rss_peak_bytes >= ran["rss_peak_bytes"] > 0
    assert (usage.rss_bytes, usage.processes, usage.threads) == (0, 0, 0)


def test_what_calls_asked_for_is_told_by_file_within_one_percent(counted: Counted) -> None:
    """The rest is what the kernel itself reads to begin a program."""
    files = [file for (traffic, _), file in counted.watching.files[counted.handle].items() if traffic is Traffic.FILE]
    asked = counted.usage.rchar
    assert sum(file.read_bytes for file in files) == pytest.approx(asked, rel=0.01)


@pytest.mark.requirement("LENS-IO-01")
def test_bytes_and_operations_are_what_the_kernel_tells_the_job(tmp_path: Path) -> None:
    work = (
        "import os, shutil, sys\nout = os.open(sys.argv[1] + '/out', os.O_CREAT | os.O_RDWR)\n"
        "for _ in range(300): os.write(out, b'x' * 40_000)\nos.fsync(out)\n"
        "for n in range(300): os.pread(out, 40_000, n * 40_000)\n"
        "shutil.copy('/proc/self/io', sys.argv[1] + '/io')"
    )
    with Watching(tmp_path) as watching:
        handle, _ = watching.run(PYTHON, "-I", "-S", "-c", work, tmp_path)
        lines = (line.split(": ") for line in (tmp_path / "io").read_text().splitlines())
        io = {name: int(figure) for name, figure in lines}
        usage = watching.usages[handle]
        for name in ("rchar", "wchar", "read_bytes", "write_bytes", "syscr", "syscw"):
            assert getattr(usage, name) == pytest.approx(io[name], rel=0.01, abs=5), name


SPIN_S = 0.3
TWO_ON_ONE_CPU = (
    "import os, sys, time\nos.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\nchild = os.fork()\n"
    f"end = time.process_time() + {SPIN_S}\nwhile time.process_time() < end: pass\n"
    "counted = open('/proc/self/schedstat').read().split()[1]\n"
    "open(f'{sys.argv[1]}/{bool(child)}', 'w').write(counted)\n"
    "if child: os.waitpid(child, 0)\nos._exit(0)"
)


def test_how_long_a_job_waited_for_a_cpu_is_told_with_the_waits_of_those_that_are_gone(tmp_path: Path) -> None:
    """Of two that spin on one CPU, the one that ends last has waited for all that the other ran."""
    with Watching(tmp_path) as watching:
        handle, _ = watching.run(PYTHON, "-I", "-S", "-c", TWO_ON_ONE_CPU, tmp_path)
        usage, unseen = watching.usages[handle], watching.probe.unseen
        if "cpu_wait" in unseen:
            pytest.skip("this kernel does not count how long tasks wait for a CPU")
        themselves = [int((tmp_path / name).read_text()) // 1_000_000 for name in ("True", "False")]
        assert usage.cpu_wait_ms >= sum(themselves) > 0.9 * SPIN_S * 1e3
        lasted_s = usage.ended_at - watching.found[handle].started + CLOCKS_S
        assert usage.cpu_wait_ms / 1e3 + usage.cpu_ns / 1e9 < 2 * lasted_s
        assert "io_wait" not in unseen or usage.io_wait_ms == 0


@pytest.mark.requirement("LENS-LIFE-05")
def test_of_a_burst_of_short_jobs_each_is_recorded(tmp_path: Path) -> None:
    jobs = 600  # more than the probe lets wait until it is asked
    with Watching(tmp_path) as watching:
        watching.begin("/bin/true", environ={"SLURM_JOB_ID": "1"}, times=jobs)
        ended = watching.until_ended(jobs)
        watching.ran()
        assert sorted(int(watching.found[handle].environ["SLURM_JOB_ID"]) for handle in ended) == list(range(jobs))
        assert all(watching.found[handle].evidence.environ_at_exec for handle in ended)
        assert all(watching.usages[handle].cpu_ns for handle in ended)
        assert watching.lost_events == 0


SPAWN_AND_LEAVE = (
    "import os\npid = os.posix_spawn('/bin/true', ['/bin/true'], {})\n"
    "os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)\nprint('dead', flush=True)\ninput()"
)


def test_a_job_ends_with_its_last_process_also_where_nobody_reaps_it(tmp_path: Path) -> None:
    with Watching(tmp_path) as watching:
        argv = [watching.starter, "-I", "-S", "-c", SPAWN_AND_LEAVE]
        before = time.time()
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
            assert starter.stdout and starter.stdout.readline() == "dead\n"
            after = time.time()
            (handle,) = watching.until_ended()
            starter.communicate("\n", timeout=60)
        usage = watching.usages[handle]
        assert usage.cpu_ns > 0
        assert before - CLOCKS_S < usage.ended_at < after + CLOCKS_S


def test_files_beyond_the_bound_are_one_honest_sum(tmp_path: Path) -> None:
    write = (
        "import os, sys\nfor n in range(400):\n"
        " os.write(os.open(f'{sys.argv[1]}/many{n}', os.O_CREAT | os.O_WRONLY), b'x' * n)"
    )
    with Watching(tmp_path, files_per_job=100) as watching:
        handle, _ = watching.run(PYTHON, "-I", "-S", "-c", write, tmp_path)
        files = {path: file for (traffic, path), file in watching.files[handle].items() if traffic is Traffic.FILE}
        many = [file for path, file in files.items() if "/many" in path]
        assert len(files) == 101 and len(many) < 100
        assert sum(file.write_bytes for file in many) + files[""].write_bytes == sum(range(400))
        assert sum(file.write_ops for file in many) + files[""].write_ops == 399


def test_a_job_of_very_many_files_leaves_places_to_who_comes_later(tmp_path: Path) -> None:
    write = (
        "import os, sys\nfor n in range(int(sys.argv[2])):\n"
        " os.write(os.open(f'{sys.argv[1]}{n}', os.O_CREAT | os.O_WRONLY), b'x' * 7)\n"
    )
    wait = "print('written', flush=True)\ninput()"
    with Watching(tmp_path, places=200) as watching:
        argv = [watching.starter, "-I", "-S", "-c", START_AND_WAIT, PYTHON, write + wait, tmp_path / "greedy", "400"]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as greedy:
            assert greedy.stdout and greedy.stdout.readline() == "written\n"
            watching.until(lambda: watching.found)
            (first,) = watching.found
            modest = (PYTHON, "-I", "-S", "-c", write, tmp_path / "modest", "20")
            handle, _ = watching.run(*modest)
            greedy.communicate("\n", timeout=60)
        watching.until(lambda: watching.usages[first].ended)
        told = [file for file in watching.files[first].values() if file.traffic is Traffic.FILE]
        assert len(told) <= 200 / 4 and sum(file.write_bytes for file in told) == 400 * 7
        assert all((Traffic.FILE, f"{tmp_path}/modest{number}") in watching.files[handle] for number in range(20))
        again, _ = watching.run(*modest)  # the places of jobs that have ended are free
        assert len(watching.files[again]) == len(watching.files[handle])


def test_peers_beyond_the_bound_are_one_honest_sum(tmp_path: Path) -> None:
    talk = (
        "import socket\nfor n in range(9):\n"
        " with socket.create_server(('127.0.0.1', 0)) as server:\n"
        "  with socket.create_connection(server.getsockname()) as client, server.accept()[0] as accepted:\n"
        "   client.sendall(b'x' * 100); accepted.sendall(b'y' * 10)"
    )
    with Watching(tmp_path, peers_per_job=4) as watching:
        handle, _ = watching.run(PYTHON, "-I", "-c", talk)
        peers = [file for (traffic, _), file in watching.files[handle].items() if traffic is Traffic.NETWORK]
        usage = watching.usages[handle]
        assert len(peers) == 5 and watching.files[handle][Traffic.NETWORK, ""].write_bytes > 0
        assert sum(peer.write_bytes for peer in peers) == usage.net_tx == 9 * 110


def test_a_process_id_used_again_is_another_job(tmp_path: Path) -> None:
    last = Path("/proc/sys/kernel/ns_last_pid")
    if not last.exists():
        pytest.skip("this kernel does not let a test choose a process id")
    with Watching(tmp_path) as watching:
        first, ran = watching.run("/bin/sh", "-c", f"echo first > {tmp_path}/first")
        for _ in range(20):  # another process may take the id before
            last.write_text(str(ran["pid"] - 1))
            second, again = watching.run("/bin/sh", "-c", f"echo 2 > {tmp_path}/second")
            if again["pid"] == ran["pid"]:
                break
        else:
            pytest.skip("others took the process id each time")
        assert watching.found[first].root_pid == watching.found[second].root_pid and first != second
        assert watching.figures(first, tmp_path / "first")[2:] == (6, 1)
        assert watching.figures(second, tmp_path / "second")[2:] == (2, 1)
        assert (Traffic.FILE, str(tmp_path / "second")) not in watching.files[first]


ANYBODY = "import os, subprocess\nos.setresuid(65534, 65534, 65534)\nfor _ in range(3): subprocess.run(['/bin/true'])"


@pytest.mark.parametrize(("any_user_starts", "jobs"), [(False, 1), (True, 4)])
def test_whoever_takes_the_name_of_a_starter_takes_no_room_from_jobs(
    tmp_path: Path, any_user_starts: bool, jobs: int
) -> None:
    with Watching(tmp_path, any_user_starts=any_user_starts) as watching:
        subprocess.run([watching.starter, "-I", "-S", "-c", ANYBODY], check=True, timeout=60)
        watching.begin("/bin/true", environ={"SLURM_JOB_ID": "7"})
        watching.until_ended(jobs)
        watching.ran()
