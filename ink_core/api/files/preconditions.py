"""`If-Match` on changes of files: the tag of the entry, or of its content, that the client saw.

Limits: the look at the file is right before the change and not one with it; `expected_sha256` of a write is compared by
the agent as it replaces the file.
"""

from __future__ import annotations

from contextlib import suppress

from ink_core.agents import UserAgents
from ink_core.api.actions import Precondition
from ink_core.api.etag import check_unchanged, etag_of
from ink_core.storage.faults import FileFault
from ink_core.storage.user_files import UserFiles
from worker_agent.protocol import FilePiece, FilesPull


def content_etag(piece: FilePiece) -> str:
    return f'"{piece.version}"'


def as_seen(agents: UserAgents, user: str, path: str, if_match: str | None) -> Precondition | None:
    """Raises `PreconditionFailed` where the file is another, or none, by now."""
    if if_match is None:
        return None

    async def check() -> None:
        check_unchanged(path, await _etags(UserFiles(agents), user, path), if_match)

    return check


async def _etags(files: UserFiles, user: str, path: str) -> set[str]:
    """None of what is not there; of what has no content, that of the entry alone."""
    try:
        etags = {etag_of(await files.status(user, path))}
    except FileFault as fault:
        if fault.code == "not_found":
            return set()
        raise
    with suppress(FileFault):
        etags.add(content_etag(await files.piece(user, FilesPull(path=path, length=0))))
    return etags
