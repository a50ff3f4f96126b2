"""What an approval is bound to beyond the arguments: files and jobs as they are when it is asked for.

The same look is taken again just before the call runs; files are compared once more in the worker itself.
"""

from __future__ import annotations

import difflib
from secrets import token_hex
from typing import Literal

from audit.canonical import canonical_json, sha256_hex
from ink_core.agents import AgentTarget
from ink_core.compute.model import Job
from ink_core.errors import AgentFault
from mcp_tools.context import ToolContext
from mcp_tools.spec import Seen
from worker_agent import protocol

MAX_DIFF_LINES = 200
MAX_DIFF_CHARACTERS = 16_000
MAX_COMPARED_LINES = 1_000
"""Of either side: comparing takes time that grows with the square of the lines."""
TOO_LONG = f"… over {MAX_COMPARED_LINES} lines, too long to compare\n"
OUT_OF_SIGHT = frozenset({"path_outside_workspace", "permission_denied"})


async def file_seen(
    context: ToolContext, agent: AgentTarget, kind: Literal["input", "target"], path: str
) -> Seen | None:
    """A file as that agent sees it now; None where it lies beyond what the agent may see."""
    try:
        answer = await context.services.agents.call(
            agent,
            "files.digest",
            {"path": path},
            operation_id=f"look-{token_hex(12)}",
            deadline_s=context.deadline_s,
        )
    except AgentFault as fault:
        if fault.code in OUT_OF_SIGHT:
            return None
        raise
    return Seen(kind=kind, name=path, digest=protocol.FileDigest.model_validate(answer).sha256)


def job_seen(job: Job) -> Seen:
    """What makes a job the one that was meant; its state may change, its owner and command may not."""
    submitted = job.submitted_at.isoformat() if job.submitted_at else None
    identity = [job.cluster, job.job_id, job.owner, job.command, job.working_directory, submitted]
    return Seen(kind="job", name=f"{job.cluster}/{job.job_id}", digest=sha256_hex(canonical_json(identity)))


def unified_diff(path: str, before: bytes | None, after: bytes) -> str | None:
    """The change in lines, cut to a length that people read; None for what is not text, a note for what is too long."""
    try:
        old = (before or b"").decode().splitlines(keepends=True)
        new = after.decode().splitlines(keepends=True)
    except UnicodeDecodeError:
        return None
    if max(len(old), len(new)) > MAX_COMPARED_LINES:
        return TOO_LONG
    lines = list(difflib.unified_diff(old, new, path if before is not None else "/dev/null", path, n=2))
    shown = "".join(line if line.endswith("\n") else f"{line}\n" for line in lines[:MAX_DIFF_LINES])
    left_out = len(lines) - MAX_DIFF_LINES
    text = shown[:MAX_DIFF_CHARACTERS]
    if left_out > 0 or len(text) < len(shown):
        text = text.rstrip("\n") + "\n… cut\n"
    return text or None
