"""The seam between the routes and the sign-in by OpenID, which needs the extra `oidc` and is loaded if configured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ink_core.identity.model import Issued


@dataclass(frozen=True)
class CameBack:
    """The query of the redirect back to us (RFC 6749, section 4.1.2; `iss` by RFC 9207)."""

    state: str
    code: str | None
    error: str | None
    iss: str | None


class OpenId(Protocol):
    @property
    def titles(self) -> Mapping[str, str]:
        """Of the providers, by name."""
        ...

    async def begin(self, name: str, address: str) -> tuple[str, str]:
        """Where the browser has to go, and the secret by which it is known when it comes back.

        Raises `NotFound`, `ProviderDown` or `ProviderWrong`.
        """
        ...

    async def finish(self, name: str, back: CameBack, browser: str) -> Issued:
        """The session of who came back.

        Raises `SignInExpired`, `SignInRefused`, `IdentityTokenInvalid`, `UnknownUser`, `AccountLocked`, or what
        `begin` raises.
        """
        ...

    async def close(self) -> None: ...
