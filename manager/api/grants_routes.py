"""Grants: what approvals still let through; administrators see all, others theirs that the credential may see."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from audit.chains import session_of
from ink_core.api.area import Area
from ink_core.api.security import requires
from ink_core.identity.principal import Principal
from manager.api.approval_view import shown_to
from manager.api.platform import Parts
from manager.gate.approvals import Grant, GrantNotFound

router = Area(prefix="/api/v1/grants", tags=["approvals"])
Anyone = Annotated[Principal, requires()]


class GrantView(BaseModel):
    """`arguments`: for each argument of a later call the limit that it must keep."""

    grant_id: str
    approval_id: str
    session_id: str | None
    tool: str
    requester: str
    approver: str
    rule: str
    risk: str
    owners: list[str]
    most_targets: int
    arguments: dict[str, dict[str, JsonValue]]
    given_at: datetime
    expires_at: datetime
    used: int
    most_uses: int


class Revocation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=1000)


@router.get("")
async def list_grants(principal: Anyone, platform: Parts) -> list[GrantView]:
    """Those that still let calls through."""
    live = platform.gate.grants.live()
    return [_view(grant) for grant in live if shown_to(principal, grant, platform.gate.results)]


@router.post("/{grant_id}/revoke", status_code=204)
async def revoke_grant(grant_id: str, revocation: Revocation, principal: Anyone, platform: Parts) -> None:
    """Ends it: later calls wait for an approval again."""
    grant = platform.gate.grants.book.get(grant_id)
    if grant.requester == principal.username and not shown_to(principal, grant, platform.gate.results):
        raise GrantNotFound(f"there is no grant {grant_id}")
    await platform.gate.grants.revoke(grant_id, principal, revocation.reason.strip())


def _view(grant: Grant) -> GrantView:
    return GrantView(
        grant_id=grant.grant_id,
        approval_id=grant.approval_id,
        session_id=session_of(grant.chain),
        tool=grant.tool,
        requester=grant.requester,
        approver=grant.approver,
        rule=grant.rule,
        risk=grant.risk.value,
        owners=sorted(grant.owners),
        most_targets=grant.most_targets,
        arguments={name: {"kind": limit.kind.value, "value": limit.value} for name, limit in grant.arguments.items()},
        given_at=grant.given_at,
        expires_at=grant.expires_at,
        used=grant.used,
        most_uses=grant.most_uses,
    )
