"""Which portal, and who asks: the same address and file of a token that the `hep_*` commands use.

The token is `INK_TOKEN`, or in the file that `INK_TOKEN_FILE` names, or in `~/.ink/token`; the address is `INK_URL`, or
in `~/.ink/url`, or it is this machine.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from ink_client.rest.client import AuthenticatedClient

HERE = "http://127.0.0.1:8420"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
TIMEOUT_S = 120.0


class NoToken(Exception):
    """There is no token to use, or it would not be safe to; the text says what to do."""


def connect(
    url: str | None = None, token: str | None = None, environment: Mapping[str, str] = os.environ
) -> AuthenticatedClient:
    """A client for `with` or `async with`; redirections are not followed. Raises `NoToken`."""
    folder = Path(environment.get("HOME") or "~").expanduser() / ".ink"
    address = url or environment.get("INK_URL") or _text(folder / "url") or HERE
    _check(address)
    secret = (
        token or environment.get("INK_TOKEN") or _token(Path(environment.get("INK_TOKEN_FILE") or folder / "token"))
    )
    return AuthenticatedClient(
        base_url=address.rstrip("/"),
        token=secret,
        timeout=httpx.Timeout(TIMEOUT_S),
        raise_on_unexpected_status=True,
    )


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NoToken(f"{address} is no address of a portal; set INK_URL to https://…")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise NoToken(f"{address} would carry your token unencrypted; use https")


def _token(file: Path) -> str:
    try:
        if file.stat().st_mode & 0o077:
            raise NoToken(f"others can read your token in {file}; chmod 600 {file}")
        token = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NoToken(f"no token in {file} ({error}); make one on the portal's page of tokens") from error
    if not token or not token.isascii() or not token.isprintable():
        raise NoToken(f"what is in {file} is no token")
    return token


def _text(file: Path) -> str:
    return file.read_text("utf-8").strip() if file.is_file() else ""
