"""Patches of files: all or nothing, with a report of every edit that does not fit."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.unit.worker_agent.manager import WorkerLink
from worker_agent.near_text import nearest
from worker_agent.protocol import MAX_WRITE_BYTES, PackError, PatchProblem

pytestmark = pytest.mark.requirement("WORKER-FILES-02")


def edit(path: str, old: str, new: str) -> dict[str, str]:
    return {"path": path, "old": old, "new": new}


async def code_of(link: WorkerLink, *edits: dict[str, str]) -> str:
    with pytest.raises(PackError) as caught:
        await link.call("files.patch", edits=edits)
    return caught.value.fault.code


def contents(workspace: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(workspace)): path for path in workspace.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".ink/")}


async def test_several_places_in_several_files_are_changed_at_once(link: WorkerLink, workspace: Path) -> None:
    (workspace / "a.py").write_text("import os\n\nx = 1\ny = 2\n")
    (workspace / "a.py").chmod(0o750)
    (workspace / "b.py").write_text("from a import x\n")
    edits = [edit("a.py", "x = 1", "z = 1"), edit("b.py", "import x", "import z"), edit("a.py", "y = 2\n", "")]
    patched = await link.call("files.patch", edits=[*edits, edit("new.txt", "", "made\n")])
    assert (patched.applied, patched.conflicts) == (True, ())
    assert [(file.path, file.lines) for file in patched.files] == [("a.py", (3, 4)), ("b.py", (1,)), ("new.txt", (1,))]
    expected = {"a.py": b"import os\n\nz = 1\n", "b.py": b"from a import z\n", "new.txt": b"made\n"}
    assert contents(workspace) == expected
    assert stat.S_IMODE((workspace / "a.py").stat().st_mode) == 0o750


async def test_with_one_edit_that_does_not_fit_nothing_is_changed_and_each_is_named(
    link: WorkerLink, workspace: Path
) -> None:
    (workspace / "a").write_text("one\ntwo\n\tthree  four\none\n")
    before = contents(workspace)
    edits = [edit("a", "two", "2"), edit("a", "one", "1"), edit("a", "three four", "34"), edit("a", "five", "5")]
    refused = await link.call("files.patch", edits=[*edits, edit("gone", "x", "y"), edit("a", "", "new")])
    assert (refused.applied, refused.files, contents(workspace)) == (False, (), before)
    assert [(one.edit, one.path, one.problem, one.lines, one.near) for one in refused.conflicts] == [
        (1, "a", PatchProblem.TEXT_REPEATED, (1, 4), ""),
        (2, "a", PatchProblem.TEXT_MISSING, (3,), "\tthree  four"),
        (3, "a", PatchProblem.TEXT_MISSING, (), ""),
        (4, "gone", PatchProblem.FILE_MISSING, (), ""),
        (5, "a", PatchProblem.FILE_EXISTS, (), ""),
    ]


async def test_a_dry_run_tells_the_same_and_changes_nothing(link: WorkerLink, workspace: Path) -> None:
    (workspace / "a").write_text("one\n")
    dry = await link.call("files.patch", edits=[edit("a", "one", "1"), edit("b", "", "2")], dry_run=True)
    assert (dry.applied, contents(workspace)) == (False, {"a": b"one\n"})
    real = await link.call("files.patch", edits=[edit("a", "one", "1"), edit("b", "", "2")])
    assert (real.files, contents(workspace)) == (dry.files, {"a": b"1\n", "b": b"2"})


async def test_two_ways_to_one_file_are_one_file(link: WorkerLink, workspace: Path) -> None:
    (workspace / "sub").mkdir()
    (workspace / "sub" / "real").write_text("one two")
    (workspace / "link").symlink_to("sub/real")
    patched = await link.call(
        "files.patch", edits=[edit("link", "one", "1"), edit("sub/real", "two", "2"), edit("./sub/../link", "1", "I")]
    )
    assert (len(patched.files), (workspace / "sub" / "real").read_text()) == (1, "I 2")
    assert (workspace / "link").is_symlink()


async def test_line_ends_of_a_file_are_kept_and_other_bytes_are_left_as_they_are(
    link: WorkerLink, workspace: Path
) -> None:
    (workspace / "dos").write_bytes(b"one\r\ntwo\r\n\xff\r\n")
    await link.call("files.patch", edits=[edit("dos", "one\ntwo\n", "1\n2\n3\n")])
    assert (workspace / "dos").read_bytes() == b"1\r\n2\r\n3\r\n\xff\r\n"


async def test_what_fails_while_files_are_put_in_place_is_undone(
    link: WorkerLink, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        (workspace / name).write_text("old")
    real = os.rename

    def rename(source: str, target: str, **directories: Any) -> None:
        if target == "b":
            raise OSError(28, "no space")
        real(source, target, **directories)

    monkeypatch.setattr(os, "rename", rename)
    edits = [edit("new", "", "new"), edit("a", "old", "1"), edit("b", "old", "2")]
    assert await code_of(link, *edits) == "no_space"
    assert contents(workspace) == {"a": b"old", "b": b"old"}
    assert {path.name for path in workspace.iterdir()} - {".ink"} == {"a", "b"}


async def test_a_patch_leaves_the_workspace_as_little_as_a_write_and_not_the_agents_own_records(
    link: WorkerLink, workspace: Path, tmp_path: Path
) -> None:
    (tmp_path / "victim").write_text("old")
    (workspace / "out").symlink_to(tmp_path / "victim")
    (workspace / "dir").mkdir()
    assert await code_of(link, edit("out", "old", "new")) == "path_outside_workspace"
    assert await code_of(link, edit("../victim", "old", "new")) == "path_outside_workspace"
    assert await code_of(link, edit(".ink/trash/x", "", "new")) in {"permission_denied", "not_found"}
    assert await code_of(link, edit("dir", "x", "y")) == "is_a_directory"
    assert await code_of(link, edit("no/such/file", "", "y")) == "not_found"
    assert (tmp_path / "victim").read_text() == "old"


async def test_what_is_too_large_is_refused(link: WorkerLink, workspace: Path) -> None:
    (workspace / "huge").write_bytes(b"x" * (MAX_WRITE_BYTES + 1))
    assert await code_of(link, edit("huge", "x", "y")) == "too_large"
    many = [edit(f"f{number}", "", "x") for number in range(51)]
    assert await code_of(link, *many) == "too_large"
    assert contents(workspace).keys() == {"huge"}


@pytest.mark.parametrize(
    ("content", "text", "lines", "near"),
    [
        (b"def f():\n    return 1\n", b"def f():\n\treturn 1", (1,), "def f():\n    return 1"),
        (b"a\nlong line here\nb\n", b"x\nlong line here\ny", (2,), "long line here\nb"),
        (b"a\nb\n", b"   \n", (), ""),
        (b"", b"a", (), ""),
    ],
)
def test_what_looks_like_the_text_is_found(content: bytes, text: bytes, lines: tuple[int, ...], near: str) -> None:
    assert nearest(content, text) == (lines, near)
