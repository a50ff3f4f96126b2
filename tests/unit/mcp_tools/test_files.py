"""File tools over the methods of a real agent."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path

import pytest

from ink_core.errors import AgentFault, AgentNotConnected, BadInput, NotFound
from tests.unit.mcp_tools.conftest import WORKER, Centre

pytestmark = pytest.mark.requirement("TOOLS-FILES-01")

HOSTILE = [b"two\nlines", b"quo'te\" $(id)", b"<img src=x onerror=alert(1)>", b"caf\xe9\xff", b"-rf"]


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def test_without_a_worker_files_are_those_of_the_home_and_with_one_of_its_workspace(centre: Centre) -> None:
    (centre.home / "at-home").write_text("x")
    (centre.workspace / "in-worker").write_text("x")
    in_worker = centre.of("alice", worker_id=WORKER)
    assert [entry["name"] for entry in (await centre.run("list_files"))["entries"]] == ["at-home"]
    assert [entry["name"] for entry in (await in_worker.run("list_files"))["entries"]] == ["in-worker"]
    with pytest.raises(AgentNotConnected):
        await centre.of("bob").run("list_files")


async def test_a_list_pages_and_hides_hidden_files(centre: Centre) -> None:
    for name in ("a", "b", ".c"):
        (centre.home / name).write_text(name)
    page = await centre.run("list_files", offset=1, limit=1)
    assert ([entry["name"] for entry in page["entries"]], page["total"]) == (["b"], 2)
    assert (await centre.run("list_files", hidden=True))["total"] == 3


async def test_text_is_read_as_text_and_anything_else_as_base64(centre: Centre) -> None:
    (centre.home / "text").write_text("束流\n")
    (centre.home / "binary").write_bytes(b"\xff\x00\x01")
    (centre.home / "nul").write_bytes(b"a\0b")
    text = await centre.run("read_file", path="~/text")
    assert (text["text"], text["base64"], text["eof"]) == ("束流\n", None, True)
    assert text["sha256"] == sha256("束流\n".encode())
    for name, data in (("binary", b"\xff\x00\x01"), ("nul", b"a\0b")):
        read = await centre.run("read_file", path=name)
        assert (read["text"], base64.b64decode(str(read["base64"]))) == (None, data)


async def test_text_in_pieces_is_never_cut_inside_a_character(centre: Centre) -> None:
    (centre.home / "text").write_text("束流" * 10)
    pieces, offset, eof = "", 0, False
    while not eof:
        read = await centre.run("read_file", path="text", offset=offset, length=7)
        pieces, eof = pieces + read["text"], read["eof"]
        offset += len(read["text"].encode())
    assert pieces == "束流" * 10


async def test_a_file_is_written_read_back_and_guarded_against_a_lost_update(centre: Centre) -> None:
    written = await centre.run("write_file", path="run.sh", text="#!/bin/sh\n")
    assert written["sha256"] == sha256(b"#!/bin/sh\n")
    with pytest.raises(AgentFault):
        await centre.run("write_file", path="run.sh", text="other")
    with pytest.raises(AgentFault):
        await centre.run("write_file", path="run.sh", text="other", expected_sha256=sha256(b"stale"))
    await centre.run("write_file", path="run.sh", text="second", expected_sha256=written["sha256"])
    await centre.run("write_file", path="run.sh", base64=base64.b64encode(b"\xff").decode(), overwrite=True)
    assert (centre.home / "run.sh").read_bytes() == b"\xff"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, "give either text or base64"),
        ({"text": "a", "base64": "YQ=="}, "give either text or base64"),
        ({"base64": "not base64!"}, "cannot be decoded"),
        ({"text": "\ud800"}, "path|text|cannot be decoded"),
        ({"text": "束" * 1_400_000}, "at most 4194304 bytes"),
    ],
)
async def test_content_that_cannot_be_written_is_refused_in_the_preview(
    centre: Centre, content: dict[str, str], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        await centre.preview("write_file", path="a", **content)


async def test_files_are_searched_renamed_and_removed(centre: Centre) -> None:
    await centre.run("make_directory", path="a/b")
    await centre.run("write_file", path="a/b/log.txt", text="one\nerror: disk\n")
    found = await centre.run("search_files", pattern="error")
    assert [(match["path"], match["line"]) for match in found["matches"]] == [("a/b/log.txt", 2)]
    assert (await centre.run("rename_file", source="a/b/log.txt", target="a/log.txt"))["path"] == "a/log.txt"
    await centre.run("remove_file", path="a", recursive=True)
    assert names(os.fsencode(centre.home)) == []


def names(directory: bytes) -> list[bytes]:
    """But the agent's own place, where it keeps what files held before."""
    return [name for name in os.listdir(directory) if name != b".ink"]


