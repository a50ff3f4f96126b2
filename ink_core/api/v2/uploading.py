"""Takes files out of a multipart form as they come and hands them to the user's agent, which stages each.

They become visible after the whole form has come. A file whose place is known only later (fields that follow it) is
staged as a part, which its agent copies to where it belongs.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

from ink_core.api.actions import StillRunning, WaitsForApproval
from ink_core.api.core import Core
from ink_core.api.files.parts import change
from ink_core.api.v2.form_parts import FormParts, Part
from ink_core.errors import BadInput, InkError
from ink_core.identity.principal import Principal
from ink_core.storage.uploads import UserUploads
from worker_agent.protocol import FileEntry

FILE_MODE = 0o644
MOST_FIELDS = 10
MOST_FIELD_BYTES = 16 * 1024
MOST_BYTES = 4 * 1024**3
TRUE = ("true", "1", "yes", "on")
KEPT = "; what was sent is kept, and the file appears once that is approved: nothing needs to be sent again"


@dataclass(frozen=True)
class _Staged:
    """`path` is None of a part that is still to be given its place below the directory, as `name`."""

    upload_id: str
    name: str
    path: str | None


async def receive(request: Request, core: Core, principal: Principal, *, most_files: int) -> Sequence[FileEntry]:
    """The form is read only now, when it is known who sends it. Raises `BadInput` for a form without a file.

    Of one file the name counts, of several also the directories that it names.
    """
    length = _length(request)
    with core.forms.one(principal.username):
        form = _Form(core, principal, length, most_files)
        try:
            async for part in FormParts(request.headers.get("content-type", ""), request.stream()):
                await form.take(part)
            return await form.put_in_place()
        except ClientDisconnect as error:
            raise BadInput("the form ended in the middle") from error
        finally:
            await form.abandon_the_rest()


def _length(request: Request) -> int:
    """The agent makes sure of so much room before the first byte."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length[:20]) > MOST_BYTES:
        raise BadInput(f"send the form with a Content-Length of at most {MOST_BYTES}; upload more by /api/v1/files")
    return int(length)


class _Form:
    def __init__(self, core: Core, principal: Principal, length: int, most_files: int) -> None:
        self._core, self._principal = core, principal
        self._uploads, self._user = UserUploads(core.agents), principal.username
        self._length, self._most_files = length, most_files
        self._fields: dict[str, str] = {}
        self._staged: list[_Staged] = []
        self._directories: set[str] = set()

    async def take(self, part: Part) -> None:
        if part.filename is None and part.name != "file":
            if len(self._fields) >= MOST_FIELDS:
                raise BadInput(f"a form has at most {MOST_FIELDS} fields beside its files")
            self._fields[part.name] = await _text(part)
        elif part.name == "file" and part.filename is not None and len(self._staged) < self._most_files:
            await self._stage(part, part.filename)
        else:
            raise BadInput(f"send multipart/form-data with upload_dir and at most {self._most_files} file")

    async def put_in_place(self) -> Sequence[FileEntry]:
        """All files, each by a call of its own. Raises what the first of them met that could not be made."""
        if not self._staged:
            raise BadInput("send multipart/form-data with upload_dir and file")
        made: list[FileEntry] = []
        waits: InkError | None = None
        while self._staged:
            try:
                made.append(await self._put_one_in_place())
            except WaitsForApproval as error:
                waits = waits or WaitsForApproval(error.tool, error.call_id, error.approval_id, KEPT)
                self._staged.pop(0)
            except StillRunning as error:
                waits = waits or error
                self._staged.pop(0)
        if waits is not None:
            raise waits
        return made

    async def abandon_the_rest(self) -> None:
        for one in self._staged:
            with suppress(InkError):  # its agent drops it after a while
                await self._uploads.abort(self._user, one.upload_id)

    async def _stage(self, part: Part, filename: str) -> None:
        name = _name(filename) if self._most_files == 1 else _below(filename)
        path = None
        if {"upload_dir", "overWrite"} <= self._fields.keys():
            path = await self._place(name)
        upload = await self._uploads.begin(self._user, path, self._length, overwrite=self._overwrite, mode=FILE_MODE)
        self._staged.append(_Staged(upload.upload_id, name, path))
        end = await self._uploads.append(self._user, upload.upload_id, 0, part.data)
        await self._uploads.cut(self._user, upload.upload_id, end, final=True)

    async def _put_one_in_place(self) -> FileEntry:
        one, path = self._staged[0], self._staged[0].path
        if path is None:
            path = await self._place(one.name)
            joined = await self._uploads.join(
                self._user, [one.upload_id], path, overwrite=self._overwrite, mode=FILE_MODE
            )
            self._staged[0] = one = _Staged(joined.upload_id, one.name, path)
        complete = await self._uploads.complete(self._user, one.upload_id)
        wanted = {"upload_id": one.upload_id, "path": path, "size": complete.size, "sha256": complete.sha256}
        entry = FileEntry.model_validate(await change(self._core, self._principal, "commit_upload", wanted))
        self._staged.pop(0)
        return entry

    async def _place(self, name: str) -> str:
        """The path of a file; the directories that its name has are made."""
        directory = self._fields.get("upload_dir") or "."
        above = posixpath.dirname(name)
        if above and above not in self._directories:
            wanted = {"path": posixpath.join(directory, above)}
            await change(self._core, self._principal, "make_directory", wanted)
            self._directories.add(above)
        return posixpath.join(directory, name)

    @property
    def _overwrite(self) -> bool:
        return self._fields.get("overWrite", "").lower() in TRUE


async def _text(part: Part) -> str:
    data = b""
    async for piece in part.data:
        data += piece
        if len(data) > MOST_FIELD_BYTES:
            raise BadInput(f"a field of the form has at most {MOST_FIELD_BYTES} bytes")
    return data.decode(errors="replace")


def _name(filename: str) -> str:
    """The file's own name; what a browser says of directories is left out."""
    name = posixpath.basename(filename.replace("\\", "/"))
    if name in ("", ".", ".."):
        raise BadInput("the file in the form has no name")
    return name


def _below(filename: str) -> str:
    """The name with its directories, none of which leads out of where it is put."""
    name = posixpath.normpath(filename.replace("\\", "/").lstrip("/"))
    if name in ("", ".", "..") or name.startswith("../"):
        raise BadInput(f"{filename!r} is no name of a file below the directory")
    return name
