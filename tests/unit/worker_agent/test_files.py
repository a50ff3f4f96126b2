"""Files of the workspace, as the manager sees them over the wire."""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from pathlib import Path

import pytest

from tests.unit.worker_agent.manager import WorkerLink
from worker_agent.protocol import MAX_WRITE_BYTES, PackError


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def code_of(link: WorkerLink, method: str, **arguments: object) -> str:
    with pytest.raises(PackError) as failed:
        await link.call(method, **arguments)
    assert failed.value.fault.message
    return failed.value.fault.code


# -- looking --------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("CORE-FILES-01")
async def test_a_directory_is_listed_sorted_and_page_by_page(link: WorkerLink, workspace: Path) -> None:
    for name in ("c", "a", "b", ".hidden"):
        (workspace / name).write_text(name)
    (workspace / "d").mkdir()
    (workspace / "link").symlink_to("a")
    listed = await link.call("files.list", path=".")
    assert [(entry.name, entry.kind.value) for entry in listed.entries] == [
        ("a", "file"),
        ("b", "file"),
        ("c", "file"),
        ("d", "directory"),
        ("link", "link"),
    ]
    page = await link.call("files.list", path=str(workspace), hidden=True, offset=1, limit=2)
    assert ([entry.path for entry in page.entries], page.total) == (["a", "b"], 6)


HOSTILE = [
    "new\nline",
    "quo'te\"s",
    "<img src=x onerror=alert(1)>",
    "$(reboot); rm -rf ~",
    "-rf",
    " ",
    "日本 中文",
    "a" * 255,
]


@pytest.mark.requirement("CORE-FILES-04")
async def test_hostile_names_come_through_unharmed(link: WorkerLink, workspace: Path) -> None:
    for name in HOSTILE:
        await link.call("files.write", path=name, content=base64.b64encode(name.encode()).decode())
    assert sorted(path.name for path in workspace.iterdir()) == sorted(HOSTILE)
    assert {entry.name for entry in (await link.call("files.list", hidden=True)).entries} == set(HOSTILE)
    for name in HOSTILE:
        assert base64.b64decode((await link.call("files.read", path=name)).content).decode() == name


NO_UTF8 = [b"caf\xe9", b"\xff\xfe.root", b"half \xe6\x9d", "\ue000\uef80 private".encode(), b"\xed\xb3\xa9 surrogate"]


@pytest.mark.requirement("CORE-FILES-04")
@pytest.mark.parametrize("name", NO_UTF8)
async def test_a_name_that_is_no_utf8_is_listed_opened_saved_renamed_and_removed(
    link: WorkerLink, workspace: Path, name: bytes
) -> None:
    folder = os.fsencode(workspace) + b"/dir " + name
    os.mkdir(folder)
    with open(folder + b"/" + name, "wb") as file:
        file.write(name)
    (directory,) = (await link.call("files.list")).entries
    (entry,) = (await link.call("files.list", path=directory.path)).entries
    assert entry.path == f"{directory.path}/{entry.name}"
    read = await link.call("files.read", path=entry.path)
    assert (base64.b64decode(read.content), read.path) == (name, entry.path)
    saved = await link.call("files.write", path=entry.path, content=encoded(b"saved"), expected_sha256=read.sha256)
    assert (saved.path, os.listdir(folder)) == (entry.path, [name])
    (match,) = (await link.call("files.search", pattern="saved")).matches
    assert match.path == entry.path
    moved = await link.call("files.rename", source=entry.path, target=f"{entry.path}.old")
    assert os.listdir(folder) == [name + b".old"]
    assert await code_of(link, "files.stat", path=entry.path) == "not_found"
    assert (await link.call("files.remove", path=moved.path)).path == moved.path
    await link.call("files.remove", path=directory.path, recursive=True)
    assert os.listdir(workspace) == []


@pytest.mark.requirement("CORE-FILES-04")
async def test_a_link_to_a_name_that_is_no_utf8_is_followed(link: WorkerLink, workspace: Path) -> None:
    target = os.fsencode(workspace) + b"/caf\xe9 \xee\xbe\x80"
    os.symlink(target, workspace / "absolute")
    os.symlink(os.path.basename(target), workspace / "relative")
    await link.call("files.write", path="absolute", content=encoded(b"1"))
    await link.call("files.write", path="relative", content=encoded(b"2"), overwrite=True)
    assert Path(os.fsdecode(target)).read_bytes() == b"2"


@pytest.mark.requirement("CORE-FILES-03")
@pytest.mark.parametrize("trouble", ["a file", "nothing"])
async def test_what_cannot_be_listed_is_an_error_and_not_an_empty_list(
    link: WorkerLink, workspace: Path, trouble: str
) -> None:
    (workspace / "a file").write_text("x")
    expected = {"a file": "not_a_directory", "nothing": "not_found"}[trouble]
    assert await code_of(link, "files.list", path=trouble) == expected


@pytest.mark.requirement("CORE-FILES-03")
@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every directory")
async def test_a_directory_one_may_not_read_is_an_error(link: WorkerLink, workspace: Path) -> None:
    (workspace / "closed").mkdir(mode=0)
    assert await code_of(link, "files.list", path="closed") == "permission_denied"


