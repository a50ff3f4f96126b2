"""Asks one storage, with the token that the user has now. Blocking, so it runs in threads.

A storage may send a reader on to the server that has the file; the token goes there only over TLS, and only to the
storage's own host or one that the site has named.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from ink_core.storage.faults import FileFault
from ink_core.storage.xrootd.calls import ReadStorage, StorageEntry
from ink_core.storage.xrootd.multistatus import entries_in, entries_of
from ink_core.storage.xrootd.options import StorageOptions
from ink_core.storage.xrootd.token import bearer_token

if TYPE_CHECKING:
    from ssl import SSLContext

MOST_LIST_BYTES = 16 * 1024 * 1024
MOST_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class _Reply:
    """`headers` by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class XrootdClient:
    def __init__(self, options: StorageOptions) -> None:
        self._options = options

    def list(self, path: str) -> list[StorageEntry]:
        """What is in the directory, by name. Raises `FileFault`, as all of these do."""
        _, *inside = self._found(path, depth=1)
        return sorted(inside, key=lambda entry: entry.name)

    def status(self, path: str) -> StorageEntry:
        return self._found(path, depth=0)[0]

    def read(self, wanted: ReadStorage) -> bytes:
        last = wanted.offset + wanted.length - 1
        body, headers = self._ask("GET", wanted.path, {"Range": f"bytes={wanted.offset}-{last}"}, wanted.length)
        if headers.get("content-range") != f"bytes {wanted.offset}-{last}/{wanted.size}" or len(body) != wanted.length:
            raise FileFault(f"{wanted.path} is not what it was; read it again", code="file_changed", retryable=True)
        return body

    def _found(self, path: str, *, depth: int) -> list[StorageEntry]:
        """The entry itself, then those in it."""
        body, _ = self._ask("PROPFIND", path, {"Depth": str(depth)}, MOST_LIST_BYTES)
        found, own = entries_of(body), _normal(path)
        mine = [entry for entry in found if entry.path == own]
        if len(mine) != 1:
            raise FileFault(f"the storage does not tell of {path}", code="storage_refused")
        return [*mine, *entries_in(own, found)]

    def _ask(self, method: str, path: str, headers: Mapping[str, str], most: int) -> tuple[bytes, Mapping[str, str]]:
        import ssl  # with http.client below some megabytes, which an agent has only where a storage is used
        from http.client import HTTPException

        token = bearer_token(self._options.token_files)
        url = self._options.url + quote(_normal(path))
        context = ssl.create_default_context(cafile=self._options.ca_file)
        try:
            for _ in range(MOST_REDIRECTS + 1):
                reply = self._exchange(method, url, {**headers, "Authorization": f"Bearer {token}"}, context, most)
                if reply.status not in _REDIRECTS:
                    return _checked(reply, path, most), reply.headers
                url = self._next(url, reply.headers.get("location", ""))
        except (OSError, HTTPException) as error:
            said = f"the storage {self._options.name} does not answer ({type(error).__name__})"
            raise FileFault(said, code="storage_down", retryable=True) from error
        raise FileFault("the storage sends its readers round in circles", code="storage_refused")

    def _exchange(self, method: str, url: str, headers: Mapping[str, str], context: SSLContext, most: int) -> _Reply:
        """The body as far as one byte beyond `most`."""
        from http.client import HTTPSConnection

        parts, deadline_s = urlsplit(url), self._options.deadline_s
        connection = HTTPSConnection(parts.hostname or "", parts.port, timeout=deadline_s, context=context)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        with closing(connection):
            connection.request(method, target, headers={**headers, "Connection": "close"})
            with connection.getresponse() as answer:
                told = {name.lower(): value for name, value in answer.getheaders()}
                return _Reply(answer.status, told, answer.read(most + 1))

    def _next(self, url: str, location: str) -> str:
        following = urljoin(url, location)
        parts = urlsplit(following)
        known = (urlsplit(self._options.url).hostname or "", *self._options.data_servers)
        if parts.scheme != "https" or not any(fnmatchcase((parts.hostname or "").lower(), host) for host in known):
            raise FileFault(f"the storage sends on to {parts.netloc}, which gets no token", code="storage_refused")
        return following


def _normal(path: str) -> str:
    if not path.startswith("/") or ".." in path.split("/") or "\0" in path:
        raise FileFault("a path on a storage begins with / and has no ..", code="bad_arguments")
    return "/" + posixpath.normpath(path).strip("/")


def _checked(reply: _Reply, path: str, most: int) -> bytes:
    if reply.status in {401, 403}:
        raise FileFault(f"the storage does not allow this on {path} with your token", code="permission_denied")
    if reply.status == 404:
        raise FileFault(f"{path} does not exist", code="not_found")
    if reply.status >= 500:
        raise FileFault(f"the storage failed ({reply.status})", code="storage_down", retryable=True)
    if reply.status not in {200, 206, 207}:
        raise FileFault(f"the storage refused {path} ({reply.status})", code="storage_refused")
    if len(reply.body) > most:
        raise FileFault(f"the storage sends more than {most} bytes of {path}", code="too_large")
    return reply.body
