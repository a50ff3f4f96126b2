"""Uploads and trash over their whole life: what expires goes, and nothing that is in use or is asked for."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker_agent import committing, trash, uploads
from worker_agent.protocol import (
    PackError,
    TrashList,
    TrashPut,
    TrashRestore,
    UploadAppend,
    UploadBegin,
    UploadCommit,
    UploadJoin,
    UploadList,
    UploadTarget,
)
from worker_agent.sandbox import Sandbox
from worker_agent.trash import TrashBin
from worker_agent.uploads import UploadStore

DATA = b"bytes"


def number(of: int) -> str:
    return f"{of:032x}"


@pytest.fixture
def sandbox(workspace: Path) -> Iterator[Sandbox]:
    sandbox = Sandbox(str(workspace))
    yield sandbox
    sandbox.close()


@pytest.fixture
def store(sandbox: Sandbox) -> UploadStore:
    return UploadStore(sandbox)


def sent(store: UploadStore, of: int, *, path: str | None = "file", expires_s: float = 3600) -> str:
    upload_id = number(of)
    store.begin(UploadBegin(upload_id=upload_id, path=path, size=len(DATA), expires_s=expires_s, overwrite=True))
    store.append(UploadAppend(upload_id=upload_id, offset=0, payload=DATA))
    return upload_id


def commit(store: UploadStore, upload_id: str, path: str = "file") -> None:
    digest = hashlib.sha256(DATA).hexdigest()
    committing.commit(store, UploadCommit(upload_id=upload_id, path=path, size=len(DATA), sha256=digest))


def grown_old(workspace: Path) -> None:
    """As if nobody had touched any upload for an hour and more."""
    for file in (*workspace.glob(".ink-upload-*"), *workspace.glob(".ink/uploads/*")):
        os.utime(file, (1.0, 1.0))


def test_an_expired_upload_is_dropped_when_the_next_one_begins(store: UploadStore, workspace: Path) -> None:
    sent(store, 1)
    grown_old(workspace)
    sent(store, 2, path="other")
    assert [each.upload_id for each in store.listed(UploadList()).uploads] == [number(2)]
    assert len(list(workspace.glob(".ink-upload-*"))) == 1


def test_an_upload_that_somebody_works_on_is_not_swept(store: UploadStore, workspace: Path) -> None:
    upload_id = sent(store, 1)
    with store.working_on(upload_id) as (record, _):
        os.rename(workspace / record.staged, workspace / "file")  # as far as a commit has come
        grown_old(workspace)
        sent(store, 2, path="other")
    assert store.stat(UploadTarget(upload_id=upload_id)).path == "file"


def test_a_commit_that_was_cut_off_before_its_record_is_known_afterwards(sandbox: Sandbox, workspace: Path) -> None:
    upload_id = sent(UploadStore(sandbox), 1)
    (staged,) = workspace.glob(".ink-upload-*")
    staged.rename(workspace / "file")
    store = UploadStore(sandbox)
    sent(store, 2, path="other")
    commit(store, upload_id)
    assert store.stat(UploadTarget(upload_id=upload_id)).done


def test_of_ended_uploads_the_oldest_are_forgotten(
    store: UploadStore, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_ENDED", 2)
    for of in range(4):
        commit(store, sent(store, of))
        os.utime(workspace / f".ink/uploads/{number(of)}.json", (2e9 + of, 2e9 + of))
    store.listed(UploadList())
    assert [each.upload_id for each in store.listed(UploadList()).uploads] == [number(2), number(3)]
    assert (workspace / "file").read_bytes() == DATA


def test_who_has_too_many_uploads_sees_them_and_begins_no_other(
    store: UploadStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MAX_UPLOADS", 2)
    for of in range(2):
        sent(store, of)
    with pytest.raises(PackError) as refused:
        sent(store, 2)
    assert refused.value.fault.code == "too_many_uploads"
    assert len(store.listed(UploadList()).uploads) == 2
    store.abort(UploadTarget(upload_id=number(0)))
    sent(store, 2)


def test_what_another_agent_of_the_workspace_did_is_seen(store: UploadStore, sandbox: Sandbox) -> None:
    upload_id = sent(store, 1)
    assert not store.listed(UploadList()).uploads[0].done
    commit(UploadStore(sandbox), upload_id)
    assert store.listed(UploadList()).uploads[0].done


def test_held_bytes_give_way_and_are_not_committed(store: UploadStore, sandbox: Sandbox, workspace: Path) -> None:
    upload_id = number(1)
    store.begin(UploadBegin(upload_id=upload_id, path="file", size=len(DATA), expires_s=60))

    def append(store: UploadStore, held_from: int | None) -> int:
        return store.append(UploadAppend(upload_id=upload_id, offset=0, held_from=held_from, payload=DATA)).offset

    assert append(store, 0) == 0
    with pytest.raises(PackError) as refused:
        commit(store, upload_id)
    assert refused.value.fault.code == "upload_incomplete"
    assert append(UploadStore(sandbox), 0) == 0, "another agent of the workspace, and again"
    assert append(store, None) == len(DATA)
    commit(store, upload_id)
    assert (workspace / "file").read_bytes() == DATA


def test_a_part_may_be_named_twice(store: UploadStore, workspace: Path) -> None:
    part = sent(store, 1, path=None)
    join = UploadJoin(upload_id=number(2), parts=(part, part), path="file", expires_s=60)
    assert store.join(join).offset == 2 * len(DATA)
    assert not list(workspace.glob(".ink/uploads/*.part"))


def test_an_expired_entry_of_the_trash_is_removed(sandbox: Sandbox, workspace: Path) -> None:
    kept = TrashBin(sandbox)
    (workspace / "short").write_text("")
    (workspace / "long").write_text("")
    kept.put(TrashPut(trash_id=number(1), path="short", expires_s=1e-6))
    kept.put(TrashPut(trash_id=number(2), path="long", expires_s=3600))
    assert [entry.path for entry in kept.listed(TrashList()).entries] == ["long"]
    assert os.listdir(workspace / ".ink/trash") == [number(2)]


def test_a_removal_that_was_cut_off_is_finished(sandbox: Sandbox, workspace: Path) -> None:
    kept = TrashBin(sandbox)
    kept.listed(TrashList())
    (workspace / ".ink/trash" / f"{number(1)}.gone/entry").mkdir(parents=True)
    assert kept.listed(TrashList()).entries == ()
    assert os.listdir(workspace / ".ink/trash") == []


def test_a_full_trash_says_so_and_takes_nothing(
    sandbox: Sandbox, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trash, "MAX_ENTRIES", 1)
    kept = TrashBin(sandbox)
    for name in ("one", "two"):
        (workspace / name).write_text(name)
    kept.put(TrashPut(trash_id=number(1), path="one", expires_s=60))
    with pytest.raises(PackError) as refused:
        kept.put(TrashPut(trash_id=number(2), path="two", expires_s=60))
    assert refused.value.fault.code == "trash_full"
    assert (workspace / "two").exists()
    kept.restore(TrashRestore(trash_id=number(1)))
    kept.put(TrashPut(trash_id=number(2), path="two", expires_s=60))
