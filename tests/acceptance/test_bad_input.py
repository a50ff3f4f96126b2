"""Whatever is wrong – caller, model, endpoint, scheduler – gets a typed error, in time and in the ledger.

One embedded manager with a scripted model and a Slurm cluster that is not there.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bench.running_manager import Client, free_port
from tests.acceptance.embedded import Embedded, client_fixture, embedded_fixture, sleeping_job
from tests.acceptance.event_stream import turn_events
from tests.acceptance.llm_server import llm_server, model_settings
from tests.acceptance.waiting import until
from tests.doubles.openai_script import Mode, ScriptedCall, ScriptedReply

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

MODEL_DEADLINE_S = 4.0
SLACK_S = 60.0  # for a machine that is busy
ENDLESS = "and on and on. "
FAILING: list[tuple[str, Mode, int, str]] = [
    ("throttled", "status", 429, "model_throttled"),
    ("broken", "status", 500, "model_unreachable"),
    ("garbage", "garbage", 200, "model_garbage"),
    ("silent", "silent", 200, "model_timeout"),
    ("stalls", "stall", 200, "model_timeout"),
    ("keepalive", "keepalive", 200, "model_timeout"),
    ("cut", "broken_off", 200, "model_unreachable"),
]
REPLIES = [
    ScriptedReply(role="user", when="loop", times=None, calls=(ScriptedCall(name="list_jobs"),)),
    ScriptedReply(role="tool", when='"counts"', times=None, calls=(ScriptedCall(name="list_jobs"),)),
    ScriptedReply(role="user", when="malformed", times=None, calls=(ScriptedCall(name="list_jobs", arguments='{"l'),)),
    ScriptedReply(role="user", when="unknown", times=None, calls=(ScriptedCall(name="fly_to_the_moon"),)),
    ScriptedReply(
        role="user", when="misfit", times=None, calls=(ScriptedCall(name="list_jobs", arguments={"limit": "lots"}),)
    ),
    ScriptedReply(role="user", when="endless", times=None, mode="endless", text=ENDLESS),
    *(
        ScriptedReply(role="user", when=word, times=None, mode=mode, status=status, text="half of an answer")
        for word, mode, status, _ in FAILING
    ),
    ScriptedReply(role="user", when="ping", times=None, text="pong"),
    ScriptedReply(role="tool", times=None, text="I was told: {last}"),
]


@dataclass
class Turn:
    """One question and all that it left in the session's chain."""

    events: list[dict[str, Any]]
    took_s: float

    def only(self, kind: str) -> dict[str, Any]:
        (event,) = [event for event in self.events if event["kind"] == kind]
        return event

    @property
    def answer(self) -> str:
        return [event["text"] for event in self.events if event["kind"] == "model.replied"][-1]


@contextmanager
def site(folder: Path) -> Iterator[Mapping[str, Any]]:
    """A model that misbehaves, and beside the local cluster one that is down."""
    local = {"name": "local", "type": "local", "directory": "{data_dir}/clusters/local"}
    (scontrol := folder / "scontrol").write_text("#!/bin/sh\necho SLURM_JWT=token\n")
    scontrol.chmod(0o755)
    dead = {"name": "slurm", "type": "slurm", "url": f"http://127.0.0.1:{free_port()}", "scontrol": str(scontrol)}
    with llm_server(folder, REPLIES) as base_url:
        yield {"models": [model_settings(base_url, MODEL_DEADLINE_S)], "clusters": [local, dead]}


embedded = embedded_fixture(site)
alice, bob = client_fixture("alice"), client_fixture("bob")


@pytest.fixture(scope="module")
def worker(alice: Client) -> str:
    return alice.agent_ready(alice.call("launch_agent", {})["worker_id"])["worker_id"]


def ask(client: Client, text: str) -> Turn:
    session = client.post("/sessions", {})["session_id"]
    started = time.monotonic()
    client.post(f"/sessions/{session}/messages", {"text": text})
    return Turn(turn_events(client.http, session), time.monotonic() - started)


def refused(client: Client, tool: str, arguments: dict[str, Any], **envelope: Any) -> dict[str, Any]:
    """The error of a call that does not get through."""
    call = client.post("/calls", {"tool": tool, "arguments": arguments, **envelope})
    assert call["status"] in ("refused", "failed"), call
    return call["error"]


