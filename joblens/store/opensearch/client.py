"""HTTP to OpenSearch or Elasticsearch: connections kept open, several addresses to try, bulk with errors per item.

A password is read from its file for each connection, goes in a header alone, and is in no error. Standard library.
"""

from __future__ import annotations

import json
import ssl
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from threading import local
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit
from weakref import WeakSet

from ink_core.errors import BadInput
from joblens.errors import StoreAway

MAX_ANSWER_BYTES = 64 << 20
BULK_BYTES = 8 << 20
_LOCAL = ("localhost", "127.0.0.1", "::1")
Json = Any


@dataclass(frozen=True)
class Access:
    """`password_file` holds the account's password; without `username` it holds an API key as the server gave it."""

    urls: Sequence[str]
    username: str | None = None
    password_file: Path | None = None
    ca_file: Path | None = None
    timeout_s: float = 30.0


class Answer(Exception):
    """An answer that is no success; `kind` is the server's word for what is wrong."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(f"{status} {kind}: {reason}")
        self.status, self.kind = status, kind


class _Link(local):
    """A thread's own connection."""

    connection: HTTPConnection | None = None
    secret = ""


class Client:
    """Any number of threads, each with a connection. Raises `StoreAway` where nobody answers, `Answer` for what is
    refused."""

    def __init__(self, access: Access) -> None:
        """Raises `BadInput` for an address that no secret may go to."""
        self._access = access
        self._addresses = [_checked(urlsplit(url), secret=access.password_file is not None) for url in access.urls]
        self._tls = ssl.create_default_context(cafile=str(access.ca_file) if access.ca_file else None)
        self._link = _Link()
        self._open: WeakSet[HTTPConnection] = WeakSet()

    def ask(self, method: str, path: str, body: Json = None) -> Json:
        data = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        return self._ask(method, path, data, "application/json")

    def bulk(self, actions: Sequence[tuple[Json, Json]]) -> list[Json]:
        """Each action's answer, in order; which failed is for the caller to see. A document of None is for a delete."""
        answers: list[Json] = []
        for part in _parts(actions):
            items = self._ask("POST", "/_bulk", part, "application/x-ndjson")["items"]
            answers += [next(iter(item.values())) for item in items]
        return answers

    def close(self) -> None:
        for connection in list(self._open):
            connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, media_type: str) -> Json:
        """Once more where the connection was an old one, which the server may have closed meanwhile."""
        reasons: list[str] = []
        for address in [*self._addresses, self._addresses[0]]:
            try:
                return self._asked(address, method, path, body, media_type)
            except (OSError, HTTPException) as error:
                self._drop()
                reasons.append(f"{address.netloc}: {error or type(error).__name__}")
        raise StoreAway(f"OpenSearch does not answer ({'; '.join(dict.fromkeys(reasons))}).")

    def _asked(self, address: SplitResult, method: str, path: str, body: bytes | None, media_type: str) -> Json:
        connection = self._link.connection or self._connect(address)
        headers = {"Content-Type": media_type, **({"Authorization": self._link.secret} if self._link.secret else {})}
        connection.request(method, address.path.rstrip("/") + path, body, headers)
        answer = connection.getresponse()
        text = answer.read(MAX_ANSWER_BYTES + 1)
        if len(text) > MAX_ANSWER_BYTES:
            self._drop()
            raise StoreAway("OpenSearch answers with more than is taken; ask for less.")
        return _told(answer.status, text, address.netloc)

    def _connect(self, address: SplitResult) -> HTTPConnection:
        host, port, timeout = address.hostname or "", address.port, self._access.timeout_s
        secure = address.scheme == "https"
        self._link.secret = _secret(self._access)
        connection = (
            HTTPSConnection(host, port, timeout=timeout, context=self._tls)
            if secure
            else HTTPConnection(host, port, timeout=timeout)
        )
        self._link.connection = connection
        self._open.add(connection)
        return connection

    def _drop(self) -> None:
        if self._link.connection is not None:
            self._link.connection.close()
            self._link.connection = None


def _checked(address: SplitResult, *, secret: bool) -> SplitResult:
    if address.scheme not in ("http", "https") or not address.hostname or address.username or address.query:
        raise BadInput("An address of OpenSearch is https://HOST:PORT, without account or query.")
    if secret and address.scheme == "http" and address.hostname not in _LOCAL:
        raise BadInput(f"The password would go to {address.hostname} for all to read: use https.")
    return address


def _secret(access: Access) -> str:
    if access.password_file is None:
        return ""
    try:
        text = access.password_file.read_text("utf-8").strip()
    except OSError as error:
        raise StoreAway(f"The secret of OpenSearch cannot be read: {error}") from error
    if access.username is None:
        return f"ApiKey {text}"
    return "Basic " + b64encode(f"{access.username}:{text}".encode()).decode()


def _told(status: int, text: bytes, server: str) -> Json:
    told = _json(text)
    if status < 300 and told is not None:
        return told
    if status in (401, 403):
        raise StoreAway(f"OpenSearch at {server} refuses the account ({status}).")
    if told is None or status in (429, 502, 503, 504):
        raise StoreAway(f"OpenSearch at {server} takes nothing at present ({status}).")
    error = told.get("error", "")
    found = cast("Json", error) if isinstance(error, dict) else {"type": "", "reason": error}
    raise Answer(status, str(found["type"]), str(found["reason"])[:500])


def _json(text: bytes) -> Json | None:
    try:
        return json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return None


def _parts(actions: Sequence[tuple[Json, Json]]) -> Iterator[bytes]:
    """Bodies of bounded size."""
    part: list[bytes] = []
    size = 0
    for action, document in actions:
        lines = [action] if document is None else [action, document]
        text = b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines)
        if part and size + len(text) > BULK_BYTES:
            yield b"".join(part)
            part, size = [], 0
        part.append(text)
        size += len(text)
    if part:
        yield b"".join(part)
