"""The headers of tus 1.0.0 (tus.io/protocols/resumable-upload) as values, and its version on every answer.

Extensions: creation, creation-with-upload, expiration, checksum, termination, concatenation. Metadata that counts here:
`path` (where the file goes; a part has none), `overwrite` (`true`) and `mode` (octal).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from ink_core.api.errors import problem, problem_of
from ink_core.api.files.parts import Writer
from ink_core.errors import BadInput, InkError
from ink_core.storage.uploads import MAX_UPLOAD_BYTES
from worker_agent.protocol import Upload

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-with-upload,expiration,checksum,termination,concatenation"
ALGORITHMS = ("sha1", "sha256")
CONTENT_TYPE = "application/offset+octet-stream"
UPLOADS = "/api/v1/files/uploads"
CHECKSUM_MISMATCH = 460


class TusRoute(APIRoute):
    """Refuses another version of the protocol, and says its own with every answer, errors too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def with_version(request: Request) -> Response:
            try:
                response = await answer(request)
            except InkError as error:
                response = problem_of(error)
            response.headers.setdefault("Tus-Resumable", VERSION)
            return response

        return with_version


async def tus_version(request: Request, principal: Writer) -> None:
    """A dependency of the routes that change something; who may not call them is told that first."""
    if request.headers.get("tus-resumable") != VERSION:
        raise WrongVersion(f"send the header Tus-Resumable: {VERSION}")


class WrongVersion(InkError):
    code = "tus_version"
    http_status = 412


class UnexpectedType(InkError):
    code = "unsupported_media_type"
    http_status = 415


@dataclass(frozen=True)
class Creation:
    """What a `POST` asks for; `parts` are ids of uploads that become one, `path` is None for such a part."""

    size: int
    path: str | None
    overwrite: bool
    mode: int
    parts: tuple[str, ...] = ()


def creation(headers: Mapping[str, str]) -> Creation:
    """Raises `BadInput`."""
    concat = headers.get("upload-concat", "")
    metadata = _metadata(headers.get("upload-metadata", ""))
    path = metadata.get("path") or None
    parts = tuple(_upload_id(url) for url in concat.removeprefix("final;").split()) if concat[:6] == "final;" else ()
    if concat == "partial":
        path = None
    elif path is None:
        raise BadInput("name the file: Upload-Metadata: path BASE64")
    size = 0 if parts else _number(headers, "upload-length")
    if size > MAX_UPLOAD_BYTES:
        raise TooLarge(f"an upload has at most {MAX_UPLOAD_BYTES} bytes")
    return Creation(size, path, metadata.get("overwrite") == "true", _mode(metadata.get("mode", "644")), parts)


class TooLarge(InkError):
    code = "too_large"
    http_status = 413


def upload_offset(headers: Mapping[str, str]) -> int:
    return _number(headers, "upload-offset")


def progress(upload: Upload) -> dict[str, str]:
    headers = {"Upload-Offset": str(upload.offset)}
    return headers if upload.done else {**headers, "Upload-Expires": formatdate(upload.expires_at, usegmt=True)}


def description(upload: Upload) -> dict[str, str]:
    """The headers that a `HEAD` answers."""
    headers = {**progress(upload), "Upload-Length": str(upload.size), "Cache-Control": "no-store"}
    if upload.path is None:
        return {**headers, "Upload-Concat": "partial"}
    told = {"path": upload.path, "overwrite": "true" if upload.overwrite else "false", "mode": f"{upload.mode:o}"}
    pairs = (f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())
    return {**headers, "Upload-Metadata": ",".join(pairs)}


@dataclass
class Checked:
    """A stream of bytes whose digest is the one that the client named, or is not."""

    data: AsyncIterator[bytes]
    algorithm: str
    expected: bytes
    _digest: Any = field(init=False)

    def __post_init__(self) -> None:
        self._digest = hashlib.new(self.algorithm, usedforsecurity=False)

    @property
    def good(self) -> bool:
        return self._digest.digest() == self.expected

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self.data:
            self._digest.update(piece)
            yield piece


def checked(data: AsyncIterator[bytes], header: str | None) -> Checked | None:
    """None where no checksum was sent. Raises `BadInput`."""
    if header is None:
        return None
    algorithm, _, value = header.partition(" ")
    if algorithm not in ALGORITHMS:
        raise BadInput(f"Upload-Checksum knows {' and '.join(ALGORITHMS)}")
    return Checked(data, algorithm, _decoded(value, "Upload-Checksum"))


def mismatch() -> Response:
    """460 is the protocol's own status, and has no phrase in HTTP."""
    said = "the bytes that came have another checksum and were dropped; send them again"
    answer = problem(400, "checksum_mismatch", said, retryable=True)
    answer.status_code = CHECKSUM_MISMATCH
    return answer


def _number(headers: Mapping[str, str], name: str) -> int:
    text = headers.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 19:
        raise BadInput(f"the header {name.title()} must be a number of bytes")
    return int(text)


def _mode(text: str) -> int:
    try:
        mode = int(text, 8)
    except ValueError:
        mode = -1
    if not 0 <= mode <= 0o777:
        raise BadInput("the mode of a file is an octal number from 0 to 777")
    return mode


def _metadata(header: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = _decoded(value, "Upload-Metadata").decode()
        except UnicodeDecodeError:
            raise BadInput(f"{name[:100]} in Upload-Metadata is not UTF-8") from None
    return found


def _decoded(text: str, header: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadInput(f"the header {header} holds what is not base64") from None


def _upload_id(url: str) -> str:
    upload_id = url.rstrip("/").rpartition("/")[2]
    if len(upload_id) != 32 or not set(upload_id) <= set("0123456789abcdef"):
        raise BadInput("Upload-Concat names what is no upload of this site")
    return upload_id
