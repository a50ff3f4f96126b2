"""The development cluster in tests: commands inside its nodes, as its users. Import the fixture where it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[3] / "deploy/dev-cluster/cluster.py"
WORKER_IMAGE = "/shared/ink/worker.sif"
PYTHON = "/opt/ink/env/bin/python"


@dataclass(frozen=True)
class DevCluster:
    """A running cluster. `machines` maps short names to their address, full name and first process.

    `base` is its folder, where that is not the usual one.
    """

    machines: dict[str, dict[str, Any]]
    suite: str
    base: str | None = None

    def address(self, node: str) -> str:
        return str(self.machines[node]["address"])

    def command(self, node: str, argv: Sequence[str], user: str = "root", folder: str | None = None) -> list[str]:
        """The command line of the host that runs `argv` inside a node; for processes that go on beside the test."""
        where = ["-d", folder] if folder else []
        of_base = ["env", f"INK_CLUSTER_BASE={self.base}"] if self.base else []
        return [*of_base, sys.executable, str(SCRIPT), "exec", node, "-u", user, *where, "--", *argv]

    def try_exec(
        self, node: str, argv: Sequence[str], user: str = "root", stdin: str = "", timeout: float = 60
    ) -> subprocess.CompletedProcess[str]:
        """Run `argv` to its end inside a node, whatever its exit code."""
        argv = self.command(node, argv, user)
        return subprocess.run(argv, input=stdin, capture_output=True, text=True, timeout=timeout, check=False)

    def exec(self, node: str, argv: Sequence[str], user: str = "root", stdin: str = "", timeout: float = 60) -> str:
        """Output of a command that must succeed inside a node."""
        done = self.try_exec(node, argv, user, stdin, timeout)
        assert done.returncode == 0, f"{argv} on {node} as {user}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout


@pytest.fixture(scope="session")
def dev_cluster() -> DevCluster:
    """The cluster that is up, with the worker image and environment of this checkout; it is left up."""
    subprocess.run([sys.executable, SCRIPT, "up"], check=True, timeout=1500)
    status = subprocess.run([sys.executable, SCRIPT, "status", "--json"], check=True, timeout=60, capture_output=True)
    facts = json.loads(status.stdout)
    return DevCluster(facts["machines"], facts["suite"])
