"""The privileged spawner: a real uid change, closed requests, and refusals. What needs root skips without it."""

from __future__ import annotations

import asyncio
import json
import os
import pwd
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from ink_core.errors import SpawnRefused, Unavailable
from ink_core.spawner.client import DirectSpawner, SocketSpawner
from ink_core.spawner.policy import Refused, UserPolicy
from worker_agent.protocol import AgentConfig, Place

SECRET = "one-time-launch-secret"
CONFIG = AgentConfig(
    manager_url="ws://127.0.0.1:1/agents/connect",
    worker_id="w-0123456789ab",
    secret=SECRET,
    place=Place.ACCESS_POINT,
    workspace="/tmp",
)
# Stands in for the agent's interpreter: writes down what it was given. It must be runnable by every user.
FAKE_PYTHON = """#!/bin/sh
exec 3>"{out}/draft"
{{ id -u; id -g; id -G; pwd; grep NoNewPrivs /proc/self/status; echo "$@"; env | sort; echo --; cat; }} >&3
echo this is the log
mv "{out}/draft" "{out}/done"
sleep 30
"""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can start processes of other users")


def service_account() -> pwd.struct_passwd:
    """Some unprivileged account of this machine with a home that is there."""
    usable = (a for a in pwd.getpwall() if a.pw_uid and a.pw_gid and Path(a.pw_dir).is_dir() and a.pw_dir != "/")
    return min(usable, key=lambda account: account.pw_uid)


def until(found: Callable[[], bool], deadline_s: float = 10) -> None:
    end = time.monotonic() + deadline_s
    while not found():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


