"""The device flow over HTTP: the program's side in the form of RFC 8628, the person's side for the page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from ink_core.api.core import CoreParts
from ink_core.api.oauth import NO_STORE, REFUSED, oauth_error
from ink_core.api.security import PUBLIC, check_browser_session, client_address, requires, security_of
from ink_core.errors import InkError
from ink_core.identity.address import network_of
from ink_core.identity.device import INTERVAL, LIFETIME, DeviceRequest
from ink_core.identity.principal import USER_SCOPES, Principal, Scope

router = APIRouter(tags=["identity"])
Person = Annotated[Principal, requires()]
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
TOKEN_LIFETIME = timedelta(days=30)


class DeviceAuthorization(BaseModel):
    """RFC 8628, section 3.2."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int


class DeviceToken(BaseModel):
    """RFC 6749, section 5.1."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a word, not a secret
    expires_in: int
    scope: str


class DeviceRow(BaseModel):
    """What the person is asked to confirm; `client` is what the program calls itself.

    `words` are those of OpenID Connect, for a client of INK's own issuer.
    """

    user_code: str
    client: str
    scopes: list[Scope]
    words: list[str]
    network: str
    expires_at: datetime


class Decision(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verdict: Literal["approve", "deny"]


@router.post("/api/v1/auth/device", dependencies=[PUBLIC], response_model=DeviceAuthorization, responses=REFUSED)
async def request_device_code(
    request: Request,
    core: CoreParts,
    client_id: Annotated[str, Form(min_length=1, max_length=100)],
    scope: Annotated[str, Form(max_length=500)] = "",
) -> Response:
    """A program asks for a token; `scope` names scopes by spaces, none means what every user may."""
    try:
        scopes = frozenset(Scope(word) for word in scope.split()) or USER_SCOPES
    except ValueError:
        return oauth_error("invalid_scope", f"the scopes are {' '.join(Scope)}")
    if core.issuer is not None and core.issuer.clients.has_title(client_id):
        return oauth_error("invalid_client", "a registered program of that name asks at /oidc/device_authorization")
    network = network_of(client_address(request))
    return begun(request, *core.devices.begin(client_id, scopes, network, core.clock.now()))


def begun(request: Request, device_code: str, asked: DeviceRequest) -> Response:
    """What the program is told: its code, and what to show to its person."""
    shown = _shown(asked)
    page = f"{security_of(request).public_url}/#/device"
    body = DeviceAuthorization(
        device_code=device_code,
        user_code=shown,
        verification_uri=page,
        verification_uri_complete=f"{page}?code={shown}",
        expires_in=int(LIFETIME.total_seconds()),
        interval=int(INTERVAL.total_seconds()),
    )
    return JSONResponse(body.model_dump(), headers=NO_STORE)


@router.post("/api/v1/auth/device/token", dependencies=[PUBLIC], response_model=DeviceToken, responses=REFUSED)
async def collect_device_token(
    core: CoreParts,
    grant_type: Annotated[str, Form(max_length=100)],
    device_code: Annotated[str, Form(max_length=128)],
) -> Response:
    """The token, once; until then the errors of RFC 8628, section 3.5."""
    if grant_type != GRANT:
        return oauth_error("unsupported_grant_type", f"grant_type is {GRANT}")
    try:
        asked, by = core.devices.collect(device_code, core.clock.now())
        issued = await core.identity.create_token(by, asked.client, asked.scopes, TOKEN_LIFETIME)
    except InkError as error:
        return oauth_error(error.code if error.http_status == 400 else "access_denied", str(error))
    body = DeviceToken(
        access_token=issued.secret,
        expires_in=int(TOKEN_LIFETIME.total_seconds()),
        scope=" ".join(sorted(asked.scopes)),
    )
    return JSONResponse(body.model_dump(), headers=NO_STORE)


@router.get("/api/v1/device-requests/{user_code}")
async def get_device_request(core: CoreParts, principal: Person, user_code: str) -> DeviceRow:
    """What waits under this code."""
    asked = core.devices.asked(user_code, core.clock.now())
    return DeviceRow(
        user_code=_shown(asked),
        client=asked.client,
        scopes=sorted(asked.scopes),
        words=sorted(asked.words),
        network=asked.network,
        expires_at=asked.expires_at,
    )


@router.post("/api/v1/device-requests/{user_code}", status_code=204)
async def decide_device_request(core: CoreParts, principal: Person, user_code: str, decision: Decision) -> None:
    """From a browser session only: a token that leaked must not make others."""
    check_browser_session(principal)
    if decision.verdict == "approve":
        core.devices.approve(user_code, principal, core.clock.now())
    else:
        core.devices.deny(user_code, core.clock.now())


def _shown(asked: DeviceRequest) -> str:
    half = len(asked.user_code) // 2
    return f"{asked.user_code[:half]}-{asked.user_code[half:]}"
