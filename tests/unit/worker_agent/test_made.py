"""What an operation has put in place is known afterwards, and no other entry is taken for it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker_agent import copying, made
from worker_agent.protocol import FileEntry, FilesCopy, FilesMade, PackError, TrashPut, TrashRestore
from worker_agent.sandbox import Sandbox
from worker_agent.trash import TrashBin

ID, OTHER = "0" * 32, "1" * 32


@pytest.fixture
def sandbox(workspace: Path) -> Iterator[Sandbox]:
    (workspace / "data").write_text("data")
    sandbox = Sandbox(str(workspace))
    yield sandbox
    sandbox.close()


def copy(sandbox: Sandbox, made_id: str = ID, target: str = "copy") -> FileEntry:
    wanted = FilesCopy(source="data", target=target, made_id=made_id)
    return copying.copy(sandbox, wanted, until=time.monotonic() + 60)


def asked(sandbox: Sandbox, made_id: str = ID) -> str:
    try:
        return made.made(sandbox, FilesMade(made_id=made_id)).path
    except PackError as refused:
        return refused.fault.code


def test_a_copy_and_a_restored_entry_are_found_by_the_id_of_what_made_them(sandbox: Sandbox) -> None:
    assert asked(sandbox) == "not_found"
    copy(sandbox)
    assert asked(sandbox) == "copy"
    trash = TrashBin(sandbox)
    trash.put(TrashPut(trash_id=ID, path="data", expires_s=60))
    trash.restore(TrashRestore(trash_id=ID, target="back", made_id=OTHER))
    assert asked(sandbox, OTHER) == "back"


def test_what_came_to_the_same_path_is_not_taken_for_it(sandbox: Sandbox, workspace: Path) -> None:
    copy(sandbox)
    (workspace / "copy").rename(workspace / "elsewhere")
    assert asked(sandbox) == "made_elsewhere"
    (workspace / "copy").write_text("of somebody else")
    assert asked(sandbox) == "made_elsewhere"


def test_what_could_not_be_put_in_place_was_not_made(sandbox: Sandbox, workspace: Path) -> None:
    (workspace / "copy").write_text("of somebody else")
    with pytest.raises(PackError) as refused:
        copy(sandbox)
    assert (refused.value.fault.code, asked(sandbox)) == ("conflict", "not_found")


def test_the_latest_notes_are_kept(sandbox: Sandbox, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "MAX_KEPT", 2)
    for number in range(4):
        copy(sandbox, f"{number:032x}", f"copy {number}")
        os.utime(workspace / f".ink/made/{number:032x}", (1e9 + number, 1e9 + number))
    assert [asked(sandbox, f"{number:032x}") for number in range(4)] == ["not_found", "not_found", "copy 2", "copy 3"]
