"""Starts the product by its front door, `make run`, and signs in by the link it prints. For benchmarks and acceptance.

Every wait has a deadline; what was printed is shown when one passes.
"""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

ROOT = Path(__file__).resolve().parent.parent
INK = Path(sys.executable).with_name("ink")
START_S = 240.0  # also of a machine ten times slower than an idle one
UNBOUNDED = "1000000"
"""Requests per second: a benchmark is a client that sends too much."""
_LINK = re.compile(r"sign in as (\S+),.*?(http\S+/sign-in\?code=\S+)", re.DOTALL)


def free_port() -> int:
    return next(free_ports())


def free_ports() -> Iterator[int]:
    """Those that nobody has, and that Linux gives to no connection meanwhile: those begin at 32768 (ip(7))."""
    for port in random.sample(range(20_000, 32_000), 1000):
        with socket.socket() as probe:
            if not bound(probe, port):
                continue
        yield port


def bound(probe: socket.socket, port: int) -> bool:
    """Whether it could be bound to this port of the loopback."""
    try:
        probe.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


@dataclass
class RunningManager:
    """One `make run`. `ready_s` is the time from the command to the first answer of /health."""

    url: str
    process: subprocess.Popen[str]
    ready_s: float = 0.0
    printed: list[str] = field(default_factory=list[str])

    def wait_ready(self, started: float, timeout_s: float) -> None:
        deadline = started + timeout_s
        # One client: each takes tens of milliseconds of the processor that the start needs.
        with httpx2.Client(timeout=5) as http:
            while time.monotonic() < deadline and self.process.poll() is None:
                if _answers(http, f"{self.url}/health"):
                    self.ready_s = time.monotonic() - started
                    return
                time.sleep(0.02)
        raise TimeoutError(f"{self.url} did not answer in {timeout_s:.0f} s; it printed:\n{self.text()}")

    def link(self, username: str, timeout_s: float = START_S) -> str:
        """The one-time link that was printed for this user."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for name, link in _LINK.findall(self.text()):
                if name == username:
                    return str(link)
            time.sleep(0.05)
        raise TimeoutError(f"no link for {username} was printed:\n{self.text()}")

    def sign_in(self, username: str) -> Client:
        """A client with the user's browser session."""
        http = httpx2.Client(base_url=self.url, headers={"Origin": self.url}, timeout=120, follow_redirects=False)
        answer = http.get(self.link(username))
        if answer.status_code != 303:
            raise RuntimeError(f"the link of {username} answered {answer.status_code}: {answer.text}")
        return Client(http)

    def text(self) -> str:
        return "".join(self.printed)

    def stop(self) -> None:
        """SIGINT to the whole foreground group, as Ctrl-C does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


class Client:
    """The REST interface as a signed-in user's program uses it."""

    def __init__(self, http: httpx2.Client) -> None:
        self.http = http

    def get(self, path: str, **query: Any) -> Any:
        return self._checked(self.http.get(f"/api/v1{path}", params=query))

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._checked(self.http.post(f"/api/v1{path}", json=body))

    def call(self, tool: str, arguments: Mapping[str, Any], **envelope: Any) -> Any:
        """Result of a tool call; raises when it did not end as done."""
        call = self.post("/calls", {"tool": tool, "arguments": arguments, **envelope})
        if call["status"] != "done":
            raise RuntimeError(f"{tool} ended as {call['status']}: {call.get('error')}")
        return call["result"]

    def agents(self) -> list[dict[str, Any]]:
        """Of all pages."""
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self.get(f"/agents?cursor={cursor}" if cursor else "/agents")
            found += page["agents"]
            cursor = page["next_cursor"]
        return found

    def agent(self, worker_id: str) -> dict[str, Any]:
        return next(agent for agent in self.agents() if agent["worker_id"] == worker_id)

    def agent_ready(self, worker_id: str, timeout_s: float = 120) -> dict[str, Any]:
        deadline = time.monotonic() + timeout_s
        agent: dict[str, Any] = {}
        while time.monotonic() < deadline:
            agent = self.agent(worker_id)
            if agent["state"] == "ready":
                return agent
            if agent["state"] == "gone":
                break
            time.sleep(0.05)
        raise TimeoutError(f"worker {worker_id} is not ready: {agent}")

    def _checked(self, answer: httpx2.Response) -> Any:
        if answer.is_error:
            raise RuntimeError(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}")
        return answer.json()


def start_embedded(
    data_dir: Path, *, port: int | None = None, timeout_s: float = START_S, environment: Mapping[str, str] | None = None
) -> RunningManager:
    """`make run` on the embedded default, with its own data directory and a free port."""
    port = port or free_port()
    given = {"INK_DATA_DIR": str(data_dir), "INK_SERVER__PORT": str(port), **(environment or {})}
    return _start(["make", "--no-print-directory", "run"], f"http://127.0.0.1:{port}", given, timeout_s)


def start_serving(
    data_dir: Path, *, port: int, timeout_s: float = START_S, environment: Mapping[str, str] | None = None
) -> RunningManager:
    """`ink serve` on the embedded default, without the steps of `make run` before it: its process is the manager's."""
    given = {"INK_DATA_DIR": str(data_dir), "INK_SERVER__PORT": str(port), **(environment or {})}
    return _start([str(INK), "serve"], f"http://127.0.0.1:{port}", given, timeout_s)


def start_on_cluster(
    *, port: int = 8420, timeout_s: float = START_S, environment: Mapping[str, str] | None = None
) -> RunningManager:
    """`make run CLUSTER=dev`; brings the cluster up when it is not."""
    command = ["make", "--no-print-directory", "run", "CLUSTER=dev"]
    given = {"INK_SERVER__PORT": str(port), **(environment or {})}
    return _start(command, f"http://10.77.0.2:{port}", given, timeout_s)


def _answers(http: httpx2.Client, url: str) -> bool:
    try:
        return http.get(url).status_code == 200
    except httpx2.HTTPError:
        return False


def _start(command: list[str], url: str, environment: Mapping[str, str], timeout_s: float) -> RunningManager:
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "INK_SERVER__REQUESTS_PER_S": UNBOUNDED, **environment, "COLUMNS": "300"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    manager = RunningManager(url, process)
    threading.Thread(target=_collect, args=(process, manager.printed), daemon=True).start()
    try:
        manager.wait_ready(started, timeout_s)
    except TimeoutError:
        manager.stop()
        raise
    return manager


def _collect(process: subprocess.Popen[str], printed: list[str]) -> None:
    assert process.stdout is not None
    with process.stdout:
        for line in process.stdout:
            printed.append(line)
