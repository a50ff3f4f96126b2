"""File tools that copy and that set permissions. Same places as `files`."""

from __future__ import annotations

from pydantic import Field

from mcp_tools.context import ToolContext
from mcp_tools.file_changes import Entry, changing, preview_of, targets_seen
from mcp_tools.made import made_by
from mcp_tools.operation_ids import id_of
from mcp_tools.spec import Binding, Preview, ToolSpec, ToolValue
from mcp_tools.targets import ask_agent, from_home


class CopyFile(ToolValue):
    source: str = Field(min_length=1, max_length=4096)
    target: str = Field(min_length=1, max_length=4096, description="Must not exist.")


class ChangeMode(ToolValue):
    path: str = Field(min_length=1, max_length=4096)
    mode: int = Field(ge=0, le=0o777, description="Permission bits as a number: 420 is rw-r--r--, 493 is rwxr-xr-x.")


async def _copy(context: ToolContext, asked: CopyFile) -> Entry:
    wanted = {
        "source": from_home(asked.source),
        "target": from_home(asked.target),
        "made_id": id_of(context.operation_id),
    }
    return Entry.model_validate(await ask_agent(context, "files.copy", wanted))


async def _find_copied(context: ToolContext, asked: CopyFile) -> Entry | None:
    return await made_by(context)


async def _preview_copy(context: ToolContext, asked: CopyFile) -> Preview:
    return preview_of(context, f"Copy {asked.source} to {asked.target}", asked.source, asked.target)


async def _bind_copy(context: ToolContext, asked: CopyFile) -> Binding:
    return await targets_seen(context, from_home(asked.source), from_home(asked.target))


async def _change_mode(context: ToolContext, asked: ChangeMode) -> Entry:
    answer = await ask_agent(context, "files.mode", {"path": from_home(asked.path), "mode": asked.mode})
    return Entry.model_validate(answer)


async def _preview_mode(context: ToolContext, asked: ChangeMode) -> Preview:
    return preview_of(context, f"Set the permissions of {asked.path} to {asked.mode:03o}", asked.path)


async def _bind_mode(context: ToolContext, asked: ChangeMode) -> Binding:
    return await targets_seen(context, from_home(asked.path))


TOOLS: tuple[ToolSpec, ...] = (
    changing(
        name="copy_file",
        title="Copy a file",
        description="Copy a file, a link or a directory with all below it. Nothing is replaced.",
        input=CopyFile,
        output=Entry,
        idempotent=False,
        timeout_s=600,
        for_models=False,
        run=_copy,
        preview=_preview_copy,
        bind=_bind_copy,
        reconcile=_find_copied,
    ),
    changing(
        name="change_mode",
        title="Change permissions",
        description="Set who may read, write and run a file or enter a directory of yours.",
        input=ChangeMode,
        output=Entry,
        idempotent=True,
        for_models=False,
        run=_change_mode,
        preview=_preview_mode,
        bind=_bind_mode,
    ),
)
