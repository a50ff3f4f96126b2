"""From a click on "Sign in with …" to a browser session: where to send the browser, and what its return means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx2

from ink_core.clock import Clock
from ink_core.errors import NotFound
from ink_core.identity.address import network_of
from ink_core.identity.external import ExternalIdentity, ExternalPeople, Policy
from ink_core.identity.model import Issued
from ink_core.identity.openid.errors import IdentityTokenInvalid, ProviderWrong, SignInExpired, SignInRefused
from ink_core.identity.openid.id_token import UnknownKey, verified_claims
from ink_core.identity.openid.pending import Pending
from ink_core.identity.openid.port import CameBack
from ink_core.identity.openid.provider import ClientAccount, Provider


@dataclass(frozen=True)
class ProviderOptions:
    """One provider of a site. `redirect_uri` is where it sends browsers back to."""

    name: str
    title: str
    account: ClientAccount
    redirect_uri: str
    scopes: tuple[str, ...]
    username_claim: str
    policy: Policy


class OpenIdSignIn:
    """Implements `ink_core.identity.openid.port.OpenId` for all providers of the site."""

    def __init__(
        self,
        options: Sequence[ProviderOptions],
        people: ExternalPeople,
        clock: Clock,
        http: httpx2.AsyncClient | None = None,
    ) -> None:
        self._http = http or httpx2.AsyncClient(follow_redirects=False)
        self._options = {one.name: one for one in options}
        self._providers = {one.name: Provider(one.account, clock, self._http) for one in options}
        self._people = people
        self._clock = clock
        self._pending = Pending()

    @property
    def titles(self) -> Mapping[str, str]:
        return {name: options.title for name, options in self._options.items()}

    async def begin(self, name: str, address: str) -> tuple[str, str]:
        options, provider = self._named(name)
        described = await provider.description()
        setting_out = self._pending.begin(name, network_of(address), self._clock.now())
        query = {
            "response_type": "code",
            "client_id": options.account.client_id,
            "redirect_uri": options.redirect_uri,
            "scope": " ".join(options.scopes),
            "state": setting_out.state,
            "nonce": setting_out.nonce,
            "code_challenge": setting_out.challenge,
            "code_challenge_method": "S256",
        }
        separator = "&" if urlsplit(described.authorization_endpoint).query else "?"
        return f"{described.authorization_endpoint}{separator}{urlencode(query)}", setting_out.browser

    async def finish(self, name: str, back: CameBack, browser: str) -> Issued:
        options, provider = self._named(name)
        setting_out = self._pending.take(name, back.state, browser, self._clock.now())
        described = await provider.description()
        if back.iss != described.issuer and (back.iss or described.authorization_response_iss_parameter_supported):
            raise SignInExpired("the answer comes from another provider than the one that was asked; sign in again")
        if back.error is not None or not back.code:
            raise SignInRefused(f"{options.title} did not sign you in ({(back.error or 'no code')[:100]})")
        tokens = await provider.exchange(back.code, setting_out.verifier, options.redirect_uri)
        claims = await self._claims(provider, tokens.id_token, setting_out.nonce)
        if options.username_claim not in claims:
            claims = {**await provider.user_info(tokens, claims["sub"]), **claims}
        identity = ExternalIdentity(described.issuer, claims["sub"], _username(claims, options.username_claim))
        return await self._people.sign_in(identity, options.policy, options.title)

    async def close(self) -> None:
        await self._http.aclose()

    def _named(self, name: str) -> tuple[ProviderOptions, Provider]:
        if name not in self._options:
            raise NotFound("this site has no provider of that name")
        return self._options[name], self._providers[name]

    async def _claims(self, provider: Provider, token: str, nonce: str) -> Mapping[str, Any]:
        account, now = provider.account, self._clock.now()
        expected = {"issuer": account.issuer, "client_id": account.client_id, "nonce": nonce}
        try:
            return verified_claims(token, await provider.keys(), **expected, now=now)
        except UnknownKey:
            try:
                return verified_claims(token, await provider.keys(again=True), **expected, now=now)
            except UnknownKey:
                raise IdentityTokenInvalid("the key that signed the provider's token is not the provider's") from None


def _username(claims: Mapping[str, Any], claim: str) -> str:
    name = claims.get(claim)
    if not isinstance(name, str):
        raise ProviderWrong(f"the provider tells no user name: the claim {claim} is missing; ask your administrator")
    return name