async def test_stat_follows_a_link_inside_and_describes_one_that_leads_out(link: WorkerLink, workspace: Path) -> None:
    (workspace / "script.sh").write_text("#!/bin/sh\n")
    (workspace / "script.sh").chmod(0o750)
    (workspace / "inside").symlink_to("script.sh")
    (workspace / "outside").symlink_to("/etc/passwd")
    (workspace / "dangling").symlink_to("nowhere")
    inside = await link.call("files.stat", path="inside")
    assert (inside.name, inside.kind.value, inside.size, inside.mode) == ("inside", "file", 10, 0o750)
    for name in ("outside", "dangling"):
        assert (await link.call("files.stat", path=name)).kind.value == "link"


@pytest.mark.requirement("CORE-FILES-01")
async def test_a_file_is_read_in_ranges_and_whole_with_its_digest(link: WorkerLink, workspace: Path) -> None:
    (workspace / "data").write_bytes(b"0123456789")
    part = await link.call("files.read", path="data", offset=2, length=3)
    assert (base64.b64decode(part.content), part.eof, part.size, part.sha256) == (b"234", False, 10, None)
    whole = await link.call("files.read", path="data")
    assert (base64.b64decode(whole.content), whole.eof, whole.sha256) == (b"0123456789", True, digest(b"0123456789"))
    beyond = await link.call("files.read", path="data", offset=99)
    assert (beyond.content, beyond.eof) == ("", True)


async def test_what_cannot_be_read_is_said_by_its_kind(link: WorkerLink, workspace: Path) -> None:
    os.mkfifo(workspace / "pipe")
    (workspace / "file").write_text("x")
    (workspace / "loop").symlink_to("loop")
    assert await code_of(link, "files.read", path="missing") == "not_found"
    assert await code_of(link, "files.read", path=".") == "is_a_directory"
    assert await code_of(link, "files.read", path="pipe") == "not_a_file"
    assert await code_of(link, "files.read", path="loop") == "too_many_links"
    assert await code_of(link, "files.list", path="file") == "not_a_directory"
    assert await code_of(link, "files.read", path="") == "bad_arguments"
    assert await code_of(link, "files.read", path="a\0b") == "bad_arguments"
    assert await code_of(link, "files.read", path="x" * 300) == "bad_arguments"


@pytest.mark.requirement("CORE-QUOTA-01")
async def test_disk_use_counts_the_tree_and_the_file_system(link: WorkerLink, workspace: Path) -> None:
    (workspace / "sub").mkdir()
    (workspace / "sub" / "big").write_bytes(b"x" * 100_000)
    use = await link.call("files.disk_use")
    assert use.entries == 2
    assert use.complete
    assert use.used_by_tree >= 100_000
    assert 0 < use.filesystem_free < use.filesystem_total


# -- writing --------------------------------------------------------------------------------------------------------


@pytest.mark.requirement("WORKER-FILES-01")
async def test_a_new_file_is_written_with_its_mode_and_nothing_else_is_left(link: WorkerLink, workspace: Path) -> None:
    written = await link.call("files.write", path="run.sh", content=encoded(b"#!/bin/sh\n"), mode=0o700)
    assert (written.size, written.sha256) == (10, digest(b"#!/bin/sh\n"))
    assert stat.S_IMODE((workspace / "run.sh").stat().st_mode) == 0o700
    assert os.listdir(workspace) == ["run.sh"]


async def test_an_existing_file_is_not_replaced_unasked(link: WorkerLink, workspace: Path) -> None:
    (workspace / "a").write_text("old")
    assert await code_of(link, "files.write", path="a", content=encoded(b"new")) == "conflict"
    assert (workspace / "a").read_text() == "old"
    await link.call("files.write", path="a", content=encoded(b"new"), overwrite=True)
    assert (workspace / "a").read_text() == "new"


@pytest.mark.requirement("WORKER-FILES-01")
async def test_a_version_that_the_writer_did_not_see_is_not_overwritten(link: WorkerLink, workspace: Path) -> None:
    (workspace / "a").write_text("seen")
    (workspace / "a").chmod(0o755)
    await link.call("files.write", path="a", content=encoded(b"mine"), expected_sha256=digest(b"seen"))
    assert (workspace / "a").read_text() == "mine"
    assert stat.S_IMODE((workspace / "a").stat().st_mode) == 0o755
    late = {"path": "a", "content": encoded(b"late"), "expected_sha256": digest(b"seen")}
    assert await code_of(link, "files.write", **late) == "conflict"
    assert await code_of(link, "files.write", **late, overwrite=True) == "conflict"
    (workspace / "a").unlink()
    assert await code_of(link, "files.write", **late) == "conflict"
    assert os.listdir(workspace) == []


