"""A manager is killed while its workers are connected and carry out calls of sessions, and is started again.

Every call appends a line to a file, so that one that was carried out twice shows, and lasts until after the kill.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.running_manager import Client, RunningManager, free_port, start_serving
from bench.workers.crowd import EFFECTS
from bench.workers.site import SETTINGS, Launched, crowd, expected_workers, workspace

USERS = ("alice", "bob", "carol", "dave")
CONNECT_S, RETURN_S, CALL_S = 300.0, 120.0, 60.0
DURATIONS_S = (3.0, 20.0)


def storm(folder: Path, workers: int, calls: int, durations_s: Sequence[float] = DURATIONS_S) -> Mapping[str, Any]:
    """Numbers of workers and of calls among them; both are spread over `USERS`.

    With several durations some calls end while no manager is there, the others after it came back.
    """
    data = folder / "data"
    launched = expected_workers(data, {user: workers // len(USERS) for user in USERS})
    everybody = [worker for mine in launched.values() for worker in mine]
    environment = {**SETTINGS, "INK_SIGN_IN__FIRST_ACCOUNTS": json.dumps([{"username": user} for user in USERS])}
    port = free_port()
    with ExitStack() as exits:
        manager = start_serving(data, port=port, environment=environment)
        exits.callback(lambda: manager.stop())
        running = exits.enter_context(crowd(f"ws://127.0.0.1:{port}/agents/connect", everybody, data))
        running.complete(CONNECT_S)
        clients = {user: manager.sign_in(user) for user in USERS}
        for client in clients.values():
            exits.callback(client.http.close)
        begun = list(_begun(clients, launched, calls // len(USERS), durations_s))
        effects = workspace(data) / EFFECTS
        _wait_for_lines(effects, len(begun))
        _kill(manager)
        manager = start_serving(data, port=port, environment=environment)
        ready = time.monotonic()
        back = running.complete(RETURN_S)
        ended = [_ended(clients[user], call_id) for user, call_id in begun]
        done = Counter(effects.read_text().split())
    return {
        "reconnect_workers": len(everybody),
        "restart_s": round(manager.ready_s, 2),
        "reconnect_s": round(max(0.0, back - ready), 2),
        "calls": len(begun),
        "lost_calls": sum(call["status"] != "done" for call in ended) + len(begun) - len(done),
        "double_calls": sum(times > 1 for times in done.values()),
    }


def _begun(
    clients: Mapping[str, Client], launched: Mapping[str, Launched], each: int, durations_s: Sequence[float]
) -> Iterator[tuple[str, str]]:
    """User and id of a call that is under way in a session of its own at a worker of its own."""
    durations = itertools.cycle(durations_s)
    for user, client in clients.items():
        for worker_id, _ in launched[user][:each]:
            session = client.post("/sessions", {"worker_id": worker_id})["session_id"]
            request: dict[str, Any] = {
                "tool": "run_command",
                "arguments": {"argv": [worker_id, str(next(durations))]},
                "session_id": session,
                "worker_id": worker_id,
                "wait_s": 0,
            }
            yield user, str(client.post("/calls", request)["call_id"])


def _wait_for_lines(file: Path, number: int) -> None:
    deadline = time.monotonic() + CALL_S
    while not file.exists() or len(file.read_text().split()) < number:
        if time.monotonic() > deadline:
            raise TimeoutError(f"not all of {number} calls were at work after {CALL_S:.0f} s")
        time.sleep(0.05)


def _kill(manager: RunningManager) -> None:
    os.kill(manager.process.pid, signal.SIGKILL)
    manager.process.wait(30)


def _ended(client: Client, call_id: str) -> Mapping[str, Any]:
    deadline = time.monotonic() + 2 * CALL_S
    while True:
        call: dict[str, Any] = client.get(f"/calls/{call_id}", wait_s=CALL_S)
        if call["status"] != "running" or time.monotonic() > deadline:
            return call
