"""Commands: argv in, streams out, limits kept, and nothing of them left behind."""

from __future__ import annotations

import asyncio
import base64
import os
import signal
from pathlib import Path

import pytest

from tests.unit.worker_agent.manager import PATIENCE_S, WorkerLink, is_alive, until
from worker_agent.process import MAX_PROCESSES
from worker_agent.protocol import PackError

# A daemon as daemons do it: a child, a session of its own, a grandchild that ignores SIGTERM; the first two are gone.
DOUBLE_FORK = """
import os, signal, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        with open("daemon.pid.new", "w") as file:
            file.write(str(os.getpid()))
        os.rename("daemon.pid.new", "daemon.pid")
        time.sleep(300)
    os._exit(0)
os.wait()
time.sleep(300)
"""


async def pid_in(path: Path) -> int:
    await until(path.exists)
    return int(path.read_text())


@pytest.mark.requirement("WORKER-PROC-01")
async def test_a_command_runs_in_the_workspace_and_returns_its_streams_and_code(
    link: WorkerLink, workspace: Path
) -> None:
    (workspace / "sub").mkdir()
    script = 'pwd; cat; echo "$COLOUR" >&2; exit 7'
    ended = await link.call(
        "process.run", argv=["sh", "-c", script], cwd="sub", environment={"COLOUR": "blue"}, stdin="typed\n"
    )
    assert (ended.exit_code, ended.stderr) == (7, "blue\n")
    assert ended.stdout == f"{workspace}/sub\ntyped\n"
    assert (ended.truncated, ended.timed_out) == (False, False)


@pytest.mark.requirement("WORKER-PROC-02")
async def test_arguments_reach_the_command_as_they_are(link: WorkerLink, workspace: Path) -> None:
    arguments = ["$(touch owned)", "; touch owned", "`touch owned`", "a b", "*", ""]
    ended = await link.call("process.run", argv=["printf", "%s\n", *arguments])
    assert ended.stdout.split("\n")[:-1] == arguments
    assert os.listdir(workspace) == []


@pytest.mark.requirement("WORKER-PROC-01")
async def test_output_is_sent_while_the_command_runs(link: WorkerLink, workspace: Path) -> None:
    script = "echo one; while ! test -e go; do sleep 0.02; done; echo two"
    running = asyncio.ensure_future(link.call("process.run", argv=["sh", "-c", script]))
    first = await link.notification("process.output")
    assert (first["stream"], base64.b64decode(first["data"])) == ("stdout", b"one\n")
    assert not running.done()
    (workspace / "go").touch()
    second = await link.notification("process.output")
    assert base64.b64decode(second["data"]) == b"two\n"
    assert (await running).stdout == "one\ntwo\n"


@pytest.mark.requirement("WORKER-PROC-01")
async def test_output_beyond_the_limit_is_dropped_and_the_command_still_ends(link: WorkerLink) -> None:
    ended = await link.call("process.run", argv=["sh", "-c", "head -c 5000000 /dev/zero; exit 3"], output_limit=10)
    assert (ended.exit_code, ended.stdout, ended.truncated) == (3, "\0" * 10, True)


@pytest.mark.requirement("WORKER-PROC-01")
async def test_a_command_that_takes_too_long_is_ended_and_keeps_its_output(link: WorkerLink) -> None:
    ended = await link.call("process.run", argv=["sh", "-c", "echo early; sleep 300"], timeout_s=4)
    assert (ended.timed_out, ended.stdout, ended.exit_code) == (True, "early\n", -signal.SIGTERM)


@pytest.mark.requirement("WORKER-PROC-01")
async def test_kill_ends_the_whole_tree_also_a_double_forked_daemon(link: WorkerLink, workspace: Path) -> None:
    running = asyncio.ensure_future(link.call_as("process.run", "op-daemon", argv=["python3", "-c", DOUBLE_FORK]))
    daemon = await pid_in(workspace / "daemon.pid")
    killed = await link.call("process.kill", target="op-daemon")
    assert killed.was_running
    assert (await running)["exit_code"] == -signal.SIGTERM
    await until(lambda: not is_alive(daemon))
    assert not (await link.call("process.kill", target="op-daemon")).was_running


