"""`/api/v3/credentials`: what a program gets to act as its user where the platform does not reach."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from ink_core.api.core import CoreParts
from ink_core.api.v3.bearer import bearer_requires
from ink_core.errors import NotFound
from ink_core.identity.principal import Principal, Scope

router = APIRouter(prefix="/api/v3/credentials", tags=["INK v3"])


class ExportedCredential(BaseModel):
    """A certificate for SSH with its key, as OpenSSH's files have them; both are shown this once."""

    username: str
    kind: Literal["ssh-cert"] = "ssh-cert"
    certificate: str
    private_key: str = Field(repr=False)
    expires_at: datetime


class NothingToExport(NotFound):
    """The site has no SSH certificate authority here, and the platform keeps no Kerberos tickets of its users."""

    code = "nothing_to_export"


@router.post("/export")
async def export_credential(
    principal: Annotated[Principal, bearer_requires(Scope.CREDENTIALS_EXPORT)], core: CoreParts, response: Response
) -> ExportedCredential:
    """A certificate for five minutes, by which the user logs in over SSH where hosts trust the site's authority."""
    if core.ssh_certificates is None:
        raise NothingToExport(
            "this site gives no credentials to export: it has no SSH certificate authority (sign_in.ssh_ca_key_file), "
            "and Kerberos tickets of users are not kept; jobs and files go by this token"
        )
    made = await core.ssh_certificates.issue(principal)
    response.headers["Cache-Control"] = "no-store"
    return ExportedCredential(
        username=principal.username,
        certificate=made.certificate,
        private_key=made.private_key,
        expires_at=made.expires_at,
    )
