"""The bytes of an upload that this agent has staged, to be sent on to a storage."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager

from ink_core.storage.xrootd.calls import PutOnStorage
from ink_core.storage.xrootd.http import Body
from worker_agent.faults import fault, from_os_error
from worker_agent.protocol import PackError
from worker_agent.sandbox import Sandbox
from worker_agent.uploads import UploadStore, counted

_PIECE = 1024 * 1024


@contextmanager
def staged_body(home: str, wanted: PutOnStorage) -> Generator[Body]:
    """For as long as the block lasts. Raises a fault where other bytes are staged than are meant."""
    try:
        with closing(Sandbox(home)) as sandbox, _complete(UploadStore(sandbox), wanted) as descriptor:
            yield Body(wanted.size, _pieces(descriptor, wanted))
    except OSError as error:
        raise from_os_error(error, "the upload") from error


@contextmanager
def _complete(store: UploadStore, wanted: PutOnStorage) -> Generator[int]:
    with store.working_on(wanted.upload_id) as (record, running), store.staged(record, os.O_RDONLY) as descriptor:
        if record.path is not None or record.size != wanted.size:
            raise fault("bad_arguments", f"This upload is not one of {wanted.size} bytes without a path of its own.")
        if counted(record, os.fstat(descriptor).st_size) != record.size:
            raise fault("upload_incomplete", "Not all bytes have come; send the rest first.")
        if store.digest_of(record, running) != wanted.sha256:
            raise _other_bytes()
        yield descriptor


def _pieces(descriptor: int, wanted: PutOnStorage) -> Iterator[bytes]:
    """The last of them only where all are those that were meant: the user's programs may write to what is staged."""
    digest, offset = hashlib.sha256(), 0
    while offset < wanted.size:
        piece = os.pread(descriptor, min(_PIECE, wanted.size - offset), offset)
        digest.update(piece)
        offset += len(piece)
        if not piece or (offset == wanted.size and digest.hexdigest() != wanted.sha256):
            raise _other_bytes()
        yield piece


def _other_bytes() -> PackError:
    return fault("checksum_mismatch", "The bytes that came are not the ones that were meant; send again.")
