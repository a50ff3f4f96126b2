"""File tools that copy and that set permissions. Same places as `files`."""

from __future__ import annotations

from functools import partial

from pydantic import Field

from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.file_changes import PATHS_LABEL, Entry, entry_at, preview_of, targets_seen
from mcp_tools.result_labels import of_files
from mcp_tools.spec import Binding, Preview, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import ask_agent, from_home


class CopyFile(ToolValue):
    source: str = Field(min_length=1, max_length=4096)
    target: str = Field(min_length=1, max_length=4096, description="Must not exist.")


class ChangeMode(ToolValue):
    path: str = Field(min_length=1, max_length=4096)
    mode: int = Field(ge=0, le=0o777, description="Permission bits as a number: 420 is rw-r--r--, 493 is rwxr-xr-x.")


async def _copy(context: ToolContext, asked: CopyFile) -> Entry:
    paths = {"source": from_home(asked.source), "target": from_home(asked.target)}
    return Entry.model_validate(await ask_agent(context, "files.copy", paths))


async def _find_copied(context: ToolContext, asked: CopyFile) -> Entry | None:
    """A copy appears whole or not at all, so what is there is the copy or was there before."""
    return await entry_at(context, asked.target)


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


_changing = partial(
    ToolSpec,
    risk=Risk.WRITE,
    scopes=frozenset({Scope.FILES_WRITE}),
    runs_on=RunsOn.EXECUTE,
    label=PATHS_LABEL,
    confidentiality_of=of_files,
)

TOOLS: tuple[ToolSpec, ...] = (
    _changing(
        name="copy_file",
        title="Copy a file",
        description="Copy a file, a link or a directory with all below it. Nothing is replaced.",
        input=CopyFile,
        output=Entry,
        idempotent=False,
        timeout_s=600,
        run=_copy,
        preview=_preview_copy,
        bind=_bind_copy,
        reconcile=_find_copied,
    ),
    _changing(
        name="change_mode",
        title="Change permissions",
        description="Set who may read, write and run a file or enter a directory of yours.",
        input=ChangeMode,
        output=Entry,
        idempotent=True,
        timeout_s=60,
        run=_change_mode,
        preview=_preview_mode,
        bind=_bind_mode,
    ),
)
