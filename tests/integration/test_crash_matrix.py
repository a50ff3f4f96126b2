"""The manager is killed at boundaries of every kind; `make bench NAME=crash` plays all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.postgresql import Postgresql

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.integration, pytest.mark.timeout(1260)]


def matrix(database: str, *options: str) -> dict[str, Any]:
    """The figures of one run, whose faults are the message when there are any."""
    argv = [sys.executable, "-m", "bench.crash", "--databases", database, *options]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures[database]


def assert_nothing_lost(figures: dict[str, Any]) -> None:
    assert figures["points"] > 0
    assert [figures[name] for name in ("lost", "repeated", "revived")] == [0, 0, 0]
    assert figures["hash_equal"] == figures["points"]


@pytest.mark.requirement("AUDIT-LEDGER-03")
@pytest.mark.requirement("AGENT-LOOP-05")
@pytest.mark.requirement("GATE-APPROVAL-07")
@pytest.mark.requirement("GATE-WAY-04")
def test_a_crash_at_a_boundary_of_each_kind_changes_nothing_of_the_end() -> None:
    assert_nothing_lost(matrix("sqlite", "--representative"))


@pytest.mark.requirement("AUDIT-LEDGER-06")
def test_nor_does_it_with_the_ledger_on_postgresql(postgresql: Postgresql) -> None:
    assert_nothing_lost(matrix("postgresql", "--representative", "--flows", "approv"))
