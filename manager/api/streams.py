"""What routes that stream have in common: their policy, and their place among what the user holds open."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Any

from fastapi import Depends

from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from manager.api.platform import Parts

User = Annotated[Principal, requires(Scope.AGENT_USE)]


async def _one_stream(principal: User, platform: Parts) -> AsyncGenerator[None]:
    with platform.core.streams.one(principal.username):
        yield


OneStream: Any = Depends(_one_stream)
"""Dependency of a route that streams: counted until its last byte is sent, refused beyond the user's bound."""
