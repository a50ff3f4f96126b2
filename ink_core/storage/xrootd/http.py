"""Requests to one storage with the token that the user has now. Blocking, so they run in threads.

A storage may send a caller on to the server that has the file; the token goes there only over TLS, and only to the
storage's own host or one that the site has named. A body is sent only to the server that says it will take it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote, urljoin, urlsplit

from ink_core.storage.faults import FileFault
from ink_core.storage.xrootd.options import StorageOptions
from ink_core.storage.xrootd.token import bearer_token

if TYPE_CHECKING:
    from http.client import HTTPSConnection
    from ssl import SSLContext

MOST_REDIRECTS = 3
MOST_SAID_BYTES = 64 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_GOOD = frozenset({200, 201, 204, 206, 207})
_CONTINUE = 100


@dataclass(frozen=True)
class Body:
    """`size` bytes, in pieces."""

    size: int
    pieces: Iterable[bytes]


@dataclass(frozen=True)
class Reply:
    """`headers` by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class StorageHttp:
    def __init__(self, options: StorageOptions) -> None:
        self._options = options

    @property
    def root(self) -> str:
        """The address of the storage, without a path."""
        return self._options.url

    def ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        *,
        most: int = MOST_SAID_BYTES,
        body: Body | None = None,
    ) -> Reply:
        """The answer, with a body of at most `most` bytes. Raises `FileFault` for every one that is not good."""
        import ssl  # with http.client below some megabytes, which an agent has only where a storage is used
        from http.client import HTTPException

        sent = {**(headers or {}), "Authorization": f"Bearer {bearer_token(self._options.token_files)}"}
        url, context = self.root + quote(normal(path)), ssl.create_default_context(cafile=self._options.ca_file)
        try:
            for _ in range(MOST_REDIRECTS + 1):
                reply = self._exchange(method, url, sent, context, most, body)
                if reply.status not in _REDIRECTS:
                    return _checked(reply, path, most)
                url = self._next(url, reply.headers.get("location", ""))
        except (OSError, HTTPException) as error:
            said = f"the storage {self._options.name} does not answer ({type(error).__name__})"
            raise FileFault(said, code="storage_down", retryable=True) from error
        raise FileFault("the storage sends its users round in circles", code="storage_refused")

    def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], context: SSLContext, most: int, body: Body | None
    ) -> Reply:
        """The body as far as one byte beyond `most`."""
        from http.client import HTTPSConnection

        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        with closing(
            HTTPSConnection(parts.hostname or "", parts.port, timeout=self._options.deadline_s, context=context)
        ) as connection:
            if body is not None and body.size > 0:
                return _sent(connection, method, target, headers, body)
            empty = {} if body is None else {"Content-Length": "0"}
            connection.request(method, target, headers={**headers, **empty, "Connection": "close"})
            with connection.getresponse() as answer:
                told = {name.lower(): value for name, value in answer.getheaders()}
                return Reply(answer.status, told, answer.read(most + 1))

    def _next(self, url: str, location: str) -> str:
        try:
            following = urljoin(url, location)
            parts = urlsplit(following)
            _ = parts.port  # is read only now
        except ValueError as error:
            raise FileFault("the storage sends on to what is no address", code="storage_refused") from error
        known = (urlsplit(self._options.url).hostname or "", *self._options.data_servers)
        if parts.scheme != "https" or not any(fnmatchcase((parts.hostname or "").lower(), host) for host in known):
            raise FileFault(f"the storage sends on to {parts.netloc}, which gets no token", code="storage_refused")
        return following


def normal(path: str) -> str:
    """Absolute, with no empty or dotted part. Raises `FileFault`."""
    if not path.startswith("/") or ".." in path.split("/") or "\0" in path:
        raise FileFault("a path on a storage begins with / and has no ..", code="bad_arguments")
    return "/" + posixpath.normpath(path).strip("/")


def _sent(connection: HTTPSConnection, method: str, target: str, headers: Mapping[str, str], body: Body) -> Reply:
    """The body goes once the server asks for it (RFC 9110, `Expect: 100-continue`); only the answer's head is read."""
    connection.putrequest(method, target)
    length = {"Content-Length": str(body.size), "Expect": "100-continue", "Connection": "close"}
    for name, value in {**headers, **length}.items():
        connection.putheader(name, value)
    connection.endheaders()
    with connection.sock.makefile("rb") as answers:
        reply = _head(answers)
        if reply.status != _CONTINUE:
            return reply
        for piece in body.pieces:
            connection.send(piece)
        return _head(answers)


def _head(answers: BinaryIO) -> Reply:
    from http.client import BadStatusLine, parse_headers

    version, _, rest = answers.readline(MOST_SAID_BYTES).decode("latin-1").partition(" ")
    status = rest[:3]
    if not version.startswith("HTTP/1.") or not status.isdecimal():
        raise BadStatusLine(version[:100])
    return Reply(int(status), {name.lower(): value for name, value in parse_headers(answers).items()}, b"")


def _checked(reply: Reply, path: str, most: int) -> Reply:
    if reply.status in {401, 403}:
        raise FileFault(f"the storage does not allow this on {path} with your token", code="permission_denied")
    if reply.status == 404:
        raise FileFault(f"{path} does not exist", code="not_found")
    if reply.status == 507:
        raise FileFault(f"the storage has no room for {path}", code="no_space")
    if reply.status >= 500:
        raise FileFault(f"the storage failed ({reply.status})", code="storage_down", retryable=True)
    if reply.status not in _GOOD:
        raise FileFault(f"the storage refused {path} ({reply.status})", code="storage_refused")
    if len(reply.body) > most:
        raise FileFault(f"the storage sends more than {most} bytes of {path}", code="too_large")
    return reply
