"""A secret key in a file of its own: made at the first use, readable by its owner only, never replaced.

Limits: local file system; whoever takes the file away takes away all that was made with the key.
"""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ink_core.durable import flush
from ink_core.errors import InkError

KEY_BYTES = 32


class KeyUnusable(InkError):
    """A key file is readable by others, or holds no key."""

    code = "key_unusable"


def secret_key(file: Path) -> bytes:
    """32 random bytes, made at the first use; of two starters at once both get the same.

    Raises `KeyUnusable`, also when others could read the file.
    """
    key = kept_secret(file, lambda: secrets.token_bytes(KEY_BYTES), KEY_BYTES + 1)
    if len(key) != KEY_BYTES:
        raise KeyUnusable(f"{file} holds no key; delete it, and a new one is made")
    return key


def kept_secret(file: Path, make: Callable[[], bytes], most: int) -> bytes:
    """What the file holds, `most` bytes of it; `make` is asked where there is none. Raises what `secret_key` raises."""
    if not os.path.lexists(file):
        _write(file, make())
    with _opened(file) as opened:
        status = os.fstat(opened.fileno())
        if status.st_mode & 0o077 or not stat.S_ISREG(status.st_mode):
            raise KeyUnusable(f"others could read the secret key {file}: chmod 600 {file}, or delete it for a new one")
        return opened.read(most)


def _opened(file: Path) -> IO[bytes]:
    """Of a link nothing, wherever it leads: who reads here may be root, and the folder a service's."""
    try:
        return open(os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        raise KeyUnusable(f"the secret key {file} is a link; put the file itself there, or delete it") from None


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.link(draft, file)  # never replaces a key that somebody else made meanwhile
        flush(file.parent)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
