"""Worker agents on the embedded default: names of files, Stop, a worker that is stopped, and one that dies."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.running_manager import Client
from tests.acceptance.embedded import Embedded, client_fixture, embedded_fixture, job
from tests.acceptance.event_stream import follow, turn_events
from tests.acceptance.llm_server import llm_server, model_settings
from tests.acceptance.process_tree import SIZE, stubborn_tree
from tests.acceptance.waiting import until
from tests.doubles.openai_script import ScriptedCall, ScriptedReply

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

SOON_S = 60.0  # for a machine that is busy; nothing here would end by itself within minutes
HOSTILE = (b"two\nlines", b"quo'te\" $(id)", b"<img src=x onerror=alert(1)>", b"caf\xe9\xff", "束流".encode())
COMMAND = ScriptedCall(name="run_command", arguments={"argv": list(stubborn_tree("pids")), "timeout_s": 600})
REPLIES = [
    ScriptedReply(role="user", when="endless", times=None, mode="endless", text="and on and on. ", pause_s=0.05),
    ScriptedReply(role="user", when="stubborn", times=None, calls=(COMMAND,)),
    ScriptedReply(role="user", when="ping", times=None, text="pong"),
    ScriptedReply(role="tool", times=None, text="done"),
]


@contextmanager
def site(folder: Path) -> Iterator[Mapping[str, Any]]:
    with llm_server(folder, REPLIES) as base_url:
        yield {"models": [model_settings(base_url, 60)]}


embedded = embedded_fixture(site)
alice, bob = client_fixture("alice"), client_fixture("bob")


def new_worker(client: Client) -> dict[str, Any]:
    return client.agent_ready(client.call("launch_agent", {})["worker_id"])


@pytest.fixture(scope="module")
def worker(alice: Client) -> str:
    return str(new_worker(alice)["worker_id"])


def processes_of(worker_id: str) -> list[int]:
    """The worker itself, by the configuration that its command line names."""
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                if f"{worker_id}.json" in (entry / "cmdline").read_text():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def running_tree(pids: Path) -> list[int]:
    until("the whole tree runs", lambda: pids.exists() and len(pids.read_text().split()) == SIZE)
    tree = [int(pid) for pid in pids.read_text().split()]
    assert all(map(alive, tree))
    return tree


@pytest.mark.requirement("CORE-FILES-04")
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_goes_from_the_listing_to_the_file_and_back(
    embedded: Embedded, alice: Client, worker: str, name: bytes
) -> None:
    folder = os.fsencode(embedded.workspace("alice")) + b"/names"
    os.makedirs(folder, exist_ok=True)
    with open(folder + b"/" + name, "w") as file:
        file.write("first")
    (entry,) = alice.call("list_files", {"path": "names"}, worker_id=worker)["entries"]
    read = alice.call("read_file", {"path": entry["path"]}, worker_id=worker)
    assert read["text"] == "first"
    change = {"path": entry["path"], "text": "second", "expected_sha256": read["sha256"]}
    assert alice.call("write_file", change, worker_id=worker)["path"] == entry["path"]
    with open(folder + b"/" + name) as file:
        assert (file.read(), os.listdir(folder)) == ("second", [name])
    alice.call("remove_file", {"path": entry["path"]}, worker_id=worker)
    assert os.listdir(folder) == []


@pytest.mark.requirement("WORKER-FILES-02")
@pytest.mark.requirement("WORKER-PROC-03")
@pytest.mark.requirement("TOOLS-GIT-01")
def test_code_is_found_changed_run_and_committed_in_a_worker(embedded: Embedded, alice: Client, worker: str) -> None:
    project = Path(embedded.workspace("alice")) / "project"
    project.mkdir()
    (project / "run.py").write_text("import time\nprint('wrong', flush=True)\ntime.sleep(600)\n")
    alice.call("run_command", {"argv": ["git", "init", "-q", "project"]}, worker_id=worker)
    (found,) = alice.call("search_files", {"pattern": "wrong", "glob": "*.py"}, worker_id=worker)["matches"]
    assert (found["path"], found["line"]) == ("project/run.py", 2)
    edits = [{"old": "'wrong'", "new": "'right'"}]
    assert alice.call("patch_files", {"paths": [found["path"]], "edits": edits}, worker_id=worker)["applied"]
    started = alice.call("start_process", {"argv": ["python3", found["path"]]}, worker_id=worker)
    asked = {"process_id": started["process_id"], "offset": 0, "wait_s": 60}
    assert alice.call("read_process", asked, worker_id=worker)["output"] == "right\n"
    ended = alice.call("stop_process", {"process_id": started["process_id"]}, worker_id=worker)
    committed = {"repository": "project", "message": "It is right", "paths": ["run.py"]}
    assert alice.call("git_commit", committed, worker_id=worker)["summary"] == "It is right"
    alice.call("pack_files", {"paths": ["project/run.py"], "target": "run.zip"}, worker_id=worker)
    out = alice.call("unpack_archive", {"path": "run.zip", "target": "unpacked"}, worker_id=worker)
    assert (ended["alive"], out["entries"]) == (False, 1)


@pytest.mark.requirement("AGENT-LOOP-04")
def test_stop_ends_a_reply_of_the_model_at_once(alice: Client) -> None:
    session = alice.post("/sessions", {})["session_id"]
    alice.post(f"/sessions/{session}/messages", {"text": "endless"})
    stream = follow(alice.http, session)
    assert next(kind for kind, _ in stream if kind == "delta")
    stream.close()
    stopped = time.monotonic()
    alice.http.post(f"/api/v1/sessions/{session}/stop").raise_for_status()
    end = turn_events(alice.http, session)[-1]
    assert (end["reason"], time.monotonic() - stopped < SOON_S) == ("stopped", True)
    assert not alice.get(f"/sessions/{session}")["running"]
    alice.post(f"/sessions/{session}/messages", {"text": "ping"})
    until("the next message is answered", lambda: not alice.get(f"/sessions/{session}")["running"])


@pytest.mark.requirement("AGENT-LOOP-04")
@pytest.mark.parametrize("in_worker", [True, False], ids=["in the worker", "at the access point"])
def test_stop_ends_a_running_command_with_its_whole_tree(
    embedded: Embedded, alice: Client, worker: str, in_worker: bool
) -> None:
    pids = embedded.workspace("alice") / "pids"
    pids.unlink(missing_ok=True)
    session = alice.post("/sessions", {"worker_id": worker} if in_worker else {})["session_id"]
    alice.post(f"/sessions/{session}/messages", {"text": "stubborn"})
    tree = running_tree(pids)
    stopped = time.monotonic()
    alice.http.post(f"/api/v1/sessions/{session}/stop").raise_for_status()
    ended = [event for event in turn_events(alice.http, session) if event["kind"] == "turn.ended"]
    assert (ended[-1]["reason"], time.monotonic() - stopped < SOON_S) == ("stopped", True)
    until("the whole tree has ended", lambda: not any(map(alive, tree)), SOON_S)
    outcome = until("the outcome is recorded", lambda: outcome_of(alice, session))
    assert outcome["status"] == "done" and outcome["result"]["exit_code"] == -signal.SIGKILL


def outcome_of(client: Client, session: str) -> dict[str, Any] | None:
    last = client.get(f"/sessions/{session}")["last_seq"]
    for kind, data in follow(client.http, session):
        if kind == "call.outcome":
            return data
        if data.get("seq") == last:
            return None
    return None


@pytest.mark.requirement("WORKER-STOP-01")
def test_a_user_stops_an_own_worker_and_its_job_leaves_the_queue(alice: Client, bob: Client) -> None:
    mine = new_worker(alice)
    worker_id, job_id = mine["worker_id"], mine["job_id"]
    pids = processes_of(worker_id)
    assert pids and job(alice, job_id)["state"] == "RUNNING"
    refused = bob.post("/calls", {"tool": "stop_agent", "arguments": {"worker_id": worker_id}})
    assert refused["status"] in ("refused", "failed") and refused["error"]["code"] == "not_found", refused
    assert alice.agent(worker_id)["state"] == "ready"

    alice.call("stop_agent", {"worker_id": worker_id})
    assert alice.agent(worker_id)["state"] == "gone"
    assert job(alice, job_id)["state"] == "CANCELLED"
    until("its processes have ended", lambda: not any(map(alive, pids)))
    used = alice.post("/calls", {"tool": "list_files", "arguments": {}, "worker_id": worker_id})
    assert used["status"] in ("failed", "refused") and used["error"]["code"] == "agent_gone", used


@pytest.mark.requirement("WORKER-NODE-01")
def test_a_worker_that_is_killed_leaves_a_clear_error_and_nothing_that_hangs(alice: Client, tmp_path: Path) -> None:
    mine = new_worker(alice)
    worker_id = mine["worker_id"]
    session = alice.post("/sessions", {"worker_id": worker_id})["session_id"]
    command = {"argv": ["sh", "-c", f"echo $$ > {tmp_path}/pid; exec sleep 1003"], "timeout_s": 600}
    envelope = {"tool": "run_command", "arguments": command, "worker_id": worker_id, "session_id": session}
    call = alice.post("/calls", {**envelope, "wait_s": 0})
    until("the command runs", (tmp_path / "pid").exists)
    for pid in processes_of(worker_id):
        os.kill(pid, signal.SIGKILL)

    until("it is lost or gone", lambda: alice.agent(worker_id)["state"] in ("lost", "gone"))
    until("the call has ended", lambda: alice.get(f"/calls/{call['call_id']}")["status"] != "running", 60)
    ended = alice.get(f"/calls/{call['call_id']}")
    assert ended["status"] == "indeterminate" and "look before you repeat it" in ended["error"]["message"]
    until("the worker is gone", lambda: alice.agent(worker_id)["state"] == "gone", 60)
    gone = alice.agent(worker_id)
    assert mine["job_id"] in gone["detail"] and "ended" in gone["detail"]
    used = alice.post("/calls", {"tool": "list_files", "arguments": {}, "worker_id": worker_id})
    assert used["error"]["code"] == "agent_gone" and "launch another one" in used["error"]["message"]
    assert outcome_of(alice, session) is not None
