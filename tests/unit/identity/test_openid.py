"""What a provider, a browser or a clock can do wrong when somebody signs in by OpenID, and what comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from ink_core.clock import ManualClock
from ink_core.errors import AccountLocked, InkError, NotFound
from ink_core.identity.external import ExternalPeople, UnknownUser
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.model import Issued
from ink_core.identity.openid.errors import (
    IdentityTokenInvalid,
    ProviderDown,
    ProviderWrong,
    SignInExpired,
    SignInRefused,
)
from ink_core.identity.openid.id_token import LEEWAY_S
from ink_core.identity.openid.pending import LIFETIME, MAX_OF_ONE, Pending
from ink_core.identity.openid.port import CameBack
from ink_core.identity.openid.sign_in import ClientAccount, OpenIdSignIn, ProviderOptions
from ink_core.identity.principal import Scope
from ink_core.identity.service import IdentityService

pytestmark = pytest.mark.requirement("CORE-AUTH-09")
ISSUER = "https://idp.example"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "two", "use": "sig", "alg": "RS256"})
ADDRESS = "10.0.0.1"
Spoil = Callable[["FakeProvider"], None]


class FakeProvider:
    """A provider that says what it is told to say: what no real one would."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.description: dict[str, Any] = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/jwks",
            "userinfo_endpoint": f"{ISSUER}/me",
        }
        self.keys = [KEY]
        self.signing: Any = KEY
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        self.claims: dict[str, Any] = {}
        self.user_info: dict[str, Any] = {"sub": "subject-1", "preferred_username": "alice"}
        self.statuses: dict[str, int] = {}
        self.down = False
        self.asked: list[str] = []
        self.forms: list[dict[str, list[str]]] = []
        self.nonce = ""
        self.unsigned: str | None = None

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        self.asked.append(path)
        if self.down:
            raise httpx2.ConnectError("no route to host")
        if path in self.statuses:
            return httpx2.Response(self.statuses[path], json={"error": "invalid_grant"})
        if path == "/token":
            self.forms.append(parse_qs(request.content.decode()))
        return httpx2.Response(200, json=self._bodies()[path])

    def _bodies(self) -> dict[str, Any]:
        return {
            "/.well-known/openid-configuration": self.description,
            "/jwks": KeySet(list(self.keys)).as_dict(private=False),
            "/token": {"id_token": self.unsigned or self._id_token(), "access_token": "at", "token_type": "Bearer"},
            "/me": self.user_info,
        }

    def _id_token(self) -> str:
        now = int(self._clock.now().timestamp())
        honest = {"iss": ISSUER, "aud": "ink", "sub": "subject-1", "exp": now + 300, "iat": now, "nonce": self.nonce}
        claims = {**honest, "preferred_username": "alice", **self.claims}
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(self.header, kept, self.signing, algorithms=["RS256", "HS256"])


class Site:
    def __init__(self, policy: Any = "create", secret: str | None = "s3cret%:") -> None:
        self.clock = ManualClock()
        self.provider = FakeProvider(self.clock)
        self.identity = IdentityService(InMemoryIdentityStore(), self.clock)
        account = ClientAccount(ISSUER, "ink", secret)
        redirect = "https://ink.example/sign-in/openid/campus/callback"
        options = ProviderOptions(
            "campus", "Campus", account, redirect, ("openid", "profile"), "preferred_username", policy
        )
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(self.provider.answer))
        self.openid = OpenIdSignIn([options], ExternalPeople(self.identity), self.clock, http)

    async def begin(self) -> tuple[dict[str, str], str]:
        """The query that the browser takes to the provider, and the secret in its cookie."""
        url, browser = await self.openid.begin("campus", ADDRESS)
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        self.provider.nonce = query["nonce"]
        return query, browser

    async def sign_in(self, **came_back: Any) -> Issued:
        query, browser = await self.begin()
        return await self.back(query["state"], browser, **came_back)

    async def back(self, state: str, browser: str, **came_back: Any) -> Issued:
        answer = {"state": state, "code": "a code", "error": None, "iss": None, **came_back}
        return await self.openid.finish("campus", CameBack(**answer), browser)


@pytest.fixture
def site() -> Site:
    return Site()


async def test_the_honest_way_leads_to_a_session(site: Site) -> None:
    query, browser = await site.begin()
    assert (query["response_type"], query["code_challenge_method"], query["scope"]) == (
        "code",
        "S256",
        "openid profile",
    )
    issued = await site.back(query["state"], browser)
    assert (issued.principal.username, issued.principal.is_admin) == ("alice", False)
    (form,) = site.provider.forms
    assert form["code_verifier"][0] != query["code_challenge"]
    assert "client_secret" not in form, "it goes in the header"


