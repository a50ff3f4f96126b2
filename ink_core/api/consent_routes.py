"""The person's side of the code flow: who asks for what, and what is decided. For the page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from ink_core.api.core import CoreParts
from ink_core.api.issuer_routes import issuer_of
from ink_core.api.security import check_browser_session, requires
from ink_core.identity.principal import Principal, Scope

router = APIRouter(prefix="/api/v1/authorization-requests", tags=["identity"])
Person = Annotated[Principal, requires()]


class ConsentRow(BaseModel):
    """`answered_at` is the host that the browser will be sent to; `words` are those of OpenID Connect."""

    client: str
    answered_at: str
    scopes: list[Scope]
    words: list[str]
    expires_at: datetime


class Consent(BaseModel):
    model_config = ConfigDict(extra="forbid")

    verdict: Literal["approve", "deny"]


class SentOn(BaseModel):
    """`url` is where the page sends the browser."""

    url: str


@router.get("/{request_id}")
async def get_authorization_request(core: CoreParts, principal: Person, request_id: str) -> ConsentRow:
    """What waits for the person's decision; of its scopes those that the person has."""
    asked = (await issuer_of(core)).code_flow.asked(request_id)
    to = urlsplit(asked.redirect_uri)
    return ConsentRow(
        client=asked.client.title,
        answered_at=to.netloc or f"{to.scheme}:",
        scopes=sorted(asked.asked.scopes & principal.scopes),
        words=sorted(asked.asked.words),
        expires_at=asked.expires_at,
    )


@router.post("/{request_id}")
async def decide_authorization_request(
    core: CoreParts, principal: Person, request_id: str, decision: Consent
) -> SentOn:
    """From a browser session only: a token that leaked must not make others."""
    check_browser_session(principal)
    code_flow = (await issuer_of(core)).code_flow
    if decision.verdict == "deny":
        return SentOn(url=code_flow.deny(request_id))
    return SentOn(url=await code_flow.approve(request_id, principal))
