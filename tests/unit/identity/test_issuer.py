"""INK's own OpenID issuer without a network: its clients' addresses, its keys, and tokens as time goes by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from ink_core.clock import ManualClock
from ink_core.identity.issuer.asked import asked_by
from ink_core.identity.issuer.clients import Client
from ink_core.identity.issuer.codes import LIFETIME as CODE_LIFETIME
from ink_core.identity.issuer.codes import MAX_OF_ONE, challenge_of
from ink_core.identity.issuer.errors import InvalidGrant, SignInTooOld
from ink_core.identity.issuer.issuer import Issuer, issuer_at
from ink_core.identity.issuer.keys import LASTS, IssuerKeys
from ink_core.identity.issuer.tokens import ACCESS_LIFETIME, GRANT_LIFETIME, KEEP_GRANTS, Given, SignedIn
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.model import CredentialKind, Issued
from ink_core.identity.principal import USER_SCOPES, Principal, Scope
from ink_core.identity.service import KEEP_EXPIRED, SESSION_LIFETIME, IdentityService
from ink_core.key_file import KeyUnusable

pytestmark = pytest.mark.requirement("CORE-V2-09")
NOTEBOOK = Client("notebook", "Analysis notebook", ("http://127.0.0.1/callback",), USER_SCOPES)
CALLBACK = "http://127.0.0.1:1234/callback"
VERIFIER = "v" * 43
QUERY = {
    "response_type": "code",
    "client_id": "notebook",
    "redirect_uri": CALLBACK,
    "scope": "openid jobs:read",
    "code_challenge": challenge_of(VERIFIER),
    "code_challenge_method": "S256",
}


class PlainSigner:
    """A signer whose tokens are their claims."""

    def sign(self, claims: Mapping[str, Any]) -> str:
        return json.dumps(claims)

    def published(self) -> Mapping[str, Any]:
        return {"keys": []}

    async def renew(self) -> None:
        """There is nothing to renew."""


class World:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.identity = IdentityService(InMemoryIdentityStore(), self.clock)
        self.issuer: Issuer = issuer_at("https://ink", [NOTEBOOK], self.identity, PlainSigner(), self.clock)

    async def sign_in(self) -> Issued:
        return await self.identity.open_session(await self.identity.user("alice"), "a test")

    def begin(self, **changes: str) -> str:
        """The request that waits."""
        return self.issuer.code_flow.begin(list((QUERY | changes).items()), "10.0.0.1").partition("request=")[2]

    async def code(self, **changes: str) -> str:
        return await self.code_of((await self.sign_in()).principal, **changes)

    async def code_of(self, by: Principal, **changes: str) -> str:
        return (await self.issuer.code_flow.approve(self.begin(**changes), by)).split("code=")[1].split("&")[0]

    async def redeem(self, code: str) -> Given:
        return await self.issuer.code_flow.redeem(NOTEBOOK, code, CALLBACK, VERIFIER)

    async def given(self, scope: str = "openid jobs:read") -> Given:
        return await self.issuer.tokens.give(SignedIn(NOTEBOOK, "alice", asked_by(NOTEBOOK, scope), None))

    async def counts(self, given: Given) -> bool:
        alive = {token.id for token in await self.identity.tokens("alice") if token.expires_at > self.clock.now()}
        return given.grant.access_id in alive


@pytest.fixture
async def world() -> World:
    made = World()
    await made.identity.create_user("alice")
    return made


# -- the code flow, as time goes by


async def test_a_code_is_over_after_a_minute(world: World) -> None:
    in_time, late = await world.code(), await world.code()
    world.clock.advance(CODE_LIFETIME.total_seconds() - 1)
    assert await world.counts(await world.redeem(in_time))
    world.clock.advance(1)
    with pytest.raises(InvalidGrant):
        await world.redeem(late)


async def test_a_client_that_wants_a_sign_in_of_lately_gets_no_older_one(world: World) -> None:
    by = (await world.sign_in()).principal
    world.clock.advance(61)
    with pytest.raises(SignInTooOld):
        await world.issuer.code_flow.approve(world.begin(max_age="60"), by)
    assert "code=" in await world.issuer.code_flow.approve(world.begin(max_age="62"), by)


async def test_the_id_token_tells_when_its_person_signed_in_and_carries_the_nonce(world: World) -> None:
    by, begun = (await world.sign_in()).principal, world.clock.now()
    world.clock.advance(SESSION_LIFETIME.total_seconds() - 1)
    url = await world.issuer.code_flow.approve(world.begin(nonce="n-1"), by)
    given = await world.redeem(url.split("code=")[1].split("&")[0])
    claims = json.loads(given.id_token or "")
    assert (claims["nonce"], claims["auth_time"]) == ("n-1", int(begun.timestamp()))
    assert claims["exp"] - claims["iat"] == 600
    renewed = await world.issuer.tokens.renew(NOTEBOOK, given.refresh_token or "")
    assert "nonce" not in json.loads(renewed.id_token or "")


async def test_whoever_gets_many_codes_loses_the_oldest(world: World) -> None:
    by = (await world.sign_in()).principal  # one session: of many that began at one moment any may give way
    codes = [await world.code_of(by) for _ in range(MAX_OF_ONE + 1)]
    with pytest.raises(InvalidGrant):
        await world.redeem(codes[0])
    assert await world.counts(await world.redeem(codes[1]))


# -- tokens, as time goes by


async def test_a_sign_in_that_is_renewed_ends_after_a_month_all_the_same(world: World) -> None:
    given, days = await world.given(), timedelta(days=1).total_seconds()
    for _ in range(GRANT_LIFETIME.days - 1):
        world.clock.advance(days)
        assert not await world.counts(given), "an access token lives an hour"
        given = await world.issuer.tokens.renew(NOTEBOOK, given.refresh_token or "")
        assert await world.counts(given)
    world.clock.advance(days)
    with pytest.raises(InvalidGrant, match="over"):
        await world.issuer.tokens.renew(NOTEBOOK, given.refresh_token or "")


async def test_a_client_that_may_ask_for_less_by_now_renews_nothing_of_before(world: World) -> None:
    given = await world.given("openid jobs:read files:read")
    narrower = replace(NOTEBOOK, scopes=frozenset({Scope.JOBS_READ}))
    with pytest.raises(InvalidGrant, match="more than its program may"):
        await world.issuer.tokens.renew(narrower, given.refresh_token or "")


async def test_a_sign_in_that_nobody_renews_for_a_week_is_over(world: World) -> None:
    given = await world.given()
    world.clock.advance((ACCESS_LIFETIME + KEEP_EXPIRED).total_seconds() + 1)
    await world.identity.remove_expired()
    with pytest.raises(InvalidGrant):
        await world.issuer.tokens.renew(NOTEBOOK, given.refresh_token or "")


async def test_sign_ins_at_one_client_are_bounded_and_the_oldest_gives_way(world: World) -> None:
    several = []
    for _ in range(KEEP_GRANTS + 1):
        several.append(await world.given())
        world.clock.advance(1)
    assert [await world.counts(one) for one in several[:2]] == [False, True]
    assert len(await world.identity.tokens("alice")) == KEEP_GRANTS


async def test_who_has_too_many_tokens_is_told_and_nothing_is_lost(world: World) -> None:
    for number in range(100):
        await world.identity.create_token_of("alice", f"t{number}", USER_SCOPES, ACCESS_LIFETIME)
    with pytest.raises(InvalidGrant, match="too many tokens"):
        await world.given()
    assert len(await world.identity.tokens("alice")) == 100


async def test_who_asks_for_nothing_of_the_platform_is_renewed_only_if_the_client_says_so(world: World) -> None:
    assert (await world.given("openid")).refresh_token is None
    offline = await world.given("openid offline_access")
    renewed = await world.issuer.tokens.renew(NOTEBOOK, offline.refresh_token or "")
    kind = CredentialKind.SIGN_IN
    assert (await world.identity.authenticating.authenticate(renewed.access_token, kind)).scopes == frozenset()


# -- keys


def published_by(keys: IssuerKeys) -> KeySet:
    return KeySet.import_key_set(cast(Any, keys.published()))


def kid_of(keys: IssuerKeys) -> str:
    return str(jwt.decode(keys.sign({"sub": "alice"}), published_by(keys), algorithms=["RS256"]).header["kid"])


async def test_a_key_signs_for_its_time_and_is_published_for_the_time_of_the_next(tmp_path: Path) -> None:
    clock = ManualClock()
    keys = IssuerKeys(tmp_path / "keys", clock)
    first, signed = kid_of(keys), keys.sign({"sub": "alice"})
    assert kid_of(IssuerKeys(tmp_path / "keys", clock)) == first, "it is kept"
    clock.advance(LASTS.total_seconds())
    await keys.renew()
    assert kid_of(keys) != first
    assert jwt.decode(signed, published_by(keys), algorithms=["RS256"]).claims == {"sub": "alice"}
    clock.advance(LASTS.total_seconds())
    await keys.renew()
    assert first not in {key["kid"] for key in keys.published()["keys"]}
    assert len(list((tmp_path / "keys").iterdir())) == 2


async def test_a_key_that_others_could_read_or_that_is_none_is_refused(tmp_path: Path) -> None:
    IssuerKeys(tmp_path, ManualClock())
    (file,) = tmp_path.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(KeyUnusable, match="others could read"):
        IssuerKeys(tmp_path, ManualClock())
    file.chmod(0o600)
    file.write_text("no key")
    with pytest.raises(KeyUnusable, match="holds no key"):
        IssuerKeys(tmp_path, ManualClock())
    file.rename(tmp_path / "mine.pem")
    with pytest.raises(KeyUnusable, match="not named"):
        IssuerKeys(tmp_path, ManualClock())
