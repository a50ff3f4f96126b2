"""Jobs over REST on the running product: submitted once though the server dies, followed while they write."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from typing import Any

import httpx2
import pytest

from bench.running_manager import Client
from tests.acceptance.embedded import Embedded, running_embedded
from tests.acceptance.waiting import until

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with running_embedded(tmp_path_factory.mktemp("jobs")) as running:
        yield running


@pytest.fixture
def alice(embedded: Embedded) -> Iterator[Client]:
    client = embedded.sign_in("alice")
    yield client
    client.http.close()


@pytest.fixture
def bob(embedded: Embedded) -> Iterator[Client]:
    """Of whom is no job but those of a test that asks for him."""
    client = embedded.sign_in("bob")
    yield client
    client.http.close()


def script(embedded: Embedded, name: str, text: str, user: str = "alice") -> str:
    path = embedded.workspace(user) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return name


def intents(embedded: Embedded) -> int:
    """Of calls, in the ledger: the manager writes each before it acts."""
    with closing(sqlite3.connect(f"file:{embedded.data / 'ledger.db'}?mode=ro", uri=True)) as ledger:
        ((count,),) = ledger.execute("SELECT count(*) FROM events WHERE kind = 'call.intent'").fetchall()
    return count


def events(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    kind = ""
    for line in lines:
        if line.startswith("event: "):
            kind = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield kind, json.loads(line.removeprefix("data: "))


@pytest.mark.requirement("CORE-JOBS-14")
@pytest.mark.requirement("CORE-JOBS-15")
@pytest.mark.requirement("CORE-JOBS-16")
def test_a_job_is_followed_while_it_writes_and_found_in_the_history(embedded: Embedded, alice: Client) -> None:
    name = script(embedded, "grows.sh", "echo one\nuntil [ -e go ]; do sleep 0.1; done\necho two")
    with alice.http.stream("GET", "/api/v1/jobs/events") as changing:
        changes = events(changing.iter_lines())
        assert next(changes) == ("listening", {})
        new = alice.http.post("/api/v1/jobs", json={"script": name, "name": "growing scan"})
        assert new.status_code == 201, new.text
        (job_id,) = new.json()["job_ids"]
        assert next(job for kind, job in changes if job["job_id"] == job_id)["name"] == "growing scan"
        with alice.http.stream("GET", f"{new.headers['location']}/output/stream") as following:
            output = events(following.iter_lines())
            assert next(output) == ("output", {"offset": 0, "text": "one\n"})
            (embedded.workspace("alice") / "go").touch()
            assert next(output) == ("output", {"offset": 4, "text": "two\n"})
            assert next(output) == ("end", {"state": "COMPLETED", "exit_code": 0})
        assert any(job["job_id"] == job_id and job["state"] == "COMPLETED" for _, job in changes)
    found = alice.get("/jobs/history", name="GROWING")
    assert [job["job_id"] for job in found["jobs"]] == [job_id]


@pytest.mark.requirement("AGENT-BUDGET-01")
def test_cpu_hours_of_a_job_are_reserved_while_it_runs_and_settled_when_it_has_ended(
    embedded: Embedded, bob: Client
) -> None:
    name = script(embedded, "paid.sh", "sleep 2\nuntil [ -e paid ]; do sleep 0.1; done", "bob")
    new = bob.http.post("/api/v1/jobs", json={"script": name, "cpus": 2, "wall_time_s": 3600})
    assert new.status_code == 201, new.text
    assert bob.get("/usage/budget")["reserved"]["cpu_hours"] == 2
    (embedded.workspace("bob") / "paid").touch()
    until("settled", lambda: bob.get("/usage/budget")["reserved"]["cpu_hours"] == 0, timeout_s=120)
    assert 0 < bob.get("/usage/budget")["spent"]["cpu_hours"] < 2


def test_a_submission_is_one_though_the_server_is_killed_in_the_middle(embedded: Embedded, alice: Client) -> None:
    body = {"script": script(embedded, "once.sh", "sleep 600"), "name": "only once", "count": 3}
    headers = {"Idempotency-Key": "scan 7"}

    def submit_and_be_cut_off() -> None:
        with suppress(httpx2.HTTPError):
            alice.http.post("/api/v1/jobs", json=body, headers=headers)

    note = {"path": "note.txt", "text": "scan 7 runs"}
    written = alice.http.post("/api/v1/files", json=note, headers={"Idempotency-Key": "note"})
    assert written.status_code == 201, written.text
    before = intents(embedded)
    cut_off = threading.Thread(target=submit_and_be_cut_off)
    cut_off.start()
    until("the submission is about to be carried out", lambda: intents(embedded) > before)
    embedded.crash()
    cut_off.join(60)
    embedded.restart()
    again = embedded.sign_in("alice")
    answers: list[httpx2.Response] = []

    def answered() -> bool:
        """A call that a crash interrupted is resolved first; until then it is still running."""
        answers.append(again.http.post("/api/v1/jobs", json=body, headers=headers))
        return answers[-1].status_code == 201

    until("the submission has its answer", answered)
    ids = answers[-1].json()["job_ids"]
    listed = again.get("/jobs", q="only once")
    assert sorted(job["job_id"] for job in listed["jobs"]) == sorted(ids)
    assert len(ids) == 3
    (embedded.workspace("alice") / "note.txt").write_text("and has ended")
    rewritten = again.http.post("/api/v1/files", json=note, headers={"Idempotency-Key": "note"})
    assert (rewritten.content, rewritten.headers["idempotency-replayed"]) == (written.content, "true")
    assert (embedded.workspace("alice") / "note.txt").read_text() == "and has ended"
    again.http.close()
