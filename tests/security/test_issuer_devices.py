"""A registered program without a browser signs its person in by the device flow (RFC 8628), and no other does by it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from ink_core.api.core import install_core
from ink_core.api.device_routes import GRANT
from ink_core.clock import ManualClock
from ink_core.identity.device import INTERVAL, LIFETIME
from tests.security.relying_party import Site, application_with_clients, site_of_new_alice

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.requirement("CORE-V2-09")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole_site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FastAPI]:
    async with application_with_clients(tmp_path_factory.mktemp("site")) as app:
        yield app


@pytest.fixture
def clock(whole_site: FastAPI) -> ManualClock:
    """The time of device codes."""
    clock = ManualClock()
    install_core(whole_site, replace(whole_site.state.core, clock=clock))
    return clock


@pytest_asyncio.fixture(loop_scope="module")
async def site(whole_site: FastAPI, clock: ManualClock) -> AsyncIterator[Site]:
    async with site_of_new_alice(whole_site) as site:
        yield site


async def begun(site: Site, scope: str = "openid profile jobs:read", client_id: str = "notebook") -> httpx2.Response:
    return await site.http.post("/oidc/device_authorization", data={"client_id": client_id, "scope": scope})


async def collected(site: Site, device_code: str, client_id: str = "notebook") -> httpx2.Response:
    return await site.token(grant_type=GRANT, device_code=device_code, client_id=client_id)


async def decided(site: Site, user_code: str, verdict: str = "approve") -> None:
    path = f"/api/v1/device-requests/{user_code}"
    assert (await site.http.post(path, json={"verdict": verdict}, headers=site.alice)).status_code == 204


async def test_a_program_gets_short_lived_tokens_once_its_code_is_confirmed(site: Site, clock: ManualClock) -> None:
    codes = (await begun(site)).json()
    assert codes["verification_uri"].endswith("/#/device") and codes["expires_in"] == 600
    row = (await site.http.get(f"/api/v1/device-requests/{codes['user_code']}", headers=site.alice)).json()
    assert (row["client"], row["scopes"], row["words"]) == ("Analysis notebook", ["jobs:read"], ["openid", "profile"])
    assert (await collected(site, codes["device_code"])).json()["error"] == "authorization_pending"
    await decided(site, codes["user_code"])
    clock.advance(INTERVAL.total_seconds())
    given = (await collected(site, codes["device_code"])).json()
    assert (given["expires_in"], given["scope"]) == (3600, "jobs:read openid profile")
    assert "id_token" in given and "refresh_token" in given
    assert (await site.as_bearer(given["access_token"])).json()["username"] == "alice"
    assert (await site.as_bearer(given["access_token"], "/oidc/userinfo")).json()["sub"] == "alice"
    assert (await collected(site, codes["device_code"])).json()["error"] == "expired_token", "once"


async def test_who_asks_too_often_is_slowed_down_and_who_is_refused_is_told(site: Site) -> None:
    codes = (await begun(site)).json()
    assert (await collected(site, codes["device_code"])).json()["error"] == "authorization_pending"
    assert (await collected(site, codes["device_code"])).json()["error"] == "slow_down"
    await decided(site, codes["user_code"], "deny")
    assert (await collected(site, codes["device_code"])).json()["error"] == "access_denied"


async def test_a_code_that_nobody_confirmed_in_time_is_over(site: Site, clock: ManualClock) -> None:
    codes = (await begun(site)).json()
    clock.advance(LIFETIME.total_seconds())
    assert (await collected(site, codes["device_code"])).json()["error"] == "expired_token"
    path = f"/api/v1/device-requests/{codes['user_code']}"
    assert (await site.http.get(path, headers=site.alice)).status_code == 404


async def test_a_confirmed_code_is_its_clients_alone_and_makes_no_long_token_elsewhere(site: Site) -> None:
    codes = (await begun(site)).json()
    await decided(site, codes["user_code"])
    assert (await collected(site, codes["device_code"], "wiki")).json()["error"] == "expired_token"
    form = {"grant_type": GRANT, "device_code": codes["device_code"], "client_id": "notebook"}
    unregistered = await site.http.post("/api/v1/auth/device/token", data=form)
    assert (unregistered.status_code, unregistered.json()["error"]) == (400, "expired_token")
    assert (await collected(site, codes["device_code"])).status_code == 200


@pytest.mark.parametrize(("name", "status"), [(" analysis  NOTEBOOK", 400), ("a notebook", 200)])
async def test_an_unregistered_program_does_not_take_the_title_of_a_registered_one(
    site: Site, name: str, status: int
) -> None:
    asked = await site.http.post("/api/v1/auth/device", data={"client_id": name, "scope": "jobs:read"})
    assert asked.status_code == status, asked.text


async def test_what_an_unregistered_program_asked_for_no_client_collects(site: Site) -> None:
    form = {"client_id": "notebook", "scope": "jobs:read"}
    codes = (await site.http.post("/api/v1/auth/device", data=form)).json()
    await decided(site, codes["user_code"])
    assert (await collected(site, codes["device_code"])).json()["error"] == "expired_token"


@pytest.mark.parametrize(
    ("client_id", "scope", "error"),
    [("nobody", "openid", "invalid_client"), ("wiki", "jobs:read", "invalid_scope"), ("notebook", "", "invalid_scope")],
)
async def test_a_client_that_is_not_known_or_asks_too_much_gets_no_code(
    site: Site, client_id: str, scope: str, error: str
) -> None:
    answer = await begun(site, scope, client_id)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


async def test_who_is_disabled_after_confirming_gives_no_token(site: Site) -> None:
    codes = (await begun(site)).json()
    await decided(site, codes["user_code"])
    await site.app.state.core.identity.set_roles("alice", disabled=True)
    assert (await collected(site, codes["device_code"])).json()["error"] == "invalid_grant"
