"""Worker agents on the real pool: how small they are, what they see, and how they end – asked, stopped or killed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest

from bench.running_manager import Client
from tests.acceptance.event_stream import turn_events
from tests.acceptance.pool import Pool
from tests.acceptance.process_tree import SIZE, stubborn_tree
from tests.acceptance.waiting import until

pytestmark = [pytest.mark.cluster, pytest.mark.integration, pytest.mark.timeout(600)]

WORKSPACE = "/scratch/alice"
LARGEST_RSS_KIB = 40 * 1024
COMMAND_S = 15


@dataclass(frozen=True)
class PoolWorker:
    """One of alice's workers, and what the nodes and the schedd say of it. `namespace` is that of its processes."""

    pool: Pool
    client: Client
    worker_id: str
    job_id: str
    node: str
    namespace: str

    @property
    def state(self) -> str:
        return str(self.view["state"])

    @property
    def view(self) -> dict[str, Any]:
        return self.client.agent(self.worker_id)

    def run(self, *argv: str) -> dict[str, Any]:
        return self.client.call("run_command", {"argv": list(argv)}, worker_id=self.worker_id)

    def begin(self, *argv: str, timeout_s: float) -> str:
        """The id of a call that goes on; returns once the command runs."""
        started = ["sh", "-c", 'touch begun; exec "$@"', "sh", *argv]
        self.pool.as_user("alice", "rm", "-f", f"{WORKSPACE}/begun")
        arguments = {"argv": started, "timeout_s": timeout_s}
        request = {"tool": "run_command", "arguments": arguments, "worker_id": self.worker_id, "wait_s": 0}
        call = self.client.post("/calls", request)
        until("the command runs", lambda: self.on_node("test", "-e", f"{WORKSPACE}/begun"))
        return str(call["call_id"])

    def ended(self, call_id: str, within_s: float) -> dict[str, Any]:
        until("the call has ended", lambda: self.client.get(f"/calls/{call_id}")["status"] != "running", within_s)
        return self.client.get(f"/calls/{call_id}")

    def on_node(self, *argv: str) -> bool:
        return self.pool.cluster.try_exec(self.node, argv).returncode == 0

    def pids(self, pattern: str) -> list[str]:
        """The worker's processes, as the node numbers them, whose command line matches."""
        ours = f'[ "$(readlink /proc/$pid/ns/pid)" = "{self.namespace}" ] && echo $pid'
        each = f"for pid in $(pgrep -u alice -f '{pattern}'); do {ours}; done; :"
        return self.pool.cluster.exec(self.node, ["sh", "-c", each]).split()

    def kill_from_outside(self, pattern: str) -> None:
        pids = self.pids(pattern)
        assert pids
        self.pool.cluster.try_exec(self.node, ["kill", "-KILL", *pids])

    @contextmanager
    def node_without_network(self) -> Iterator[None]:
        self.pool.cluster.exec(self.node, ["ip", "link", "set", "eth0", "down"])
        try:
            yield
        finally:
            self.pool.cluster.exec(self.node, ["ip", "link", "set", "eth0", "up"])


@pytest.fixture(scope="module")
def alice(pool: Pool) -> Iterator[Client]:
    """Signed in by a link of her own: the printed one is for the page's tests."""
    code, said = pool.ink("user", "link", "alice")
    assert code == 0, said
    link = urlsplit(said.strip())
    with httpx2.Client(base_url=pool.url, headers={"Origin": pool.url}, timeout=120) as http:
        assert http.get(f"{link.path}?{link.query}").status_code == 303
        yield Client(http)


@contextmanager
def launched(pool: Pool, client: Client) -> Iterator[PoolWorker]:
    ready = client.agent_ready(client.call("launch_agent", {"cluster": "htcondor"})["worker_id"])
    worker_id, node = ready["worker_id"], ready["node"].partition(".")[0]
    link = client.call("run_command", {"argv": ["readlink", "/proc/self/ns/pid"]}, worker_id=worker_id)
    worker = PoolWorker(pool, client, worker_id, ready["job_id"], node, link["stdout"].strip())
    try:
        yield worker
    finally:
        if worker.state != "gone":
            client.call("stop_agent", {"worker_id": worker.worker_id})


@pytest.fixture(scope="module")
def worker(pool: Pool, alice: Client) -> Iterator[PoolWorker]:
    with launched(pool, alice) as worker:
        yield worker


@pytest.fixture
def doomed(pool: Pool, alice: Client) -> Iterator[PoolWorker]:
    """A worker of one test, that may end in it."""
    with launched(pool, alice) as worker:
        yield worker


@pytest.mark.requirement("WORKER-START-04")
def test_a_worker_in_its_image_holds_less_than_forty_mebibytes(worker: PoolWorker) -> None:
    worker.client.call("list_files", {}, worker_id=worker.worker_id)
    assert worker.run("true")["exit_code"] == 0
    (pid,) = worker.pids("python3 -I -m worker_agent")
    status = worker.pool.cluster.exec(worker.node, ["cat", f"/proc/{pid}/status"])
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found and int(found.group(1)) < LARGEST_RSS_KIB, status


