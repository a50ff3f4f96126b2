"""The metadata of `/mcp` for clients that look for where to sign in (RFC 9728); anybody may read it."""

from __future__ import annotations

from fastapi import APIRouter

from ink_core.api.core import CoreParts
from ink_core.api.security import PUBLIC
from ink_core.identity.principal import USER_SCOPES
from mcp_tools.server.protected_resource import PATH, RESOURCE, ProtectedResource, protected_resource


def mcp_metadata_router(public_url: str) -> APIRouter:
    router = APIRouter(dependencies=[PUBLIC], include_in_schema=False)

    @router.get(PATH, response_model_exclude_none=True)
    @router.get(f"{PATH}{RESOURCE}", response_model_exclude_none=True)
    async def describe(core: CoreParts) -> ProtectedResource:
        return protected_resource(public_url, core.issuer.address if core.issuer else None, USER_SCOPES)

    return router
