"""Directories, page by page, and one entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import orjson
from fastapi import Query, Response

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.etag import IfNoneMatch, answer_tagged
from ink_core.api.files.parts import Body, PathQuery, Reader
from ink_core.storage.user_files import UserFiles
from worker_agent.protocol import FileOrder, FileRow, FilesPage

router = Area(prefix="/api/v1/files")


class DirectoryPage(Body):
    """`total` counts the whole directory, without hidden entries unless they were asked for."""

    path: str
    entries: Sequence[FileRow]
    total: int
    next_cursor: str | None


@router.get("", response_model=DirectoryPage)
async def list_directory(
    principal: Reader,
    core: CoreParts,
    path: PathQuery = ".",
    hidden: bool = False,
    sort: FileOrder = FileOrder.NAME,
    descending: bool = False,
    cursor: Annotated[str | None, Query(max_length=8192)] = None,
    limit: Annotated[int, Query(ge=1, le=10_000)] = 500,
) -> Response:
    """Directories first. A page goes on after the last entry of the one before, whatever changed in between."""
    wanted = FilesPage(path=path, hidden=hidden, order=sort, descending=descending, after=cursor, limit=limit)
    page = await UserFiles(core.agents).page(principal.username, wanted)
    body = page.model_dump() | {"entries": orjson.Fragment(page.payload)}
    return Response(orjson.dumps(body), media_type="application/json")


@router.get("/entry", response_model=FileRow)
async def get_entry(
    principal: Reader, core: CoreParts, response: Response, path: PathQuery, if_none_match: IfNoneMatch = None
) -> FileRow | Response:
    """The entry itself, also where it is a link."""
    row = await UserFiles(core.agents).status(principal.username, path)
    return answer_tagged(response, row, if_none_match)
