"""No path that a caller can name leads out of the workspace: not by `..`, not by a link, not by one that is swapped in.

Both ways of resolving are tested alike: the kernel's openat2, and the walk for places where that is missing.
"""

from __future__ import annotations

import base64
import errno
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from worker_agent import files, writing
from worker_agent.confinement import Walk, openat2, openat2_works
from worker_agent.protocol import (
    FilesList,
    FilesMakeDirectory,
    FilesRead,
    FilesRemove,
    FilesRename,
    FilesStat,
    FilesWrite,
    PackError,
)
from worker_agent.sandbox import Sandbox

SECRET = "the secret outside"
pytestmark = pytest.mark.requirement("CORE-FILES-02")


@pytest.fixture(params=[True, False], ids=["openat2", "walk"])
def sandbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sandbox]:
    """A workspace with a way out of every kind, beside a directory with a secret."""
    outside, inside = tmp_path / "outside", tmp_path / "workspace"
    outside.mkdir()
    (outside / "secret").write_text(SECRET)
    (inside / "sub").mkdir(parents=True)
    (inside / "sub" / "file").write_text("inside")
    (inside / "absolute-out").symlink_to(outside)
    (inside / "relative-out").symlink_to("../outside")
    (inside / "chain").symlink_to("relative-out")
    (inside / "sub" / "up").symlink_to("../..")
    (inside / "magic").symlink_to("/proc/self/root")
    (inside / "good").symlink_to("sub/file")
    (inside / "absolute-good").symlink_to(inside / "sub")
    (inside / "round").symlink_to("sub/../sub")
    sandbox = Sandbox(str(inside), use_openat2=request.param)
    yield sandbox
    sandbox.close()


OUTSIDE = [
    "..",
    "../outside/secret",
    "/etc/passwd",
    "/",
    "sub/../../outside/secret",
    "absolute-out/secret",
    "relative-out/secret",
    "chain/secret",
    "chain",
    "sub/up/outside/secret",
    "magic/etc/passwd",
    "{parent}/workspace-not/secret",
    "{parent}/workspace/../outside/secret",
]


def attempt(work: Callable[[], BaseModel]) -> str:
    """The fault code, or `done`."""
    try:
        work()
    except PackError as refused:
        return refused.fault.code
    except OSError as refused:
        return {errno.EXDEV: "path_outside_workspace"}.get(refused.errno or 0, "failed")
    return "done"


@pytest.mark.parametrize("path", OUTSIDE)
def test_every_operation_refuses_a_way_out(sandbox: Sandbox, path: str) -> None:
    path = path.format(parent=os.path.dirname(sandbox.path))
    new = f"{path}/new"
    content = base64.b64encode(b"owned").decode()
    codes = {
        attempt(lambda: files.read_range(sandbox, FilesRead(path=path))),
        attempt(lambda: files.list_directory(sandbox, FilesList(path=path))),
        attempt(lambda: writing.write_file(sandbox, FilesWrite(path=new, content=content, overwrite=True))),
        attempt(lambda: files.make_directory(sandbox, FilesMakeDirectory(path=new))),
        attempt(lambda: files.remove(sandbox, FilesRemove(path=new, recursive=True))),
        attempt(lambda: files.rename(sandbox, FilesRename(source="sub", target=new))),
        attempt(lambda: files.rename(sandbox, FilesRename(source=new, target="stolen"))),
    }
    assert codes == {"path_outside_workspace"}
    assert os.listdir(os.path.join(sandbox.path, "../outside")) == ["secret"]


@pytest.mark.parametrize("path", ["absolute-out", "relative-out", "chain", "magic"])
def test_a_link_that_leads_out_is_seen_as_a_link_and_nothing_behind_it(sandbox: Sandbox, path: str) -> None:
    assert files.stat_path(sandbox, FilesStat(path=path)).kind.value == "link"


@pytest.mark.parametrize("path", ["good", "absolute-good/file", "round/file", "sub/../good", "{root}/sub/file"])
def test_links_and_dots_that_stay_inside_are_followed(sandbox: Sandbox, path: str) -> None:
    read = files.read_range(sandbox, FilesRead(path=path.format(root=sandbox.path)))
    assert base64.b64decode(read.content) == b"inside"


