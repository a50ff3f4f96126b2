"""The page `/status`: what is up, for everybody, and the clusters, for who may see their jobs."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from ink_core.api.core import install_core
from ink_core.api.security import install_security
from ink_core.api.status_page import status_router
from ink_core.compute.queue_index import QueueIndex
from ink_core.errors import SchedulerDown
from ink_core.identity.principal import Scope
from mcp_tools.doubles import MemoryQueues, memory_job
from tests.security.application import application, client, signed_in

pytestmark = pytest.mark.requirement("CORE-V2-10")


class HalfAway(MemoryQueues):
    """One cluster has never answered, and says so in markup."""

    def index(self, cluster: str) -> QueueIndex:
        if cluster == "away":
            raise SchedulerDown("<b>no schedd</b>")
        return super().index(cluster)


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[FastAPI]:
    async with application(tmp_path) as app:
        core = app.state.core
        jobs = {"pool": [memory_job("1.0", "bob"), memory_job("2.0", "alice")], "away": []}
        install_core(app, replace(core, queues=HalfAway(jobs)))
        yield app


@pytest.fixture
async def http(app: FastAPI) -> AsyncGenerator[httpx2.AsyncClient]:
    async with client(app) as http:
        yield http


async def test_a_stranger_sees_that_the_service_is_up_and_nothing_of_its_clusters(http: httpx2.AsyncClient) -> None:
    shown = await http.get("/status")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "is up" in shown.text and "ledger" in shown.text and "Sign in to see the clusters" in shown.text
    assert "pool" not in shown.text and shown.headers["cache-control"] == "no-store"


async def test_who_is_signed_in_sees_each_cluster_with_its_jobs_and_the_age_of_its_list(
    app: FastAPI, http: httpx2.AsyncClient
) -> None:
    text = (await http.get("/status", headers=await signed_in(app, "alice"))).text
    assert "<th>pool</th>" in text and "2 RUNNING" in text.upper() and "s ago" in text
    assert "&lt;b&gt;no schedd&lt;/b&gt;" in text and "<b>" not in text


async def test_a_token_that_may_not_see_jobs_sees_no_cluster(app: FastAPI, http: httpx2.AsyncClient) -> None:
    await signed_in(app, "alice")
    made = await app.state.core.identity.create_token_of(
        "alice", "files", frozenset({Scope.FILES_READ}), timedelta(minutes=1)
    )
    text = (await http.get("/status", headers={"Authorization": f"Bearer {made.secret}"})).text
    assert "Sign in to see the clusters" in text and "pool" not in text


async def test_the_page_says_what_is_down_with_the_status_of_ready(app: FastAPI) -> None:
    async def away() -> None:
        raise ConnectionError("10.1.2.3 refused")

    troubled = FastAPI()
    install_core(troubled, app.state.core)
    install_security(troubled, app.state.security)
    troubled.include_router(status_router({"store": away}))
    async with client(troubled) as http:
        shown = await http.get("/status")
    assert shown.status_code == 503
    assert "is not ready" in shown.text and "store" in shown.text and "10.1.2.3" not in shown.text


async def test_the_page_runs_no_script_and_its_style_carries_the_nonce_of_its_policy(http: httpx2.AsyncClient) -> None:
    shown = await http.get("/status")
    nonce = shown.text.split('nonce="', 1)[1].split('"', 1)[0]
    assert f"'nonce-{nonce}'" in shown.headers["content-security-policy"] and "<script" not in shown.text
