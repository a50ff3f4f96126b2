"""The user's bearer token, in a file of the user's own, as WLCG's Bearer Token Discovery (1.0) puts it.

Limits: nothing is asked of the token but that it can stand in a header; whether it is good, the storage says.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence

from ink_core.storage.faults import FileFault

MOST_BYTES = 16 * 1024
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


def bearer_token(files: Sequence[str]) -> str:
    """Raises `FileFault` where there is none, or one that others could have read."""
    for name in files:
        path = name.replace("{uid}", str(os.getuid()))
        try:
            return _read(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise FileFault(f"{path} cannot be read: {error.strerror}", code="no_token") from error
    raise FileFault("you have no token for this storage here; get one (oidc-token, htgettoken)", code="no_token")


def _read(path: str) -> str:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid() or status.st_mode & 0o077:
            raise FileFault(f"{path} is not a file of yours that you alone can read", code="no_token")
        text = file.read(MOST_BYTES + 1).decode(errors="replace").strip()
    if len(text) > MOST_BYTES or not _TOKEN.fullmatch(text):
        raise FileFault(f"{path} holds no bearer token", code="no_token")
    return text