async def test_the_second_sign_in_is_of_the_same_account_whatever_the_name_has_become(site: Site) -> None:
    await site.sign_in()
    site.provider.claims["preferred_username"] = "alice-renamed"
    assert (await site.sign_in()).principal.username == "alice"


async def test_who_takes_the_name_of_somebody_else_at_the_provider_gets_nothing(site: Site) -> None:
    await site.sign_in()
    site.provider.claims["sub"] = "subject-2"
    with pytest.raises(UnknownUser, match="belongs to somebody else"):
        await site.sign_in()


async def test_an_administrators_account_is_not_given_away_by_its_name(site: Site) -> None:
    await site.identity.create_user("alice", is_admin=True)
    with pytest.raises(UnknownUser, match="administrator"):
        await site.sign_in()


async def test_an_approvers_account_is_not_given_away_by_its_name(site: Site) -> None:
    await site.identity.create_user("alice")
    await site.identity.set_roles("alice", own_scopes=frozenset({Scope.APPROVE}))
    with pytest.raises(UnknownUser, match="may do more than users may"):
        await site.sign_in()


async def test_who_became_an_administrator_after_the_first_sign_in_stays_one(site: Site) -> None:
    await site.sign_in()
    await site.identity.set_roles("alice", is_admin=True)
    assert (await site.sign_in()).principal.is_admin


async def test_without_an_account_one_is_refused_where_the_site_makes_none() -> None:
    site = Site(policy="existing")
    with pytest.raises(UnknownUser, match="no account alice"):
        await site.sign_in()
    assert list(await site.identity.users()) == []
    await site.identity.create_user("alice")
    assert (await site.sign_in()).principal.username == "alice"


@pytest.mark.parametrize("name", ["root/../x", "Alice", "alice@example.org", "", "a" * 40])
async def test_a_name_that_can_be_no_account_is_refused(site: Site, name: str) -> None:
    site.provider.claims["preferred_username"] = name
    with pytest.raises(UnknownUser):
        await site.sign_in()
    assert list(await site.identity.users()) == []


@pytest.mark.parametrize("how", ["disabled", "locked"])
async def test_a_locked_user_does_not_get_in(site: Site, how: str) -> None:
    await site.sign_in()
    if how == "disabled":
        await site.identity.set_roles("alice", disabled=True)
    else:
        site.identity.authenticating.lock_out("alice")
    with pytest.raises(AccountLocked):
        await site.sign_in()


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another client"},
        {"aud": ["another", "third"]},
        {"aud": ["ink", "another"]},
        {"azp": "another"},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"sub": None},
        {"sub": 7},
        {"exp": None},
        {"exp": 1_000_000},
        {"iat": 99_999_999_999},
        {"nbf": 99_999_999_999},
    ],
)
async def test_a_token_that_is_not_for_this_sign_in_does_not_count(site: Site, claims: dict[str, Any]) -> None:
    site.provider.claims.update(claims)
    with pytest.raises(IdentityTokenInvalid):
        await site.sign_in()
    assert list(await site.identity.users()) == []


async def test_clocks_may_differ_a_little_and_no_more(site: Site) -> None:
    now = int(site.clock.now().timestamp())
    site.provider.claims.update(iat=now + LEEWAY_S - 5, exp=now + LEEWAY_S)
    assert await site.sign_in()
    site.provider.claims.update(iat=now - 600, exp=now - LEEWAY_S + 5)
    assert await site.sign_in()
    site.provider.claims.update(exp=now - LEEWAY_S - 5)
    with pytest.raises(IdentityTokenInvalid, match="clock"):
        await site.sign_in()


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ({"alg": "RS256", "kid": "one"}, OTHER_KEY),
        ({"alg": "RS256", "kid": "two"}, OTHER_KEY),
        ({"alg": "HS256", "kid": "one"}, OctKey.generate_key(256)),
    ],
)
async def test_a_token_signed_by_somebody_else_does_not_count(site: Site, header: dict[str, Any], key: Any) -> None:
    site.provider.header, site.provider.signing = header, key
    with pytest.raises(IdentityTokenInvalid):
        await site.sign_in()


async def test_a_token_that_nobody_signed_does_not_count(site: Site) -> None:
    site.provider.unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJzdWJqZWN0LTEifQ."
    with pytest.raises(IdentityTokenInvalid):
        await site.sign_in()


