"""Apps over REST and as tools: through the gate, as one's own, and with a callback that needs no sign-in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from ink_core.identity.principal import Scope
from manager.app_sessions import KEY_FILE
from tests.security.application import client
from tests.unit.api.home_agents import Site, site_of_alice

pytestmark = pytest.mark.asyncio(loop_scope="module")
SESSIONS = "/api/v1/app-sessions"
NOBODY = "0" * 32


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with site_of_alice(tmp_path_factory.mktemp("site")) as site:
        yield site


async def test_apps_are_listed_with_the_fields_of_their_forms(site: Site) -> None:
    listed = (await site.http.get("/api/v1/apps")).json()
    jupyter = next(app for app in listed["apps"] if app["name"] == "jupyter")
    assert jupyter["resources"]["memory_mb"] == {"default": 2048, "least": 512, "most": 16384}
    assert jupyter["title"] == {"en": "Jupyter", "zh": "Jupyter"}
    code = next(app for app in listed["apps"] if app["name"] == "code")
    assert [field["name"] for field in code["inputs"]] == ["directory"]


async def test_a_launch_out_of_bounds_is_refused_and_leaves_nothing(site: Site) -> None:
    answer = await site.http.post(SESSIONS, json={"app": "jupyter", "cpus": 1000})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    answer = await site.http.post(SESSIONS, json={"app": "nothing"})
    assert (answer.status_code, answer.json()["code"]) == (404, "app_not_found")
    assert (await site.http.get(SESSIONS)).json() == []


async def test_a_token_launches_only_with_the_scope_for_jobs(site: Site) -> None:
    reader = await site.token(Scope.JOBS_READ)
    async with client(site.app) as program:
        assert (await program.get(SESSIONS, headers=reader)).status_code == 200
        assert (await program.post(SESSIONS, json={"app": "jupyter"}, headers=reader)).status_code == 403
        assert (await program.delete(f"{SESSIONS}/{NOBODY}", headers=reader)).status_code == 403


async def test_a_session_that_is_not_ones_own_is_not_there(site: Site) -> None:
    for path in (f"{SESSIONS}/{NOBODY}", f"{SESSIONS}/{NOBODY}/log", f"{SESSIONS}/{NOBODY}/events"):
        answer = await site.http.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "app_session_not_found")
    answer = await site.http.delete(f"{SESSIONS}/{NOBODY}")
    assert (answer.status_code, answer.json()["code"]) == (404, "app_session_not_found")


async def test_a_callback_needs_no_sign_in_and_gives_nothing_to_who_guesses(site: Site) -> None:
    sent = {"session_id": NOBODY, "token": "guessed", "node": "node1", "port": 40000}
    async with client(site.app) as job:
        answer = await job.post("/api/v1/apps/callback", json=sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "app_callback_refused")
        assert "guessed" not in answer.text
        for wrong in ({"port": 22}, {"node": "a b"}, {"more": 1}):
            assert (await job.post("/api/v1/apps/callback", json=sent | wrong)).status_code == 422


async def test_the_key_of_all_sessions_is_the_managers_alone(site: Site) -> None:
    assert (site.home.parents[1] / KEY_FILE).stat().st_mode & 0o077 == 0