async def test_what_a_command_leaves_behind_ends_with_it(link: WorkerLink) -> None:
    ended = await link.call("process.run", argv=["sh", "-c", "setsid sleep 300 >/dev/null 2>&1 & echo $!"])
    await until(lambda: not is_alive(int(ended.stdout)))


KILLS_ITS_REAPER = "import os, signal; os.kill(os.getppid(), signal.SIGKILL); signal.pause()"


async def test_a_command_that_kills_what_watches_it_ends_with_it(link: WorkerLink) -> None:
    argv = ["python3", "-c", KILLS_ITS_REAPER]
    ended = await link.call("process.run", argv=argv, timeout_s=60)
    assert (ended.exit_code, ended.timed_out) == (-signal.SIGKILL, False)


async def test_past_the_deadline_the_command_is_ended_too(link: WorkerLink, workspace: Path) -> None:
    argv = ["sh", "-c", "echo $$ > new; mv new pid; exec sleep 300"]
    for deadline_s in (0.5, 2, 8, 30):  # the first one in which this machine has begun it
        with pytest.raises(PackError) as late:
            await link.call_as("process.run", f"op-too-late-{deadline_s * 10:.0f}", deadline_s=deadline_s, argv=argv)
        assert late.value.fault.code == "deadline_exceeded"
        if (workspace / "pid").exists():
            break
    pid = await pid_in(workspace / "pid")
    await until(lambda: not is_alive(pid))


@pytest.mark.requirement("WORKER-RPC-02")
async def test_a_duplicate_of_a_command_does_not_run_again(link: WorkerLink, workspace: Path) -> None:
    append = ["sh", "-c", "echo ran >> log; sleep 0.1"]
    both = [link.call_as("process.run", "op-only-once", argv=append) for _ in range(2)]
    first, second = await asyncio.gather(*both)
    third = await link.call_as("process.run", "op-only-once", argv=append)
    assert first == second == third
    assert (workspace / "log").read_text() == "ran\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"argv": ["no-such-command"]}, "not_found"),
        ({"argv": ["./data"]}, "permission_denied"),
        ({"argv": ["./garbage"]}, "bad_arguments"),
        ({"argv": ["a\0b"]}, "bad_arguments"),
        ({"argv": ["x" * 3_000_000]}, "bad_arguments"),
        ({"argv": ["true"], "environment": {"A=B": "c"}}, "bad_arguments"),
        ({"argv": []}, "bad_arguments"),
        ({"argv": ["true"], "cwd": "missing"}, "not_found"),
        ({"argv": ["true"], "cwd": "data"}, "not_a_directory"),
        ({"argv": ["true"], "cwd": "../.."}, "path_outside_workspace"),
        ({"argv": ["true"], "cwd": "out"}, "path_outside_workspace"),
    ],
)
async def test_a_command_that_cannot_start_says_why(
    link: WorkerLink, workspace: Path, arguments: dict[str, object], code: str
) -> None:
    (workspace / "data").write_text("no program")
    (workspace / "garbage").write_text("no program")
    (workspace / "garbage").chmod(0o755)
    (workspace / "out").symlink_to("/")
    with pytest.raises(PackError) as refused:
        await link.call("process.run", **arguments)
    assert refused.value.fault.code == code


async def test_the_number_of_commands_at_once_is_bounded(link: WorkerLink, workspace: Path) -> None:
    names = [f"op-command-{number}" for number in range(MAX_PROCESSES + 1)]
    running = [
        asyncio.ensure_future(link.call_as("process.run", name, argv=["sh", "-c", f"echo $$ > {name}; exec sleep 300"]))
        for name in names
    ]
    done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE_S)
    refused = next(iter(done)).exception()
    assert isinstance(refused, PackError)
    assert refused.fault.code == "too_many_processes"
    await asyncio.gather(*(link.call("process.kill", target=name) for name in names))
    await asyncio.gather(*running, return_exceptions=True)


async def test_no_descriptor_of_the_agent_reaches_a_command(link: WorkerLink) -> None:
    ended = await link.call("process.run", argv=["ls", "/proc/self/fd"])
    assert sorted(map(int, ended.stdout.split()))[:3] == [0, 1, 2]
    assert len(ended.stdout.split()) == 4  # the fourth is the directory that ls reads
