"""The official MCP conformance suite against this server, by its conformance profile (`bench/conformance`)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bench.conformance.__main__ import figures, run_all
from bench.conformance.suite import TASKS, Scenario, why_not_installed

pytestmark = [
    pytest.mark.integration,
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("mcp-conformance"),
    pytest.mark.skipif(why_not_installed() is not None, reason=why_not_installed() or ""),
]


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scenario, ...]:
    return tuple(asyncio.run(run_all(Path(tmp_path_factory.mktemp("conformance")))))


@pytest.mark.requirement("MCP-SERVER-07")
def test_every_required_scenario_passes(scenarios: tuple[Scenario, ...]) -> None:
    required = [one for one in scenarios if one.required]
    assert {one.revision for one in required} == {"2026-07-28", "2025-11-25"}
    assert [one for one in required if not one.passed] == []


@pytest.mark.requirement("MCP-SERVER-08")
def test_every_scenario_of_the_tasks_extension_passes(scenarios: tuple[Scenario, ...]) -> None:
    tasks = [one for one in scenarios if one.name.startswith(TASKS)]
    assert len(tasks) == 10
    assert [one for one in tasks if not one.passed] == []


def test_the_figures_count_what_was_run(scenarios: tuple[Scenario, ...]) -> None:
    counted = figures(scenarios)
    assert (counted["tasks_passed"], counted["tasks_total"], counted["suite_version"]) == (10, 10, "0.2.0-alpha.12")