@pytest.mark.requirement("CORE-FILES-04")
@pytest.mark.parametrize(
    "name", [b"two\nlines", b"quo'te\" $(id)", b"<img src=x onerror=alert(1)>", b"caf\xe9\xff", b"-rf"]
)
async def test_what_a_listing_names_is_opened_saved_renamed_and_removed_by_that_name(
    centre: Centre, name: bytes
) -> None:
    home, file = os.fsencode(centre.home), centre.home / os.fsdecode(name)
    file.write_text("first")
    (entry,) = (await centre.run("list_files"))["entries"]
    read = await centre.run("read_file", path=entry["path"])
    assert (read["text"], read["path"]) == ("first", entry["path"])
    await centre.run("write_file", path=entry["path"], text="second", expected_sha256=read["sha256"])
    assert (names(home), file.read_text()) == ([name], "second")
    moved = await centre.run("rename_file", source=entry["path"], target=f"{entry['path']}~")
    assert names(home) == [name + b"~"]
    assert (await centre.preview("remove_file", path=moved["path"])).targets == (moved["path"],)
    await centre.run("remove_file", path=moved["path"])
    assert names(home) == []


@pytest.mark.requirement("TOOLS-DISK-01")
async def test_disk_use_is_told_in_bytes(centre: Centre) -> None:
    (centre.home / "data").write_bytes(b"x" * 100_000)
    use = await centre.run("disk_use")
    assert 100_000 <= use["used_bytes"] < 1_000_000 < use["filesystem_free_bytes"] <= use["filesystem_total_bytes"]
    assert use["complete"]


async def test_the_preview_of_a_removal_looks_before_it_asks(centre: Centre) -> None:
    (centre.home / "data").write_bytes(b"x" * 10)
    (centre.home / "folder").mkdir()
    assert (await centre.preview("remove_file", path="data")).summary == "Remove data (10 bytes)"
    tree = await centre.preview("remove_file", path="folder", recursive=True)
    assert tree.summary == "Remove the directory folder with everything below it"
    assert tree.owners == ("alice",)
    with pytest.raises(NotFound, match="does not exist"):
        await centre.preview("remove_file", path="absent")
    assert (centre.home / "data").exists() and (centre.home / "folder").exists()


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "a/../../outside"])
async def test_a_path_out_of_the_workspace_is_a_typed_fault(centre: Centre, path: str) -> None:
    with pytest.raises(AgentFault) as caught:
        await centre.run("read_file", path=path)
    assert caught.value.code == "path_outside_workspace"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("write_file", {"path": "f", "text": "x" * 1_500_000, "overwrite": True}),
        ("remove_file", {"path": "old"}),
        ("rename_file", {"source": "old", "target": "new"}),
    ],
)
async def test_a_change_whose_answer_was_lost_is_found_by_looking(
    centre: Centre, tool: str, arguments: dict[str, str]
) -> None:
    (centre.home / "old").write_text("old")
    assert await centre.reconcile(tool, "op-before-crash", **arguments) is None
    await centre.run(tool, "op-crashed-0001", **arguments)
    assert await centre.reconcile(tool, "op-after-crash", **arguments) is not None


async def test_a_change_that_somebody_else_undid_is_not_taken_for_done(centre: Centre, tmp_path: Path) -> None:
    await centre.run("write_file", path="f", text="mine")
    (centre.home / "f").write_text("else")
    assert await centre.reconcile("write_file", "op-after-crash", path="f", text="mine") is None


async def test_what_was_at_the_target_of_a_copy_before_is_not_taken_for_it(centre: Centre) -> None:
    """After a connection that broke: the copy was made by this operation, or by nobody."""
    (centre.home / "a").write_text("a")
    (centre.home / "b").write_text("of somebody else")
    paths = {"source": "a", "target": "b"}
    assert await centre.reconcile("copy_file", "op-copy-00001", **paths) is None
    (centre.home / "b").unlink()
    copied = await centre.run("copy_file", "op-copy-00001", **paths)
    assert await centre.reconcile("copy_file", "op-copy-00001", **paths) == copied
    (centre.home / "b").rename(centre.home / "c")
    with pytest.raises(AgentFault, match="was moved"):
        await centre.reconcile("copy_file", "op-copy-00001", **paths)


