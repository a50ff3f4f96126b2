"""The code flow, from the browser that a client sends here to the exchange of its code (OpenID Connect Core 1.0, 3.1).

PKCE with S256 is a must (RFC 7636), and every answer to a client names who answers (RFC 9207).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from ink_core.clock import Clock
from ink_core.errors import Unauthenticated
from ink_core.identity.issuer.asked import Asked, asked_by
from ink_core.identity.issuer.clients import Client, Clients
from ink_core.identity.issuer.codes import CHALLENGE, Code, Codes, use
from ink_core.identity.issuer.errors import (
    AccessDenied,
    InteractionRequired,
    InvalidClient,
    InvalidGrant,
    OAuthRefused,
    RequestNotSupported,
    SignInTooOld,
    UnknownRedirect,
    UnsupportedResponseType,
)
from ink_core.identity.issuer.requests import LIFETIME, AuthorizationRequest, AuthorizationRequests
from ink_core.identity.issuer.tokens import Given, SignedIn, Tokens
from ink_core.identity.principal import Principal
from ink_core.identity.service import IdentityService

MOST_TEXT = 1000
"""Characters of `state` and `nonce`, which we carry and do not read."""
MOST_AGE_S = 366 * 86400
_SECONDS = re.compile(r"[0-9]{1,12}")


class CodeFlow:
    """`issuer` is its address, `page` the one where people decide."""

    def __init__(
        self, issuer: str, page: str, clients: Clients, identity: IdentityService, tokens: Tokens, clock: Clock
    ) -> None:
        self._issuer = issuer
        self._page = page
        self._clients = clients
        self._identity = identity
        self._tokens = tokens
        self._clock = clock
        self._requests = AuthorizationRequests()
        self._codes = Codes()

    def begin(self, query: Sequence[tuple[str, str]], network: str) -> str:
        """Where the browser goes: to the page, or back to the client with what is wrong.

        Raises `UnknownRedirect` when it must not be sent anywhere.
        """
        given = dict(query)
        try:
            client = self._clients.named(given.get("client_id", ""))
        except InvalidClient as error:
            raise UnknownRedirect(str(error)) from None
        redirect_uri = client.checked_redirect(given.get("redirect_uri", ""))
        try:
            request = self._checked(client, redirect_uri, query, given)
        except OAuthRefused as error:
            return self._refused(redirect_uri, given.get("state"), error)
        return f"{self._page}?request={self._requests.begin(request, network, self._clock.now())}"

    def asked(self, identifier: str) -> AuthorizationRequest:
        """What waits for a decision. Raises `NotFound`."""
        return self._requests.get(identifier, self._clock.now())

    def deny(self, identifier: str) -> str:
        """Where the browser goes. Raises `NotFound`."""
        request = self._requests.take(identifier, self._clock.now())
        return self._refused(request.redirect_uri, request.state, AccessDenied("the person did not agree"))

    async def approve(self, identifier: str, by: Principal) -> str:
        """Where the browser goes, with a code. Raises `NotFound`, `SignInTooOld`, or `Unauthenticated`."""
        signed_in_at = await self._identity.signed_in_at(by)
        if signed_in_at is None:
            raise Unauthenticated("the browser session has ended; sign in again")
        now = self._clock.now()
        request = self._requests.get(identifier, now)
        if request.since is not None and signed_in_at < request.since:
            raise SignInTooOld(f"{request.client.title} asks you to sign in once more: sign out and in, then agree")
        self._requests.take(identifier, now)
        asked = Asked(request.asked.scopes & by.scopes, request.asked.words)
        code = self._codes.make(Code(request, by.username, asked, signed_in_at, now), now)
        return self._back(request.redirect_uri, request.state, {"code": code})

    async def redeem(self, client: Client, secret: str, redirect_uri: str, verifier: str) -> Given:
        """The tokens for a code. Raises `InvalidGrant`, and ends what was given out where a code comes again."""
        now = self._clock.now()
        code = self._codes.known(secret, client.client_id, now)
        try:
            use(code, redirect_uri, verifier, now)
        except InvalidGrant:
            await self._end(code)
            raise
        to = SignedIn(client, code.username, code.asked, code.signed_in_at, code.request.nonce)
        given = await self._tokens.give(to)
        code.grant = given.grant
        if code.reused:  # it came again while its tokens were being made
            await self._end(code)
            raise InvalidGrant("this code came twice at once; sign in again")
        return given

    async def _end(self, code: Code) -> None:
        if code.reused and code.grant is not None:
            await self._tokens.end(code.grant)

    def _checked(
        self, client: Client, redirect_uri: str, query: Sequence[tuple[str, str]], given: Mapping[str, str]
    ) -> AuthorizationRequest:
        _check_form(query, given)
        now = self._clock.now()
        return AuthorizationRequest(
            client=client,
            redirect_uri=redirect_uri,
            asked=asked_by(client, given.get("scope", "")),
            challenge=given["code_challenge"],
            state=given.get("state"),
            nonce=given.get("nonce"),
            since=_since(given, now),
            expires_at=now + LIFETIME,
        )

    def _refused(self, redirect_uri: str, state: str | None, error: OAuthRefused) -> str:
        return self._back(redirect_uri, state, {"error": error.code, "error_description": str(error)})

    def _back(self, redirect_uri: str, state: str | None, answer: Mapping[str, str]) -> str:
        """RFC 6749, section 4.1.2; RFC 9207."""
        query = {**answer, "iss": self._issuer} | ({} if state is None else {"state": state})
        return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(query)}"


def _check_form(query: Sequence[tuple[str, str]], given: Mapping[str, str]) -> None:
    if twice := sorted(name for name, count in Counter(name for name, _ in query).items() if count > 1):
        raise OAuthRefused(f"{', '.join(twice)[:100]} comes more than once")
    if {"request", "request_uri"} & given.keys():
        raise RequestNotSupported("the parameters come in the query, not in an object")
    if given.get("response_type") != "code":
        raise UnsupportedResponseType("response_type is code")
    if given.get("response_mode", "query") != "query":
        raise OAuthRefused("response_mode is query")
    if given.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(given.get("code_challenge", "")):
        raise OAuthRefused("PKCE is needed: code_challenge with code_challenge_method S256")
    if any(len(given.get(name, "")) > MOST_TEXT for name in ("state", "nonce")):
        raise OAuthRefused(f"state and nonce have at most {MOST_TEXT} characters")
    if "none" in given.get("prompt", "").split():
        raise InteractionRequired("people are always asked here")


def _since(given: Mapping[str, str], now: datetime) -> datetime | None:
    if "login" in given.get("prompt", "").split():
        return now
    age = given.get("max_age")
    if age is None:
        return None
    if not (_SECONDS.fullmatch(age) and int(age) <= MOST_AGE_S):
        raise OAuthRefused("max_age is a number of seconds")
    return now - timedelta(seconds=int(age))
