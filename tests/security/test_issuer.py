"""People sign in at INK for other programs: the code flow with PKCE, by a real client library, and attacks on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from authlib.integrations.base_client import OAuthError  # pyright: ignore[reportMissingTypeStubs]
from fastapi import FastAPI

from ink_core.identity.issuer.codes import challenge_of
from ink_core.identity.principal import Scope
from ink_core.settings import SettingsError, load_settings
from tests.security.application import application, client, signed_in
from tests.security.relying_party import (
    CALLBACK,
    DISCOVERY,
    SITE,
    RelyingParty,
    Site,
    application_with_clients,
    query_of,
    site_of_new_alice,
)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.requirement("CORE-V2-09")]
VERIFIER = "v" * 43
QUERY = {
    "response_type": "code",
    "client_id": "notebook",
    "redirect_uri": CALLBACK,
    "scope": "openid jobs:read",
    "state": "a state",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole_site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[FastAPI]:
    async with application_with_clients(tmp_path_factory.mktemp("site")) as app:
        yield app


@pytest_asyncio.fixture(loop_scope="module")
async def site(whole_site: FastAPI) -> AsyncIterator[Site]:
    async with site_of_new_alice(whole_site) as site:
        yield site


async def code_of(site: Site, **changes: str) -> str:
    """A code that alice agreed to, asked for by hand."""
    begun = site.http.build_request("GET", "/oidc/authorize", params=QUERY | changes)
    return query_of(await site.decide(str(begun.url)))["code"]


async def exchanged(site: Site, code: str, **changes: str) -> Any:
    form = {"grant_type": "authorization_code", "client_id": "notebook", "code": code, "redirect_uri": CALLBACK}
    return await site.token(**(form | {"code_verifier": VERIFIER} | changes))


# -- by a real client library


async def test_a_client_that_knows_the_address_alone_signs_a_person_in_and_works_with_the_platform(site: Site) -> None:
    party = RelyingParty(site.app, "notebook", "openid profile jobs:read files:delete")
    back = await site.decide(await party.sets_out())
    assert back.startswith(f"{CALLBACK}?code=") and query_of(back)["iss"] == f"{SITE}/oidc"
    tokens = await party.comes_back(back)
    claims = tokens["userinfo"]
    assert (claims["iss"], claims["sub"], claims["preferred_username"]) == (f"{SITE}/oidc", "alice", "alice")
    assert claims["aud"] == "notebook" and claims["auth_time"] <= claims["iat"] and "at_hash" in claims
    assert (tokens["token_type"], tokens["scope"]) == ("Bearer", "files:write jobs:read openid profile")
    assert await party.about(tokens) == {"sub": "alice", "preferred_username": "alice"}
    me = (await site.as_bearer(tokens["access_token"])).json()
    assert (me["username"], me["scopes"]) == ("alice", ["files:write", "jobs:read"])
    assert (await site.as_bearer(tokens["access_token"], "/api/v3/files?path=.")).status_code == 403, "not asked for"


async def test_a_person_who_does_not_agree_sends_the_client_away_with_nothing(site: Site) -> None:
    party = RelyingParty(site.app, "notebook", "openid")
    back = await site.decide(await party.sets_out(), "deny")
    assert "code" not in query_of(back)
    with pytest.raises(OAuthError, match="access_denied"):
        await party.comes_back(back)


async def test_a_client_that_only_signs_people_in_gets_a_token_that_opens_nothing_else(site: Site) -> None:
    party = RelyingParty(site.app, "wiki", "openid profile", "https://wiki.example/cb?from=ink")
    back = await site.decide(await party.sets_out())
    assert back.startswith("https://wiki.example/cb?from=ink&code=")
    tokens = await party.comes_back(back)
    assert await party.about(tokens) == {"sub": "alice", "preferred_username": "alice"}
    assert "refresh_token" not in tokens
    for path in ("/api/v1/me", "/api/v1/tokens", "/api/v3/auth/userinfo"):
        assert (await site.as_bearer(tokens["access_token"], path)).status_code == 401
    assert await site.app.state.core.identity.tokens("alice") == []


async def test_refreshed_tokens_take_the_place_of_those_before(site: Site) -> None:
    party = RelyingParty(site.app, "notebook", "openid jobs:read")
    first = await party.comes_back(await site.decide(await party.sets_out()))
    second = await party.renewed(first["refresh_token"])
    assert (await site.as_bearer(first["access_token"])).status_code == 401
    assert (await site.as_bearer(second["access_token"])).status_code == 200
    assert second["refresh_token"] != first["refresh_token"] and second["scope"] == first["scope"]
    (token,) = await site.app.state.core.identity.tokens("alice")
    assert token.name == "Analysis notebook"


# -- what a client is told


async def test_the_description_names_the_addresses_that_inks_clients_know(site: Site) -> None:
    described = (await site.http.get(DISCOVERY)).json()
    names = ("authorize", "token", "userinfo", "jwks", "device_authorization")
    fields = [f"{name}_endpoint" for name in ("authorization", "token", "userinfo")]
    fields += ["jwks_uri", "device_authorization_endpoint"]
    assert [described[field] for field in fields] == [f"{SITE}/oidc/{name}" for name in names]
    assert described["token_endpoint_auth_methods_supported"] == ["none"]
    (key,) = (await site.http.get("/oidc/jwks")).json()["keys"]
    assert (key["kty"], key["alg"], "d" in key) == ("RSA", "RS256", False)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"scope": "admin"}, "invalid_scope"),
        ({"scope": "email"}, "invalid_scope"),
        ({"prompt": "none"}, "interaction_required"),
        ({"request": "x.y.z"}, "request_not_supported"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "²"}, "invalid_request"),
        ({"max_age": "0" * 12 + "9" * 20}, "invalid_request"),
        ({"max_age": "9" * 5000}, "invalid_request"),
        ({"scope": "openid" + " x" * 1000}, "invalid_scope"),
        ({"nonce": "n" * 1001}, "invalid_request"),
    ],
)
async def test_a_request_that_is_wrong_goes_back_to_the_client_in_the_words_of_the_standard(
    site: Site, changes: dict[str, str], error: str
) -> None:
    answer = await site.http.get("/oidc/authorize", params=QUERY | changes)
    told = query_of(answer.headers["location"])
    assert answer.headers["location"].startswith(f"{CALLBACK}?") and answer.status_code == 303
    assert (told["error"], told["state"], told["iss"]) == (error, "a state", f"{SITE}/oidc")


async def test_a_parameter_that_comes_twice_is_refused_and_a_form_is_as_good_as_a_query(site: Site) -> None:
    twice = await site.http.get("/oidc/authorize", params=[*QUERY.items(), ("scope", "openid")])
    assert query_of(twice.headers["location"])["error"] == "invalid_request"
    form = await site.http.post("/oidc/authorize", data=QUERY)
    assert form.headers["location"].startswith(f"{SITE}/#/consent?request=")


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"redirect_uri": ""},
        {"redirect_uri": "https://evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1:8765/callback/more"},
        {"redirect_uri": "http://127.0.0.1:8765/callback?x=1"},
        {"redirect_uri": "http://127.0.0.1:8765@evil.example/callback"},
        {"redirect_uri": "http://127.0.0.1.evil.example:8765/callback"},
        {"redirect_uri": "http://localhost:8765/callback"},
        {"client_id": "wiki"},
    ],
)
async def test_a_foreign_address_is_sent_no_browser_and_no_word(site: Site, changes: dict[str, str]) -> None:
    program = await site.http.get("/oidc/authorize", params=QUERY | changes)
    assert (program.status_code, program.json()["code"]) == (422, "unknown_redirect")
    browser = await site.http.get("/oidc/authorize", params=QUERY | changes, headers={"Accept": "text/html"})
    assert browser.headers["location"] == "/#/consent?problem=unknown_redirect"


# -- the person's side


async def test_the_person_sees_who_asks_for_what_and_where_the_answer_goes(site: Site) -> None:
    sent = (await site.http.get("/oidc/authorize", params=QUERY)).headers["location"]
    path = f"/api/v1/authorization-requests/{sent.partition('=')[2]}"
    assert (await site.http.get(path)).status_code == 401
    row = (await site.http.get(path, headers=site.alice)).json()
    assert (row["client"], row["answered_at"]) == ("Analysis notebook", "127.0.0.1:8765")
    assert (row["scopes"], row["words"]) == (["jobs:read"], ["openid"])


async def test_only_a_person_in_a_browser_of_this_site_agrees_and_only_once(site: Site) -> None:
    sent = (await site.http.get("/oidc/authorize", params=QUERY)).headers["location"].partition("=")[2]
    token = (await exchanged(site, await code_of(site))).json()["access_token"]
    assert (await site.answer(sent, "approve", {"Authorization": f"Bearer {token}"})).status_code == 403
    assert (await site.answer(sent, "approve", {**site.alice, "Origin": "http://evil.example"})).status_code == 403
    assert (await site.answer("invented", "approve")).status_code == 404
    assert (await site.answer(sent, "approve")).status_code == 200
    assert (await site.answer(sent, "approve")).status_code == 404
    assert (await site.answer(sent, "deny")).status_code == 404


async def test_nobody_gives_more_than_is_theirs(site: Site) -> None:
    await site.app.state.core.identity.set_roles("alice", own_scopes=frozenset({Scope.FILES_READ}))
    given = (await exchanged(site, await code_of(site, scope="openid jobs:read files:read"))).json()
    assert given["scope"] == "files:read openid"


async def test_a_client_may_ask_for_a_newer_sign_in_than_that_of_the_browser(site: Site) -> None:
    sent = (await site.http.get("/oidc/authorize", params=QUERY | {"prompt": "login"})).headers["location"]
    refused = await site.answer(sent.partition("=")[2], "approve")
    assert (refused.status_code, refused.json()["code"]) == (403, "sign_in_too_old")
    identity = site.app.state.core.identity
    code = (await identity.create_sign_in_code("alice")).secret
    newer = {**site.alice, "Cookie": f"ink_session={(await identity.redeem_sign_in_code(code)).secret}"}
    assert (await site.answer(sent.partition("=")[2], "approve", newer)).status_code == 200


# -- attacks on the exchange


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": challenge_of(VERIFIER)},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:9999/callback"},
        {"redirect_uri": ""},
    ],
)
async def test_a_stolen_code_is_worth_nothing_and_is_used_up_by_the_attempt(
    site: Site, changes: dict[str, str]
) -> None:
    code = await code_of(site)
    stolen = await exchanged(site, code, **changes)
    assert (stolen.status_code, stolen.json()["error"]) == (400, "invalid_grant")
    assert (await exchanged(site, code)).json()["error"] == "invalid_grant"
    assert await site.app.state.core.identity.tokens("alice") == []


async def test_a_code_is_its_clients_alone_whose_sign_in_no_other_disturbs(site: Site) -> None:
    code = await code_of(site)
    assert (await exchanged(site, code, client_id="wiki")).json()["error"] == "invalid_grant"
    assert (await exchanged(site, code, client_id="nobody")).json()["error"] == "invalid_client"
    assert (await exchanged(site, code)).status_code == 200


async def test_a_code_that_comes_again_ends_what_was_given_for_it(site: Site) -> None:
    code = await code_of(site)
    given = (await exchanged(site, code)).json()
    assert (await site.as_bearer(given["access_token"])).status_code == 200
    assert (await exchanged(site, code)).json()["error"] == "invalid_grant"
    assert (await site.as_bearer(given["access_token"])).status_code == 401
    renewed = await site.token(grant_type="refresh_token", client_id="notebook", refresh_token=given["refresh_token"])
    assert renewed.json()["error"] == "invalid_grant"


async def test_of_two_exchanges_at_once_no_token_survives(site: Site) -> None:
    code = await code_of(site)
    answers = await asyncio.gather(exchanged(site, code), exchanged(site, code))
    for answer in answers:
        if answer.status_code == 200:
            assert (await site.as_bearer(answer.json()["access_token"])).status_code == 401
    assert await site.app.state.core.identity.tokens("alice") == []


async def test_a_refresh_token_that_comes_again_ends_the_whole_sign_in(site: Site) -> None:
    first = (await exchanged(site, await code_of(site))).json()
    again = {"grant_type": "refresh_token", "client_id": "notebook"}
    foreign = await site.token(**(again | {"client_id": "wiki"}), refresh_token=first["refresh_token"])
    assert foreign.json()["error"] == "invalid_grant"
    second = (await site.token(**again, refresh_token=first["refresh_token"])).json()
    assert (await site.as_bearer(second["access_token"])).status_code == 200
    reused = await site.token(**again, refresh_token=first["refresh_token"])
    assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
    assert (await site.as_bearer(second["access_token"])).status_code == 401
    assert (await site.token(**again, refresh_token=second["refresh_token"])).json()["error"] == "invalid_grant"


async def test_who_is_locked_or_disabled_gives_nobody_a_token_any_more(site: Site) -> None:
    identity = site.app.state.core.identity
    code = await code_of(site)
    given = (await exchanged(site, await code_of(site))).json()
    refresh = {"grant_type": "refresh_token", "client_id": "notebook", "refresh_token": given["refresh_token"]}
    identity.authenticating.lock_out("alice")
    assert (await site.token(**refresh)).json()["error"] == "invalid_grant"
    identity.authenticating.let_in("alice")
    await identity.set_roles("alice", disabled=True)
    assert (await exchanged(site, code)).json()["error"] == "invalid_grant"
    assert (await site.token(**refresh)).json()["error"] == "invalid_grant"
    assert (await site.as_bearer(given["access_token"])).status_code == 401


async def test_a_person_ends_a_sign_in_by_revoking_its_token(site: Site) -> None:
    given = (await exchanged(site, await code_of(site))).json()
    (token,) = (await site.http.get("/api/v1/tokens", headers=site.alice)).json()
    assert (await site.http.delete(f"/api/v1/tokens/{token['id']}", headers=site.alice)).status_code == 204
    refresh = {"grant_type": "refresh_token", "client_id": "notebook", "refresh_token": given["refresh_token"]}
    assert (await site.token(**refresh)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
async def test_a_client_ends_its_own_sign_in_and_no_other(site: Site, kind: str) -> None:
    given = (await exchanged(site, await code_of(site))).json()
    for client_id, status in (("wiki", 200), ("notebook", 401)):
        ended = await site.http.post("/oidc/revoke", data={"token": given[kind], "client_id": client_id})
        assert ended.status_code == 200
        assert (await site.as_bearer(given["access_token"])).status_code == status
    unknown = await site.http.post("/oidc/revoke", data={"token": "ink_invented", "client_id": "notebook"})
    assert unknown.status_code == 200
    nobody = await site.http.post("/oidc/revoke", data={"token": given[kind], "client_id": "nobody"})
    assert (nobody.status_code, nobody.json()["error"]) == (400, "invalid_client")


async def test_a_token_that_no_client_got_tells_no_client_who_somebody_is(site: Site) -> None:
    body = {"name": "t", "scopes": ["jobs:read"], "lifetime_s": 60}
    own = (await site.http.post("/api/v1/tokens", json=body, headers=site.alice)).json()["token"]
    assert (await site.as_bearer(own, "/oidc/userinfo")).status_code == 403
    assert (await site.http.get("/oidc/userinfo")).status_code == 401
    assert (await site.http.get("/oidc/userinfo", headers=site.alice)).status_code == 401, "a browser is no client"


async def test_what_a_token_request_lacks_is_told(site: Site) -> None:
    assert (await site.token()).json()["error"] == "invalid_client"
    password = await site.token(grant_type="password", client_id="notebook")
    assert (password.status_code, password.json()["error"]) == (400, "unsupported_grant_type")
    assert password.headers["cache-control"] == "no-store"
    assert (await site.token(grant_type="authorization_code", client_id="notebook")).json()["error"] == "invalid_grant"


# -- sites


async def test_without_registered_clients_there_is_no_issuer_and_no_key(tmp_path: Path) -> None:
    async with application(tmp_path) as app, client(app) as http:
        alice = await signed_in(app, "alice")
        for path in ("/oidc/.well-known/openid-configuration", "/oidc/jwks", "/oidc/authorize"):
            assert (await http.get(path)).status_code == 404
        assert (await http.post("/oidc/token", data={"client_id": "notebook"})).status_code == 404
        assert (await http.get("/api/v1/authorization-requests/x", headers=alice)).status_code == 404
    assert not (tmp_path / "issuer-keys").exists()


@pytest.mark.parametrize(
    "uri",
    ["http://app.example/cb", "http://localhost/cb", "https://a@b.example/cb", "https://app.example/#x", "app:/cb",
     "javascript:alert(1)", "http://127.0.0.1.evil.example/cb", "https://app.example/ cb"],
)  # fmt: skip
async def test_an_address_that_others_could_listen_at_is_refused_at_the_start(tmp_path: Path, uri: str) -> None:
    clients = f'[{{"name": "x", "title": "X", "redirect_uris": ["{uri}"]}}]'
    with pytest.raises(SettingsError, match=r"sign_in\.clients"):
        load_settings(environment={"INK_DATA_DIR": str(tmp_path), "INK_SIGN_IN__CLIENTS": clients})
