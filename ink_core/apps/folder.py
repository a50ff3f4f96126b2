"""The folder of a session, `.ink/Jobs/{app}-{timestamp}` in its user's home, through the user's own agent."""

from __future__ import annotations

import base64
import posixpath
import secrets
from collections.abc import Mapping

from pydantic import JsonValue

from ink_core.agents import AccessPoint, UserAgents
from ink_core.errors import AgentFault
from worker_agent.protocol import FileContent, FilesListed

JOBS_DIRECTORY = ".ink/Jobs"
OUTPUT = "app.out"
ERRORS = "app.err"
LOGS = frozenset({OUTPUT, ERRORS})
DEADLINE_S = 20.0
LOG_END_BYTES = 8192
DOOR_SAYS = "door: "
MOST_SAID = 300


class SessionFolders:
    """Raises what `UserAgents.call` raises."""

    def __init__(self, agents: UserAgents) -> None:
        self._agents = agents

    async def make(self, user: str, folder: str, files: Mapping[str, tuple[bytes, int]]) -> None:
        """The folder, closed to others before anything is in it, and its files: contents and modes."""
        await self._ask(user, "files.mkdir", {"path": folder})
        await self._ask(user, "files.mode", {"path": folder, "mode": 0o700})
        for below in sorted({posixpath.dirname(name) for name in files} - {""}):
            await self._ask(user, "files.mkdir", {"path": f"{folder}/{below}"})
        for name, (content, mode) in files.items():
            text = base64.b64encode(content).decode()
            wanted: dict[str, JsonValue] = {"path": f"{folder}/{name}", "content": text, "mode": mode}
            await self._ask(user, "files.write", {**wanted, "overwrite": True})

    async def read(self, user: str, path: str, length: int, offset: int = 0) -> tuple[FileContent, bytes] | None:
        """A piece of a file; None where there is none (yet)."""
        wanted: dict[str, JsonValue] = {"path": path, "offset": offset, "length": length}
        try:
            piece = FileContent.model_validate(await self._ask(user, "files.read", wanted))
        except AgentFault as fault:
            if fault.code == "not_found":
                return None
            raise
        return piece, base64.b64decode(piece.content)

    async def log_end(self, user: str, folder: str) -> str:
        """The end of what the app said, errors last; empty where it has said nothing."""
        ends = [await self._end(user, f"{folder}/{name}") for name in (OUTPUT, ERRORS)]
        return b"".join(ends).decode(errors="replace")

    async def door_said(self, user: str, folder: str) -> str | None:
        """Why the door could not offer the app, in its own last line; None where it has said nothing."""
        lines = (await self._end(user, f"{folder}/{ERRORS}")).decode(errors="replace").splitlines()
        said = [line.removeprefix(DOOR_SAYS) for line in lines if line.startswith(DOOR_SAYS)]
        return "".join(filter(str.isprintable, said[-1]))[:MOST_SAID] if said else None

    async def empty(self, user: str, folder: str, *, keep_log: bool) -> None:
        """Removes it; with `keep_log`, all in it but the log."""
        try:
            if not keep_log:
                await self._ask(user, "files.remove", {"path": folder, "recursive": True})
                return
            listed = FilesListed.model_validate(await self._ask(user, "files.list", {"path": folder, "hidden": True}))
            for entry in listed.entries:
                if entry.name not in LOGS:
                    await self._ask(user, "files.remove", {"path": f"{folder}/{entry.name}", "recursive": True})
        except AgentFault as fault:
            if fault.code != "not_found":
                raise

    async def _end(self, user: str, path: str) -> bytes:
        found = await self.read(user, path, LOG_END_BYTES)
        if found is not None and found[0].size > LOG_END_BYTES:
            found = await self.read(user, path, LOG_END_BYTES, found[0].size - LOG_END_BYTES)
        return found[1] if found else b""

    async def _ask(self, user: str, method: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        operation_id = f"app-{secrets.token_hex(12)}"
        return await self._agents.call(
            AccessPoint(user), method, arguments, operation_id=operation_id, deadline_s=DEADLINE_S
        )