async def test_a_link_inside_is_written_through_and_one_to_the_outside_is_not(
    link: WorkerLink, workspace: Path, tmp_path: Path
) -> None:
    (workspace / "sub").mkdir()
    (workspace / "sub" / "real").write_text("old")
    (workspace / "link").symlink_to("sub/real")
    (workspace / "out").symlink_to(tmp_path / "victim")
    await link.call("files.write", path="link", content=encoded(b"new"), overwrite=True)
    assert (workspace / "link").is_symlink()
    assert (workspace / "sub" / "real").read_text() == "new"
    assert await code_of(link, "files.write", path="out", content="", overwrite=True) == "path_outside_workspace"
    assert not (tmp_path / "victim").exists()


async def test_of_a_new_file_in_a_folder_that_is_not_there_the_folder_is_named(link: WorkerLink) -> None:
    with pytest.raises(PackError, match=r"The folder newdir does not exist"):
        await link.call("files.write", path="newdir/a.txt", content="")


async def test_what_cannot_be_written_is_refused(link: WorkerLink, workspace: Path) -> None:
    (workspace / "dir").mkdir()
    large = encoded(b"x" * (MAX_WRITE_BYTES + 1))
    assert await code_of(link, "files.write", path="dir", content="", overwrite=True) == "is_a_directory"
    assert await code_of(link, "files.write", path="no/such/dir", content="") == "not_found"
    assert await code_of(link, "files.write", path="a", content="?") == "bad_arguments"
    assert await code_of(link, "files.write", path="a", content=large) == "too_large"
    assert await code_of(link, "files.write", path=".", content="") == "bad_arguments"


# -- moving and removing --------------------------------------------------------------------------------------------


async def test_directories_are_made_with_their_parents_and_may_exist(link: WorkerLink, workspace: Path) -> None:
    for _ in range(2):
        assert (await link.call("files.mkdir", path="a/b/c")).path == "a/b/c"
    assert (workspace / "a/b/c").is_dir()
    (workspace / "file").write_text("x")
    assert await code_of(link, "files.mkdir", path="file/sub") == "not_a_directory"
    assert await code_of(link, "files.mkdir", path="file") == "not_a_directory"


async def test_remove_takes_a_tree_only_when_told_so(link: WorkerLink, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "precious").write_text("x")
    (workspace / "tree" / "deep").mkdir(parents=True)
    (workspace / "tree" / "out").symlink_to(tmp_path / "elsewhere")
    assert await code_of(link, "files.remove", path="tree") == "directory_not_empty"
    await link.call("files.remove", path="tree", recursive=True)
    assert os.listdir(workspace) == []
    assert (tmp_path / "elsewhere" / "precious").exists()
    assert await code_of(link, "files.remove", path="tree") == "not_found"
    assert await code_of(link, "files.remove", path=".", recursive=True) == "bad_arguments"


async def test_removing_a_link_leaves_what_it_points_to(link: WorkerLink, workspace: Path) -> None:
    (workspace / "real").write_text("x")
    (workspace / "link").symlink_to("real")
    await link.call("files.remove", path="link")
    assert os.listdir(workspace) == ["real"]


async def test_rename_does_not_replace(link: WorkerLink, workspace: Path) -> None:
    (workspace / "a").write_text("a")
    (workspace / "b").write_text("b")
    (workspace / "sub").mkdir()
    assert await code_of(link, "files.rename", source="a", target="b") == "conflict"
    assert (await link.call("files.rename", source="a", target="sub/c")).path == "sub/c"
    assert ((workspace / "sub/c").read_text(), (workspace / "b").read_text()) == ("a", "b")
    assert await code_of(link, "files.rename", source="gone", target="d") == "not_found"
    assert await code_of(link, "files.rename", source="sub", target="sub/sub") == "bad_arguments"


# -- searching ------------------------------------------------------------------------------------------------------


async def test_search_finds_lines_in_text_files_below_a_path(link: WorkerLink, workspace: Path) -> None:
    (workspace / "src").mkdir()
    (workspace / "src" / "a.py").write_text("import os\nx = 1  # a.b\n")
    (workspace / "src" / "b.py").write_text("axb\n")
    (workspace / "binary").write_bytes(b"\0a.b")
    (workspace / "out").symlink_to("/etc")
    literal = await link.call("files.search", pattern="a.b")
    assert [(match.path, match.line, match.text) for match in literal.matches] == [("src/a.py", 2, "x = 1  # a.b")]
    regex = await link.call("files.search", pattern="a.b", regex=True, path="src")
    assert [match.path for match in regex.matches] == ["src/a.py", "src/b.py"]
    one = await link.call("files.search", pattern="import", path="src/a.py")
    assert [match.path for match in one.matches] == ["src/a.py"]
    cut = await link.call("files.search", pattern="a.b", regex=True, limit=1)
    assert (len(cut.matches), cut.truncated, regex.truncated) == (1, True, False)


async def test_a_search_that_takes_for_ever_is_cut_and_the_agent_stays_responsive(
    link: WorkerLink, workspace: Path
) -> None:
    (workspace / "evil").write_text("a" * 64 + "!\n")
    cut = await link.call_as("files.search", None, deadline_s=5, pattern="(a+)+$", regex=True)
    assert cut == {"matches": [], "truncated": True}
    assert await code_of(link, "files.search", pattern="(", regex=True) == "bad_arguments"
    assert await code_of(link, "files.search", pattern="x", path="gone") == "not_found"