async def test_what_is_where_an_entry_was_restored_to_is_not_taken_for_it(centre: Centre) -> None:
    (centre.home / "a").write_text("a")
    trashed = await centre.run("trash_file", path="a")
    wanted = {"trash_id": trashed["trash_id"], "target": "b"}
    assert await centre.reconcile("restore_file", "op-back-00001", **wanted) is None
    await centre.run("empty_trash")
    (centre.home / "b").write_text("of somebody else")
    assert await centre.reconcile("restore_file", "op-back-00001", **wanted) is None
    (centre.home / "b").unlink()
    (centre.home / "a").write_text("a")
    wanted["trash_id"] = (await centre.run("trash_file", path="a"))["trash_id"]
    restored = await centre.run("restore_file", "op-back-00002", **wanted)
    assert await centre.reconcile("restore_file", "op-back-00002", **wanted) == restored


async def test_places_in_files_are_changed_all_or_none_and_what_does_not_fit_is_a_result(centre: Centre) -> None:
    for name in ("a.py", "b.py"):
        (centre.home / name).write_text("x = 1\ny = 2\n")
    edits = [{"old": "x = 1", "new": "x = 3"}, {"old": "y = 2", "new": "y = 3", "file": 1}]
    wanted = {"paths": ["~/a.py", "b.py"], "edits": edits}
    preview = await centre.preview("patch_files", **wanted)
    assert (preview.summary, preview.targets) == ("Change 2 places in 2 files", ("~/a.py", "b.py"))
    assert "-x = 1\n+x = 3\n" in str(await centre.diff("patch_files", **wanted))
    assert [seen.name for seen in (await centre.bind("patch_files", **wanted)).seen] == ["a.py", "b.py"]
    assert (await centre.run("patch_files", **wanted, dry_run=True))["applied"] is False
    patched = await centre.run("patch_files", **wanted)
    assert (patched["applied"], [file["path"] for file in patched["files"]]) == (True, ["a.py", "b.py"])
    assert (centre.home / "b.py").read_text() == "x = 1\ny = 3\n"
    again = await centre.run("patch_files", **wanted)
    assert [(one["edit"], one["problem"]) for one in again["conflicts"]] == [(0, "text_missing"), (1, "text_missing")]


async def test_what_became_of_a_patch_is_told_by_what_its_operation_noted(centre: Centre) -> None:
    (centre.home / "a").write_text("x")
    wanted = {"paths": ["a"], "edits": [{"old": "x", "new": "x y"}]}
    assert await centre.reconcile("patch_files", "op-1", **wanted) is None
    await centre.run("patch_files", "op-1", **wanted)
    centre.agents.forget_operations()
    found = await centre.reconcile("patch_files", "op-1", **wanted)
    assert found and found["applied"] and found["files"][0]["sha256"] == sha256(b"x y")
    (centre.home / "a").write_text("changed by another")
    (centre.home / "a").rename(centre.home / "b")
    with pytest.raises(AgentFault, match="moved"):
        await centre.reconcile("patch_files", "op-1", **wanted)


@pytest.mark.parametrize("files", [[0], [0, 2]])
async def test_each_path_of_a_patch_needs_an_edit_and_each_edit_a_path(centre: Centre, files: list[int]) -> None:
    edits = [{"old": "x", "new": "y", "file": number} for number in files]
    with pytest.raises(BadInput, match="each of paths needs an edit"):
        await centre.resolve("patch_files", paths=["a", "b"], edits=edits)


async def test_a_search_has_context_and_lines_are_read_by_number(centre: Centre) -> None:
    (centre.home / "a.py").write_text("one\ntwo\nthree\n")
    (match,) = (await centre.run("search_files", pattern="TWO", ignore_case=True, context=1, glob="*.py"))["matches"]
    assert (match["line"], match["before"], match["after"]) == (2, ["one"], ["three"])
    assert (await centre.run("read_file", path="a.py", first_line=2, lines=1))["text"] == "two\n"


async def test_files_are_packed_and_unpacked_and_what_became_of_it_can_be_asked(centre: Centre) -> None:
    (centre.home / "src").mkdir()
    (centre.home / "src" / "a").write_text("x")
    assert (await centre.preview("pack_files", paths=["src"], target="a.tgz")).targets == ("a.tgz",)
    packed = await centre.run("pack_files", "op-pack", paths=["src"], target="~/a.tgz")
    unpacked = await centre.run("unpack_archive", "op-unpack", path="a.tgz", target="out")
    assert ((centre.home / "out" / "src" / "a").read_text(), unpacked["entries"]) == ("x", 2)
    assert (await centre.reconcile("pack_files", "op-pack", paths=["src"], target="a.tgz")) == packed
    found = await centre.reconcile("unpack_archive", "op-unpack", path="a.tgz", target="out")
    assert found and (found["path"], found["entries"]) == ("out", None)
    assert await centre.reconcile("unpack_archive", "op-other", path="a.tgz", target="out") is None
    with pytest.raises(BadInput, match=r"target must end in \.zip"):
        await centre.resolve("pack_files", paths=["src"], target="a.rar")
