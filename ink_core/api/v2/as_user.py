"""What v2 routes look at as the user, through the user's own access-point agent."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from pydantic import JsonValue

from ink_core.agents import AccessPoint
from ink_core.api.core import Core
from ink_core.identity.principal import Principal

DEADLINE_S = 30.0


async def ask(core: Core, principal: Principal, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
    return await core.agents.call(
        AccessPoint(principal.username),
        method,
        arguments,
        operation_id=f"v2-{secrets.token_hex(12)}",
        deadline_s=DEADLINE_S,
    )


def in_home(core: Core, principal: Principal, path: str) -> str:
    return f"{core.homes.home(principal.username)}/{path}"
