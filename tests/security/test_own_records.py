"""No tool for files changes what decides later: the agent's own records of trash and uploads, and what DAGMan reads."""

from __future__ import annotations

import json
import os
import time
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.security.test_worker_paths import attempt, sandbox
from worker_agent import copying, files, listing, pulling, writing
from worker_agent.protocol import (
    FilesCopy,
    FilesList,
    FilesMakeDirectory,
    FilesMode,
    FilesPage,
    FilesPull,
    FilesRead,
    FilesRemove,
    FilesRename,
    FilesWrite,
    TrashList,
    TrashPut,
    TrashRemove,
    TrashRestore,
    UploadBegin,
    UploadTarget,
)
from worker_agent.sandbox import Sandbox
from worker_agent.trash import TrashBin
from worker_agent.upload_records import Record
from worker_agent.uploads import UploadStore

__all__ = ["sandbox"]
pytestmark = pytest.mark.requirement("CORE-FILES-02")
ID, OTHER = "0" * 32, "1" * 32


def moving(sandbox: Sandbox, path: str) -> dict[str, Callable[[], BaseModel]]:
    """Whatever removes `path`, or puts something there."""
    until = time.monotonic() + 60
    begin = UploadBegin(upload_id=ID, path=path, size=1, expires_s=60, overwrite=True)
    return {
        "rename from": lambda: files.rename(sandbox, FilesRename(source=path, target="stolen")),
        "rename to": lambda: files.rename(sandbox, FilesRename(source="sub", target=path)),
        "copy from": lambda: copying.copy(sandbox, FilesCopy(source=path, target="stolen"), until=until),
        "copy to": lambda: copying.copy(sandbox, FilesCopy(source="sub", target=path), until=until),
        "remove": lambda: files.remove(sandbox, FilesRemove(path=path, recursive=True)),
        "write": lambda: writing.write_file(sandbox, FilesWrite(path=path, content="", overwrite=True)),
        "trash": lambda: TrashBin(sandbox).put(TrashPut(trash_id=OTHER, path=path, recursive=True, expires_s=60)),
        "restore": lambda: TrashBin(sandbox).restore(TrashRestore(trash_id=ID, target=path)),
        "upload": lambda: UploadStore(sandbox).begin(begin),
    }


def opening(sandbox: Sandbox, path: str) -> dict[str, Callable[[], BaseModel]]:
    return {
        "make": lambda: files.make_directory(sandbox, FilesMakeDirectory(path=f"{path}/below")),
        "mode": lambda: copying.set_mode(sandbox, FilesMode(path=path, mode=0o777)),
        "list": lambda: files.list_directory(sandbox, FilesList(path=path)),
        "page": lambda: listing.page_of(sandbox, FilesPage(path=path)),
        "read": lambda: files.read_range(sandbox, FilesRead(path=path)),
        "pull": lambda: pulling.pull(sandbox, FilesPull(path=path)),
    }


@pytest.fixture
def kept(sandbox: Sandbox) -> Path:
    """The workspace, with something in its trash and links to the agent's own directory."""
    TrashBin(sandbox).put(TrashPut(trash_id=ID, path="sub/file", expires_s=60))
    UploadStore(sandbox).begin(UploadBegin(upload_id=OTHER, path=None, size=1, expires_s=60))
    root = Path(sandbox.path)
    (root / "door").symlink_to(".ink")
    (root / "bin").symlink_to(root / ".ink/trash")
    return root


@pytest.mark.parametrize("path", [".ink/trash", f".ink/trash/{ID}", "door/uploads", "sub/../door/trash/new", "bin/new"])
def test_no_tool_for_files_reaches_trash_or_uploads(sandbox: Sandbox, kept: Path, path: str) -> None:
    outcomes = {name: attempt(work) for name, work in moving(sandbox, path).items()}
    assert outcomes == dict.fromkeys(outcomes, "permission_denied")
    if not path.endswith("new"):
        outcomes = {name: attempt(work) for name, work in opening(sandbox, path).items()}
        assert outcomes == dict.fromkeys(outcomes, "permission_denied")
    assert TrashBin(sandbox).restore(TrashRestore(trash_id=ID)).path == "sub/file"


