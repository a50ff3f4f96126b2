"""Signing in, sessions, tokens and codes, as the rest of the platform meets them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from ink_core.clock import ManualClock
from ink_core.errors import (
    BadInput,
    Conflict,
    Forbidden,
    InkError,
    NotFound,
    Throttled,
    TokenExpired,
    TokenInvalid,
    WrongPassword,
)
from ink_core.identity.issuing import KEEP
from ink_core.identity.memory import InMemoryIdentityStore
from ink_core.identity.model import CredentialKind, Issued
from ink_core.identity.passwords import Passwords
from ink_core.identity.principal import ADMIN_SCOPES, Principal, Scope
from ink_core.identity.secret import digest
from ink_core.identity.service import CODE_LIFETIME, KEEP_EXPIRED, SESSION_LIFETIME, IdentityService
from ink_core.identity.throttle import LIMIT

SESSION, TOKEN, CODE = CredentialKind.SESSION, CredentialKind.TOKEN, CredentialKind.CODE
READ = frozenset({Scope.JOBS_READ})
HOUR = timedelta(hours=1)
PASSWORD = "correct horse"


class Site:
    """A site with alice (a user) and root (an administrator), on the double of the store."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.store = InMemoryIdentityStore()
        self.identity = IdentityService(
            self.store, self.clock, Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        )

    async def sign_in(self, username: str = "alice") -> Issued:
        return await self.identity.login(username, PASSWORD, "10.0.0.1")

    async def token(self, lifetime: timedelta = HOUR, scopes: frozenset[Scope] = READ) -> Issued:
        by = (await self.sign_in()).principal
        return await self.identity.create_token(by, "workflow", scopes, lifetime)

    async def who(self, issued: Issued) -> Principal:
        return await self.identity.authenticating.authenticate(issued.secret, issued.credential.kind)


@pytest.fixture
async def site() -> Site:
    made = Site()
    await made.identity.create_user("alice", password=PASSWORD)
    await made.identity.create_user("boss", password=PASSWORD, is_admin=True)
    return made


async def test_a_right_password_opens_a_session_with_all_of_the_users_scopes(site: Site) -> None:
    principal = await site.who(await site.sign_in("boss"))
    assert (principal.username, principal.is_admin, principal.scopes) == ("boss", True, ADMIN_SCOPES)


@pytest.mark.requirement("CORE-AUTH-01")
@pytest.mark.parametrize("username", ["alice", "nobody", "../alice", "Ａlice", "", "a" * 5000])
async def test_a_wrong_password_and_an_unknown_user_look_the_same_and_change_nothing(site: Site, username: str) -> None:
    before = (list(site.store.users()), list(site.store.credentials("alice", SESSION)))
    with pytest.raises(WrongPassword, match="the username or the password is wrong"):
        await site.identity.login(username, "wrong password", "10.0.0.1")
    assert (list(site.store.users()), list(site.store.credentials("alice", SESSION))) == before
    await site.sign_in()


@pytest.mark.requirement("CORE-AUTH-08")
async def test_repeated_wrong_passwords_are_throttled_from_one_address(site: Site) -> None:
    for _ in range(LIMIT):
        with pytest.raises(WrongPassword):
            await site.identity.login("alice", "wrong password", "10.0.0.66")
    with pytest.raises(Throttled):
        await site.identity.login("alice", PASSWORD, "10.0.0.66")
    await site.sign_in()


async def test_guesses_at_once_are_throttled_like_guesses_in_a_row(site: Site) -> None:
    guesses = [site.identity.login("alice", f"wrong {n}", "10.0.0.66") for n in range(LIMIT * 3)]
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(outcome, WrongPassword) for outcome in outcomes) == LIMIT


async def test_a_user_without_a_password_signs_in_by_link_only(site: Site) -> None:
    await site.identity.create_user("carol")
    with pytest.raises(WrongPassword):
        await site.identity.login("carol", "nobody has this password", "10.0.0.1")
    code = await site.identity.create_sign_in_code("carol")
    assert (await site.who(await site.identity.redeem_sign_in_code(code.secret))).username == "carol"


async def test_a_session_ends_by_logout_and_by_time(site: Site) -> None:
    first, second = await site.sign_in(), await site.sign_in()
    assert (await site.who(first)).username == "alice"
    await site.identity.logout(first.secret)
    with pytest.raises(TokenInvalid):
        await site.who(first)
    site.clock.advance(SESSION_LIFETIME.total_seconds())
    with pytest.raises(TokenExpired):
        await site.who(second)


