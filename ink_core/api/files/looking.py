"""Checksums, quotas, what is in a ROOT file, and searches by name and by content."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.files.parts import PathQuery, Reader
from ink_core.storage.root.calls import RootSummary
from ink_core.storage.user_files import UserFiles
from worker_agent.protocol import (
    ChecksumAlgorithm,
    FileChecksum,
    FileKind,
    FilesChecksum,
    FilesFind,
    FilesFound,
    FilesMatched,
    FilesSearch,
    Quota,
)

router = Area(prefix="/api/v1/files")


@router.get("/checksum")
async def get_checksum(
    principal: Reader, core: CoreParts, path: PathQuery, algorithm: ChecksumAlgorithm = ChecksumAlgorithm.SHA256
) -> FileChecksum:
    """Of the whole file, in hexadecimal digits."""
    return await UserFiles(core.agents).checksum(principal.username, FilesChecksum(path=path, algorithm=algorithm))


@router.get("/find")
async def find_files(
    principal: Reader,
    core: CoreParts,
    name: Annotated[str, Query(min_length=1, max_length=255)],
    path: PathQuery = ".",
    kind: FileKind | None = None,
    hidden: bool = False,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> FilesMatched:
    """Entries below a directory by name: a pattern as a shell has, or a part of the name."""
    wanted = FilesFind(path=path, name=name, kind=kind, hidden=hidden, limit=limit)
    return await UserFiles(core.agents).find(principal.username, wanted)


@router.get("/quota")
async def get_quota(principal: Reader, core: CoreParts) -> Quota:
    """Of the file system that holds the home: its quota where one is set, and what counts against it."""
    return await UserFiles(core.agents).quota(principal.username)


@router.get("/root")
async def get_root_summary(principal: Reader, core: CoreParts, path: PathQuery) -> RootSummary:
    """What is in a ROOT file: its keys, the branches of trees, and small histograms; read apart, with bounds."""
    return await UserFiles(core.agents).root_summary(principal.username, path)


@router.get("/search")
async def search_files(
    principal: Reader,
    core: CoreParts,
    pattern: Annotated[str, Query(min_length=1, max_length=1000)],
    path: PathQuery = ".",
    regex: bool = False,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> FilesFound:
    """Lines with a text, or that match a regular expression, in the text files below a directory."""
    wanted = FilesSearch(pattern=pattern, path=path, regex=regex, limit=limit, everything=True)
    return await UserFiles(core.agents).search(principal.username, wanted)
