"""Resumable uploads by tus 1.0.0. The last byte commits: one tool call makes the file of what was staged.

A commit that was refused leaves the bytes staged: an empty `PATCH` at the end tries it again.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Annotated

from fastapi import Depends, Path, Request, Response
from starlette.requests import ClientDisconnect

from ink_core.api.area import Area
from ink_core.api.core import Core, CoreParts
from ink_core.api.files import tus
from ink_core.api.files.parts import Writer, change
from ink_core.api.security import requires
from ink_core.identity.principal import Principal, Scope
from ink_core.storage.faults import FileFault
from ink_core.storage.uploads import MAX_UPLOAD_BYTES, UserUploads
from worker_agent.protocol import Upload

router = Area(prefix=tus.UPLOADS, route_class=tus.TusRoute)
UploadId = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
SPOKEN = [requires(Scope.FILES_WRITE), Depends(tus.tus_version)]
"""Who asks comes first: a stranger is told nothing of versions."""


@router.options("", status_code=204)
async def get_upload_abilities(principal: Writer) -> Response:
    """What of tus is spoken here."""
    headers = {
        "Tus-Version": tus.VERSION,
        "Tus-Extension": tus.EXTENSIONS,
        "Tus-Max-Size": str(MAX_UPLOAD_BYTES),
        "Tus-Checksum-Algorithm": ",".join(tus.ALGORITHMS),
    }
    return Response(status_code=204, headers=headers)


@router.get("")
async def list_uploads(principal: Writer, core: CoreParts) -> Sequence[Upload]:
    """Uploads that wait for more bytes, so that another page or program can go on with them."""
    return await UserUploads(core.agents).under_way(principal.username)


@router.post("", status_code=201, dependencies=SPOKEN)
async def create_upload(request: Request, principal: Writer, core: CoreParts) -> Response:
    """`Upload-Length` and `Upload-Metadata: path BASE64`; first bytes may come with it. `Location` is the upload."""
    wanted = tus.creation(request.headers)
    uploads = UserUploads(core.agents)
    begun = await _begin(uploads, principal.username, wanted)
    if request.headers.get("content-type") == tus.CONTENT_TYPE and not wanted.parts:
        answer = await _receive(request, uploads, principal.username, begun, begun.offset)
        if answer is not None:
            return answer
    upload = await _committed(core, principal, begun.upload_id)
    headers = {"Location": f"{tus.UPLOADS}/{upload.upload_id}", **tus.progress(upload)}
    return Response(status_code=201, headers=headers)


@router.head("/{upload_id}", dependencies=SPOKEN)
async def get_upload_headers(principal: Writer, core: CoreParts, upload_id: UploadId) -> Response:
    """`Upload-Offset` is where to go on."""
    upload = await UserUploads(core.agents).look(principal.username, upload_id)
    return Response(headers=tus.description(upload))


@router.patch("/{upload_id}", status_code=204, dependencies=SPOKEN)
async def append_to_upload(request: Request, principal: Writer, core: CoreParts, upload_id: UploadId) -> Response:
    """More bytes at `Upload-Offset`, which must be where the upload stands."""
    if request.headers.get("content-type") != tus.CONTENT_TYPE:
        raise tus.UnexpectedType(f"bytes of an upload come as {tus.CONTENT_TYPE}")
    offset = tus.upload_offset(request.headers)
    uploads = UserUploads(core.agents)
    upload = await uploads.look(principal.username, upload_id)
    if offset != upload.offset:
        said = f"the upload goes on at byte {upload.offset}, not at {offset}"
        raise FileFault(said, code="offset_mismatch", retryable=False)
    if not upload.done:
        answer = await _receive(request, uploads, principal.username, upload, offset)
        if answer is not None:
            return answer
        upload = await _committed(core, principal, upload_id)
    return Response(status_code=204, headers=tus.progress(upload))


@router.delete("/{upload_id}", status_code=204, dependencies=SPOKEN)
async def abort_upload(principal: Writer, core: CoreParts, upload_id: UploadId) -> Response:
    """Staged bytes are dropped; a file that was made of them stays."""
    await UserUploads(core.agents).abort(principal.username, upload_id)
    return Response(status_code=204)


async def _begin(uploads: UserUploads, user: str, wanted: tus.Creation) -> Upload:
    if wanted.parts and wanted.path is not None:
        return await uploads.join(user, wanted.parts, wanted.path, overwrite=wanted.overwrite, mode=wanted.mode)
    return await uploads.begin(user, wanted.path, wanted.size, overwrite=wanted.overwrite, mode=wanted.mode)


async def _receive(request: Request, uploads: UserUploads, user: str, upload: Upload, offset: int) -> Response | None:
    """Stage the body; an answer where that ends the request. With a checksum all of it counts or nothing."""
    checked = tus.checked(request.stream(), request.headers.get("upload-checksum"))
    data: AsyncIterator[bytes] = aiter(checked) if checked else request.stream()
    try:
        end = await uploads.append(user, upload.upload_id, offset, data, held=checked is not None)
    except ClientDisconnect:
        return Response(status_code=204)  # nobody reads it
    if checked:
        await uploads.cut(user, upload.upload_id, end if checked.good else offset)
    return tus.mismatch() if checked and not checked.good else None


async def _committed(core: Core, principal: Principal, upload_id: str) -> Upload:
    """The upload as it is now: its file is made once all bytes of it are here."""
    uploads = UserUploads(core.agents)
    upload = await uploads.look(principal.username, upload_id)
    if upload.offset < upload.size or upload.path is None or upload.done:
        return upload
    complete = await uploads.complete(principal.username, upload_id)
    made = {"upload_id": upload_id, "path": upload.path, "size": upload.size, "sha256": complete.sha256}
    await change(core, principal, "commit_upload", made)
    return await uploads.look(principal.username, upload_id)