async def test_a_session_at_the_apps_address_is_good_for_apps_alone_and_ends_with_its_browser_session(
    site: Site,
) -> None:
    parent, other = await site.sign_in(), await site.sign_in()
    opened = [await site.identity.open_app_session("alice", each.credential.id) for each in (parent, other)]
    assert (await site.who(opened[0])).scopes == {Scope.AGENT_USE}
    with pytest.raises(TokenInvalid):
        await site.identity.authenticating.authenticate(opened[0].secret, CredentialKind.SESSION)
    await site.identity.logout(parent.secret)
    with pytest.raises(TokenInvalid):
        await site.who(opened[0])
    assert (await site.who(opened[1])).username == "alice"
    with pytest.raises(TokenInvalid):
        await site.identity.open_app_session("alice", parent.credential.id)
    assert opened[1].credential.expires_at == other.credential.expires_at
    await site.identity.end_sessions("alice")
    with pytest.raises(TokenInvalid):
        await site.who(opened[1])


async def test_a_new_password_ends_the_sessions_but_not_the_tokens(site: Site) -> None:
    session, token = await site.sign_in(), await site.token()
    await site.identity.set_password("alice", "battery staple")
    with pytest.raises(TokenInvalid):
        await site.who(session)
    assert (await site.who(token)).username == "alice"
    with pytest.raises(WrongPassword):
        await site.sign_in()


async def test_sessions_of_one_user_are_bounded(site: Site) -> None:
    first = await site.sign_in()
    for _ in range(KEEP[SESSION]):
        site.clock.advance(1)
        await site.sign_in()
    with pytest.raises(TokenInvalid):
        await site.who(first)


@pytest.mark.requirement("CORE-AUTH-02")
async def test_a_token_names_its_user_by_itself_and_is_kept_as_a_digest(site: Site) -> None:
    token = await site.token()
    assert token.secret.startswith("ink_")
    principal = await site.who(token)
    assert (principal.username, principal.scopes) == ("alice", READ)
    assert token.secret not in repr(vars(site.store))
    assert digest(token.secret) in vars(site.store)["_credentials"]
    assert token.secret not in principal.credential


@pytest.mark.requirement("CORE-AUTH-02")
async def test_a_token_expires_and_is_revoked_at_once(site: Site) -> None:
    short, revoked = await site.token(timedelta(seconds=30)), await site.token()
    await site.who(short)
    await site.who(revoked)
    await site.identity.revoke_token("alice", revoked.credential.id)
    with pytest.raises(TokenInvalid):
        await site.who(revoked)
    site.clock.advance(30)
    with pytest.raises(TokenExpired):
        await site.who(short)


async def test_only_its_owner_revokes_a_token(site: Site) -> None:
    token = await site.token()
    with pytest.raises(NotFound):
        await site.identity.revoke_token("boss", token.credential.id)
    assert await site.who(token)


@pytest.mark.requirement("CORE-AUTH-07")
@pytest.mark.parametrize(
    "forge",
    [
        lambda secret: "",
        lambda secret: "ink_",
        lambda secret: secret[:-1],
        lambda secret: secret + "A",
        lambda secret: "inks_" + secret.removeprefix("ink_"),
        lambda secret: secret * 1000,
        lambda secret: "ink_\udcff\0'--",
    ],
)
async def test_a_malformed_token_is_invalid(site: Site, forge: Callable[[str], str]) -> None:
    token = await site.token()
    with pytest.raises(TokenInvalid):
        await site.identity.authenticating.authenticate(forge(token.secret), TOKEN)


async def test_one_kind_of_secret_is_not_good_for_another(site: Site) -> None:
    code = await site.identity.create_sign_in_code("alice")
    for issued in (await site.sign_in(), await site.token(), code):
        for kind in {SESSION, TOKEN} - {issued.credential.kind}:
            with pytest.raises(TokenInvalid):
                await site.identity.authenticating.authenticate(issued.secret, kind)
    with pytest.raises(TokenInvalid):
        await site.identity.redeem_sign_in_code((await site.token()).secret)


@pytest.mark.requirement("CORE-AUTH-03")
async def test_a_token_never_has_more_than_its_maker(site: Site) -> None:
    by = (await site.sign_in()).principal
    with pytest.raises(Forbidden, match="approvals:decide"):
        await site.identity.create_token(by, "more", frozenset({Scope.APPROVE}), HOUR)


async def test_a_token_cannot_make_tokens(site: Site) -> None:
    by = await site.who(await site.token())
    with pytest.raises(Forbidden, match="cannot make tokens"):
        await site.identity.create_token(by, "for ever", READ, HOUR)


