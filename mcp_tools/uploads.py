"""The step of an upload that makes its file: from the bytes that the access-point agent has staged.

An unknown outcome is resolved by committing again: the agent answers the second commit like the first.
"""

from __future__ import annotations

from pydantic import Field

from ink_core.agents import AccessPoint
from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.file_changes import PATHS_LABEL, Entry, preview_of
from mcp_tools.result_labels import of_home
from mcp_tools.spec import Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import from_home


class CommitUpload(ToolValue):
    """`path`, `size` and `sha256` say what becomes visible: the agent refuses other bytes, and another path."""

    upload_id: str = Field(pattern="^[0-9a-f]{32}$")
    path: str = Field(min_length=1, max_length=4096)
    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


async def _commit(context: ToolContext, asked: CommitUpload) -> Entry:
    answer = await context.services.agents.call(
        AccessPoint(context.acting_as),
        "upload.commit",
        {
            "upload_id": asked.upload_id,
            "path": from_home(asked.path),
            "size": asked.size,
            "sha256": asked.sha256,
        },
        operation_id=context.operation_id,
        deadline_s=context.deadline_s,
    )
    return Entry.model_validate(answer)


async def _preview(context: ToolContext, asked: CommitUpload) -> Preview:
    return preview_of(context, f"Put {asked.size} uploaded bytes at {asked.path}", asked.path)


TOOLS: tuple[ToolSpec, ...] = (
    ToolSpec(
        name="commit_upload",
        title="Finish an upload",
        description="Make the file of an upload whose bytes were sent over REST.",
        input=CommitUpload,
        output=Entry,
        risk=Risk.WRITE,
        scopes=frozenset({Scope.FILES_WRITE}),
        runs_on=RunsOn.ACCESS_POINT,
        idempotent=True,
        timeout_s=600,
        label=PATHS_LABEL,
        confidentiality_of=of_home,
        run=_commit,
        preview=_preview,
        for_models=False,
    ),
)
