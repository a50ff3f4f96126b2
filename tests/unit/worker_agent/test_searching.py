"""Searches in source trees: what git ignores is left out, lines around matches, globs, and ranges of lines to read."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.unit.worker_agent.manager import WorkerLink
from worker_agent.protocol import PackError

pytestmark = pytest.mark.requirement("WORKER-FILES-02")

TREE = (
    "keep.py", "build/out.py", "src/build/out.py", "src/gen/a.py", "src/gen/keep.py", "logs/x.log", "logs/deep/y.log",
    "top-only.py", "src/top-only.py", "docs/a/b/c.md", "docs/c.md", "a#b.py", "x1.py", "x2.py", "!bang.py",
    ".hidden.py",
)  # fmt: skip
IGNORE = {
    "": "# comment\nbuild/\n/top-only.py\n*.log\n!y.log\ndocs/**/c.md\nx[!2].py\n\\!bang.py\n\n",
    "src": "gen/*\n!gen/keep.py\n",
}


@pytest.fixture
def tree(workspace: Path) -> Path:
    for name in TREE:
        (workspace / name).parent.mkdir(parents=True, exist_ok=True)
        (workspace / name).write_text("needle\n")
    for folder, rules in IGNORE.items():
        (workspace / folder / ".gitignore").write_text(rules)
    return workspace


async def found(link: WorkerLink, **question: Any) -> list[str]:
    return [match.path for match in (await link.call("files.search", pattern="needle", **question)).matches]


async def test_what_git_ignores_is_not_searched_unless_everything_is_asked_for(link: WorkerLink, tree: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    plain = ("-c", "core.excludesFile=/dev/null")
    listed = ["git", "-C", str(tree), *plain, "ls-files", "--others", "--exclude-standard"]
    names = subprocess.run(listed, check=True, capture_output=True, text=True).stdout.split()
    visible = {name for name in names if not Path(name).name.startswith(".")}
    assert set(await found(link)) == visible
    assert set(await found(link, everything=True)) >= set(TREE)


async def test_the_trash_of_the_agent_is_never_searched(link: WorkerLink, workspace: Path) -> None:
    (workspace / "secret.txt").write_text("needle")
    await link.call("trash.put", trash_id="0" * 32, path="secret.txt", expires_s=60)
    assert await found(link, everything=True) == []


@pytest.mark.parametrize(
    ("glob", "names"),
    [
        ("*.md", {"docs/c.md", "docs/a/b/c.md"}),
        ("docs/*.md", {"docs/c.md"}),
        ("src/**/keep.py", {"src/gen/keep.py"}),
        ("[x]1.p?", {"x1.py"}),
        ("[z-a]", set[str]()),
    ],
)
async def test_a_glob_chooses_files(link: WorkerLink, tree: Path, glob: str, names: set[str]) -> None:
    assert set(await found(link, glob=glob, everything=True)) == names


async def test_without_a_pattern_the_files_themselves_are_found_whatever_they_hold(
    link: WorkerLink, workspace: Path
) -> None:
    (workspace / "empty.py").touch()
    (workspace / "binary.py").write_bytes(b"\0")
    (workspace / "other.txt").touch()
    found = (await link.call("files.search", pattern="", glob="*.py")).matches
    assert [(match.path, match.line) for match in found] == [("binary.py", 0), ("empty.py", 0)]


async def test_a_match_has_the_lines_around_it(link: WorkerLink, workspace: Path) -> None:
    (workspace / "a").write_text("1\n2 Hit\n3 hit\n4\n5\n6 hit")
    matches = (await link.call("files.search", pattern="hit", ignore_case=True, context=2)).matches
    assert [(one.line, one.before, one.text, one.after) for one in matches] == [
        (2, ("1",), "2 Hit", ("3 hit", "4")),
        (3, ("1", "2 Hit"), "3 hit", ("4", "5")),
        (6, ("4", "5"), "6 hit", ()),
    ]


@pytest.mark.parametrize(
    ("question", "text", "eof"),
    [
        ({"first_line": 2, "lines": 2}, "two\nthree\n", False),
        ({"first_line": 4}, "four", True),
        ({"first_line": 9}, "", True),
        ({"lines": 1}, "one\n", False),
        ({"first_line": 1, "lines": 99}, "one\ntwo\nthree\nfour", True),
    ],
)
async def test_lines_of_a_file_are_read_by_their_numbers(
    link: WorkerLink, workspace: Path, question: dict[str, int], text: str, eof: bool
) -> None:
    (workspace / "a").write_text("one\ntwo\nthree\nfour")
    content = await link.call("files.read", path="a", **question)
    assert (base64.b64decode(content.content).decode(), content.eof) == (text, eof)


async def test_a_line_that_is_too_far_away_is_said_to_be(link: WorkerLink, workspace: Path) -> None:
    with (workspace / "sparse").open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    with pytest.raises(PackError, match="too far from its beginning"):
        await link.call("files.read", path="sparse", first_line=2)


async def test_long_lines_around_a_match_are_found_whatever_they_hold(link: WorkerLink, workspace: Path) -> None:
    line = "😀" * 1_000
    (workspace / "a").write_text("\n".join([*[line] * 10, f"needle {line}", *[line] * 10]))
    (match,) = (await link.call("files.search", pattern="needle", context=10)).matches
    assert (match.line, len(match.before), len(match.after)) == (11, 10, 10)
