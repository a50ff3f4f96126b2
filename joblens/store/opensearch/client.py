"""HTTP to OpenSearch or Elasticsearch: connections kept open, several addresses to try, bulk with errors per item.

A password is read from its file for each connection, goes in a header alone, and is in no error. Standard library.
"""

from __future__ import annotations

import json
import ssl
from base64 import b64encode
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, NamedTuple, cast
from urllib.parse import SplitResult, urlsplit

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


class _Link(NamedTuple):
    """An open connection, and what is said on it to be let in."""

    connection: HTTPConnection
    address: SplitResult
    secret: str


class Client:
    """For any number of threads, each request on a connection of its own. Raises `StoreAway` where nobody answers,
    `Answer` for what is refused."""

    def __init__(self, access: Access) -> None:
        """Raises `BadInput` for an address that no secret may go to."""
        self._access = access
        self._addresses = [_checked(urlsplit(url), secret=access.password_file is not None) for url in access.urls]
        self._tls = ssl.create_default_context(cafile=str(access.ca_file) if access.ca_file else None)
        self._idle: deque[_Link] = deque()

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
        while self._idle:
            self._idle.pop().connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, media_type: str) -> Json:
        """By an open connection, which the server may have closed meanwhile, otherwise by a new one to each address."""
        reasons: list[str] = []
        for link in self._links():
            try:
                status, text = _asked(link, method, path, body, media_type)
            except (OSError, HTTPException) as error:
                link.connection.close()
                reasons.append(f"{link.address.netloc}: {error or type(error).__name__}")
            else:
                self._idle.append(link)
                return _told(status, text, link.address.netloc)
        raise StoreAway(f"OpenSearch does not answer ({'; '.join(dict.fromkeys(reasons))}).")

    def _links(self) -> Iterator[_Link]:
        with suppress(IndexError):
            yield self._idle.pop()
        for address in self._addresses:
            yield self._connected(address)

    def _connected(self, address: SplitResult) -> _Link:
        """It is opened by the first request."""
        host, port, timeout = address.hostname or "", address.port, self._access.timeout_s
        if address.scheme == "https":
            connection: HTTPConnection = HTTPSConnection(host, port, timeout=timeout, context=self._tls)
        else:
            connection = HTTPConnection(host, port, timeout=timeout)
        return _Link(connection, address, _secret(self._access))


def _asked(link: _Link, method: str, path: str, body: bytes | None, media_type: str) -> tuple[int, bytes]:
    headers = {"Content-Type": media_type, **({"Authorization": link.secret} if link.secret else {})}
    link.connection.request(method, link.address.path.rstrip("/") + path, body, headers)
    answer = link.connection.getresponse()
    text = answer.read(MAX_ANSWER_BYTES + 1)
    if len(text) > MAX_ANSWER_BYTES:
        link.connection.close()
        raise StoreAway("OpenSearch answers with more than is taken; ask for less.")
    return answer.status, text


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