async def test_a_new_key_of_the_provider_is_fetched_and_invented_ones_are_not_asked_for_often(site: Site) -> None:
    await site.sign_in()
    site.provider.header, site.provider.signing = {"alg": "RS256", "kid": "two"}, OTHER_KEY
    for _ in range(3):
        with pytest.raises(IdentityTokenInvalid):
            await site.sign_in()
    assert site.provider.asked.count("/jwks") == 1
    site.provider.keys = [KEY, OTHER_KEY]
    site.clock.advance(61)
    assert await site.sign_in()
    assert site.provider.asked.count("/jwks") == 2


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
async def test_a_provider_that_is_down_is_told_as_down_and_may_be_tried_again(site: Site, path: str) -> None:
    site.provider.statuses[path] = 503
    with pytest.raises(ProviderDown) as down:
        await site.sign_in()
    assert (down.value.retryable, down.value.http_status) == (True, 503)
    del site.provider.statuses[path]
    assert await site.sign_in()


async def test_a_provider_that_does_not_answer_at_all_is_down(site: Site) -> None:
    site.provider.down = True
    with pytest.raises(ProviderDown, match="does not answer"):
        await site.sign_in()


def spoilt(**description: Any) -> Spoil:
    return lambda provider: provider.description.update(description)


@pytest.mark.parametrize(
    "spoil",
    [
        spoilt(issuer="https://evil.example"),
        spoilt(token_endpoint=None),
        spoilt(token_endpoint="http://idp.example/token"),
        spoilt(jwks_uri="http://idp.example/jwks"),
    ],
)
async def test_a_provider_that_is_another_or_talks_in_the_clear_is_not_believed(site: Site, spoil: Spoil) -> None:
    spoil(site.provider)
    with pytest.raises(ProviderWrong):
        await site.begin()
    assert site.provider.asked == ["/.well-known/openid-configuration"]


async def test_a_code_that_does_not_count_and_a_user_who_cancels_are_refused(site: Site) -> None:
    site.provider.statuses["/token"] = 400
    with pytest.raises(SignInRefused):
        await site.sign_in()
    with pytest.raises(SignInRefused, match="access_denied"):
        await site.sign_in(code=None, error="access_denied")


async def test_a_state_counts_once_in_its_own_browser_and_not_for_long(site: Site) -> None:
    query, browser = await site.begin()
    await site.back(query["state"], browser)
    replayed = (query["state"], browser)
    other_browser = ((await site.begin())[0]["state"], "not mine")
    for state, cookie in (replayed, other_browser, ("invented", browser), ("", "")):
        with pytest.raises(SignInExpired):
            await site.back(state, cookie)
    late, browser = await site.begin()
    site.clock.advance(LIFETIME.total_seconds())
    with pytest.raises(SignInExpired):
        await site.back(late["state"], browser)


async def test_an_answer_of_another_provider_is_not_taken_for_this_ones(site: Site) -> None:
    with pytest.raises(SignInExpired, match="another provider"):
        await site.sign_in(iss="https://evil.example")
    site.provider.description["authorization_response_iss_parameter_supported"] = True
    site.clock.advance(3601)
    with pytest.raises(SignInExpired, match="another provider"):
        await site.sign_in()
    assert await site.sign_in(iss=ISSUER)


async def test_the_name_is_asked_for_where_the_token_leaves_it_out_and_only_of_the_same_person(site: Site) -> None:
    site.provider.claims["preferred_username"] = None
    assert (await site.sign_in()).principal.username == "alice"
    site.provider.user_info = {"sub": "subject-2", "preferred_username": "bob"}
    with pytest.raises(ProviderWrong, match="somebody else"):
        await site.sign_in()
    site.provider.user_info = {"sub": "subject-1"}
    with pytest.raises(ProviderWrong, match="preferred_username"):
        await site.sign_in()


async def test_an_unknown_provider_is_not_found(site: Site) -> None:
    with pytest.raises(NotFound):
        await site.openid.begin("other", ADDRESS)


async def test_no_error_repeats_a_secret(site: Site) -> None:
    site.provider.statuses["/token"] = 400
    with pytest.raises(InkError) as refused:
        await site.sign_in()
    assert "s3cret" not in str(refused.value) and "a code" not in str(refused.value)


async def test_one_network_cannot_crowd_out_another() -> None:
    pending, now = Pending(), ManualClock().now()
    mine = pending.begin("campus", "10.0.0.1", now)
    first = pending.begin("campus", "10.0.0.2", now)
    for _ in range(MAX_OF_ONE):
        pending.begin("campus", "10.0.0.2", now)
    with pytest.raises(SignInExpired):
        pending.take("campus", first.state, first.browser, now)
    assert pending.take("campus", mine.state, mine.browser, now) == mine


def test_what_the_browser_takes_along_holds_no_verifier() -> None:
    setting_out = Pending().begin("campus", ADDRESS, ManualClock().now())
    assert len({setting_out.state, setting_out.nonce, setting_out.verifier, setting_out.browser}) == 4
    assert setting_out.verifier not in json.dumps([setting_out.state, setting_out.challenge])
