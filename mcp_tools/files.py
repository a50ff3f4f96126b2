"""File tools that look: list, read, search, disk use. They run in the session's worker, else at the access point.

What changes files is in `file_changes`.
"""

from __future__ import annotations

import base64
import codecs
from functools import partial

from pydantic import Field

from ink_core.identity.principal import Scope
from mcp_tools.context import ToolContext
from mcp_tools.result_labels import of_files
from mcp_tools.spec import Confidentiality, Integrity, Label, Risk, RunsOn, ToolSpec, ToolValue
from mcp_tools.targets import ask_agent, from_home
from worker_agent import protocol

FILES_LABEL = Label(Confidentiality.SCRATCH, Integrity.UNTRUSTED)
MAX_OFFSET = 2**53
"""What every JSON reader still takes as an exact integer, and more than any file has."""


class ListFiles(ToolValue):
    path: str = Field(default=".", max_length=4096, description="Directory, from the workspace or the home.")
    hidden: bool = False
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET)
    limit: int = Field(default=500, ge=1, le=10_000)


class FileList(ToolValue):
    path: str
    entries: tuple[protocol.FileEntry, ...]
    total: int


class ReadFile(ToolValue):
    path: str = Field(min_length=1, max_length=4096)
    offset: int = Field(default=0, ge=0, le=MAX_OFFSET, description="First byte.")
    length: int = Field(default=65536, ge=1, le=protocol.MAX_READ_BYTES, description="Most bytes.")
    first_line: int | None = Field(default=None, ge=1, le=MAX_OFFSET, description="Instead of an offset.")
    lines: int | None = Field(default=None, ge=1, le=MAX_OFFSET)


class FileText(ToolValue):
    """`text` of a UTF-8 file, else `base64`. Text that ends inside a character ends before it; `eof` is then false."""

    path: str
    text: str | None
    base64: str | None
    offset: int
    size: int
    eof: bool
    sha256: str | None


class SearchFiles(ToolValue):
    pattern: str = Field(default="", max_length=1000, description="Without it the files themselves are found.")
    path: str = Field(default=".", max_length=4096)
    regex: bool = False
    ignore_case: bool = False
    glob: str = Field(default="", max_length=1000, description="Only such files: *.py, src/**/*.h.")
    context: int = Field(default=0, ge=0, le=10, description="Lines around each match.")
    everything: bool = Field(default=False, description="Also hidden files and those git ignores.")
    limit: int = Field(default=100, ge=1, le=1000)


class FilesFound(ToolValue):
    matches: tuple[protocol.SearchMatch, ...]
    truncated: bool


class DiskUse(ToolValue):
    path: str = Field(default=".", max_length=4096)


class DiskUsage(ToolValue):
    """The file system that holds the path, and the tree below it as far as it was counted (`complete`)."""

    path: str
    filesystem_total_bytes: int
    filesystem_free_bytes: int
    used_bytes: int
    entries: int
    complete: bool


async def _list(context: ToolContext, asked: ListFiles) -> FileList:
    arguments = {**asked.model_dump(), "path": from_home(asked.path)}
    return FileList.model_validate(await ask_agent(context, "files.list", arguments))


async def _read(context: ToolContext, asked: ReadFile) -> FileText:
    arguments = {**asked.model_dump(exclude_none=True), "path": from_home(asked.path)}
    content = protocol.FileContent.model_validate(await ask_agent(context, "files.read", arguments))
    data = base64.b64decode(content.content)
    text, rest = _decoded(data, final=content.eof)
    return FileText(
        path=content.path,
        text=text,
        base64=content.content if text is None else None,
        offset=content.offset,
        size=content.size,
        eof=content.eof and not rest,
        sha256=content.sha256,
    )


def _decoded(data: bytes, *, final: bool) -> tuple[str | None, int]:
    """Text and the number of bytes left over at its end; None where it is not text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(data, final=final)
    except UnicodeDecodeError:
        return None, 0
    rest = len(decoder.getstate()[0])
    return (None, 0) if "\0" in text or (data and not text) else (text, rest)


async def _search(context: ToolContext, asked: SearchFiles) -> FilesFound:
    arguments = protocol.FilesSearch(path=from_home(asked.path), **asked.model_dump(exclude={"path"}))
    found = protocol.FilesFound.model_validate(await ask_agent(context, "files.search", arguments.model_dump()))
    return FilesFound(matches=found.matches, truncated=found.truncated)


async def _disk_use(context: ToolContext, asked: DiskUse) -> DiskUsage:
    answer = await ask_agent(context, "files.disk_use", {"path": from_home(asked.path)})
    usage = protocol.DiskUsage.model_validate(answer)
    return DiskUsage(
        path=usage.path,
        filesystem_total_bytes=usage.filesystem_total,
        filesystem_free_bytes=usage.filesystem_free,
        used_bytes=usage.used_by_tree,
        entries=usage.entries,
        complete=usage.complete,
    )


reading = partial(
    ToolSpec,
    risk=Risk.READ,
    scopes=frozenset({Scope.FILES_READ}),
    runs_on=RunsOn.EXECUTE,
    idempotent=True,
    timeout_s=60,
    label=FILES_LABEL,
    confidentiality_of=of_files,
)

TOOLS: tuple[ToolSpec, ...] = (
    reading(
        name="list_files",
        title="List files",
        description="List a directory of the workspace (or of the home, without a worker), sorted by name.",
        input=ListFiles,
        output=FileList,
        run=_list,
    ),
    reading(
        name="read_file",
        title="Read a file",
        description="Read a file or a part of it. Continue with `offset` while `eof` is false.",
        input=ReadFile,
        output=FileText,
        run=_read,
    ),
    reading(
        name="search_files",
        title="Search in files",
        description="Find lines with a text, or that match a regular expression, in all text files below a directory.",
        input=SearchFiles,
        output=FilesFound,
        run=_search,
    ),
    reading(
        name="disk_use",
        title="Disk use",
        description="Size of a directory tree, and free space of its file system.",
        input=DiskUse,
        output=DiskUsage,
        run=_disk_use,
    ),
)
