"""Archives as files of the workspace: made whole or not at all, unpacked into a new directory and never out of it."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.worker_agent.manager import WorkerLink
from worker_agent.protocol import PackError
from worker_agent.unarchiver import stays

pytestmark = pytest.mark.requirement("WORKER-FILES-02")


async def fault_of(link: WorkerLink, method: str, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(PackError) as caught:
        await link.call(method, **arguments)
    return caught.value.fault.code, caught.value.fault.message


def tar_of(path: Path, *members: tuple[str, bytes, bytes, str]) -> None:
    """Members as (name, type, content, link target)."""
    with tarfile.open(path, "w:gz") as archive:
        for name, kind, content, target in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname, info.mode = kind, len(content), target, 0o6755
            archive.addfile(info, io.BytesIO(content))


def leftovers(workspace: Path) -> list[str]:
    return [name for name in os.listdir(workspace) if name.startswith(".ink-")]


@pytest.mark.parametrize(("form", "ending"), [("zip", "zip"), ("tar", "tar"), ("tar.gz", "tgz")])
async def test_what_was_packed_comes_out_as_it_was(link: WorkerLink, workspace: Path, form: str, ending: str) -> None:
    (workspace / "src" / "deep").mkdir(parents=True)
    (workspace / "src" / "deep" / "run.sh").write_text("#!/bin/sh\n")
    (workspace / "src" / "deep" / "run.sh").chmod(0o750)
    (workspace / "src" / "束流.txt").write_text("x" * 100_000)
    (workspace / "src" / "link").symlink_to("deep/run.sh")
    made = await link.call("archive.pack", paths=["src"], target=f"a.{ending}", format=form, made_id="1" * 32)
    assert (made.path, made.size) == (f"a.{ending}", (workspace / f"a.{ending}").stat().st_size)
    assert (await link.call("files.made", made_id="1" * 32)).path == made.path
    out = await link.call("archive.unpack", path=made.path, target="out")
    assert (out.path, out.bytes, out.left_out) == ("out", 100_010, 0)
    assert (workspace / "out/src/deep/run.sh").read_text() == "#!/bin/sh\n"
    assert stat.S_IMODE((workspace / "out/src/deep/run.sh").stat().st_mode) == 0o750
    assert (workspace / "out/src/束流.txt").stat().st_size == 100_000
    assert os.readlink(workspace / "out/src/link") == "deep/run.sh"
    assert leftovers(workspace) == []


async def test_nothing_is_replaced_and_nothing_that_fails_leaves_a_trace(link: WorkerLink, workspace: Path) -> None:
    (workspace / "a").write_text("x")
    (workspace / "there").mkdir()
    packed = {"paths": ["a"], "format": "zip"}
    assert (await fault_of(link, "archive.pack", **packed, target="there"))[0] == "conflict"
    assert (await fault_of(link, "archive.pack", **packed, target="../a.zip"))[0] == "path_outside_workspace"
    assert (await fault_of(link, "archive.pack", **{**packed, "paths": ["gone"]}, target="a.zip"))[0] == "not_found"
    assert (await fault_of(link, "archive.unpack", path="a", target="there"))[0] == "conflict"
    assert (await fault_of(link, "archive.unpack", path="gone", target="out"))[0] == "not_found"
    assert await fault_of(link, "archive.unpack", path="a", target="out") == (
        "archive_failed",
        "a was not unpacked: a is no whole zip or tar archive, or cannot be read as one.",
    )
    assert sorted(os.listdir(workspace)) == ["a", "there"]


async def test_an_archive_that_would_get_out_is_not_unpacked(link: WorkerLink, workspace: Path, tmp_path: Path) -> None:
    victim = str(tmp_path / "victim")
    with zipfile.ZipFile(workspace / "slip.zip", "w") as archive:
        archive.writestr("fine", "x")
        archive.writestr("../victim", "x")
    tar_of(workspace / "absolute.tgz", (victim, tarfile.REGTYPE, b"x", ""))
    way = [("d", tarfile.SYMTYPE, b"", str(tmp_path)), ("d/victim", tarfile.REGTYPE, b"x", "")]
    tar_of(workspace / "link.tgz", *way)
    for name in ("slip.zip", "absolute.tgz"):
        code, said = await fault_of(link, "archive.unpack", path=name, target="out")
        assert (code, "would be put outside the directory" in said) == ("archive_failed", True)
    out = await link.call("archive.unpack", path="link.tgz", target="out")
    assert (out.left_out, (workspace / "out/d/victim").read_text()) == (1, "x")
    assert not (tmp_path / "victim").exists()
    assert leftovers(workspace) == []


async def test_links_out_devices_and_the_rights_of_other_users_stay_behind(link: WorkerLink, workspace: Path) -> None:
    tar_of(
        workspace / "a.tgz",
        ("tool", tarfile.REGTYPE, b"x", ""),
        ("hard", tarfile.LNKTYPE, b"", "tool"),
        ("tool", tarfile.REGTYPE, b"newer", ""),
        ("up", tarfile.SYMTYPE, b"", "../up"),
        ("null", tarfile.CHRTYPE, b"", ""),
        ("pipe", tarfile.FIFOTYPE, b"", ""),
        ("in", tarfile.SYMTYPE, b"", "tool"),
    )
    out = await link.call("archive.unpack", path="a.tgz", target="out")
    assert (out.entries, out.left_out) == (7, 3)
    assert sorted(os.listdir(workspace / "out")) == ["hard", "in", "tool"]
    assert (workspace / "out/in").read_text() == "newer"
    assert stat.S_IMODE((workspace / "out/tool").stat().st_mode) == 0o755


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def garbled(data: bytes) -> bytes:
    return data[:60] + b"\xff" * 20 + data[80:]


@pytest.mark.parametrize("broken", [cut, garbled])
@pytest.mark.parametrize("form", ["zip", "tar.gz"])
async def test_a_broken_archive_is_unpacked_not_at_all(
    link: WorkerLink, workspace: Path, form: str, broken: Callable[[bytes], bytes]
) -> None:
    (workspace / "data").write_bytes(os.urandom(50_000))
    await link.call("archive.pack", paths=["data"], target="a", format=form)
    (workspace / "b").write_bytes(broken((workspace / "a").read_bytes()))
    assert (await fault_of(link, "archive.unpack", path="b", target="out"))[0] == "archive_failed"
    assert sorted(name for name in os.listdir(workspace) if name != ".ink") == ["a", "b", "data"]


@pytest.mark.parametrize(
    ("place", "target", "kept"),
    [
        ("a/b", "c", True),
        ("a/b", "../c", True),
        ("a/b", "../../c", False),
        ("a/b", "/etc", False),
        ("a/b", "c/../../..", False),
        ("a/b/c", "../..", True),
    ],
)
def test_a_link_stays_below_the_top(place: str, target: str, kept: bool) -> None:
    assert stays(place.split("/"), target) is kept


async def test_a_name_that_is_no_text_is_told_as_other_names_are(link: WorkerLink, workspace: Path) -> None:
    tar_of(workspace / "a.tgz", ("../\udcff", tarfile.REGTYPE, b"x", ""))
    said = "a.tgz was not unpacked: ../\uefff in it would be put outside the directory."
    assert await fault_of(link, "archive.unpack", path="a.tgz", target="out") == ("archive_failed", said)