@pytest.mark.requirement("WORKER-START-05")
def test_a_worker_sees_the_workspace_and_nothing_else_of_its_user(worker: PoolWorker) -> None:
    worker.pool.as_user("alice", "sh", "-c", f"echo mine > {WORKSPACE}/seen; echo secret > /shared/home/alice/unseen")
    worker.pool.as_user("bob", "sh", "-c", "mkdir -p /scratch/bob; chmod 755 /scratch/bob")

    assert worker.run("cat", "seen")["stdout"] == "mine\n"
    below = ("-mindepth", "1", "-maxdepth", "1")
    assert worker.run("find", "/shared", "/scratch", *below)["stdout"].split() == [WORKSPACE]
    mounted = worker.run("sh", "-c", "awk '$4 ~ /alice/ {print $5, $6}' /proc/self/mountinfo")["stdout"].splitlines()
    assert sorted(line.split()[0] for line in mounted) == [WORKSPACE, "/tmp/ink-agent.json"]
    assert worker.run("sh", "-c", "echo x > /tmp/ink-agent.json")["exit_code"] != 0
    others = worker.run("sh", "-c", "cat /proc/[0-9]*/comm")["stdout"].split()
    assert not {"condor_starter", "condor_startd", "slurmd"} & set(others)
    request = {"tool": "read_file", "arguments": {"path": "/shared/home/alice/unseen"}, "worker_id": worker.worker_id}
    assert worker.client.post("/calls", request)["error"]["code"] == "path_outside_workspace"


@pytest.mark.requirement("AGENT-LOOP-04")
def test_stop_ends_a_running_command_with_its_whole_tree_on_the_node(worker: PoolWorker) -> None:
    script = stubborn_tree("pids")[-1]
    worker.client.call("write_file", {"path": "tree.sh", "text": script, "overwrite": True}, worker_id=worker.worker_id)
    worker.run("rm", "-f", "pids")
    session = worker.client.post("/sessions", {"worker_id": worker.worker_id})["session_id"]
    worker.client.post(f"/sessions/{session}/messages", {"text": "run sh tree.sh"})
    until("the whole tree runs", lambda: worker.run("sh", "-c", "cat pids || :")["stdout"].count("\n") == SIZE)
    assert len(worker.pids("^sleep 100[12]")) == 2

    worker.client.http.post(f"/api/v1/sessions/{session}/stop").raise_for_status()
    assert turn_events(worker.client.http, session)[-1]["reason"] == "stopped"
    until("the whole tree has ended", lambda: not worker.pids("^sleep 100[12]") and not worker.pids("tree.sh"))
    assert worker.state == "ready"


@pytest.mark.requirement("WORKER-STOP-01")
def test_a_user_stops_an_own_worker_and_its_job_leaves_the_queue(doomed: PoolWorker) -> None:
    assert doomed.pool.job_status(doomed.job_id) == "2" and doomed.pids("worker_agent")
    doomed.client.call("stop_agent", {"worker_id": doomed.worker_id})
    assert doomed.state == "gone"
    until("the job has left the queue", lambda: doomed.pool.job_status(doomed.job_id) == "", 60)
    until("its processes have ended", lambda: not doomed.pids("."))


@pytest.mark.requirement("WORKER-NODE-01")
def test_a_worker_that_is_killed_on_its_node_is_lost_and_then_gone(doomed: PoolWorker) -> None:
    call = doomed.begin("sleep", "1004", timeout_s=600)
    doomed.kill_from_outside("worker_agent|sleep 1004")

    ended = doomed.ended(call, within_s=90)
    assert ended["status"] == "indeterminate" and "look before you repeat it" in ended["error"]["message"], ended
    until("the worker is gone", lambda: doomed.state == "gone", 90)
    assert doomed.job_id in doomed.view["detail"]
    request = {"tool": "list_files", "arguments": {}, "worker_id": doomed.worker_id}
    after = doomed.client.post("/calls", request)
    assert after["error"]["code"] == "agent_gone" and "launch another one" in after["error"]["message"], after
    code, verified = doomed.pool.ink("audit", "verify")
    assert code == 0 and f"{call}  run_command  indeterminate" in re.sub(r" {2,}", "  ", verified), verified


@pytest.mark.requirement("WORKER-NODE-01")
def test_a_node_without_network_makes_its_worker_lost_and_no_call_hangs_past_its_deadline(doomed: PoolWorker) -> None:
    call = doomed.begin("sleep", "1005", timeout_s=COMMAND_S)
    with doomed.node_without_network():
        ended = doomed.ended(call, within_s=COMMAND_S + 75)
        assert ended["status"] == "indeterminate", ended
        until("the worker is lost", lambda: doomed.state == "lost", 60)
        request = {"tool": "list_files", "arguments": {}, "worker_id": doomed.worker_id, "wait_s": 30}
        after = doomed.client.post("/calls", request)
        assert after["error"]["code"] == "agent_not_connected" and after["error"]["retryable"], after
    until("the worker is back", lambda: doomed.state == "ready", 60)
    assert doomed.run("true")["exit_code"] == 0