@pytest.mark.parametrize("there", [True, False])
def test_the_agents_directory_is_neither_moved_nor_put_in_place(sandbox: Sandbox, there: bool) -> None:
    if there:
        TrashBin(sandbox).put(TrashPut(trash_id=ID, path="sub/file", expires_s=60))
    outcomes = {name: attempt(work) for name, work in moving(sandbox, ".ink").items() if there or name != "restore"}
    assert outcomes == dict.fromkeys(outcomes, "permission_denied")
    assert attempt(lambda: files.make_directory(sandbox, FilesMakeDirectory(path=".ink/trash"))) == "permission_denied"


def test_no_tool_for_files_changes_what_dagman_will_submit_and_its_log_is_read(sandbox: Sandbox, kept: Path) -> None:
    directory = kept / ".ink/dags/dag-1"
    directory.mkdir(parents=True)
    (directory / "b.sub").write_text("admitted")
    for path in (".ink/dags", "door/dags/dag-1", ".ink/dags/dag-1/b.sub"):
        works = moving(sandbox, path) | {name: opening(sandbox, path)[name] for name in ("make", "mode")}
        outcomes = {name: attempt(work) for name, work in works.items()}
        assert outcomes == dict.fromkeys(outcomes, "permission_denied")
    assert (directory / "b.sub").read_text() == "admitted"
    read = files.read_range(sandbox, FilesRead(path=".ink/dags/dag-1/b.sub"))
    assert b64decode(read.content) == b"admitted"
    assert attempt(opening(sandbox, ".ink/dags/dag-1/b.sub")["pull"]) == "done"


def test_what_others_keep_in_the_agents_directory_is_reached(sandbox: Sandbox) -> None:
    files.make_directory(sandbox, FilesMakeDirectory(path=".ink/Jobs"))
    assert attempt(lambda: writing.write_file(sandbox, FilesWrite(path=".ink/Jobs/one", content=""))) == "done"
    assert attempt(lambda: listing.page_of(sandbox, FilesPage(path=".ink"))) == "done"


def test_a_record_that_names_another_entry_has_none_removed(sandbox: Sandbox) -> None:
    trash, root = TrashBin(sandbox), Path(sandbox.path)
    put = trash.put(TrashPut(trash_id=ID, path="sub/file", expires_s=60))
    planted = root / ".ink/trash" / OTHER
    (planted / "entry").mkdir(parents=True)
    (planted / "record.json").write_text(put.model_copy(update={"expires_at": 0.0}).model_dump_json())
    assert trash.listed(TrashList()).entries == (put,)
    assert attempt(lambda: trash.remove(TrashRemove(trash_id=OTHER))) == "not_found"
    assert trash.restore(TrashRestore(trash_id=ID)).path == "sub/file"


@pytest.mark.parametrize("trash_id", ["../..", "../../sub", OTHER + "/../../../sub"])
def test_a_directory_of_the_trash_that_is_no_entry_has_nothing_removed(sandbox: Sandbox, trash_id: str) -> None:
    trash, root = TrashBin(sandbox), Path(sandbox.path)
    trash.listed(TrashList())
    planted = root / ".ink/trash" / OTHER
    (planted / "entry").mkdir(parents=True)
    record = {"trash_id": trash_id, "path": "x", "kind": "file", "size": 0, "deleted_at": 0.0, "expires_at": 0.0}
    (planted / "record.json").write_text(json.dumps(record))
    assert trash.remove(TrashRemove()).removed == 0
    assert (root / "sub/file").exists()


def test_a_record_of_an_upload_that_names_another_file_has_it_kept(sandbox: Sandbox) -> None:
    uploads, root = UploadStore(sandbox), Path(sandbox.path)
    uploads.begin(UploadBegin(upload_id=ID, path="new", size=1, expires_s=60))
    status = os.stat(root / "sub/file")
    record = root / ".ink/uploads" / f"{ID}.json"
    planted = Record.model_validate_json(record.read_text()).model_copy(
        update={"staged": "sub/file", "file": (status.st_dev, status.st_ino), "expires_s": 0.001}
    )
    record.write_text(planted.model_dump_json())
    assert attempt(lambda: uploads.abort(UploadTarget(upload_id=ID))) == "not_found"
    uploads.begin(UploadBegin(upload_id=OTHER, path="other", size=1, expires_s=60))
    assert (root / "sub/file").exists()
