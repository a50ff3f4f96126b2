"""Speaks with one provider: its description and keys, remembered for a while, and the exchange of a code.

Deadlines and bounds on everything that it answers. Redirects are not followed: the description names the addresses.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast
from urllib.parse import quote

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ValidationError

from ink_core.clock import Clock
from ink_core.identity.openid.errors import ProviderDown, ProviderWrong, SignInRefused

DEADLINE_S = 10.0
MAX_ANSWER_BYTES = 1024 * 1024
FRESH = timedelta(hours=1)
LOOK_AGAIN = timedelta(minutes=1)
"""Tokens with invented keys make nobody ask the provider more often."""


@dataclass(frozen=True)
class ClientAccount:
    """Who we are to the provider; without a secret a public client."""

    issuer: str
    client_id: str
    secret: str | None


class Description(BaseModel):
    """What we need of the provider's metadata (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None = None
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


class Tokens(BaseModel):
    id_token: str
    access_token: str


Answer = TypeVar("Answer", bound=BaseModel)


class Provider:
    def __init__(self, account: ClientAccount, clock: Clock, http: httpx2.AsyncClient) -> None:
        self.account = account
        self._clock = clock
        self._http = http
        self._description: tuple[Description, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None

    async def description(self) -> Description:
        """Raises `ProviderDown` or `ProviderWrong`."""
        now = self._clock.now()
        if self._description and now - self._description[1] < FRESH:
            return self._description[0]
        address = f"{self.account.issuer.rstrip('/')}/.well-known/openid-configuration"
        found = _parsed(Description, await self._json("GET", address))
        if found.issuer != self.account.issuer:
            raise ProviderWrong(f"the provider says that it is {found.issuer[:200]}, not {self.account.issuer}")
        if insecure := [address for address in _addresses(found) if not _secure_like(address, found.issuer)]:
            raise ProviderWrong(f"the provider wants to be asked in the clear: {insecure[0][:200]}")
        self._description = found, now
        return found

    async def keys(self, *, again: bool = False) -> KeySet:
        """The provider's signing keys; `again` asks once more, but not at once. Raises like `description`."""
        now = self._clock.now()
        if self._keys and now - self._keys[1] < (LOOK_AGAIN if again else FRESH):
            return self._keys[0]
        answer = await self._json("GET", (await self.description()).jwks_uri)
        try:
            keys = KeySet.import_key_set(cast(Any, answer))
        except (JoseError, KeyError, TypeError, ValueError):
            raise ProviderWrong("the provider's keys cannot be read") from None
        self._keys = keys, now
        return keys

    async def exchange(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """Raises `SignInRefused` for a code that does not count, `ProviderDown` or `ProviderWrong`."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        described = await self.description()
        form, auth = self._authenticated(form, described.token_endpoint_auth_methods_supported)
        return _parsed(Tokens, await self._json("POST", described.token_endpoint, data=form, auth=auth))

    async def user_info(self, tokens: Tokens, subject: str) -> Mapping[str, Any]:
        """Claims that the ID token leaves out; none where the provider tells none. Raises like `description`."""
        endpoint = (await self.description()).userinfo_endpoint
        if endpoint is None:
            return {}
        claims = await self._json("GET", endpoint, headers={"Authorization": f"Bearer {tokens.access_token}"})
        if claims.get("sub") != subject:
            raise ProviderWrong("the provider told about somebody else than it signed in")
        return claims

    def _authenticated(
        self, form: dict[str, str], methods: tuple[str, ...]
    ) -> tuple[dict[str, str], tuple[str, str] | None]:
        """RFC 6749, section 2.3.1: both halves form-encoded in the header, or in the form itself."""
        client_id, secret = self.account.client_id, self.account.secret
        if secret is None:
            return {**form, "client_id": client_id}, None
        if "client_secret_basic" in methods:
            return form, (quote(client_id, safe=""), quote(secret, safe=""))
        return {**form, "client_id": client_id, "client_secret": secret}, None

    async def _json(self, method: str, url: str, **request: Any) -> dict[str, Any]:
        try:
            async with asyncio.timeout(DEADLINE_S), self._http.stream(method, url, **request) as response:
                body = await _bounded(response)
        except (httpx2.HTTPError, TimeoutError, OSError) as error:
            raise ProviderDown(f"{self.account.issuer} does not answer ({type(error).__name__})") from error
        except httpx2.InvalidURL:
            raise ProviderWrong(f"the provider names an address that is none: {url[:200]}") from None
        if response.status_code >= 500 or response.status_code == 429:
            raise ProviderDown(f"{self.account.issuer} answers {response.status_code}; try again later")
        if response.status_code >= 400:
            raise SignInRefused(f"{self.account.issuer} refused the sign-in ({response.status_code}); sign in again")
        return _object(body)


async def _bounded(response: httpx2.Response) -> bytes:
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise ProviderWrong("the provider's answer is too long")
    return body


def _object(body: bytes) -> dict[str, Any]:
    try:
        value: object = json.loads(body)
    except ValueError:
        raise ProviderWrong("the provider's answer is no JSON") from None
    if not isinstance(value, dict):
        raise ProviderWrong("the provider's answer is no JSON object")
    return cast(dict[str, Any], value)


def _parsed(kind: type[Answer], value: Mapping[str, Any]) -> Answer:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        missing = ", ".join(str(item["loc"][0]) for item in error.errors() if item["loc"])
        raise ProviderWrong(f"the provider's answer lacks or garbles {missing}") from None


def _addresses(description: Description) -> list[str]:
    optional = [description.userinfo_endpoint] if description.userinfo_endpoint else []
    return [description.authorization_endpoint, description.token_endpoint, description.jwks_uri, *optional]


def _secure_like(address: str, issuer: str) -> bool:
    """Over TLS; in the clear only where the issuer itself is, which the settings allow on this machine alone."""
    return address.startswith("https://") or issuer.startswith("http://")
