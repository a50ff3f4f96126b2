"""`files.checksum`: of a whole file, as sites and catalogues of files use them.

Limits: blocking, so it runs in threads; a file that takes longer than the call may is refused.
"""

from __future__ import annotations

import hashlib
import os
import time
import zlib
from typing import Protocol

from worker_agent.faults import fault
from worker_agent.files import regular
from worker_agent.names import to_wire
from worker_agent.protocol import ChecksumAlgorithm, FileChecksum, FilesChecksum
from worker_agent.pulling import version_of
from worker_agent.sandbox import Sandbox

_PIECE = 4 * 1024 * 1024


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


class _Adler32:
    """RFC 1950, in eight digits, as XRootD writes it."""

    def __init__(self) -> None:
        self._value = 1

    def update(self, data: bytes, /) -> None:
        self._value = zlib.adler32(data, self._value)

    def hexdigest(self) -> str:
        return f"{self._value:08x}"


def checksum(sandbox: Sandbox, arguments: FilesChecksum, *, until: float) -> FileChecksum:
    path = sandbox.relative(arguments.path)
    with sandbox.open(path, os.O_RDONLY | os.O_NONBLOCK) as descriptor:
        before = version_of(regular(os.fstat(descriptor), arguments.path))
        digest, size = _new(arguments.algorithm), 0
        while piece := os.pread(descriptor, _PIECE, size):
            digest.update(piece)
            size += len(piece)
            if time.monotonic() > until:
                raise fault("too_slow", f"{arguments.path} is too large for one call; run the command in a job.")
        if version_of(os.fstat(descriptor)) != before:
            raise fault("file_changed", f"{arguments.path} changed while it was read; try again.", retryable=True)
    return FileChecksum(
        path=to_wire(path), algorithm=arguments.algorithm, value=digest.hexdigest(), size=size, version=before
    )


def _new(algorithm: ChecksumAlgorithm) -> _Digest:
    if algorithm is ChecksumAlgorithm.ADLER32:
        return _Adler32()
    return hashlib.new(algorithm.value, usedforsecurity=False)
