"""A token for an agent: few scopes, a number of jobs, an end; the gate keeps it to all three."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.security.application import application, client, signed_in
from tests.security.test_kill_switch import connected

JOBS = {"script": "/bin/true", "count": 600}
"""So many that they wait for an approval: nothing is started here."""


async def made(http: httpx2.AsyncClient, browser: Mapping[str, str], **asked: Any) -> Mapping[str, str]:
    new = {"name": "agent", "scopes": ["jobs:read", "jobs:submit"], "lifetime_s": 600, **asked}
    answer = await http.post("/api/v1/tokens", json=new, headers=browser)
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def submitted(http: httpx2.AsyncClient, token: Mapping[str, str]) -> str:
    """What became of a submission: the status of its call, or the code of what it was refused for."""
    body = {"tool": "submit_job", "arguments": JOBS, "wait_s": 0}
    call = (await http.post("/api/v1/calls", json=body, headers=token)).json()
    return str(call["error"]["code"] if call.get("error") else call["status"])


async def test_an_agents_token_submits_as_many_jobs_as_it_was_made_for(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        browser = await signed_in(app, "alice")
        await connected(app.state.platform)
        token = await made(http, browser, jobs=1200)
        outcomes = [await submitted(http, token) for _ in range(3)]
        assert outcomes == ["waiting_approval", "waiting_approval", "jobs_used_up"]
        (row,) = (await http.get("/api/v1/tokens", headers=browser)).json()
        assert (row["jobs"], row["jobs_used"]) == (1200, 1200)
        assert await submitted(http, browser) == "waiting_approval", "the owner is not an agent"


async def test_a_token_for_no_jobs_and_one_that_only_reads_submit_nothing(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        browser = await signed_in(app, "alice")
        await connected(app.state.platform)
        assert await submitted(http, await made(http, browser, jobs=0)) == "jobs_used_up"
        assert await submitted(http, await made(http, browser, scopes=["jobs:read"])) == "scope_missing"


@pytest.mark.parametrize("jobs", [-1, 1_000_001, "many"])
async def test_a_number_that_is_none_is_refused(tmp_path: Path, jobs: Any) -> None:
    async with application(tmp_path) as app, client(app) as http:
        new = {"name": "agent", "scopes": ["jobs:submit"], "lifetime_s": 600, "jobs": jobs}
        browser = await signed_in(app, "alice")
        assert (await http.post("/api/v1/tokens", json=new, headers=browser)).status_code == 422


async def test_a_token_keeps_to_its_pace_and_its_owner_notices_nothing(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        browser = await signed_in(app, "alice")
        slow = await made(http, browser, requests_per_minute=1)
        assert (await http.get("/api/v1/me", headers=slow)).status_code == 200
        refused = await http.get("/api/v1/me", headers=slow)
        assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert (await http.post("/mcp", json={}, headers=slow)).status_code == 429
        for other in (browser, await made(http, browser)):
            assert (await http.get("/api/v1/me", headers=other)).status_code == 200
