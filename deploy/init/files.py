"""Secret files: made whole or not at all, for one owner, and never replaced unless that is asked for."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

SECRET = 0o600


@dataclass(frozen=True)
class Owner:
    uid: int
    gid: int


ROOT = Owner(0, 0)


def put(file: Path, content: bytes, owner: Owner = ROOT, mode: int = SECRET) -> None:
    """Replaces the file by one that is complete, flushed and of this owner. Raises `OSError`."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET), "wb") as opened:
            os.fchmod(opened.fileno(), mode)
            os.fchown(opened.fileno(), owner.uid, owner.gid)
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)


def random_text() -> bytes:
    """A password of 256 bits."""
    return secrets.token_urlsafe(32).encode()
