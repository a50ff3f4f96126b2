"""A plugin's routes stand behind the core's authentication and beside its routes; what it changes goes by the gate."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.testclient import TestClient, WebSocketDenialResponse

from ink_core.api.headers import page_policy
from ink_core.api.security import unguarded_routes
from ink_core.plugins.loading import PluginFailed
from ink_core.plugins.mounting import mount
from tests.security.application import application, client, signed_in

SETTINGS = {"INK_UNIFIED_PLUGINS__PACKAGES": "[tests.doubles.lecture_plugin, not_installed_anywhere]"}
API = "/api/v1/lecture"
ROUTES = [
    ("GET", f"{API}/without-policy"),
    ("GET", f"{API}/said-to-be-public"),
    ("GET", f"{API}/for-administrators"),
    ("POST", f"{API}/notes"),
    ("GET", "/plugins/lecture/"),
    ("GET", "/plugins/lecture/lecture.js"),
]


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[FastAPI]:
    async with application(tmp_path, SETTINGS) as running:
        yield running


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(app) as to_app:
        yield to_app


async def token(http: httpx2.AsyncClient, browser: dict[str, str], **limits: object) -> str:
    wish = {"name": "t", "scopes": ["jobs:read"], "lifetime_s": 600, **limits}
    return (await http.post("/api/v1/tokens", json=wish, headers=browser)).json()["token"]


@pytest.mark.requirement("CORE-PLUGIN-03")
async def test_every_route_of_a_plugin_has_a_policy_and_refuses_a_stranger(
    app: FastAPI, http: httpx2.AsyncClient
) -> None:
    mounted = {route.path for route in iter_route_contexts(app.routes)}
    assert {path for _, path in ROUTES if path.startswith(API)} | {"/lecture/live"} <= mounted
    assert unguarded_routes(app, guarded_elsewhere=["/mcp"]) == []
    for method, path in ROUTES:
        for headers in ({}, {"Authorization": "Bearer ink_nonsense"}, {"Ink-Username": "admin", "Ink-Token": "x"}):
            answer = await http.request(method, path, headers=headers)
            assert answer.status_code == 401, (method, path, headers, answer.text)
    with pytest.raises(WebSocketDenialResponse) as refused, TestClient(app).websocket_connect("/lecture/live"):
        pass
    assert refused.value.status_code == 401


@pytest.mark.requirement("CORE-PLUGIN-03")
async def test_the_core_signs_people_in_for_it_and_its_own_policy_asks_for_more(
    app: FastAPI, http: httpx2.AsyncClient
) -> None:
    alice, admin = await signed_in(app, "alice"), await signed_in(app, "root", is_admin=True)
    assert (await http.get(f"{API}/without-policy", headers=alice)).json() == "seen"
    assert (await http.get(f"{API}/for-administrators", headers=admin)).json() == "root"
    assert (await http.get(f"{API}/for-administrators", headers=alice)).status_code == 403
    from_elsewhere = {**alice, "Origin": "http://evil.example"}
    assert (await http.post(f"{API}/notes?name=x", headers=from_elsewhere)).status_code == 403
    ink = {"Ink-Username": "alice", "Ink-Token": await token(http, alice)}
    assert (await http.get(f"{API}/without-policy", headers=ink)).json() == "seen"


async def test_two_policies_on_one_route_count_a_request_once(app: FastAPI, http: httpx2.AsyncClient) -> None:
    limited = await token(http, await signed_in(app, "root", is_admin=True), scopes=["admin"], requests_per_minute=1)
    headers = {"Authorization": f"Bearer {limited}"}
    answer = await http.get(f"{API}/for-administrators", headers=headers)
    assert answer.status_code == 200, "counted twice, the first would be one too many"
    answers = [await http.get(f"{API}/for-administrators", headers=headers) for _ in range(10)]
    assert 429 in {answer.status_code for answer in answers}


@pytest.mark.requirement("CORE-PLUGIN-03")
async def test_what_a_plugin_changes_the_gate_decides_on_and_the_ledger_holds(
    app: FastAPI, http: httpx2.AsyncClient
) -> None:
    headers = {"Authorization": f"Bearer {await token(http, await signed_in(app, 'alice'))}"}
    answer = await http.post(f"{API}/notes?name=forbidden-notes", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing"), "the token has no scope for files"
    recorded = await app.state.platform.ledger.read("portal:alice")
    assert any("make_directory" in str(event) for event in recorded)


# -- its page


@pytest.mark.requirement("CORE-PLUGIN-05")
async def test_its_page_is_linked_and_runs_its_own_scripts_only(app: FastAPI, http: httpx2.AsyncClient) -> None:
    alice = await signed_in(app, "alice")
    pages = (await http.get("/api/v1/plugins/pages", headers=alice)).json()
    assert pages == [
        {"plugin": "lecture", "title": "Lecture", "description": "What was said", "url": "/plugins/lecture/"}
    ]
    page = await http.get("/plugins/lecture/", headers=alice)
    assert (page.status_code, "<h1>Lecture</h1>" in page.text) == (200, True)
    assert page.headers["content-security-policy"] == page_policy()
    assert "unsafe" not in page_policy() and "frame-ancestors 'none'" in page_policy()
    assert (await http.get("/plugins/lecture", headers=alice)).headers["location"] == "/plugins/lecture/"
    assert (await http.get("/plugins/lecture/lecture.js", headers=alice)).status_code == 200


async def test_nothing_beside_its_folder_is_served(app: FastAPI, http: httpx2.AsyncClient) -> None:
    alice = await signed_in(app, "alice")
    for path in (
        "lecture/../__init__.py",
        "lecture/%2e%2e/__init__.py",
        "lecture//etc/passwd",
        "lecture/x.js",
        "x/",
        "x",
    ):
        answer = await http.get(f"/plugins/{path}", headers=alice)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path


async def test_a_browser_that_is_not_signed_in_is_led_to_where_one_signs_in(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/plugins/lecture/", headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


# -- what administrators see


@pytest.mark.requirement("CORE-PLUGIN-06")
async def test_administrators_see_what_runs_and_why_another_does_not(app: FastAPI, http: httpx2.AsyncClient) -> None:
    alice, admin = await signed_in(app, "alice"), await signed_in(app, "root", is_admin=True)
    assert (await http.get("/api/v1/plugins", headers=alice)).status_code == 403
    rows = {row["package"]: row for row in (await http.get("/api/v1/plugins", headers=admin)).json()}
    assert (rows["not_installed_anywhere"]["state"], rows["tests.doubles.lecture_plugin"]["state"]) == (
        "failed",
        "running",
    )
    assert "No module named 'not_installed_anywhere'" in rows["not_installed_anywhere"]["reason"]
    assert rows["tests.doubles.lecture_plugin"]["hooks"] == ["manager.accounts.os_home"]
    assert "lecture" not in (await http.get("/api/v1/openapi.json", headers=alice)).json()["paths"]


# -- beside the core's routes, never in their place


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/jobs"),
        ("GET", "/api/v1/jobs/{cluster}/{job_id}"),
        ("PATCH", "/api/v1/jobs"),
        ("GET", "/health"),
        ("POST", "/api/v2/auth/create_token"),
        ("GET", "/plugins/other/x"),
        ("POST", "/mcp"),
        ("GET", "/assets/index.js"),
        ("GET", "/"),
        ("GET", "/{anything:path}"),
        ("GET", "/favicon.svg"),
        ("GET", f"{API}/without-policy"),
    ],
)
def test_a_route_that_is_there_already_is_not_taken_over(built: FastAPI, method: str, path: str) -> None:
    router = APIRouter()
    router.add_api_route(f"{API}/new", lambda: "new")
    router.add_api_route(path, lambda: "mine", methods=[method])
    before = len(built.router.routes)
    with pytest.raises(PluginFailed):
        mount(built, router)
    assert len(built.router.routes) == before, "none of its routes is mounted"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The application as it stands when plugins are mounted; nothing of it is called."""
    import asyncio

    async def build() -> FastAPI:
        async with application(tmp_path_factory.mktemp("built"), SETTINGS) as app:
            app.router.routes.pop()  # the page's own, which come after plugins
            return app

    return asyncio.run(build())
