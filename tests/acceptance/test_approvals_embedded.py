"""Approvals and the kill switch on the running product: a real worker checks the permit, real connections end."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bench.running_manager import Client
from tests.acceptance.embedded import Embedded, client_fixture, embedded_fixture
from tests.acceptance.event_stream import follow
from tests.acceptance.waiting import until

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(600),
]
AT_ONCE_S = 1.0
SLACK_S = 30.0  # for a machine that is busy


embedded = embedded_fixture()
alice, admin = client_fixture("alice"), client_fixture("admin")


@pytest.fixture(scope="module")
def worker(alice: Client) -> str:
    launched = alice.call("launch_agent", {})
    alice.agent_ready(launched["worker_id"])
    return launched["worker_id"]


def tree(embedded: Embedded, name: str) -> Path:
    folder = embedded.workspace("alice") / name
    folder.mkdir(parents=True)
    (folder / "kept.txt").write_text("measured")
    return folder


def asked_to_remove(alice: Client, worker: str, name: str) -> dict[str, str]:
    """Alice asks for a whole directory to be removed, which waits for approval."""
    arguments = {"path": name, "recursive": True}
    call = alice.post("/calls", {"tool": "remove_file", "arguments": arguments, "worker_id": worker})
    assert call["status"] == "waiting_approval", call
    return call


def approve(admin: Client, call: dict[str, str], **grant: object) -> httpx2.Response:
    (waiting,) = [one for one in admin.get("/approvals") if one["approval_id"] == call["approval_id"]]
    decision = {"verdict": "approve", "reason": "", "digest": waiting["digest"], **grant}
    return admin.http.post(f"/api/v1/approvals/{call['approval_id']}", json=decision)


@pytest.mark.requirement("GATE-APPROVAL-09")
def test_an_approved_call_reaches_the_worker_with_a_permit_that_it_accepts(
    embedded: Embedded, alice: Client, admin: Client, worker: str
) -> None:
    folder = tree(embedded, "old")
    call = asked_to_remove(alice, worker, "old")
    assert approve(admin, call).status_code == 200
    ended = alice.get(f"/calls/{call['call_id']}", wait_s=20)
    assert ended["status"] == "done", ended
    assert not folder.exists()


@pytest.mark.requirement("GATE-APPROVAL-08")
def test_a_directory_in_which_something_changed_since_is_not_removed(
    embedded: Embedded, alice: Client, admin: Client, worker: str
) -> None:
    folder = tree(embedded, "grown")
    call = asked_to_remove(alice, worker, "grown")
    (folder / "new-result.txt").write_text("nobody has seen this")
    refused = approve(admin, call)
    assert (refused.status_code, refused.json()["code"]) == (409, "approval_void")
    assert (folder / "new-result.txt").exists()
    assert alice.get(f"/calls/{call['call_id']}")["error"]["code"] == "approval_void"


@pytest.mark.requirement("GATE-APPROVAL-08")
def test_a_script_that_changed_since_is_not_submitted(embedded: Embedded, alice: Client, admin: Client) -> None:
    script = embedded.workspace("alice") / "run.sh"
    script.write_text("#!/bin/sh\ntrue\n")
    script.chmod(0o755)
    call = alice.post("/calls", {"tool": "submit_job", "arguments": {"script": "run.sh", "count": 501}})
    assert call["status"] == "waiting_approval", call
    script.write_text("#!/bin/sh\nrm -rf ~\n")
    refused = approve(admin, call)
    assert (refused.status_code, refused.json()["code"]) == (409, "approval_void")


@pytest.mark.requirement("GATE-APPROVAL-10")
def test_a_grant_lets_the_next_directory_below_the_same_one_go_without_a_question(
    embedded: Embedded, alice: Client, admin: Client, worker: str
) -> None:
    first, second = tree(embedded, "scratch/a"), tree(embedded, "scratch/b")
    pattern = {"path": {"kind": "under", "value": "scratch"}}
    call = asked_to_remove(alice, worker, "scratch/a")
    assert approve(admin, call, grant={"minutes": 5, "uses": 2, "pattern": pattern}).status_code == 200
    until("the first directory is gone", lambda: not first.exists())
    arguments = {"path": "scratch/b", "recursive": True}
    alice.call("remove_file", arguments, worker_id=worker)
    assert not second.exists()
    (grant,) = admin.get("/grants")
    assert (grant["used"], grant["approver"]) == (1, "admin")
    assert admin.http.post(f"/api/v1/grants/{grant['grant_id']}/revoke", json={"reason": "done"}).status_code == 204
    tree(embedded, "scratch/c")
    asked_to_remove(alice, worker, "scratch/c")


def attached(embedded: Embedded, client: Client, worker: str, terminal: str) -> ClientConnection:
    cookie = "; ".join(f"{name}={value}" for name, value in client.http.cookies.items())
    url = f"{embedded.url.replace('http', 'ws', 1)}/api/v1/terminals/{worker}/{terminal}"
    return connect(url, additional_headers={"Cookie": cookie, "Origin": embedded.url})


@pytest.mark.requirement("AUDIT-REDACT-01")
def test_what_a_shell_printed_is_replayed_by_an_auditor_without_what_looks_like_a_secret(
    embedded: Embedded, alice: Client, admin: Client, worker: str
) -> None:
    terminal = alice.call("open_terminal", {}, worker_id=worker)["terminal_id"]
    with attached(embedded, alice, worker, terminal) as socket:
        socket.send(b"echo so-$((20+3)); echo API_TOKEN=hunter2hunter2; exit\r")
        with suppress(ConnectionClosed):
            while True:
                socket.recv(timeout=60)

    def recording() -> dict[str, Any]:
        found = admin.get("/audit/terminals", user="alice")["recordings"]
        return next(each for each in found if each["terminal_id"] == terminal)

    until("the recording has ended", lambda: recording()["state"] == "kept")
    assert (recording()["worker_id"], recording()["end"]) == (worker, "closed")
    cast = admin.http.get(f"/api/v1/audit/terminals/{recording()['recording_id']}").text
    assert "so-23" in cast and "hunter2" not in cast


@pytest.mark.requirement("GATE-APPROVAL-12")
def test_the_command_lock_ends_stream_terminal_and_worker_of_a_user_at_once_and_unlock_lets_them_in(
    embedded: Embedded, alice: Client, admin: Client, worker: str
) -> None:
    session = alice.post("/sessions", {})["session_id"]
    terminal = alice.call("open_terminal", {}, worker_id=worker)["terminal_id"]
    ends: dict[str, float] = {}
    listening = threading.Barrier(3)

    def read_stream() -> None:
        with httpx2.Client(base_url=embedded.url, cookies=dict(alice.http.cookies), timeout=60) as http:
            for _ in follow(http, session):
                listening.wait(30)
        ends["stream"] = time.monotonic()

    def read_terminal() -> None:
        with attached(embedded, alice, worker, terminal) as socket:
            socket.recv(timeout=30)
            listening.wait(30)
            with suppress(ConnectionClosed):
                while True:
                    socket.recv()
        ends["terminal"] = time.monotonic()

    threads = [threading.Thread(target=read, daemon=True) for read in (read_stream, read_terminal)]
    for thread in threads:
        thread.start()
    listening.wait(30)
    new = {"name": "operator", "scopes": ["admin"], "lifetime_s": 600}
    token = admin.post("/tokens", new)["token"]
    code, said = embedded.ink("lock", "user", "alice", "--reason", "runs wild")
    assert (code, "INK_TOKEN" in said) == (1, True)
    os.environ["INK_TOKEN"] = token
    try:
        code, said = embedded.ink("lock", "user", "alice", "--reason", "runs wild")
        locked_at = time.monotonic()
        assert (code, said.strip()) == (0, "locked user alice")
        for thread in threads:
            thread.join(20)
        assert ends.keys() == {"stream", "terminal"}
        assert max(ends.values()) - locked_at < AT_ONCE_S + SLACK_S
        refused = alice.http.get("/api/v1/agents")
        assert (refused.status_code, refused.json()["code"]) == (401, "account_locked")
        assert admin.get("/approvals") == []
        (lock,) = admin.get("/locks")
        assert (lock["name"], lock["by"], lock["reason"]) == ("alice", "admin", "runs wild")
        code, said = embedded.ink("unlock", "user", "alice", "--reason", "it was a mistake")
        assert (code, said.strip()) == (0, "unlocked user alice")
    finally:
        del os.environ["INK_TOKEN"]
    agent = alice.agent(worker)
    assert agent["state"] == "gone"
    assert "runs wild" in str(agent["detail"])


@pytest.mark.requirement("GATE-APPROVAL-12")
def test_the_record_of_it_all_is_sound(embedded: Embedded, admin: Client) -> None:
    report = admin.get("/audit/verify")
    assert report["ok"], report["problems"]


@pytest.mark.requirement("SKILL-LEVEL-01")
def test_a_skill_of_ones_own_is_accepted_in_person_and_no_token_confirms_it(
    embedded: Embedded, alice: Client, admin: Client
) -> None:
    folder = embedded.workspace("alice") / ".ink/skills/calibrate"
    folder.mkdir(parents=True)
    head = "name: calibrate\ndescription: How to calibrate the detector here, step by step."
    (folder / "SKILL.md").write_text(f"---\n{head}\n---\nBegin with the pedestals.")
    (line,) = alice.call("own_skills", {})["skills"]
    assert (line["name"], line["state"], line["description"]) == ("user:calibrate", "new", None)
    wanted = {"name": "user:calibrate", "sha256": line["sha256"]}
    call = alice.post("/calls", {"tool": "accept_skill", "arguments": wanted})
    assert call["status"] == "waiting_approval", call
    (waiting,) = [one for one in alice.get("/approvals") if one["approval_id"] == call["approval_id"]]
    assert "Begin with the pedestals." in waiting["diff"] and waiting["approver"] == "requester"
    decision = {"verdict": "approve", "reason": "", "digest": waiting["digest"]}
    scopes = ["agent:use", "files:read"]
    token = alice.post("/tokens", {"name": "a program", "scopes": scopes, "lifetime_s": 600})["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    path = f"{embedded.url}/api/v1/approvals/{call['approval_id']}"
    refused = httpx2.post(path, json=decision, headers=bearer, timeout=60)
    assert (refused.status_code, refused.json()["code"]) == (403, "self_approval")
    alice.post(f"/approvals/{call['approval_id']}", decision)
    until("it is accepted", lambda: alice.call("own_skills", {})["skills"][0]["state"] == "accepted")
    assert "pedestals" in alice.call("own_skills", {"name": "user:calibrate"})["text"]
    kinds = [one["kind"] for one in admin.get("/audit/events", chain="skills")["events"]]
    assert kinds == ["skill.accepted"]
