"""`files.pull`: a piece of a file as raw bytes, and whether it is still the file of the piece before."""

from __future__ import annotations

import os

from worker_agent.faults import fault
from worker_agent.files import read_bytes, regular
from worker_agent.names import to_wire
from worker_agent.protocol import FilePiece, FilesPull
from worker_agent.sandbox import Sandbox


def pull(sandbox: Sandbox, arguments: FilesPull) -> FilePiece:
    path = sandbox.relative(arguments.path)
    with sandbox.open(path, os.O_RDONLY | os.O_NONBLOCK) as descriptor:
        data = read_bytes(descriptor, arguments.offset, arguments.length)
        status = regular(os.fstat(descriptor), arguments.path)  # after reading, so that a change meanwhile is seen
    version = version_of(status)
    if arguments.version not in {None, version}:
        raise fault("file_changed", f"{arguments.path} changed while it was read; read it again.", retryable=True)
    return FilePiece(
        path=to_wire(path),
        offset=arguments.offset,
        size=status.st_size,
        modified=status.st_mtime,
        version=version,
        payload=data,
    )


def version_of(status: os.stat_result) -> str:
    """Differs between two contents of one path, as far as the file system's time of change tells them apart."""
    return f"{status.st_ino:x}-{status.st_size:x}-{status.st_mtime_ns:x}"