def test_a_workspace_that_is_reached_by_a_link_may_be_named_by_either_path(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_text("x")
    (tmp_path / "home").symlink_to("real")
    sandbox = Sandbox(str(tmp_path / "home"))
    assert sandbox.relative(str(tmp_path / "home" / "file")) == sandbox.relative(str(tmp_path / "real" / "file"))
    sandbox.close()


# -- any path, any tree ---------------------------------------------------------------------------------------------

names = st.sampled_from(["a", "b", "c", "..", ".", ""])
paths = st.lists(names, min_size=1, max_size=7).map("/".join)
targets = st.one_of(paths, paths.map(lambda path: f"{{root}}/{path}"), paths.map(lambda path: f"/{path}"))
trees = st.dictionaries(
    st.lists(st.sampled_from("abc"), min_size=1, max_size=3).map("/".join), targets | st.none(), max_size=8
)


@contextmanager
def built(tree: dict[str, str | None]) -> Iterator[Path]:
    """A directory with the links of `tree`, and directories where it has None; what does not fit is left out."""
    with TemporaryDirectory() as top:
        root = Path(top) / "x" / "root"
        root.mkdir(parents=True)
        for path, target in sorted(tree.items(), key=lambda item: item[0].count("/")):
            with suppress(OSError):
                if target is None:
                    (root / path).mkdir(parents=True)
                else:
                    (root / path).symlink_to(target.format(root=root) or ".")
        yield root


@given(trees, paths)
@settings(max_examples=80, deadline=None)
def test_whatever_opens_lies_inside_and_both_ways_agree(tree: dict[str, str | None], path: str) -> None:
    path = path.lstrip("/") or "."
    with built(tree) as root:
        descriptor = os.open(root, os.O_PATH | os.O_DIRECTORY)
        try:
            walked = _opened(lambda: Walk(descriptor, lambda _: None).open(path, os.O_PATH))
            if openat2_works(descriptor):
                assert walked == _opened(lambda: openat2(descriptor, path, os.O_PATH))
            if isinstance(walked, str):
                assert Path(walked) == root or root in Path(walked).parents
        finally:
            os.close(descriptor)


@given(trees, st.one_of(paths, paths.map(lambda path: f"/{path}")))
@settings(max_examples=80, deadline=None)
def test_a_sandbox_gives_only_descriptors_inside(tree: dict[str, str | None], path: str) -> None:
    with built(tree) as root:
        sandbox = Sandbox(str(root))
        try:
            with sandbox.open(sandbox.relative(path), os.O_PATH) as descriptor:
                found = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
            assert found == root or root in found.parents
        except (PackError, OSError):
            pass  # refused is safe
        finally:
            sandbox.close()


def _opened(opening: Callable[[], int]) -> str | int:
    """Where the descriptor leads, or the error number."""
    try:
        descriptor = opening()
    except OSError as error:
        return error.errno or 0
    try:
        return os.readlink(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)


# -- races ----------------------------------------------------------------------------------------------------------

ROUNDS, LONGEST_S = 300, 5.0

# In a process of its own, so that it truly runs at the same time; 2 is RENAME_EXCHANGE.
SWAP = """
import ctypes, os, sys
os.chdir(sys.argv[1])
libc = ctypes.CDLL(None)
while True:
    libc.renameat2(-100, b"spot", -100, b"other", 2)
"""


@contextmanager
def swapping(workspace: str) -> Iterator[None]:
    """While the block runs, `spot` is by turns a directory of the workspace and a link to the outside."""
    real = Path(workspace, "spot")
    real.mkdir()
    (real / "secret").write_text("harmless")
    Path(workspace, "other").symlink_to("../outside")
    with subprocess.Popen([sys.executable, "-c", SWAP, workspace]) as process:
        try:
            yield
        finally:
            process.kill()


def race(sandbox: Sandbox, work: Callable[[], BaseModel]) -> None:
    """Repeat `work` until it met the link at least once, and some hundred times; then nothing outside has changed."""
    outcomes: Counter[str] = Counter()
    started = time.monotonic()
    with swapping(sandbox.path):
        while outcomes.total() < ROUNDS or not outcomes["path_outside_workspace"]:
            outcomes[attempt(work)] += 1
            assert time.monotonic() < started + LONGEST_S, f"the race was never run: {outcomes}"
    outside = Path(sandbox.path, "../outside")
    assert (outside / "secret").read_text() == SECRET
    assert os.listdir(outside) == ["secret"]
    assert set(outcomes) <= {"done", "failed", "path_outside_workspace"}


def test_a_read_never_shows_what_a_swapped_link_points_to(sandbox: Sandbox) -> None:
    seen: set[bytes] = set()

    def read() -> BaseModel:
        answer = files.read_range(sandbox, FilesRead(path="spot/secret"))
        seen.add(base64.b64decode(answer.content))
        return answer

    race(sandbox, read)
    assert seen <= {b"harmless"}


def test_a_write_never_lands_behind_a_swapped_link(sandbox: Sandbox) -> None:
    write = FilesWrite(path="spot/secret", content=base64.b64encode(b"owned").decode(), overwrite=True)
    race(sandbox, lambda: writing.write_file(sandbox, write))


def test_a_recursive_remove_never_follows_a_swapped_link(sandbox: Sandbox) -> None:
    race(sandbox, lambda: files.remove(sandbox, FilesRemove(path="spot/secret", recursive=True)))


def test_a_directory_is_never_made_behind_a_swapped_link(sandbox: Sandbox) -> None:
    race(sandbox, lambda: files.make_directory(sandbox, FilesMakeDirectory(path="spot/new/deep")))
