"""No route without a policy, no change from a foreign page, and no answer that tells too much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from argon2 import PasswordHasher
from fastapi import APIRouter, Depends, FastAPI, WebSocket
from pydantic import BaseModel
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient, WebSocketDenialResponse

from ink_core.api.auth_routes import auth_router
from ink_core.api.errors import install_error_handlers
from ink_core.api.headers import DATA_POLICY, NONCE_PLACEHOLDER, SecurityHeaders, page, page_policy
from ink_core.api.health_routes import health_router
from ink_core.api.security import COOKIE, PUBLIC, Security, install_security, requires, unguarded_routes
from ink_core.clock import ManualClock
from ink_core.errors import AgentFault, SchedulerDown
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.passwords import Passwords
from ink_core.identity.principal import Principal, Scope
from ink_core.identity.service import CODE_LIFETIME, IdentityService

SITE = "http://testserver"
PASSWORD = "correct horse"
FROM_HERE = {"Origin": SITE}
FOREIGN = [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://testserver.evil.example"}]


class Me(BaseModel):
    username: str


class Site:
    """An application with the shipped blocks and a few routes of its own."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        passwords = Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        self.identity = IdentityService(InMemoryIdentityStore(), self.clock, passwords)
        self.ready = True
        self.app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        install_error_handlers(self.app)
        install_security(self.app, Security(self.identity, SITE))
        self.app.include_router(auth_router(lambda principal: Me(username=principal.username)))
        self.app.include_router(health_router({"store": self.check}))
        self.app.include_router(own_routes())
        self.client = TestClient(SecurityHeaders(self.app), SITE, raise_server_exceptions=False)

    async def check(self) -> None:
        if not self.ready:
            raise ConnectionError("10.1.2.3 refused")

    def sign_in(self) -> None:
        answer = self.client.post("/api/v1/auth/login", json={"username": "alice", "password": PASSWORD})
        assert answer.json() == {"username": "alice"}

    def token(self, *scopes: str) -> dict[str, str]:
        """The header of a new token of alice; leaves no cookie behind."""
        self.sign_in()
        body = {"name": "t", "scopes": scopes or ["jobs:read"], "lifetime_s": 60}
        made = self.client.post("/api/v1/tokens", json=body, headers=FROM_HERE)
        assert made.status_code == 201
        self.client.cookies.clear()
        return {"Authorization": f"Bearer {made.json()['token']}"}


def own_routes() -> APIRouter:
    router = APIRouter()

    @router.get("/jobs")
    async def jobs(principal: Annotated[Principal, requires(Scope.JOBS_READ)]) -> str:
        return principal.username

    @router.get("/fails/{how}", dependencies=[PUBLIC])
    async def fails(how: str) -> None:
        raise {
            "typed": SchedulerDown("the schedd does not answer"),
            "worker": AgentFault("no such file", code="not_found", retryable=False),
        }.get(how, ValueError("hunter2"))

    @router.get("/", dependencies=[PUBLIC])
    async def index() -> Any:
        return page(f"<style nonce='{NONCE_PLACEHOLDER}'></style>")

    @router.websocket("/terminal")
    async def terminal(socket: WebSocket, principal: Annotated[Principal, requires(Scope.AGENT_USE)]) -> None:
        await socket.accept()
        await socket.send_text(principal.username)
        await socket.close()

    return router


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    with made.client as client:
        assert client.portal
        client.portal.call(lambda: made.identity.create_user("alice", password=PASSWORD))
        yield made


# -- no route without a policy


def test_the_shipped_routes_all_name_their_policy() -> None:
    assert unguarded_routes(Site().app) == []


def test_a_forgotten_policy_is_found_wherever_the_route_stands() -> None:
    app = FastAPI(docs_url=None, redoc_url=None)
    inner, outer = APIRouter(prefix="/inner"), APIRouter(prefix="/outer")
    inner.get("/forgotten")(lambda: None)
    inner.get("/open", dependencies=[PUBLIC])(lambda: None)
    outer.include_router(inner)
    app.include_router(outer, prefix="/app")
    app.include_router(inner, prefix="/guarded", dependencies=[requires()])
    app.get("/nested")(needs_a_policy_below)
    app.websocket("/socket")(never_called)
    app.mount("/mounted", PlainTextResponse("x"))
    found = unguarded_routes(app, guarded_elsewhere=["/mounted"])
    assert found == ["/app/outer/inner/forgotten", "/openapi.json", "/socket"]
    assert "/mounted" in unguarded_routes(app)


def below(principal: Annotated[Principal, requires()]) -> str:
    return principal.username


def needs_a_policy_below(name: Annotated[str, Depends(below)]) -> str:
    return name


async def never_called(socket: WebSocket) -> None:
    await socket.close()


@pytest.mark.requirement("CORE-AUTH-05")
@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/tokens", "/jobs"])
def test_without_a_credential_a_route_answers_unauthenticated(site: Site, path: str) -> None:
    answer = site.client.get(path)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