@pytest.mark.parametrize(
    ("scopes", "lifetime"), [(frozenset[Scope](), HOUR), (READ, timedelta()), (READ, timedelta(days=400))]
)
async def test_a_token_without_scope_or_end_is_refused(
    site: Site, scopes: frozenset[Scope], lifetime: timedelta
) -> None:
    with pytest.raises(BadInput):
        await site.token(lifetime, scopes)


async def test_tokens_are_listed_newest_first_with_a_coarse_last_use(site: Site) -> None:
    first = await site.token()
    site.clock.advance(10)
    second = await site.token()
    await site.who(first)
    listed = await site.identity.tokens("alice")
    assert [token.id for token in listed] == [second.credential.id, first.credential.id]
    assert [token.last_used_at for token in listed] == [None, site.clock.now()]


async def test_an_administrator_who_was_one_loses_what_the_token_had(site: Site) -> None:
    by = (await site.sign_in("boss")).principal
    token = await site.identity.create_token(by, "admin", frozenset({Scope.ADMIN, Scope.JOBS_READ}), HOUR)
    assert Scope.ADMIN in (await site.who(token)).scopes
    await site.identity.set_roles("boss", is_admin=False)
    principal = await site.who(token)
    assert (principal.is_admin, principal.scopes) == (False, READ)


async def test_a_disabled_user_is_out_at_once_with_every_credential(site: Site) -> None:
    issued = [await site.sign_in(), await site.token()]
    for credential in issued:
        await site.who(credential)
    code = await site.identity.create_sign_in_code("alice")
    await site.identity.set_roles("alice", disabled=True)
    for credential in issued:
        with pytest.raises(TokenInvalid):
            await site.who(credential)
    with pytest.raises(TokenInvalid):
        await site.identity.redeem_sign_in_code(code.secret)
    with pytest.raises(WrongPassword):
        await site.sign_in()
    with pytest.raises(NotFound):
        await site.identity.create_sign_in_code("alice")


@pytest.mark.requirement("CORE-AUTH-04")
async def test_a_sign_in_code_works_once_also_for_many_at_once(site: Site) -> None:
    code = await site.identity.create_sign_in_code("alice")
    tries = [site.identity.redeem_sign_in_code(code.secret) for _ in range(10)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, Issued) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, TokenInvalid) for outcome in outcomes) == 9


async def test_a_sign_in_code_expires(site: Site) -> None:
    code = await site.identity.create_sign_in_code("alice")
    site.clock.advance(CODE_LIFETIME.total_seconds())
    with pytest.raises(TokenExpired):
        await site.identity.redeem_sign_in_code(code.secret)


async def test_a_name_is_taken_once_and_must_be_a_system_name(site: Site) -> None:
    with pytest.raises(Conflict):
        await site.identity.create_user("alice")
    for name in ("", "Root", "a b", "-a", "a" * 33, "../x", "ä"):
        with pytest.raises(BadInput):
            await site.identity.create_user(name)


async def test_unknown_users_are_not_found(site: Site) -> None:
    for asked in (site.identity.user("bob"), site.identity.set_password("bob", PASSWORD)):
        with pytest.raises(NotFound):
            await asked


async def test_housekeeping_drops_what_expired_long_ago(site: Site) -> None:
    token = await site.token(timedelta(seconds=1))
    site.clock.advance(2)
    assert await site.identity.remove_expired() == 0
    site.clock.advance((KEEP_EXPIRED + SESSION_LIFETIME).total_seconds())
    assert await site.identity.remove_expired() == 2
    with pytest.raises(TokenInvalid):
        await site.who(token)


@pytest.mark.requirement("CORE-AUTH-13")
async def test_no_error_and_no_log_line_holds_a_secret(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    issued = [await site.sign_in(), await site.token(), await site.identity.create_sign_in_code("alice")]
    said = [caplog.text]
    for attempt in (
        site.identity.login("alice", "wrong password", "10.0.0.1"),
        site.identity.authenticating.authenticate(issued[0].secret + "x", SESSION),
        site.identity.redeem_sign_in_code(issued[2].secret + "x"),
    ):
        with pytest.raises(InkError) as refused:
            await attempt
        said.append(repr(refused.value))
    secrets = [PASSWORD, "wrong password", *(one.secret for one in issued), *(digest(one.secret) for one in issued)]
    assert [secret for secret in secrets if secret in " ".join(said) + caplog.text] == []
