"""Signing in, tokens and accounts. Results are frozen values; no secret is logged or kept in the clear.

Revocations count at once in this process, see `cache` for others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from ink_core.clock import Clock
from ink_core.errors import (
    AccountLocked,
    BadInput,
    Forbidden,
    JobsUsedUp,
    NotFound,
    TokenExpired,
    TokenInvalid,
    WrongPassword,
)
from ink_core.identity.authenticating import Authenticating
from ink_core.identity.cache import CredentialCache
from ink_core.identity.changes import Changes
from ink_core.identity.groups import Groups
from ink_core.identity.issuing import KEEP, Issuing
from ink_core.identity.model import (
    MAX_TOKEN_SECONDS,
    NO_LIMITS,
    USERNAME,
    Credential,
    CredentialKind,
    Issued,
    Limits,
    User,
    checked_username,
)
from ink_core.identity.passwords import Passwords
from ink_core.identity.principal import USER_SCOPES, Principal, Scope
from ink_core.identity.secret import MAX_LENGTH, digest
from ink_core.identity.store import IdentityStore
from ink_core.identity.throttle import LoginThrottle

SESSION_LIFETIME = timedelta(hours=12)
CODE_LIFETIME = timedelta(minutes=10)
PASSWORD_TOKEN = "by password"  # noqa: S105 - its name, not its secret
PASSWORD_TOKEN_LIFETIME = timedelta(days=7)
KEEP_PASSWORD_TOKENS = 20
MAX_TOKEN_LIFETIME = timedelta(seconds=MAX_TOKEN_SECONDS)
KEEP_EXPIRED = timedelta(days=7)
MAX_TOKEN_NAME = 100


class IdentityService:
    """All that the rest of the platform asks about people."""

    def __init__(self, store: IdentityStore, clock: Clock, passwords: Passwords | None = None) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords or Passwords()
        self._cache = CredentialCache()
        self._throttle = LoginThrottle()
        self.changes = Changes()
        self.authenticating = Authenticating(store, clock, self._cache, self.changes)
        self.groups = Groups(store.groups, self._roles_changed)
        self.issuing = Issuing(store, clock, self._cache.forget)
        self.grants = store.grants

    # -- signing in and out

    async def login(self, username: str, password: str, address: str) -> Issued:
        """A browser session. Raises `WrongPassword` (disabled users, too), `Throttled` or `AccountLocked`."""
        user = await self._by_password(username, password, address)
        return await self.issuing.issue(user, CredentialKind.SESSION, "browser", user.scopes, SESSION_LIFETIME)

    async def token_by_password(self, username: str, password: str, address: str) -> Issued:
        """A token for a program that knows the password, with a user's scopes, not an administrator's.

        Of these the oldest gives way. Raises what `login` raises.
        """
        user = await self._by_password(username, password, address)
        before = [token for token in await self.tokens(username) if token.name == PASSWORD_TOKEN]
        for token in before[KEEP_PASSWORD_TOKENS - 1 :]:
            with suppress(NotFound):  # another sign-in of the same moment was faster
                await self.revoke_token(username, token.id)
        scopes = user.scopes & USER_SCOPES
        return await self.create_token_of(username, PASSWORD_TOKEN, scopes, PASSWORD_TOKEN_LIFETIME)

    async def _by_password(self, username: str, password: str, address: str) -> User:
        self._throttle.begin(username[:64], address, self._clock.now())
        known = USERNAME.fullmatch(username)
        user = await asyncio.to_thread(self._store.user, username) if known else None
        password_hash = await asyncio.to_thread(self._store.password_hash, username) if user else None
        fits = await self._passwords.verify(password_hash, password)
        if user is None or user.disabled or not fits:
            raise WrongPassword("the username or the password is wrong")
        self.authenticating.check_locked(username)
        self._throttle.succeeded(username, address)
        return user

    async def logout(self, secret: str) -> None:
        """Ends the browser session with what it has opened at the apps' address; an unknown one is no error."""
        removed = digest(secret)
        taken = await asyncio.to_thread(self._store.take, removed, CredentialKind.SESSION)
        if taken:
            self._cache.forget_user(taken[1].username)
        self._forget([removed])

    async def create_sign_in_code(self, username: str, lifetime: timedelta = CODE_LIFETIME) -> Issued:
        """A code that signs its user in once, within minutes unless said else. Raises `NotFound`."""
        user = await self._active_user(username)
        return await self.issuing.issue(user, CredentialKind.CODE, "sign-in link", user.scopes, lifetime)

    async def redeem_sign_in_code(self, code: str) -> Issued:
        """A browser session for a code, once, with no right that its user was given since it was made.

        Raises `TokenInvalid`, `TokenExpired` or `AccountLocked`.
        """
        found = await asyncio.to_thread(self._store.take, digest(code[:MAX_LENGTH]), CredentialKind.CODE)
        if found is None or found[1].disabled:
            raise TokenInvalid("this sign-in link was used already or never existed; ask for a new one")
        if found[0].expires_at <= self._clock.now():
            raise TokenExpired("this sign-in link has expired; ask for a new one")
        return await self._open_session(found[1], "sign-in link", found[0].scopes & found[1].scopes)

    async def bind(self, issuer: str, subject: str, username: str) -> None:
        """Who the issuer calls `subject` is this user from now on. Raises `NotFound` or `Conflict`."""
        await asyncio.to_thread(self._store.bind, issuer, subject, username)

    async def bound(self, issuer: str, subject: str) -> User | None:
        return await asyncio.to_thread(self._store.bound, issuer, subject)

    async def open_session(self, user: User, how: str) -> Issued:
        """A browser session for who was proved to be this user; `how` names the proof. Raises `AccountLocked`."""
        return await self._open_session(user, how, user.scopes)

    async def _open_session(self, user: User, how: str, scopes: frozenset[Scope]) -> Issued:
        if user.disabled:
            raise AccountLocked(f"the account {user.username} is locked; ask an administrator")
        self.authenticating.check_locked(user.username)
        return await self.issuing.issue(user, CredentialKind.SESSION, how[:MAX_TOKEN_NAME], scopes, SESSION_LIFETIME)

    async def open_app_session(self, username: str, session_id: str) -> Issued:
        """A session at the apps' own address, good for nothing else, as long as the browser session that it is of.

        Raises `TokenInvalid` when that one has ended.
        """
        parent = await self.authenticating.session(username, session_id)
        lifetime = parent.expires_at - self._clock.now() if parent else timedelta(0)
        if lifetime <= timedelta(0):
            raise TokenInvalid("the browser session has ended; sign in again")
        user = await self._active_user(username)
        return await self.issuing.issue(user, CredentialKind.APP, session_id, frozenset({Scope.AGENT_USE}), lifetime)

    async def signed_in_at(self, principal: Principal) -> datetime | None:
        """When the browser session behind this principal was opened; None for a token, which is no sign-in."""
        kind, _, credential_id = principal.credential.partition(":")
        if kind != CredentialKind.SESSION:
            return None
        session = await self.authenticating.session(principal.username, credential_id)
        return session.created_at if session else None

    # -- API tokens

    async def create_token(
        self, by: Principal, name: str, scopes: frozenset[Scope], lifetime: timedelta, limits: Limits = NO_LIMITS
    ) -> Issued:
        """A token of the principal with at most the principal's own scopes.

        A token cannot make tokens (`Forbidden`): one that leaked could make itself last for ever.
        """
        if by.credential.startswith(f"{CredentialKind.TOKEN}:"):
            raise Forbidden("a token cannot make tokens; sign in with a browser")
        if excess := sorted(scopes - by.scopes):
            raise Forbidden(f"you do not have the scopes {', '.join(excess)} yourself")
        return await self.create_token_of(by.username, name, scopes, lifetime, limits)

    async def create_token_of(
        self, username: str, name: str, scopes: frozenset[Scope], lifetime: timedelta, limits: Limits = NO_LIMITS
    ) -> Issued:
        """A token of any user with at most that user's scopes: for the operator's commands.

        Raises `BadInput`, `Forbidden`, `NotFound` or `AccountLocked`.
        """
        if not 1 <= len(name) <= MAX_TOKEN_NAME:
            raise BadInput(f"a token's name has 1 to {MAX_TOKEN_NAME} characters")
        if not scopes:
            raise BadInput("a token needs at least one scope")
        if not timedelta(seconds=1) <= lifetime <= MAX_TOKEN_LIFETIME:
            raise BadInput(f"a token lives 1 s to {MAX_TOKEN_LIFETIME.days} days")
        user = await self._active_user(username)
        self.authenticating.check_locked(username)
        if excess := sorted(scopes - user.scopes):
            raise Forbidden(f"{username} does not have the scopes {', '.join(excess)}")
        if len(await self.tokens(user.username)) >= KEEP[CredentialKind.TOKEN]:
            raise BadInput("you have too many tokens; revoke one first")
        return await self.issuing.issue(user, CredentialKind.TOKEN, name, scopes, lifetime, limits)

    async def spend_jobs(self, by: Principal, count: int) -> None:
        """Counts jobs that are about to be submitted, once and for all. Raises `JobsUsedUp`."""
        kind, _, credential_id = by.credential.partition(":")
        if kind == CredentialKind.TOKEN and not await asyncio.to_thread(self._store.spend_jobs, credential_id, count):
            raise JobsUsedUp(f"this token may not submit {count} more jobs; its owner can make another one")

    async def tokens(self, username: str) -> Sequence[Credential]:
        """The user's API tokens, newest first."""
        return await asyncio.to_thread(self._store.credentials, username, CredentialKind.TOKEN)

    async def some_tokens(self, text: str, after: tuple[str, str], most: int) -> Sequence[Credential]:
        """Everybody's that still count, by user and id: those of users whose name holds `text`, after `after`."""
        return await asyncio.to_thread(self._store.some_tokens, text, after, self._clock.now(), most)

    async def credential_id(self, secret: str) -> str:
        """Which credential this is, expired or not. Raises `NotFound`."""
        found = await asyncio.to_thread(self._store.find, digest(secret[:MAX_LENGTH]))
        if found is None:
            raise NotFound("there is no such credential")
        return found[0].id

    async def revoke_token(self, username: str, token_id: str) -> None:
        """Ends one of the user's own tokens at once. Raises `NotFound`."""
        removed = await asyncio.to_thread(self._store.remove, username, token_id)
        if removed is None:
            raise NotFound("you have no token with that id")
        self._forget([removed])

    # -- accounts

    async def create_user(self, username: str, *, password: str | None = None, is_admin: bool = False) -> User:
        """A new account; without a password it signs in by one-time link only. Raises `Conflict` or `BadInput`."""
        name = checked_username(username)
        password_hash = await self._passwords.hash(password) if password is not None else None
        user = User(username=name, is_admin=is_admin, disabled=False, created_at=self._clock.now())
        await asyncio.to_thread(self._store.add_user, user, password_hash)
        return user

    async def users(self) -> Sequence[User]:
        return await asyncio.to_thread(self._store.users)

    async def some_users(self, text: str, after: str, most: int) -> Sequence[User]:
        """By name, those whose name holds `text` and comes after `after`."""
        return await asyncio.to_thread(self._store.some_users, text, after, most)

    async def user(self, username: str) -> User:
        """Raises `NotFound`."""
        user = await asyncio.to_thread(self._store.user, username)
        if user is None:
            raise NotFound(f"there is no user {username[:64]}")
        return user

    async def is_active(self, username: str) -> bool:
        """Whether there is such an account and it is neither disabled nor locked."""
        user = await asyncio.to_thread(self._store.user, username)
        try:
            self.authenticating.check_locked(username)
        except AccountLocked:
            return False
        return user is not None and not user.disabled

    async def set_password(self, username: str, password: str) -> None:
        """Ends what the old one has opened: browser sessions and tokens. Raises `NotFound` or `BadInput`."""
        password_hash = await self._passwords.hash(password)
        await asyncio.to_thread(self._store.set_password_hash, username, password_hash)
        await self.end_sessions(username)
        for token in await self.tokens(username):
            if token.name == PASSWORD_TOKEN:
                with suppress(NotFound):
                    await self.revoke_token(username, token.id)

    async def set_roles(
        self,
        username: str,
        *,
        is_admin: bool | None = None,
        disabled: bool | None = None,
        own_scopes: frozenset[Scope] | None = None,
    ) -> User:
        """What is None stays as it is. Counts at once for credentials in use. Raises `NotFound`."""
        changes = {"is_admin": is_admin, "disabled": disabled, "own_scopes": own_scopes}
        present = await self.user(username)
        user = present.model_copy(update={name: value for name, value in changes.items() if value is not None})
        await asyncio.to_thread(self._store.put_user, user)
        self._cache.forget_user(username)
        self.changes.announce()
        return user

    async def remove_user(self, username: str) -> None:
        """The account with all its credentials, at once. Raises `NotFound`."""
        self._forget(await asyncio.to_thread(self._store.remove_user, username))

    async def end_sessions(self, username: str) -> None:
        """Signs the user out of every browser."""
        for kind in (CredentialKind.SESSION, CredentialKind.CODE, CredentialKind.APP):
            self._forget(await asyncio.to_thread(self._store.remove_all, username, kind))

    async def remove_expired(self) -> int:
        """Housekeeping: drops credentials that expired a week ago."""
        return await asyncio.to_thread(self._store.remove_expired, self._clock.now() - KEEP_EXPIRED)

    def close(self) -> None:
        self._passwords.close()
        self._store.close()

    # -- inside

    def _roles_changed(self) -> None:
        self._cache.clear()
        self.changes.announce()

    def _forget(self, digests: Sequence[str]) -> None:
        self._cache.forget(digests)
        self.changes.announce()

    async def _active_user(self, username: str) -> User:
        user = await self.user(username)
        if user.disabled:
            raise NotFound(f"the user {username} is disabled")
        return user
