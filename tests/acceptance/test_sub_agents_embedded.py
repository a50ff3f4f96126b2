"""A tree that is at work when the manager is killed: it goes on with the same sub-agent in the same worker, once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ink_core.identity.principal import USER_SCOPES
from tests.acceptance.embedded import Embedded, running_embedded
from tests.acceptance.event_stream import turn_events
from tests.acceptance.llm_server import llm_server, model_settings
from tests.acceptance.waiting import until
from tests.doubles.openai_script import ScriptedCall, ScriptedReply

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

GOAL = "Say where you are."
RESULT = {"answer": "here", "numbers": [], "inputs": [], "program": "pwd", "files": [], "cautions": []}
COMMAND = "echo once >> effects; while [ ! -e go-on ]; do sleep 0.2; done; pwd"
DELEGATES = ScriptedCall(name="delegate", arguments={"profile": "data-analysis", "goal": GOAL})
SCRIPT = [
    ScriptedReply(role="user", when="^find out", calls=(DELEGATES,), times=None),
    ScriptedReply(
        role="user",
        when="^Say where",
        calls=(ScriptedCall(name="run_command", arguments={"argv": ["sh", "-c", COMMAND]}),),
    ),
    ScriptedReply(role="tool", when="exit_code", calls=(ScriptedCall(name="hand_in", arguments={"result": RESULT}),)),
    ScriptedReply(role="tool", text="It is done.", times=None),
]
ENDS_S = 120


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Embedded]:
    with (
        llm_server(tmp_path, SCRIPT) as base_url,
        running_embedded(tmp_path, {"models": [model_settings(base_url, 60)]}) as running,
    ):
        yield running


def test_a_tree_survives_the_death_of_its_manager_and_ends_with_its_parent(
    embedded: Embedded, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = [word for scope in USER_SCOPES for word in ("--scope", scope)]
    code, token = embedded.ink("token", "create", "alice", "--name", "agents", *words)
    assert code == 0, token
    monkeypatch.setenv("INK_TOKEN", token.strip())
    alice = embedded.sign_in("alice")
    session = alice.post("/sessions", {})["session_id"]
    alice.post(f"/sessions/{session}/messages", {"text": "find out where you are"})
    effects = embedded.workspace("alice") / "effects"
    until("the command runs in the sub-agent's worker", effects.exists, ENDS_S)

    embedded.crash()
    embedded.restart()
    (child,) = alice.get(f"/subagents?session_id={session}")
    assert child["state"] == "working"
    assert child["session_id"] in embedded.ink("agent", "ls")[1]
    (embedded.workspace("alice") / "go-on").touch()
    (outcome,) = (event for event in turn_events(alice.http, session) if event["kind"] == "call.outcome")
    assert outcome["result"]["result"] == RESULT
    assert effects.read_text() == "once\n"
    until("its worker is gone", lambda: [agent["state"] for agent in alice.agents()] == ["gone"], ENDS_S)
    assert child["session_id"] not in embedded.ink("agent", "ls")[1]

    alice.post(f"/sessions/{session}/messages", {"text": "find out again"})
    # What the first one brought is untrusted text, so that another worker waits for a word of the user.
    second = until("another one waits", lambda: _waiting(alice.get("/subagents")), ENDS_S)[0]
    code, said = embedded.ink("agent", "stop", second["session_id"])
    assert code == 0, said
    expected = {child["session_id"]: "done", second["session_id"]: "stopped"}
    until("it is stopped", lambda: _states(alice.get(f"/subagents?session_id={session}")) == expected, ENDS_S)
    alice.http.close()


def _states(agents: list[dict[str, str]]) -> dict[str, str]:
    return {agent["session_id"]: agent["state"] for agent in agents}


def _waiting(agents: list[dict[str, str]]) -> list[dict[str, str]]:
    return [agent for agent in agents if agent["state"] == "waiting_approval"]
