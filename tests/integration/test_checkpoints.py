"""A running manager anchors its history outside itself: in a file, in job ads, and with the workers of its users."""

from __future__ import annotations

import getpass
import json
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from audit.verify import verify
from audit.verify.notes import anchors_in
from bench.running_manager import Client, RunningManager, start_embedded

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def until(what: Callable[[], Any], timeout_s: float = 60) -> Any:
    deadline = time.monotonic() + timeout_s
    while not (found := what()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
    return found


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("anchored") / "data"


@pytest.fixture(scope="module")
def manager(data: Path) -> Iterator[RunningManager]:
    environment = {"INK_AUDIT__CHECKPOINT_S": "1", "INK_AUDIT__ANCHOR_FILE": str(data.parent / "anchors")}
    running = start_embedded(data, environment=environment)
    yield running
    running.stop()


def cosigned(data: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(data / "ledger.db")) as connection:
        return connection.execute("SELECT DISTINCT witness, key FROM cosignatures").fetchall()


@pytest.fixture(scope="module")
def client(manager: RunningManager) -> Iterator[Client]:
    signed_in = manager.sign_in("admin")
    yield signed_in
    signed_in.http.close()


def launch(client: Client) -> str:
    worker_id = str(client.call("launch_agent", {})["worker_id"])
    client.agent_ready(worker_id)
    return worker_id


@pytest.mark.requirement("AUDIT-VERIFY-04")
def test_a_worker_countersigns_and_its_log_and_a_later_job_ad_are_anchors_out_of_the_managers_reach(
    client: Client, data: Path
) -> None:
    first = launch(client)
    key = until(lambda: next((key for witness, key in cosigned(data) if witness == first), None))
    launch(client)
    logs = [file for file in data.rglob(f"{first}.err") if key in file.read_text()]
    ad = jobs_environment(data)
    (data.parent / "ad").write_text(ad)
    assert logs and list(anchors_in(logs[0])) and list(anchors_in(data.parent / "ad"))
    public = (data / "log" / "key").read_text()
    anchors = [*logs, data.parent / "ad", data.parent / "anchors"]
    report = until(lambda: everything_anchored(data, public, anchors, key))
    assert report.problems == report.unchecked == []
    answer = client.get("/audit/verify")
    assert answer["ok"] and answer["sealed"] > 0 and answer["unchecked"] == []


def everything_anchored(data: Path, key: str, anchors: list[Path], witness: str) -> Any:
    report = verify(data / "ledger.db", key=key, anchors=anchors, witnesses=[witness])
    return report if report.problems or report.anchored == report.sealed == report.events else None


def jobs_environment(data: Path) -> str:
    """What the scheduler keeps of its jobs: of the embedded one it is a table, of HTCondor the ad."""
    (queue,) = [file for file in (data / "clusters" / "local").rglob("*") if is_queue(file)]
    with closing(sqlite3.connect(queue)) as connection:
        kept = [text for (text,) in connection.execute("SELECT environment FROM clusters")]
    return "\n".join(re.sub(r"\\u[0-9a-f]{4}", "", json.dumps(text)) for text in kept)


def is_queue(file: Path) -> bool:
    return file.is_file() and file.read_bytes().startswith(b"SQLite format 3\0")


@pytest.mark.requirement("AUDIT-VERIFY-04")
def test_an_approver_gets_a_checkpoint_as_a_receipt(manager: RunningManager, client: Client, data: Path) -> None:
    until(lambda: (data.parent / "anchors").is_file())
    user = manager.sign_in(getpass.getuser())
    worker = launch(user)
    folder = Path(user.agent_ready(worker)["workspace"]) / "old"
    folder.mkdir(parents=True)
    (folder / "kept.txt").write_text("measured")
    arguments = {"path": "old", "recursive": True}
    call = user.post("/calls", {"tool": "remove_file", "arguments": arguments, "worker_id": worker})
    user.http.close()
    (asked,) = [each for each in client.get("/approvals") if each["approval_id"] == call["approval_id"]]
    decision = {"verdict": "reject", "reason": "it is needed", "digest": asked["digest"]}
    answer = client.http.post(f"/api/v1/approvals/{call['approval_id']}", json=decision)
    (data.parent / "receipt").write_text(answer.headers["Ink-Checkpoint"])
    report = verify(data / "ledger.db", key=(data / "log" / "key").read_text(), anchors=[data.parent / "receipt"])
    assert report.problems == [] and report.anchored > 0
