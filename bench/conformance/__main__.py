"""`make bench NAME=conformance`: which scenarios of the official MCP conformance suite this server passes.

`required_*`: what revision 2026-07-28 requires of a server and what 2025-11-25 does, each at its own wire.
`tasks_*`: the scenarios of the Tasks extension.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.conformance.profile import serving
from bench.conformance.suite import HERE, REVISIONS, TASKS, Scenario, run_revision, suite_version, why_not_installed
from bench.machine import machine


def main() -> None:
    if why_not_installed():
        subprocess.run(["npm", "ci", "--loglevel=error"], cwd=HERE, check=True, timeout=600, stdout=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="ink-bench-") as folder:
        scenarios = asyncio.run(run_all(Path(folder)))
    for scenario in scenarios:
        sys.stderr.write(f"{'passed' if scenario.passed else 'FAILED'} {scenario.revision} {scenario.name}\n")
    print(json.dumps(figures(scenarios)))


async def run_all(folder: Path) -> Sequence[Scenario]:
    async with serving() as url:
        found: list[Scenario] = []
        for revision in REVISIONS:
            found += await run_revision(url, revision, folder / revision)
        return found


def figures(scenarios: Sequence[Scenario]) -> dict[str, Any]:
    required = [one for one in scenarios if one.required]
    tasks = [one for one in scenarios if one.name.startswith(TASKS)]
    others = [one for one in scenarios if not one.required and one not in tasks]
    return {
        "bench": "conformance",
        "suite": "@modelcontextprotocol/conformance",
        "suite_version": suite_version(),
        "revisions": list(REVISIONS),
        **_counts("required", required),
        **_counts("tasks", tasks),
        **_counts("beside", others),
        "failed": [f"{one.revision} {one.name}" for one in scenarios if not one.passed],
        "target": {"required_passed": len(required), "tasks_passed": 10},
        "machine": machine(),
    }


def _counts(name: str, scenarios: Sequence[Scenario]) -> dict[str, int]:
    return {f"{name}_passed": sum(one.passed for one in scenarios), f"{name}_total": len(scenarios)}


if __name__ == "__main__":
    main()
