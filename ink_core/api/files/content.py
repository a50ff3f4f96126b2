"""The bytes of one file, whole or a range of them, streamed in bounded pieces as fast as the reader takes them.

They are always an attachment of no type that a browser would run: what users write is not a page of this site.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from email.utils import formatdate
from pathlib import PurePosixPath
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from ink_core.api.area import Area
from ink_core.api.core import CoreParts
from ink_core.api.downloads import Streamed, begun
from ink_core.api.etag import has_it
from ink_core.api.files.parts import PathQuery, Reader
from ink_core.api.files.preconditions import content_etag
from ink_core.api.ranges import ByteRange, wanted_range
from ink_core.storage.user_files import Part, UserFiles
from worker_agent.protocol import FilePiece, FilesPull

router = Area(prefix="/api/v1/files")
MEDIA_TYPE = "application/octet-stream"
SMALL_BYTES = 64 * 1024
"""A file of so many is answered by the first look at it."""


@router.get("/content", response_class=StreamingResponse)
async def download_file(request: Request, principal: Reader, core: CoreParts, path: PathQuery) -> Response:
    """The file, or with `Range` a part of it; `ETag` with `If-Range` and `If-None-Match` are answered."""
    user = principal.username
    return await answer_content(request, user, UserFiles(core.agents), path, core.downloads.one(user))


@router.head("/content")
async def get_file_headers(request: Request, principal: Reader, core: CoreParts, path: PathQuery) -> Response:
    """The headers that a download would have."""
    user = principal.username
    return await answer_content(request, user, UserFiles(core.agents), path, core.downloads.one(user))


async def answer_content(
    request: Request, user: str, files: UserFiles, path: str, place: AbstractContextManager[None]
) -> Response:
    """The file of this user, whole or the part that the request asks for; `place` is taken while it is streamed."""
    found = await files.piece(user, FilesPull(path=path, length=0 if request.method == "HEAD" else SMALL_BYTES))
    etag = content_etag(found)
    headers = _headers(found, etag)
    if has_it(etag, request.headers.get("if-none-match")):
        return Response(status_code=304, headers=headers)
    part = wanted_range(request.headers, found.size, etag)
    if part is None:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{found.size}"})
    headers |= _headers_of_part(part)
    status = 200 if part.whole else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=MEDIA_TYPE)
    if found.size == len(found.payload):
        return Response(found.payload[part.first : part.first + part.length], status, headers, MEDIA_TYPE)
    pieces = files.stream(user, Part(path, part.first, part.length, found.version))
    return Streamed(await begun(place, pieces), status, headers, MEDIA_TYPE)


def _headers(found: FilePiece, etag: str) -> dict[str, str]:
    return {
        "ETag": etag,
        "Last-Modified": formatdate(found.modified, usegmt=True),
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Disposition": attachment(found.path),
    }


def _headers_of_part(part: ByteRange) -> dict[str, str]:
    length = {"Content-Length": str(part.length)}
    return length if part.whole else {**length, "Content-Range": part.content_range}


def attachment(path: str) -> str:
    """A header value that names the file as it is (RFC 8187), whatever its name holds."""
    return f"attachment; filename*=UTF-8''{quote(PurePosixPath(path).name, safe='')}"
