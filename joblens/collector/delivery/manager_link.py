"""The way to the manager: batches go there, captures that are wanted come from there. HTTP, one connection, kept open.

The token is read anew for each connection, so that it can be rotated, and goes in a header alone.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlsplit

from joblens.captures.order import CAPTURES_HEADER
from joblens.collector.config import ConfigInvalid
from joblens.collector.delivery.spool import Sealed
from joblens.errors import BatchMalformed, StoreAway
from joblens.store.wire import MEDIA_TYPE, TOGETHER_HEADER, join

_BATCHES = "/api/v1/joblens/batches"
_CAPTURES = "/api/v1/joblens/captures"
_MAX_ANSWER_BYTES = 1 << 20
MOST_TOGETHER = 8
_DEADLINE_S = 30.0


class ManagerLink:
    """`Sink`, and `CaptureOrders`. For one thread at a time."""

    def __init__(self, url: str, token_file: Path, ca_file: str = "") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigInvalid(
                f"manager_url is the address of the manager, such as https://portal.example, not {url!r}"
            )
        if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
            raise ConfigInvalid(f"manager_url must be https: the token would go to {parts.hostname} for all to read")
        self._parts = parts
        self._token_file = token_file
        self._tls = ssl.create_default_context(cafile=ca_file or None) if parts.scheme == "https" else None
        self._connection: HTTPConnection | None = None
        self._token = ""
        self.which: str | None = None
        self.together = 1

    def write(self, batches: Sequence[Sealed]) -> None:
        self._ask("POST", _BATCHES, join(batch.data for batch in batches))

    def captures(self, host: str) -> list[dict[str, Any]]:
        """The captures that run and may concern this host, as the manager tells them. Raises `StoreAway`."""
        text = self._ask("GET", f"{_CAPTURES}?host={quote(host, safe='')}")
        try:
            return cast(list[dict[str, Any]], [dict(order) for order in json.loads(text)])
        except (ValueError, TypeError) as error:
            raise StoreAway(f"{self._parts.netloc} answers what is no list of captures: {error}") from error

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Once more where the connection was an old one, which the manager may have closed meanwhile."""
        was_open = self._connection is not None
        try:
            return self._asked(method, path, body)
        except (OSError, HTTPException, ValueError) as error:
            self.close()
            if was_open:
                return self._ask(method, path, body)
            raise StoreAway(f"the manager at {self._parts.netloc} does not answer: {error}") from error

    def _asked(self, method: str, path: str, body: bytes | None) -> bytes:
        connection = self._connection or self._connect()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": MEDIA_TYPE}
        connection.request(method, self._parts.path.rstrip("/") + path, body, headers)
        answer = connection.getresponse()
        text = answer.read(_MAX_ANSWER_BYTES)
        self.which = answer.headers.get(CAPTURES_HEADER, self.which if body is None else None)
        self.together = self.together if body is None else _together(answer.headers.get(TOGETHER_HEADER, ""))
        if answer.status in (400, 413, 422):
            raise BatchMalformed(f"the manager refuses what was sent ({answer.status}): {_reason(text)}")
        if answer.status >= 300:
            self.close()
            raise StoreAway(f"the manager answers {answer.status}: {_reason(text)}")
        return text

    def _connect(self) -> HTTPConnection:
        self._token = self._token_file.read_text("ascii").strip()
        host, port = self._parts.hostname or "", self._parts.port
        self._connection = (
            HTTPSConnection(host, port, timeout=_DEADLINE_S, context=self._tls)
            if self._tls
            else HTTPConnection(host, port, timeout=_DEADLINE_S)
        )
        return self._connection


def _together(told: str) -> int:
    """Held to its bound whatever the manager asks for; 1 where it asks for nothing."""
    return min(max(int(told), 1), MOST_TOGETHER) if told.isdecimal() and len(told) < 4 else 1


def _reason(text: bytes) -> str:
    """The detail of a problem document (RFC 9457), or the beginning of whatever came."""
    try:
        return str(json.loads(text)["detail"])[:500]
    except (ValueError, KeyError, TypeError):
        return text[:200].decode("utf-8", "replace")
