"""What v2 routes look at as the user, through the user's own access-point agent."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping

from pydantic import JsonValue

from ink_core.agents import AccessPoint
from ink_core.api.core import Core
from ink_core.errors import AgentFault
from ink_core.identity.principal import Principal
from worker_agent.protocol import MAX_READ_BYTES, FileContent

DEADLINE_S = 30.0
JOBS_DIRECTORY = ".ink/Jobs"


async def ask(core: Core, principal: Principal, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
    return await core.agents.call(
        AccessPoint(principal.username),
        method,
        arguments,
        operation_id=f"v2-{secrets.token_hex(12)}",
        deadline_s=DEADLINE_S,
    )


async def read_piece(core: Core, principal: Principal, path: str, offset: int = 0) -> tuple[FileContent, bytes]:
    arguments: dict[str, JsonValue] = {"path": path, "offset": offset, "length": MAX_READ_BYTES}
    piece = FileContent.model_validate(await ask(core, principal, "files.read", arguments))
    return piece, base64.b64decode(piece.content)


async def read_end(core: Core, principal: Principal, path: str) -> bytes:
    """The last piece of a file; nothing of one that is not there (yet)."""
    try:
        piece, data = await read_piece(core, principal, path)
        return data if piece.eof else (await read_piece(core, principal, path, piece.size - MAX_READ_BYTES))[1]
    except AgentFault as fault:
        if fault.code == "not_found":
            return b""
        raise


def in_home(core: Core, principal: Principal, path: str) -> str:
    return f"{core.homes.home(principal.username)}/{path}"
