"""A deployment for real: rendered, its keys made, its containers started; a job by TLS with a token; nothing is left.

Files of one deployment, in order: one module, which no two workers share.
"""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any, cast

import httpx2
import pytest

from bench.running_manager import free_port
from tests.service_image import IMAGE, build, older_root, why_no_containers

ROOT = Path(__file__).resolve().parents[2]
NAME = f"inktest{os.getpid()}"
UNUSED_ADDRESSES = IPv4Address("198.18.0.0")  # by any host: for tests of networks (RFC 2544), room for 8192 of ours
PATIENCE_S = 300
SCRIPT = "#!/bin/sh\nid -un\nhostname\n"

pytestmark = [
    pytest.mark.integration,
    pytest.mark.containers,
    pytest.mark.xdist_group("deployment"),
    pytest.mark.timeout(1800),
]


def engine(*words: str) -> str:
    return subprocess.run(["podman", *words], capture_output=True, text=True, timeout=120, check=True).stdout


@dataclass
class Deployed:
    folder: Path
    https_port: int
    http_port: int

    def stack(self, *words: str) -> str:
        done = subprocess.run(
            [self.folder / "stack", *words],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S * 2,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stderr + logs()
        return done.stdout

    def client(self, token: str | None = None) -> httpx2.Client:
        trust = ssl.create_default_context(cafile=str(self.folder / "secrets" / "authority.crt"))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.Client(base_url=f"https://localhost:{self.https_port}", verify=trust, headers=headers, timeout=60)

    def token(self, user: str, *scopes: str) -> str:
        words = [word for scope in scopes for word in ("--scope", scope)]
        command = ("ink", "token", "create", user, "--name", "test", *words, "--config", "/etc/ink/ink.yaml")
        return self.stack("exec", "manager", *command).strip()

    def started(self) -> dict[str, str]:
        return {name: engine("inspect", "--format", "{{.State.StartedAt}}", name) for name in ours("ps")}


def ours(what: str) -> list[str]:
    """Names of what this deployment has in the engine."""
    forms = {
        "ps": ["ps", "--all", "--format", "{{.Names}}"],
        "volume": ["volume", "ls", "--format", "{{.Name}}"],
        "network": ["network", "ls", "--format", "{{.Name}}"],
    }
    return [name for name in engine(*forms[what]).split() if name.startswith(NAME)]


def logs() -> str:
    told = (
        subprocess.run(["podman", "logs", "--tail", "20", name], capture_output=True, text=True, timeout=60)
        for name in ours("ps")
    )
    return "\n".join(f"{one.args[-1]}:\n{one.stdout}{one.stderr}" for one in told)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    if reason := why_no_containers():
        pytest.skip(reason)
    base = older_root()
    build(base)
    folder = tmp_path_factory.mktemp("deployment")
    https_port, http_port = free_port(), free_port()
    answers = folder / "site.yaml"
    subnet = IPv4Network((UNUSED_ADDRESSES + os.getpid() % 8192 * 16, 28))
    answers.write_text(
        f"site: {{name: {NAME}, host: localhost, apps_host: apps.localhost}}\n"
        f"network: {{subnet: {subnet}, address: 127.0.0.1, https_port: {https_port}, http_port: {http_port}}}\n"
        f"image: {IMAGE}\n"
        "accounts: {users: [physicist]}\n"
        "course: {name: student, users: 2, days: 1}\n",
        encoding="utf-8",
    )
    one = Deployed(folder / "one", https_port, http_port)
    try:
        done = subprocess.run(
            [ROOT / "deploy" / "install.sh", "--output-dir", one.folder, "--answers-file", answers,
             "--base", base, "--image", IMAGE],
            capture_output=True, text=True, timeout=PATIENCE_S * 2, stdin=subprocess.DEVNULL,
            env=os.environ | {"INK_ENGINE": "podman"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr + logs()
        assert f"https://localhost:{https_port}/sign-in?code=" in done.stdout
        yield one
    finally:
        if (one.folder / "stack").exists():
            one.stack("down", "--volumes")


def posted(client: httpx2.Client, path: str, document: dict[str, Any], **headers: str) -> httpx2.Response:
    """The answer once who is asked is there: a pool and the agent of a user begin in their own time."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        answer = client.post(path, json=document, headers=headers)
        if answer.status_code != 503 or time.monotonic() > deadline:
            return answer
        time.sleep(0.2)


def ended(client: httpx2.Client, job: str) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = cast(dict[str, Any], client.get(f"/api/v1/jobs/htcondor/{job}").json())
        if found.get("state") in ("COMPLETED", "FAILED", "HOLDING", "CANCELLED"):
            return found
        assert time.monotonic() < deadline, json.dumps(found)
        time.sleep(0.2)


@pytest.mark.requirement("DEPLOY-ONE-01")
def test_one_command_leads_to_a_job_by_tls_with_a_token(deployed: Deployed) -> None:
    token = deployed.token("physicist", "jobs:submit", "jobs:read", "files:read", "files:write")
    with deployed.client(token) as client:
        made = posted(client, "/api/v1/files", {"path": "job.sh", "text": SCRIPT})
        assert made.status_code == 201, made.text
        submitted = posted(client, "/api/v1/jobs", {"cluster": "htcondor", "script": "job.sh", "name": "first"})
        assert submitted.status_code in (200, 201, 202), submitted.text
        (job,) = submitted.json()["job_ids"]
        assert ended(client, job)["state"] == "COMPLETED"
        output = client.get("/api/v1/files/content", params={"path": f"first.out.{job}"})
        assert output.text.split() == ["physicist", "condor"]


@pytest.mark.requirement("DEPLOY-ONE-01")
def test_the_portal_is_there_by_tls_only(deployed: Deployed) -> None:
    with deployed.client() as client:
        assert client.get("/health").json() == {"status": "ok"}
        assert "<html" in client.get("/").text
        plain = client.get(f"http://localhost:{deployed.http_port}/", follow_redirects=False)
        assert plain.headers["location"].startswith(f"https://localhost:{deployed.https_port}/")


@pytest.mark.requirement("DEPLOY-ONE-02")
def test_every_service_is_a_container_with_few_rights(deployed: Deployed) -> None:
    assert set(ours("ps")) == {f"{NAME}-{name}" for name in ("condor", "db", "manager", "nginx", "spawner")}
    for name in ("manager", "nginx", "db"):
        assert deployed.stack("exec", name, "id", "-u").strip() != "0"
        status = deployed.stack("exec", name, "cat", "/proc/1/status")
        assert "CapEff:\t0000000000000000" in status, name
        assert "NoNewPrivs:\t1" in status, name
        written = deployed.stack("exec", name, "sh", "-c", "touch /usr/x 2>/dev/null || echo refused")
        assert written.strip() == "refused", name
    assert deployed.stack("exec", "nginx", "sh", "-c", "ls /run/secrets/ink 2>/dev/null || echo none").strip() == "none"


@pytest.mark.requirement("DEPLOY-ONE-03")
def test_a_second_start_replaces_no_key_and_no_container_that_runs(deployed: Deployed) -> None:
    files = [path for path in (deployed.folder / "secrets").rglob("*") if path.is_file()]
    before, started = {path: path.read_bytes() for path in files}, deployed.started()
    deployed.stack("up")
    assert {path: path.read_bytes() for path in files} == before
    assert deployed.started() == started


@pytest.mark.requirement("DEPLOY-ONE-06")
def test_a_course_gets_accounts_with_sign_in_links_and_loses_them_again(deployed: Deployed) -> None:
    deployed.stack("course", "create")
    sheet = deployed.folder / "course-sheet.txt"
    assert sheet.stat().st_mode & 0o077 == 0
    links = [word for word in sheet.read_text("utf-8").split() if "/sign-in?code=" in word]
    assert len(links) == 2
    with deployed.client() as student:
        assert student.get(links[0], follow_redirects=False).status_code == 303
        assert student.get("/api/v1/me").json()["username"] == "student01"
        origin = f"https://localhost:{deployed.https_port}"
        made = posted(student, "/api/v1/files", {"path": "result.txt", "text": "42"}, Origin=origin)
        assert made.status_code == 201, made.text
        deployed.stack("course", "remove", "--archive")
        assert student.get("/api/v1/me").status_code == 401
        assert student.get(links[1], follow_redirects=False).status_code == 401
    assert not sheet.exists()
    assert "student" not in (deployed.folder / "accounts" / "passwd").read_text("utf-8")
    assert deployed.stack("exec", "spawner", "ls", "/home").split() == ["admin", "physicist"]
    with tarfile.open(deployed.folder / "archives" / "student01.tar.gz") as packed:
        assert "student01/result.txt" in packed.getnames()
    token = deployed.token("admin", "audit:read")
    with deployed.client(token) as auditor:
        found = auditor.get("/api/v1/audit/events", params={"chain": "accounts", "limit": 500}).json()["events"]
    assert [event["kind"] for event in found].count("account.delete") == 2


@pytest.mark.requirement("DEPLOY-ONE-01")
def test_down_leaves_nothing_in_the_engine(deployed: Deployed) -> None:
    deployed.stack("down", "--volumes")
    assert [ours(what) for what in ("ps", "volume", "network")] == [[], [], []]
    assert IMAGE in engine("images", "--format", "{{.Repository}}:{{.Tag}}")