# -- signing in


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    answer = site.client.post("/api/v1/auth/login", json={"username": "alice", "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/", "max-age="))
    assert site.client.get("/api/v1/me").json() == {"username": "alice"}


def test_over_https_the_cookie_never_travels_in_the_clear(site: Site) -> None:
    install_security(site.app, Security(site.identity, "https://ink.example"))
    answer = site.client.post("/api/v1/auth/login", json={"username": "alice", "password": PASSWORD})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_over_https_no_sibling_host_can_plant_the_cookie(site: Site) -> None:
    install_security(site.app, Security(site.identity, "https://ink.example"))
    answer = site.client.post("/api/v1/auth/login", json={"username": "alice", "password": PASSWORD})
    name, _, rest = answer.headers["set-cookie"].partition("=")
    secret, _, attributes = rest.partition(";")
    assert (name, "domain" in attributes.lower(), "path=/;" in attributes.lower()) == (f"__Host-{COOKIE}", False, True)
    site.client.cookies.clear()
    assert site.client.get("/api/v1/me", headers={"Cookie": f"{COOKIE}={secret}"}).status_code == 401
    own = {"Cookie": f"{name}={secret}", "Origin": "https://ink.example"}
    assert site.client.get("/api/v1/me", headers=own).status_code == 200
    forgotten = site.client.post("/api/v1/auth/logout", headers=own).headers["set-cookie"]
    assert forgotten.startswith(f"{name}=") and "secure" in forgotten.lower(), "browsers heed it only so"
    assert site.client.get("/api/v1/me", headers=own).status_code == 401


def test_a_foreign_page_cannot_sign_a_browser_in(site: Site) -> None:
    body = {"username": "alice", "password": PASSWORD}
    answer = site.client.post("/api/v1/auth/login", json=body, headers={"Origin": "http://evil.example"})
    assert (answer.status_code, COOKIE in site.client.cookies) == (403, False)


def test_logout_ends_the_session_on_the_server_too(site: Site) -> None:
    site.sign_in()
    kept = site.client.cookies[COOKIE]
    assert site.client.post("/api/v1/auth/logout", headers=FROM_HERE).status_code == 204
    site.client.cookies.set(COOKIE, kept)
    assert site.client.get("/api/v1/me").status_code == 401


