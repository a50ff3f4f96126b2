"""Takes files out of a multipart form and hands them to the user's agent, which stages each until it is whole."""

from __future__ import annotations

import posixpath
from collections.abc import AsyncIterator, Sequence

from starlette.datastructures import UploadFile
from starlette.requests import Request

from ink_core.api.core import Core
from ink_core.api.files.parts import change
from ink_core.errors import BadInput
from ink_core.identity.principal import Principal
from ink_core.storage.uploads import UserUploads
from worker_agent.protocol import MAX_PIECE_BYTES, FileEntry

FILE_MODE = 0o644
MOST_FIELDS = 10
MOST_BYTES = 4 * 1024**3
TRUE = ("true", "1", "yes", "on")


async def receive(request: Request, core: Core, principal: Principal, *, most_files: int) -> Sequence[FileEntry]:
    """The form is read only now, when it is known who sends it. Raises `BadInput` for a form without a file.

    Of one file the name counts, of several also the directories that it names.
    """
    _check_length(request)
    async with request.form(max_files=most_files, max_fields=MOST_FIELDS) as form:
        sent, directory = form.getlist("file"), form.get("upload_dir") or "."
        files = [one for one in sent if isinstance(one, UploadFile)]
        if not files or len(files) < len(sent) or not isinstance(directory, str):
            raise BadInput("send multipart/form-data with upload_dir and file")
        overwrite = str(form.get("overWrite", "")).lower() in TRUE
        names = [_name(one) if most_files == 1 else _below(one) for one in files]
        for above in sorted({posixpath.dirname(name) for name in names} - {""}):
            await change(core, principal, "make_directory", {"path": posixpath.join(directory, above)})
        return [
            await _stored(core, principal, one, posixpath.join(directory, name), overwrite=overwrite)
            for one, name in zip(files, names, strict=True)
        ]


def _check_length(request: Request) -> None:
    """The form passes through a temporary file here, so its length must be known and bounded."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length[:20]) > MOST_BYTES:
        raise BadInput(f"send the form with a Content-Length of at most {MOST_BYTES}; upload more by /api/v1/files")


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
    name = posixpath.basename(_slashes(sent))
    if name in ("", ".", ".."):
        raise BadInput("the file in the form has no name")
    return name


def _below(sent: UploadFile) -> str:
    """The name with its directories, none of which leads out of where it is put."""
    name = posixpath.normpath(_slashes(sent).lstrip("/"))
    if name in ("", ".", "..") or name.startswith("../"):
        raise BadInput(f"{sent.filename!r} is no name of a file below the directory")
    return name


def _slashes(sent: UploadFile) -> str:
    return (sent.filename or "").replace("\\", "/")
