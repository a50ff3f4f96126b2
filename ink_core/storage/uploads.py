"""Uploads as their user: bytes are staged by the user's own agent, beside the file that a commit makes of them.

Limits: the commit itself is a tool call through the gate; here nothing becomes visible under its name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from secrets import token_hex

from pydantic import BaseModel, JsonValue

from ink_core.agents import AccessPoint, UserAgents
from ink_core.storage.faults import file_faults
from worker_agent.protocol import (
    MAX_PIECE_BYTES,
    Upload,
    UploadAppend,
    UploadBegin,
    UploadCut,
    UploadJoin,
    UploadList,
    Uploads,
    UploadTarget,
)

DEADLINE_S = 60.0
LONG_DEADLINE_S = 1800.0
"""Joining and digesting read all that was staged."""
MAX_UPLOAD_BYTES = 2**40
KEPT_S = 2 * 86400.0
"""How long staged bytes wait for more."""


def new_upload_id() -> str:
    return token_hex(16)


class UserUploads:
    """All of it as `user`. Raises `FileFault`, and what else `UserAgents` raises."""

    def __init__(self, agents: UserAgents) -> None:
        self._agents = agents

    async def begin(self, user: str, path: str | None, size: int, *, overwrite: bool, mode: int) -> Upload:
        """`path` is None for a part that is joined with others later."""
        wanted = UploadBegin(
            upload_id=new_upload_id(), path=path, size=size, overwrite=overwrite, mode=mode, expires_s=KEPT_S
        )
        return await self._ask(user, "upload.begin", wanted)

    async def join(self, user: str, parts: Sequence[str], path: str, *, overwrite: bool, mode: int) -> Upload:
        wanted = UploadJoin(
            upload_id=new_upload_id(),
            parts=tuple(parts),
            path=path,
            overwrite=overwrite,
            mode=mode,
            expires_s=KEPT_S,
        )
        return await self._ask(user, "upload.join", wanted, deadline_s=LONG_DEADLINE_S)

    async def look(self, user: str, upload_id: str) -> Upload:
        return await self._ask(user, "upload.stat", UploadTarget(upload_id=upload_id))

    async def complete(self, user: str, upload_id: str) -> Upload:
        """With the SHA-256 of what was staged."""
        wanted = UploadTarget(upload_id=upload_id, digest=True)
        return await self._ask(user, "upload.stat", wanted, deadline_s=LONG_DEADLINE_S)

    async def under_way(self, user: str) -> Sequence[Upload]:
        answer = await self._answer(user, "upload.list", UploadList())
        return [upload for upload in Uploads.model_validate(answer).uploads if not upload.done]

    async def cut(self, user: str, upload_id: str, offset: int, *, final: bool = False) -> Upload:
        """What was staged before `offset` counts; the rest is dropped. With `final` that is all there will be."""
        return await self._ask(user, "upload.cut", UploadCut(upload_id=upload_id, offset=offset, final=final))

    async def abort(self, user: str, upload_id: str) -> None:
        await self._ask(user, "upload.abort", UploadTarget(upload_id=upload_id))

    async def append(
        self, user: str, upload_id: str, offset: int, data: AsyncIterator[bytes], *, held: bool = False
    ) -> int:
        """Stage a stream from `offset` on; the offset behind it. What came before an error stays staged.

        What is `held` counts only after a `cut` behind it, whatever happens here or at the agent before that.
        """
        held_from = offset if held else None
        async for piece in _pieces(data):
            wanted = UploadAppend(upload_id=upload_id, offset=offset, held_from=held_from)
            await self._ask(user, "upload.append", wanted, payload=piece)
            offset += len(piece)
        return offset

    async def _ask(
        self, user: str, method: str, wanted: BaseModel, *, payload: bytes = b"", deadline_s: float = DEADLINE_S
    ) -> Upload:
        return Upload.model_validate(await self._answer(user, method, wanted, payload, deadline_s))

    async def _answer(
        self, user: str, method: str, wanted: BaseModel, payload: bytes = b"", deadline_s: float = DEADLINE_S
    ) -> JsonValue:
        with file_faults():
            answer = await self._agents.exchange(
                AccessPoint(user),
                method,
                wanted.model_dump(mode="json"),
                payload=payload,
                operation_id=f"upload-{token_hex(12)}",
                deadline_s=deadline_s,
            )
        return answer.result


async def _pieces(data: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of one size, as few frames as they fit into. What came before an error comes first."""
    held = bytearray()
    try:
        async for chunk in data:
            held += chunk
            while len(held) >= MAX_PIECE_BYTES:
                yield bytes(held[:MAX_PIECE_BYTES])
                del held[:MAX_PIECE_BYTES]
    except Exception:
        if held:
            yield bytes(held)
        raise
    if held:
        yield bytes(held)
