"""A sub-agent with a worker of its own on the development cluster: an HTCondor job of its user, gone when it is done.

Its manager is one of its own, of a site with a model; the model is the scripted one, beside the manager.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from bench.running_manager import Client
from ink_core.identity.principal import USER_SCOPES
from tests.acceptance.event_stream import turn_events
from tests.acceptance.pool import Pool, running_pool
from tests.acceptance.waiting import until
from tests.doubles.openai_script import ScriptedCall, ScriptedReply
from tests.integration.cluster.dev_cluster import DevCluster

pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(600)]

PORT = 8399
BASE_URL = f"http://127.0.0.1:{PORT}/v1"
ADDRESS = f"{BASE_URL}/models"
PYTHON = "/opt/ink/env/bin/python"
SOURCE = "/opt/ink/src"
GOAL = "Say on which node you are."
RESULT = {"answer": "here", "numbers": [], "inputs": [], "program": "hostname", "files": [], "cautions": []}
WORKS_S = 120

SCRIPT = [
    ScriptedReply(
        when="^find out", calls=(ScriptedCall(name="delegate", arguments={"profile": "data-analysis", "goal": GOAL}),)
    ),
    ScriptedReply(
        when="^Say on which node", calls=(ScriptedCall(name="run_command", arguments={"argv": ["hostname"]}),)
    ),
    ScriptedReply(when="exit_code", role="tool", calls=(ScriptedCall(name="hand_in", arguments={"result": RESULT}),)),
    ScriptedReply(role="tool", text="It is done."),
]
MODEL = {"name": "scripted", "base_url": BASE_URL, "model": "scripted", "trust": "site"}


@contextmanager
def model_at_the_portal(cluster: DevCluster) -> Iterator[None]:
    script = json.dumps([reply.model_dump() for reply in SCRIPT])
    cluster.exec("portal", ["sh", "-c", "cat > /tmp/ink-script.json"], "ink", script)
    argv = [PYTHON, "-m", "tests.doubles.scripted_openai", "--port", str(PORT), "--script", "/tmp/ink-script.json"]
    serving = subprocess.Popen(cluster.command("portal", argv, "ink", SOURCE), stdout=subprocess.DEVNULL)
    try:
        until("the model answers", lambda: cluster.try_exec("portal", ["curl", "-sf", ADDRESS], "ink").returncode == 0)
        yield
    finally:
        serving.terminate()
        serving.wait(30)


@pytest.fixture(scope="module")
def site(dev_cluster: DevCluster) -> Iterator[Pool]:
    with model_at_the_portal(dev_cluster), running_pool(dev_cluster, {"models": [MODEL]}) as pool:
        yield pool


@pytest.fixture(scope="module")
def alice(site: Pool) -> Iterator[Client]:
    words = [word for scope in USER_SCOPES for word in ("--scope", scope)]
    code, token = site.ink("token", "create", "alice", "--name", "sub-agents", *words)
    assert code == 0, token
    headers = {"Authorization": f"Bearer {token.strip()}"}
    with httpx2.Client(base_url=site.url, headers=headers, timeout=60) as http:
        yield Client(http)


@pytest.mark.requirement("AGENT-SUB-06")
def test_a_sub_agent_runs_its_tools_in_a_job_of_its_own_that_ends_with_it(site: Pool, alice: Client) -> None:
    session = alice.post("/sessions", {})["session_id"]
    alice.post(f"/sessions/{session}/messages", {"text": "find out where you are"})
    child = until("the sub-agent is there", lambda: alice.get(f"/subagents?session_id={session}"), WORKS_S)[0]
    worker = until("its worker is a job", lambda: [one for one in alice.agents() if one["job_id"]], WORKS_S)[0]
    assert site.as_user("alice", "condor_q", worker["job_id"], "-af", "Owner").strip() in ("alice", "")

    events = turn_events(alice.http, session)
    (outcome,) = (event for event in events if event["kind"] == "call.outcome")
    assert outcome["status"] == "done", outcome
    assert outcome["result"] == {"session_id": child["session_id"], "profile": "data-analysis", "result": RESULT}

    (ran,) = (result for result in _results(alice, child["session_id"]) if "stdout" in result)
    ended = alice.agent(worker["worker_id"])
    assert ran["stdout"].strip().partition(".")[0] == str(ended["node"]).partition(".")[0]
    assert ended["state"] == "gone"
    until("the job has left the queue", lambda: site.job_status(worker["job_id"]) == "", 60)
    (shown,) = alice.get(f"/subagents?session_id={session}")
    assert (shown["state"], shown["worker_id"]) == ("done", worker["worker_id"])


def _results(client: Client, session_id: str) -> list[dict[str, Any]]:
    events = turn_events(client.http, session_id)
    return [event["result"] for event in events if event["kind"] == "call.outcome" and event["result"]]
