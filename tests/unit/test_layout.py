"""The tree keeps its own rules: folders, sizes, docstrings, and nothing that binds it to one machine or registry."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "ink_core",
    "worker_agent",
    "mcp_tools",
    "skills",
    "knowledge_graph",
    "audit",
    "joblens",
    "manager",
    "bench",
)
FOLDERS = (*PACKAGES, "web", "deploy", "docs/adr", "docs/reference", "tests/unit", "requirements", "scripts")
FILES = ("LICENSE", "README.md", "CHANGELOG.md", "Makefile", "pyproject.toml", ".ci/run", "tests/requirements.py")
MAX_LINES = 400
GENERATED = ROOT / "clients/python/ink_client/rest"
CODE = {".py", ".ts", ".svelte", ".sh", ".c", ".h", ".css"}

# Written so that this file does not contain what it looks for.
REGISTRIES = ("pypi" + ".org", "python" + "hosted", "npmjs" + ".org", "deb" + ".debian.org", "snapshot" + ".debian")
MACHINE_PATHS = re.compile(r"/(work|root|home/[a-z]+)/(?:main|shared|\.pyenv|\.cache|team)\b|/tmp/" + "team")


@cache
def tracked() -> tuple[Path, ...]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    return tuple(path for name in listing.stdout.decode().split("\0") if name and (path := ROOT / name).is_file())


def text_of(path: Path) -> str:
    """The text of a file, or nothing for a binary one."""
    data = path.read_bytes()
    return "" if b"\0" in data[:8000] else data.decode("utf-8")


def names(paths: list[Path]) -> list[str]:
    return [path.relative_to(ROOT).as_posix() for path in paths]


@pytest.mark.requirement("SETUP-LAYOUT-01")
def test_the_required_folders_and_files_exist() -> None:
    assert [name for name in FOLDERS if not (ROOT / name).is_dir()] == []
    assert [name for name in FILES if not (ROOT / name).is_file()] == []


@pytest.mark.requirement("SETUP-LAYOUT-01")
def test_no_source_file_outgrows_its_neighbours() -> None:
    written = [path for path in tracked() if path.suffix in CODE and not path.is_relative_to(GENERATED)]
    long = [path for path in written if text_of(path).count("\n") > MAX_LINES]
    assert names(long) == []


@pytest.mark.requirement("SETUP-LAYOUT-01")
def test_every_module_says_its_job() -> None:
    modules = [path for path in tracked() if path.suffix == ".py"]
    assert names([path for path in modules if not ast.get_docstring(ast.parse(text_of(path)))]) == []


@pytest.mark.requirement("SETUP-LOCK-01")
@pytest.mark.parametrize("host", REGISTRIES)
def test_no_file_names_a_registry(host: str) -> None:
    assert names([path for path in tracked() if host in text_of(path)]) == []


@pytest.mark.requirement("SETUP-LOCK-01")
def test_no_file_holds_a_path_of_one_machine() -> None:
    assert names([path for path in tracked() if MACHINE_PATHS.search(text_of(path))]) == []
