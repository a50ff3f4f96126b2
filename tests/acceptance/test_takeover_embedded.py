"""Two managers on one ledger: the one at work is killed in the middle of a turn, and the one that stands by goes on."""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bench.running_manager import Client, RunningManager
from tests.acceptance.embedded import INK, Embedded, running_embedded
from tests.acceptance.event_stream import turn_events
from tests.acceptance.llm_server import llm_server, model_settings
from tests.acceptance.waiting import until
from tests.doubles.openai_script import ScriptedCall, ScriptedReply

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

AT_MOST_S = 150.0
"""From the kill to the first answer of the next one, on a machine that is busy."""
COMMAND = "echo once >> effects; while [ ! -e taken-over ]; do sleep 0.2; done; echo went on"
SCRIPT = [
    ScriptedReply(
        role="user", when="begin", calls=(ScriptedCall(name="run_command", arguments={"argv": ["sh", "-c", COMMAND]}),)
    ),
    ScriptedReply(role="tool", text="it said: {last}", times=None),
]


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Settings of the ledger."""
    return {} if request.param == "sqlite" else {"ledger": {"url": request.getfixturevalue("postgresql_url")}}


@contextmanager
def second_manager(embedded: Embedded) -> Iterator[Path]:
    """With the same settings; what it says."""
    said = embedded.data.with_name("second.out")
    environment = {**os.environ, "INK_DATA_DIR": str(embedded.data), "INK_SERVER__PORT": str(embedded.port)}
    environment["HOME"] = str(embedded.overlay.parent)
    argv = [INK, "serve", "--standby", "--config", embedded.overlay]
    with (
        said.open("w") as out,
        subprocess.Popen(argv, env=environment, stdout=out, stderr=out, start_new_session=True, text=True) as process,
    ):
        try:
            yield said
        finally:
            RunningManager(embedded.url, process).stop()


@pytest.mark.requirement("AGENT-LOOP-10")
def test_a_manager_that_stands_by_goes_on_with_the_turn_of_one_that_was_killed(
    tmp_path: Path, ledger: dict[str, Any]
) -> None:
    with (
        llm_server(tmp_path, SCRIPT) as base_url,
        running_embedded(tmp_path, {"models": [model_settings(base_url, 60)], **ledger}) as embedded,
        second_manager(embedded) as said,
    ):
        alice = embedded.manager.sign_in("alice")
        session = at_work(alice, embedded.workspace("alice"))
        until("the second manager stands by", lambda: "standing by" in said.read_text(), AT_MOST_S)
        killed = time.monotonic()
        embedded.crash()
        until("the other manager answers", lambda: answers(embedded.url), AT_MOST_S)
        print(f"taken over in {time.monotonic() - killed:.1f} s")
        (embedded.workspace("alice") / "taken-over").touch()
        events = turn_events(alice.http, session)
        alice.http.close()
        assert events[-1]["reason"] == "answered", events
        assert "went on" in next(event["text"] for event in reversed(events) if event["kind"] == "model.replied")
        assert (embedded.workspace("alice") / "effects").read_text() == "once\n"
        kinds = Counter(event["kind"] for event in events)
        assert (kinds["user.message"], kinds["call.intent"], kinds["call.outcome"], kinds["turn.ended"]) == (1, 1, 1, 1)


def at_work(alice: Client, workspace: Path) -> str:
    """A session whose agent has a command running in a worker, which outlives the manager."""
    worker_id = alice.call("launch_agent", {})["worker_id"]
    alice.agent_ready(worker_id)
    session = str(alice.post("/sessions", {"worker_id": worker_id})["session_id"])
    alice.post(f"/sessions/{session}/messages", {"text": "begin"})
    until("the command is at work", (workspace / "effects").exists, AT_MOST_S)
    return session


def answers(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/health", timeout=2).status_code == 200
    except httpx2.HTTPError:
        return False
