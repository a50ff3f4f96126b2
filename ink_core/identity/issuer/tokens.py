"""What a client gets when somebody has signed in, and how it is renewed, told about and ended.

Access tokens are tokens of the platform; who only signs people in gets one that opens nothing but the user info.
Refresh tokens change with each use: one that comes a second time tells that somebody else has it, which ends all.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ink_core.clock import Clock
from ink_core.errors import Forbidden, InkError, NotFound
from ink_core.identity.grant_store import Grant
from ink_core.identity.issuer.asked import OPENID, PROFILE, Asked
from ink_core.identity.issuer.clients import Client
from ink_core.identity.issuer.errors import InvalidGrant
from ink_core.identity.issuer.signer import Signer
from ink_core.identity.model import CredentialKind, Issued, User
from ink_core.identity.principal import Principal
from ink_core.identity.secret import REFRESH, digest, new_id
from ink_core.identity.service import IdentityService

ACCESS_LIFETIME = timedelta(hours=1)
ID_TOKEN_LIFETIME = timedelta(minutes=10)
GRANT_LIFETIME = timedelta(days=30)
KEEP_GRANTS = 20
"""Of one user at one client: the oldest gives way."""


@dataclass(frozen=True)
class SignedIn:
    """Who has signed in for which client, and what that one may have of it."""

    client: Client
    username: str
    asked: Asked
    signed_in_at: datetime | None
    nonce: str | None = None


@dataclass(frozen=True)
class Given:
    grant: Grant
    access_token: str
    refresh_token: str | None
    id_token: str | None

    @property
    def scope(self) -> str:
        return Asked(self.grant.scopes, self.grant.words).text


class Tokens:
    """`issuer` is its address."""

    def __init__(self, issuer: str, identity: IdentityService, signer: Signer, clock: Clock) -> None:
        self._issuer = issuer
        self._identity = identity
        self._signer = signer
        self._clock = clock

    async def give(self, to: SignedIn) -> Given:
        """Raises `InvalidGrant` when the account is gone, disabled or locked, or has too many tokens."""
        user = await self._active(to.username)
        asked = Asked(to.asked.scopes & user.scopes, to.asked.words)
        issued = await self._access(user, to.client.title, asked)
        grant = Grant(
            id=new_id(),
            username=user.username,
            client_id=to.client.client_id,
            scopes=asked.scopes,
            words=asked.words,
            access_id=issued.credential.id,
            signed_in_at=to.signed_in_at,
            expires_at=self._clock.now() + GRANT_LIFETIME,
        )
        family = f"{REFRESH}{secrets.token_urlsafe(16)}" if asked.renewable else None
        refresh = _next_of(family) if family else None
        digests = (digest(family), digest(refresh)) if family and refresh else (None, None)
        for surplus in await asyncio.to_thread(self._identity.grants.add, grant, *digests, keep=KEEP_GRANTS):
            await self.end(surplus)
        return Given(grant, issued.secret, refresh, self._id_token(grant, issued.secret, to.nonce))

    async def renew(self, client: Client, refresh_token: str) -> Given:
        """The next tokens of the same grant; those before count no more. Raises `InvalidGrant`."""
        family = refresh_token.partition(".")[0]
        grant, present = await self._of_family(client, family)
        following = _next_of(family)
        if grant.expires_at <= self._clock.now() or grant.scopes - client.scopes:
            raise InvalidGrant("this sign-in is over, or for more than its program may ask for now; sign in again")
        await self._active(grant.username)
        known = secrets.compare_digest(digest(refresh_token), present)
        if not known or not await asyncio.to_thread(self._identity.grants.rotate, grant.id, present, digest(following)):
            await self.end(grant)
            raise InvalidGrant("this refresh token was used already, so that all of this sign-in ends; sign in again")
        kind = _kind_of(grant)
        access = await self._identity.issuing.renew(grant.username, grant.access_id, kind, ACCESS_LIFETIME)
        if access is None:
            raise InvalidGrant("this sign-in was revoked; sign in again")
        return Given(grant, access, following, self._id_token(grant, access, None))

    async def revoke(self, client: Client, token: str) -> None:
        """Ends the grant of a token; an unknown one, or another client's, changes nothing (RFC 7009, section 2.2)."""
        with suppress(InvalidGrant, NotFound):
            await self.end(await self._grant_of(client, token))

    async def end(self, grant: Grant) -> None:
        """Its tokens count no more, at once."""
        with suppress(NotFound):
            await self._identity.revoke_token(grant.username, grant.access_id)

    async def user_info(self, principal: Principal) -> dict[str, Any]:
        """Raises `Forbidden` for a token that no client got for a sign-in."""
        _, _, access_id = principal.credential.partition(":")
        grant = await asyncio.to_thread(self._identity.grants.of_access, access_id)
        if grant is None or OPENID not in grant.words:
            raise Forbidden("this token is of no sign-in: the client has to ask for the scope openid")
        return _about(grant)

    async def _active(self, username: str) -> User:
        if not await self._identity.is_active(username):
            raise InvalidGrant("the account is locked or gone; ask an administrator")
        return await self._identity.user(username)

    async def _access(self, user: User, name: str, asked: Asked) -> Issued:
        if not asked.scopes:
            kind = CredentialKind.SIGN_IN
            return await self._identity.issuing.issue(user, kind, name, frozenset(), ACCESS_LIFETIME)
        try:
            return await self._identity.create_token_of(user.username, name, asked.scopes, ACCESS_LIFETIME)
        except InkError as error:
            raise InvalidGrant(str(error)) from None

    async def _of_family(self, client: Client, family: str) -> tuple[Grant, str]:
        found = await asyncio.to_thread(self._identity.grants.of_family, digest(family))
        if found is None or found[0].client_id != client.client_id:
            raise InvalidGrant("this refresh token is over, was revoked or is another client's; sign in again")
        return found

    async def _grant_of(self, client: Client, token: str) -> Grant:
        if token.startswith(REFRESH):
            return (await self._of_family(client, token.partition(".")[0]))[0]
        access_id = await self._identity.credential_id(token)
        grant = await asyncio.to_thread(self._identity.grants.of_access, access_id)
        if grant is None or grant.client_id != client.client_id:
            raise InvalidGrant("this token is another client's")
        return grant

    def _id_token(self, grant: Grant, access_token: str, nonce: str | None) -> str | None:
        """OpenID Connect Core 1.0, sections 2 and 3.1.3.6."""
        if OPENID not in grant.words:
            return None
        now = self._clock.now()
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {
            "iss": self._issuer,
            "aud": grant.client_id,
            "iat": int(now.timestamp()),
            "exp": int((now + ID_TOKEN_LIFETIME).timestamp()),
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
            **_about(grant),
        }
        if grant.signed_in_at is not None:
            claims["auth_time"] = int(grant.signed_in_at.timestamp())
        return self._signer.sign(claims if nonce is None else claims | {"nonce": nonce})


def _kind_of(grant: Grant) -> CredentialKind:
    return CredentialKind.TOKEN if grant.scopes else CredentialKind.SIGN_IN


def _about(grant: Grant) -> dict[str, Any]:
    """What is told of the person; names of accounts never go to somebody else, so `sub` is the name."""
    return {"sub": grant.username} | ({"preferred_username": grant.username} if PROFILE in grant.words else {})


def _next_of(family: str) -> str:
    return f"{family}.{secrets.token_urlsafe(32)}"
