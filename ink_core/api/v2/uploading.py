"""Takes a file out of a multipart form and hands it to the user's agent, which stages it until it is whole."""

from __future__ import annotations

import posixpath
from collections.abc import AsyncIterator

from starlette.datastructures import UploadFile
from starlette.requests import Request

from ink_core.api.core import Core
from ink_core.api.files.parts import change
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal
from ink_core.storage.uploads import UserUploads
from worker_agent.protocol import MAX_PIECE_BYTES, FileEntry

FILE_MODE = 0o644
TRUE = ("true", "1", "yes", "on")


async def receive(request: Request, core: Core, principal: Principal) -> FileEntry:
    """The form is read only now, when it is known who sends it. Raises `BadInput` for a form without a file."""
    async with request.form(max_files=1, max_fields=10) as form:
        sent, directory = form.get("file"), form.get("upload_dir") or "."
        if not isinstance(sent, UploadFile) or not isinstance(directory, str):
            raise BadInput("send multipart/form-data with upload_dir and file")
        overwrite = str(form.get("overWrite", "")).lower() in TRUE
        path = posixpath.join(directory, _name(sent))
        return await _stored(core, principal, sent, path, overwrite=overwrite)


async def _stored(core: Core, principal: Principal, sent: UploadFile, path: str, *, overwrite: bool) -> FileEntry:
    uploads, user, size = UserUploads(core.agents), principal.username, sent.size or 0
    upload = await uploads.begin(user, path, size, overwrite=overwrite, mode=FILE_MODE)
    try:
        await uploads.append(user, upload.upload_id, 0, _bytes_of(sent))
        complete = await uploads.complete(user, upload.upload_id)
        made = {"upload_id": upload.upload_id, "path": path, "size": size, "sha256": complete.sha256}
        return FileEntry.model_validate(await change(core, principal, "commit_upload", made))
    except BaseException:
        await uploads.abort(user, upload.upload_id)
        raise


async def _bytes_of(sent: UploadFile) -> AsyncIterator[bytes]:
    while piece := await sent.read(MAX_PIECE_BYTES):
        yield piece


def _name(sent: UploadFile) -> str:
    """The file's own name; what a browser says of directories is left out."""
    name = posixpath.basename((sent.filename or "").replace("\\", "/"))
    if name in ("", ".", ".."):
        raise BadInput("the file in the form has no name")
    return name
