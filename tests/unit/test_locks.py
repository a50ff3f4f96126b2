"""The locks: every package carries hashes, every declared dependency is locked, and the sets agree with each other."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "requirements").glob("*.lock"))}


def entries(lock: str) -> list[str]:
    """The requirement lines with their continuation lines joined."""
    return [line for line in LOCKS[lock].replace("\\\n", " ").splitlines() if line and not line.startswith("#")]


def pins(lock: str) -> set[tuple[str, str]]:
    found = [re.match(r"([a-z0-9-]+)==([^ ;]+)", entry) for entry in entries(lock)]
    return {(match[1], match[2]) for match in found if match}


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {re.split(r"[\[><=;~ ]", line)[0] for line in project["dependencies"]}


@pytest.mark.requirement("SETUP-LOCK-01")
@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_carries_a_hash(lock: str) -> None:
    assert [entry for entry in entries(lock) if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.requirement("SETUP-LOCK-02")
def test_every_declared_dependency_is_locked() -> None:
    assert declared() - {name for name, _ in pins("base")} == set()


@pytest.mark.requirement("SETUP-LOCK-02")
@pytest.mark.parametrize(("small", "large"), [("worker", "base"), ("base", "htcondor"), ("htcondor", "dev")])
def test_a_smaller_set_is_part_of_the_larger_one(small: str, large: str) -> None:
    assert pins(small) - pins(large) == set()


def test_the_slurm_bindings_are_in_no_lock() -> None:
    assert [lock for lock in LOCKS if "pyslurm" in LOCKS[lock]] == []