class Running:
    """A spawner process with its socket, the stand-in for the agent's interpreter, and what that wrote."""

    def __init__(self, folder: Path, *options: str, client_user: str = "root") -> None:
        self.socket = folder / "spawner.sock"
        self.out = folder / "out"
        self.logs = folder / "logs"
        self.out.mkdir(mode=0o777)
        self.out.chmod(0o777)
        self.logs.mkdir(mode=0o700)
        self.python = folder / "python"
        self.python.write_text(FAKE_PYTHON.format(out=self.out))
        self.python.chmod(0o755)
        command = [sys.executable, "-I", "-m", "ink_core.spawner", "--socket", self.socket]
        self.command = [*command, "--agent-python", self.python, "--client-user", client_user, *options]
        self.command += ["--log-directory", self.logs]
        self.process = subprocess.Popen(self.command, stderr=subprocess.PIPE, text=True)
        self.agents: list[int] = []
        until(lambda: self._listens() or self.process.poll() is not None)

    def _listens(self) -> bool:
        """The socket's file is there a moment before anybody listens on it."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as trying:
            return trying.connect_ex(str(self.socket)) == 0

    def spawn(self, user: str) -> int:
        self.agents.append(asyncio.run(SocketSpawner(self.socket).spawn(user, CONFIG)))
        return self.agents[-1]

    def ask(self, request: bytes) -> dict[str, object]:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.socket))
            with suppress(BrokenPipeError):  # it may have answered already
                connection.sendall(request)
            return json.loads(connection.makefile("rb").readline())

    def written(self) -> list[str]:
        until((self.out / "done").exists)
        return (self.out / "done").read_text().splitlines()

    def stop(self) -> str:
        self.process.terminate()
        said = self.process.communicate(timeout=10)[1]
        for pid in self.agents:
            os.killpg(pid, 9)
        return said


ANY_USER = ("--allow-user-range", "1-65535", "--allow-no-login")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A directory that other users can reach; pytest's own are private."""
    with tempfile.TemporaryDirectory(prefix="ink-spawner-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def spawner(folder: Path) -> Iterator[Running]:
    running = Running(folder, *ANY_USER)
    yield running
    running.stop()


@needs_root
@pytest.mark.requirement("WORKER-START-03")
def test_the_agent_is_the_user_and_has_no_way_back(spawner: Running) -> None:
    account = service_account()
    pid = spawner.spawn(account.pw_name)
    uid, gid, groups, cwd, no_new_privs = spawner.written()[:5]
    assert (int(uid), int(gid), cwd) == (account.pw_uid, account.pw_gid, os.path.realpath(account.pw_dir))
    assert "0" not in groups.split()
    assert no_new_privs.split() == ["NoNewPrivs:", "1"]
    assert Path(f"/proc/{pid}").stat().st_uid == account.pw_uid
    assert os.getsid(pid) == pid


@needs_root
def test_the_secret_comes_on_standard_input_only(spawner: Running) -> None:
    pid = spawner.spawn(service_account().pw_name)
    written = spawner.written()
    given, config = written[: written.index("--")], "\n".join(written[written.index("--") + 1 :])
    assert AgentConfig.model_validate_json(config) == CONFIG
    assert given[5] == "-I -m worker_agent --config -"
    assert SECRET not in "\n".join(given)
    assert SECRET.encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()


@needs_root
def test_the_environment_is_the_users_and_not_roots(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INK_SECRET_OF_ROOT", "hunter2")
    account, spawner = service_account(), Running(folder, *ANY_USER)
    try:
        spawner.spawn(account.pw_name)
        written = spawner.written()
    finally:
        spawner.stop()
    environment = dict(line.split("=", 1) for line in written[6 : written.index("--")])
    assert (environment["USER"], environment["HOME"]) == (account.pw_name, account.pw_dir)
    assert set(environment) <= {"HOME", "LANG", "LOGNAME", "PATH", "PWD", "OLDPWD", "SHELL", "SHLVL", "USER", "_"}


@needs_root
def test_the_log_belongs_to_the_user_and_nobody_else_reads_it(spawner: Running) -> None:
    account = service_account()
    spawner.spawn(account.pw_name)
    spawner.written()
    log = spawner.logs / f"{account.pw_name}.log"
    assert log.read_text() == "this is the log\n"
    assert (log.stat().st_uid, log.stat().st_mode & 0o777) == (account.pw_uid, 0o600)


@needs_root
def test_an_agent_that_ended_is_reaped_and_too_many_are_refused(spawner: Running) -> None:
    name = service_account().pw_name
    for _ in range(4):
        spawner.spawn(name)
    with pytest.raises(SpawnRefused, match="4 agents"):
        spawner.spawn(name)
    ended = spawner.agents.pop()
    os.killpg(ended, 9)
    until(lambda: not Path(f"/proc/{ended}").exists())
    spawner.spawn(name)


@needs_root
def test_an_agent_that_cannot_even_begin_is_told_at_once(spawner: Running) -> None:
    spawner.python.write_text("#!/bin/sh\necho no module named worker_agent >&2\nexit 3\n")

    def refusal() -> bool:
        try:
            spawner.agents.remove(spawner.spawn(service_account().pw_name))
        except SpawnRefused as refused:
            return "ended at once with exit code 3" in str(refused)
        return False

    until(refusal)  # on a busy machine the shell may take longer to end than the spawner looks


@needs_root
@pytest.mark.parametrize("user", ["root", "", "no-such-user", "../root", "root\n", "-u", "a" * 5000])
def test_root_and_whoever_is_no_user_are_refused(spawner: Running, user: str) -> None:
    with pytest.raises(SpawnRefused):
        spawner.spawn(user)
    assert not (spawner.out / "draft").exists()


@needs_root
def test_the_default_range_refuses_system_accounts(folder: Path) -> None:
    running = Running(folder)
    try:
        with pytest.raises(SpawnRefused, match=r"is not between 1000 and 60000|no login shell"):
            running.spawn(service_account().pw_name)
    finally:
        running.stop()


@needs_root
def test_anybody_but_the_managers_user_is_refused_before_a_byte_is_read(folder: Path) -> None:
    running = Running(folder, *ANY_USER, client_user=service_account().pw_name)
    try:
        assert running.ask(b"") == {"refused": "uid 0 may not ask"}
        assert (running.socket.stat().st_uid, running.socket.stat().st_mode & 0o777) == (
            service_account().pw_uid,
            0o600,
        )
    finally:
        running.stop()


@needs_root
@pytest.mark.parametrize(
    "request_",
    [
        b"\n",
        b"{}\n",
        b"[]\n",
        b"[" * 60_000 + b"\n",
        b"\xff\xfe\n",
        b'{"user": "daemon"}\n',
        b'{"user": "daemon", "config": "text"}\n',
        b'{"user": ["daemon"], "config": {}}\n',
        b'{"user": "daemon", "config": {}, "argv": ["/bin/sh"]}\n',
        b"x" * 70_000,
        b"no end",
    ],
)
def test_what_is_no_request_is_refused_in_time_and_the_next_is_served(spawner: Running, request_: bytes) -> None:
    assert set(spawner.ask(request_)) == {"refused"}
    assert set(spawner.ask(b"{}\n")) == {"refused"}
    assert spawner.process.poll() is None


@needs_root
def test_a_second_spawner_does_not_take_the_socket_and_a_dead_ones_is_replaced(spawner: Running) -> None:
    second = subprocess.run(spawner.command, capture_output=True, text=True, timeout=30, check=False)
    assert (second.returncode, "another one listens" in second.stderr) == (1, True)
    spawner.process.kill()
    spawner.process.communicate(timeout=10)
    spawner.process = subprocess.Popen(spawner.command, stderr=subprocess.PIPE, text=True)
    until(lambda: answers(spawner.socket))
    spawner.spawn(service_account().pw_name)


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


@needs_root
def test_the_spawner_leaves_no_socket_and_says_no_secret(folder: Path) -> None:
    running = Running(folder, *ANY_USER)
    running.spawn(service_account().pw_name)
    running.written()
    said = running.stop()
    assert "started an agent of" in said
    assert SECRET not in said
    assert not running.socket.exists()


def test_only_root_runs_it_and_a_missing_interpreter_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-m", "ink_core.spawner", "--socket", tmp_path / "s", "--client-user", "root"]
    ended = subprocess.run([*command, "--agent-python", "/no/python"], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ("/no/python is not there" in ended.stderr) == (os.geteuid() == 0)


def test_the_root_process_loads_the_standard_library_only() -> None:
    code = "import sys, ink_core.spawner.__main__; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    ours = {name for name in loaded if name not in sys.stdlib_module_names and not name.startswith("__")}
    assert {"pydantic", "sqlalchemy", "fastapi", "yaml", "worker_agent"} & ours == set()
    assert "ink_core" in ours


def test_an_account_that_cannot_log_in_is_refused() -> None:
    nologin = [a for a in pwd.getpwall() if a.pw_uid and a.pw_gid and a.pw_shell.endswith("nologin")]
    if not nologin:
        pytest.skip("every account here can log in")
    with pytest.raises(Refused, match="no login shell"):
        UserPolicy(1, 2**32).check(nologin[0].pw_name)


async def test_without_a_spawner_the_manager_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="is it running"):
        await SocketSpawner(tmp_path / "none.sock").spawn("alice", CONFIG)


async def test_a_spawner_that_hangs_is_given_up_at_the_deadline(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "s"))
        silent.listen()
        with pytest.raises(Unavailable, match="no answer in time"):
            await SocketSpawner(tmp_path / "s", deadline_s=0.2).spawn("alice", CONFIG)


def test_the_direct_spawner_starts_a_child_with_the_config_on_standard_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_API_KEY", "hunter2")
    python = tmp_path / "python"
    python.write_text(FAKE_PYTHON.format(out=tmp_path))
    python.chmod(0o755)
    pid = asyncio.run(DirectSpawner(python, tmp_path / "log").spawn("alice", CONFIG))
    until((tmp_path / "done").exists)
    written = (tmp_path / "done").read_text().splitlines()
    assert AgentConfig.model_validate_json("\n".join(written[written.index("--") + 1 :])) == CONFIG
    assert "hunter2" not in "\n".join(written)
    assert [line for line in written if line.startswith("HOME=")] == [f"HOME={CONFIG.workspace}"]
    assert os.getsid(pid) == pid
    os.killpg(pid, 9)
    until(lambda: not Path(f"/proc/{pid}").exists())
    assert (tmp_path / "log" / "agent-alice.log").read_text() == "this is the log\n"


async def test_a_direct_agent_that_cannot_start_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="could not be started"):
        await DirectSpawner(tmp_path / "none", tmp_path / "log").spawn("alice", CONFIG)
