"""The ends of what a job has written, read by its owner's own access-point agent."""

from __future__ import annotations

import asyncio

from ink_core.api.core import Core
from ink_core.compute.model import Job
from ink_core.compute.output import JobOutput
from ink_core.identity.principal import Principal
from ink_core.storage.faults import FileFault
from ink_core.storage.user_files import UserFiles
from worker_agent.protocol import FilesPull

END_BYTES = 1024 * 1024


async def output_of(core: Core, principal: Principal, job: Job) -> dict[str, str]:
    """The ends of both files of one's own job; empty while it has not written. Raises `NotYourJob`."""
    JobOutput.check_own(principal.username, job)

    async def end_of(path: str | None) -> str:
        return (await read_end(core, principal, path)).decode(errors="replace") if path else ""

    output, error = await asyncio.gather(end_of(job.stdout), end_of(job.stderr))
    return {"job_id": job.job_id, "output": output, "error": error}


async def read_end(core: Core, principal: Principal, path: str) -> bytes:
    """The last piece of a file; nothing of one that is not there (yet)."""
    files = UserFiles(core.agents)
    try:
        piece = await files.piece(principal.username, FilesPull(path=path, length=END_BYTES))
        if piece.size > END_BYTES:
            last = FilesPull(path=path, offset=piece.size - END_BYTES, length=END_BYTES)
            piece = await files.piece(principal.username, last)
        return piece.payload
    except FileFault as fault:
        if fault.code == "not_found":
            return b""
        raise
