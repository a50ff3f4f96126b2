"""Where a client without a token learns how to get one: metadata of a protected resource (RFC 9728)."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel

PATH = "/.well-known/oauth-protected-resource"
RESOURCE = "/mcp"


class ProtectedResource(BaseModel):
    """RFC 9728, section 2. `authorization_servers` is missing at a site whose issuer has no clients: tokens come from
    the page there."""

    resource: str
    resource_name: str = "INK Harness"
    authorization_servers: list[str] | None = None
    scopes_supported: list[str]
    bearer_methods_supported: list[str] = ["header"]


def protected_resource(public_url: str, issuer: str | None, scopes: Iterable[str]) -> ProtectedResource:
    return ProtectedResource(
        resource=f"{public_url}{RESOURCE}",
        authorization_servers=[issuer] if issuer else None,
        scopes_supported=sorted(scopes),
    )


def challenge(public_url: str) -> str:
    """The `WWW-Authenticate` of a 401 (section 5.1)."""
    return f'Bearer error="invalid_token", resource_metadata="{public_url}{PATH}{RESOURCE}"'
