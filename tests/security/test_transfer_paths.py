"""What copies, trashes, uploads, archives and searches leaves the workspace as little as what reads and writes."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ink_core.storage.user_files import entries_of
from tests.security.test_worker_paths import OUTSIDE, attempt, sandbox
from worker_agent import checksums, copying, finding, listing, pulling
from worker_agent.names import from_wire
from worker_agent.protocol import (
    FilesChecksum,
    FilesCopy,
    FilesFind,
    FilesMode,
    FilesPage,
    FilesPull,
    FilesStatus,
    TrashPut,
    TrashRestore,
    UploadBegin,
)
from worker_agent.sandbox import Sandbox
from worker_agent.trash import TrashBin
from worker_agent.uploads import UploadStore

__all__ = ["sandbox"]
pytestmark = pytest.mark.requirement("CORE-FILES-02")
ID = "0" * 32


@pytest.mark.parametrize("path", OUTSIDE)
def test_every_transfer_refuses_a_way_out(sandbox: Sandbox, path: str) -> None:
    path = path.format(parent=os.path.dirname(sandbox.path))
    new, until = f"{path}/new", time.monotonic() + 60
    codes = {
        attempt(lambda: listing.page_of(sandbox, FilesPage(path=path))),
        attempt(lambda: listing.status_of(sandbox, FilesStatus(path=new))),
        attempt(lambda: pulling.pull(sandbox, FilesPull(path=path))),
        attempt(lambda: copying.copy(sandbox, FilesCopy(source="sub/file", target=new), until=until)),
        attempt(lambda: copying.copy(sandbox, FilesCopy(source=new, target="stolen"), until=until)),
        attempt(lambda: copying.set_mode(sandbox, FilesMode(path=path, mode=0o777))),
        attempt(lambda: checksums.checksum(sandbox, FilesChecksum(path=path), until=until)),
        attempt(lambda: finding.find(sandbox, FilesFind(path=path, name="*"), until=until)),
        attempt(lambda: TrashBin(sandbox).put(TrashPut(trash_id=ID, path=new, expires_s=60))),
        attempt(lambda: UploadStore(sandbox).begin(UploadBegin(upload_id=ID, path=new, size=1, expires_s=60))),
    }
    assert codes == {"path_outside_workspace"}
    assert os.listdir(os.path.join(sandbox.path, "../outside")) == ["secret"]


def test_nothing_is_put_back_to_a_place_outside(sandbox: Sandbox) -> None:
    TrashBin(sandbox).put(TrashPut(trash_id=ID, path="sub/file", expires_s=60))
    for target in ("../outside/file", "absolute-out/file", "relative-out/file", "/etc/ink-file"):
        code = attempt(lambda target=target: TrashBin(sandbox).restore(TrashRestore(trash_id=ID, target=target)))
        assert code == "path_outside_workspace"
    assert TrashBin(sandbox).restore(TrashRestore(trash_id=ID)).path == "sub/file"


def test_the_agents_own_directory_is_no_way_out(sandbox: Sandbox) -> None:
    os.symlink("../outside", os.path.join(sandbox.path, ".ink"))
    put = TrashPut(trash_id=ID, path="sub/file", expires_s=60)
    assert attempt(lambda: TrashBin(sandbox).put(put)) != "done"
    begin = UploadBegin(upload_id=ID, path="sub/new", size=1, expires_s=60)
    assert attempt(lambda: UploadStore(sandbox).begin(begin)) != "done"
    assert os.listdir(os.path.join(sandbox.path, "../outside")) == ["secret"]


NAMES = st.binary(min_size=1, max_size=60).filter(lambda name: not {b"/", b"\0"} & {bytes([c]) for c in name})


@given(st.sets(NAMES.filter(lambda name: name not in {b".", b"..", b".ink"}), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_any_name_is_listed_copied_trashed_and_put_back_as_it_is(names: set[bytes]) -> None:
    with tempfile.TemporaryDirectory() as top:
        sandbox, root = Sandbox(top), os.fsencode(top)
        try:
            for name in names:
                Path(os.fsdecode(os.path.join(root, name))).write_bytes(name)
            page = listing.page_of(sandbox, FilesPage(hidden=True, limit=2))
            rows = entries_of(page)
            while page.next_cursor is not None:
                page = listing.page_of(sandbox, FilesPage(hidden=True, limit=2, after=page.next_cursor))
                rows += entries_of(page)
            assert {os.fsencode(from_wire(row.name)) for row in rows} == names
            for number, row in enumerate(rows):
                entry = f"{number:032x}"
                copying.copy(sandbox, FilesCopy(source=row.path, target=f"{entry}.copy"), until=time.monotonic() + 60)
                TrashBin(sandbox).put(TrashPut(trash_id=entry, path=row.path, expires_s=60))
                assert TrashBin(sandbox).restore(TrashRestore(trash_id=entry)).path == row.path
                assert pulling.pull(sandbox, FilesPull(path=f"{entry}.copy")).payload in names
        finally:
            sandbox.close()