def problem(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"].startswith("application/problem+json"), answer.headers
    return answer.status_code, answer.json()["code"]


# -- the model and its endpoint ----------------------------------------------------------------------------------------


@pytest.mark.requirement("AGENT-PROVIDER-01")
def test_an_openai_compatible_model_answers(alice: Client) -> None:
    assert ask(alice, "ping").answer == "pong"


@pytest.mark.requirement("AGENT-PROVIDER-02")
@pytest.mark.parametrize(("word", "code"), [(word, code) for word, _, _, code in FAILING])
def test_a_failing_endpoint_gives_a_typed_error_in_time_and_the_next_question_is_answered(
    alice: Client, word: str, code: str
) -> None:
    turn = ask(alice, word)
    failed = turn.only("model.failed")
    assert failed["code"] == code and failed["message"]
    assert turn.only("turn.ended")["reason"] == "failed"
    assert turn.took_s < MODEL_DEADLINE_S + SLACK_S
    assert ask(alice, "ping").answer == "pong"


@pytest.mark.requirement("AGENT-LOOP-06")
def test_a_reply_without_end_is_cut_in_time(alice: Client) -> None:
    turn = ask(alice, "endless")
    assert turn.took_s < MODEL_DEADLINE_S + SLACK_S
    assert turn.only("turn.ended")["reason"] in ("answered", "failed", "limit")
    assert ask(alice, "ping").answer == "pong"


@pytest.mark.requirement("AGENT-LOOP-06")
@pytest.mark.requirement("GATE-WAY-05")
@pytest.mark.parametrize(
    ("word", "code", "fault"),
    [
        ("malformed", "malformed_call", "JSON"),
        ("unknown", "unknown_tool", "fly_to_the_moon"),
        ("misfit", "bad_input", "limit"),
    ],
)
def test_a_call_that_cannot_be_is_refused_and_the_model_is_told_what_is_wrong(
    alice: Client, word: str, code: str, fault: str
) -> None:
    turn = ask(alice, word)
    assert turn.only("call.refused")["code"] == code
    assert fault in turn.only("call.refused")["message"]
    assert fault in turn.answer
    assert turn.only("turn.ended")["reason"] == "answered"


@pytest.mark.requirement("AGENT-LOOP-06")
def test_a_model_that_never_ends_is_stopped_at_a_limit(alice: Client) -> None:
    turn = ask(alice, "loop")
    ended = turn.only("turn.ended")
    assert ended["reason"] == "limit" and ended["detail"]


# -- calls of people and programs --------------------------------------------------------------------------------------


@pytest.mark.requirement("GATE-WAY-05")
@pytest.mark.requirement("GATE-WAY-09")
@pytest.mark.parametrize(
    ("tool", "arguments", "code", "fault"),
    [
        ("fly_to_the_moon", {}, "unknown_tool", "fly_to_the_moon"),
        ("list_jobs", {"limit": "lots"}, "bad_input", "limit"),
        ("list_jobs", {"colour": "red"}, "bad_input", "colour"),
        ("read_file", {}, "bad_input", "path"),
    ],
)
def test_an_unknown_tool_and_arguments_that_do_not_fit_are_refused_by_name(
    alice: Client, tool: str, arguments: dict[str, Any], code: str, fault: str
) -> None:
    error = refused(alice, tool, arguments)
    assert error["code"] == code and fault in error["message"]


@pytest.mark.requirement("CORE-FILES-02")
def test_a_path_that_leaves_the_workspace_is_refused(embedded: Embedded, alice: Client, worker: str) -> None:
    (embedded.workspace("alice") / "way-out").symlink_to("/etc")
    for path in ("../../../../etc/passwd", "/etc/passwd", "way-out/passwd"):
        error = refused(alice, "read_file", {"path": path}, worker_id=worker)
        assert error["code"] == "path_outside_workspace", (path, error)
        error = refused(alice, "write_file", {"path": path, "text": "x"}, worker_id=worker)
        assert error["code"] == "path_outside_workspace", (path, error)


@pytest.mark.requirement("CORE-JOBS-10")
@pytest.mark.requirement("WORKER-AUTH-03")
def test_what_belongs_to_somebody_else_is_out_of_reach(alice: Client, bob: Client, worker: str) -> None:
    job_id = sleeping_job(bob)
    call = alice.post("/calls", {"tool": "hold_jobs", "arguments": {"job_ids": [job_id]}})
    assert call["status"] == "waiting_approval"
    assert problem(bob.http.get(f"/api/v1/calls/{call['call_id']}"))[0] == 404

    assert refused(bob, "list_files", {"path": "."}, worker_id=worker)["code"] == "not_your_worker"
    session = alice.post("/sessions", {})["session_id"]
    for path in (f"/sessions/{session}", f"/sessions/{session}/stream"):
        assert problem(bob.http.get(f"/api/v1{path}")) == (404, "session_not_found")
    said = bob.http.post(f"/api/v1/sessions/{session}/messages", json={"text": "ping"})
    assert problem(said) == (404, "session_not_found")


@pytest.mark.requirement("CORE-AUTH-02")
@pytest.mark.requirement("CORE-AUTH-07")
def test_a_token_that_is_expired_revoked_or_foreign_opens_nothing(embedded: Embedded, alice: Client) -> None:
    def me(token: str) -> httpx2.Response:
        return httpx2.get(f"{embedded.url}/api/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=20)

    token = alice.post("/tokens", {"name": "short", "scopes": ["jobs:read"], "lifetime_s": 2})["token"]
    assert me(token).status_code == 200
    until("the token expires", lambda: me(token).status_code == 401)

    made = alice.post("/tokens", {"name": "revoked", "scopes": ["jobs:read"], "lifetime_s": 600})
    alice.http.delete(f"/api/v1/tokens/{made['id']}")
    for useless in (token, made["token"], made["token"][:-4] + "AAAA", "not a token"):
        assert problem(me(useless)) == (401, "unauthenticated")


@pytest.mark.requirement("WORKER-AUTH-01")
def test_a_launch_token_serves_once(embedded: Embedded, worker: str, tmp_path: Path) -> None:
    config = embedded.workspace("alice") / ".ink/agents" / f"{worker}.json"
    code, said = embedded.run_worker(config)
    assert code == 3 and "launch token was used" in said, said


@pytest.mark.requirement("CORE-JOBS-09")
def test_a_scheduler_that_is_down_is_an_error_and_never_an_empty_list(alice: Client) -> None:
    started = time.monotonic()
    assert problem(alice.http.get("/api/v1/jobs", params={"cluster": "slurm"})) == (503, "scheduler_down")
    error = refused(alice, "list_jobs", {"cluster": "slurm"})
    assert error["code"] == "scheduler_down" and error["retryable"], error
    assert time.monotonic() - started < SLACK_S
    assert alice.get("/jobs", cluster="local")["cluster"] == "local"


@pytest.mark.requirement("AUDIT-LEDGER-02")
@pytest.mark.requirement("AUDIT-VERIFY-01")
def test_all_of_it_is_in_a_ledger_that_verifies(embedded: Embedded) -> None:
    code, text = embedded.ink("audit", "verify")
    assert code == 0, text
    assert "fly_to_the_moon  refused" in text
