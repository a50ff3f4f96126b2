"""To a storage go the bytes that were meant and approved, also where the user's programs write to what is staged."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ink_core.storage.xrootd.calls import PutOnStorage
from ink_core.storage.xrootd.staged import staged_body
from worker_agent.protocol import PackError, UploadAppend, UploadBegin
from worker_agent.sandbox import Sandbox
from worker_agent.uploads import UploadStore

MEANT = b"what was meant" * 100_000
UPLOAD = "0" * 32


@pytest.fixture
def staged(tmp_path: Path) -> Path:
    """The file of an upload all of whose bytes have come."""
    with closing(Sandbox(str(tmp_path))) as sandbox:
        store = UploadStore(sandbox)
        store.begin(UploadBegin(upload_id=UPLOAD, path=None, size=len(MEANT), expires_s=600))
        store.append(UploadAppend(upload_id=UPLOAD, offset=0, payload=MEANT))
    (file,) = (found for found in tmp_path.rglob("*") if found.is_file() and found.read_bytes() == MEANT)
    return file


def sent(home: Path, meanwhile: Callable[[], object]) -> bytes:
    """What is sent, when this happens after the bytes were looked at and before they go."""
    wanted = PutOnStorage(
        storage="eos", path="/f", upload_id=UPLOAD, size=len(MEANT), sha256=hashlib.sha256(MEANT).hexdigest()
    )
    with staged_body(str(home), wanted) as body:
        meanwhile()
        return b"".join(body.pieces)


def test_what_was_meant_is_sent(tmp_path: Path, staged: Path) -> None:
    assert sent(tmp_path, staged.touch) == MEANT


def test_what_is_added_meanwhile_is_not_sent(tmp_path: Path, staged: Path) -> None:
    assert sent(tmp_path, lambda: staged.write_bytes(MEANT + b"more")) == MEANT


@pytest.mark.parametrize("other", [b"x" + MEANT[1:], MEANT[:-1] + b"x", MEANT[:-1], b""])
def test_other_bytes_are_never_sent_to_their_end(tmp_path: Path, staged: Path, other: bytes) -> None:
    with pytest.raises(PackError, match="not the ones that were meant"):
        sent(tmp_path, lambda: staged.write_bytes(other))
