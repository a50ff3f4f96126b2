"""INK's own OpenID issuer over HTTP: what registered clients call. People decide on the page, by `consent_routes`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, Field
from starlette.requests import HTTPConnection
from starlette.responses import Response

from ink_core.api.core import Core, CoreParts
from ink_core.api.device_routes import GRANT as DEVICE
from ink_core.api.device_routes import DeviceAuthorization, begun
from ink_core.api.oauth import NO_STORE, REFUSED, oauth_error
from ink_core.api.security import PUBLIC, client_address, holder, presented, requires
from ink_core.errors import NotFound, TokenExpired, TokenInvalid, Unauthenticated
from ink_core.identity.address import network_of
from ink_core.identity.device import AccessDenied, AuthorizationPending, DeviceCodeExpired
from ink_core.identity.issuer.asked import WORDS, Asked, asked_by
from ink_core.identity.issuer.clients import Client
from ink_core.identity.issuer.errors import OAuthRefused, UnknownRedirect, UnsupportedGrantType
from ink_core.identity.issuer.issuer import CONSENT_PAGE, PATH, Issuer
from ink_core.identity.issuer.tokens import ACCESS_LIFETIME, Given, SignedIn
from ink_core.identity.model import CredentialKind
from ink_core.identity.principal import Principal
from ink_core.identity.secret import PREFIXES

router = APIRouter(prefix=PATH, tags=["OpenID issuer"])
CODE, REFRESH = "authorization_code", "refresh_token"
ALGORITHM = "RS256"
Text = Annotated[str, Field(max_length=4096)]


class Discovery(BaseModel):
    """OpenID Connect Discovery 1.0, section 3; RFC 8414; RFC 9207."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    device_authorization_endpoint: str
    revocation_endpoint: str
    scopes_supported: list[str]
    response_types_supported: list[str] = ["code"]
    response_modes_supported: list[str] = ["query"]
    grant_types_supported: list[str] = [CODE, REFRESH, DEVICE]
    subject_types_supported: list[str] = ["public"]
    id_token_signing_alg_values_supported: list[str] = [ALGORITHM]
    token_endpoint_auth_methods_supported: list[str] = ["none"]
    revocation_endpoint_auth_methods_supported: list[str] = ["none"]
    code_challenge_methods_supported: list[str] = ["S256"]
    claims_supported: list[str] = ["sub", "preferred_username", "auth_time"]
    authorization_response_iss_parameter_supported: bool = True
    request_parameter_supported: bool = False
    request_uri_parameter_supported: bool = False


class KeySet(BaseModel):
    """RFC 7517, section 5."""

    keys: Sequence[Mapping[str, Any]]


class TokenRequest(BaseModel):
    """Of all three kinds; what a kind needs is told when it is missing."""

    grant_type: Text = ""
    client_id: Text = ""
    code: Text = Field(default="", repr=False)
    redirect_uri: Text = ""
    code_verifier: Text = Field(default="", repr=False)
    refresh_token: Text = Field(default="", repr=False)
    device_code: Text = Field(default="", repr=False)


