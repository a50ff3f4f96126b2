"""`/api/v3`: bearer tokens only, plain JSON in INK's names, and HTTP's own status codes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from ink_core.api.core import install_core
from ink_core.identity.principal import Scope
from mcp_tools.doubles import MemoryQueues, memory_job
from tests.unit.api.home_agents import Site

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.requirement("CORE-V2-07")]


@contextmanager
def queue(site: Site, **paths: str) -> Iterator[None]:
    """The site with one job of alice and one of bob in the queue."""
    core = site.app.state.core
    jobs = [memory_job("1.0", "bob"), memory_job("2.0", "alice").model_copy(update=paths)]
    install_core(site.app, replace(core, queues=MemoryQueues({"pool": jobs})))
    try:
        yield
    finally:
        install_core(site.app, core)


@pytest.mark.parametrize("path", ["auth/userinfo", "jobs", "files?path=.", "status/health"])
async def test_a_browser_session_is_no_credential_here(site: Site, path: str) -> None:
    answer = await site.http.get(f"/api/v3/{path}")
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_a_token_says_whose_it_is_and_what_it_may(site: Site) -> None:
    token = await site.token(Scope.JOBS_READ)
    valid = await site.http.post("/api/v3/auth/validate", headers=token)
    assert valid.json() == {"valid": True, "username": "alice"}
    info = (await site.http.get("/api/v3/auth/userinfo", headers=token)).json()
    assert info == {"sub": "alice", "preferred_username": "alice", "groups": [], "scopes": ["jobs:read"]}
    permissions = await site.http.get("/api/v3/auth/permissions", headers=token)
    assert permissions.json() == {"username": "alice", "scopes": ["jobs:read"]}
    assert (await site.http.get("/api/v3/status/health", headers=token)).json() == {"status": "ok"}


async def test_own_jobs_are_listed_in_inks_columns(site: Site) -> None:
    token = await site.token(Scope.JOBS_READ)
    with queue(site):
        listed = (await site.http.get("/api/v3/jobs", headers=token)).json()
        nowhere = await site.http.get("/api/v3/jobs?cluster_id=nowhere", headers=token)
    assert ([job["jobId"] for job in listed["jobs"]], listed["total"], listed["page"]) == (["2.0"], 1, 1)
    assert nowhere.status_code == 404


async def test_the_output_of_ones_own_job_is_read_and_of_no_other(site: Site) -> None:
    (site.home / "out.txt").write_text("hello\n")
    token = await site.token(Scope.JOBS_READ, Scope.FILES_READ)
    with queue(site, stdout="out.txt", stderr="err.txt"):
        own = await site.http.get("/api/v3/jobs/2.0/output?cluster_id=pool", headers=token)
        other = await site.http.get("/api/v3/jobs/1.0/output?cluster_id=pool", headers=token)
    assert own.json() == {"job_id": "2.0", "output": "hello\n", "error": ""}
    assert (other.status_code, other.json()["code"]) == (403, "not_your_job")


async def test_files_are_listed_read_made_renamed_and_deleted(site: Site) -> None:
    token = await site.token(Scope.FILES_READ, Scope.FILES_WRITE)
    made = await site.http.post("/api/v3/files/mkdir?path=data", headers=token)
    assert (made.status_code, made.json()) == (201, {"path": "data", "created": True})
    (site.home / "data/a.txt").write_bytes(b"caf\xe9")
    entries = (await site.http.get("/api/v3/files?path=data", headers=token)).json()["entries"]
    assert [(row["type"], row["path"]) for row in entries] == [("file", str(site.home / "data/a.txt"))]
    text = await site.http.get("/api/v3/files/content?path=data/a.txt", headers=token)
    assert text.json() == {"path": "data/a.txt", "content": "caf\ufffd"}
    renamed = await site.http.post("/api/v3/files/rename?src=data/a.txt&dst=data/b.txt", headers=token)
    assert renamed.json() == {"src": "data/a.txt", "dst": "data/b.txt"}
    deleted = await site.http.delete("/api/v3/files?path=data", headers=token)
    assert deleted.json() == {"path": "data", "deleted": True} and not (site.home / "data").exists()


async def test_a_token_for_reading_deletes_nothing_and_nothing_leaves_the_home(site: Site) -> None:
    (site.home / "a.txt").touch()
    token = await site.token(Scope.FILES_READ)
    refused = await site.http.delete("/api/v3/files?path=a.txt", headers=token)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden") and (site.home / "a.txt").exists()
    outside = await site.http.get("/api/v3/files/content?path=../../etc/passwd", headers=token)
    assert (outside.status_code, outside.json()["code"]) == (403, "path_outside_workspace")


async def test_a_credential_is_exported_with_a_token_for_that_alone(site: Site) -> None:
    narrow = await site.http.post("/api/v3/credentials/export", headers=await site.token(Scope.JOBS_READ))
    assert (narrow.status_code, narrow.json()["code"]) == (403, "forbidden")
    assert (await site.http.post("/api/v3/credentials/export")).status_code == 401
