"""`/api/v2/fs`: files out and in. Errors answer in the envelope as long as no byte was sent.

An archive or a download that breaks later is a transfer that is broken off, never one that ends like a whole one.
"""

from __future__ import annotations

import posixpath
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import Field
from starlette.responses import Response

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.files import content
from ink_core.api.files.archives import download_archive
from ink_core.api.ink_credentials import ink_requires
from ink_core.api.ink_rows.listing import rows_below
from ink_core.api.security import check_not_led_here
from ink_core.api.v2.envelope import InkRoute, answer, fails_with
from ink_core.api.v2.errors import Status
from ink_core.api.v2.uploading import receive
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal, Scope
from ink_core.storage.user_files import UserFiles
from worker_agent.protocol import ArchiveFormat, FileKind

router = Area(prefix="/api/v2/fs", tags=["INK v2: fs"], route_class=InkRoute)
UPLOAD_PATHS = ("/api/v2/fs/upload_file", "/api/v2/fs/upload_dir")
"""Routes that take a body of any length, since they never hold one whole in memory."""
MOST_PATHS = 100
MOST_FILES = 200
Reader = Annotated[Principal, ink_requires(Scope.FILES_READ)]
Writer = Annotated[Principal, ink_requires(Scope.FILES_WRITE)]
TargetPath = Annotated[str, Query(alias="TargetPath", min_length=1, max_length=4096)]
Names = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=4096)]], Query(min_length=1, max_length=MOST_PATHS)
]


@router.get("/download_file")
@fails_with(Status.DOWNLOAD)
async def download_file(request: Request, core: CoreParts, principal: Reader, path: TargetPath) -> Response:
    """The bytes themselves, also a range of them."""
    return await content.download_file(request, principal, core, path)


@router.get("/download_dir")
@fails_with(Status.DOWNLOAD)
async def download_dir(
    core: CoreParts, principal: Reader, path: TargetPath, recursive: bool = True, showhidden: bool = False
) -> Response:
    """A zip of the directory with all below it, or without `recursive` of the files that lie in it."""
    paths = [path] if recursive else await _files_in(core, principal, path, hidden=showhidden)
    return await download_archive(principal, core, paths, ArchiveFormat.ZIP, hidden=showhidden)


@router.get("/download_list")
@fails_with(Status.DOWNLOAD)
async def download_list(
    core: CoreParts,
    principal: Reader,
    flist: Names,
    path: Annotated[str, Query(alias="TargetPath", max_length=4096)] = ".",
) -> Response:
    """A zip of the files and directories `flist`, each named from `TargetPath` on."""
    paths = [posixpath.join(path, name) for name in flist]
    return await download_archive(principal, core, paths, ArchiveFormat.ZIP, hidden=True)


@router.get("/shared_file")
@fails_with(Status.DOWNLOAD)
async def shared_file(request: Request, core: CoreParts, principal: Reader, path: TargetPath) -> Response:
    """A link by which whoever has it reads this one file, until it expires."""
    check_not_led_here(request)
    link: Any = await core.actions.call(principal, "create_download_link", {"path": path})
    return answer({"url": core.share_links.url(link["share_id"]), "expires_at": link["expires_at"]})


@router.post("/upload_file")
@fails_with(Status.UPLOAD)
async def upload_file(request: Request, core: CoreParts, principal: Writer) -> Response:
    """Multipart: `upload_dir`, `overWrite`, `file`. The file appears when all of it is there."""
    (made,) = await receive(request, core, principal, most_files=1)
    return answer({"path": posixpath.join(core.homes.home(principal.username), made.path), "size": made.size})


@router.post("/upload_dir")
@fails_with(Status.UPLOAD)
async def upload_dir(request: Request, core: CoreParts, principal: Writer) -> Response:
    """The same with several `file`, each of which may name directories below `upload_dir` that are made."""
    made = await receive(request, core, principal, most_files=MOST_FILES)
    home = core.homes.home(principal.username)
    return answer({"num": len(made), "paths": [posixpath.join(home, one.path) for one in made]})


async def _files_in(core: Core, principal: Principal, path: str, *, hidden: bool) -> list[str]:
    rows = await rows_below(UserFiles(core.agents), principal.username, path, recursive=False, hidden=hidden)
    paths = [row.path for row in rows if row.kind is FileKind.FILE]
    if not 1 <= len(paths) <= MOST_PATHS:
        raise BadInput(f"{path} holds {len(paths)} files; 1 to {MOST_PATHS} fit in this zip, or ask with recursive")
    return paths