class IssuedTokens(BaseModel):
    """RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a word, not a secret
    expires_in: int
    scope: str
    refresh_token: str | None = None
    id_token: str | None = None


class PersonInfo(BaseModel):
    """OpenID Connect Core 1.0, section 5.3.2; the name for the scope `profile`."""

    sub: str
    preferred_username: str | None = None


async def issuer_of(core: CoreParts) -> Issuer:
    """Raises `NotFound` at a site without registered clients."""
    if core.issuer is None:
        raise NotFound("no program signs people in here: none is registered in sign_in.clients")
    return core.issuer


@router.get("/.well-known/openid-configuration", dependencies=[PUBLIC])
async def get_issuer_description(core: CoreParts) -> Discovery:
    """What the issuer offers and where, for clients to set themselves up by."""
    issuer = await issuer_of(core)
    endpoints = ("authorize", "token", "userinfo", "jwks", "device_authorization", "revoke")
    authorize, token, userinfo, jwks, device, revoke = (f"{issuer.address}/{name}" for name in endpoints)
    return Discovery(
        issuer=issuer.address,
        authorization_endpoint=authorize,
        token_endpoint=token,
        userinfo_endpoint=userinfo,
        jwks_uri=jwks,
        device_authorization_endpoint=device,
        revocation_endpoint=revoke,
        scopes_supported=sorted(WORDS | issuer.clients.scopes),
    )


@router.get("/jwks", dependencies=[PUBLIC])
async def get_issuer_keys(core: CoreParts) -> KeySet:
    """The public keys of ID tokens: that of now, and the one before it."""
    return KeySet.model_validate((await issuer_of(core)).signer.published())


@router.get("/authorize", dependencies=[PUBLIC], include_in_schema=False)
async def authorize(request: Request, core: CoreParts) -> Response:
    """Where a client sends the browser of who wants to sign in."""
    return await _sent(request, core, request.query_params.multi_items())


@router.post("/authorize", dependencies=[PUBLIC], include_in_schema=False)
async def authorize_by_form(request: Request, core: CoreParts) -> Response:
    """The same, by a form."""
    form = await request.form()
    return await _sent(request, core, [(name, value) for name, value in form.multi_items() if isinstance(value, str)])


@router.post("/token", dependencies=[PUBLIC], response_model=IssuedTokens, responses=REFUSED)
async def exchange_token(core: CoreParts, form: Annotated[TokenRequest, Form()]) -> Response:
    """Tokens for a code, for a refresh token or for a confirmed device code."""
    issuer = await issuer_of(core)
    try:
        given = await _given(core, issuer, issuer.clients.named(form.client_id), form)
    except (OAuthRefused, AuthorizationPending, AccessDenied, DeviceCodeExpired) as error:
        return oauth_error(error.code, str(error))
    return JSONResponse(_shown(given).model_dump(exclude_none=True), headers=NO_STORE)


@router.post("/device_authorization", dependencies=[PUBLIC], response_model=DeviceAuthorization, responses=REFUSED)
async def begin_device_authorization(
    request: Request, core: CoreParts, client_id: Annotated[Text, Form()] = "", scope: Annotated[Text, Form()] = ""
) -> Response:
    """A client without a browser asks for a code for its person to confirm on the page (RFC 8628)."""
    try:
        client = (await issuer_of(core)).clients.named(client_id)
        asked = asked_by(client, scope)
    except OAuthRefused as error:
        return oauth_error(error.code, str(error))
    network = network_of(client_address(request))
    waiting = core.devices.begin(
        client.title, asked.scopes, network, core.clock.now(), client_id=client.client_id, words=asked.words
    )
    return begun(request, *waiting)


@router.post("/revoke", dependencies=[PUBLIC], responses=REFUSED, response_class=Response)
async def revoke_client_token(
    core: CoreParts, token: Annotated[Text, Form()] = "", client_id: Annotated[Text, Form()] = ""
) -> Response:
    """Ends the sign-in that an access or refresh token is of; an unknown token is no error (RFC 7009)."""
    issuer = await issuer_of(core)
    try:
        await issuer.tokens.revoke(issuer.clients.named(client_id), token)
    except OAuthRefused as error:
        return oauth_error(error.code, str(error))
    return Response(headers=NO_STORE)


async def _by_client(connection: HTTPConnection) -> Principal:
    """Whom a client's access token is of, also one that opens nothing else."""
    secret, kind = presented(connection)
    if kind is not CredentialKind.TOKEN:
        raise Unauthenticated("send the access token: Authorization: Bearer TOKEN")
    if secret.startswith(PREFIXES[CredentialKind.SIGN_IN]):
        kind = CredentialKind.SIGN_IN
    try:
        return await holder(connection, secret, kind)
    except (TokenInvalid, TokenExpired):
        raise Unauthenticated("this access token is not valid or no longer so; sign in again") from None


SignedInPerson = Annotated[Principal, requires(who=_by_client)]


@router.post("/userinfo", include_in_schema=False, response_model_exclude_none=True)
@router.get("/userinfo", response_model_exclude_none=True)
async def get_person_info(core: CoreParts, principal: SignedInPerson) -> PersonInfo:
    """Who has signed in."""
    return PersonInfo.model_validate(await (await issuer_of(core)).tokens.user_info(principal))


async def _sent(request: Request, core: Core, query: Sequence[tuple[str, str]]) -> Response:
    issuer = await issuer_of(core)
    try:
        to = issuer.code_flow.begin(query, network_of(client_address(request)))
    except UnknownRedirect:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        to = f"{CONSENT_PAGE}?problem={UnknownRedirect.code}"
    return RedirectResponse(to, 303, NO_STORE)


async def _given(core: Core, issuer: Issuer, client: Client, form: TokenRequest) -> Given:
    if form.grant_type == CODE:
        return await issuer.code_flow.redeem(client, form.code, form.redirect_uri, form.code_verifier)
    if form.grant_type == REFRESH:
        return await issuer.tokens.renew(client, form.refresh_token)
    if form.grant_type == DEVICE:
        asked, by = core.devices.collect(form.device_code, core.clock.now(), client.client_id)
        signed_in_at = await core.identity.signed_in_at(by)
        return await issuer.tokens.give(SignedIn(client, by.username, Asked(asked.scopes, asked.words), signed_in_at))
    raise UnsupportedGrantType(f"grant_type is {CODE}, {REFRESH} or {DEVICE}")


def _shown(given: Given) -> IssuedTokens:
    return IssuedTokens(
        access_token=given.access_token,
        expires_in=int(ACCESS_LIFETIME.total_seconds()),
        scope=given.scope,
        refresh_token=given.refresh_token,
        id_token=given.id_token,
    )
