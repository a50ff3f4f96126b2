"""A client of the platform's REST interface: one request, one answer, and what went wrong in a sentence.

The token comes from the file that `INK_TOKEN_FILE` names, or `~/.ink/token`; the address from `INK_URL`, or
`~/.ink/url`, or it is this machine. Redirections are not followed: a token goes to the address that was named.
"""

from __future__ import annotations

import http.client
import json
import os
import stat
import time
from collections.abc import Mapping
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

HERE = "http://127.0.0.1:8420"
TIMEOUT_S = 120.0
MORE_TRIES = 2
MOST_WAIT_S = 30.0
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Failed(Exception):
    """The command cannot do what was asked; the text says why. `code` is the portal's, where it has said no."""

    def __init__(self, text: str, code: str = "") -> None:
        super().__init__(text)
        self.code = code


class Portal:
    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Failed(f"{url} is no address of a portal; set INK_URL to https://…")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise Failed(f"{url} would carry your token unencrypted; use https")
        self._parts = parts
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}

    def get(self, path: str, **query: Any) -> Any:
        given = {name: value for name, value in query.items() if value not in (None, "", [])}
        return self._answer("GET", f"{path}?{urlencode(given, doseq=True)}" if given else path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._answer("POST", path, json.dumps(body).encode())

    def call(self, tool: str, arguments: Mapping[str, Any]) -> Any:
        """The result of one tool call through the gate. Raises `Failed`, also for one that waits for an approval."""
        call = self.post("/api/v1/calls", {"tool": tool, "arguments": arguments, "wait_s": 60})
        if call["status"] == "done":
            return call["result"]
        if call["status"] == "waiting_approval":
            raise Failed(f"this waits for an approval ({call['approval_id']}); nothing was changed yet")
        error = call.get("error")
        if error:
            raise Failed(error["message"], error["code"])
        raise Failed(f"it is still running as {call['call_id']}")

    def _answer(self, method: str, path: str, body: bytes | None) -> Any:
        status, headers, data = self._exchange(method, path, body)
        for _ in range(MORE_TRIES):
            if status != 429:  # which was not even begun
                break
            time.sleep(min(float(headers.get("Retry-After") or 1), MOST_WAIT_S))
            status, headers, data = self._exchange(method, path, body)
        if status >= 300:
            raise Failed(_reason(status, data))
        return json.loads(data) if data else None

    def _exchange(self, method: str, path: str, body: bytes | None) -> tuple[int, Message, bytes]:
        secure = self._parts.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        connection = kind(self._parts.hostname or "", self._parts.port, timeout=TIMEOUT_S)
        headers = self._headers | ({"Content-Type": "application/json"} if body is not None else {})
        try:
            connection.request(method, self._parts.path.rstrip("/") + path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"{self._parts.geturl()} does not answer: {error}") from error
        finally:
            connection.close()


def portal(environment: Mapping[str, str] = os.environ) -> Portal:
    """Raises `Failed` where there is no token, or where others can read it."""
    folder = Path(environment.get("HOME") or "~").expanduser() / ".ink"
    named = folder / "url"
    url = environment.get("INK_URL") or (named.read_text("utf-8").strip() if named.is_file() else HERE)
    return Portal(url, _token(Path(environment.get("INK_TOKEN_FILE") or folder / "token")))


def _token(file: Path) -> str:
    try:
        if file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Failed(f"others can read your token in {file}; chmod 600 {file}")
        token = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Failed(f"no token in {file} ({error}); make one on the portal's page of tokens") from error
    if not token or not token.isascii() or not token.isprintable():
        raise Failed(f"what is in {file} is no token")
    return token


def _reason(status: int, data: bytes) -> str:
    try:
        return str(json.loads(data)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"the portal answered {status}"