@pytest.mark.requirement("CORE-AUTH-04")
def test_a_sign_in_link_works_once_and_then_never(site: Site) -> None:
    assert site.client.portal
    issued = site.client.portal.call(lambda: site.identity.create_sign_in_code("alice"))
    answer = site.client.get("/sign-in", params={"code": issued.secret}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert site.client.get("/api/v1/me").json() == {"username": "alice"}
    again = site.client.get("/sign-in", params={"code": issued.secret}, follow_redirects=False)
    assert again.status_code == 401


def test_an_expired_sign_in_link_is_refused(site: Site) -> None:
    assert site.client.portal
    issued = site.client.portal.call(lambda: site.identity.create_sign_in_code("alice"))
    site.clock.advance(CODE_LIFETIME.total_seconds())
    assert site.client.get("/sign-in", params={"code": issued.secret}, follow_redirects=False).status_code == 401


# -- the origin of a change


@pytest.mark.requirement("CORE-AUTH-06")
@pytest.mark.parametrize("headers", FOREIGN)
def test_a_change_with_the_cookie_from_a_foreign_page_is_refused(site: Site, headers: dict[str, str]) -> None:
    site.sign_in()
    body = {"name": "t", "scopes": ["jobs:read"], "lifetime_s": 60}
    answer = site.client.post("/api/v1/tokens", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert site.client.get("/api/v1/tokens").json() == []


@pytest.mark.requirement("CORE-AUTH-06")
@pytest.mark.parametrize("headers", FOREIGN)
def test_a_websocket_with_the_cookie_from_a_foreign_page_is_refused(site: Site, headers: dict[str, str]) -> None:
    site.sign_in()
    with pytest.raises(WebSocketDenialResponse) as refused, site.client.websocket_connect("/terminal", headers=headers):
        pass
    assert (refused.value.status_code, refused.value.json()["code"]) == (403, "forbidden")


def test_a_websocket_opens_for_the_own_page_and_for_a_token(site: Site) -> None:
    token = site.token("agent:use")
    with site.client.websocket_connect("/terminal", headers=token) as socket:
        assert socket.receive_text() == "alice"
    site.sign_in()
    with site.client.websocket_connect("/terminal", headers=FROM_HERE) as socket:
        assert socket.receive_text() == "alice"


def test_a_websocket_without_a_credential_is_refused_before_it_opens(site: Site) -> None:
    with pytest.raises(WebSocketDenialResponse) as refused, site.client.websocket_connect("/terminal"):
        pass
    assert refused.value.status_code == 401


# -- tokens


@pytest.mark.requirement("CORE-AUTH-03")
def test_a_token_outside_its_scopes_is_refused(site: Site) -> None:
    assert site.client.get("/jobs", headers=site.token("jobs:read")).json() == "alice"
    answer = site.client.get("/jobs", headers=site.token("files:read"))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "jobs:read" in answer.json()["detail"]


@pytest.mark.requirement("CORE-AUTH-15")
def test_a_token_is_shown_once_then_listed_and_revoked_by_its_owner(site: Site) -> None:
    headers = site.token()
    site.sign_in()
    listed = site.client.get("/api/v1/tokens")
    assert headers["Authorization"].removeprefix("Bearer ") not in listed.text
    assert [(row["name"], row["scopes"]) for row in listed.json()] == [("t", ["jobs:read"])]
    url = f"/api/v1/tokens/{listed.json()[0]['id']}"
    assert site.client.delete(url, headers=FROM_HERE).status_code == 204
    assert site.client.delete(url, headers=FROM_HERE).json()["code"] == "not_found"
    site.client.cookies.clear()
    assert site.client.get("/jobs", headers=headers).status_code == 401


@pytest.mark.requirement("CORE-AUTH-07")
def test_every_bad_token_gets_the_same_answer(site: Site) -> None:
    expired = site.token()
    revoked = site.token()
    site.sign_in()
    newest = site.client.get("/api/v1/tokens").json()[0]["id"]
    site.client.delete(f"/api/v1/tokens/{newest}", headers=FROM_HERE)
    session = {"Authorization": f"Bearer {site.client.cookies[COOKIE]}"}
    site.client.cookies.clear()
    site.clock.advance(60)
    unknown = {"Authorization": "Bearer ink_" + "A" * 43}
    malformed = {"Authorization": "Bearer \x7f';--"}
    answers = {site.client.get("/jobs", headers=each).text for each in (expired, revoked, unknown, malformed, session)}
    assert len(answers) == 1
    assert '"code":"unauthenticated"' in answers.pop()


def test_a_bad_token_is_not_rescued_by_a_good_cookie(site: Site) -> None:
    site.sign_in()
    assert site.client.get("/jobs", headers={"Authorization": "Bearer ink_wrong"}).status_code == 401


# -- errors and headers


@pytest.mark.requirement("CORE-ERRORS-01")
@pytest.mark.parametrize(
    ("path", "status", "code", "retryable"),
    [
        ("/fails/typed", 503, "scheduler_down", True),
        ("/fails/worker", 400, "not_found", False),
        ("/fails/else", 500, "internal_error", False),
        ("/nowhere", 404, "not_found", False),
        ("/sign-in", 422, "bad_input", False),
    ],
)
def test_every_error_is_a_problem_document(site: Site, path: str, status: int, code: str, retryable: bool) -> None:
    answer = site.client.get(path)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "code", "retryable"}
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["retryable"] is retryable
    assert "hunter2" not in answer.text


def test_a_wrong_method_and_a_body_that_does_not_fit_are_problems_too(site: Site) -> None:
    wrong = site.client.put("/health")
    assert (wrong.status_code, wrong.json()["code"], wrong.headers["allow"]) == (405, "method_not_allowed", "GET")
    body = {"username": "alice", "pasword": "hunter2"}
    answer = site.client.post("/api/v1/auth/login", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert "body.password: Field required" in answer.json()["detail"]
    assert "hunter2" not in answer.text


@pytest.mark.parametrize("path", ["/health", "/api/v1/me", "/fails/else", "/nowhere"])
def test_every_answer_carries_the_security_headers(site: Site, path: str) -> None:
    headers = site.client.get(path).headers
    assert headers["content-security-policy"] == DATA_POLICY
    assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_the_page_allows_own_scripts_only_and_has_a_new_nonce_each_time(site: Site) -> None:
    first, second = site.client.get("/"), site.client.get("/")
    policy = first.headers["content-security-policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert f"nonce='{nonce}'" in first.text
    assert nonce not in second.headers["content-security-policy"]
    assert all(part in policy for part in ("default-src 'none'", "script-src 'self';", "require-trusted-types-for"))
    assert "unsafe" not in policy


def test_the_page_may_start_the_worker_that_reads_pdfs_and_nothing_else_may(site: Site) -> None:
    policy = site.client.get("/").headers["content-security-policy"]
    assert policy.endswith("; trusted-types svelte-trusted-html dompurify ink-pdf-worker")
    assert "worker-src" not in policy and "frame-src" not in policy and "blob:" not in policy
    assert "ink-pdf-worker" not in page_policy() + DATA_POLICY


# -- health


@pytest.mark.requirement("CORE-HEALTH-01")
def test_health_and_version_need_no_credential_and_hold_no_user_data(site: Site) -> None:
    assert site.client.get("/health").json() == {"status": "ok"}
    assert set(site.client.get("/version").json()) == {"name", "version"}


def test_ready_names_the_part_that_is_down_and_not_why(site: Site) -> None:
    assert (site.client.get("/ready").status_code, site.client.get("/ready").json()) == (200, {"store": "ok"})
    site.ready = False
    down = site.client.get("/ready")
    assert (down.status_code, down.json()) == (503, {"store": "down"})
    assert site.client.get("/health").status_code == 200
