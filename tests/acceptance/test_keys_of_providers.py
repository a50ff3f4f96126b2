"""The key of a model's endpoint, given by the environment: no process but the manager's own has it, and no file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.running_manager import Client
from tests.acceptance.embedded import running_embedded, sleeping_job
from tests.acceptance.event_stream import turn_events
from tests.acceptance.llm_server import llm_server, model_settings
from tests.acceptance.processes import (
    argv_of,
    children_of_manager,
    environment_of,
    everything_below,
    processes_writing_to,
)
from tests.doubles.openai_script import ScriptedReply

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

KEY = "inkey-5Qw8ZrT1uVb3XyLmNpKd"
REPLIES = (
    ScriptedReply(role="user", when="ping", text=f"pong, by {KEY}"),
    ScriptedReply(role="user", when="fail", mode="status", status=400, body=f'{{"error": {{"message": "{KEY}"}}}}'),
)


def ask(client: Client, text: str) -> str:
    session = client.post("/sessions", {})["session_id"]
    client.post(f"/sessions/{session}/messages", {"text": text})
    return str(turn_events(client.http, session))


@pytest.mark.requirement("AGENT-PROVIDER-03")
def test_no_child_and_no_file_of_the_manager_has_the_key(tmp_path: Path) -> None:
    with llm_server(tmp_path, REPLIES) as base_url:
        settings = {"models": [{**model_settings(base_url, 10), "api_key_env": "SITE_MODEL_KEY"}]}
        environment = {"SITE_MODEL_KEY": KEY, "OPENAI_LOG": "debug"}
        with running_embedded(tmp_path, settings, environment) as embedded:
            alice = embedded.sign_in("alice")
            answers = [ask(alice, "ping"), ask(alice, "fail")]
            worker_id = alice.agent_ready(alice.call("launch_agent", {})["worker_id"])["worker_id"]
            sleeping_job(alice)
            ran = alice.call("run_command", {"argv": ["env"]}, worker_id=worker_id)
            others = {*children_of_manager(embedded.manager), *processes_writing_to(tmp_path)}
            assert len(others) >= 3  # the access-point agent, the worker and the job at least
            assert [argv_of(pid) for pid in others if KEY in environment_of(pid)] == []
            started = [*everything_below(embedded.manager.process.pid), *others]
            assert [pid for pid in started if KEY in argv_of(pid)] == []
            said = [embedded.ink(*command)[1] for command in (("user", "list"), ("audit", "verify", "--json"))]
            alice.http.close()
        assert "HTTP Request" in embedded.manager.text(), "the client library was to log at its lowest level"
        for text in (*answers, ran["stdout"], *said, embedded.manager.text()):
            assert KEY not in text
        assert "pong, by ***" in answers[0]
        held = [path for path in embedded.data.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
        assert held == []
