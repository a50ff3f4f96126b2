"""The import contracts hold for the tree, and each of them bites when it is broken."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]


def packages() -> set[str]:
    """The roots, and those that a contract is about, with all above them."""
    named = {module for contract in settings()["contracts"] for module in contract.get("source_modules", ())}
    parts = [module.split(".") for module in {*settings()["root_packages"], *named}]
    return {"/".join(names[: depth + 1]) for names in parts for depth in range(len(names))}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [LINT_IMPORTS, "--no-logo", "--no-cache"]
    return subprocess.run(
        command, cwd=folder, env={"PYTHONPATH": "."}, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def small_tree(tmp_path: Path) -> Path:
    """The project's contracts over empty packages."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in sorted(packages()):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    for module in ("worker_agent/files.py", "ink_core/api/v2.py"):
        (tmp_path / module).touch()
    return tmp_path


@pytest.mark.requirement("SETUP-LAYOUT-02")
def test_the_tree_keeps_its_contracts() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout


def test_empty_packages_keep_them_too(small_tree: Path) -> None:
    assert lint(small_tree).returncode == 0


@pytest.mark.requirement("SETUP-LAYOUT-02")
@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("audit/a.py", "manager", "Who may import whom"),
        ("audit/a.py", "knowledge_graph", "Who may import whom"),
        ("worker_agent/a.py", "ink_core", "Who may import whom"),
        ("manager/a.py", "worker_agent.files", "others see its protocol only"),
        ("worker_agent/a.py", "fastapi", "stays thin"),
        ("manager/api.py", "openai", "openai has one door"),
        ("manager/a.py", "mcp", "mcp has one door"),
        ("ink_core/a.py", "htcondor2", "htcondor2 and classad2 have one door"),
        ("manager/a.py", "networkx", "networkx has one door"),
        ("manager/a.py", "websockets", "websockets has two doors"),
        ("manager/a.py", "jsonrpcserver", "jsonrpcserver has one door"),
        ("ink_core/api/v3/a.py", "ink_core.api.v2", "nobody reaches into one of them"),
        ("audit/a.py", "fastapi", "Web frameworks stay out"),
    ],
)
def test_a_broken_contract_is_found(small_tree: Path, module: str, imported: str, contract: str) -> None:
    (small_tree / module).write_text(f"import {imported}\n")
    result = lint(small_tree)
    assert result.returncode == 1
    assert any(contract in line and "BROKEN" in line for line in result.stdout.splitlines()), result.stdout
